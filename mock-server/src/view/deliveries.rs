//! Deliveries: the body that is sent, and what `/_mock` shows of them. Ours, but for the body.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Time;
use super::events::EventView;
use super::javascript::{oddly, stringify};
use crate::USER_AGENT;
use crate::domain::delivery::{Answer, Attempt, Delivery, DeliveryState, Outcome};
use crate::domain::ids::Id as _;

/// The body of a webhook: the event as lists of events show it. Every attempt of a delivery sends the same bytes.
pub(crate) fn body(delivery: &Delivery) -> String {
    let event = EventView::new(&delivery.event);
    match delivery.odd {
        None => stringify(&event),
        Some(seed) => oddly(&event, seed),
    }
}

/// A delivery with its attempts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
pub(crate) struct DeliveryView<'a> {
    /// Always `delivery`.
    #[schemars(extend("const" = "delivery"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The event that it brings.
    event_id: &'a str,
    /// The name of the event.
    event: &'static str,
    /// The webhook endpoint that it goes to.
    endpoint_id: &'a str,
    /// Why there is this one: it happened, it happened and was sent already, or a test has asked for it.
    #[schemars(extend("enum" = ["event", "duplicate", "test"]))]
    cause: &'static str,
    /// How far it is.
    #[schemars(extend("enum" = Delivery::STATES))]
    state: &'static str,
    /// Why it was cancelled.
    reason: Option<&'static str>,
    /// When the event happened.
    created_at: Time,
    /// When it is sent, on the environment's clock, where it waits for that.
    next_attempt_at: Option<Time>,
    /// What was tried, the first attempt first.
    attempts: Vec<AttemptView<'a, RequestView<'a>>>,
}

/// One attempt, with the request as it was sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttemptOf{R}")]
pub(crate) struct AttemptView<'a, R> {
    /// Its number, from 1 on.
    number: usize,
    /// What the environment's clock showed.
    attempted_at: Time,
    /// What was sent.
    request: R,
    /// The status that was answered.
    status: Option<u16>,
    /// The beginning of what was answered.
    response_body: Option<&'a str>,
    /// Whether there was more of it.
    response_truncated: bool,
    /// How long it took, in real milliseconds.
    duration_ms: f64,
    /// What went wrong.
    error: Option<&'static str>,
}

/// A webhook as it is sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
pub(crate) struct RequestView<'a> {
    /// Always `POST`.
    method: &'static str,
    /// The address.
    url: &'a str,
    /// The headers, by their names.
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    headers: Map<String, Value>,
    /// The body, byte for byte.
    body: String,
}

impl<'a> DeliveryView<'a> {
    pub(crate) fn new(delivery: &'a Delivery) -> Self {
        let state = delivery.progress.state;
        let attempts = delivery.progress.attempts.iter().enumerate();
        Self {
            object: "delivery",
            id: delivery.id.as_str(),
            event_id: delivery.event.id.as_str(),
            event: delivery.event.what.name(),
            endpoint_id: delivery.endpoint_id.as_str(),
            cause: delivery.cause.as_str(),
            state: state.as_str(),
            reason: match state {
                DeliveryState::Cancelled(why) => Some(why.as_str()),
                _ => None,
            },
            created_at: Time(delivery.created_at),
            next_attempt_at: state.wait().map(|wait| Time(wait.until)),
            attempts: attempts
                .map(|(index, attempt)| {
                    let request = RequestView::new(attempt, body(delivery));
                    AttemptView::new(index, attempt, request)
                })
                .collect(),
        }
    }
}

impl<'a> RequestView<'a> {
    fn new(attempt: &'a Attempt, body: String) -> Self {
        let mut headers = Map::new();
        headers.insert("Content-Type".into(), json!("application/json"));
        headers.insert("User-Agent".into(), json!(USER_AGENT));
        if let Some(signature) = &attempt.signature {
            headers.insert("WorkOS-Signature".into(), json!(signature));
        }
        Self {
            method: "POST",
            url: &attempt.url,
            headers,
            body,
        }
    }
}

impl<'a, R> AttemptView<'a, R> {
    pub(super) fn new(index: usize, attempt: &'a Attempt, request: R) -> Self {
        let answer = match &attempt.outcome {
            Outcome::Answered(answer) => Some(answer),
            Outcome::Failed(_) | Outcome::NotDialled => None,
        };
        Self {
            number: index + 1,
            attempted_at: Time(attempt.at),
            request,
            status: answer.map(|answer| answer.status),
            response_body: answer.map(|Answer { body, .. }| &**body),
            response_truncated: answer.is_some_and(|answer| answer.truncated),
            duration_ms: (attempt.took.as_secs_f64() * 1e6).round() / 1e3,
            error: attempt.outcome.error(),
        }
    }
}
