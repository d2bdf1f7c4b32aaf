//! Webhook endpoints.

use serde::Serialize;

use super::Time;
use crate::domain::ids::Id as _;
use crate::domain::webhook_endpoint::{EndpointStatus, WebhookEndpoint};

/// A webhook endpoint with its secret.
#[derive(Serialize)]
pub(crate) struct WebhookEndpointView<'a> {
    object: &'static str,
    id: &'a str,
    endpoint_url: &'a str,
    secret: &'a str,
    status: &'static str,
    events: &'a [String],
    created_at: Time,
    updated_at: Time,
}

impl<'a> WebhookEndpointView<'a> {
    pub(crate) fn new(endpoint: &'a WebhookEndpoint) -> Self {
        Self {
            object: "webhook_endpoint",
            id: endpoint.id.as_str(),
            endpoint_url: endpoint.url.as_str(),
            secret: endpoint.secret.expose(),
            status: match endpoint.status {
                EndpointStatus::Enabled => "enabled",
                EndpointStatus::Disabled => "disabled",
            },
            events: &endpoint.events,
            created_at: Time(endpoint.created_at),
            updated_at: Time(endpoint.updated_at),
        }
    }
}
