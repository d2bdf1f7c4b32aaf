//! `/_mock/events`: what has happened, for whoever looks at an environment. `WorkOS`'s own list is for apps that catch up: it
//! wants names, and shows the oldest first.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Refusal;
use super::call::Call;
use super::listing::Paging;
use super::route::Route;
use crate::service::events::{self, BrowseEvents};
use crate::view::PageView;
use crate::view::events::EventView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/events",
            "list_events",
            "Lists events of any name, newest first.",
            |call| Box::pin(async move { list(&call) }),
        )
        .description("An event is here at once, also where the API shows it only after a while.")
        .query::<EventFilter>()
        .answers::<PageView<EventView<'static>>>(200, "A page of events."),
        Route::new(
            Method::GET,
            "/_mock/events/{id}",
            "get_event",
            "Shows an event.",
            |call| Box::pin(async move { show(&call) }),
        )
        .names("id", "The event, by its id.")
        .answers::<EventView<'static>>(200, "The event."),
    ]
}

/// Which events are to be listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub(super) struct EventFilter {
    /// Those with this name, such as `connection.activated`.
    event: Option<String>,
    /// Those that concern this organization.
    organization_id: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

fn list(call: &Call) -> Result<Response, Refusal> {
    let asked: EventFilter = call.query()?;
    let page = events::browse(
        &call.environment,
        BrowseEvents {
            name: asked.event,
            organization_id: asked.organization_id,
            page: asked.paging.into(),
        },
    )?;
    Ok(Json(PageView::new(&page, EventView::new)).into_response())
}

fn show(call: &Call) -> Result<Response, Refusal> {
    let event = events::get(&call.environment, call.path("id"))?;
    Ok(Json(EventView::new(&event)).into_response())
}
