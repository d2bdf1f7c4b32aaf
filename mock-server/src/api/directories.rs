//! Operations on directories.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::service::directories::{self, ListDirectories};
use crate::view::PageView;
use crate::view::directories::DirectoryView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    organization_id: Option<String>,
    domain: Option<String>,
    search: Option<String>,
}

/// That a sync is going to happen.
#[derive(Serialize)]
struct Queued {
    status: &'static str,
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let list = ListDirectories {
        page: query.page.newest_first(),
        organization_id: query.organization_id,
        domain: query.domain,
        search: query.search,
    };
    let page = directories::list(call.environment, &list)?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, DirectoryView::new),
    ))
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    let directory = directories::get(call.environment, call.path("id"))?;
    Ok(Reply::json(StatusCode::OK, &DirectoryView::new(&directory)))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    directories::delete(call.environment, call.path("id"))?;
    Ok(Reply::accepted())
}

pub(super) fn sync(call: &Call<'_>) -> Result<Reply, ApiError> {
    directories::sync(call.environment, call.path("id"))?;
    Ok(Reply::json(
        StatusCode::ACCEPTED,
        &Queued { status: "queued" },
    ))
}
