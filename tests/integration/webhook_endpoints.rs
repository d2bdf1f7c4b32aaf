//! Webhook endpoints as records: nothing is delivered to them here.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal_mock::config::UrlPolicy;

use crate::support::transcripts;

const PATH: &str = "/webhook_endpoints";

async fn create(server: &TestServer, url: &str) -> Reply {
    let body = json!({"endpoint_url": url, "events": ["dsync.user.created"]});
    server.post(PATH, &body).send().await
}

async fn patch(server: &TestServer, id: &str, body: &Value) -> Reply {
    server
        .call("PATCH", &format!("{PATH}/{id}"))
        .json(body)
        .send()
        .await
}

async fn urls(server: &TestServer, query: &str) -> (Vec<String>, Value) {
    let list = server
        .get(&format!("{PATH}?{query}"))
        .send()
        .await
        .expect(200)
        .json();
    let data = list["data"].as_array().expect("endpoints");
    let urls = data
        .iter()
        .map(|one| one["endpoint_url"].as_str().expect("a URL").to_owned());
    (urls.collect(), list["list_metadata"].clone())
}

#[tokio::test]
pub(crate) async fn they_are_made_changed_listed_and_deleted() {
    let server = TestServer::start().await;
    let client = server.client();
    let mut replies = Vec::new();
    let call = client.create_webhook_endpoint().body_map(|body| {
        let events = [
            "dsync.user.created",
            "connection.activated",
            "dsync.user.created",
        ];
        body.endpoint_url("https://app.example/webhooks")
            .events(events)
    });
    let made = call.send().await.expect("made").into_inner();
    assert_eq!(made.secret.expose().len(), "whsec_".len() + 25);
    replies.push(server.last());
    server.advance("1 minute");
    let id = made.id.as_str();
    replies.push(
        patch(&server, id, &json!({"status": "disabled"}))
            .await
            .expect(200),
    );
    server.advance("1 minute");
    // Null and what is there already are no changes.
    let same = json!({"endpoint_url": null, "status": "disabled", "events": null});
    let unchanged = patch(&server, id, &same).await.expect(200);
    assert_eq!(unchanged.string("/updated_at"), "2026-01-01T00:01:00.000Z");
    assert_eq!(
        patch(&server, id, &json!({})).await.expect(200).body,
        unchanged.body
    );
    let call = client.update_webhook_endpoint().id(id).body_map(|body| {
        body.endpoint_url("http://localhost:3000/other".to_owned())
            .events(["organization.created"])
    });
    call.send().await.expect("changed");
    replies.push(server.last());
    client
        .list_webhook_endpoints()
        .send()
        .await
        .expect("listed");
    replies.push(server.last());
    let call = client.delete_webhook_endpoint().id(id);
    assert_eq!(call.send().await.expect("deleted").status(), 204);
    replies.push(server.last());
    replies.push(server.get(PATH).send().await.expect(200));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn an_address_is_registered_once() {
    let server = TestServer::start().await;
    let first = create(&server, "https://app.example/")
        .await
        .expect(201)
        .string("/id");
    let second = create(&server, "https://app.example/other")
        .await
        .expect(201)
        .string("/id");
    let mut replies = vec![create(&server, "https://app.example/").await.expect(409)];
    // Another spelling is the same address.
    for url in ["https://APP.example", "https://app.example:443/"] {
        let _ = create(&server, url).await.expect(409);
        let refused = patch(&server, &second, &json!({"endpoint_url": url}))
            .await
            .expect(409);
        replies.push(refused);
    }
    assert_snapshot!(transcripts(replies));
    // Its own address may be given again, and a deleted one is free.
    let own = json!({"endpoint_url": "https://app.example/other"});
    let _ = patch(&server, &second, &own).await.expect(200);
    let _ = server
        .delete(&format!("{PATH}/{first}"))
        .send()
        .await
        .expect(204);
    let _ = create(&server, "https://app.example/").await.expect(201);
}

#[tokio::test]
async fn addresses_that_events_cannot_be_sent_to() {
    let server = TestServer::start().await;
    let id = create(&server, "https://app.example/")
        .await
        .expect(201)
        .string("/id");
    let mut told = Vec::new();
    for url in [
        "",
        "/webhooks",
        "app.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://app.example",
        "https://user:word@app.example",
        "https://app.example/#top",
        "https://app.example/a b",
        "https://",
        "https://app.example:99999",
        "http://app.example/webhooks",
        "http://8.8.8.8/",
    ] {
        let refused = create(&server, url).await.expect(422);
        let changed = patch(&server, &id, &json!({"endpoint_url": url}))
            .await
            .expect(422);
        assert_eq!(refused.body, changed.body);
        told.push(format!("{url}\n{}", refused.text()));
    }
    assert_snapshot!(told.join("\n"));
    for url in [
        "http://localhost:3000/webhooks",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "http://app:3000/webhooks?a=b",
    ] {
        assert_eq!(
            create(&server, url)
                .await
                .expect(201)
                .string("/endpoint_url"),
            url
        );
    }
}

#[tokio::test]
async fn the_policy_of_production_wants_https_on_a_public_host() {
    let server = TestServer::with(|config| config.url_policy = UrlPolicy::Production).await;
    let mut told = Vec::new();
    for url in [
        "http://app.example",
        "https://localhost:3000",
        "https://192.168.0.1/",
    ] {
        told.push(create(&server, url).await.expect(422).text());
    }
    assert_snapshot!(told.join("\n"), @r#"
    {"message":"The endpoint URL is not https, which the URL policy asks for.","code":"invalid_url"}
    {"message":"The endpoint URL is on a private network, which the URL policy does not allow.","code":"invalid_url"}
    {"message":"The endpoint URL is on a private network, which the URL policy does not allow.","code":"invalid_url"}
    "#);
    let _ = create(&server, "https://app.example").await.expect(201);
}

#[tokio::test]
async fn what_breaks_the_rules_is_told() {
    let server = TestServer::start().await;
    let id = create(&server, "https://app.example/")
        .await
        .expect(201)
        .string("/id");
    let url = "https://other.example/";
    let mut told = Vec::new();
    for body in [
        json!({}),
        json!({"events": []}),
        json!({"endpoint_url": null, "events": null}),
        json!({"endpoint_url": 5, "events": []}),
        json!({"endpoint_url": url, "events": "dsync.user.created"}),
        json!({"endpoint_url": url, "events": ["dsync.user.create"]}),
        json!({"endpoint_url": url, "events": ["dsync.user.created", "banana", 5]}),
        json!({"endpoint_url": "nowhere", "events": ["banana"]}),
    ] {
        let refused = server.post(PATH, &body).send().await.expect(422);
        told.push(format!("{body}\n{:#}", refused.json()));
    }
    for body in [
        json!({"status": "paused"}),
        json!({"events": ["banana"], "status": 1}),
    ] {
        let refused = patch(&server, &id, &body).await.expect(422);
        told.push(format!("{body}\n{:#}", refused.json()));
    }
    assert_snapshot!(told.join("\n"));
    assert_eq!(
        urls(&server, "").await.0,
        ["https://app.example/"],
        "nothing was made or changed"
    );
    // No events are a choice too.
    let none = json!({"endpoint_url": url, "events": []});
    let _ = server.post(PATH, &none).send().await.expect(201);
}

#[tokio::test]
async fn one_that_is_not_there() {
    let server = TestServer::start().await;
    let gone = create(&server, "https://app.example/")
        .await
        .expect(201)
        .string("/id");
    let _ = server
        .delete(&format!("{PATH}/{gone}"))
        .send()
        .await
        .expect(204);
    let mut replies = Vec::new();
    for id in [gone.as_str(), "org_test_idp"] {
        let path = format!("{PATH}/{id}");
        replies.push(
            patch(&server, id, &json!({"status": "enabled"}))
                .await
                .expect(404),
        );
        replies.push(server.delete(&path).send().await.expect(404));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn pages_go_both_ways() {
    let server = TestServer::start().await;
    let all: Vec<String> = (0..5)
        .map(|number| format!("https://app.example/{number}"))
        .collect();
    for url in &all {
        let _ = create(&server, url).await.expect(201);
    }
    let newest: Vec<String> = all.iter().rev().cloned().collect();
    assert_eq!(
        urls(&server, "").await,
        (newest.clone(), json!({"before": null, "after": null}))
    );
    assert_eq!(urls(&server, "order=asc").await.0, all);
    let (first, marks) = urls(&server, "limit=2").await;
    assert_eq!(
        (first.as_slice(), &marks["before"]),
        (&newest[..2], &Value::Null)
    );
    let after = marks["after"].as_str().expect("a cursor");
    let (second, marks) = urls(&server, &format!("limit=2&after={after}")).await;
    assert_eq!(second, newest[2..4]);
    let before = marks["before"].as_str().expect("a cursor");
    assert_eq!(
        urls(&server, &format!("limit=2&before={before}")).await.0,
        first
    );
    // In the order `normal` the cursors are the other way round.
    let (normal, marks) = urls(&server, "limit=2&order=normal").await;
    assert_eq!(normal, newest[..2]);
    let before = marks["before"].as_str().expect("a cursor");
    assert_eq!(
        urls(&server, &format!("limit=2&order=normal&before={before}"))
            .await
            .0,
        second
    );
    let mut replies = Vec::new();
    for query in [
        "after=org_test_idp",
        "limit=0",
        "limit=101",
        "order=banana",
        "after=we_x",
    ] {
        replies.push(
            server
                .get(&format!("{PATH}?{query}"))
                .send()
                .await
                .expect(422)
                .text(),
        );
    }
    assert_snapshot!(replies.join("\n"));
}

#[tokio::test]
async fn a_secret_is_its_endpoint_s_own_and_shown_with_it_only() {
    let server = TestServer::start().await;
    let one = create(&server, "https://app.example/1").await.expect(201);
    let two = create(&server, "https://app.example/2").await.expect(201);
    let secret = one.string("/secret");
    assert_ne!(secret, two.string("/secret"));
    let listed = server.get(PATH).send().await;
    assert_eq!(listed.string("/data/1/secret"), secret);
    let changed = patch(&server, &one.string("/id"), &json!({"status": "disabled"})).await;
    assert_eq!(changed.string("/secret"), secret);
    assert!(!server.shown().contains(&secret));
}

#[tokio::test]
async fn a_retry_with_the_same_key_makes_one() {
    let server = TestServer::start().await;
    let body = json!({"endpoint_url": "https://app.example/", "events": []});
    let call = || {
        server
            .post(PATH, &body)
            .header("idempotency-key", "k")
            .send()
    };
    let first = call().await.expect(201);
    assert_eq!(call().await.expect(201).body, first.body);
    assert_eq!(urls(&server, "").await.0.len(), 1);
}
