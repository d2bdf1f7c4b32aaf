//! Operations on users of directories.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::service::directory_users::{self, ListDirectoryUsers};
use crate::view::PageView;
use crate::view::directories::DirectoryUserView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    directory: Option<String>,
    group: Option<String>,
    idp_id: Option<String>,
    email: Option<String>,
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let list = ListDirectoryUsers {
        page: query.page.newest_first(),
        directory: query.directory,
        group: query.group,
        idp_id: query.idp_id,
        email: query.email,
    };
    let (page, groups) = directory_users::list(call.environment, &list)?;
    let view = PageView::new(&page, |user| {
        DirectoryUserView::with_groups(user, groups.of(user))
    });
    Ok(Reply::json(StatusCode::OK, &view))
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    let (user, groups) = directory_users::get(call.environment, call.path("id"))?;
    let view = DirectoryUserView::with_groups(&user, groups.of(&user));
    Ok(Reply::json(StatusCode::OK, &view))
}
