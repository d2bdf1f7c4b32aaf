//! `/_mock/connections`: connections as a test wants them, and what becomes of them when people sign in.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::{Id, Target};
use crate::domain::connection::ConnectionState;
use crate::domain::connection_type::ConnectionType;
use crate::service::connections::{self, MadeConnection};
use crate::view::connections::ConnectionView;

/// What a sign-in, or the end of them, makes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Active,
    Inactive,
}

const MEMBERS: [&str; 5] = [
    "organization_id",
    "connection_type",
    "name",
    "state",
    "domains",
];

pub(super) async fn make(
    Target(environment): Target,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let made = read(&body).map_err(Refusal::Invalid)?;
    let connection = connections::make(&environment, made)?;
    let view = Json(ConnectionView::new(&connection));
    Ok((StatusCode::CREATED, view).into_response())
}

pub(super) async fn change(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let connection = match outcome(&body).map_err(Refusal::Invalid)? {
        Outcome::Active => connections::activate(&environment, &id)?,
        Outcome::Inactive => connections::deactivate(&environment, &id)?,
    };
    Ok(Json(ConnectionView::new(&connection)).into_response())
}

/// Reads a connection that is to be made, or says everything that is wrong with it.
fn read(body: &Value) -> Result<MadeConnection, Vec<FieldError>> {
    let members = members(body)?;
    let mut errors = unknown(members, &MEMBERS);
    let organization_id = text(members, "organization_id", &mut errors);
    if !given(members, "organization_id") {
        let message = "organization_id is required.";
        errors.push(FieldError::new("organization_id", "required", message));
    }
    let connection_type = choice(
        members,
        "connection_type",
        "a type of connection",
        &mut errors,
    );
    let states = "requires_type, draft, validating, active, inactive or deleting";
    let state = choice(members, "state", states, &mut errors);
    let name = text(members, "name", &mut errors);
    let domains = texts(members, "domains", &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let connection_type = connection_type.unwrap_or(ConnectionType::GenericSAML);
    let state = state.unwrap_or(if connection_type == ConnectionType::Pending {
        ConnectionState::RequiresType
    } else {
        ConnectionState::Active
    });
    Ok(MadeConnection {
        organization_id: organization_id.unwrap_or_default(),
        connection_type,
        name,
        state,
        domains,
    })
}

fn outcome(body: &Value) -> Result<Outcome, Vec<FieldError>> {
    let members = members(body)?;
    let mut errors = unknown(members, &["state"]);
    match choice(members, "state", "active or inactive", &mut errors) {
        Some(outcome) if errors.is_empty() => Ok(outcome),
        _ => {
            if !given(members, "state") {
                errors.push(FieldError::new("state", "required", "state is required."));
            }
            Err(errors)
        }
    }
}

fn members(body: &Value) -> Result<&Map<String, Value>, Vec<FieldError>> {
    body.as_object().ok_or_else(|| {
        let message = "The body must be an object.";
        vec![FieldError::new("body", "invalid_type", message)]
    })
}

fn unknown(members: &Map<String, Value>, known: &[&str]) -> Vec<FieldError> {
    let names = members
        .keys()
        .filter(|name| !known.contains(&name.as_str()));
    let error = |name: &String| {
        let message = format!(
            "There is no member '{name}'; there are: {}.",
            known.join(", ")
        );
        FieldError::new(name, "unknown", message)
    };
    names.map(error).collect()
}

/// Whether a member is there; `null` is as good as nothing.
fn given(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name).is_some_and(|value| !value.is_null())
}

fn text(members: &Map<String, Value>, name: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    match members.get(name)? {
        Value::Null => None,
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        value => {
            let rule = if value.is_string() {
                "too_short"
            } else {
                "invalid_type"
            };
            let message = format!("{name} must be a text that is not empty.");
            errors.push(FieldError::new(name, rule, message));
            None
        }
    }
}

fn texts(
    members: &Map<String, Value>,
    name: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Vec<String>> {
    let value = members.get(name).filter(|value| !value.is_null())?;
    let texts = Vec::deserialize(value).ok();
    if texts.is_none() {
        let message = format!("{name} must be a list of texts.");
        errors.push(FieldError::new(name, "invalid_type", message));
    }
    texts
}

fn choice<T: DeserializeOwned>(
    members: &Map<String, Value>,
    name: &str,
    expected: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let value = members.get(name).filter(|value| !value.is_null())?;
    // An enum would also be read from an object with one member.
    let found = value.as_str().and_then(|_| T::deserialize(value).ok());
    if found.is_none() {
        let message = format!("{name} must be {expected}.");
        errors.push(FieldError::new(name, "invalid_value", message));
    }
    found
}
