//! `/_mock/directory_users` and `/_mock/directory_groups`: what a provider does to a directory after its first sync.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::directories::{LARGEST_BODY, read_group, read_user};
use super::members::Members;
use super::{Id, Target};
use crate::domain::directory_user::UserAttributes;
use crate::domain::ids::Id as _;
use crate::service::population::NewUser;
use crate::service::{directory_users, provisioning};
use crate::view::directories::{DirectoryGroupView, DirectoryUserView};

/// Adds a user to a directory.
pub(super) async fn add_user(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody<LARGEST_BODY>,
) -> Result<Response, Refusal> {
    let new = read(&body, read_user)?;
    let user = provisioning::add_user(&environment, &id, new)?;
    let view = DirectoryUserView::with_groups(&user, std::iter::empty());
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Changes what the provider says of a user. Whoever turns inactive is deleted, and the answer is empty.
pub(super) async fn change_user(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody<LARGEST_BODY>,
) -> Result<Response, Refusal> {
    let new = read(&body, read_user)?;
    if body.get("idp_id").is_some_and(|idp_id| !idp_id.is_null()) {
        return Err(unchangeable());
    }
    let changed = provisioning::update_user(&environment, &id, |user| change(user, new, &body))?;
    let Some(user) = changed else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let (user, groups) = directory_users::get(&environment, user.id.as_str())?;
    let view = DirectoryUserView::with_groups(&user, groups.of(&user));
    Ok(Json(view).into_response())
}

/// Takes over the members that a body has.
fn change(user: &mut UserAttributes, new: NewUser, body: &Value) {
    let has = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    let NewUser { attributes, .. } = new;
    if has("email") {
        user.email = attributes.email;
    }
    if has("emails") || has("email") {
        user.emails = attributes.emails;
    }
    if has("first_name") {
        user.first_name = attributes.first_name;
    }
    if has("last_name") {
        user.last_name = attributes.last_name;
    }
    if has("name") {
        user.name = attributes.name;
    } else if has("first_name") || has("last_name") {
        let names = [&user.first_name, &user.last_name].into_iter().flatten();
        user.name = Some(names.cloned().collect::<Vec<_>>().join(" "));
    }
    if has("job_title") {
        user.job_title = attributes.job_title;
    }
    if has("username") {
        user.username = attributes.username;
    }
    if has("state") {
        user.state = attributes.state;
    }
    if has("raw_attributes") {
        user.raw_attributes = attributes.raw_attributes;
    }
    if has("custom_attributes") {
        user.custom_attributes = attributes.custom_attributes;
    }
    if has("role") || has("roles") {
        user.roles = attributes.roles;
    }
}

/// Takes a user away.
pub(super) async fn remove_user(
    Target(environment): Target,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    provisioning::remove_user(&environment, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a group to a directory.
pub(super) async fn add_group(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody<LARGEST_BODY>,
) -> Result<Response, Refusal> {
    let new = read(&body, read_group)?;
    let group = provisioning::add_group(&environment, &id, new)?;
    Ok((StatusCode::CREATED, Json(DirectoryGroupView::new(&group))).into_response())
}

/// Changes what the provider says of a group.
pub(super) async fn change_group(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody<LARGEST_BODY>,
) -> Result<Response, Refusal> {
    let (name, raw_attributes) = read(&body, |body, path, errors| {
        let mut members = Members::of(body, path, &["name", "raw_attributes"], errors)?;
        Some((members.text("name"), members.object("raw_attributes")))
    })?;
    let group = provisioning::update_group(&environment, &id, |group| {
        if let Some(name) = name {
            group.name = name;
        }
        if let Some(raw_attributes) = raw_attributes {
            group.raw_attributes = raw_attributes;
        }
    })?;
    Ok(Json(DirectoryGroupView::new(&group)).into_response())
}

/// Takes a group away.
pub(super) async fn remove_group(
    Target(environment): Target,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    provisioning::remove_group(&environment, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

type Membership = Result<Path<(String, String)>, PathRejection>;

/// Takes a user into a group.
pub(super) async fn join(
    Target(environment): Target,
    ids: Membership,
) -> Result<StatusCode, Refusal> {
    let Path((group, user)) = ids.map_err(|_| Refusal::NoSuchPath)?;
    provisioning::join(&environment, &group, &user)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a user out of a group.
pub(super) async fn leave(
    Target(environment): Target,
    ids: Membership,
) -> Result<StatusCode, Refusal> {
    let Path((group, user)) = ids.map_err(|_| Refusal::NoSuchPath)?;
    provisioning::leave(&environment, &group, &user)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a body, or says everything that is wrong with it.
fn read<T>(
    body: &Value,
    read: impl FnOnce(&Value, &str, &mut Vec<FieldError>) -> Option<T>,
) -> Result<T, Refusal> {
    let mut errors = Vec::new();
    match read(body, "", &mut errors) {
        Some(read) if errors.is_empty() => Ok(read),
        _ => Err(Refusal::Invalid(errors)),
    }
}

fn unchangeable() -> Refusal {
    let message = "idp_id cannot be changed: the provider means the same user by it for ever.";
    Refusal::Invalid(vec![FieldError::new("idp_id", "invalid_value", message)])
}
