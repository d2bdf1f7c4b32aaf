//! Which requests a fault means, and when it fires.

use serde_json::json;
use ulid::Ulid;

use super::*;

fn pattern(text: &str) -> PathPattern {
    PathPattern::parse(text).unwrap()
}

fn fault(number: u128, path: &str, when: When) -> Fault {
    Fault {
        id: FaultId::new(Ulid(number)),
        target: Target {
            method: Some("GET".to_owned()),
            path: Some(pattern(path)),
            ..Target::default()
        },
        effect: Effect::default(),
        when,
        seen: 0,
        fired: 0,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn asked<'a>(method: &'a str, path: &'a str) -> Asked<'a> {
    Asked {
        operation: "get_organization",
        method,
        path,
        query: None,
        body: None,
    }
}

#[test]
fn a_pattern_means_one_path_or_many() {
    let one = pattern("/organizations/org_1");
    assert!(one.matches("/organizations/org_1"));
    assert!(one.matches("/organizations/org%5F1"));
    for path in [
        "/organizations/org_2",
        "/organizations",
        "/organizations/org_1/",
        "organizations/org_1",
    ] {
        assert!(!one.matches(path), "{path}");
    }
    let many = pattern("/organizations/{id}");
    assert!(many.matches("/organizations/a%2Fb"));
    for path in [
        "/organizations/",
        "/organizations/a/b",
        "/connections/a",
        "",
    ] {
        assert!(!many.matches(path), "{path}");
    }
    assert_eq!(PathPattern::parse("organizations"), None);
    assert_eq!(PathPattern::parse(""), None);
}

#[test]
fn a_pattern_fits_the_templates_that_its_requests_are_for() {
    let template = pattern("/organizations/{id}/it_contacts/{contact_id}");
    for fits in [
        "/organizations/{id}/it_contacts/{contact_id}",
        "/organizations/{any}/it_contacts/it_contact_1",
        "/organizations/org_1/it_contacts/{contact_id}",
    ] {
        assert!(pattern(fits).fits(&template), "{fits}");
    }
    for other in [
        "/organizations/{id}/{what}/{contact_id}",
        "/organizations/{id}/it_contacts",
        "/organizations//it_contacts/{contact_id}",
        "/organizations/{}/it_contacts/{contact_id}/",
    ] {
        assert!(!pattern(other).fits(&template), "{other}");
    }
}

#[test]
fn the_oldest_that_is_left_fires_first() {
    let mut faults = Faults::default();
    for (number, times) in [(1, 1), (2, 2)] {
        let fault = fault(number, "/organizations", When::Next(times));
        faults.add(fault).unwrap();
    }
    let mut fired = Vec::new();
    while let Some(strike) = faults.fire(&asked("GET", "/organizations")) {
        fired.push(strike.fault);
    }
    let ids: Vec<_> = [1, 2, 2].map(|number| FaultId::new(Ulid(number))).into();
    assert_eq!(fired, ids);
    assert_eq!(faults.fire(&asked("POST", "/organizations")), None);
    // What the older one took, the younger one has not seen.
    let seen: Vec<_> = faults.all().iter().map(|fault| fault.seen).collect();
    assert_eq!(seen, [4, 3]);
}

#[test]
fn a_fault_fires_for_the_next_for_every_so_many_or_for_all() {
    let fires = |when| {
        let mut faults = Faults::default();
        faults.add(fault(1, "/organizations", when)).unwrap();
        let fired: Vec<_> = (0..7)
            .map(|_| u8::from(faults.fire(&asked("GET", "/organizations")).is_some()))
            .collect();
        let Fault {
            seen, fired: count, ..
        } = faults.all()[0].clone();
        assert_eq!(
            (seen, count),
            (7, fired.iter().copied().map(u32::from).sum())
        );
        fired
    };
    assert_eq!(fires(When::Next(2)), [1, 1, 0, 0, 0, 0, 0]);
    assert_eq!(fires(When::Every(3)), [0, 0, 1, 0, 0, 1, 0]);
    assert_eq!(fires(When::Every(1)), [1; 7]);
    assert_eq!(fires(When::Always), [1; 7]);
}

#[test]
fn a_resource_is_named_by_path_query_or_body() {
    let target = Target {
        resource: Some("org_1".to_owned()),
        ..Target::default()
    };
    let body = json!({"a": [{"organization": "org_1"}]});
    let other = json!({"org_1": 1, "name": "org_12"});
    let with = |path, query, body| Asked {
        query,
        body,
        ..asked("GET", path)
    };
    for named in [
        with("/organizations/org%5F1/it_contacts", None, None),
        with(
            "/connections",
            Some("limit=1&organization_id=org%5F1"),
            None,
        ),
        with("/connections", None, Some(&body)),
    ] {
        assert!(target.means(&named), "{named:?}");
    }
    for not in [
        with("/organizations/org_12", None, None),
        with("/connections", Some("org_1=1"), None),
        with("/connections", None, Some(&other)),
    ] {
        assert!(!target.means(&not), "{not:?}");
    }
    let mut faults = Faults::default();
    let mut fault = fault(1, "/organizations/{id}", When::Always);
    assert!(!faults.ask_for_the_body(&asked("GET", "/organizations/x")));
    fault.target.resource = target.resource;
    faults.add(fault).unwrap();
    assert!(faults.ask_for_the_body(&asked("GET", "/organizations/x")));
    assert!(!faults.ask_for_the_body(&asked("PUT", "/organizations/x")));
}

#[test]
fn spent_ones_make_room() {
    let mut faults = Faults::default();
    for number in 0..100 {
        let fault = fault(number, "/organizations", When::Next(1));
        faults.add(fault).unwrap();
    }
    let more = fault(100, "/organizations", When::Always);
    assert_eq!(faults.add(more.clone()), Err(Error::TooManyFaults(100)));
    faults.fire(&asked("GET", "/organizations")).unwrap();
    faults.add(more).unwrap();
    assert_eq!(faults.all().len(), MAX_FAULTS);
    assert_eq!(faults.all()[0].id, FaultId::new(Ulid(1)));
}
