//! Operations on connections.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::domain::connection::{AttributeMapChanges, Connection};
use crate::domain::connection_changes::{OidcChanges, Resettable, SamlChanges};
use crate::domain::connection_settings::{NewOidc, NewSaml, TokenAuthentication};
use crate::domain::connection_type::ConnectionType;
use crate::service::Change;
use crate::service::connections::{
    self, ConnectionChanges, Created, ListConnections, NewConnection,
};
use crate::view::PageView;
use crate::view::connections::ConnectionView;

#[derive(Deserialize)]
struct ListQuery {
    #[serde(flatten)]
    page: PageQuery,
    connection_type: Option<ConnectionType>,
    domain: Option<String>,
    organization_id: Option<String>,
    search: Option<String>,
}

#[derive(Deserialize)]
struct CreateBody {
    organization_id: String,
    name: Option<String>,
    external_id: Option<String>,
    connection_type: Option<ConnectionType>,
    attribute_maps: Option<AttributeMaps>,
    saml_options: Option<NewSaml>,
    oidc_options: Option<NewOidc>,
}

#[derive(Deserialize)]
struct UpdateBody {
    name: Option<String>,
    #[serde(default, deserialize_with = "change")]
    external_id: Change<String>,
    connection_type: Option<ConnectionType>,
    attribute_maps: Option<AttributeMaps>,
    saml_options: Option<SamlBody>,
    oidc_options: Option<OidcBody>,
}

#[derive(Default, Deserialize)]
struct AttributeMaps {
    standard_attributes: Option<StandardAttributes>,
    custom_attributes: Option<BTreeMap<String, Option<String>>>,
}

#[derive(Deserialize)]
struct StandardAttributes {
    idp_id: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[serde(default, deserialize_with = "resettable")]
    name: Resettable,
    #[serde(default, deserialize_with = "resettable")]
    groups: Resettable,
}

#[derive(Deserialize)]
struct SamlBody {
    #[serde(default, deserialize_with = "resettable")]
    idp_metadata_url: Resettable,
    idp_entity_id: Option<String>,
    idp_sso_url: Option<String>,
    #[serde(default, deserialize_with = "resettable")]
    acs_url: Resettable,
    #[serde(default, deserialize_with = "resettable")]
    sp_entity_id: Resettable,
}

#[derive(Deserialize)]
struct OidcBody {
    discovery_endpoint: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    #[serde(default, deserialize_with = "resettable")]
    redirect_uri: Resettable,
    pkce: Option<bool>,
    token_authentication_method: Option<TokenAuthentication>,
    id_token_signature_algorithm: Option<String>,
    fetch_user_info: Option<bool>,
}

/// A member that is there: `null` clears.
fn change<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Change<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map_or(Change::Clear, Change::Set))
}

fn resettable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Resettable, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl AttributeMaps {
    fn changes(self) -> AttributeMapChanges {
        let mut changes = AttributeMapChanges {
            custom: self.custom_attributes.unwrap_or_default(),
            ..AttributeMapChanges::default()
        };
        if let Some(standard) = self.standard_attributes {
            for (name, source) in [
                ("idp_id", standard.idp_id.map(Some)),
                ("email", standard.email.map(Some)),
                ("first_name", standard.first_name.map(Some)),
                ("last_name", standard.last_name.map(Some)),
                ("name", standard.name),
                ("groups", standard.groups),
            ] {
                if let Some(source) = source {
                    changes.standard.insert(name.to_owned(), source);
                }
            }
        }
        changes
    }
}

impl From<SamlBody> for SamlChanges {
    fn from(body: SamlBody) -> Self {
        Self {
            idp_metadata_url: body.idp_metadata_url,
            idp_entity_id: body.idp_entity_id,
            idp_sso_url: body.idp_sso_url,
            acs_url: body.acs_url,
            sp_entity_id: body.sp_entity_id,
        }
    }
}

impl From<OidcBody> for OidcChanges {
    fn from(body: OidcBody) -> Self {
        Self {
            discovery_endpoint: body.discovery_endpoint,
            client_id: body.client_id,
            has_client_secret: body.client_secret.is_some(),
            redirect_uri: body.redirect_uri,
            pkce: body.pkce,
            token_authentication_method: body.token_authentication_method,
            id_token_signature_algorithm: body.id_token_signature_algorithm,
            fetch_user_info: body.fetch_user_info,
        }
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: ListQuery = call.query()?;
    let list = ListConnections {
        page: query.page.newest_first(),
        connection_type: query.connection_type,
        domain: query.domain,
        organization_id: query.organization_id,
        search: query.search,
    };
    let page = connections::list(call.environment, &list)?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, ConnectionView::new),
    ))
}

pub(super) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let new = NewConnection {
        organization_id: body.organization_id,
        name: body.name,
        external_id: body.external_id,
        connection_type: body.connection_type,
        attribute_maps: body.attribute_maps.unwrap_or_default().changes(),
        saml: body.saml_options,
        oidc: body.oidc_options,
    };
    Ok(match connections::create(call.environment, new)? {
        Created::New(connection) => reply(StatusCode::CREATED, &connection),
        Created::Present(connection) => reply(StatusCode::OK, &connection),
    })
}

pub(super) fn get(call: &Call<'_>) -> Result<Reply, ApiError> {
    let connection = connections::get(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::OK, &connection))
}

pub(super) fn update(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: UpdateBody = call.body()?;
    let changes = ConnectionChanges {
        name: body.name,
        external_id: body.external_id,
        connection_type: body.connection_type,
        attribute_maps: body.attribute_maps.unwrap_or_default().changes(),
        saml: body.saml_options.map(Into::into),
        oidc: body.oidc_options.map(Into::into),
    };
    let connection = connections::update(call.environment, call.path("id"), changes)?;
    Ok(reply(StatusCode::OK, &connection))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    connections::delete(call.environment, call.path("id"))?;
    Ok(Reply::no_content())
}

fn reply(status: StatusCode, connection: &Connection) -> Reply {
    Reply::json(status, &ConnectionView::new(connection))
}
