//! What webhook endpoints can be found by.

use crate::domain::ids::{Id as _, WebhookEndpointId};
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a webhook endpoint can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WebhookEndpointKey {
    /// Its address in its one spelling; one endpoint has it.
    Url(Box<str>),
    /// A name of an event that it is sent.
    Subscribed(Box<str>),
}

impl Record for WebhookEndpoint {
    type Key = WebhookEndpointKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = WebhookEndpointId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<WebhookEndpointKey> {
        let url = WebhookEndpointKey::Url(self.url.canonical().into());
        let subscribed = self.events.iter().filter(|_| self.is_enabled());
        let subscribed =
            subscribed.map(|name| WebhookEndpointKey::Subscribed(name.as_str().into()));
        [url].into_iter().chain(subscribed).collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.webhook_endpoints
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.webhook_endpoints
    }
}
