//! `/_mock/directory_users` and `/_mock/directory_groups`: what a provider does to a directory after its first sync.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer::Refusal;
use super::call::Call;
use super::people::{Attributes, Group, GroupChange, User};
use super::route::{MUCH, Route};
use crate::domain::ids::Id as _;
use crate::service::{directory_users, provisioning};
use crate::view::directories::{DirectoryGroupView, DirectoryUserView};

const DIRECTORY: &str = "The directory, by its id.";
const USER: &str = "The user of a directory, by its id.";
const GROUP: &str = "The group of a directory, by its id.";

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = of_users();
    routes.extend(of_groups());
    routes
}

fn of_users() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/directories/{id}/users",
            "add_directory_user",
            "Adds a user to a directory.",
            |call| Box::pin(async move { add_user(&call) }),
        )
        .names("id", DIRECTORY)
        .body::<User>()
        .largest_body(MUCH)
        .example("somebody", r#"{"idp_id": "ada", "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lovelace"}"#)
        .answers::<DirectoryUserView<'static>>(201, "The user, who is in no group yet."),
        Route::new(
            Method::PATCH,
            "/_mock/directory_users/{id}",
            "change_directory_user",
            "Changes what the provider says of a user.",
            |call| Box::pin(async move { change_user(&call) }),
        )
        .description(
            "What is left out stays. The provider means the same user by its `idp_id` for ever, so that cannot be changed. \
             Whoever turns `inactive` is deleted: then the answer is 204 and empty.",
        )
        .names("id", USER)
        .body::<Attributes>()
        .largest_body(MUCH)
        .example("a new title", r#"{"job_title": "Countess"}"#)
        .example("somebody leaves", r#"{"state": "inactive"}"#)
        .answers::<DirectoryUserView<'static>>(200, "The user as it is now, with its groups.")
        .or_empty("The user has turned inactive, and is deleted."),
        Route::new(
            Method::DELETE,
            "/_mock/directory_users/{id}",
            "remove_directory_user",
            "Takes a user away.",
            |call| Box::pin(async move { remove_user(&call) }),
        )
        .names("id", USER),
    ]
}

fn of_groups() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/directories/{id}/groups",
            "add_directory_group",
            "Adds a group to a directory.",
            |call| Box::pin(async move { add_group(&call) }),
        )
        .names("id", DIRECTORY)
        .body::<Group>()
        .largest_body(MUCH)
        .example(
            "with somebody in it",
            r#"{"name": "Engineering", "members": ["ada@acme.example"]}"#,
        )
        .answers::<DirectoryGroupView<'static>>(201, "The group."),
        Route::new(
            Method::PATCH,
            "/_mock/directory_groups/{id}",
            "change_directory_group",
            "Changes what the provider says of a group.",
            |call| Box::pin(async move { change_group(&call) }),
        )
        .description("What is left out stays. Who is in it is changed one by one.")
        .names("id", GROUP)
        .body::<GroupChange>()
        .largest_body(MUCH)
        .example("another name", r#"{"name": "Platform"}"#)
        .answers::<DirectoryGroupView<'static>>(200, "The group as it is now."),
        Route::new(
            Method::DELETE,
            "/_mock/directory_groups/{id}",
            "remove_directory_group",
            "Takes a group away; its users stay.",
            |call| Box::pin(async move { remove_group(&call) }),
        )
        .names("id", GROUP),
        Route::new(
            Method::PUT,
            "/_mock/directory_groups/{id}/users/{user}",
            "join_directory_group",
            "Takes a user into a group.",
            |call| Box::pin(async move { join(&call) }),
        )
        .description("Whoever is in it already stays in it, and no event tells of that.")
        .names("id", GROUP)
        .names("user", USER),
        Route::new(
            Method::DELETE,
            "/_mock/directory_groups/{id}/users/{user}",
            "leave_directory_group",
            "Takes a user out of a group.",
            |call| Box::pin(async move { leave(&call) }),
        )
        .description("Whoever is not in it stays out of it, and no event tells of that.")
        .names("id", GROUP)
        .names("user", USER),
    ]
}

fn add_user(call: &Call) -> Result<Response, Refusal> {
    let new: User = call.body()?;
    let user = provisioning::add_user(&call.environment, call.path("id"), new.into_new())?;
    let view = DirectoryUserView::with_groups(&user, std::iter::empty());
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

fn change_user(call: &Call) -> Result<Response, Refusal> {
    let change: Attributes = call.body()?;
    let (environment, id) = (&call.environment, call.path("id"));
    let changed = provisioning::update_user(environment, id, |user| change.apply(user))?;
    let Some(user) = changed else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let (user, groups) = directory_users::get(environment, user.id.as_str())?;
    let view = DirectoryUserView::with_groups(&user, groups.of(&user));
    Ok(Json(view).into_response())
}

fn remove_user(call: &Call) -> Result<Response, Refusal> {
    provisioning::remove_user(&call.environment, call.path("id"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn add_group(call: &Call) -> Result<Response, Refusal> {
    let new: Group = call.body()?;
    let group = provisioning::add_group(&call.environment, call.path("id"), new.into_new())?;
    Ok((StatusCode::CREATED, Json(DirectoryGroupView::new(&group))).into_response())
}

fn change_group(call: &Call) -> Result<Response, Refusal> {
    let change: GroupChange = call.body()?;
    let (environment, id) = (&call.environment, call.path("id"));
    let group = provisioning::update_group(environment, id, |group| change.apply(group))?;
    Ok(Json(DirectoryGroupView::new(&group)).into_response())
}

fn remove_group(call: &Call) -> Result<Response, Refusal> {
    provisioning::remove_group(&call.environment, call.path("id"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn join(call: &Call) -> Result<Response, Refusal> {
    provisioning::join(&call.environment, call.path("id"), call.path("user"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn leave(call: &Call) -> Result<Response, Refusal> {
    provisioning::leave(&call.environment, call.path("id"), call.path("user"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
