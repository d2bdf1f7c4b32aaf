//! Operations on webhook endpoints.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::domain::webhook_endpoint::{EndpointStatus, WebhookEndpoint};
use crate::service::webhook_endpoints::{self, EndpointChanges};
use crate::view::PageView;
use crate::view::webhook_endpoints::WebhookEndpointView;

#[derive(Deserialize)]
struct CreateBody {
    endpoint_url: String,
    events: Vec<String>,
}

#[derive(Deserialize)]
struct UpdateBody {
    endpoint_url: Option<String>,
    status: Option<Status>,
    events: Option<Vec<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Enabled,
    Disabled,
}

impl From<Status> for EndpointStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Enabled => Self::Enabled,
            Status::Disabled => Self::Disabled,
        }
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: PageQuery = call.query()?;
    let page = webhook_endpoints::list(call.environment, &query.newest_first())?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, WebhookEndpointView::new),
    ))
}

pub(super) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let endpoint = webhook_endpoints::create(call.environment, &body.endpoint_url, body.events)?;
    Ok(reply(StatusCode::CREATED, &endpoint))
}

pub(super) fn update(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: UpdateBody = call.body()?;
    let changes = EndpointChanges {
        url: body.endpoint_url,
        status: body.status.map(EndpointStatus::from),
        events: body.events,
    };
    let endpoint = webhook_endpoints::update(call.environment, call.path("id"), changes)?;
    Ok(reply(StatusCode::OK, &endpoint))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    webhook_endpoints::delete(call.environment, call.path("id"))?;
    Ok(Reply::no_content())
}

fn reply(status: StatusCode, endpoint: &WebhookEndpoint) -> Reply {
    Reply::json(status, &WebhookEndpointView::new(endpoint))
}
