//! What log streams and their deliveries can be found by.

use crate::domain::ids::{Id as _, LogStreamDeliveryId, LogStreamId, OrganizationId};
use crate::domain::log_stream::{LogStream, LogStreamDelivery};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a log stream can be found by: whose it is; an organization has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LogStreamKey(pub(crate) OrganizationId);

/// What a delivery can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LogStreamDeliveryKey {
    /// Whose event it is.
    Organization(OrganizationId),
    /// The stream that it went through.
    Stream(LogStreamId),
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
        vec![
            LogStreamDeliveryKey::Organization(self.organization_id.clone()),
            LogStreamDeliveryKey::Stream(self.stream_id.clone()),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.log_stream_deliveries
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.log_stream_deliveries
    }
}
