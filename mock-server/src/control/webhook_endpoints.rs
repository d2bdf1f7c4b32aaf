//! `/_mock/webhook_endpoints/{id}`: what deliveries to an endpoint are to be like, and events that it is sent to try it.

use std::num::{NonZeroU32, NonZeroUsize};

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use super::call::Call;
use super::route::Route;
use crate::domain::duration::{NotNegative, not_negative};
use crate::domain::webhook_settings::DeliveryOrdering;
use crate::domain::webhook_steering::{BodyStyle, SignatureStyle, Steering, TimestampStyle};
use crate::environment::Environment;
use crate::service::deliveries::{steer, trial};
use crate::view::deliveries::DeliveryView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/webhook_endpoints/{id}/steering",
            "get_steering",
            "Shows how deliveries to a webhook endpoint are steered.",
            |call| Box::pin(async move { steering(&call) }),
        )
        .names("id", "The webhook endpoint, by its id.")
        .answers::<SteeringView>(200, "How they are steered."),
        Route::new(
            Method::PUT,
            "/_mock/webhook_endpoints/{id}/steering",
            "steer_deliveries",
            "Makes deliveries to a webhook endpoint what they are on a bad day.",
            |call| Box::pin(async move { put(&call) }),
        )
        .description(
            "What is left out is as usual, so an empty object ends it. Everything is decided by counting and by a seed: the \
             same events make the same deliveries. What is shuffled is neither delayed nor in strict order.",
        )
        .names("id", "The webhook endpoint, by its id.")
        .body::<NewSteering>()
        .example("as usual", "{}")
        .example("out of order, and every third one twice", r#"{"shuffle": 5, "duplicate_every": 3}"#)
        .example("signed by somebody else", r#"{"signature": "invalid"}"#)
        .answers::<SteeringView>(200, "How they are steered now."),
        Route::new(
            Method::POST,
            "/_mock/webhook_endpoints/{id}/test",
            "send_test_event",
            "Sends a webhook endpoint a made-up event.",
            |call| Box::pin(async move { test(&call) }),
        )
        .description("It is an event of true shape that has not happened: no list of events has it.")
        .names("id", "The webhook endpoint, by its id.")
        .body::<TestEvent>()
        .example("a user of a directory", r#"{"event": "dsync.user.created"}"#)
        .answers::<DeliveryView<'static>>(202, "The delivery."),
    ]
}

/// How deliveries are to be steered.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewSteering {
    /// Whether nothing is sent to it until this ends.
    paused: Option<bool>,
    /// Whether a delivery that failed holds up the ones behind it; as the environment has it unless it is said.
    ordering: Option<DeliveryOrdering>,
    /// How long every delivery waits for its first attempt, on the environment's clock.
    #[serde(deserialize_with = "not_negative")]
    #[schemars(with = "NotNegative", extend("x-duration" = { "from": "PT0S", "to": "P30D" }))]
    delay: SignedDuration,
    /// Every delivery with such a number is sent twice.
    duplicate_every: Option<NonZeroU32>,
    /// So many deliveries are gathered and sent in another order. Where they do not come together within 5 seconds on the
    /// environment's clock, those go that are there.
    #[schemars(range(min = 2, max = 1000))]
    shuffle: Option<NonZeroUsize>,
    /// How the body is written.
    body: Option<BodyStyle>,
    /// How it is signed.
    signature: Option<SignatureStyle>,
    /// What time the signature names.
    timestamp: Option<TimestampStyle>,
    /// What all that is random depends on.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    seed: Option<u64>,
}

/// Which event is to be sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TestEvent {
    /// The name of the event, one that the endpoint is subscribed to.
    #[schemars(length(min = 1))]
    event: String,
}

/// How deliveries to an endpoint are steered.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Steering")]
pub(super) struct SteeringView {
    /// Whether nothing is sent to it.
    paused: bool,
    /// Whether a delivery that failed holds up the ones behind it.
    ordering: DeliveryOrdering,
    /// How long every delivery waits for its first attempt.
    #[schemars(with = "String")]
    delay: SignedDuration,
    /// Every delivery with such a number is sent twice.
    duplicate_every: Option<NonZeroU32>,
    /// So many deliveries are gathered and sent in another order.
    shuffle: Option<NonZeroUsize>,
    /// How the body is written.
    body: BodyStyle,
    /// How it is signed.
    signature: SignatureStyle,
    /// What time the signature names.
    timestamp: TimestampStyle,
    /// What all that is random depends on.
    seed: u64,
}

fn steering(call: &Call) -> Result<Response, Refusal> {
    let steering = steer::steering(&call.environment, call.path("id"))?;
    Ok(Json(SteeringView::new(&call.environment, &steering)).into_response())
}

fn put(call: &Call) -> Result<Response, Refusal> {
    let new: NewSteering = call.body()?;
    let steering = Steering {
        paused: new.paused.unwrap_or_default(),
        ordering: new.ordering,
        delay: new.delay,
        duplicate_every: new.duplicate_every,
        shuffle: new.shuffle,
        body: new.body.unwrap_or_default(),
        signature: new.signature.unwrap_or_default(),
        timestamp: new.timestamp.unwrap_or_default(),
        seed: new.seed.unwrap_or_default(),
        count: 0,
    };
    let steering = steer::steer(&call.environment, call.path("id"), steering)?;
    Ok(Json(SteeringView::new(&call.environment, &steering)).into_response())
}

fn test(call: &Call) -> Result<Response, Refusal> {
    let TestEvent { event } = call.body()?;
    let delivery = trial::send(&call.environment, call.path("id"), &event)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

impl SteeringView {
    fn new(environment: &Environment, steering: &Steering) -> Self {
        let ordering = steering.ordering;
        Self {
            paused: steering.paused,
            ordering: ordering.unwrap_or(environment.settings.webhooks.ordering),
            delay: steering.delay,
            duplicate_every: steering.duplicate_every,
            shuffle: steering.shuffle,
            body: steering.body,
            signature: steering.signature,
            timestamp: steering.timestamp,
            seed: steering.seed,
        }
    }
}
