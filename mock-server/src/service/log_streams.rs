//! Log streams: choose a destination, say how it is reached, try it, stop it; and what goes through them.

use std::sync::Arc;

use super::{Work, organizations};
use crate::domain::Error;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::{Id as _, LogStreamDeliveryId, LogStreamId, OrganizationId};
use crate::domain::log_stream::{
    Destination, LogStream, LogStreamDelivery, MAX_DELIVERIES, NoWay, ShownState, StreamState,
    TestOutcome,
};
use crate::domain::log_stream_settings::Settings;
use crate::domain::organization::Organization;
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{EVERYWHERE, LogStreamDeliveryKey, LogStreamKey, Query, UnitOfWork};

/// The stream of an organization.
pub(super) fn of(unit: &UnitOfWork<'_>, organization: &OrganizationId) -> Option<Arc<LogStream>> {
    unit.find(&LogStreamKey(organization.clone()))
}

/// Chooses the destination of an organization's events. Another one than before begins anew, with a stream of its own; the
/// same one leaves everything as it is.
pub(super) fn choose(
    work: &mut Work<'_>,
    organization: &OrganizationId,
    destination: Destination,
) -> Arc<LogStream> {
    if let Some(stream) = of(work, organization) {
        if stream.destination == destination {
            return stream;
        }
        remove(work, organization);
    }
    let id = LogStreamId::new(work.ulid());
    let stream = LogStream::new(id, organization.clone(), destination, work.at());
    work.insert(stream)
}

/// Says how the destination is reached from now on.
pub(super) fn configure(work: &mut Work<'_>, stream: &LogStream, settings: Settings) {
    let configured = stream.configured(settings, work.at());
    work.update(configured);
}

/// Sends a first event, or tries again, with an outcome that is given. When the destination takes it, it also takes what had
/// to wait.
///
/// # Errors
/// The stream has no settings.
pub(super) fn test(
    work: &mut Work<'_>,
    stream: &LogStream,
    outcome: TestOutcome,
) -> Result<Arc<LogStream>, NoWay> {
    let tested = stream.tested(outcome, work.at())?;
    let tested = work.update(tested);
    Ok(catch_up(work, tested))
}

/// Stops an organization's stream.
pub(super) fn pause(work: &mut Work<'_>, stream: &LogStream) {
    let paused = stream.paused(work.at());
    work.update(paused);
}

/// Takes an organization's stream away, with what went through it.
pub(super) fn remove(work: &mut Work<'_>, organization: &OrganizationId) {
    work.delete_all::<LogStream>(&LogStreamKey(organization.clone()));
    let key = LogStreamDeliveryKey::Organization(organization.clone());
    work.delete_all::<LogStreamDelivery>(&key);
}

/// Sends an event that was logged. An active stream delivers it; one whose destination fails keeps it for the next attempt;
/// any other lets it go.
pub(super) fn send(work: &mut Work<'_>, event: &Arc<AuditLogEvent>) {
    let Some(stream) = of(work, &event.organization_id) else {
        return;
    };
    let now = work.at();
    let (settings, delivered_at) = match &stream.state {
        StreamState::Active(settings) => (settings, Some(now)),
        StreamState::Error(settings) => (settings, None),
        StreamState::Unfinished(_) | StreamState::Paused(_) | StreamState::Invalid(_) => return,
    };
    let id = LogStreamDeliveryId::new(work.ulid());
    work.insert(LogStreamDelivery {
        id,
        stream_id: stream.id.clone(),
        organization_id: stream.organization_id.clone(),
        event: Arc::clone(event),
        settings: Arc::clone(settings),
        created_at: now,
        delivered_at,
    });
    let deliveries = of_stream(work, &stream);
    let surplus = deliveries.len().saturating_sub(MAX_DELIVERIES);
    for oldest in &deliveries[..surplus] {
        work.delete::<LogStreamDelivery>(oldest.id.as_str());
    }
    if delivered_at.is_some() {
        work.update(stream.synced(now));
    }
}

/// Puts a stream into a state, as its destination would.
///
/// # Errors
/// There is none with this id, or no way leads to the state.
pub(crate) fn set_state(
    environment: &Environment,
    id: &str,
    state: ShownState,
) -> Result<Arc<LogStream>, Error> {
    let mut work = Work::begin(environment);
    let stream = work.get::<LogStream>(id).ok_or_else(|| Error::NotFound {
        entity: Entity::LogStream,
        id: id.to_owned(),
    })?;
    let moved = stream.moved(state, work.at()).map_err(|no_way| {
        let message = format!("The log stream {no_way}.");
        Violation::new("state", Rule::Value, message)
    })?;
    let moved = work.update(moved);
    let moved = catch_up(&mut work, moved);
    work.commit();
    Ok(moved)
}

/// A page of what went through the streams of an organization, or of all.
///
/// # Errors
/// The organization is not there, or a cursor is no delivery's id, or there are two of them.
pub(crate) fn deliveries(
    environment: &Environment,
    organization: Option<&str>,
    page: &PageRequest,
) -> Result<Page<LogStreamDelivery>, Error> {
    let work = Work::begin(environment);
    let filters = match organization {
        None => Vec::new(),
        Some(id) => {
            let organization = work
                .get::<Organization>(id)
                .ok_or_else(|| organizations::not_found(id))?;
            vec![vec![LogStreamDeliveryKey::Organization(
                organization.id.clone(),
            )]]
        }
    };
    page_of(&work, filters, page)
}

/// A page of what went through an organization's stream.
///
/// # Errors
/// A cursor is no delivery's id, or there are two of them.
pub(super) fn deliveries_of(
    work: &Work<'_>,
    organization: &OrganizationId,
    page: &PageRequest,
) -> Result<Page<LogStreamDelivery>, Error> {
    let key = LogStreamDeliveryKey::Organization(organization.clone());
    page_of(work, vec![vec![key]], page)
}

fn page_of(
    work: &Work<'_>,
    filters: Vec<Vec<LogStreamDeliveryKey>>,
    page: &PageRequest,
) -> Result<Page<LogStreamDelivery>, Error> {
    work.list(&Query {
        filters,
        verify: &|_| true,
        within: EVERYWHERE,
        page,
    })
}

/// Everything that is kept of what went through a stream, oldest first; it is never much.
fn of_stream(unit: &UnitOfWork<'_>, stream: &LogStream) -> Vec<Arc<LogStreamDelivery>> {
    unit.find_all(&LogStreamDeliveryKey::Stream(stream.id.clone()))
}

/// Delivers what had to wait, once the stream is active.
fn catch_up(work: &mut Work<'_>, stream: Arc<LogStream>) -> Arc<LogStream> {
    if stream.state.shown() != ShownState::Active {
        return stream;
    }
    let now = work.at();
    let waiting = of_stream(work, &stream).into_iter();
    let waiting: Vec<_> = waiting.filter(|one| one.delivered_at.is_none()).collect();
    if waiting.is_empty() {
        return stream;
    }
    for delivery in waiting {
        work.update(LogStreamDelivery {
            delivered_at: Some(now),
            ..LogStreamDelivery::clone(&delivery)
        });
    }
    work.update(stream.synced(now))
}

#[cfg(test)]
mod tests;
