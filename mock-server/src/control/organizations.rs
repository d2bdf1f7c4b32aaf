//! `/_mock/organizations`: organizations, each with what it has.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Refusal;
use super::call::Call;
use super::listing::Paging;
use super::route::Route;
use crate::service::belongings;
use crate::service::organizations::ListOrganizations;
use crate::view::PageView;
use crate::view::belongings::{BelongingsView, SummaryView};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/organizations",
            "list_organization_summaries",
            "Lists organizations, the newest first, each with how much it has.",
            |call| Box::pin(async move { list(&call) }),
        )
        .query::<Filter>()
        .answers::<PageView<SummaryView<'static>>>(200, "A page of organizations."),
        Route::new(
            Method::GET,
            "/_mock/organizations/{id}",
            "get_organization_belongings",
            "Shows an organization with what it has.",
            |call| Box::pin(async move { get(&call) }),
        )
        .names("id", "The organization, by its id.")
        .answers::<BelongingsView<'static>>(200, "The organization."),
    ]
}

/// Which organizations are listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Filter {
    #[serde(flatten)]
    paging: Paging,
    /// Those whose name contains this, in any case; one or two characters are looked for where words begin.
    search: Option<String>,
}

fn list(call: &Call) -> Result<Response, Refusal> {
    let filter: Filter = call.query()?;
    let list = ListOrganizations {
        page: filter.paging.into(),
        search: filter.search,
        ..ListOrganizations::default()
    };
    let page = belongings::list(&call.environment, &list)?;
    let view = PageView::new(&page, SummaryView::new);
    Ok(Json(view).into_response())
}

fn get(call: &Call) -> Result<Response, Refusal> {
    let belongings = belongings::get(&call.environment, call.path("id"))?;
    Ok(Json(BelongingsView::new(&belongings)).into_response())
}
