//! `/_mock/clock`: reads and moves the clock of an environment.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Target;
use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use crate::clock::{Clock, YEARS};
use crate::config::values::{self, NoDuration};

#[derive(Debug, Serialize)]
struct Reading {
    now: Timestamp,
    frozen: bool,
}

/// What a call asks for. The members combine in this order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    set: Option<Timestamp>,
    advance: Option<SignedDuration>,
    frozen: Option<bool>,
}

pub(super) async fn show(Target(environment): Target) -> impl IntoResponse {
    answer(&environment.clock)
}

pub(super) async fn change(
    Target(environment): Target,
    JsonBody(body): JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let change = Change::read(&body).map_err(Refusal::Invalid)?;
    change
        .apply(&environment.clock)
        .map_err(|error| Refusal::Invalid(vec![error]))?;
    Ok(answer(&environment.clock))
}

fn answer(clock: &Clock) -> impl IntoResponse + use<> {
    let reading = Reading {
        now: clock.now(),
        frozen: clock.is_frozen(),
    };
    ([(CACHE_CONTROL, "no-store")], Json(reading))
}

impl Change {
    /// Reads a body, or says everything that is wrong with it.
    fn read(body: &Value) -> Result<Self, Vec<FieldError>> {
        let Some(members) = body.as_object() else {
            return Err(vec![FieldError::new(
                "body",
                "invalid_type",
                "The body must be an object.",
            )]);
        };
        let mut errors: Vec<FieldError> = members
            .keys()
            .filter(|name| !matches!(name.as_str(), "set" | "advance" | "frozen"))
            .map(|name| {
                FieldError::new(
                    name,
                    "unknown",
                    format!("There is no member '{name}'; there are set, advance and frozen."),
                )
            })
            .collect();
        let change = Self {
            set: read(members, "set", values::INSTANT, instant, &mut errors),
            advance: read(members, "advance", values::DURATION, advance, &mut errors),
            frozen: match members.get("frozen") {
                None => None,
                Some(Value::Bool(frozen)) => Some(*frozen),
                Some(_) => {
                    errors.push(FieldError::new(
                        "frozen",
                        "invalid_type",
                        "frozen must be true or false.",
                    ));
                    None
                }
            },
        };
        if errors.is_empty() {
            Ok(change)
        } else {
            Err(errors)
        }
    }

    /// Changes `clock`, or leaves it as it is when it cannot show the result.
    fn apply(&self, clock: &Clock) -> Result<(), FieldError> {
        let target = match (self.set, self.advance) {
            (Some(at), by) => Some(
                at.checked_add(by.unwrap_or_default())
                    .map_err(|_| too_far())?,
            ),
            (None, _) => None,
        };
        // Stopped first, so that it stands exactly where it was put.
        let was_frozen = clock.is_frozen();
        if self.frozen == Some(true) {
            clock.freeze();
        }
        match (target, self.advance) {
            (Some(at), _) => clock.set(at),
            (None, Some(by)) => {
                if clock.advance(by).is_err() {
                    if !was_frozen {
                        clock.resume();
                    }
                    return Err(too_far());
                }
            }
            (None, None) => {}
        }
        if self.frozen == Some(false) {
            clock.resume();
        }
        Ok(())
    }
}

/// The text of a member, as `parse` reads it.
fn read<T>(
    members: &Map<String, Value>,
    name: &str,
    expected: &str,
    parse: impl Fn(&str) -> Result<T, FieldError>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let found = match members.get(name)? {
        Value::String(text) => parse(text),
        _ => Err(not_a(name, "invalid_type", expected)),
    };
    found.map_err(|error| errors.push(error)).ok()
}

fn not_a(name: &str, rule: &str, expected: &str) -> FieldError {
    FieldError::new(name, rule, format!("{name} must be {expected}."))
}

fn instant(text: &str) -> Result<Timestamp, FieldError> {
    values::instant(text).map_err(|_| not_a("set", "invalid_format", values::INSTANT))
}

fn advance(text: &str) -> Result<SignedDuration, FieldError> {
    values::duration(text).map_err(|error| match error {
        NoDuration::Malformed => not_a("advance", "invalid_format", values::DURATION),
        NoDuration::OutOfRange => too_far(),
    })
}

fn too_far() -> FieldError {
    let message = format!("The clock cannot be moved that far: it shows {YEARS}.");
    FieldError::new("advance", "out_of_range", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    fn changed(body: &Value) -> (Timestamp, bool) {
        let clock = Clock::frozen_at(at("2026-01-01T00:00:00Z"));
        Change::read(body)
            .expect("a valid change")
            .apply(&clock)
            .expect("a change in range");
        (clock.now(), clock.is_frozen())
    }

    #[test]
    fn members_combine() {
        for (body, now) in [
            (json!({}), "2026-01-01T00:00:00Z"),
            (json!({"advance": "PT5M"}), "2026-01-01T00:05:00Z"),
            (json!({"advance": "2 days 1h"}), "2026-01-03T01:00:00Z"),
            (json!({"advance": "-PT1S"}), "2025-12-31T23:59:59Z"),
            (
                json!({"set": "2020-02-29T12:00:00+02:00"}),
                "2020-02-29T10:00:00Z",
            ),
            (
                json!({"frozen": true, "advance": "PT1M", "set": "2030-01-01T00:00:00Z"}),
                "2030-01-01T00:01:00Z",
            ),
        ] {
            assert_eq!(changed(&body), (at(now), true), "{body}");
        }
        assert!(!changed(&json!({"frozen": false})).1);
    }

    #[test]
    fn a_running_clock_is_stopped_exactly_where_it_is_put() {
        let clock = Clock::system();
        let change = Change::read(&json!({"set": "2026-01-01T00:00:00Z", "frozen": true}))
            .expect("a valid change");
        change.apply(&clock).expect("a change in range");
        assert_eq!(
            (clock.now(), clock.is_frozen()),
            (at("2026-01-01T00:00:00Z"), true)
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let errors =
            Change::read(&json!({"advance": 5, "set": "noon", "frozen": "yes", "speed": 2}))
                .expect_err("invalid");
        let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "speed_unknown",
                "set_invalid_format",
                "advance_invalid_type",
                "frozen_invalid_type"
            ]
        );
        assert_eq!(
            Change::read(&json!([])).expect_err("no object")[0].code,
            "body_invalid_type"
        );
    }

    #[test]
    fn a_clock_that_cannot_go_there_stays() {
        let clock = Clock::frozen_at(at("2026-01-01T00:00:00Z"));
        clock.resume();
        for body in [
            json!({"advance": "100000000h", "frozen": true}),
            json!({"advance": "100000000h", "set": "2026-01-01T00:00:00Z"}),
        ] {
            let error = Change::read(&body)
                .expect("a valid change")
                .apply(&clock)
                .expect_err("out of range");
            assert_eq!(error, too_far());
            assert!(!clock.is_frozen() && clock.now() < at("2027-01-01T00:00:00Z"));
        }
    }
}
