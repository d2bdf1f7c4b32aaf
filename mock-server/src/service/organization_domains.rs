//! Domains of organizations: add, find, verify, remove.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Work, organizations};
use crate::domain::Error;
use crate::domain::domain_name::DomainName;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::{Id as _, OrganizationDomainId, OrganizationId};
use crate::domain::organization::Organization;
use crate::domain::organization_domain::{
    DnsChallenge, DomainSource, DomainState, FailureReason, OrganizationDomain,
    OrganizationDomainEvent,
};
use crate::environment::Environment;
use crate::random::Random;
use crate::store::OrganizationKey;

/// Adds a domain to an organization, whose DNS record is looked for from now on.
///
/// # Errors
/// No domain, that of a mail provider, no such organization, or one that has the domain.
pub(crate) fn create(
    environment: &Environment,
    organization: &str,
    domain: &str,
) -> Result<Arc<OrganizationDomain>, Error> {
    let mut work = Work::begin(environment);
    let domain = add(&mut work, organization, domain)?;
    work.commit();
    Ok(domain)
}

/// As [`create`], within other work.
pub(super) fn add(
    work: &mut Work<'_>,
    organization: &str,
    domain: &str,
) -> Result<Arc<OrganizationDomain>, Error> {
    let name = DomainName::parse(domain)
        .map_err(|error| Violation::not_a_domain("domain".to_owned(), error))?;
    if name.is_public_mail() {
        return Err(Violation::public_mail("domain", &name).into());
    }
    let now = work.now().moment();
    let before = work
        .get::<Organization>(organization)
        .ok_or_else(|| organizations::not_found(organization))?;
    let mut organization = Organization::clone(&before);
    let mut source = Source::new(work.random(), now.at);
    let domain = organization.add_domain(name, now, &mut source)?;
    work.update(organization);
    work.record(OrganizationDomainEvent::Created(Arc::clone(&domain)));
    Ok(domain)
}

/// The domain with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<OrganizationDomain>, Error> {
    let (_, domain) = find(&Work::begin(environment), id)?;
    Ok(domain)
}

/// Removes a domain from its organization.
///
/// # Errors
/// There is none with this id.
pub(crate) fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let (organization, domain) = find(&work, id)?;
    let mut organization = Organization::clone(&organization);
    organization.domains.retain(|held| held.id != domain.id);
    work.update(organization);
    work.record(OrganizationDomainEvent::Deleted(domain));
    work.commit();
    Ok(())
}

/// Begins to look for the domain's DNS record, or begins anew after a failure. When it is looked for already, that goes on
/// as it is.
///
/// # Errors
/// There is no domain with this id, or it is verified.
pub(crate) fn verify(
    environment: &Environment,
    id: &str,
) -> Result<Arc<OrganizationDomain>, Error> {
    let mut work = Work::begin(environment);
    let domain = look_again(&mut work, id)?;
    work.commit();
    Ok(domain)
}

/// As [`verify`], within other work.
pub(super) fn look_again(work: &mut Work<'_>, id: &str) -> Result<Arc<OrganizationDomain>, Error> {
    let (organization, domain) = find(work, id)?;
    let Some(pending) = domain.verify(work.now().moment())? else {
        return Ok(domain);
    };
    let told = OrganizationDomainEvent::Updated;
    Ok(change(work, &organization, pending, told))
}

/// Ends the search for a domain's record as if it had been found. It fails instead where another organization has proved
/// that the domain is its own; and where one is still trying to, that fails.
///
/// # Errors
/// There is no domain with this id, or its record is not looked for.
pub(crate) fn mark_verified(
    environment: &Environment,
    id: &str,
) -> Result<Arc<OrganizationDomain>, Error> {
    let mut work = Work::begin(environment);
    let domain = end_found(&mut work, id)?;
    work.commit();
    Ok(domain)
}

/// As [`mark_verified`], within other work.
pub(super) fn end_found(work: &mut Work<'_>, id: &str) -> Result<Arc<OrganizationDomain>, Error> {
    let now = work.at();
    let (organization, domain) = find(work, id)?;
    let verified = domain.found(now).ok_or_else(|| not_looked_for(&domain))?;
    let others: Vec<_> = work
        .find_all::<Organization>(&OrganizationKey::Domain(domain.name.clone()))
        .into_iter()
        .filter(|other| other.id != organization.id)
        .collect();
    let is_proved = |other: &Arc<Organization>| {
        let twin = other.domains.iter().find(|twin| twin.name == domain.name);
        twin.is_some_and(|twin| matches!(twin.state, DomainState::Verified(_)))
    };
    if others.iter().any(is_proved) {
        let reason = FailureReason::VerifiedByOther;
        return Ok(fail(work, &organization, &domain, reason));
    }
    let told = OrganizationDomainEvent::Verified;
    let domain = change(work, &organization, verified, told);
    for other in others {
        let twin = other.domains.iter().find(|twin| twin.name == domain.name);
        if let Some(twin) = twin {
            fail(work, &other, twin, FailureReason::VerifiedByOther);
        }
    }
    Ok(domain)
}

/// Ends the search for a domain's record without success.
///
/// # Errors
/// There is no domain with this id, or its record is not looked for.
pub(crate) fn mark_failed(
    environment: &Environment,
    id: &str,
    reason: FailureReason,
) -> Result<Arc<OrganizationDomain>, Error> {
    let mut work = Work::begin(environment);
    let domain = end_failed(&mut work, id, reason)?;
    work.commit();
    Ok(domain)
}

/// As [`mark_failed`], within other work.
pub(super) fn end_failed(
    work: &mut Work<'_>,
    id: &str,
    reason: FailureReason,
) -> Result<Arc<OrganizationDomain>, Error> {
    let (organization, domain) = find(work, id)?;
    if domain.pending().is_none() {
        return Err(not_looked_for(&domain));
    }
    Ok(fail(work, &organization, &domain, reason))
}

/// Lets the searches of an organization fail whose time has come.
pub(super) fn expire(work: &mut Work<'_>, id: &OrganizationId) {
    while let Some(organization) = work.get::<Organization>(id.as_str())
        && let Some(domain) = organization.domains.iter().find(|domain| {
            domain
                .pending()
                .is_some_and(|(deadline, _)| deadline <= work.at())
        })
    {
        fail(work, &organization, domain, FailureReason::PeriodExpired);
    }
}

/// Lets the search for a domain's record fail, if there is one.
fn fail(
    work: &mut Work<'_>,
    organization: &Organization,
    domain: &Arc<OrganizationDomain>,
    reason: FailureReason,
) -> Arc<OrganizationDomain> {
    match domain.failed(work.at()) {
        None => Arc::clone(domain),
        Some(failed) => change(work, organization, failed, |domain| {
            OrganizationDomainEvent::VerificationFailed(domain, reason)
        }),
    }
}

fn change(
    work: &mut Work<'_>,
    organization: &Organization,
    domain: OrganizationDomain,
    event: impl FnOnce(Arc<OrganizationDomain>) -> OrganizationDomainEvent,
) -> Arc<OrganizationDomain> {
    let domain = Arc::new(domain);
    let mut organization = organization.clone();
    organization.replace_domain(&domain);
    work.update(organization);
    work.record(event(Arc::clone(&domain)));
    domain
}

fn find(work: &Work<'_>, id: &str) -> Result<(Arc<Organization>, Arc<OrganizationDomain>), Error> {
    let not_found = || Error::NotFound {
        entity: Entity::OrganizationDomain,
        id: id.to_owned(),
    };
    let key = OrganizationDomainId::parse(id)
        .map(OrganizationKey::DomainId)
        .ok_or_else(not_found)?;
    let organization = work.find::<Organization>(&key).ok_or_else(not_found)?;
    let domains = organization.domains.iter();
    let domain = domains
        .filter(|domain| domain.id.as_str() == id)
        .map(Arc::clone)
        .next()
        .ok_or_else(not_found)?;
    Ok((organization, domain))
}

fn not_looked_for(domain: &OrganizationDomain) -> Error {
    let message = format!(
        "No DNS record of '{}' is looked for, so the search cannot end.",
        domain.name
    );
    Violation::new("state", Rule::Value, message).into()
}

/// Makes ids and challenges for new domains.
pub(super) struct Source<'a> {
    random: &'a Random,
    now: Timestamp,
}

impl<'a> Source<'a> {
    pub(super) fn new(random: &'a Random, now: Timestamp) -> Self {
        Self { random, now }
    }
}

/// How many characters a verification token of `WorkOS` has.
const CHALLENGE_LENGTH: usize = 25;
/// How many random characters a verification prefix of `WorkOS` ends with.
const PREFIX_LENGTH: usize = 6;

impl DomainSource for Source<'_> {
    fn id(&mut self) -> OrganizationDomainId {
        OrganizationDomainId::new(self.random.ulid(self.now))
    }

    fn challenge(&mut self) -> DnsChallenge {
        let random = self.random;
        DnsChallenge {
            prefix: format!(
                "mock-domain-verification-{}",
                random.lower_case_and_digits(PREFIX_LENGTH)
            ),
            token: random.letters_and_digits(CHALLENGE_LENGTH),
        }
    }
}
