//! Webhook endpoints: create, change, delete, list.

use std::sync::Arc;

use super::{Work, deliveries};
use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::ids::WebhookEndpointId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::webhook_endpoint::{
    EndpointStatus, EndpointUrl, SECRET_LENGTH, SigningSecret, WebhookEndpoint, distinct,
};
use crate::domain::webhook_steering::Steering;
use crate::environment::Environment;
use crate::store::{EVERYWHERE, Query, UnitOfWork, WebhookEndpointKey};

/// What is to be changed of a webhook endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointChanges {
    pub(crate) url: Option<String>,
    pub(crate) status: Option<EndpointStatus>,
    pub(crate) events: Option<Vec<String>>,
}

/// Makes a webhook endpoint, which is enabled and has a secret of its own.
///
/// # Errors
/// An address that events cannot be sent to, or that another endpoint has.
pub(crate) fn create(
    environment: &Environment,
    url: &str,
    events: Vec<String>,
) -> Result<Arc<WebhookEndpoint>, Error> {
    let url = EndpointUrl::parse(url, environment.settings.url_policy)?;
    let mut work = Work::begin(environment);
    let now = work.at();
    let endpoint = WebhookEndpoint {
        id: WebhookEndpointId::new(work.ulid()),
        url,
        secret: SigningSecret::new(&environment.random.letters_and_digits(SECRET_LENGTH)),
        status: EndpointStatus::Enabled,
        events: distinct(events),
        steering: Steering::default(),
        created_at: now,
        updated_at: now,
    };
    check_unique(&work, &endpoint)?;
    let endpoint = work.insert(endpoint);
    work.commit();
    tell_if_out_of_reach(environment, &endpoint);
    Ok(endpoint)
}

/// Changes a webhook endpoint. Its secret stays; a change that changes nothing leaves its `updated_at`.
///
/// # Errors
/// There is none with this id, events cannot be sent to the address, or another endpoint has it.
pub(crate) fn update(
    environment: &Environment,
    id: &str,
    changes: EndpointChanges,
) -> Result<Arc<WebhookEndpoint>, Error> {
    let mut work = Work::begin(environment);
    let before = work
        .get::<WebhookEndpoint>(id)
        .ok_or_else(|| not_found(id))?;
    let mut endpoint = WebhookEndpoint::clone(&before);
    if let Some(url) = changes.url {
        endpoint.url = EndpointUrl::parse(&url, environment.settings.url_policy)?;
    }
    if let Some(status) = changes.status {
        endpoint.status = status;
    }
    if let Some(events) = changes.events {
        endpoint.events = distinct(events);
    }
    check_unique(&work, &endpoint)?;
    if endpoint != *before {
        endpoint.updated_at = work.at();
    }
    let endpoint = work.update(endpoint);
    deliveries::cancel::respect(&mut work, &endpoint.id);
    work.commit();
    if endpoint.url != before.url {
        tell_if_out_of_reach(environment, &endpoint);
    }
    Ok(endpoint)
}

/// Deletes a webhook endpoint.
///
/// # Errors
/// There is none with this id.
pub(crate) fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let endpoint = work
        .delete::<WebhookEndpoint>(id)
        .ok_or_else(|| not_found(id))?;
    deliveries::cancel::respect(&mut work, &endpoint.id);
    work.commit();
    Ok(())
}

/// A page of webhook endpoints.
///
/// # Errors
/// A cursor that is no webhook endpoint's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    page: &PageRequest,
) -> Result<Page<WebhookEndpoint>, Error> {
    Work::begin(environment).list(&Query {
        filters: Vec::new(),
        verify: &|_| true,
        within: EVERYWHERE,
        page,
    })
}

/// Whoever waits for events is to know why none come.
fn tell_if_out_of_reach(environment: &Environment, endpoint: &WebhookEndpoint) {
    if !environment.reach.includes_text(endpoint.url.canonical()) {
        tracing::warn!(
            endpoint = %endpoint.id,
            "events for this endpoint are recorded and not sent: its host is not in dial_hosts"
        );
    }
}

/// Whether no other endpoint has the address.
fn check_unique(unit: &UnitOfWork<'_>, endpoint: &WebhookEndpoint) -> Result<(), Error> {
    let key = WebhookEndpointKey::Url(endpoint.url.canonical().into());
    match unit.find::<WebhookEndpoint>(&key) {
        Some(holder) if holder.id != endpoint.id => Err(Error::EndpointExists),
        _ => Ok(()),
    }
}

fn not_found(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::WebhookEndpoint,
        id: id.to_owned(),
    }
}
