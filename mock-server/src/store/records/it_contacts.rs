//! What IT contacts can be found by.

use crate::domain::ids::{Id as _, ItContactId, OrganizationId};
use crate::domain::it_contact::ItContact;
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What an IT contact can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ItContactKey {
    /// Whose contact it is.
    Organization(OrganizationId),
    /// The same and its address in lower case; one contact has it.
    Email(OrganizationId, Box<str>),
}

impl Record for ItContact {
    type Key = ItContactKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = ItContactId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ItContactKey> {
        let organization = self.organization_id.clone();
        let email = ItContactKey::Email(organization.clone(), self.email.to_lowercase().into());
        vec![ItContactKey::Organization(organization), email]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.it_contacts
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.it_contacts
    }
}
