//! `/_mock/deliveries`: what was sent to webhook endpoints, what is still to be sent, and what a test does about it.

use std::time::Duration;

use axum::Json;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::listing::Listing;
use super::members::Members;
use super::{Id, Target};
use crate::domain::delivery::Delivery;
use crate::domain::ids::Id as _;
use crate::environment::Environment;
use crate::service::deliveries::list::{self, ListDeliveries, UnderWay};
use crate::service::deliveries::steer;
use crate::view::deliveries::DeliveryView;
use crate::view::{PageView, Time};

/// How long a call waits unless it says otherwise, and at most, in real time.
const USUAL_WAIT: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// Shows deliveries with their attempts, newest first.
pub(super) async fn list(
    Target(environment): Target,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let filters = ["endpoint_id", "event_id", "event", "state"];
    let mut asked = Listing::read(query.as_deref(), &filters)?;
    let state = state(&mut asked, &Delivery::STATES)?;
    let page = list::list(
        &environment,
        ListDeliveries {
            endpoint_id: asked.filter("endpoint_id"),
            event_id: asked.filter("event_id"),
            event: asked.filter("event"),
            state,
            page: asked.page,
        },
    )?;
    let view = PageView::new(&page, DeliveryView::new);
    Ok(([(CACHE_CONTROL, "no-store")], Json(view)).into_response())
}

/// The state that deliveries are to be in, one of `names`.
pub(super) fn state(asked: &mut Listing, names: &[&str]) -> Result<Option<String>, Refusal> {
    let state = asked.filter("state");
    if let Some(state) = &state
        && !names.contains(&state.as_str())
    {
        let names = super::members::list(names);
        let message = format!("state must be one of {names}.");
        let error = FieldError::new("state", "invalid_value", message);
        return Err(Refusal::Invalid(vec![error]));
    }
    Ok(state)
}

/// Shows one delivery.
pub(super) async fn show(Target(environment): Target, Id(id): Id) -> Result<Response, Refusal> {
    let delivery = list::get(&environment, &id)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok(([(CACHE_CONTROL, "no-store")], view).into_response())
}

/// Sends one once more.
pub(super) async fn resend(Target(environment): Target, Id(id): Id) -> Result<Response, Refusal> {
    let delivery = steer::resend(&environment, &id)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

/// Stops sending.
pub(super) async fn pause(Target(environment): Target) -> Response {
    steer::pause(&environment, true);
    Json(IdleView::new(&environment)).into_response()
}

/// Goes on sending.
pub(super) async fn resume(Target(environment): Target) -> Response {
    steer::pause(&environment, false);
    Json(IdleView::new(&environment)).into_response()
}

/// Returns when nothing is to be sent now; when that takes too long, says what is.
pub(super) async fn wait(
    Target(environment): Target,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let timeout = timeout(&body).map_err(Refusal::Invalid)?;
    let idle = list::idle(&environment);
    let in_time = tokio::time::timeout(timeout, idle).await.is_ok();
    let view = IdleView::new(&environment);
    if in_time {
        return Ok(Json(view).into_response());
    }
    let message = "Deliveries are still under way.".to_owned();
    let code = "deliveries_under_way";
    let refused = StillUnderWay {
        message,
        code,
        deliveries: view,
    };
    Ok((StatusCode::CONFLICT, Json(refused)).into_response())
}

fn timeout(body: &Value) -> Result<Duration, Vec<FieldError>> {
    let mut errors = Vec::new();
    let members = Members::of(body, "", &["timeout"], &mut errors);
    let timeout = members.and_then(|mut members| members.duration("timeout", LONGEST_WAIT));
    if errors.is_empty() {
        let timeout = timeout.unwrap_or(USUAL_WAIT);
        Ok(Duration::try_from(timeout).unwrap_or_default())
    } else {
        Err(errors)
    }
}

/// What is still to be sent.
#[derive(Serialize)]
struct IdleView {
    /// Whether nothing is sent at all.
    paused: bool,
    /// How many deliveries are being sent, or are to be sent now.
    under_way: usize,
    /// How many wait for a later time.
    waiting: usize,
    /// The next instant at which time brings something, on the environment's clock.
    next_at: Option<Time>,
    /// The first of those that are under way.
    first: Vec<StillView>,
}

#[derive(Serialize)]
struct StillView {
    id: String,
    /// The name of the event, or of the action that was logged.
    event: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_stream_id: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
struct StillUnderWay {
    message: String,
    code: &'static str,
    deliveries: IdleView,
}

impl IdleView {
    fn new(environment: &Environment) -> Self {
        let UnderWay {
            count,
            first,
            first_logged,
            waiting,
            next,
        } = list::under_way(environment);
        let first = first.iter().map(|delivery| StillView {
            id: delivery.id.as_str().to_owned(),
            event: delivery.event.what.name().to_owned(),
            endpoint_id: Some(delivery.endpoint_id.as_str().to_owned()),
            log_stream_id: None,
            state: delivery.progress.state.as_str(),
        });
        let first_logged = first_logged.iter().map(|delivery| StillView {
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
