//! What seeds make, what is refused, and what comes back from snapshots.

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::domain::connection::ConnectionState;
use crate::domain::event::Event;
use crate::environment::{EnvironmentSpec, Environments, Surroundings};
use crate::seed::{Directory as SeedDirectory, Organization as SeedOrganization, People};
use crate::service::{connections, directories, environments, snapshots};

const NOW: &str = "2026-01-01T00:00:00Z";

/// Everything that a seed can say, in YAML.
const FULL: &str = include_str!("tests/full.yaml");

fn spec(seed: Option<Seed>) -> EnvironmentSpec {
    EnvironmentSpec {
        client_id: "client".to_owned(),
        settings: Settings::default(),
        clock: Some(NOW.parse().unwrap()),
        random_seed: Some(7),
        test_organization: false,
        seed: seed.map(Arc::new),
    }
}

fn world(spec: EnvironmentSpec) -> Environments {
    let surroundings = Surroundings {
        most: 10,
        ..Surroundings::default()
    };
    environments::first(spec, Vec::new(), surroundings).expect("a seed that can be sown")
}

fn full() -> Seed {
    Seed::from_yaml(FULL).expect("a seed")
}

fn told(seed: &Seed) -> Vec<String> {
    let violations = check(seed, &Settings::default(), true).into_iter();
    violations
        .map(|one| format!("{}: {}", one.field, one.message))
        .collect()
}

fn events(environment: &Environment) -> usize {
    Work::begin(environment).newest::<Event>(usize::MAX).len()
}

#[test]
fn a_seed_makes_what_it_says_and_no_event() {
    let environments = world(spec(Some(full())));
    let environment = environments.default_environment();
    assert_eq!(events(&environment), 0);
    let work = Work::begin(&environment);
    let acme = work.newest::<Organization>(9).pop().expect("the first one");
    assert_eq!(acme.id.as_str(), "org_01J00000000000000000000001");
    assert_eq!((acme.name.as_str(), acme.domains.len()), ("Acme", 4));
    let mut connections = work.newest::<Connection>(9);
    connections.reverse();
    let states: Vec<_> = connections.iter().map(|one| one.state).collect();
    assert_eq!(
        states,
        [
            ConnectionState::Active,
            ConnectionState::Draft,
            ConnectionState::RequiresType
        ]
    );
    // A connection that is set up has a certificate for each purpose.
    assert_eq!(work.newest::<Certificate>(9).len(), 3);
    let mut directories = work.newest::<Directory>(9);
    directories.reverse();
    let counts: Vec<_> = directories
        .iter()
        .map(|one| (one.counts.active, one.counts.inactive, one.counts.groups))
        .collect();
    assert_eq!(counts, [(1, 1, 2), (25, 0, 3)]);
    let endpoint = work.newest::<WebhookEndpoint>(9).pop().expect("one");
    assert_eq!(endpoint.secret.expose(), "whsec_pinned");
    drop(work);
    // What happens from now on is told, and comes after what was there.
    let id = connections[0].id.clone();
    connections::deactivate(&environment, id.as_str()).expect("an active connection");
    assert_eq!(events(&environment), 1);
}

#[test]
fn a_reset_leads_back_to_the_seed() {
    let environments = world(spec(Some(full())));
    let environment = environments.default_environment();
    let before = snapshots::take(&environment);
    let directory = before.directories[0].id.clone().expect("an id");
    directories::delete(&environment, &directory).expect("a directory");
    assert_ne!(snapshots::take(&environment), before);
    let environment = environments::reset(&environments, &environment.id).expect("it is there");
    assert_eq!(snapshots::take(&environment), before);
}

#[test]
fn a_snapshot_restored_elsewhere_is_the_same_there() {
    let one = world(spec(Some(full())));
    let snapshot = snapshots::take(&one.default_environment());
    let text = serde_json::to_string(&snapshot).expect("JSON");
    let read = Seed::from_json(&text).expect("a snapshot is a seed");
    assert_eq!(read, snapshot);
    let other = world(EnvironmentSpec {
        clock: None,
        random_seed: None,
        test_organization: true,
        ..spec(None)
    });
    let id = other.default_environment().id.clone();
    let restored = environments::restore(&other, &id, &read).expect("restored");
    assert_eq!(snapshots::take(&restored), snapshot);
    assert_eq!(restored.clock.now(), NOW.parse::<Timestamp>().unwrap());
    assert_eq!(events(&restored), 0);
}

#[test]
fn what_is_made_after_a_restore_has_ids_and_keys_of_its_own() {
    let environments = world(spec(None));
    let environment = environments.default_environment();
    let organization = |environment: &Environment, name: &str| {
        let new = super::making::NewOrganization {
            name: name.to_owned(),
            ..Default::default()
        };
        super::making::create(environment, new)
            .expect("made")
            .id
            .clone()
    };
    let connection = |environment: &Environment, id: &OrganizationId| {
        let made = connections::MadeConnection {
            organization_id: id.to_string(),
            connection_type: crate::domain::connection_type::ConnectionType::OktaSAML,
            name: None,
            state: ConnectionState::Draft,
            domains: None,
        };
        connections::make(environment, made).expect("made")
    };
    let first = organization(&environment, "First");
    let before = connection(&environment, &first);
    let snapshot = snapshots::take(&environment);
    // The same random seed would give the same again.
    let id = environment.id.clone();
    let environment = environments::restore(&environments, &id, &snapshot).expect("restored");
    let second = organization(&environment, "Second");
    let after = connection(&environment, &second);
    assert!(second > first && after.id > before.id);
    assert_ne!(after.external_key, before.external_key);
}

#[test]
fn a_restore_that_fails_changes_nothing() {
    let environments = world(spec(Some(full())));
    let environment = environments.default_environment();
    let before = snapshots::take(&environment);
    let bad = Seed {
        directories: vec![SeedDirectory {
            organization: "nobody".to_owned(),
            ..SeedDirectory::default()
        }],
        ..Seed::default()
    };
    let error = environments::restore(&environments, &environment.id, &bad).unwrap_err();
    assert!(matches!(error, Error::Invalid(violations) if violations.len() == 1));
    assert_eq!(snapshots::take(&environments.default_environment()), before);
}

#[test]
fn the_test_organization_keeps_its_place_and_can_be_named() {
    let mut spec = spec(Some(Seed {
        directories: vec![SeedDirectory {
            organization: OrganizationId::TEST.to_owned(),
            users: People::Samples(2),
            ..SeedDirectory::default()
        }],
        organizations: vec![SeedOrganization {
            name: "Later".to_owned(),
            ..SeedOrganization::default()
        }],
        ..Seed::default()
    }));
    spec.test_organization = true;
    let environments = world(spec);
    let snapshot = snapshots::take(&environments.default_environment());
    let names = |seed: &Seed| -> Vec<String> {
        let names = seed.organizations.iter();
        names.map(|one| one.name.clone()).collect()
    };
    assert_eq!(names(&snapshot), ["Test Organization", "Later"]);
    let id = environments.default_environment().id.clone();
    let restored = environments::restore(&environments, &id, &snapshot).expect("restored");
    assert_eq!(snapshots::take(&restored), snapshot);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let seed: Seed = serde_json::from_value(serde_json::json!({
        "organizations": [
            { "key": "acme", "name": "Acme", "id": "org_1", "external_id": "e",
              "domains": ["nowhere", "gmail.com", "a.test", "A.test"], "audit_log_retention_days": 30,
              "it_contacts": ["it@a.test", "IT@a.test", "nobody"] },
            { "key": "acme", "name": "Other", "external_id": "e" },
        ],
        "connections": [
            { "organization": "acmee" },
            { "organization": "acme", "connection_type": "OktaSAML", "oidc": {}, "state": "requires_type" },
        ],
        "directories": [
            { "organization": "acme", "users": [{ "idp_id": "ada", "groups": ["Salse"] }, { "idp_id": "ada" }],
              "groups": [{ "name": "Sales", "members": ["adda"] }] },
            { "organization": "acme", "users": 100_001 },
        ],
        "webhook_endpoints": [
            { "endpoint_url": "ftp://a.test", "events": ["dsync.user.create"], "secret": "two words" },
        ],
        "audit_log_actions": [{ "name": "x", "versions": [{ "targets": [{ "type": "user", "metadata": { "type": 5 } }] }] }],
    }))
    .expect("well-formed");
    let expected = [
        r#"organizations.0.id: expected an id such as "org_01KDVDNA000000000000000001""#,
        r#"organizations.0.domains.0.domain: expected a domain name such as "acme.example""#,
        "organizations.0.domains.1.domain: it belongs to a mail provider, whose users are no organization",
        "organizations.0.domains.3.domain: the organization has this domain twice",
        "organizations.0.it_contacts.1.email: the organization has this IT contact twice",
        r#"organizations.0.it_contacts.2.email: expected an e-mail address such as "it@acme.example""#,
        "organizations.1.external_id: another organization of the seed has this external id",
        "organizations.1.key: another organization of the seed has this key or id",
        r#"connections.0.organization: no organization has the key or the id "acmee"; did you mean "acme"?"#,
        r#"connections.1.state: a connection is of the type "Pending" exactly while its state is "requires_type""#,
        r#"connections.1.oidc: a connection of the type "OktaSAML" has none"#,
        "directories.0.users.1.idp_id: another one of the directory has this idp_id",
        r#"directories.0.users.0.groups.0: no group of the directory has "Salse" for an idp_id, an id or a name; did you mean "Sales"?"#,
        r#"directories.0.groups.0.members.0: no user of the directory has "adda" for an idp_id, an id or an email; did you mean "ada"?"#,
        "directories.1.users: expected at most 100000",
        "webhook_endpoints.0.endpoint_url: the address is neither http nor https",
        r#"webhook_endpoints.0.events.0: there is no event "dsync.user.create"; did you mean "dsync.user.created"?"#,
        "webhook_endpoints.0.secret: expected 1 to 512 visible ASCII characters",
        "audit_log_actions.0.versions.0.targets.0.metadata: it is not a valid JSON Schema: 5 is not valid under any of the schemas listed in the 'anyOf' keyword.",
    ];
    assert_eq!(told(&seed), expected);
}

#[test]
fn ids_from_the_end_of_time_are_refused() {
    let seed = |id: &str| Seed {
        organizations: vec![SeedOrganization {
            id: Some(id.to_owned()),
            name: "Acme".to_owned(),
            ..SeedOrganization::default()
        }],
        ..Seed::default()
    };
    assert_eq!(told(&seed("org_7EKRXJ9ZZZZZZZZZZZZZZZZZZZ")).len(), 1);
    assert_eq!(told(&seed("org_76EZ91ZPZZ0000000000000000")).len(), 0);
    assert_eq!(told(&seed("org_7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).len(), 1);
}

#[test]
fn events_that_are_never_made_are_warned_about() {
    let seed = Seed::from_yaml(
        "webhook_endpoints: [{ endpoint_url: 'http://localhost/', events: [user.created, dsync.activated] }]",
    )
    .expect("a seed");
    assert_eq!(
        seed.warnings(),
        ["webhook_endpoints.0.events: this server never makes the event user.created"]
    );
}

#[test]
fn samples_are_bounded_in_the_whole_seed() {
    let directory = SeedDirectory {
        organization: OrganizationId::TEST.to_owned(),
        users: People::Samples(100_000),
        ..SeedDirectory::default()
    };
    let seed = Seed {
        directories: vec![directory; 3],
        ..Seed::default()
    };
    assert_eq!(
        told(&seed),
        ["directories.2.users: expected at most 200000 samples in the whole seed"]
    );
}

#[test]
fn what_time_brings_is_waited_for() {
    let seed = Seed::from_yaml(
        "organizations: [{ name: Acme, domains: [{ domain: acme.example, state: pending, created_at: 2025-12-30T00:00:00Z }] }]",
    )
    .expect("a seed");
    let environments = world(spec(Some(seed)));
    let environment = environments.default_environment();
    let due = "2026-01-29T00:00:00Z".parse().unwrap();
    assert_eq!(environment.wakeups.alarm(), Some(due));
    environment.clock.set(due);
    assert_eq!(events(&environment), 1);
    let organizations = Work::begin(&environment).newest::<Organization>(1);
    assert!(!organizations[0].domains[0].is_verified());
}

#[test]
fn what_several_are_called_means_none_of_them() {
    const SHARED: &str = "org_01J00000000000000000000001";
    let told_of = |seed| told(&serde_json::from_value(seed).expect("well-formed"));
    let named = json!({ "key": SHARED, "name": "Key" });
    let own = json!({ "id": SHARED, "name": "Id" });
    for (organizations, member) in [([&named, &own], "id"), ([&own, &named], "key")] {
        let message = "another organization of the seed has this key or id";
        let expected = format!("organizations.1.{member}: {message}");
        assert_eq!(
            told_of(json!({ "organizations": organizations })),
            [expected]
        );
    }
    // What is called by its own id needs no name of its own.
    let itself = json!({ "organizations": [{ "key": SHARED, "id": SHARED, "name": "Both" }] });
    assert_eq!(told_of(itself), [""; 0]);
    let twins = |member: &str, group: &str| {
        told_of(json!({
            "organizations": [{ "key": "acme", "name": "Acme" }],
            "directories": [{
                "organization": "acme",
                "users": [
                    { "idp_id": "1", "email": "ada@a.test", "groups": [group] },
                    { "idp_id": "2", "email": "ADA@a.test" },
                ],
                "groups": [{ "idp_id": "x", "name": "Twin" }, { "name": "Twin", "members": [member] }],
            }],
        }))
    };
    assert_eq!(twins("2", "x"), [""; 0]);
    assert_eq!(
        twins("Ada@a.test", "Twin"),
        [
            r#"directories.0.users.0.groups.0: several groups of the directory have the name "Twin": give the idp_id or the id"#,
            r#"directories.0.groups.1.members.0: several users of the directory have the email "Ada@a.test": give the idp_id or the id"#,
        ]
    );
}
