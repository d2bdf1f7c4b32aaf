//! What events can be found by.

use std::borrow::Cow;

use crate::domain::event::Event;
use crate::domain::ids::{EventId, Id as _, OrganizationId};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What an event can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EventKey {
    /// Its name.
    Name(Cow<'static, str>),
    /// The same and the organization that it concerns.
    OfOrganization(Cow<'static, str>, OrganizationId),
    /// The organization that it concerns, whatever its name.
    Organization(OrganizationId),
}

impl Record for Event {
    type Key = EventKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = EventId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<EventKey> {
        let name = Cow::Borrowed(self.what.name());
        let organization = self.what.organization_id().clone();
        vec![
            EventKey::Name(name.clone()),
            EventKey::OfOrganization(name, organization.clone()),
            EventKey::Organization(organization),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.events
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.events
    }
}
