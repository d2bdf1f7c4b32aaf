//! Log streams: choose a destination, say how it is reached, try it, stop it; and what goes through them.
//!
//! Events are sent to an address of the customer's own that this server dials, one after the other; the stream's state then
//! follows what happens. For every other destination the state is played, and what would be sent is only recorded.

mod first_event;
mod queue;

use std::sync::Arc;

pub(crate) use self::first_event::{FirstEvent, Sent};
pub(super) use self::first_event::{changed, settle};
use self::queue::{arrange, keep_newest};
pub(super) use self::queue::{attempted, ready, take};
use super::{Work, organizations};
use crate::domain::Error;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::delivery::{Cause, DeliveryState};
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::{Id as _, LogStreamDeliveryId, LogStreamId, OrganizationId};
use crate::domain::log_stream::{Destination, LogStream, NoWay, ShownState, StreamState, Verdict};
use crate::domain::log_stream_delivery::{Load, LogStreamDelivery};
use crate::domain::log_stream_settings::Settings;
use crate::domain::organization::Organization;
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{EVERYWHERE, LogStreamDeliveryKey, LogStreamKey, Query, UnitOfWork};

/// Which deliveries are to be listed: those for which all of it is true.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListDeliveries {
    pub(crate) page: PageRequest,
    pub(crate) organization_id: Option<String>,
    /// The name of the state.
    pub(crate) state: Option<String>,
}

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

/// Says how the destination is reached from now on; what waits is sent there as well.
pub(super) fn configure(work: &mut Work<'_>, stream: &LogStream, settings: Settings) {
    let configured = stream.configured(settings, work.at());
    let configured = work.update(configured);
    arrange(work, configured);
}

/// Plays what a destination says to a first event, or to another try. When it takes it, it also takes what had to wait.
///
/// # Errors
/// The stream has no settings.
pub(super) fn play(
    work: &mut Work<'_>,
    stream: &LogStream,
    verdict: Verdict,
) -> Result<Arc<LogStream>, NoWay> {
    let tested = stream.tested(verdict, work.at())?;
    let tested = work.update(tested);
    Ok(arrange(work, tested))
}

/// Stops an organization's stream, which lets go of what waits.
pub(super) fn pause(work: &mut Work<'_>, stream: &LogStream) {
    let paused = stream.paused(work.at());
    let paused = work.update(paused);
    arrange(work, paused);
}

/// Whether events are really sent to these settings' destination: it is an address of the customer's own, which this server
/// dials.
pub(super) fn is_dialled(work: &Work<'_>, settings: &Settings) -> bool {
    let address = settings.address();
    address.is_some_and(|address| work.reach().includes_text(address))
}

/// Whether anything is still to be sent through a stream.
pub(super) fn has_waiting(unit: &UnitOfWork<'_>, stream: &LogStream) -> bool {
    let open = LogStreamDeliveryKey::Open(stream.id.clone());
    unit.count::<LogStreamDelivery>(&open) > 0
}

/// Takes an organization's stream away, with what went through it.
pub(super) fn remove(work: &mut Work<'_>, organization: &OrganizationId) {
    work.delete_all::<LogStream>(&LogStreamKey(organization.clone()));
    let key = LogStreamDeliveryKey::Organization(organization.clone());
    work.delete_all::<LogStreamDelivery>(&key);
}

/// Sends an event that was logged. A stream that works sends it, or has delivered it where nothing is sent; one that fails
/// keeps it until it works again; one that is inactive lets it go.
pub(super) fn send(work: &mut Work<'_>, event: &Arc<AuditLogEvent>) {
    let Some(stream) = of(work, &event.organization_id) else {
        return;
    };
    let settings = match &stream.state {
        StreamState::Unfinished(_) | StreamState::Paused(_) => return,
        StreamState::Active(settings)
        | StreamState::Error(settings)
        | StreamState::Invalid(settings) => settings,
    };
    let is_dialled = is_dialled(work, settings);
    // Where nothing waits, a destination that fails is tried with what is logged next.
    let is_free = || !has_waiting(work, &stream);
    let state = match (stream.state.shown(), is_dialled) {
        (ShownState::Active, true) => DeliveryState::Due,
        (ShownState::Active, false) => DeliveryState::Delivered,
        (ShownState::Error, true) if is_free() => DeliveryState::Due,
        _ => DeliveryState::Blocked,
    };
    let (ulid, now) = (work.ulid(), work.at());
    let load = Load {
        stream_id: stream.id.clone(),
        event: Arc::clone(event),
        cause: Cause::Event,
        settings: Arc::clone(settings),
    };
    let delivery = LogStreamDelivery::new(LogStreamDeliveryId::new(ulid), ulid.0, load, now);
    let delivery = match state {
        DeliveryState::Delivered => delivery.played(now),
        state => delivery.put(state),
    };
    let delivery = work.insert(delivery);
    match state {
        DeliveryState::Due => work.wake(delivery.queue()),
        DeliveryState::Delivered => {
            work.update(stream.synced(now));
            keep_newest(work, &stream.id);
        }
        _ => {}
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
    let moved = arrange(&mut work, moved);
    work.commit();
    Ok(moved)
}

/// Sends a delivery once more, whatever became of it. Where nothing is sent, the stream's state says what comes of it.
///
/// # Errors
/// There is none with this id, it is under way, or its stream sends nothing.
pub(crate) fn resend(environment: &Environment, id: &str) -> Result<Arc<LogStreamDelivery>, Error> {
    let mut work = Work::begin(environment);
    let delivery = work
        .get::<LogStreamDelivery>(id)
        .ok_or_else(|| no_delivery(id))?;
    let stream = work
        .get::<LogStream>(delivery.stream_id.as_str())
        .filter(|stream| stream.state.shown() != ShownState::Inactive);
    let stream = stream.ok_or_else(|| {
        let message = format!("The log stream '{}' sends nothing.", delivery.stream_id);
        Violation::new("log_stream_id", Rule::Value, message)
    })?;
    let again = delivery.progress.again();
    again.map_err(|_| Error::DeliveryUnderWay(id.to_owned()))?;
    let settings = stream.state.settings();
    let is_dialled = settings.is_some_and(|settings| is_dialled(&work, settings));
    let delivery = if is_dialled {
        work.wake(delivery.queue());
        work.update(delivery.put(DeliveryState::Due))
    } else {
        let delivery = work.update(delivery.put(DeliveryState::Blocked));
        arrange(&mut work, stream);
        work.get(id).unwrap_or(delivery)
    };
    work.commit();
    Ok(delivery)
}

/// The delivery with this id.
///
/// # Errors
/// There is none.
pub(crate) fn delivery(
    environment: &Environment,
    id: &str,
) -> Result<Arc<LogStreamDelivery>, Error> {
    let work = Work::begin(environment);
    work.get(id).ok_or_else(|| no_delivery(id))
}

fn no_delivery(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::Delivery,
        id: id.to_owned(),
    }
}

/// A page of what went through log streams.
///
/// # Errors
/// The organization is not there, or a cursor is no delivery's id, or there are two of them.
pub(crate) fn deliveries(
    environment: &Environment,
    list: ListDeliveries,
) -> Result<Page<LogStreamDelivery>, Error> {
    let work = Work::begin(environment);
    let mut filters = Vec::new();
    if let Some(id) = &list.organization_id {
        let organization = work
            .get::<Organization>(id)
            .ok_or_else(|| organizations::not_found(id))?;
        let id = organization.id.clone();
        filters.push(vec![LogStreamDeliveryKey::Organization(id)]);
    }
    if let Some(state) = list.state {
        filters.push(vec![LogStreamDeliveryKey::State(state.into())]);
    }
    page_of(&work, filters, &list.page)
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

#[cfg(test)]
mod tests;
