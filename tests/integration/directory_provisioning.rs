//! Control calls that do to a directory what its provider would do after the first sync.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{directory, events, transcripts};

async fn call(server: &TestServer, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let call = server.call(method, path);
    match body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

const NAMES: &str = "dsync.user.created,dsync.user.updated,dsync.user.deleted,dsync.group.created,dsync.group.updated,\
                     dsync.group.deleted,dsync.group.user_added,dsync.group.user_removed";

#[tokio::test]
async fn users_and_groups_come_change_and_go() {
    let server = TestServer::start().await;
    let id = directory(&server, &json!({})).await;
    let path = format!("/_mock/directories/{id}/users");
    let ada = json!({"idp_id": "ada", "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lovelace"});
    let added = call(&server, "POST", &path, Some(&ada)).await.expect(201);
    let user = format!("/_mock/directory_users/{}", added.string("/id"));
    let path = format!("/_mock/directories/{id}/groups");
    let group = json!({"idp_id": "one", "name": "One", "members": ["ADA@acme.example"]});
    let group = call(&server, "POST", &path, Some(&group)).await.expect(201);
    let group_path = format!("/_mock/directory_groups/{}", group.string("/id"));
    let membership = format!("{group_path}/users/{}", added.string("/id"));
    let changes =
        json!({"last_name": "King", "job_title": "Countess", "custom_attributes": {"a": 1}});
    let mut replies = vec![added, group];
    for (method, path, body, status) in [
        (
            "PATCH",
            &user,
            Some(json!({"email": "ada@king.example"})),
            200,
        ),
        ("PATCH", &user, Some(changes.clone()), 200),
        ("PATCH", &user, Some(changes), 200),
        ("PATCH", &group_path, Some(json!({"name": "Two"})), 200),
        ("DELETE", &membership, None, 204),
        ("DELETE", &membership, None, 204),
        ("PUT", &membership, None, 204),
        ("PUT", &membership, None, 204),
        ("DELETE", &group_path, None, 204),
        ("PATCH", &user, Some(json!({"state": "inactive"})), 204),
        ("DELETE", &user, None, 404),
    ] {
        replies.push(
            call(&server, method, path, body.as_ref())
                .await
                .expect(status),
        );
    }
    assert_snapshot!("calls", transcripts(replies));
    let told = events(&server, NAMES).await;
    let names: Vec<_> = told
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "dsync.user.created",
            "dsync.group.created",
            "dsync.group.user_added",
            "dsync.user.updated",
            "dsync.user.updated",
            "dsync.group.updated",
            "dsync.group.user_removed",
            "dsync.group.user_added",
            "dsync.group.deleted",
            "dsync.user.deleted",
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    let id = directory(
        &server,
        &json!({"users": [{"idp_id": "ada", "email": "a@b.example"}]}),
    )
    .await;
    let list = server
        .get(&format!("/directory_users?directory={id}"))
        .send()
        .await;
    let user = format!("/_mock/directory_users/{}", list.string("/data/0/id"));
    let users = format!("/_mock/directories/{id}/users");
    let groups = format!("/_mock/directories/{id}/groups");
    let other = directory(&server, &json!({"groups": 1})).await;
    let list = server
        .get(&format!("/directory_groups?directory={other}"))
        .send()
        .await;
    let elsewhere = format!(
        "/_mock/directory_groups/{}/users/{}",
        list.string("/data/0/id"),
        user.rsplit('/').next().expect("an id")
    );
    let before = events(&server, NAMES).await;
    let mut replies = Vec::new();
    for (method, path, body, status) in [
        (
            "POST",
            "/_mock/directories/directory_x/users",
            Some(json!({})),
            404,
        ),
        ("POST", &*users, Some(json!({"idp_id": "ada"})), 422),
        (
            "POST",
            &*users,
            Some(json!({"role": {}, "email": 5, "x": 1})),
            422,
        ),
        ("POST", &*users, Some(json!([])), 422),
        (
            "POST",
            &*groups,
            Some(json!({"name": "A", "members": ["ada", "ben"]})),
            422,
        ),
        ("PATCH", &*user, Some(json!({"idp_id": "ben"})), 422),
        ("PATCH", &*user, Some(json!({"state": "gone"})), 422),
        ("PATCH", "/_mock/directory_users/x", Some(json!({})), 404),
        (
            "PATCH",
            "/_mock/directory_groups/x",
            Some(json!({"members": []})),
            422,
        ),
        (
            "PATCH",
            "/_mock/directory_groups/x",
            Some(json!({"name": "A"})),
            404,
        ),
        ("DELETE", "/_mock/directory_groups/x", None, 404),
        ("PUT", "/_mock/directory_groups/x/users/y", None, 404),
        ("PUT", &*elsewhere, None, 422),
        ("GET", &*user, None, 405),
    ] {
        replies.push(
            call(&server, method, path, body.as_ref())
                .await
                .expect(status),
        );
    }
    assert_snapshot!("refused", transcripts(replies));
    assert_eq!(events(&server, NAMES).await, before);
}
