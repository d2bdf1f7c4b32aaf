//! `/_mock/clock`: reads and moves the clock of an environment.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::route::Route;
use crate::clock::{Clock, YEARS};
use crate::domain::duration::{NoDuration, duration};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/clock",
            "get_clock",
            "Reads the clock.",
            |call| Box::pin(async move { Ok(answer(&call.environment.clock)) }),
        )
        .answers::<Reading>(200, "What the clock shows."),
        Route::new(
            Method::PATCH,
            "/_mock/clock",
            "change_clock",
            "Moves the clock, stops it, or lets it run.",
            |call| Box::pin(async move { change(&call) }),
        )
        .description(
            "What WorkOS decides by time goes by this clock: expiry, windows of rate limits, retries, retention. What is due \
             on the way happens, each thing at its own instant. The members combine: a clock that is put somewhere and \
             advanced stands that much later.",
        )
        .body::<Change>()
        .example("five minutes on", r#"{"advance": "PT5M"}"#)
        .example("at an instant, and still", r#"{"set": "2030-01-01T00:00:00Z", "frozen": true}"#)
        .answers::<Reading>(200, "What the clock shows now."),
    ]
}

/// What a clock shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Clock")]
pub(super) struct Reading {
    /// The instant, to the nanosecond.
    now: Timestamp,
    /// Whether it stands still.
    frozen: bool,
}

/// What becomes of a clock. The members combine in this order.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ClockChange")]
pub(super) struct Change {
    /// Where it is put.
    #[schemars(with = "Timestamp")]
    set: Option<Timestamp>,
    /// By how much it is moved on: ISO 8601 or words, such as `2 days 1h`. With a minus sign it is moved back.
    #[schemars(with = "SignedDuration")]
    advance: Option<String>,
    /// Whether it stands still from then on.
    #[schemars(with = "bool")]
    frozen: Option<bool>,
}

fn change(call: &Call) -> Result<Response, Refusal> {
    let change: Change = call.body()?;
    let clock = &call.environment.clock;
    change
        .apply(clock)
        .map_err(|error| Refusal::Invalid(vec![error]))?;
    Ok(answer(clock))
}

fn answer(clock: &Clock) -> Response {
    Json(Reading::of(clock)).into_response()
}

impl Reading {
    /// What `clock` shows.
    pub(super) fn of(clock: &Clock) -> Self {
        Self {
            now: clock.now(),
            frozen: clock.is_frozen(),
        }
    }
}

impl Change {
    /// Changes `clock`, or leaves it as it is when it cannot show the result.
    fn apply(&self, clock: &Clock) -> Result<(), FieldError> {
        let advance = self.advance.as_deref().map(duration).transpose();
        // The document lets only durations through.
        let advance = advance.map_err(|_: NoDuration| too_far())?;
        let target = match (self.set, advance) {
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
        match (target, advance) {
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

fn too_far() -> FieldError {
    let message = format!("The clock cannot be moved that far: it shows {YEARS}.");
    FieldError::new("advance", "out_of_range", message)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    fn read(body: Value) -> Change {
        serde_json::from_value(body).expect("a valid change")
    }

    fn changed(body: Value) -> (Timestamp, bool) {
        let clock = Clock::frozen_at(at("2026-01-01T00:00:00Z"));
        read(body).apply(&clock).expect("a change in range");
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
            assert_eq!(changed(body.clone()), (at(now), true), "{body}");
        }
        assert!(!changed(json!({"frozen": false})).1);
    }

    #[test]
    fn a_running_clock_is_stopped_exactly_where_it_is_put() {
        let clock = Clock::system();
        let change = read(json!({"set": "2026-01-01T00:00:00Z", "frozen": true}));
        change.apply(&clock).expect("a change in range");
        assert_eq!(
            (clock.now(), clock.is_frozen()),
            (at("2026-01-01T00:00:00Z"), true)
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
            let error = read(body).apply(&clock).expect_err("out of range");
            assert_eq!(error, too_far());
            assert!(!clock.is_frozen() && clock.now() < at("2027-01-01T00:00:00Z"));
        }
    }
}
