//! `/_mock/faults`: answers that the next requests get in the place of the real ones.

use std::ops::RangeInclusive;

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::{Id, Target};
use crate::domain::fault::{PathPattern, STATUSES};
use crate::operation::Operation;
use crate::service::faults::{self, NewFault};
use crate::view::PageView;
use crate::view::faults::FaultView;

/// The seconds that an answer can ask to wait, up to a day.
const RETRY_AFTER: RangeInclusive<u32> = 0..=86_400;
/// How many requests can get an answer.
const TIMES: RangeInclusive<u32> = 1..=1_000_000;
const MEMBERS: [&str; 5] = ["method", "path", "status", "retry_after", "times"];

pub(super) async fn add(
    Target(environment): Target,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let new = read(&body).map_err(Refusal::Invalid)?;
    let fault = faults::add(&environment, new)?;
    Ok((StatusCode::CREATED, Json(FaultView::new(&fault))).into_response())
}

pub(super) async fn list(Target(environment): Target) -> Response {
    let faults = faults::list(&environment);
    Json(PageView::new(&faults, FaultView::new)).into_response()
}

pub(super) async fn clear(Target(environment): Target) -> StatusCode {
    faults::clear(&environment);
    StatusCode::NO_CONTENT
}

pub(super) async fn remove(Target(environment): Target, Id(id): Id) -> Result<StatusCode, Refusal> {
    faults::remove(&environment, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a body, or says everything that is wrong with it.
fn read(body: &Value) -> Result<NewFault, Vec<FieldError>> {
    let Some(members) = body.as_object() else {
        let message = "The body must be an object.";
        return Err(vec![FieldError::new("body", "invalid_type", message)]);
    };
    let mut errors: Vec<FieldError> = members
        .keys()
        .filter(|name| !MEMBERS.contains(&name.as_str()))
        .map(|name| {
            let message = format!(
                "There is no member '{name}'; there are {}.",
                MEMBERS.join(", ")
            );
            FieldError::new(name, "unknown", message)
        })
        .collect();
    let method = method(members);
    let path = path(members, method.as_deref().ok());
    let status = status(members);
    let retry_after = number(members, "retry_after", RETRY_AFTER);
    let times = number(members, "times", TIMES);
    match (method, path, status, retry_after, times) {
        (Ok(method), Ok(path), Ok(status), Ok(retry_after), Ok(times)) if errors.is_empty() => {
            Ok(NewFault {
                method,
                path,
                status,
                retry_after,
                times: times.unwrap_or(1),
            })
        }
        (method, path, status, retry_after, times) => {
            let found = [
                method.err(),
                path.err(),
                status.err(),
                retry_after.err(),
                times.err(),
            ];
            errors.extend(found.into_iter().flatten());
            Err(errors)
        }
    }
}

/// A member that has to be there, or what is wrong with it.
fn required<'v>(members: &'v Map<String, Value>, name: &str) -> Result<&'v Value, FieldError> {
    let value = members.get(name).filter(|value| !value.is_null());
    value.ok_or_else(|| FieldError::new(name, "required", format!("{name} is required.")))
}

fn text<'v>(members: &'v Map<String, Value>, name: &str) -> Result<&'v str, FieldError> {
    let not_text = || FieldError::new(name, "invalid_type", format!("{name} must be a string."));
    required(members, name)?.as_str().ok_or_else(not_text)
}

/// A method that the API has, in capitals.
fn method(members: &Map<String, Value>) -> Result<String, FieldError> {
    let given = text(members, "method")?.to_ascii_uppercase();
    let mut known: Vec<_> = Operation::ALL.map(Operation::method).into();
    known.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    known.dedup();
    if known.iter().any(|method| *method == given.as_str()) {
        return Ok(given);
    }
    let names: Vec<_> = known.iter().map(Method::as_str).collect();
    let message = format!("method must be one of {}.", names.join(", "));
    Err(FieldError::new("method", "invalid_value", message))
}

/// A path, or a template, that an operation with this method has.
fn path(members: &Map<String, Value>, method: Option<&str>) -> Result<PathPattern, FieldError> {
    let Some(pattern) = PathPattern::parse(text(members, "path")?) else {
        let message = "path must begin with a slash.";
        return Err(FieldError::new("path", "invalid_format", message));
    };
    let served = Operation::ALL.iter().any(|operation| {
        method.is_none_or(|method| operation.method() == method)
            && PathPattern::parse(operation.path()).is_some_and(|template| pattern.fits(&template))
    });
    if served {
        return Ok(pattern);
    }
    let message = "path must be that of an operation with this method, or a template such as /organizations/{id}.";
    Err(FieldError::new("path", "invalid_value", message))
}

fn status(members: &Map<String, Value>) -> Result<u16, FieldError> {
    let given = required(members, "status")?;
    if !given.is_number() {
        let message = "status must be an integer.";
        return Err(FieldError::new("status", "invalid_type", message));
    }
    let known = STATUSES.into_iter().find(|known| *given == *known);
    known.ok_or_else(|| {
        let names = STATUSES.map(|status| status.to_string()).join(", ");
        FieldError::new(
            "status",
            "invalid_value",
            format!("status must be one of {names}."),
        )
    })
}

/// A whole number in a range; nothing when it is not there.
fn number(
    members: &Map<String, Value>,
    name: &str,
    range: RangeInclusive<u32>,
) -> Result<Option<u32>, FieldError> {
    let Some(given) = members.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let (least, most) = (range.start(), range.end());
    if !given.is_i64() && !given.is_u64() {
        let message = format!("{name} must be an integer.");
        return Err(FieldError::new(name, "invalid_type", message));
    }
    let number = given.as_u64().and_then(|given| u32::try_from(given).ok());
    number
        .filter(|number| range.contains(number))
        .map(Some)
        .ok_or_else(|| {
            let message = format!("{name} must be between {least} and {most}.");
            FieldError::new(name, "out_of_range", message)
        })
}
