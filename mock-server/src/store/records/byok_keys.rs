//! What the keys of organizations can be found by.

use crate::domain::byok_key::ByokKey;
use crate::domain::ids::{ByokKeyId, Id as _, OrganizationId};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a key of an organization can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ByokKeyKey {
    /// Whose key it is.
    Organization(OrganizationId),
}

impl Record for ByokKey {
    type Key = ByokKeyKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = ByokKeyId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ByokKeyKey> {
        vec![ByokKeyKey::Organization(self.organization_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.byok_keys
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.byok_keys
    }
}
