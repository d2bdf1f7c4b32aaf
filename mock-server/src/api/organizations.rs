//! Operations on organizations.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::domain::organization::{DomainInput, Organization};
use crate::service::Change;
use crate::service::organizations::{
    self, ListOrganizations, NewOrganization, OrganizationChanges,
};
use crate::view::PageView;
use crate::view::organizations::OrganizationView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    #[serde(default)]
    domains: Vec<String>,
    search: Option<String>,
}

#[derive(Deserialize)]
struct CreateBody {
    name: String,
    domains: Option<Vec<String>>,
    domain_data: Option<Vec<DomainData>>,
    metadata: Option<BTreeMap<String, String>>,
    external_id: Option<String>,
    allow_profiles_outside_organization: Option<bool>,
}

#[derive(Deserialize)]
struct UpdateBody {
    name: Option<String>,
    domains: Option<Vec<String>>,
    domain_data: Option<Vec<DomainData>>,
    #[serde(default, deserialize_with = "change")]
    metadata: Change<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "change")]
    external_id: Change<String>,
    #[serde(default, deserialize_with = "change")]
    stripe_customer_id: Change<String>,
    allow_profiles_outside_organization: Option<bool>,
}

#[derive(Deserialize)]
struct DomainData {
    domain: String,
    state: ClaimedState,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClaimedState {
    Pending,
    Verified,
}

/// A member that is there: `null` clears.
fn change<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Change<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map_or(Change::Clear, Change::Set))
}

fn domain_input(domains: Option<Vec<String>>, data: Option<Vec<DomainData>>) -> DomainInput {
    let pair = |data: DomainData| (data.domain, matches!(data.state, ClaimedState::Verified));
    DomainInput {
        domains,
        domain_data: data.map(|data| data.into_iter().map(pair).collect()),
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let list = ListOrganizations {
        page: query.page.newest_first(),
        domains: query.domains,
        search: query.search,
    };
    let page = organizations::list(call.environment, &list)?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, OrganizationView::new),
    ))
}

pub(super) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let new = NewOrganization {
        name: body.name,
        domains: domain_input(body.domains, body.domain_data),
        metadata: body.metadata.unwrap_or_default(),
        external_id: body.external_id,
        allow_profiles_outside_organization: body
            .allow_profiles_outside_organization
            .unwrap_or_default(),
    };
    Ok(reply(
        StatusCode::CREATED,
        &*organizations::create(call.environment, new)?,
    ))
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    Ok(reply(
        StatusCode::OK,
        &*organizations::get(call.environment, call.path("id"))?,
    ))
}

pub(super) fn get_by_external_id(call: &Call<'_>) -> Result<Reply, ApiError> {
    let organization =
        organizations::get_by_external_id(call.environment, call.path("external_id"))?;
    Ok(reply(StatusCode::OK, &organization))
}

pub(super) fn update(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: UpdateBody = call.body()?;
    let changes = OrganizationChanges {
        name: body.name,
        domains: domain_input(body.domains, body.domain_data),
        metadata: match body.metadata {
            Change::Keep => None,
            Change::Clear => Some(BTreeMap::new()),
            Change::Set(metadata) => Some(metadata),
        },
        external_id: body.external_id,
        stripe_customer_id: body.stripe_customer_id,
        allow_profiles_outside_organization: body.allow_profiles_outside_organization,
    };
    Ok(reply(
        StatusCode::OK,
        &*organizations::update(call.environment, call.path("id"), changes)?,
    ))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    organizations::delete(call.environment, call.path("id"))?;
    Ok(Reply::accepted())
}

fn reply(status: StatusCode, organization: &Organization) -> Reply {
    Reply::json(status, &OrganizationView::new(organization))
}
