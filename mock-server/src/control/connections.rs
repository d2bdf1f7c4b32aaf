//! `/_mock/connections`: connections as a test wants them, and what becomes of them when people sign in.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Refusal;
use super::call::Call;
use super::route::Route;
use crate::domain::connection::ConnectionState;
use crate::domain::connection_type::ConnectionType;
use crate::service::connections::{self, MadeConnection};
use crate::view::connections::ConnectionView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/connections",
            "create_connection",
            "Makes a connection, in any state.",
            |call| Box::pin(async move { make(&call) }),
        )
        .description("WorkOS's API makes none; an admin does, in the portal. One that is made active tells so by an event.")
        .body::<NewConnection>()
        .example("one that people sign in through", r#"{"organization_id": "org_test_idp", "connection_type": "OktaSAML"}"#)
        .example(
            "one that is not set up yet",
            r#"{"organization_id": "org_test_idp", "connection_type": "GenericOIDC", "state": "draft", "domains": ["acme.example"]}"#,
        )
        .answers::<ConnectionView<'static>>(201, "The connection.")
        .refuses(&[(404, "There is no such organization.")]),
        Route::new(
            Method::PATCH,
            "/_mock/connections/{id}",
            "change_connection",
            "Lets somebody sign in through a connection, or nobody any more.",
            |call| Box::pin(async move { change(&call) }),
        )
        .names("id", "The connection, by its id.")
        .body::<ConnectionChange>()
        .example("somebody has signed in", r#"{"state": "active"}"#)
        .answers::<ConnectionView<'static>>(200, "The connection as it is now.")
        .refuses(&[(409, "The connection is being deleted.")]),
    ]
}

/// A connection that is to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConnection {
    /// The organization that it is for.
    #[schemars(length(min = 1))]
    organization_id: String,
    /// The identity provider with its protocol. Usually `GenericSAML`.
    connection_type: Option<ConnectionType>,
    /// What it is called. Usually as the organization is.
    #[schemars(length(min = 1))]
    name: Option<String>,
    /// How far it is. Usually `active`, and `requires_type` for a connection of the type `Pending`, which has no other.
    state: Option<ConnectionState>,
    /// The names of the domains whose people sign in through it. Usually those of the organization.
    domains: Option<Vec<String>>,
}

/// What becomes of a connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionChange {
    /// Its state from now on.
    state: Outcome,
}

/// What a sign-in, or the end of them, makes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConnectionOutcome")]
enum Outcome {
    /// Somebody has signed in.
    Active,
    /// Nobody can sign in any more.
    Inactive,
}

fn make(call: &Call) -> Result<Response, Refusal> {
    let new: NewConnection = call.body()?;
    let connection_type = new.connection_type.unwrap_or(ConnectionType::GenericSAML);
    let usual = if connection_type == ConnectionType::Pending {
        ConnectionState::RequiresType
    } else {
        ConnectionState::Active
    };
    let made = MadeConnection {
        organization_id: new.organization_id,
        connection_type,
        name: new.name,
        state: new.state.unwrap_or(usual),
        domains: new.domains,
    };
    let connection = connections::make(&call.environment, made)?;
    let view = Json(ConnectionView::new(&connection));
    Ok((StatusCode::CREATED, view).into_response())
}

fn change(call: &Call) -> Result<Response, Refusal> {
    let ConnectionChange { state } = call.body()?;
    let (environment, id) = (&call.environment, call.path("id"));
    let connection = match state {
        Outcome::Active => connections::activate(environment, id)?,
        Outcome::Inactive => connections::deactivate(environment, id)?,
    };
    Ok(Json(ConnectionView::new(&connection)).into_response())
}
