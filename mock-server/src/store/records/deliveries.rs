//! What deliveries to webhook endpoints can be found by.

use super::{due, queued};
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::due::{Due, TimedChange};
use crate::domain::ids::{DeliveryId, EventId, Id as _, WebhookEndpointId};
use crate::store::table::Table;
use crate::store::{InOrder, Queued, Record, Tables};

/// What a delivery can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DeliveryKey {
    /// The endpoint that it goes to.
    Endpoint(WebhookEndpointId),
    /// The event that it brings.
    Event(EventId),
    /// The name of that event.
    Name(Box<str>),
    /// How far it is.
    State(Box<str>),
    /// The endpoint that it goes to, unless it is over.
    Open(WebhookEndpointId),
    /// The endpoint that it goes to, if it is held back.
    Held(WebhookEndpointId),
    /// It is being sent, or is to be sent now.
    UnderWay,
    /// It is over.
    Over,
}

impl Record for Delivery {
    type Key = DeliveryKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = DeliveryId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DeliveryKey> {
        let state = self.progress.state;
        let mut keys = vec![
            DeliveryKey::Endpoint(self.endpoint_id.clone()),
            DeliveryKey::Event(self.event.id.clone()),
            DeliveryKey::Name(self.event.what.name().into()),
            DeliveryKey::State(state.as_str().into()),
        ];
        if state.is_over() {
            keys.push(DeliveryKey::Over);
        } else {
            keys.push(DeliveryKey::Open(self.endpoint_id.clone()));
        }
        if state.is_under_way() {
            keys.push(DeliveryKey::UnderWay);
        }
        if matches!(state, DeliveryState::Held(_)) {
            keys.push(DeliveryKey::Held(self.endpoint_id.clone()));
        }
        keys
    }

    fn due(&self) -> Option<Due> {
        due(self.progress.state, || {
            TimedChange::Delivery(self.id.clone())
        })
    }

    fn queued(&self) -> Option<Queued> {
        queued(self.progress.state, self.place, || self.queue())
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.deliveries
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.deliveries
    }
}
