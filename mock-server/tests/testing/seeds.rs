//! Environments that start with something, and what they have been put back to.

use serde_json::json;
use workos_portal_mock::MockServer;
use workos_portal_mock::seed::{Directory, Organization, People, Seed};
use workos_portal_mock::testing::Error;

use crate::app::{get, post};

fn acme() -> Seed {
    Seed::from_yaml(
        "
clock: 2026-01-01T00:00:00Z
organizations: [{ key: acme, name: Acme, domains: [acme.example] }]
connections: [{ organization: acme }]
",
    )
    .expect("a seed")
}

#[tokio::test]
async fn an_environment_starts_with_a_seed_and_is_put_back() {
    let mock = MockServer::start().await.expect("a server");
    let http = reqwest::Client::new();
    let env = mock.environment().seed(acme()).strict().create();
    let env = env.expect("an environment");
    assert_eq!(env.clock().now().to_string(), "2026-01-01T00:00:00Z");
    let before = env.snapshot().expect("a snapshot");
    assert_eq!(before.connections.len(), 1);
    let (status, _) = post(&http, &env, "/organizations", json!({ "name": "Other" })).await;
    assert_eq!(status, 201);
    assert_ne!(env.snapshot(), Ok(before.clone()));
    env.restore(&before).expect("restored");
    assert_eq!(env.snapshot(), Ok(before.clone()));
    let (_, listed) = get(&http, &env, "/organizations").await;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    // A snapshot of one is the seed of another.
    let other = mock.environment().seed(before.clone()).create();
    assert_eq!(other.expect("another").snapshot(), Ok(before));
}

#[tokio::test]
async fn a_seed_that_cannot_be_used_says_why() {
    let mock = MockServer::start().await.expect("a server");
    let seed = Seed {
        organizations: vec![Organization {
            id: Some("org_01J00000000000000000000001".into()),
            name: "Acme".into(),
            domains: vec!["nowhere".to_owned().into()],
            ..Organization::default()
        }],
        directories: vec![Directory {
            organization: "acme".into(),
            users: People::Samples(3),
            ..Directory::default()
        }],
        ..Seed::default()
    };
    let error = mock.environment().seed(seed.clone()).create().err();
    let Some(Error::Invalid(values)) = error else {
        panic!("it names what is wrong: {error:?}");
    };
    let fields: Vec<_> = values.iter().map(|value| value.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "seed.organizations.0.domains.0.domain",
            "seed.directories.0.organization"
        ]
    );
    assert_eq!(
        values[1].message,
        "seed.directories.0.organization: no organization has the key or the id \"acme\"; there are \
         \"org_01J00000000000000000000001\"."
    );
    let env = mock.environment().create().expect("an environment");
    let before = env.snapshot();
    assert!(matches!(env.restore(&seed), Err(Error::Invalid(_))));
    assert_eq!(env.snapshot(), before);
}
