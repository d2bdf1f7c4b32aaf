//! What organizations can be found by.

use crate::domain::domain_name::DomainName;
use crate::domain::due::{Due, TimedChange};
use crate::domain::ids::{Id as _, OrganizationDomainId, OrganizationId};
use crate::domain::organization::Organization;
use crate::store::names::{self, NameKey};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What an organization can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OrganizationKey {
    /// Its external id; one organization has it.
    ExternalId(Box<str>),
    /// Its Stripe customer; one organization has it.
    StripeCustomer(Box<str>),
    /// One of its domains.
    Domain(DomainName),
    /// The id of one of its domains.
    DomainId(OrganizationDomainId),
    /// A part of its name.
    Name(NameKey),
}

impl Record for Organization {
    type Key = OrganizationKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = OrganizationId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<OrganizationKey> {
        let external = self
            .external_id
            .iter()
            .map(|id| OrganizationKey::ExternalId(id.as_str().into()));
        let stripe = self
            .stripe_customer_id
            .iter()
            .map(|id| OrganizationKey::StripeCustomer(id.as_str().into()));
        let domains = self.domains.iter().flat_map(|domain| {
            [
                OrganizationKey::Domain(domain.name.clone()),
                OrganizationKey::DomainId(domain.id.clone()),
            ]
        });
        external
            .chain(stripe)
            .chain(domains)
            .chain(names::keys(&self.name).map(OrganizationKey::Name))
            .collect()
    }

    fn due(&self) -> Option<Due> {
        let pending = self.domains.iter().filter_map(|domain| domain.pending());
        let (at, since) = pending.min_by_key(|(at, _)| *at)?;
        let change = TimedChange::DomainVerification(self.id.clone());
        Some(Due { at, since, change })
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.organizations
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.organizations
    }
}
