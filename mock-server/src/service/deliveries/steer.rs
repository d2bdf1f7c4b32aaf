//! Deliveries as a test steers them: again, not now, and as they would be on a bad day.

use std::sync::Arc;

use super::super::Work;
use super::{list, release, straighten};
use crate::domain::Error;
use crate::domain::delivery::{Delivery, QueueId};
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::Id as _;
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::domain::webhook_settings::DeliveryOrdering;
use crate::domain::webhook_steering::Steering;
use crate::environment::Environment;
use crate::wakeups::Job;

/// Sends a delivery once more, whatever became of it.
///
/// # Errors
/// There is none with this id, it is under way, or its endpoint is gone or disabled.
pub(crate) fn resend(environment: &Environment, id: &str) -> Result<Arc<Delivery>, Error> {
    let mut work = Work::begin(environment);
    let delivery = work
        .get::<Delivery>(id)
        .ok_or_else(|| list::not_found(id))?;
    let endpoint = endpoint(&work, delivery.endpoint_id.as_str())?;
    if !endpoint.is_enabled() {
        let message = format!("The webhook endpoint '{}' is disabled.", endpoint.id);
        return Err(Violation::new("endpoint_id", Rule::Value, message).into());
    }
    let again = delivery.progress.again();
    let progress = again.map_err(|_| Error::DeliveryUnderWay(id.to_owned()))?;
    let delivery = work.update(Delivery {
        place: delivery.own_place(),
        progress,
        ..Delivery::clone(&delivery)
    });
    work.wake(delivery.queue());
    work.commit();
    Ok(delivery)
}

/// How deliveries to an endpoint are steered.
///
/// # Errors
/// There is no endpoint with this id.
pub(crate) fn steering(environment: &Environment, id: &str) -> Result<Steering, Error> {
    let work = Work::begin(environment);
    Ok(endpoint(&work, id)?.steering.clone())
}

/// Steers deliveries to an endpoint in another way than before. Its counts begin anew, and what was held back is let go.
///
/// # Errors
/// There is no endpoint with this id, or what is asked for excludes one another.
pub(crate) fn steer(
    environment: &Environment,
    id: &str,
    steering: Steering,
) -> Result<Steering, Error> {
    let ordering = steering
        .ordering
        .unwrap_or(environment.settings.webhooks.ordering);
    if steering.shuffle.is_some() {
        let excluded = |field, what| {
            let message = format!("Deliveries that are shuffled cannot be {what} as well.");
            Err(Violation::new(field, Rule::Value, message).into())
        };
        if ordering == DeliveryOrdering::Strict {
            return excluded("shuffle", "in strict order");
        }
        if steering.delay.is_positive() {
            return excluded("delay", "delayed");
        }
    }
    let mut work = Work::begin(environment);
    let before = endpoint(&work, id)?;
    let after = work.update(WebhookEndpoint {
        steering,
        ..WebhookEndpoint::clone(&before)
    });
    release(&mut work, &after);
    if ordering == DeliveryOrdering::Strict {
        straighten(&mut work, &after.id);
    }
    work.wake(QueueId::Endpoint(after.id.clone()));
    work.commit();
    Ok(after.steering.clone())
}

/// Stops sending anything, or goes on with it.
pub(crate) fn pause(environment: &Environment, paused: bool) {
    environment.wakeups.pause(paused);
    if !paused {
        let queues = Work::begin(environment).queues();
        for queue in queues {
            environment.wakeups.wake(&environment.id, Job::Send(queue));
        }
    }
}

fn endpoint(work: &Work<'_>, id: &str) -> Result<Arc<WebhookEndpoint>, Error> {
    work.get::<WebhookEndpoint>(id)
        .ok_or_else(|| Error::NotFound {
            entity: Entity::WebhookEndpoint,
            id: id.to_owned(),
        })
}
