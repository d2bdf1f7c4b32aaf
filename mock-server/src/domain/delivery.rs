//! Deliveries: an event on its way to a webhook endpoint, and how far any delivery is.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::event::Event;
use super::ids::{DeliveryId, Id as _, LogStreamId, WebhookEndpointId, ulid_of};
use super::time::{Moment, Now};

/// What is sent one after the other, and independent of every other queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum QueueId {
    /// The deliveries to a webhook endpoint.
    Endpoint(WebhookEndpointId),
    /// The deliveries of a log stream.
    LogStream(LogStreamId),
}

/// An event on its way to a webhook endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) id: DeliveryId,
    pub(crate) event: Arc<Event>,
    pub(crate) endpoint_id: WebhookEndpointId,
    /// Why there is this one.
    pub(crate) cause: Cause,
    /// What the body is to look like when it is not to be as compact as can be: the same bytes come of the same number.
    pub(crate) odd: Option<u64>,
    /// Where it stands in its queue: what has a lower place goes first.
    pub(crate) place: u128,
    pub(crate) created_at: Timestamp,
    pub(crate) progress: Progress,
}

/// Why something is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It happened.
    Event,
    /// It happened, and was sent already.
    Duplicate,
    /// A test has asked for an event of this kind; it is in no list of events.
    Test,
}

/// How far a delivery is, and what was tried.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) state: DeliveryState,
    pub(crate) attempts: Vec<Arc<Attempt>>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// Its turn has come: it goes as soon as what is before it in the queue has gone.
    #[default]
    Due,
    /// Held back until enough others are there to be shuffled with, or until this time.
    Held(Wait),
    /// It waits for its first attempt, or for its next one.
    Waiting(Wait),
    /// It cannot go before its log stream works again, or what is before it has gone.
    Blocked,
    /// It is being sent.
    Sending,
    /// The receiver took it.
    Delivered,
    /// The last attempt has failed.
    Failed,
    /// This server does not dial the address.
    NotDialled,
    /// It is not to be sent any more.
    Cancelled(Cancellation),
}

/// Until when something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// The first instant at which it waits no more.
    pub(crate) until: Timestamp,
    /// When the wait began.
    pub(crate) since: Moment,
}

/// Why a delivery is not to be sent any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancellation {
    /// What it was to be sent to is disabled.
    Disabled,
    /// What it was to be sent to is gone.
    Deleted,
    /// What it was to be sent to does not want events of this kind any more.
    Unsubscribed,
    /// The log stream that it was to go through is paused.
    Paused,
}

/// One try to deliver something.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// What the environment's clock showed.
    pub(crate) at: Timestamp,
    /// The address as it was then.
    pub(crate) url: Arc<str>,
    /// The `WorkOS-Signature` that was sent, if any.
    pub(crate) signature: Option<Box<str>>,
    /// How long it took, in real time.
    pub(crate) took: Duration,
    pub(crate) outcome: Outcome,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The receiver has answered.
    Answered(Answer),
    /// There is no whole answer.
    Failed(Failure),
    /// The address is none that this server dials, so nothing was sent.
    NotDialled,
}

/// What a receiver has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The beginning of the body, as text.
    pub(crate) body: Box<str>,
    /// Whether there was more of it.
    pub(crate) truncated: bool,
}

/// Why there is no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody takes connections there.
    Connect,
    /// The time was over before the whole answer had come.
    Timeout,
    /// The connection ended before an answer came.
    NoAnswer,
    /// The connection ended in the middle of the answer.
    BrokenOff,
}

/// What cannot be sent again now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is still on its way")]
pub(crate) struct OnItsWay;

impl Cause {
    /// Its name, as `/_mock` tells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Duplicate => "duplicate",
            Self::Test => "test",
        }
    }
}

impl Delivery {
    /// The names of the states that one can be in.
    pub(crate) const STATES: [&'static str; 8] = [
        "due",
        "held",
        "waiting",
        "sending",
        "delivered",
        "failed",
        "not_dialled",
        "cancelled",
    ];

    /// The queue that it goes through.
    pub(crate) fn queue(&self) -> QueueId {
        QueueId::Endpoint(self.endpoint_id.clone())
    }

    /// Its place in the order in which deliveries came.
    pub(crate) fn own_place(&self) -> u128 {
        ulid_of(DeliveryId::PREFIX, self.id.as_str()).map_or(self.place, |ulid| ulid.0)
    }
}

impl Progress {
    /// Nothing was tried, and nothing will be: the address is none that this server dials.
    pub(crate) fn not_dialled(url: Arc<str>, now: &Now) -> Self {
        Self {
            state: DeliveryState::NotDialled,
            attempts: vec![Arc::new(Attempt::not_dialled(url, now))],
        }
    }

    /// Nothing was tried yet, and nothing is until `delay` is over.
    pub(crate) fn after(delay: SignedDuration, now: &Now) -> Self {
        let state = if delay.is_positive() {
            DeliveryState::Waiting(Wait::new(delay, now))
        } else {
            DeliveryState::Due
        };
        Self {
            state,
            attempts: Vec::new(),
        }
    }

    /// In the given state, with what was tried so far.
    pub(crate) fn with(&self, state: DeliveryState) -> Self {
        Self {
            state,
            attempts: self.attempts.clone(),
        }
    }

    /// After an attempt. One that failed is followed by another after a wait, unless `next_wait` says that it was the last.
    /// What was cancelled meanwhile is not tried again.
    pub(crate) fn attempted(
        &self,
        attempt: Attempt,
        next_wait: Option<SignedDuration>,
        now: &Now,
    ) -> Self {
        let state = match (&attempt.outcome, self.state, next_wait) {
            (outcome, _, _) if outcome.is_success() => DeliveryState::Delivered,
            (_, cancelled @ DeliveryState::Cancelled(_), _) => cancelled,
            (Outcome::NotDialled, _, _) => DeliveryState::NotDialled,
            (_, _, Some(wait)) => DeliveryState::Waiting(Wait::new(wait, now)),
            (_, _, None) => DeliveryState::Failed,
        };
        let mut attempts = self.attempts.clone();
        attempts.push(Arc::new(attempt));
        Self { state, attempts }
    }

    /// To be sent once more, whatever became of it; also at once what waits for its next attempt.
    ///
    /// # Errors
    /// It is being sent, or is about to be.
    pub(crate) fn again(&self) -> Result<Self, OnItsWay> {
        match self.state {
            DeliveryState::Due | DeliveryState::Sending => Err(OnItsWay),
            _ => Ok(self.with(DeliveryState::Due)),
        }
    }
}

impl DeliveryState {
    /// Whether nothing more happens by itself.
    pub(crate) fn is_over(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::Failed | Self::NotDialled | Self::Cancelled(_)
        )
    }

    /// Whether it is to be sent now, or is being sent.
    pub(crate) fn is_under_way(self) -> bool {
        matches!(self, Self::Due | Self::Sending)
    }

    /// What it waits for, if it does.
    pub(crate) fn wait(self) -> Option<Wait> {
        match self {
            Self::Held(wait) | Self::Waiting(wait) => Some(wait),
            _ => None,
        }
    }

    /// Its name, as `/_mock` tells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Held(_) => "held",
            Self::Waiting(_) => "waiting",
            Self::Blocked => "blocked",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::NotDialled => "not_dialled",
            Self::Cancelled(_) => "cancelled",
        }
    }
}

impl Wait {
    pub(crate) fn new(wait: SignedDuration, now: &Now) -> Self {
        let since = now.moment();
        Self {
            until: since.plus(wait),
            since,
        }
    }
}

impl Cancellation {
    /// Why, as a sentence.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "The endpoint was disabled.",
            Self::Deleted => "The endpoint was deleted.",
            Self::Unsubscribed => "The endpoint is not subscribed to this event any more.",
            Self::Paused => "The log stream was paused.",
        }
    }
}

impl Attempt {
    /// What is recorded where nothing is sent.
    pub(crate) fn not_dialled(url: Arc<str>, now: &Now) -> Self {
        Self {
            at: now.at(),
            url,
            signature: None,
            took: Duration::ZERO,
            outcome: Outcome::NotDialled,
        }
    }
}

impl Outcome {
    /// Whether the receiver took it: any 2xx says so.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Answered(answer) if (200..300).contains(&answer.status))
    }

    /// What went wrong, as a sentence.
    pub(crate) fn error(&self) -> Option<&'static str> {
        match self {
            Self::Answered(answer) if (300..400).contains(&answer.status) => {
                Some("The receiver answered with a redirect, which is not followed.")
            }
            Self::Answered(_) if self.is_success() => None,
            Self::Answered(_) => Some("The receiver did not answer with a 2xx status."),
            Self::Failed(failure) => Some(failure.as_str()),
            Self::NotDialled => {
                Some("This server dials only this machine and the hosts in dial_hosts.")
            }
        }
    }
}

impl Failure {
    /// What went wrong, as a sentence.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "The receiver cannot be reached.",
            Self::Timeout => "The receiver did not answer in time.",
            Self::NoAnswer => "The connection ended before an answer came.",
            Self::BrokenOff => "The connection ended in the middle of the answer.",
        }
    }
}

#[cfg(test)]
mod tests;
