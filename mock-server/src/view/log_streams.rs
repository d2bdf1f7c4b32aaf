//! Log streams as the API shows them, and the deliveries through them.

mod outgoing;

use schemars::JsonSchema;
use serde::Serialize;

use self::outgoing::sent;
pub(crate) use self::outgoing::{Outgoing, Said, outgoing};
use super::Time;
use super::deliveries::AttemptView;
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::Id as _;
use crate::domain::log_stream::LogStream;
use crate::domain::log_stream_delivery::LogStreamDelivery;

/// A log stream.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LogStream")]
pub(crate) struct LogStreamView<'a> {
    /// Its id.
    id: &'a str,
    /// The kind of destination.
    r#type: &'static str,
    /// How it is doing.
    #[schemars(extend("enum" = ["active", "inactive", "error", "invalid"]))]
    state: &'static str,
    /// When an event was last delivered.
    last_synced_at: Option<Time>,
    /// When it was made.
    created_at: Time,
}

impl<'a> LogStreamView<'a> {
    pub(crate) fn new(stream: &'a LogStream) -> Self {
        Self {
            id: stream.id.as_str(),
            r#type: stream.destination.as_str(),
            state: stream.state.shown().as_str(),
            last_synced_at: stream.last_synced_at.map(Time),
            created_at: Time(stream.created_at),
        }
    }
}

/// An event on its way. Ours: `WorkOS` has no such thing.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LogStreamDelivery")]
pub(crate) struct DeliveryView<'a> {
    /// Always `log_stream_delivery`.
    #[schemars(extend("const" = "log_stream_delivery"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization whose audit log the event is in.
    organization_id: &'a str,
    /// The log stream that it goes through.
    log_stream_id: &'a str,
    /// The event of the audit log.
    event_id: &'a str,
    /// The action that the event tells of.
    event: &'a str,
    /// Why there is it: the event was logged, or the portal tries the destination.
    #[schemars(extend("enum" = ["event", "test"]))]
    cause: &'static str,
    /// How far it is.
    #[schemars(extend("enum" = LogStreamDelivery::STATES))]
    state: &'static str,
    /// Why it was cancelled.
    reason: Option<&'static str>,
    /// What is sent, or would be where nothing is.
    request: Outgoing<'a>,
    /// When the event was logged.
    created_at: Time,
    /// When the destination took it.
    delivered_at: Option<Time>,
    /// When it is sent, on the environment's clock, where it waits for that.
    next_attempt_at: Option<Time>,
    /// What was tried, the first attempt first.
    attempts: Vec<AttemptView<'a, Outgoing<'a>>>,
}

impl<'a> DeliveryView<'a> {
    pub(crate) fn new(delivery: &'a LogStreamDelivery) -> Self {
        let state = delivery.progress.state;
        let attempts = delivery.attempts().enumerate();
        Self {
            object: "log_stream_delivery",
            id: delivery.id.as_str(),
            organization_id: delivery.organization_id.as_str(),
            log_stream_id: delivery.stream_id.as_str(),
            event_id: delivery.event.id.as_str(),
            event: &delivery.event.entry.action,
            cause: delivery.cause.as_str(),
            state: state.as_str(),
            reason: match state {
                DeliveryState::Cancelled(why) => Some(why.as_str()),
                _ => None,
            },
            request: outgoing(delivery),
            created_at: Time(delivery.created_at),
            delivered_at: delivery.delivered_at.map(Time),
            next_attempt_at: state.wait().map(|wait| Time(wait.until)),
            attempts: attempts
                .map(|(index, (attempt, settings))| {
                    AttemptView::new(index, attempt, sent(delivery, settings))
                })
                .collect(),
        }
    }
}
