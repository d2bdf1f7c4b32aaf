//! The queue of an endpoint: what is sent next, and what becomes of it.

use std::sync::Arc;

use super::super::{Work, log_streams};
use crate::domain::delivery::{Attempt, Delivery, DeliveryState, QueueId};
use crate::domain::ids::{DeliveryId, Id as _, WebhookEndpointId};
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::domain::webhook_settings::DeliveryOrdering;
use crate::environment::Environment;
use crate::random::permutation;
use crate::store::DeliveryKey;

/// What is to be sent now.
#[derive(Clone, Debug)]
pub(crate) enum Parcel {
    /// An event of the environment, to a webhook endpoint.
    Webhook {
        delivery: Arc<Delivery>,
        endpoint: Arc<WebhookEndpoint>,
    },
    /// An event of an audit log, to the destination of a log stream.
    LogEntry(Arc<LogStreamDelivery>),
}

/// Takes what is next in a queue, to be sent; nothing when there is nothing, or nothing may be sent now.
pub(crate) fn take(environment: &Environment, queue: &QueueId) -> Option<Parcel> {
    if environment.wakeups.holds_back() {
        return None;
    }
    let mut work = Work::begin(environment);
    let parcel = match queue {
        QueueId::Endpoint(endpoint) => take_webhook(&mut work, queue, endpoint),
        QueueId::LogStream(stream) => log_streams::take(&mut work, stream).map(Parcel::LogEntry),
    }?;
    work.commit();
    Some(parcel)
}

fn take_webhook(
    work: &mut Work<'_>,
    queue: &QueueId,
    endpoint: &WebhookEndpointId,
) -> Option<Parcel> {
    let endpoint = work.get::<WebhookEndpoint>(endpoint.as_str())?;
    let delivery = work.first_of::<Delivery>(queue)?;
    // Of very many that are cancelled, some are not yet.
    if !endpoint.is_enabled() {
        return None;
    }
    if endpoint.steering.paused || waits_its_turn(work, &endpoint, &delivery) {
        return None;
    }
    let delivery = put(work, &delivery, DeliveryState::Sending);
    Some(Parcel::Webhook { delivery, endpoint })
}

/// Whether a delivery has to wait for one that came before it.
fn waits_its_turn(work: &Work<'_>, endpoint: &WebhookEndpoint, delivery: &Delivery) -> bool {
    let ordering = endpoint.steering.ordering;
    let ordering = ordering.unwrap_or(work.settings().webhooks.ordering);
    ordering == DeliveryOrdering::Strict && {
        let open = work.find::<Delivery>(&DeliveryKey::Open(endpoint.id.clone()));
        open.is_some_and(|first| first.id != delivery.id)
    }
}

/// Whether everything that is to be sent in a queue has to wait for something that is not.
pub(super) fn is_held_up(work: &Work<'_>, queue: &QueueId) -> bool {
    let QueueId::Endpoint(endpoint) = queue else {
        return false;
    };
    let endpoint = work.get::<WebhookEndpoint>(endpoint.as_str());
    let first = work.first_of::<Delivery>(queue);
    endpoint
        .zip(first)
        .is_some_and(|(endpoint, first)| waits_its_turn(work, &endpoint, &first))
}

/// Records an attempt, and what follows from it.
pub(crate) fn attempted(environment: &Environment, parcel: &Parcel, attempt: Attempt) {
    let mut work = Work::begin(environment);
    match parcel {
        Parcel::Webhook { delivery, .. } => webhook_attempted(&mut work, &delivery.id, attempt),
        Parcel::LogEntry(delivery) => log_streams::attempted(&mut work, &delivery.id, attempt),
    }
    work.commit();
}

fn webhook_attempted(work: &mut Work<'_>, id: &DeliveryId, attempt: Attempt) {
    let Some(delivery) = work.get::<Delivery>(id.as_str()) else {
        return;
    };
    let tried = delivery.progress.attempts.len() + 1;
    let wait = work.settings().webhooks.retries.wait_after(tried);
    let progress = delivery.progress.attempted(attempt, wait, &work.now());
    work.update(Delivery {
        progress,
        ..Delivery::clone(&delivery)
    });
    keep_only(work);
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
