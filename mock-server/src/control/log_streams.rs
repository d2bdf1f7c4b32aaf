//! `/_mock/log_streams` and `/_mock/log_stream_deliveries`: what went through log streams, and their destinations, as far as
//! a test plays them.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Refusal;
use super::call::Call;
use super::listing::Paging;
use super::route::Route;
use crate::domain::log_stream::ShownState;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::service::log_streams::{self, ListDeliveries};
use crate::view::PageView;
use crate::view::log_streams::{DeliveryView, LogStreamView};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::PATCH,
            "/_mock/log_streams/{id}",
            "change_log_stream",
            "Puts a log stream into a state, as its destination would.",
            |call| Box::pin(async move { change(&call) }),
        )
        .names("id", "The log stream, by its id.")
        .body::<LogStreamChange>()
        .example("its destination fails", r#"{"state": "error"}"#)
        .answers::<LogStreamView<'static>>(200, "The log stream as it is now."),
        Route::new(
            Method::GET,
            "/_mock/log_stream_deliveries",
            "list_log_stream_deliveries",
            "Lists what goes through log streams, as it is or would be sent, newest first.",
            |call| Box::pin(async move { deliveries(&call) }),
        )
        .description("The newest 100 of each stream are kept, and all that is still to be sent.")
        .query::<LogStreamDeliveryFilter>()
        .answers::<PageView<DeliveryView<'static>>>(200, "A page of deliveries.")
        .refuses(&[(404, "There is no such organization.")]),
        Route::new(
            Method::GET,
            "/_mock/log_stream_deliveries/{id}",
            "get_log_stream_delivery",
            "Shows what goes through a log stream, with every attempt.",
            |call| Box::pin(async move { delivery(&call) }),
        )
        .names("id", "The delivery, by its id.")
        .answers::<DeliveryView<'static>>(200, "The delivery."),
        Route::new(
            Method::POST,
            "/_mock/log_stream_deliveries/{id}/resend",
            "resend_log_stream_delivery",
            "Sends something once more through its log stream.",
            |call| Box::pin(async move { resend(&call) }),
        )
        .names("id", "The delivery, by its id.")
        .answers::<DeliveryView<'static>>(202, "The delivery.")
        .refuses(&[(409, "It is on its way already.")]),
    ]
}

/// What becomes of a log stream.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogStreamChange {
    /// The state that its destination puts it into.
    state: ShownState,
}

/// Which deliveries are to be listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub(super) struct LogStreamDeliveryFilter {
    /// Those of this organization's audit log.
    organization_id: Option<String>,
    /// Those in this state.
    #[schemars(extend("enum" = LogStreamDelivery::STATES))]
    state: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

fn deliveries(call: &Call) -> Result<Response, Refusal> {
    let asked: LogStreamDeliveryFilter = call.query()?;
    let page = log_streams::deliveries(
        &call.environment,
        ListDeliveries {
            organization_id: asked.organization_id,
            state: asked.state,
            page: asked.paging.into(),
        },
    )?;
    Ok(Json(PageView::new(&page, DeliveryView::new)).into_response())
}

fn delivery(call: &Call) -> Result<Response, Refusal> {
    let delivery = log_streams::delivery(&call.environment, call.path("id"))?;
    Ok(Json(DeliveryView::new(&delivery)).into_response())
}

fn resend(call: &Call) -> Result<Response, Refusal> {
    let delivery = log_streams::resend(&call.environment, call.path("id"))?;
    let view = Json(DeliveryView::new(&delivery));
    Ok((StatusCode::ACCEPTED, view).into_response())
}

fn change(call: &Call) -> Result<Response, Refusal> {
    let LogStreamChange { state } = call.body()?;
    let stream = log_streams::set_state(&call.environment, call.path("id"), state)?;
    Ok(Json(LogStreamView::new(&stream)).into_response())
}
