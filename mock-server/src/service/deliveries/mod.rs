//! Deliveries of events to webhook endpoints: what is to be sent, in which order, and what became of it.

pub(crate) mod list;
mod queue;
pub(crate) mod steer;

use std::sync::Arc;

use queue::straighten;
pub(crate) use queue::{Parcel, attempted, keep_time, take};
pub(super) use queue::{keep_only, ready, release, respect};

use super::Work;
use crate::domain::delivery::{Cause, Delivery, DeliveryState, Progress, Wait};
use crate::domain::event::Event;
use crate::domain::ids::DeliveryId;
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::domain::webhook_steering::SHUFFLE_HOLD;
use crate::store::{DeliveryKey, WebhookEndpointKey};

/// Has an event sent to every endpoint that wants it, in the unit of work in which it happened.
pub(super) fn fan_out(work: &mut Work<'_>, event: &Arc<Event>) {
    let key = WebhookEndpointKey::Subscribed(event.what.name().into());
    for endpoint in work.find_all::<WebhookEndpoint>(&key) {
        let endpoint = counted(work, endpoint);
        add(work, &endpoint, event, Cause::Event);
        if endpoint.steering.duplicates() {
            add(work, &endpoint, event, Cause::Duplicate);
        }
    }
}

/// The endpoint after one more event, where that matters.
fn counted(work: &mut Work<'_>, endpoint: Arc<WebhookEndpoint>) -> Arc<WebhookEndpoint> {
    if !endpoint.steering.counts() {
        return endpoint;
    }
    let mut endpoint = WebhookEndpoint::clone(&endpoint);
    endpoint.steering.count += 1;
    work.update(endpoint)
}

/// Has an event sent to an endpoint.
fn add(
    work: &mut Work<'_>,
    endpoint: &WebhookEndpoint,
    event: &Arc<Event>,
    cause: Cause,
) -> Arc<Delivery> {
    let now = work.now();
    let ulid = work.random().delivery_ulid(now.at());
    let steering = &endpoint.steering;
    let progress = if !work.reach().includes_text(endpoint.url.canonical()) {
        Progress::not_dialled(endpoint.url.as_str().into(), &now)
    } else if steering.shuffle.is_some() && cause != Cause::Test {
        Progress::default().with(DeliveryState::Held(Wait::new(SHUFFLE_HOLD, &now)))
    } else {
        Progress::after(steering.delay, &now)
    };
    let delivery = work.insert(Delivery {
        id: DeliveryId::new(ulid),
        event: Arc::clone(event),
        endpoint_id: endpoint.id.clone(),
        cause,
        odd: steering.odd(&event.id),
        place: ulid.0,
        created_at: now.at(),
        progress,
    });
    match delivery.progress.state {
        DeliveryState::Held(_) => {
            let held = work.count::<Delivery>(&DeliveryKey::Held(endpoint.id.clone()));
            if steering.shuffle.is_some_and(|window| held >= window.get()) {
                release(work, endpoint);
            }
        }
        DeliveryState::Due => work.wake(delivery.queue()),
        _ => keep_only(work),
    }
    delivery
}
