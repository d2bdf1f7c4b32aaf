//! Operations on the domains of organizations.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::organization_domain::OrganizationDomain;
use crate::service::organization_domains;
use crate::view::organizations::OrganizationDomainView;

#[derive(Deserialize)]
struct CreateBody {
    organization_id: String,
    domain: String,
}

pub(super) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let domain =
        organization_domains::create(call.environment, &body.organization_id, &body.domain)?;
    Ok(reply(StatusCode::CREATED, &domain))
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    let domain = organization_domains::get(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::OK, &domain))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    organization_domains::delete(call.environment, call.path("id"))?;
    Ok(Reply::no_content())
}

pub(super) fn verify(call: &Call<'_>) -> Result<Reply, ApiError> {
    let domain = organization_domains::verify(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::CREATED, &domain))
}

fn reply(status: StatusCode, domain: &OrganizationDomain) -> Reply {
    Reply::json(status, &OrganizationDomainView::new(domain))
}
