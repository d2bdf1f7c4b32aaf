//! What operations record, and how it is found again.

use super::events::{self, ListEvents};
use super::*;
use crate::domain::event::Event;

const NAMES: [&str; 8] = [
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.deleted",
    "organization_domain.verified",
    "organization_domain.verification_failed",
];

pub(super) fn every() -> ListEvents {
    ListEvents {
        page: PageRequest {
            limit: 100,
            order: Order::Asc,
            ..PageRequest::default()
        },
        names: NAMES.map(str::to_owned).to_vec(),
        ..ListEvents::default()
    }
}

pub(super) fn told(environment: &Environment, list: ListEvents) -> Vec<&'static str> {
    let page = events::list(environment, list).unwrap();
    page.items.iter().map(|event| event.what.name()).collect()
}

pub(super) fn last(environment: &Environment) -> Arc<Event> {
    let mut list = every();
    list.page.order = Order::Desc;
    Arc::clone(&events::list(environment, list).unwrap().items[0])
}

fn domains(data: &[(&str, bool)]) -> DomainInput {
    let data = data.iter();
    DomainInput {
        domains: None,
        domain_data: Some(
            data.map(|(name, verified)| ((*name).to_owned(), *verified))
                .collect(),
        ),
    }
}

#[test]
fn an_organization_tells_of_itself_and_its_domains_of_themselves() {
    let environment = environment();
    let new = NewOrganization {
        domains: domains(&[("a.com", false), ("b.com", true)]),
        ..named("Acme")
    };
    let organization = organizations::create(&environment, new).unwrap();
    let id = organization.id.as_str();
    let mut expected = vec![
        "organization.created",
        "organization_domain.created",
        "organization_domain.created",
        "organization_domain.verified",
    ];
    assert_eq!(told(&environment, every()), expected);

    let update = |changes| organizations::update(&environment, id, changes).unwrap();
    update(OrganizationChanges {
        name: Some("Acme".into()),
        ..OrganizationChanges::default()
    });
    assert_eq!(told(&environment, every()), expected, "nothing changed");
    update(OrganizationChanges {
        domains: domains(&[("a.com", true), ("c.com", false)]),
        ..OrganizationChanges::default()
    });
    expected.extend([
        "organization_domain.deleted",
        "organization_domain.verified",
        "organization_domain.created",
    ]);
    assert_eq!(told(&environment, every()), expected);
    update(OrganizationChanges {
        name: Some("Acme Inc".into()),
        ..OrganizationChanges::default()
    });
    expected.push("organization.updated");
    organizations::delete(&environment, id).unwrap();
    expected.extend([
        "organization_domain.deleted",
        "organization_domain.deleted",
        "organization.deleted",
    ]);
    assert_eq!(told(&environment, every()), expected);
}

#[test]
fn what_is_refused_is_no_event() {
    let environment = environment();
    let with = || NewOrganization {
        external_id: Some("1".into()),
        ..named("One")
    };
    organizations::create(&environment, with()).unwrap();
    organizations::create(&environment, with()).unwrap_err();
    assert_eq!(told(&environment, every()), ["organization.created"]);
}

#[test]
fn events_are_found_by_name_organization_and_time() {
    let environment = environment();
    let second = |number| start() + SignedDuration::from_secs(number);
    let mut made = Vec::new();
    for number in 0..3 {
        environment.clock.set(second(number));
        made.push(organizations::create(&environment, named("Any")).unwrap());
    }
    organizations::delete(&environment, made[1].id.as_str()).unwrap();
    let of = |id: &str| ListEvents {
        organization_id: Some(id.into()),
        ..every()
    };
    assert_eq!(
        told(&environment, of(made[1].id.as_str())),
        ["organization.created", "organization.deleted"]
    );
    assert!(told(&environment, of("org_x")).is_empty());
    let of_name = ListEvents {
        names: vec!["organization.deleted".into(), "no.such.event".into()],
        ..every()
    };
    assert_eq!(told(&environment, of_name), ["organization.deleted"]);

    let between = |start, end| {
        let list = ListEvents {
            range_start: start,
            range_end: end,
            ..every()
        };
        told(&environment, list).len()
    };
    assert_eq!(between(Some(second(1)), None), 3);
    assert_eq!(between(None, Some(second(1))), 1);
    assert_eq!(between(Some(second(1)), Some(second(2))), 1);
    assert_eq!(between(Some(second(2)), Some(second(1))), 0);
    assert_eq!(between(None, Some(Timestamp::MIN)), 0);
    assert_eq!(between(Some(Timestamp::MIN), Some(Timestamp::MAX)), 4);
    assert_eq!(between(Some(Timestamp::MAX), None), 0);
    let nanosecond = SignedDuration::from_nanos(1);
    assert_eq!(between(Some(second(1) + nanosecond), None), 2);
    assert_eq!(between(None, Some(second(1) + nanosecond)), 2);
}

#[test]
fn a_clock_turned_back_hides_no_event_from_its_range() {
    let environment = environment();
    environment
        .clock
        .set(start() + SignedDuration::from_secs(60));
    organizations::create(&environment, named("Later")).unwrap();
    environment.clock.set(start());
    organizations::create(&environment, named("Earlier")).unwrap();
    let event = last(&environment);
    assert_eq!(event.created_at, start());
    let list = ListEvents {
        range_start: Some(start()),
        range_end: Some(start() + SignedDuration::from_secs(1)),
        ..every()
    };
    let page = events::list(&environment, list).unwrap();
    assert_eq!(page.items, [event]);
}

#[test]
fn a_list_of_events_says_which_and_begins_in_one_place() {
    let environment = environment();
    let unnamed = ListEvents {
        names: Vec::new(),
        ..every()
    };
    assert_eq!(
        events::list(&environment, unnamed).unwrap_err(),
        Error::EventsNotNamed
    );
    organizations::create(&environment, named("Any")).unwrap();
    let mut both = ListEvents {
        range_start: Some(start()),
        ..every()
    };
    both.page.after = Some(last(&environment).id.to_string());
    let Err(Error::Invalid(violations)) = events::list(&environment, both) else {
        panic!()
    };
    assert_eq!(violations[0].field, "range_start");
}
