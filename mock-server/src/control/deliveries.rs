//! `/_mock/deliveries`: what was sent to webhook endpoints, what is still to be sent, and what a test does about it.

use std::time::Duration;

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use super::call::Call;
use super::listing::Paging;
use super::route::Route;
use crate::domain::delivery::Delivery;
use crate::domain::duration::{NotNegative, not_negative};
use crate::domain::ids::Id as _;
use crate::environment::Environment;
use crate::service::deliveries::list::{self, ListDeliveries, UnderWay};
use crate::service::deliveries::steer;
use crate::view::deliveries::DeliveryView;
use crate::view::{PageView, Time};

/// How long a call waits unless it says otherwise, in real time.
const USUAL_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/deliveries",
            "list_deliveries",
            "Lists deliveries to webhook endpoints with every attempt, newest first.",
            |call| Box::pin(async move { list(&call) }),
        )
        .query::<DeliveryFilter>()
        .answers::<PageView<DeliveryView<'static>>>(200, "A page of deliveries."),
        Route::new(
            Method::GET,
            "/_mock/deliveries/pending",
            "show_pending_deliveries",
            "Shows what is still to be sent, and whether anything is sent at all.",
            |call| Box::pin(async move { Ok(Json(StillToSend::of(&call.environment)).into_response()) }),
        )
        .answers::<StillToSend>(200, "What is still to be sent."),
        Route::new(
            Method::GET,
            "/_mock/deliveries/{id}",
            "get_delivery",
            "Shows a delivery with every attempt.",
            |call| Box::pin(async move { show(&call) }),
        )
        .names("id", "The delivery, by its id.")
        .answers::<DeliveryView<'static>>(200, "The delivery."),
        Route::new(
            Method::POST,
            "/_mock/deliveries/{id}/resend",
            "resend_delivery",
            "Sends a delivery once more, whatever became of it.",
            |call| Box::pin(async move { resend(&call) }),
        )
        .names("id", "The delivery, by its id.")
        .answers::<DeliveryView<'static>>(202, "The delivery, which is on its way.")
        .refuses(&[(409, "It is on its way already.")]),
        Route::new(
            Method::POST,
            "/_mock/deliveries/pause",
            "pause_deliveries",
            "Sends nothing until it is to go on: no webhook, and no event of a log stream.",
            |call| Box::pin(async move { Ok(pause(&call, true)) }),
        )
        .answers::<StillToSend>(200, "What is still to be sent."),
        Route::new(
            Method::POST,
            "/_mock/deliveries/resume",
            "resume_deliveries",
            "Goes on sending.",
            |call| Box::pin(async move { Ok(pause(&call, false)) }),
        )
        .answers::<StillToSend>(200, "What is still to be sent."),
        Route::new(
            Method::POST,
            "/_mock/deliveries/wait",
            "wait_for_deliveries",
            "Returns when nothing is to be sent now.",
            |call| Box::pin(async move { wait(&call).await }),
        )
        .description(
            "What waits for a later time on the environment's clock is not waited for: move the clock. Events of log streams \
             count too.",
        )
        .body::<Wait>()
        .example("as long as usual", "{}")
        .example("a little longer", r#"{"timeout": "PT20S"}"#)
        .answers::<StillToSend>(200, "Nothing is to be sent now.")
        .refuses(&[(
            409,
            "Something still is after all that time; `deliveries` says what.",
        )]),
    ]
}

/// Which deliveries are to be listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub(super) struct DeliveryFilter {
    /// Those to this webhook endpoint.
    endpoint_id: Option<String>,
    /// Those of this event.
    event_id: Option<String>,
    /// Those of events with this name.
    event: Option<String>,
    /// Those in this state.
    #[schemars(extend("enum" = Delivery::STATES))]
    state: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

/// How long to wait.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wait {
    /// How long at most, in real time; 5 seconds unless it is said.
    #[schemars(extend("x-duration" = { "from": "PT0S", "to": "PT1M" }))]
    timeout: Option<Timeout>,
}

/// A duration that is not negative.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(with = "NotNegative", inline)]
struct Timeout(#[serde(deserialize_with = "not_negative")] SignedDuration);

/// What is still to be sent.
#[derive(Serialize, JsonSchema)]
pub(super) struct StillToSend {
    /// Whether nothing is sent at all.
    paused: bool,
    /// How many deliveries are being sent, or are to be sent now.
    under_way: usize,
    /// How many wait for a later time.
    waiting: usize,
    /// The next instant at which time brings something, on the environment's clock.
    next_at: Option<Time>,
    /// The first of those that are under way.
    first: Vec<Still>,
}

/// A delivery that is under way.
#[derive(Serialize, JsonSchema)]
pub(super) struct Still {
    /// Its id.
    id: String,
    /// The name of the event, or of the action that was logged.
    event: String,
    /// The webhook endpoint that it goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint_id: Option<String>,
    /// The log stream that it goes through.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_stream_id: Option<String>,
    /// How far it is.
    state: &'static str,
}

#[derive(Serialize)]
struct StillUnderWay {
    message: &'static str,
    code: &'static str,
    deliveries: StillToSend,
}

fn list(call: &Call) -> Result<Response, Refusal> {
    let asked: DeliveryFilter = call.query()?;
    let page = list::list(
        &call.environment,
        ListDeliveries {
            endpoint_id: asked.endpoint_id,
            event_id: asked.event_id,
            event: asked.event,
            state: asked.state,
            page: asked.paging.into(),
        },
    )?;
    Ok(Json(PageView::new(&page, DeliveryView::new)).into_response())
}

fn show(call: &Call) -> Result<Response, Refusal> {
    let delivery = list::get(&call.environment, call.path("id"))?;
    Ok(Json(DeliveryView::new(&delivery)).into_response())
}

fn resend(call: &Call) -> Result<Response, Refusal> {
    let delivery = steer::resend(&call.environment, call.path("id"))?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

fn pause(call: &Call, paused: bool) -> Response {
    steer::pause(&call.environment, paused);
    Json(StillToSend::of(&call.environment)).into_response()
}

async fn wait(call: &Call) -> Result<Response, Refusal> {
    let environment = &call.environment;
    let Wait { timeout } = call.body()?;
    let timeout = timeout.map_or(USUAL_WAIT, |Timeout(timeout)| timeout);
    let timeout = Duration::try_from(timeout).unwrap_or_default();
    let in_time = tokio::time::timeout(timeout, list::idle(environment))
        .await
        .is_ok();
    let deliveries = StillToSend::of(environment);
    if in_time {
        return Ok(Json(deliveries).into_response());
    }
    let refused = StillUnderWay {
        message: "Deliveries are still under way.",
        code: "deliveries_under_way",
        deliveries,
    };
    Ok((StatusCode::CONFLICT, Json(refused)).into_response())
}

impl StillToSend {
    fn of(environment: &Environment) -> Self {
        let UnderWay {
            count,
            first,
            first_logged,
            waiting,
            next,
        } = list::under_way(environment);
        let first = first.iter().map(|delivery| Still {
            id: delivery.id.as_str().to_owned(),
            event: delivery.event.what.name().to_owned(),
            endpoint_id: Some(delivery.endpoint_id.as_str().to_owned()),
            log_stream_id: None,
            state: delivery.progress.state.as_str(),
        });
        let first_logged = first_logged.iter().map(|delivery| Still {
            id: delivery.id.as_str().to_owned(),
            event: delivery.event.entry.action.clone(),
            endpoint_id: None,
            log_stream_id: Some(delivery.stream_id.as_str().to_owned()),
            state: delivery.progress.state.as_str(),
        });
        Self {
            paused: environment.wakeups.is_paused(),
            under_way: count,
            waiting,
            next_at: next.map(Time),
            first: first.chain(first_logged).collect(),
        }
    }
}
