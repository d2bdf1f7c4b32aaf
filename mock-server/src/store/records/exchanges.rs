//! What exchanges can be found by.

use crate::domain::exchange::Exchange;
use crate::domain::ids::{ExchangeId, Id as _};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What an exchange can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ExchangeKey {
    /// The id of the API's operation.
    Operation(Box<str>),
    Method(Box<str>),
    Path(Box<str>),
    Status(u16),
}

impl Record for Exchange {
    type Key = ExchangeKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = ExchangeId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ExchangeKey> {
        let operation = self.operation.map(|id| ExchangeKey::Operation(id.into()));
        let others = [
            ExchangeKey::Method(self.method.clone()),
            ExchangeKey::Path(self.path.clone()),
            ExchangeKey::Status(self.status),
        ];
        operation.into_iter().chain(others).collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.exchanges
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.exchanges
    }
}
