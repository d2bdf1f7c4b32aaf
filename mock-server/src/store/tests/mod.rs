//! The store against a naive model of it.

mod pages;
mod properties;
mod units;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use ulid::Ulid;

use super::names::NameKey;
use super::query::{Direction, narrowed};
use super::*;
use crate::domain::domain_name::DomainName;
use crate::domain::ids::{EventId, OrganizationDomainId, OrganizationId};
use crate::domain::metadata::Metadata;
use crate::domain::organization::OrganizationEvent;
use crate::domain::organization_domain::{DomainState, OrganizationDomain};
use crate::domain::page::{Order, Page, PageRequest};
use crate::random::Random;

fn organization(position: Position, name: &str, domains: &[&str]) -> Organization {
    let domain = |(index, name): (usize, &&str)| {
        Arc::new(OrganizationDomain {
            id: OrganizationDomainId::new(Ulid(position * 1_000 + index as u128)),
            organization_id: OrganizationId::new(Ulid(position)),
            name: DomainName::parse(name).unwrap(),
            state: DomainState::LegacyVerified,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        })
    };
    Organization {
        id: OrganizationId::new(Ulid(position)),
        name: name.to_owned(),
        domains: domains.iter().enumerate().map(domain).collect(),
        metadata: Metadata::default(),
        external_id: None,
        stripe_customer_id: None,
        allow_profiles_outside_organization: false,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn id(position: Position) -> String {
    OrganizationId::new(Ulid(position)).to_string()
}

/// Organizations at the even positions from 2 on; number `n` is named `Name n` and has a domain of each of two kinds.
fn filled(count: u128) -> Store {
    let store = Store::default();
    let mut unit = store.begin();
    for number in 1..=count {
        let (third, fifth) = (
            format!("three{}.example", number % 3),
            format!("five{}.example", number % 5),
        );
        unit.insert(organization(
            number * 2,
            &format!("Name {number}"),
            &[&third, &fifth],
        ));
    }
    unit.commit();
    store
}

fn domain(name: &str) -> OrganizationKey {
    OrganizationKey::Domain(DomainName::parse(name).unwrap())
}

fn all(_: &Organization) -> bool {
    true
}

fn list(
    store: &Store,
    filters: &[Vec<OrganizationKey>],
    page: &PageRequest,
) -> Result<Page<Organization>, BadCursor> {
    store.begin().list(&Query {
        filters: filters.to_vec(),
        verify: &all,
        within: EVERYWHERE,
        page,
    })
}

fn ids(page: &Page<Organization>) -> Vec<String> {
    page.items.iter().map(|one| one.id.to_string()).collect()
}
