//! Many at once.

use std::collections::BTreeMap;

use contract_tests::TestServer;
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use crate::support::{link, link_with, organization};

/// How many requests are on their way at a time.
const AT_A_TIME: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_openings_of_a_link_one_succeeds() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visits = stream::iter(0..1_000).map(|_| async { server.visitor().get(&link).await });
    let replies: Vec<_> = visits.buffer_unordered(AT_A_TIME).collect().await;
    let mut statuses = BTreeMap::new();
    for reply in &replies {
        *statuses.entry(reply.status).or_insert(0) += 1;
        assert_eq!(
            reply.status == 303,
            reply.headers.contains_key("set-cookie")
        );
    }
    assert_eq!(statuses, BTreeMap::from([(303, 1), (410, 999)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_holders_of_an_external_id_one_succeeds() {
    let server = TestServer::start().await;
    let body = json!({"name": "Acme", "external_id": "one"});
    let calls = stream::iter(0..200)
        .map(|_| async { server.post("/organizations", &body).send().await.status });
    let statuses: Vec<u16> = calls.buffer_unordered(AT_A_TIME).collect().await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(
        statuses.iter().filter(|status| **status == 400).count(),
        199
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn making_and_deleting_at_once_leaves_nothing_behind() {
    let server = TestServer::with(|config| config.test_organization = false).await;
    let lives = stream::iter(0..200).map(|number| {
        let server = &server;
        async move {
            let id = organization(server, &json!({"name": format!("Organization {number}")})).await;
            let path = format!("/organizations/{id}");
            let statuses =
                stream::iter(0..3).map(|_| async { server.delete(&path).send().await.status });
            let mut statuses: Vec<u16> = statuses.buffer_unordered(3).collect().await;
            statuses.sort_unstable();
            assert_eq!(statuses, [202, 404, 404]);
            id
        }
    });
    let mut ids: Vec<String> = lives.buffer_unordered(AT_A_TIME).collect().await;
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 200);
    assert_eq!(
        server.get("/organizations").send().await.expect(200).json()["data"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn opening_and_revoking_at_once_ends_revoked() {
    let server = TestServer::start().await;
    for round in 0..20 {
        let user = format!("user-{round}");
        let link = link_with(&server, &json!({"external_user_id": user})).await;
        let body = json!({"organization": server.organization(), "external_user_id": user});
        let visitor = server.visitor();
        let (opened, revoked) = tokio::join!(
            visitor.get(&link),
            server.post("/portal/revoke_link", &body).send()
        );
        assert_eq!(revoked.status, 204);
        if opened.status == 303 {
            let session = opened.header("location").to_owned();
            let _ = visitor.get(&session).await.expect(410);
        } else {
            assert_eq!(opened.status, 410);
        }
        let _ = visitor.get(&link).await.expect(410);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn finishing_many_times_at_once_leads_to_one_place() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let session = visitor
        .open(&link_with(&server, &json!({"success_url": "https://app.example/"})).await)
        .await;
    let replies: Vec<_> = stream::iter(0..100)
        .map(|_| visitor.finish(&session))
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    for reply in &replies {
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, "https://app.example/")
        );
    }
}
