//! `/_mock/webhook_endpoints/{id}`: what deliveries to an endpoint are to be like, and events that it is sent to try it.

use std::num::{NonZeroU32, NonZeroUsize};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::members::Members;
use super::{Id, Target};
use crate::domain::webhook_settings::DeliveryOrdering;
use crate::domain::webhook_steering::{BodyStyle, SignatureStyle, Steering, TimestampStyle};
use crate::environment::Environment;
use crate::service::deliveries::{steer, trial};
use crate::view::deliveries::DeliveryView;

const MEMBERS: [&str; 9] = [
    "paused",
    "ordering",
    "delay",
    "duplicate_every",
    "shuffle",
    "body",
    "signature",
    "timestamp",
    "seed",
];
/// How long a delivery can be delayed.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How many deliveries can be shuffled with one another.
const LARGEST_WINDOW: u64 = 1_000;

/// Shows how deliveries are steered.
pub(super) async fn steering(
    Target(environment): Target,
    Id(id): Id,
) -> Result<Json<SteeringView>, Refusal> {
    let steering = steer::steering(&environment, &id)?;
    Ok(Json(SteeringView::new(&environment, &steering)))
}

/// Steers deliveries; what is left out is as usual.
pub(super) async fn steer(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Json<SteeringView>, Refusal> {
    let steering = read(&body).map_err(Refusal::Invalid)?;
    let steering = steer::steer(&environment, &id, steering)?;
    Ok(Json(SteeringView::new(&environment, &steering)))
}

/// Sends a made-up event.
pub(super) async fn test(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let mut errors = Vec::new();
    let event = Members::of(&body, "", &["event"], &mut errors).and_then(|mut members| {
        let event = members.text("event");
        members.required("event", event)
    });
    let event = event
        .filter(|_| errors.is_empty())
        .ok_or(Refusal::Invalid(errors))?;
    let delivery = trial::send(&environment, &id, &event)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

fn read(body: &Value) -> Result<Steering, Vec<FieldError>> {
    let mut errors = Vec::new();
    let steering = Members::of(body, "", &MEMBERS, &mut errors).map(|mut members| {
        let every = members.integer("duplicate_every", 1..=u64::from(u32::MAX));
        let window = members.integer("shuffle", 2..=LARGEST_WINDOW);
        let style = Steering::default();
        Steering {
            paused: members.boolean("paused").unwrap_or_default(),
            ordering: members.one_of("ordering", &DeliveryOrdering::ALL, DeliveryOrdering::as_str),
            delay: members.duration("delay", LONGEST_DELAY).unwrap_or_default(),
            duplicate_every: every
                .and_then(|every| u32::try_from(every).ok())
                .and_then(NonZeroU32::new),
            shuffle: window
                .and_then(|window| usize::try_from(window).ok())
                .and_then(NonZeroUsize::new),
            body: members
                .one_of("body", &BodyStyle::ALL, BodyStyle::as_str)
                .unwrap_or(style.body),
            signature: members
                .one_of("signature", &SignatureStyle::ALL, SignatureStyle::as_str)
                .unwrap_or(style.signature),
            timestamp: members
                .one_of("timestamp", &TimestampStyle::ALL, TimestampStyle::as_str)
                .unwrap_or(style.timestamp),
            seed: members.integer("seed", 0..=u64::MAX).unwrap_or_default(),
            count: 0,
        }
    });
    steering.filter(|_| errors.is_empty()).ok_or(errors)
}

/// How deliveries to an endpoint are steered.
#[derive(Serialize)]
pub(super) struct SteeringView {
    paused: bool,
    ordering: &'static str,
    delay: SignedDuration,
    duplicate_every: Option<NonZeroU32>,
    shuffle: Option<NonZeroUsize>,
    body: &'static str,
    signature: &'static str,
    timestamp: &'static str,
    seed: u64,
}

impl SteeringView {
    fn new(environment: &Environment, steering: &Steering) -> Self {
        let ordering = steering.ordering;
        let ordering = ordering.unwrap_or(environment.settings.webhooks.ordering);
        Self {
            paused: steering.paused,
            ordering: ordering.as_str(),
            delay: steering.delay,
            duplicate_every: steering.duplicate_every,
            shuffle: steering.shuffle,
            body: steering.body.as_str(),
            signature: steering.signature.as_str(),
            timestamp: steering.timestamp.as_str(),
            seed: steering.seed,
        }
    }
}
