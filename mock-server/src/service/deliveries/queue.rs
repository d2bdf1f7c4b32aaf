//! The queue of an endpoint: what is sent next, and what becomes of it.

use std::sync::Arc;

use super::super::Work;
use crate::domain::delivery::{Attempt, Delivery, DeliveryState, QueueId};
use crate::domain::ids::{DeliveryId, Id as _, WebhookEndpointId};
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::domain::webhook_settings::DeliveryOrdering;
use crate::environment::Environment;
use crate::random::permutation;
use crate::store::DeliveryKey;

/// What is to be sent now.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) delivery: Arc<Delivery>,
    pub(crate) endpoint: Arc<WebhookEndpoint>,
}

/// Takes what is next in a queue, to be sent; nothing when there is nothing, or nothing may be sent now.
pub(crate) fn take(environment: &Environment, queue: &QueueId) -> Option<Parcel> {
    if environment.wakeups.holds_back() {
        return None;
    }
    let QueueId::Endpoint(endpoint) = queue;
    let mut work = Work::begin(environment);
    let endpoint = work.get::<WebhookEndpoint>(endpoint.as_str())?;
    let delivery = work.first_of::<Delivery>(queue)?;
    // Of very many that are cancelled, some are not yet.
    if !endpoint.is_enabled() {
        return None;
    }
    let steering = &endpoint.steering;
    let ordering = steering.ordering;
    let ordering = ordering.unwrap_or(environment.settings.webhooks.ordering);
    if steering.paused || (ordering == DeliveryOrdering::Strict && !is_first(&work, &delivery)) {
        return None;
    }
    let delivery = put(&mut work, &delivery, DeliveryState::Sending);
    work.commit();
    Some(Parcel { delivery, endpoint })
}

/// Whether nothing that came before a delivery is still to be sent to its endpoint.
fn is_first(work: &Work<'_>, delivery: &Delivery) -> bool {
    let open = work.find::<Delivery>(&DeliveryKey::Open(delivery.endpoint_id.clone()));
    open.is_none_or(|first| first.id == delivery.id)
}

/// Records an attempt, and what follows from it.
pub(crate) fn attempted(environment: &Environment, id: &DeliveryId, attempt: Attempt) {
    let mut work = Work::begin(environment);
    if let Some(delivery) = work.get::<Delivery>(id.as_str()) {
        let tried = delivery.progress.attempts.len() + 1;
        let wait = environment.settings.webhooks.retries.wait_after(tried);
        let progress = delivery.progress.attempted(attempt, wait, &work.now());
        work.update(Delivery {
            progress,
            ..Delivery::clone(&delivery)
        });
        keep_only(&mut work);
    }
    work.commit();
    environment.wakeups.tell_progress();
}

/// Lets happen what time has brought, and tells whether anything is still to come.
pub(crate) fn keep_time(environment: &Environment) {
    drop(Work::begin(environment));
}

/// Lets a delivery wait no more: its time has come. What is held back to be shuffled goes with all that is held with it.
pub(in crate::service) fn ready(work: &mut Work<'_>, id: &DeliveryId) {
    let Some(delivery) = work.get::<Delivery>(id.as_str()) else {
        return;
    };
    let endpoint = work.get::<WebhookEndpoint>(delivery.endpoint_id.as_str());
    if let (DeliveryState::Held(_), Some(endpoint)) = (delivery.progress.state, endpoint) {
        release(work, &endpoint);
    } else {
        put(work, &delivery, DeliveryState::Due);
        work.wake(delivery.queue());
    }
}

/// Lets go what is held back for an endpoint, in another order than it came.
pub(in crate::service) fn release(work: &mut Work<'_>, endpoint: &WebhookEndpoint) {
    let held = work.find_all::<Delivery>(&DeliveryKey::Held(endpoint.id.clone()));
    let Some(first) = held.first() else {
        return;
    };
    let seed = endpoint.steering.number_for(&first.event.id);
    for (delivery, other) in held.iter().zip(permutation(held.len(), seed)) {
        work.update(Delivery {
            place: held[other].place,
            progress: delivery.progress.with(DeliveryState::Due),
            ..Delivery::clone(delivery)
        });
    }
    work.wake(QueueId::Endpoint(endpoint.id.clone()));
}

/// Puts what is to be sent to an endpoint in the order in which it came: in strict order, what was shuffled before would wait
/// for what is behind it.
pub(super) fn straighten(work: &mut Work<'_>, id: &WebhookEndpointId) {
    for delivery in work.find_all::<Delivery>(&DeliveryKey::Open(id.clone())) {
        let place = delivery.own_place();
        if place != delivery.place {
            work.update(Delivery {
                place,
                ..Delivery::clone(&delivery)
            });
        }
    }
}

/// Lets the oldest of the deliveries go that are over, until there are no more than are to be kept.
pub(in crate::service) fn keep_only(work: &mut Work<'_>) {
    let most = work.settings().webhooks.max_deliveries;
    while work.count::<Delivery>(&DeliveryKey::Over) > most
        && let Some(oldest) = work.find::<Delivery>(&DeliveryKey::Over)
    {
        work.delete::<Delivery>(oldest.id.as_str());
    }
}

/// The delivery in another state.
pub(super) fn put(work: &mut Work<'_>, delivery: &Delivery, state: DeliveryState) -> Arc<Delivery> {
    work.update(Delivery {
        progress: delivery.progress.with(state),
        ..delivery.clone()
    })
}
