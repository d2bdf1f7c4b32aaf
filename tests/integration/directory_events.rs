//! What a directory's first sync tells, and in which order.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use crate::support::{directory, events, organization};

const NAMES: &str = "dsync.activated,dsync.user.created,dsync.group.created,dsync.group.user_added";

#[tokio::test]
async fn the_first_sync() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "type": "azure scim v2.0", "domain": "elsewhere.example",
        "users": [{"idp_id": "u1", "email": "a@acme.example", "role": {"slug": "admin"}, "roles": [{"slug": "member"}, {"slug": "admin"}]}, {"idp_id": "u2"}],
        "groups": [{"idp_id": "g1", "name": "One", "members": ["u2", "u1"]}, {"idp_id": "g2", "name": "None"}],
    });
    directory(&server, &body).await;
    let told = events(&server, NAMES).await;
    let told: Vec<_> = told.iter().map(|event| format!("{event:#}")).collect();
    assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn users_come_before_groups_and_groups_before_members() {
    let server = TestServer::start().await;
    directory(&server, &json!({"users": 20, "groups": 5})).await;
    let told = events(&server, NAMES).await;
    let names: Vec<_> = told
        .iter()
        .map(|event| event["event"].as_str().expect("a name"))
        .collect();
    assert_eq!(names[0], "dsync.activated");
    assert!(
        names[1..21]
            .iter()
            .all(|name| *name == "dsync.user.created")
    );
    assert!(
        names[21..26]
            .iter()
            .all(|name| *name == "dsync.group.created")
    );
    assert!(names.len() > 40);
    assert!(
        names[26..]
            .iter()
            .all(|name| *name == "dsync.group.user_added")
    );
}

#[tokio::test]
async fn events_are_the_organizations() {
    let server = TestServer::start().await;
    let other = organization(&server, &json!({"name": "Other"})).await;
    directory(&server, &json!({"organization_id": other, "users": 1})).await;
    directory(&server, &json!({"users": 2})).await;
    let of = async |organization: &str| {
        events(
            &server,
            &format!("dsync.user.created&organization_id={organization}"),
        )
        .await
    };
    assert_eq!(of(&other).await.len(), 1);
    assert_eq!(of(server.organization()).await.len(), 2);
}
