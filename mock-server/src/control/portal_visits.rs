//! `/_mock/portal_links` and `/_mock/portal_sessions`: which there are, and how far each is.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Refusal;
use super::call::Call;
use super::listing::Paging;
use super::route::Route;
use crate::service::portal_visits::{self, ListVisits};
use crate::view::PageView;
use crate::view::portal_links::{PortalLinkView, PortalSessionView};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/portal_links",
            "list_portal_links",
            "Lists portal links, the newest first.",
            |call| Box::pin(async move { links(&call) }),
        )
        .description("None of them can be opened by what is answered: their addresses are told only to who makes them.")
        .query::<Filter>()
        .answers::<PageView<PortalLinkView<'static>>>(200, "A page of links."),
        Route::new(
            Method::GET,
            "/_mock/portal_sessions",
            "list_portal_sessions",
            "Lists the sessions that portal links became, the newest first.",
            |call| Box::pin(async move { sessions(&call) }),
        )
        .query::<Filter>()
        .answers::<PageView<PortalSessionView<'static>>>(200, "A page of sessions."),
    ]
}

/// Which links or sessions are listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Filter {
    #[serde(flatten)]
    paging: Paging,
    /// Those of the organization with this id.
    organization_id: Option<String>,
}

impl From<Filter> for ListVisits {
    fn from(filter: Filter) -> Self {
        Self {
            page: filter.paging.into(),
            organization_id: filter.organization_id,
        }
    }
}

fn links(call: &Call) -> Result<Response, Refusal> {
    let filter: Filter = call.query()?;
    let (page, moment) = portal_visits::links(&call.environment, &filter.into())?;
    let view = PageView::new(&page, |link| PortalLinkView::new(link, &moment));
    Ok(Json(view).into_response())
}

fn sessions(call: &Call) -> Result<Response, Refusal> {
    let filter: Filter = call.query()?;
    let (page, moment) = portal_visits::sessions(&call.environment, &filter.into())?;
    let view = PageView::new(&page, |session| PortalSessionView::new(session, &moment));
    Ok(Json(view).into_response())
}
