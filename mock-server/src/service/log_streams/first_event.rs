//! The event that a destination is tried with. It is sent before the unit of work in which its outcome decides, since a unit of
//! work never waits.

use std::sync::Arc;

use super::super::Work;
use super::{arrange, is_dialled};
use crate::domain::Error;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::audit_log::entry::{Context, Entry, Party};
use crate::domain::delivery::{Attempt, Cause};
use crate::domain::error::{Rule, Violation};
use crate::domain::ids::{AuditLogEventId, Id as _, LogStreamDeliveryId};
use crate::domain::log_stream::{LogStream, Trouble, Verdict};
use crate::domain::log_stream_delivery::{Load, LogStreamDelivery, Otherwise};
use crate::domain::log_stream_settings::Settings;

/// The action that the event tells of. `WorkOS` does not document what it sends.
const ACTION: &str = "log_stream.tested";

/// A first event that is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct FirstEvent(LogStreamDelivery);

/// A first event that was sent, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    event: FirstEvent,
    attempt: Attempt,
}

impl FirstEvent {
    /// The event for a stream whose destination can be tried; nothing where this server sends nothing.
    pub(in crate::service) fn to(work: &Work<'_>, stream: &LogStream) -> Option<Self> {
        let settings = stream.state.settings()?;
        if !is_dialled(work, settings) {
            return None;
        }
        let (now, ulid, sequence) = (work.now(), work.ulid(), work.ulid());
        let party = |id: &str, kind: &str| Party {
            id: id.to_owned(),
            kind: kind.to_owned(),
            name: None,
            metadata: None,
        };
        let event = AuditLogEvent {
            id: AuditLogEventId::new(sequence),
            organization_id: stream.organization_id.clone(),
            version: 1,
            entry: Entry {
                action: ACTION.to_owned(),
                occurred_at: now.at(),
                actor: party("admin_portal", "system"),
                targets: vec![party(stream.organization_id.as_str(), "organization")],
                context: Context {
                    location: "127.0.0.1".to_owned(),
                    user_agent: None,
                },
                metadata: None,
                version: None,
            },
            logged: now.moment(),
            sequence: sequence.0,
        };
        let load = Load {
            stream_id: stream.id.clone(),
            event: Arc::new(event),
            cause: Cause::Test,
            settings: Arc::clone(settings),
        };
        let id = LogStreamDeliveryId::new(ulid);
        Some(Self(LogStreamDelivery::new(id, ulid.0, load, now.at())))
    }

    /// What is to be sent.
    pub(crate) fn delivery(&self) -> &LogStreamDelivery {
        &self.0
    }

    /// The event after it was sent.
    pub(crate) fn sent(self, attempt: Attempt) -> Sent {
        Sent {
            event: self,
            attempt,
        }
    }
}

impl Sent {
    /// Whether it was sent with these settings.
    pub(in crate::service) fn is_with(&self, settings: &Settings) -> bool {
        *self.event.0.settings == *settings
    }
}

/// Has what came of a first event decide about its stream, and records it. When the destination took it, what had to wait is
/// sent as well.
///
/// # Errors
/// The settings are not those that it was sent with.
pub(in crate::service) fn settle(
    work: &mut Work<'_>,
    stream: &LogStream,
    sent: &Sent,
) -> Result<Verdict, Error> {
    let Sent { event, attempt } = sent;
    let settings = stream.state.settings();
    if !settings.is_some_and(|settings| sent.is_with(settings)) {
        return Err(changed().into());
    }
    let (now, outcome) = (work.now(), &attempt.outcome);
    let verdict = Verdict::of(outcome);
    let mut delivery = event.0.clone();
    // A script that was halted has made the stream anew.
    delivery.stream_id = stream.id.clone();
    work.insert(delivery.attempted(attempt.clone(), Otherwise::GiveUp, &now));
    let mut tested = stream.tested(verdict, now.at()).map_err(|no_way| {
        let message = format!("The log stream {no_way}.");
        Violation::new("first_event", Rule::Value, message)
    })?;
    tested.trouble = Trouble::of(outcome);
    if verdict == Verdict::Taken {
        tested = tested.synced(now.at());
    }
    let tested = work.update(tested);
    arrange(work, tested);
    Ok(verdict)
}

/// The stream is not what the event was made for.
pub(in crate::service) fn changed() -> Violation {
    let message = "The settings have changed while the event was sent. Send it again.";
    Violation::new("first_event", Rule::Value, message)
}
