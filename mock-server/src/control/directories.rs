//! `/_mock/directories`: makes directories, which an app cannot do by WorkOS's API.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Target;
use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::members::Members;
use crate::domain::directory::{DirectoryState, DirectoryType};
use crate::domain::directory_group::GroupAttributes;
use crate::domain::directory_user::{UserAttributes, UserEmail, UserState};
use crate::domain::domain_name::DomainName;
use crate::service::directories::{self, NewDirectory};
use crate::service::population::{NewGroup, NewUser, Populace};
use crate::view::directories::DirectoryView;

/// As much as the API takes.
pub(super) const LARGEST_BODY: usize = 1024 * 1024;

/// How many users and how many groups one call makes up.
const MOST_SAMPLES: u64 = 100_000;

pub(super) async fn create(
    Target(environment): Target,
    JsonBody(body): JsonBody<LARGEST_BODY>,
) -> Result<Response, Refusal> {
    let new = read(&body).map_err(Refusal::Invalid)?;
    // A hundred thousand users take a while, in which this thread has other calls to answer.
    let made = tokio::task::spawn_blocking(move || directories::create(&environment, new)).await;
    let directory = match made {
        Ok(made) => made?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    Ok((StatusCode::CREATED, Json(DirectoryView::new(&directory))).into_response())
}

/// Reads a body, or says everything that is wrong with it.
fn read(body: &Value) -> Result<NewDirectory, Vec<FieldError>> {
    let mut errors = Vec::new();
    let new = read_directory(body, &mut errors);
    match new {
        Some(new) if errors.is_empty() => Ok(new),
        _ => Err(errors),
    }
}

fn read_directory(body: &Value, errors: &mut Vec<FieldError>) -> Option<NewDirectory> {
    const NAMES: [&str; 7] = [
        "organization_id",
        "name",
        "domain",
        "type",
        "state",
        "users",
        "groups",
    ];
    let mut members = Members::of(body, "", &NAMES, errors)?;
    let organization_id = members.text("organization_id");
    let organization_id = members.required("organization_id", organization_id);
    let name = members.text("name");
    let domain = members.text("domain");
    let domain = domain.and_then(|text| match DomainName::parse(&text) {
        Ok(domain) => Some(domain),
        Err(error) => {
            members.wrong("domain", "invalid_format", &error.to_string());
            None
        }
    });
    let kind = members.one_of("type", &DirectoryType::ALL, DirectoryType::as_str);
    let state = members.one_of("state", &DirectoryState::ALL, DirectoryState::as_str);
    let users = populace(&mut members, "users", read_user);
    let groups = populace(&mut members, "groups", read_group);
    Some(NewDirectory {
        organization_id: organization_id?,
        name,
        domain,
        kind: kind.unwrap_or(DirectoryType::GenericScim),
        state: state.unwrap_or(DirectoryState::Linked),
        users,
        groups,
    })
}

/// A number or a list; nobody when it is missing.
fn populace<T>(
    members: &mut Members<'_>,
    name: &str,
    read: impl Fn(&Value, &str, &mut Vec<FieldError>) -> Option<T>,
) -> Populace<T> {
    let count = match members.get(name) {
        None => Some(0),
        Some(Value::Array(_)) => {
            return Populace::Given(members.list(name, read).unwrap_or_default());
        }
        Some(Value::Number(number)) => number.as_u64().or_else(|| {
            members.wrong(
                name,
                "out_of_range",
                "must be a whole number from 0 to 100000",
            );
            None
        }),
        Some(_) => {
            members.wrong(name, "invalid_type", "must be a number or a list");
            None
        }
    };
    let count = count.unwrap_or(0);
    if count > MOST_SAMPLES {
        members.wrong(
            name,
            "out_of_range",
            "must be a whole number from 0 to 100000",
        );
        return Populace::Samples(0);
    }
    Populace::Samples(usize::try_from(count).unwrap_or(0))
}

pub(super) fn read_user(
    value: &Value,
    path: &str,
    errors: &mut Vec<FieldError>,
) -> Option<NewUser> {
    const NAMES: [&str; 13] = [
        "idp_id",
        "email",
        "first_name",
        "last_name",
        "name",
        "emails",
        "job_title",
        "username",
        "state",
        "raw_attributes",
        "custom_attributes",
        "role",
        "roles",
    ];
    let mut members = Members::of(value, path, &NAMES, errors)?;
    let idp_id = members.text("idp_id");
    let email = members.text("email");
    let first_name = members.text("first_name");
    let last_name = members.text("last_name");
    let name = members.text("name").or_else(|| {
        let parts: Vec<_> = first_name.iter().chain(&last_name).cloned().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    let emails = members.list("emails", read_email);
    let emails =
        emails.unwrap_or_else(|| email.iter().map(|email| UserEmail::work(email)).collect());
    let state = members.one_of("state", &UserState::ALL, UserState::as_str);
    let role = members
        .get("role")
        .and_then(|role| read_role(role, &join(path, "role"), members.errors()));
    let roles = members.list("roles", read_role).unwrap_or_default();
    let others = roles.into_iter().filter(|slug| role.as_ref() != Some(slug));
    let roles = role.iter().cloned().chain(others).collect();
    Some(NewUser {
        idp_id,
        attributes: UserAttributes {
            job_title: members.text("job_title"),
            username: members.text("username").or_else(|| email.clone()),
            raw_attributes: members.object("raw_attributes").unwrap_or_default(),
            custom_attributes: members.object("custom_attributes").unwrap_or_default(),
            state: state.unwrap_or(UserState::Active),
            email,
            first_name,
            last_name,
            name,
            emails,
            roles,
        },
    })
}

/// The path of a member; that of the body itself is empty.
fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

fn read_email(value: &Value, path: &str, errors: &mut Vec<FieldError>) -> Option<UserEmail> {
    let mut members = Members::of(value, path, &["primary", "type", "value"], errors)?;
    Some(UserEmail {
        primary: members.boolean("primary").unwrap_or_default(),
        kind: members.text("type").unwrap_or_else(|| "work".to_owned()),
        value: members.text("value"),
    })
}

fn read_role(value: &Value, path: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    let mut members = Members::of(value, path, &["slug"], errors)?;
    let slug = members.text("slug");
    members.required("slug", slug)
}

pub(super) fn read_group(
    value: &Value,
    path: &str,
    errors: &mut Vec<FieldError>,
) -> Option<NewGroup> {
    const NAMES: [&str; 4] = ["idp_id", "name", "raw_attributes", "members"];
    let mut members = Members::of(value, path, &NAMES, errors)?;
    let idp_id = members.text("idp_id");
    let name = members.text("name");
    let name = members.required("name", name);
    let raw_attributes = members.object("raw_attributes").unwrap_or_default();
    let who = members.list("members", |member, path, errors| {
        let text = member.as_str().map(str::to_owned);
        if text.is_none() {
            let message = format!("{path} must be the idp_id or the email of a user.");
            errors.push(FieldError::new(path, "invalid_type", message));
        }
        text
    });
    Some(NewGroup {
        idp_id,
        attributes: GroupAttributes {
            name: name?,
            raw_attributes,
        },
        members: who.unwrap_or_default(),
    })
}
