//! Operations on groups of directories.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::service::directory_groups::{self, ListDirectoryGroups};
use crate::view::PageView;
use crate::view::directories::DirectoryGroupView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    directory: Option<String>,
    user: Option<String>,
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let list = ListDirectoryGroups {
        page: query.page.newest_first(),
        directory: query.directory,
        user: query.user,
    };
    let page = directory_groups::list(call.environment, &list)?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, DirectoryGroupView::new),
    ))
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    let group = directory_groups::get(call.environment, call.path("id"))?;
    Ok(Reply::json(
        StatusCode::OK,
        &DirectoryGroupView::new(&group),
    ))
}
