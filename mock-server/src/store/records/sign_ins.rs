//! What sign-ins can be found by.

use crate::domain::ids::{ConnectionId, Id as _, SignInId};
use crate::domain::sign_in::SignIn;
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a sign-in can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SignInKey {
    /// What it went through.
    Connection(ConnectionId),
}

impl Record for SignIn {
    type Key = SignInKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = SignInId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<SignInKey> {
        vec![SignInKey::Connection(self.connection_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.sign_ins
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.sign_ins
    }
}
