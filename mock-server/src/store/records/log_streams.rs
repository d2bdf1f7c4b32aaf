//! What log streams and their deliveries can be found by.

use super::{due, queued};
use crate::domain::due::{Due, TimedChange};
use crate::domain::ids::{Id as _, LogStreamDeliveryId, LogStreamId, OrganizationId};
use crate::domain::log_stream::LogStream;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::store::table::Table;
use crate::store::{InOrder, Queued, Record, Tables};

/// What a log stream can be found by: whose it is; an organization has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LogStreamKey(pub(crate) OrganizationId);

/// What a delivery can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LogStreamDeliveryKey {
    /// Whose event it is.
    Organization(OrganizationId),
    /// How far it is.
    State(Box<str>),
    /// The stream that it goes through, unless it is over.
    Open(LogStreamId),
    /// The stream that it went through, once it is over.
    Over(LogStreamId),
    /// It is being sent, or is to be sent now.
    UnderWay,
}

impl Record for LogStream {
    type Key = LogStreamKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = LogStreamId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<LogStreamKey> {
        vec![LogStreamKey(self.organization_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.log_streams
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.log_streams
    }
}

impl Record for LogStreamDelivery {
    type Key = LogStreamDeliveryKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = LogStreamDeliveryId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<LogStreamDeliveryKey> {
        let state = self.progress.state;
        let mut keys = vec![
            LogStreamDeliveryKey::Organization(self.organization_id.clone()),
            LogStreamDeliveryKey::State(state.as_str().into()),
        ];
        keys.push(if state.is_over() {
            LogStreamDeliveryKey::Over(self.stream_id.clone())
        } else {
            LogStreamDeliveryKey::Open(self.stream_id.clone())
        });
        if state.is_under_way() {
            keys.push(LogStreamDeliveryKey::UnderWay);
        }
        keys
    }

    fn due(&self) -> Option<Due> {
        due(self.progress.state, || {
            TimedChange::LogStreamDelivery(self.id.clone())
        })
    }

    fn queued(&self) -> Option<Queued> {
        queued(self.progress.state, self.place, || self.queue())
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.log_stream_deliveries
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.log_stream_deliveries
    }
}
