//! Events of audit logs on their way to the destinations of log streams.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::audit_log::AuditLogEvent;
use super::delivery::{Attempt, Cancellation, Cause, DeliveryState, Progress, QueueId};
use super::ids::{LogStreamDeliveryId, LogStreamId, OrganizationId};
use super::log_stream_settings::Settings;
use super::time::Now;

/// How many deliveries are kept of a stream after they are over; the oldest go first.
pub(crate) const MAX_DELIVERIES: usize = 100;

/// An event on its way to a destination.
#[derive(Clone, Debug)]
pub(crate) struct LogStreamDelivery {
    pub(crate) id: LogStreamDeliveryId,
    pub(crate) stream_id: LogStreamId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) event: Arc<AuditLogEvent>,
    /// Why there is this one.
    pub(crate) cause: Cause,
    /// How the destination is reached: when the event was logged, or as it was last tried.
    pub(crate) settings: Arc<Settings>,
    /// Where it stands in its queue: what has a lower place goes first.
    pub(crate) place: u128,
    pub(crate) created_at: Timestamp,
    pub(crate) progress: Progress,
    /// How the destination was reached at each of the attempts.
    reached: Vec<Arc<Settings>>,
    /// When the destination took it.
    pub(crate) delivered_at: Option<Timestamp>,
}

/// What a delivery is of.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) stream_id: LogStreamId,
    pub(crate) event: Arc<AuditLogEvent>,
    pub(crate) cause: Cause,
    pub(crate) settings: Arc<Settings>,
}

/// What becomes of a delivery that does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// It is tried again when this time is over.
    Wait(SignedDuration),
    /// It is not tried again.
    GiveUp,
    /// It waits until its stream works again.
    Block,
}

impl LogStreamDelivery {
    /// The names of the states that one can be in.
    pub(crate) const STATES: [&'static str; 7] = [
        "due",
        "waiting",
        "blocked",
        "sending",
        "delivered",
        "failed",
        "cancelled",
    ];

    /// A delivery that nothing was done about yet.
    pub(crate) fn new(id: LogStreamDeliveryId, place: u128, load: Load, now: Timestamp) -> Self {
        let Load {
            stream_id,
            event,
            cause,
            settings,
        } = load;
        Self {
            id,
            stream_id,
            organization_id: event.organization_id.clone(),
            event,
            cause,
            settings,
            place,
            created_at: now,
            progress: Progress::default(),
            reached: Vec::new(),
            delivered_at: None,
        }
    }

    /// The queue that it goes through.
    pub(crate) fn queue(&self) -> QueueId {
        QueueId::LogStream(self.stream_id.clone())
    }

    /// The attempts, each with how the destination was reached.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (&Arc<Attempt>, &Arc<Settings>)> {
        self.progress.attempts.iter().zip(&self.reached)
    }

    /// The delivery in another state.
    pub(crate) fn put(&self, state: DeliveryState) -> Self {
        Self {
            progress: self.progress.with(state),
            ..self.clone()
        }
    }

    /// The delivery when it is about to be sent with these settings.
    pub(crate) fn sending(&self, settings: &Arc<Settings>) -> Self {
        Self {
            settings: Arc::clone(settings),
            ..self.put(DeliveryState::Sending)
        }
    }

    /// The delivery after the destination took it without being asked: it is one that nothing is sent to.
    pub(crate) fn played(&self, now: Timestamp) -> Self {
        Self {
            delivered_at: Some(now),
            ..self.put(DeliveryState::Delivered)
        }
    }

    /// The delivery after it was tried, and what follows unless it has arrived or was let go meanwhile.
    pub(crate) fn attempted(&self, attempt: Attempt, otherwise: Otherwise, now: &Now) -> Self {
        let is_taken = attempt.outcome.is_success();
        let wait = match otherwise {
            Otherwise::Wait(wait) => Some(wait),
            Otherwise::GiveUp | Otherwise::Block => None,
        };
        let mut progress = self.progress.attempted(attempt, wait, now);
        if otherwise == Otherwise::Block && progress.state == DeliveryState::Failed {
            progress.state = DeliveryState::Blocked;
        }
        let mut reached = self.reached.clone();
        reached.push(Arc::clone(&self.settings));
        Self {
            progress,
            reached,
            delivered_at: is_taken.then(|| now.at()).or(self.delivered_at),
            ..self.clone()
        }
    }

    /// The delivery after its stream was paused, which lets go of it.
    pub(crate) fn let_go(&self) -> Self {
        self.put(DeliveryState::Cancelled(Cancellation::Paused))
    }
}

#[cfg(test)]
mod tests;
