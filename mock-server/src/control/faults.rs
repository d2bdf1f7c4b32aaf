//! `/_mock/faults`: what goes wrong with the next requests.

use std::time::Duration;

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::operations;
use super::route::Route;
use crate::config::values::{self, DURATION};
use crate::domain::fault::{Damage, Effect, LONGEST_WAIT, STATUSES, Target, USUAL_OVER, When};
use crate::fault_targets::Wanted;
use crate::service::faults::{self, NewFault};
use crate::view::PageView;
use crate::view::faults::{DamageName, FaultView};

const ABOUT: &str = "Which requests are meant is told by `operation`, `method`, `path` and `resource`: at least one of \
them, and all that are given have to agree. What happens is told by `status`, `latency` and `damage`, alone or together. \
With a `status`, nothing is done. Without one the operation is really carried out, and only its answer comes late or \
damaged, so that a client that tries again meets what it has already done. When it happens is told by `times`, `every` or \
`always`. Of several faults that mean a request the oldest whose turn it is takes it, and younger ones do not see it. A fault \
that could never match is refused. Faults come after the key and before everything else.";

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/faults",
            "create_fault",
            "Lets something go wrong with requests of a kind.",
            |call| Box::pin(async move { add(&call) }),
        )
        .description(ABOUT)
        .body::<FaultToBe>()
        .example(
            "the next link is refused",
            r#"{"operation": "generate_portal_link", "status": 500}"#,
        )
        .example(
            "every third list of organizations comes late and cut",
            r#"{"operation": "list_organizations", "latency": "PT1S", "damage": "truncated_body", "every": 3}"#,
        )
        .answers::<FaultView>(201, "The fault."),
        Route::new(
            Method::GET,
            "/_mock/faults",
            "list_faults",
            "Lists the faults of the environment, the oldest first, also those that have run out.",
            |call| Box::pin(async move { Ok(list(&call)) }),
        )
        .answers::<PageView<FaultView>>(200, "Every fault."),
        Route::new(
            Method::DELETE,
            "/_mock/faults",
            "clear_faults",
            "Takes every fault of the environment away.",
            |call| Box::pin(async move { Ok(clear(&call)) }),
        ),
        Route::new(
            Method::DELETE,
            "/_mock/faults/{id}",
            "delete_fault",
            "Takes a fault away.",
            |call| Box::pin(async move { remove(&call) }),
        )
        .names("id", "The fault, by its id."),
    ]
}

/// What is to go wrong, with which requests, and when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FaultToBe {
    /// Requests for this operation of the API, by its id, such as `generate_portal_link`.
    operation: Option<String>,
    /// Requests with this method.
    method: Option<String>,
    /// Requests with this path, or with one like it: `/organizations/{id}`.
    path: Option<String>,
    /// Requests that name this id: as a segment of the path, as a value of the query, or as a text anywhere in the body.
    #[schemars(length(min = 1, max = 500))]
    resource: Option<String>,
    /// What is answered instead of carrying the operation out, with the body that `WorkOS` has for it.
    #[schemars(extend("enum" = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504, null]))]
    status: Option<u16>,
    /// The whole seconds after which the answer says to try again. For a 429 it is 1 unless it is said.
    #[schemars(range(min = 0, max = 86_400))]
    retry_after: Option<u32>,
    /// How much later the answer comes, in real time: a duration such as `PT2S` or `2 seconds`, up to a minute.
    latency: Option<String>,
    /// How the answer is damaged. `slow_body` spreads its body over `over`. `truncated_body` declares its whole length, sends half
    /// of it and ends the connection. `connection_reset` resets the connection before anything has come.
    /// `wrong_content_type` declares it as HTML. An answer without a body only the connection's reset can damage.
    damage: Option<DamageName>,
    /// Over how much real time a slow body is spread, up to a minute; 5 seconds unless it is said.
    over: Option<String>,
    /// For how many of the next requests it happens. Once, when neither this nor `every` nor `always` is given.
    #[schemars(range(min = 1, max = 1_000_000))]
    times: Option<u32>,
    /// For each how many-th request it happens, until it is taken away: with 3, for the third, the sixth and so on.
    #[schemars(range(min = 1, max = 1_000_000))]
    every: Option<u32>,
    /// Whether it happens for every request until it is taken away.
    always: bool,
}

fn add(call: &Call) -> Result<Response, Refusal> {
    let asked: FaultToBe = call.body()?;
    let new = asked.read().map_err(Refusal::Invalid)?;
    let fault = faults::add(&call.environment, new)?;
    Ok((StatusCode::CREATED, Json(FaultView::new(&fault))).into_response())
}

fn list(call: &Call) -> Response {
    let faults = faults::list(&call.environment);
    Json(PageView::new(&faults, FaultView::new)).into_response()
}

fn clear(call: &Call) -> Response {
    faults::clear(&call.environment);
    StatusCode::NO_CONTENT.into_response()
}

fn remove(call: &Call) -> Result<Response, Refusal> {
    faults::remove(&call.environment, call.path("id"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl FaultToBe {
    /// The fault, or everything that is wrong with it.
    fn read(self) -> Result<NewFault, Vec<FieldError>> {
        let mut errors = Vec::new();
        let when = collect(self.when(), &mut errors);
        let effect = collect_all(self.effect(), &mut errors);
        let target = collect(self.target(), &mut errors);
        match (target, effect, when) {
            (Some(target), Some(effect), Some(when)) if errors.is_empty() => Ok(NewFault {
                target,
                effect,
                when,
            }),
            _ => Err(errors),
        }
    }

    fn when(&self) -> Result<When, FieldError> {
        match (self.times, self.every, self.always) {
            (None, None, false) => Ok(When::Next(1)),
            (Some(times), None, false) => Ok(When::Next(times)),
            (None, Some(every), false) => Ok(When::Every(every)),
            (None, None, true) => Ok(When::Always),
            (times, ..) => {
                let field = if times.is_some() { "times" } else { "every" };
                let message = "Only one of times, every and always can be given.";
                Err(FieldError::new(field, "invalid_value", message))
            }
        }
    }

    fn effect(&self) -> Result<Effect, Vec<FieldError>> {
        let mut errors = Vec::new();
        let latency = collect(wait("latency", self.latency.as_deref()), &mut errors).flatten();
        let over = collect(wait("over", self.over.as_deref()), &mut errors).flatten();
        let damage = self.damage.map(|damage| match damage {
            DamageName::SlowBody => Damage::SlowBody(over.unwrap_or(USUAL_OVER)),
            DamageName::TruncatedBody => Damage::TruncatedBody,
            DamageName::ConnectionReset => Damage::ConnectionReset,
            DamageName::WrongContentType => Damage::WrongContentType,
        });
        if self.over.is_some() && !matches!(damage, Some(Damage::SlowBody(_))) {
            let message = "over goes with the damage slow_body.";
            errors.push(FieldError::new("over", "invalid_value", message));
        }
        if self.status.is_none() && self.latency.is_none() && damage.is_none() {
            let message = "One of status, latency and damage is required.";
            errors.push(FieldError::new("status", "required", message));
        } else if self.status.is_none() && self.retry_after.is_some() {
            let message = "retry_after goes with a status.";
            errors.push(FieldError::new("retry_after", "invalid_value", message));
        }
        if errors.is_empty() {
            Ok(Effect {
                status: self.status.filter(|status| STATUSES.contains(status)),
                retry_after: self.retry_after,
                latency,
                damage,
            })
        } else {
            Err(errors)
        }
    }

    /// Which requests are meant, of which there have to be some.
    fn target(self) -> Result<Target, FieldError> {
        let operation = self.operation.as_deref().map(operations::named);
        let wanted = Wanted {
            operation: operation.transpose()?,
            method: self.method,
            path: self.path,
            resource: self.resource,
        };
        Ok(wanted.read()?)
    }
}

/// How long somebody is to wait in real time.
fn wait(name: &str, text: Option<&str>) -> Result<Option<Duration>, FieldError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let long = || {
        let message = format!("{name} must be longer than nothing and at most a minute.");
        FieldError::new(name, "out_of_range", message)
    };
    let wait = values::duration(text).map_err(|error| match error {
        values::NoDuration::Malformed => FieldError::new(
            name,
            "invalid_format",
            format!("{name} must be {DURATION}."),
        ),
        values::NoDuration::OutOfRange => long(),
    })?;
    let wait = Duration::try_from(wait).map_err(|_| long())?;
    if wait.is_zero() || wait > LONGEST_WAIT {
        return Err(long());
    }
    Ok(Some(wait))
}

fn collect<T>(result: Result<T, FieldError>, errors: &mut Vec<FieldError>) -> Option<T> {
    collect_all(result.map_err(|error| vec![error]), errors)
}

fn collect_all<T>(result: Result<T, Vec<FieldError>>, errors: &mut Vec<FieldError>) -> Option<T> {
    result.map_err(|found| errors.extend(found)).ok()
}

#[cfg(test)]
mod tests {
    use schemars::schema_for;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_document_has_every_status() {
        let schema = schema_for!(FaultToBe);
        let mut statuses = json!(STATUSES);
        statuses.as_array_mut().expect("a list").push(json!(null));
        assert_eq!(schema.as_value()["properties"]["status"]["enum"], statuses);
    }
}
