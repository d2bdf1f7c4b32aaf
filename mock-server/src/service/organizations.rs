//! Organizations: create, find, change, delete, list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::organization_domains::Source;
use super::{Change, Work, audit_logs, byok_keys, connections, directories, log_streams};
use crate::domain::Error;
use crate::domain::domain_name::DomainName;
use crate::domain::error::Entity;
use crate::domain::ids::OrganizationId;
use crate::domain::it_contact::ItContact;
use crate::domain::metadata::Metadata;
use crate::domain::organization::{DomainInput, Organization, OrganizationEvent};
use crate::domain::organization_domain::OrganizationDomainEvent;
use crate::domain::page::{Page, PageRequest};
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;
use crate::domain::time::Moment;
use crate::environment::Environment;
use crate::random::Random;
use crate::store::{
    EVERYWHERE, ItContactKey, LinkKey, NameSearch, OrganizationKey, Query, SessionKey, UnitOfWork,
};

/// An organization that is to be made.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewOrganization {
    pub(crate) name: String,
    pub(crate) domains: DomainInput,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) external_id: Option<String>,
    pub(crate) allow_profiles_outside_organization: bool,
}

/// What is to be changed of an organization. Metadata and domains replace those that it has.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrganizationChanges {
    pub(crate) name: Option<String>,
    pub(crate) domains: DomainInput,
    pub(crate) metadata: Option<BTreeMap<String, String>>,
    pub(crate) external_id: Change<String>,
    pub(crate) stripe_customer_id: Change<String>,
    pub(crate) allow_profiles_outside_organization: Option<bool>,
}

/// Which organizations are to be listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListOrganizations {
    pub(crate) page: PageRequest,
    /// Those that have any of these domains; all, when there is none.
    pub(crate) domains: Vec<String>,
    /// Those whose name contains this, in any case; one or two characters are looked for where words begin.
    pub(crate) search: Option<String>,
}

/// Makes an organization.
///
/// # Errors
/// A domain that is none or a mail provider's, or an external id that another organization has.
pub(crate) fn create(
    environment: &Environment,
    new: NewOrganization,
) -> Result<Arc<Organization>, Error> {
    let claims = new
        .domains
        .claims()
        .map_err(Error::Invalid)?
        .unwrap_or_default();
    let mut work = Work::begin(environment);
    let now = work.now().moment();
    let mut organization = Organization {
        id: OrganizationId::new(work.ulid()),
        name: new.name,
        domains: Vec::new(),
        metadata: new.metadata.into(),
        external_id: new.external_id,
        stripe_customer_id: None,
        allow_profiles_outside_organization: new.allow_profiles_outside_organization,
        created_at: now.at,
        updated_at: now.at,
    };
    check_unique(&work, &organization)?;
    let events = organization.claim(claims, now, &mut Source::new(&environment.random, now.at));
    let organization = work.insert(organization);
    work.record(OrganizationEvent::Created(Arc::clone(&organization)));
    for event in events {
        work.record(event);
    }
    work.commit();
    Ok(organization)
}

/// Makes the organization that a staging environment of `WorkOS` begins with.
pub(crate) fn create_test_organization(environment: &Environment) {
    let mut work = Work::begin(environment);
    let position = work.ulid().0;
    let organization = test_organization(&environment.random, work.now().moment());
    work.insert_pinned(organization, position);
    work.commit();
}

/// The organization that a staging environment of `WorkOS` begins with.
pub(super) fn test_organization(random: &Random, now: Moment) -> Organization {
    let domains = DomainInput {
        domains: None,
        domain_data: Some(vec![("example.com".to_owned(), true)]),
    };
    let mut organization = Organization {
        id: OrganizationId::test(),
        name: "Test Organization".to_owned(),
        domains: Vec::new(),
        metadata: Metadata::default(),
        external_id: None,
        stripe_customer_id: None,
        allow_profiles_outside_organization: false,
        created_at: now.at,
        updated_at: now.at,
    };
    if let Ok(Some(claims)) = domains.claims() {
        organization.claim(claims, now, &mut Source::new(random, now.at));
    }
    organization
}

/// The organization with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Organization>, Error> {
    Work::begin(environment)
        .get(id)
        .ok_or_else(|| not_found(id))
}

/// The organization with this external id.
///
/// # Errors
/// There is none.
pub(crate) fn get_by_external_id(
    environment: &Environment,
    external_id: &str,
) -> Result<Arc<Organization>, Error> {
    let key = OrganizationKey::ExternalId(external_id.into());
    Work::begin(environment)
        .find(&key)
        .ok_or_else(|| not_found(external_id))
}

/// Changes an organization. An update that changes no attribute of its own leaves its `updated_at` and is no event of the
/// organization; domains tell of themselves, as users of `WorkOS` have seen it do.
///
/// # Errors
/// There is none with this id, a domain is none, or another organization has the external id or the Stripe customer.
pub(crate) fn update(
    environment: &Environment,
    id: &str,
    changes: OrganizationChanges,
) -> Result<Arc<Organization>, Error> {
    let claims = changes.domains.claims().map_err(Error::Invalid)?;
    let mut work = Work::begin(environment);
    let now = work.now().moment();
    let before = work.get::<Organization>(id).ok_or_else(|| not_found(id))?;
    let mut organization = Organization::clone(&before);
    if let Some(name) = changes.name {
        organization.name = name;
    }
    if let Some(metadata) = changes.metadata {
        organization.metadata = metadata.into();
    }
    if let Some(allow) = changes.allow_profiles_outside_organization {
        organization.allow_profiles_outside_organization = allow;
    }
    changes.external_id.apply(&mut organization.external_id);
    changes
        .stripe_customer_id
        .apply(&mut organization.stripe_customer_id);
    check_unique(&work, &organization)?;
    let differs = organization != *before;
    if differs {
        organization.updated_at = now.at;
    }
    let events = claims.map(|claims| {
        organization.claim(claims, now, &mut Source::new(&environment.random, now.at))
    });
    let organization = work.update(organization);
    if differs {
        work.record(OrganizationEvent::Updated(Arc::clone(&organization)));
    }
    for event in events.into_iter().flatten() {
        work.record(event);
    }
    work.commit();
    Ok(organization)
}

/// Deletes an organization with all that belongs to it: connections, directories, IT contacts, its audit log and its stream, portal links and the sessions
/// they became. Its last event comes after those of what it owned.
///
/// # Errors
/// There is none with this id.
pub(crate) fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let organization = work
        .delete::<Organization>(id)
        .ok_or_else(|| not_found(id))?;
    let id = &organization.id;
    directories::remove_all(&mut work, id);
    byok_keys::delete_of(&mut work, id);
    work.delete_all::<PortalSession>(&SessionKey::Organization(id.clone()));
    work.delete_all::<PortalLink>(&LinkKey::Organization(id.clone()));
    work.delete_all::<ItContact>(&ItContactKey::Organization(id.clone()));
    audit_logs::forget(&mut work, id);
    log_streams::remove(&mut work, id);
    connections::delete_of(&mut work, id);
    for domain in &organization.domains {
        work.record(OrganizationDomainEvent::Deleted(Arc::clone(domain)));
    }
    work.record(OrganizationEvent::Deleted(organization));
    work.commit();
    Ok(())
}

/// A page of organizations.
///
/// # Errors
/// A cursor that is no organization's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: &ListOrganizations,
) -> Result<Page<Organization>, Error> {
    list_in(&Work::begin(environment), list)
}

/// The same as a part of something larger.
pub(super) fn list_in(
    work: &Work<'_>,
    list: &ListOrganizations,
) -> Result<Page<Organization>, Error> {
    let mut filters = Vec::new();
    if !list.domains.is_empty() {
        // What is no domain is no organization's domain either.
        let names = list
            .domains
            .iter()
            .filter_map(|text| DomainName::parse(text).ok());
        filters.push(names.map(OrganizationKey::Domain).collect());
    }
    let search = list.search.as_deref().and_then(NameSearch::new);
    if let Some(search) = &search {
        filters.extend(search.filters(OrganizationKey::Name));
    }
    let verify = |organization: &Organization| {
        search
            .as_ref()
            .is_none_or(|search| search.finds(&organization.name))
    };
    work.list(&Query {
        filters,
        verify: &verify,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// Whether no other organization has what only one may have.
fn check_unique(unit: &UnitOfWork<'_>, organization: &Organization) -> Result<(), Error> {
    let is_taken = |key: OrganizationKey| {
        unit.find::<Organization>(&key)
            .is_some_and(|holder| holder.id != organization.id)
    };
    if let Some(id) = &organization.external_id
        && is_taken(OrganizationKey::ExternalId(id.as_str().into()))
    {
        return Err(Error::ExternalIdTaken(id.clone()));
    }
    if let Some(id) = &organization.stripe_customer_id
        && is_taken(OrganizationKey::StripeCustomer(id.as_str().into()))
    {
        return Err(Error::StripeCustomerTaken(id.clone()));
    }
    Ok(())
}

pub(super) fn not_found(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::Organization,
        id: id.to_owned(),
    }
}
