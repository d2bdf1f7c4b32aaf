//! Deliveries: the list of them, and what is still to be sent.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::Work;
use super::queue::is_held_up;
use crate::domain::Error;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::error::Entity;
use crate::domain::ids::{EventId, Id, WebhookEndpointId};
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{DeliveryKey, EVERYWHERE, LogStreamDeliveryKey, Query};

/// Which deliveries are to be listed: those for which all of it is true.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListDeliveries {
    pub(crate) page: PageRequest,
    pub(crate) endpoint_id: Option<String>,
    pub(crate) event_id: Option<String>,
    /// The name of the event.
    pub(crate) event: Option<String>,
    /// The name of the state.
    pub(crate) state: Option<String>,
}

/// How many deliveries an answer names that are still under way.
const NAMED: usize = 20;

/// What is still to be sent now.
#[derive(Clone, Debug)]
pub(crate) struct UnderWay {
    /// How many deliveries are being sent, or are to be sent now.
    pub(crate) count: usize,
    /// The first of them that go to webhook endpoints.
    pub(crate) first: Vec<Arc<Delivery>>,
    /// The first of them that go through log streams.
    pub(crate) first_logged: Vec<Arc<LogStreamDelivery>>,
    /// How many deliveries wait for a later time.
    pub(crate) waiting: usize,
    /// The first instant at which time brings a change, which may be one of those.
    pub(crate) next: Option<Timestamp>,
}

/// A page of deliveries.
///
/// # Errors
/// A cursor that is no delivery's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: ListDeliveries,
) -> Result<Page<Delivery>, Error> {
    // What is no id is nobody's, and has no deliveries.
    fn id<T: Id>(text: &str, key: impl Fn(T) -> DeliveryKey) -> Vec<DeliveryKey> {
        T::parse(text).map(key).into_iter().collect()
    }
    let text = |key: fn(Box<str>) -> DeliveryKey| move |text: String| vec![key(text.into())];
    let filters = [
        list.endpoint_id
            .map(|text| id(&text, |id: WebhookEndpointId| DeliveryKey::Endpoint(id))),
        list.event_id
            .map(|text| id(&text, |id: EventId| DeliveryKey::Event(id))),
        list.event.map(text(DeliveryKey::Name)),
        list.state.map(text(DeliveryKey::State)),
    ];
    Work::begin(environment).list(&Query {
        filters: filters.into_iter().flatten().collect(),
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// The delivery with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Delivery>, Error> {
    let work = Work::begin(environment);
    work.get::<Delivery>(id).ok_or_else(|| not_found(id))
}

pub(super) fn not_found(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::Delivery,
        id: id.to_owned(),
    }
}

/// How many deliveries are being sent, or are to be sent now.
pub(crate) fn under_way(environment: &Environment) -> UnderWay {
    let work = Work::begin(environment);
    let waiting = ["waiting", "held", "blocked"].map(|name| in_state(&work, name));
    // In strict order, what is behind one that waits is to be sent later too.
    let queues = work.queues().into_iter();
    let held_up: Vec<_> = queues.filter(|queue| is_held_up(&work, queue)).collect();
    let later: usize = held_up.iter().map(|queue| work.queue_len(queue)).sum();
    let mut first = work.first_with::<Delivery>(&DeliveryKey::UnderWay, later + NAMED);
    first.retain(|delivery| {
        delivery.progress.state == DeliveryState::Sending || !held_up.contains(&delivery.queue())
    });
    first.truncate(NAMED);
    // What has waited long enough is under way, also if nobody has noticed yet.
    let late = usize::from(work.is_late());
    let logged = LogStreamDeliveryKey::UnderWay;
    UnderWay {
        count: work.count::<Delivery>(&DeliveryKey::UnderWay) - later
            + work.count::<LogStreamDelivery>(&logged)
            + late,
        first,
        first_logged: work.first_with(&logged, NAMED),
        waiting: waiting.into_iter().sum::<usize>() + later,
        next: work.next_due(),
    }
}

/// Returns when nothing is being sent, or to be sent now. It waits between units of work and never in one.
pub(crate) async fn idle(environment: &Environment) {
    loop {
        let changes = environment.wakeups.changes();
        if under_way(environment).count == 0 {
            break;
        }
        environment.wakeups.changed_since(changes).await;
    }
}

/// How many deliveries to endpoints and through log streams are in the state with this name.
fn in_state(work: &Work<'_>, name: &str) -> usize {
    work.count::<Delivery>(&DeliveryKey::State(name.into()))
        + work.count::<LogStreamDelivery>(&LogStreamDeliveryKey::State(name.into()))
}

/// How many deliveries are not over.
pub(crate) fn left_over(environment: &Environment) -> usize {
    let work = Work::begin(environment);
    let open = ["due", "held", "waiting", "blocked", "sending"].into_iter();
    open.map(|name| in_state(&work, name)).sum()
}
