//! `/_mock/log_streams` and `/_mock/log_stream_deliveries`: what went through log streams, and their destinations, as far as
//! a test plays them.

use axum::Json;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::listing::Listing;
use super::members::Members;
use super::{Id, Target, deliveries};
use crate::domain::log_stream::ShownState;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::service::log_streams::{self, ListDeliveries};
use crate::view::PageView;
use crate::view::log_streams::{DeliveryView, LogStreamView};

/// Shows what went through log streams, newest first.
pub(super) async fn deliveries(
    Target(environment): Target,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut asked = Listing::read(query.as_deref(), &["organization_id", "state"])?;
    let state = deliveries::state(&mut asked, &LogStreamDelivery::STATES)?;
    let page = log_streams::deliveries(
        &environment,
        ListDeliveries {
            organization_id: asked.filter("organization_id"),
            state,
            page: asked.page,
        },
    )?;
    let view = PageView::new(&page, DeliveryView::new);
    Ok(([(CACHE_CONTROL, "no-store")], Json(view)).into_response())
}

/// Shows one delivery.
pub(super) async fn delivery(Target(environment): Target, Id(id): Id) -> Result<Response, Refusal> {
    let delivery = log_streams::delivery(&environment, &id)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok(([(CACHE_CONTROL, "no-store")], view).into_response())
}

/// Sends one once more.
pub(super) async fn resend(Target(environment): Target, Id(id): Id) -> Result<Response, Refusal> {
    let delivery = log_streams::resend(&environment, &id)?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

/// Puts a stream into a state, as its destination would.
pub(super) async fn change(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let wanted = wanted(&body).map_err(Refusal::Invalid)?;
    let stream = log_streams::set_state(&environment, &id, wanted)?;
    Ok(Json(LogStreamView::new(&stream)).into_response())
}

fn wanted(body: &Value) -> Result<ShownState, Vec<FieldError>> {
    let mut errors = Vec::new();
    let state = Members::of(body, "", &["state"], &mut errors).and_then(|mut members| {
        let state = members.one_of("state", &ShownState::ALL, ShownState::as_str);
        members.required("state", state)
    });
    state.filter(|_| errors.is_empty()).ok_or(errors)
}
