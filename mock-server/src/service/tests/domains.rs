//! Domains of organizations, and how they come to be verified or not.

use super::journal::{every, last, told};
use super::organization_domains::{create, delete, get, mark_failed, mark_verified, verify};
use super::*;
use crate::domain::domain_name::DomainName;
use crate::domain::error::{Entity, Rule};
use crate::domain::event::Happening;
use crate::domain::organization_domain::{FailureReason, OrganizationDomainEvent};

const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);
const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

fn organization(environment: &Environment) -> String {
    let organization = organizations::create(environment, named("Acme")).unwrap();
    organization.id.to_string()
}

fn advance(environment: &Environment, by: SignedDuration) {
    environment.clock.advance(by).unwrap();
}

fn is_pending(environment: &Environment, id: &str) -> bool {
    get(environment, id).unwrap().pending().is_some()
}

fn failures(environment: &Environment) -> Vec<(String, FailureReason, Timestamp)> {
    let list = super::events::ListEvents {
        names: vec!["organization_domain.verification_failed".into()],
        ..every()
    };
    let page = super::events::list(environment, list).unwrap();
    let failure = |event: &Arc<crate::domain::event::Event>| match &event.what {
        Happening::OrganizationDomain(OrganizationDomainEvent::VerificationFailed(
            domain,
            reason,
        )) => (domain.id.to_string(), *reason, event.created_at),
        other => panic!("{other:?}"),
    };
    page.items.iter().map(failure).collect()
}

#[test]
fn a_domain_is_added_once_and_found_until_it_is_removed() {
    let environment = environment();
    let organization = organization(&environment);
    let domain = create(&environment, &organization, "Acme.COM").unwrap();
    let id = domain.id.as_str();
    assert_eq!(domain.name.as_str(), "acme.com");
    assert!(is_pending(&environment, id));
    assert_eq!(
        create(&environment, &organization, "acme.com."),
        Err(Error::DomainAlreadyExists(
            DomainName::parse("acme.com").unwrap()
        ))
    );
    // Another organization may have it, too.
    create(&environment, OrganizationId::TEST, "acme.com").unwrap();
    let held = organizations::get(&environment, &organization).unwrap();
    assert_eq!(held.domains, [Arc::clone(&domain)]);
    assert_eq!(held.updated_at, held.created_at);

    delete(&environment, id).unwrap();
    let not_found = || Error::NotFound {
        entity: Entity::OrganizationDomain,
        id: id.into(),
    };
    assert_eq!(get(&environment, id), Err(not_found()));
    assert_eq!(delete(&environment, id), Err(not_found()));
    assert_eq!(verify(&environment, id), Err(not_found()));
    assert_eq!(
        told(&environment, every()),
        [
            "organization.created",
            "organization_domain.created",
            "organization_domain.created",
            "organization_domain.deleted"
        ]
    );
    create(&environment, &organization, "acme.com").unwrap();
}

#[test]
fn what_cannot_be_added_is_refused() {
    let environment = environment();
    let organization = organization(&environment);
    for (name, rule) in [("localhost", Rule::Format), ("GMAIL.com", Rule::Value)] {
        let Err(Error::Invalid(violations)) = create(&environment, &organization, name) else {
            panic!("{name}")
        };
        assert_eq!(
            (violations[0].field.as_str(), violations[0].rule),
            ("domain", rule)
        );
    }
    assert_eq!(
        create(&environment, "org_x", "acme.com"),
        Err(organizations::not_found("org_x"))
    );
    for id in ["", "org_x", "org_domain_x"] {
        assert!(get(&environment, id).is_err(), "{id}");
    }
}

#[test]
fn a_search_fails_at_its_instant_and_once() {
    let environment = environment();
    let organization = organization(&environment);
    let first = create(&environment, &organization, "a.com").unwrap();
    advance(&environment, SignedDuration::from_hours(1));
    let second = create(&environment, &organization, "b.com").unwrap();
    advance(
        &environment,
        MONTH - SignedDuration::from_hours(1) - NANOSECOND,
    );
    assert!(is_pending(&environment, first.id.as_str()));
    advance(&environment, NANOSECOND);
    assert!(!is_pending(&environment, first.id.as_str()));
    assert!(is_pending(&environment, second.id.as_str()));

    // Noticed late, it has happened in time.
    advance(&environment, MONTH);
    let failed = failures(&environment);
    let expired = FailureReason::PeriodExpired;
    assert_eq!(
        failed,
        [
            (first.id.to_string(), expired, first.created_at + MONTH),
            (second.id.to_string(), expired, second.created_at + MONTH),
        ]
    );
    let held = get(&environment, second.id.as_str()).unwrap();
    assert_eq!(held.updated_at, second.created_at + MONTH);
    assert!(matches!(held.state, DomainState::Failed(_)));
    assert_eq!(failures(&environment), failed);
}

#[test]
fn what_has_failed_stays_so_when_the_clock_is_turned_back() {
    let environment = environment();
    let id = create(&environment, OrganizationId::TEST, "a.com")
        .unwrap()
        .id
        .to_string();
    // Nobody looks while the clock shows a month later.
    advance(&environment, MONTH);
    environment.clock.set(start());
    assert_eq!(failures(&environment).len(), 1);
    assert!(!is_pending(&environment, &id));
}

#[test]
fn a_refused_operation_does_not_take_back_what_time_has_brought() {
    let environment = environment();
    create(&environment, OrganizationId::TEST, "a.com").unwrap();
    advance(&environment, MONTH);
    create(&environment, OrganizationId::TEST, "a.com").unwrap_err();
    environment.clock.set(start());
    assert_eq!(failures(&environment).len(), 1);
}

#[test]
fn a_failed_search_begins_anew_with_the_same_token() {
    let environment = environment();
    let first = create(&environment, OrganizationId::TEST, "a.com").unwrap();
    let id = first.id.as_str();
    assert_eq!(verify(&environment, id), Ok(Arc::clone(&first)));
    let failed = mark_failed(&environment, id, FailureReason::PeriodExpired).unwrap();
    assert!(mark_failed(&environment, id, FailureReason::PeriodExpired).is_err());
    assert!(mark_verified(&environment, id).is_err());
    advance(&environment, MONTH);
    let again = verify(&environment, id).unwrap();
    assert_eq!(
        last(&environment).what.name(),
        "organization_domain.updated"
    );
    let (DomainState::Failed(old), DomainState::Pending(search)) = (&failed.state, &again.state)
    else {
        panic!()
    };
    assert_eq!(**old, search.challenge);
    advance(&environment, MONTH - NANOSECOND);
    assert!(is_pending(&environment, id));
    let verified = mark_verified(&environment, id).unwrap();
    assert!(matches!(verified.state, DomainState::Verified(_)));
    assert_eq!(
        last(&environment).what.name(),
        "organization_domain.verified"
    );
    assert_eq!(
        verify(&environment, id),
        Err(Error::DomainAlreadyVerified(verified.name.clone()))
    );
    advance(&environment, NANOSECOND);
    assert_eq!(get(&environment, id), Ok(verified));
}

#[test]
fn only_one_organization_proves_that_a_domain_is_its_own() {
    let environment = environment();
    let others = [organization(&environment), organization(&environment)];
    let create = |organization: &str| create(&environment, organization, "a.com").unwrap();
    let mine = create(OrganizationId::TEST);
    let twin = create(&others[0]);
    mark_verified(&environment, mine.id.as_str()).unwrap();
    assert!(!is_pending(&environment, twin.id.as_str()));
    let late = create(&others[1]);
    assert!(is_pending(&environment, late.id.as_str()));
    let refused = mark_verified(&environment, late.id.as_str()).unwrap();
    assert!(matches!(refused.state, DomainState::Failed(_)));
    let other = FailureReason::VerifiedByOther;
    assert_eq!(
        failures(&environment),
        [
            (twin.id.to_string(), other, start()),
            (late.id.to_string(), other, start())
        ]
    );
}

#[test]
fn deleting_an_organization_forgets_what_was_to_come() {
    let environment = environment();
    create(&environment, OrganizationId::TEST, "a.com").unwrap();
    organizations::delete(&environment, OrganizationId::TEST).unwrap();
    advance(&environment, MONTH);
    assert_eq!(failures(&environment), []);
}
