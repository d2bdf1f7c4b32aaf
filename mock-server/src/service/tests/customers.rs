//! Organizations, and the keys to their environment.

use super::*;
use crate::service::setup;

#[test]
fn an_environment_begins_with_the_test_organization() {
    let organization = organizations::get(&environment(), "org_test_idp").unwrap();
    assert_eq!(organization.name, "Test Organization");
    assert_eq!(organization.domains[0].name.as_str(), "example.com");
    assert_eq!(organization.domains[0].state, DomainState::ManuallyVerified);
}

#[test]
fn keys_open_their_environment_until_they_expire_for_good() {
    let environments = environments(Settings::default());
    let opens = |key| environments.by_key(key).is_some();
    assert!(opens("good") && opens("short"));
    assert!(!opens("revoked") && !opens("unknown") && !opens(""));
    let clock = &environments.default_environment().clock;
    clock
        .advance(SignedDuration::from_nanos(59_999_999_999))
        .unwrap();
    assert!(opens("short"));
    clock.advance(SignedDuration::from_nanos(1)).unwrap();
    assert!(!opens("short"));
    clock.set(start());
    assert!(!opens("short") && opens("good"));
}

#[test]
fn what_only_one_organization_may_have_is_taken() {
    let environment = environment();
    let with = |name: &str| NewOrganization {
        external_id: Some("1".into()),
        ..named(name)
    };
    let one = organizations::create(&environment, with("One")).unwrap();
    assert_eq!(
        organizations::create(&environment, with("Two")),
        Err(Error::ExternalIdTaken("1".into()))
    );
    assert_eq!(
        organizations::get_by_external_id(&environment, "1")
            .unwrap()
            .id,
        one.id
    );

    let two = organizations::create(&environment, named("Two")).unwrap();
    let stripe = || OrganizationChanges {
        stripe_customer_id: Change::Set("cus".into()),
        ..OrganizationChanges::default()
    };
    let external = |change| OrganizationChanges {
        external_id: change,
        ..OrganizationChanges::default()
    };
    organizations::update(&environment, one.id.as_str(), stripe()).unwrap();
    let update = |changes| organizations::update(&environment, two.id.as_str(), changes);
    assert_eq!(
        update(stripe()),
        Err(Error::StripeCustomerTaken("cus".into()))
    );
    assert_eq!(
        update(external(Change::Set("1".into()))),
        Err(Error::ExternalIdTaken("1".into()))
    );
    // To say again what one has is no conflict, and what is cleared is free.
    organizations::update(
        &environment,
        one.id.as_str(),
        external(Change::Set("1".into())),
    )
    .unwrap();
    organizations::update(&environment, one.id.as_str(), external(Change::Clear)).unwrap();
    assert_eq!(
        update(external(Change::Set("1".into())))
            .unwrap()
            .external_id
            .as_deref(),
        Some("1")
    );
    organizations::delete(&environment, two.id.as_str()).unwrap();
    assert!(organizations::get_by_external_id(&environment, "1").is_err());
}

#[test]
fn an_update_changes_what_it_names() {
    let environment = environment();
    let new = NewOrganization {
        metadata: BTreeMap::from([("a".into(), "1".into()), ("b".into(), "2".into())]),
        domains: DomainInput {
            domains: Some(vec!["a.com".into()]),
            domain_data: None,
        },
        ..named("Before")
    };
    let before = organizations::create(&environment, new).unwrap();
    environment
        .clock
        .advance(SignedDuration::from_secs(1))
        .unwrap();
    let changes = OrganizationChanges {
        name: Some("After".into()),
        ..OrganizationChanges::default()
    };
    let after = organizations::update(&environment, before.id.as_str(), changes).unwrap();
    assert_eq!(
        (after.name.as_str(), &after.metadata, &after.domains),
        ("After", &before.metadata, &before.domains)
    );
    assert_eq!(after.created_at, before.created_at);
    assert_eq!(after.updated_at, start() + SignedDuration::from_secs(1));
    let replaced = BTreeMap::from([("c".into(), "3".into())]);
    let changes = OrganizationChanges {
        metadata: Some(replaced.clone()),
        ..OrganizationChanges::default()
    };
    assert_eq!(
        organizations::update(&environment, before.id.as_str(), changes)
            .unwrap()
            .metadata,
        replaced.into()
    );
    assert!(organizations::update(&environment, "org_x", OrganizationChanges::default()).is_err());
}

#[test]
fn a_bad_domain_makes_no_organization() {
    let environment = environment();
    let domains = DomainInput {
        domains: Some(vec!["not a domain".into()]),
        domain_data: None,
    };
    let new = NewOrganization {
        domains,
        ..named("Acme")
    };
    assert!(matches!(
        organizations::create(&environment, new),
        Err(Error::Invalid(_))
    ));
    let list = ListOrganizations {
        page: PageRequest {
            limit: 10,
            ..PageRequest::default()
        },
        ..ListOrganizations::default()
    };
    assert_eq!(
        organizations::list(&environment, &list)
            .unwrap()
            .items
            .len(),
        1
    );
}

#[test]
fn names_are_found_by_any_part_and_domains_by_any_of_them() {
    let environment = environment();
    for (name, domain) in [
        ("Acme Corp", "acme.com"),
        ("ACMEdia", "media.com"),
        ("Bücher & Söhne", "acme.com"),
        ("X1 mean", "x.com"),
    ] {
        let domains = DomainInput {
            domains: Some(vec![domain.into()]),
            domain_data: None,
        };
        organizations::create(
            &environment,
            NewOrganization {
                domains,
                ..named(name)
            },
        )
        .unwrap();
    }
    let find = |search: &str, domains: &[&str]| {
        let page = PageRequest {
            limit: 10,
            order: Order::Asc,
            ..PageRequest::default()
        };
        let domains = domains.iter().map(ToString::to_string).collect();
        let list = ListOrganizations {
            page,
            domains,
            search: Some(search.into()),
        };
        let page = organizations::list(&environment, &list).unwrap();
        page.items
            .iter()
            .map(|one| one.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(find("acme", &[]), ["Acme Corp", "ACMEdia"]);
    assert_eq!(find("me c", &[]), ["Acme Corp"]);
    // Each half is in a name, and the whole is in none.
    assert_eq!(find("cmea", &[]), [""; 0]);
    assert_eq!(find("acmean", &[]), [""; 0]);
    assert_eq!(find("BÜC", &[]), ["Bücher & Söhne"]);
    assert_eq!(find("sö", &[]), ["Bücher & Söhne"]);
    assert_eq!(find("x", &[]), ["X1 mean"]);
    assert_eq!(find("cm", &[]), [""; 0]);
    organizations::create(&environment, named("ΟΔΟΣΑ")).unwrap();
    assert_eq!(find("οδοσ", &[]), ["ΟΔΟΣΑ"]);
    assert_eq!(find("ΟΔΟΣ", &[]), ["ΟΔΟΣΑ"]);
    assert_eq!(
        find("", &["ACME.com", "x.com", "not a domain"]),
        ["Acme Corp", "Bücher & Söhne", "X1 mean"]
    );
    assert_eq!(find("acme", &["acme.com"]), ["Acme Corp"]);
    assert_eq!(find("", &["not a domain"]), [""; 0]);
}

#[test]
fn a_bad_cursor_is_told_by_its_name() {
    let environment = environment();
    for (before, after, field) in [
        (Some("x"), None, "before"),
        (None, Some("x"), "after"),
        (Some("org_test_idp"), Some("org_test_idp"), "after"),
    ] {
        let page = PageRequest {
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            limit: 1,
            order: Order::Desc,
        };
        let list = ListOrganizations {
            page,
            ..ListOrganizations::default()
        };
        let Err(Error::Invalid(violations)) = organizations::list(&environment, &list) else {
            panic!()
        };
        assert_eq!(violations[0].field, field);
    }
}

#[test]
fn deleting_an_organization_takes_everything_of_it_along() {
    let environment = environment();
    let new = NewPortalLink {
        it_contact_emails: vec!["a@example.com".into(), "A@example.com".into()],
        ..new_link()
    };
    let issued = portal_links::generate(&environment, new).unwrap();
    let opened = open(&environment, &issued.token).unwrap();
    let other = issue(&environment, None);
    let contacts = || {
        let key = ItContactKey::Organization(OrganizationId::test());
        environment.store.begin().find_all::<ItContact>(&key).len()
    };
    assert_eq!(contacts(), 1);
    organizations::delete(&environment, "org_test_idp").unwrap();
    assert_eq!(contacts(), 0);
    assert!(matches!(
        open(&environment, &other.token),
        Err(OpenError::Unknown)
    ));
    let secret = opened.secret.unwrap();
    let result = setup::visit(&environment, "", opened.session.id.as_str(), &secret);
    assert!(matches!(result, Err(SessionError::Unknown)));
    let unit = environment.store.begin();
    assert!(
        unit.find::<PortalLink>(&LinkKey::Organization(OrganizationId::test()))
            .is_none()
    );
    assert!(
        unit.find::<PortalSession>(&SessionKey::Organization(OrganizationId::test()))
            .is_none()
    );
    drop(unit);
    assert!(matches!(
        organizations::delete(&environment, "org_test_idp"),
        Err(Error::NotFound { .. })
    ));
}
