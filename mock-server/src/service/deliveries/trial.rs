//! Events that an endpoint is sent to try it: they are made up and in no list of events.

use std::sync::Arc;

use super::super::Work;
use super::{add, life, steer};
use crate::domain::Error;
use crate::domain::delivery::{Cause, Delivery};
use crate::domain::error::{Rule, Violation};
use crate::domain::event::Event;
use crate::domain::ids::EventId;
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::environment::Environment;

/// Sends an endpoint a made-up event with this name, one of those that it is subscribed to: that is what `WorkOS` offers in its
/// dashboard. What it tells of is nowhere else, and has the shape that the environment's own events have.
///
/// # Errors
/// There is no endpoint with this id, it is disabled or not subscribed to such events, or they are never made here.
pub(crate) fn send(
    environment: &Environment,
    id: &str,
    name: &str,
) -> Result<Arc<Delivery>, Error> {
    let work = Work::begin(environment);
    let endpoint = steer::endpoint(&work, id)?;
    check_enabled(&endpoint)?;
    let at = work.at();
    let event_id = EventId::new(work.random().event_ulid(at));
    // Nobody waits while it is made up.
    drop(work);
    let life = life::lived(environment, at, endpoint.steering.number_for(&event_id));
    let found = life.last(name).filter(|_| endpoint.wants(name));
    let Some(what) = found else {
        return Err(none(&endpoint, name, &life).into());
    };
    let event = Arc::new(Event {
        id: event_id,
        what: what.clone(),
        created_at: at,
    });
    let mut work = Work::begin(environment);
    // It may have changed meanwhile.
    let endpoint = steer::endpoint(&work, id)?;
    check_enabled(&endpoint)?;
    let delivery = add(&mut work, &endpoint, &event, Cause::Test);
    work.commit();
    Ok(delivery)
}

fn check_enabled(endpoint: &WebhookEndpoint) -> Result<(), Error> {
    if endpoint.is_enabled() {
        return Ok(());
    }
    let message = format!("The webhook endpoint '{}' is disabled.", endpoint.id);
    Err(Violation::new("endpoint_id", Rule::Value, message).into())
}

/// Why there is no such event for an endpoint, and which there are.
fn none(endpoint: &WebhookEndpoint, name: &str, life: &life::Life) -> Violation {
    let why = if endpoint.wants(name) {
        "This server never makes such an event"
    } else {
        "The endpoint is not subscribed to such events"
    };
    let made = endpoint.events.iter().map(String::as_str);
    let made: Vec<_> = made.filter(|name| life.last(name).is_some()).collect();
    let message = match made.as_slice() {
        [] => format!("{why}; there is none that it could be sent."),
        made => format!("{why}; it can be sent {}.", made.join(", ")),
    };
    Violation::new("event", Rule::Value, message)
}
