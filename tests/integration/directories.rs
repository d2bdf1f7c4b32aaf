//! Directories: find, list, sync by hand, delete.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::types::DirectoryState;

use crate::support::{directory, events, organization, transcripts};

/// The ids of a list.
async fn ids(server: &TestServer, target: &str) -> Vec<String> {
    let list = server.get(target).send().await.expect(200).json();
    let data = list["data"].as_array().expect("a list");
    data.iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
pub(crate) async fn get_and_list() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme Directory", "domain": "Acme.example", "type": "okta scim v2.0",
        "users": [{"email": "a@acme.example"}, {"state": "suspended"}, {"state": "inactive"}], "groups": 2,
    });
    let id = directory(&server, &body).await;
    let got = server
        .client()
        .get_directory()
        .id(id.as_str())
        .send()
        .await
        .expect("it is found");
    assert_eq!(got.state, DirectoryState::Linked);
    assert_eq!(got.metadata.as_ref().expect("counts").users.inactive, 2);
    let one = server.last();
    let listed = server
        .client()
        .list_directories()
        .send()
        .await
        .expect("a page");
    assert_eq!(listed.data[0].id, id);
    assert_snapshot!(transcripts([one, server.last()]));
}

#[tokio::test]
async fn what_is_not_there() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for target in [
        "/directories/invalid",
        "/directory_users/invalid",
        "/directory_groups/invalid",
        "/directory_users?directory=invalid",
        "/directory_users?group=invalid",
        "/directory_groups?directory=invalid",
        "/directory_groups?user=invalid",
    ] {
        replies.push(server.get(target).send().await.expect(404));
    }
    replies.push(
        server
            .delete("/directories/invalid")
            .send()
            .await
            .expect(404),
    );
    replies.push(
        server
            .call("POST", "/directories/invalid/sync")
            .send()
            .await
            .expect(404),
    );
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn filters() {
    let server = TestServer::start().await;
    let other = organization(
        &server,
        &json!({"name": "Other", "domains": ["other.example"]}),
    )
    .await;
    let one = directory(
        &server,
        &json!({"name": "Straße Nord", "domain": "one.example"}),
    )
    .await;
    let two = directory(&server, &json!({"name": "Nordwind"})).await;
    let three = directory(&server, &json!({"organization_id": other})).await;
    let mine = server.organization();
    for (query, expected) in [
        (String::new(), vec![&three, &two, &one]),
        ("?order=asc".to_owned(), vec![&one, &two, &three]),
        (format!("?organization_id={mine}"), vec![&two, &one]),
        (format!("?organization_id={other}"), vec![&three]),
        ("?organization_id=org_x".to_owned(), vec![]),
        ("?domain=ONE.example.".to_owned(), vec![&one]),
        ("?domain=example.com".to_owned(), vec![&two]),
        ("?domain=other.example".to_owned(), vec![&three]),
        ("?domain=not a domain".to_owned(), vec![]),
        ("?search=NORD".to_owned(), vec![&two, &one]),
        ("?search=no".to_owned(), vec![&two, &one]),
        ("?search=ordw".to_owned(), vec![&two]),
        ("?search=other".to_owned(), vec![&three]),
        ("?search=nobody".to_owned(), vec![]),
        (
            format!("?search=nord&domain=one.example&organization_id={mine}"),
            vec![&one],
        ),
        (format!("?search=nord&organization_id={other}"), vec![]),
        ("?limit=1".to_owned(), vec![&three]),
        (format!("?limit=1&after={three}"), vec![&two]),
        (format!("?before={one}&limit=1"), vec![&two]),
    ] {
        let found = ids(&server, &format!("/directories{query}")).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_directory_goes_with_all_that_is_in_it_and_tells_only_of_itself() {
    let server = TestServer::start().await;
    let id = directory(
        &server,
        &json!({"users": 3, "groups": 2, "state": "unlinked"}),
    )
    .await;
    let user = ids(&server, &format!("/directory_users?directory={id}")).await[0].clone();
    let group = ids(&server, &format!("/directory_groups?directory={id}")).await[0].clone();
    let kept = directory(&server, &json!({"users": 1})).await;

    let deleted = server
        .delete(&format!("/directories/{id}"))
        .send()
        .await
        .expect(202);
    assert_snapshot!(deleted);
    for target in [
        format!("/directories/{id}"),
        format!("/directory_users/{user}"),
        format!("/directory_groups/{group}"),
        format!("/directory_users?directory={id}"),
        format!("/directory_users?group={group}"),
    ] {
        let _ = server.get(&target).send().await.expect(404);
    }
    assert_eq!(ids(&server, "/directories").await, [kept.as_str()]);
    let told = events(
        &server,
        "dsync.deleted,dsync.user.deleted,dsync.group.deleted,dsync.group.user_removed",
    )
    .await;
    assert_eq!(told.len(), 1);
    assert_snapshot!(format!("{:#}", told[0]));
}

#[tokio::test]
async fn an_organization_takes_its_directories_with_it() {
    let server = TestServer::start().await;
    let mine = organization(
        &server,
        &json!({"name": "Mine", "domains": ["mine.example"]}),
    )
    .await;
    let body = json!({"organization_id": mine, "users": 2, "groups": 1});
    let (one, two) = (
        directory(&server, &body).await,
        directory(&server, &body).await,
    );
    let kept = directory(&server, &json!({"users": 1})).await;
    let _ = server
        .delete(&format!("/organizations/{mine}"))
        .send()
        .await
        .expect(202);
    let told = events(
        &server,
        "dsync.deleted,dsync.user.deleted,dsync.group.deleted,organization_domain.deleted,organization.deleted",
    )
    .await;
    let told: Vec<_> = told
        .iter()
        .map(|event| {
            (
                event["event"].as_str().unwrap_or_default(),
                &event["data"]["id"],
            )
        })
        .collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told[0], ("dsync.deleted", &json!(one)));
    assert_eq!(told[1], ("dsync.deleted", &json!(two)));
    assert_eq!(told[2].0, "organization_domain.deleted");
    assert_eq!(told[3], ("organization.deleted", &json!(mine)));
    assert_eq!(ids(&server, "/directories").await, [kept]);
    let _ = server
        .get(&format!("/directory_users?directory={one}"))
        .send()
        .await
        .expect(404);
}

async fn sync(server: &TestServer, id: &str, status: u16) -> contract_tests::Reply {
    server
        .call("POST", &format!("/directories/{id}/sync"))
        .send()
        .await
        .expect(status)
}

#[tokio::test]
async fn a_sync_by_hand_and_the_wait_for_the_next() {
    let server = TestServer::start().await;
    let google = json!({"type": "gsuite directory"});
    let id = directory(&server, &google).await;
    let mut replies = vec![sync(&server, &id, 202).await];
    server.advance("9999 milliseconds");
    replies.push(sync(&server, &id, 409).await);
    server.advance("1 millisecond");
    replies.push(sync(&server, &id, 429).await);
    assert_eq!(replies[2].header("retry-after"), "290");
    // Every directory has a wait of its own.
    let other = directory(
        &server,
        &json!({"type": "gsuite directory", "state": "validating"}),
    )
    .await;
    let _ = sync(&server, &other, 202).await;
    server.advance("289999 milliseconds");
    replies.push(sync(&server, &id, 429).await);
    assert_eq!(replies[3].json()["retry_after_seconds"], 1);
    server.advance("1 millisecond");
    let _ = sync(&server, &id, 202).await;
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_cannot_be_synced_by_hand() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for body in [
        json!({"type": "okta scim v2.0"}),
        json!({"type": "gsuite directory", "state": "unlinked"}),
        json!({"type": "gsuite directory", "state": "invalid_credentials"}),
    ] {
        let id = directory(&server, &body).await;
        replies.push(sync(&server, &id, 422).await);
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn a_sync_is_told_again_to_who_asks_again_with_one_key() {
    let server = TestServer::start().await;
    let id = directory(&server, &json!({"type": "gsuite directory"})).await;
    for _ in 0..2 {
        let _ = server
            .post(&format!("/directories/{id}/sync"), &json!({}))
            .header("idempotency-key", "one")
            .send()
            .await
            .expect(202);
    }
    let _ = sync(&server, &id, 409).await;
}

#[tokio::test]
async fn every_state_has_its_word_in_the_api_and_in_events() {
    let server = TestServer::start().await;
    for (state, word) in [
        ("linked", "active"),
        ("validating", "validating"),
        ("invalid_credentials", "invalid_credentials"),
        ("unlinked", "inactive"),
        ("deleting", "deleting"),
    ] {
        let id = directory(&server, &json!({"state": state})).await;
        let target = format!("/directories/{id}");
        assert_eq!(server.get(&target).send().await.string("/state"), state);
        let _ = server.delete(&target).send().await.expect(202);
        let told = events(&server, "dsync.deleted").await;
        let last = told.last().expect("an event");
        assert_eq!(
            (&last["data"]["id"], &last["data"]["state"]),
            (&Value::from(id), &json!(word))
        );
    }
    assert_eq!(events(&server, "dsync.activated").await.len(), 1);
}

#[tokio::test]
async fn nothing_of_one_environment_is_seen_by_another() {
    let server = TestServer::start().await;
    let id = directory(&server, &json!({"users": 1})).await;
    let other = TestServer::start().await;
    let _ = other
        .get(&format!("/directories/{id}"))
        .send()
        .await
        .expect(404);
    assert!(ids(&other, "/directories").await.is_empty());
}
