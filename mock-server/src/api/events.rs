//! Operations on events.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::domain::error::Rule;
use crate::service::events::{self, ListEvents};
use crate::view::events::EventPageView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    #[serde(default)]
    events: Vec<String>,
    organization_id: Option<String>,
    range_start: Option<String>,
    range_end: Option<String>,
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let mut names = query.events;
    names.retain(|name| !name.is_empty());
    let list = ListEvents {
        page: query.page.oldest_first(),
        names,
        organization_id: query.organization_id,
        range_start: instant("range_start", query.range_start)?,
        range_end: instant("range_end", query.range_end)?,
    };
    let page = events::list(call.environment, list)?;
    Ok(Reply::json(StatusCode::OK, &EventPageView::new(&page)))
}

/// RFC 3339 has instants that the clock has not, such as those of the year 9999 in another zone.
fn instant(field: &str, text: Option<String>) -> Result<Option<Timestamp>, ApiError> {
    let bad = |_| ApiError::invalid(field, Rule::Value, "This instant is out of range.");
    text.map(|text| text.parse().map_err(bad)).transpose()
}
