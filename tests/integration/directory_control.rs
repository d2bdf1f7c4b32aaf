//! `POST /_mock/directories`: makes directories, given or made up.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{directory, organization, transcripts};

async fn refused(server: &TestServer, body: &Value, status: u16) -> Reply {
    server
        .post("/_mock/directories", body)
        .send()
        .await
        .expect(status)
}

#[tokio::test]
async fn the_shape_that_tests_rely_on() {
    let server = TestServer::start().await;
    let body = json!({
        "organization_id": server.organization(), "name": "Acme", "domain": "acme.example", "type": "gsuite directory",
        "users": 12, "groups": 3,
    });
    let made = server
        .post("/_mock/directories", &body)
        .send()
        .await
        .expect(201);
    let got = server
        .get(&format!("/directories/{}", made.string("/id")))
        .send()
        .await
        .expect(200);
    assert_eq!(made.json(), got.json());
    assert_eq!(
        made.json()["metadata"],
        json!({"users": {"active": 12, "inactive": 0}, "groups": 3})
    );
    let few = server.post(
        "/_mock/directories",
        &json!({"organization_id": server.organization()}),
    );
    assert_snapshot!(transcripts([made, few.send().await.expect(201)]));
}

/// What is made up for a server, without the ids.
async fn made_up(server: &TestServer, body: &Value) -> Vec<Value> {
    let id = directory(server, body).await;
    let list = server
        .get(&format!(
            "/directory_users?limit=100&order=asc&directory={id}"
        ))
        .send()
        .await
        .expect(200)
        .json();
    let mut users = list["data"].as_array().expect("users").clone();
    for user in &mut users {
        for of_ours in ["id", "directory_id", "created_at", "updated_at"] {
            user.as_object_mut().expect("a user").remove(of_ours);
        }
        for group in user["groups"].as_array_mut().expect("groups") {
            *group = group["name"].take();
        }
    }
    users
}

#[tokio::test]
async fn samples_depend_on_the_seed_and_not_on_what_else_was_made() {
    let (one, other) = (TestServer::start().await, TestServer::start().await);
    organization(
        &other,
        &json!({"name": "Acme", "domains": ["acme.example"]}),
    )
    .await;
    let body = json!({"users": 5, "groups": 2});
    let first = made_up(&one, &body).await;
    assert_eq!(first, made_up(&other, &body).await);
    assert_ne!(
        first,
        made_up(&one, &body).await,
        "every directory has people of its own"
    );
    let seeded = TestServer::with(|config| config.random_seed = Some(8)).await;
    assert_ne!(first, made_up(&seeded, &body).await);
    assert_snapshot!(format!("{:#}", Value::from(first)));
}

#[tokio::test]
async fn made_up_groups_take_in_given_users() {
    let server = TestServer::start().await;
    let users = made_up(
        &server,
        &json!({"users": [{"idp_id": "u1"}, {}], "groups": 1}),
    )
    .await;
    assert_eq!(users[0]["idp_id"], "u1");
    assert_eq!(users[1]["idp_id"].as_str().map(str::len), Some(36));
    assert!(
        users
            .iter()
            .all(|user| user["groups"] == json!(["Engineering"]))
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let server = TestServer::start().await;
    let mine = server.organization();
    let mut replies = vec![
        refused(&server, &json!([]), 422).await,
        refused(&server, &json!({}), 422).await,
        refused(&server, &json!({"organization_id": "org_x"}), 404).await,
    ];
    for more in [
        json!({"name": "", "domain": "not a domain", "type": "Okta", "state": 1, "users": "many", "groups": true, "size": 1}),
        json!({"users": -1, "groups": 100_001}),
        json!({"users": 1.5, "groups": 1e300}),
        json!({"users": [5, {"idp_id": 1, "emails": [{"primary": "yes", "kind": "x"}], "role": {}, "roles": "admin", "raw_attributes": []}, {"id": "x", "email": "", "state": "gone"}]}),
        json!({"groups": [{}, {"name": 1, "members": "all"}, {"name": "A", "members": [1]}]}),
        json!({"users": [{"idp_id": "1"}, {"idp_id": "1"}], "groups": [{"idp_id": "1", "name": "A"}, {"idp_id": "1", "name": "A", "members": ["2", "1"]}]}),
        json!({"users": 3, "groups": [{"name": "A", "members": ["u1"]}]}),
    ] {
        let mut body = json!({"organization_id": mine});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        replies.push(refused(&server, &body, 422).await);
    }
    let nothing = server.get("/directories").send().await.expect(200);
    assert_eq!(nothing.json()["data"], json!([]));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn bodies_that_are_none() {
    let server = TestServer::start().await;
    let call = || server.call("POST", "/_mock/directories");
    let _ = call()
        .body("application/json", "{")
        .send()
        .await
        .expect(400);
    let _ = call().body("text/plain", "{}").send().await.expect(415);
    let large = " ".repeat(1024 * 1024 + 1);
    let _ = call()
        .body("application/json", large)
        .send()
        .await
        .expect(413);
    let _ = server.get("/_mock/directories").send().await.expect(405);
    let many = json!({"organization_id": server.organization(), "users": vec![json!(1); 10_000]});
    let reply = refused(&server, &many, 422).await;
    assert_eq!(reply.json()["errors"].as_array().map(Vec::len), Some(100));
}
