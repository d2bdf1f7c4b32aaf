//! `/_mock/deliveries` and what steers them, as calls: lists, waits, and what is refused.

use contract_tests::{Answer, Receiver, Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{events, transcripts};
use crate::webhooks_support::{deliveries, happen, idle, steer, subscribe, wait};

const CREATED: &str = "organization.created";
const DELETED: &str = "organization.deleted";

async fn ids(server: &TestServer, query: &str) -> (Vec<String>, Value) {
    let path = format!("/_mock/deliveries?{query}");
    let list = server.get(&path).send().await.expect(200).json();
    assert_eq!(list["object"], "list");
    let data = list["data"].as_array().expect("deliveries");
    let ids = data
        .iter()
        .map(|one| one["id"].as_str().expect("an id").to_owned());
    (ids.collect(), list["list_metadata"].clone())
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_and_found_by_what_they_are() {
    let server = TestServer::start().await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    bad.always(Answer::Status(500));
    let to_good = subscribe(&server, &good.url(), &[CREATED, DELETED]).await;
    let to_bad = subscribe(&server, &bad.url(), &[CREATED]).await;
    let away = subscribe(&server, "https://app.example/", &[CREATED]).await;
    let id = happen(&server, "1").await;
    happen(&server, "2").await;
    let path = format!("/organizations/{id}");
    let _ = server.delete(&path).send().await.expect(202);
    idle(&server).await;

    let (all, marks) = ids(&server, "").await;
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by(|one, next| one > next));
    assert_eq!(marks, json!({"before": null, "after": null}));
    let count = async |query: &str| ids(&server, query).await.0.len();
    let first = events(&server, CREATED).await[0].clone();
    let event_id = first["id"].as_str().expect("an id");
    for (query, expected) in [
        (format!("endpoint_id={}", to_good.id), 3),
        (format!("endpoint_id={}", to_bad.id), 2),
        (format!("endpoint_id={}&event={DELETED}", to_bad.id), 0),
        (format!("endpoint_id={}&state=not_dialled", away.id), 2),
        (format!("event_id={event_id}"), 3),
        (format!("event_id={event_id}&state=waiting"), 1),
        (format!("event={DELETED}"), 1),
        ("event=banana".to_owned(), 0),
        ("state=delivered".to_owned(), 3),
        ("state=waiting".to_owned(), 2),
        ("state=not_dialled".to_owned(), 2),
        ("state=failed".to_owned(), 0),
        ("endpoint_id=nobody".to_owned(), 0),
        ("event_id=we_".to_owned(), 0),
    ] {
        assert_eq!(count(&query).await, expected, "{query}");
    }
    server.expects_undelivered(2);
}

#[tokio::test]
async fn pages_go_both_ways() {
    let server = TestServer::start().await;
    subscribe(&server, "https://app.example/", &[CREATED]).await;
    for number in 0..12 {
        happen(&server, &number.to_string()).await;
    }
    let (all, _) = ids(&server, "limit=100").await;
    assert_eq!(all.len(), 12);
    assert_eq!(ids(&server, "").await.0, all[..10]);
    let (first, marks) = ids(&server, "limit=5").await;
    assert_eq!((&first[..], &marks["before"]), (&all[..5], &Value::Null));
    let after = marks["after"].as_str().expect("a cursor");
    let (second, marks) = ids(&server, &format!("limit=5&after={after}&state=not_dialled")).await;
    assert_eq!(second, all[5..10]);
    let before = marks["before"].as_str().expect("a cursor");
    let (back, _) = ids(&server, &format!("limit=5&before={before}")).await;
    assert_eq!(back, first);
}

#[tokio::test]
async fn what_is_over_is_kept_up_to_a_number() {
    let server = TestServer::with(|config| config.webhooks.max_deliveries = 3).await;
    let receiver = Receiver::start().await;
    let to_it = subscribe(&server, &receiver.url(), &[CREATED]).await;
    steer(&server, &to_it, &json!({"paused": true})).await;
    subscribe(&server, "https://app.example/", &[CREATED]).await;
    for number in 0..5 {
        happen(&server, &number.to_string()).await;
    }
    let states = async || -> Vec<String> {
        let all = deliveries(&server, "").await;
        let state = |one: &Value| one["state"].as_str().expect("a state").to_owned();
        all.iter().map(state).collect()
    };
    let mut kept = states().await;
    kept.sort();
    let expected = [vec!["due"; 5], vec!["not_dialled"; 3]].concat();
    assert_eq!(kept, expected, "what is to be sent is always kept");
    steer(&server, &to_it, &json!({})).await;
    receiver.next_of(5).await;
    idle(&server).await;
    assert_eq!(states().await.len(), 3);
}

#[tokio::test]
async fn a_wait_says_what_is_still_under_way() {
    let server = TestServer::start().await;
    // Nothing at all is idle.
    let nothing = wait(&server, "PT0S").await.expect(200);
    let receiver = Receiver::start().await;
    receiver.always(Answer::Hang);
    subscribe(&server, &receiver.url(), &[CREATED]).await;
    for number in 0..25 {
        happen(&server, &number.to_string()).await;
    }
    receiver.next().await;
    let late = wait(&server, "PT0S").await.expect(409).json();
    assert_eq!(late["code"], "deliveries_under_way");
    let told = &late["deliveries"];
    assert_eq!(told["under_way"], 25);
    let first = told["first"].as_array().expect("the first");
    assert_eq!(first.len(), 20);
    assert_eq!(
        (&first[0]["state"], &first[1]["state"]),
        (&json!("sending"), &json!("due"))
    );
    receiver.go_on();
    let seen = idle(&server).await;
    assert_eq!(seen["under_way"], 0);
    assert_snapshot!(transcripts([nothing]));
}

#[tokio::test]
async fn what_waits_for_its_time_is_no_reason_to_wait() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    receiver.always(Answer::Status(500));
    subscribe(&server, &receiver.url(), &[CREATED]).await;
    happen(&server, "1").await;
    receiver.next().await;
    let seen = server
        .post("/_mock/deliveries/wait", &json!({}))
        .send()
        .await;
    assert_snapshot!(transcripts([seen.expect(200)]));
    server.expects_undelivered(1);
}

#[tokio::test]
async fn steering_is_shown_and_replaced() {
    let server = TestServer::with(|config| {
        config.webhooks.ordering = workos_portal_mock::config::DeliveryOrdering::Strict;
    })
    .await;
    let endpoint = subscribe(&server, "https://app.example/", &[]).await;
    let path = format!("/_mock/webhook_endpoints/{}/steering", endpoint.id);
    let mut replies = vec![server.get(&path).send().await.expect(200)];
    for body in [
        json!({
            "paused": true, "ordering": "relaxed", "duplicate_every": 2, "shuffle": 10, "body": "odd",
            "signature": "malformed", "timestamp": "old", "seed": i64::MAX,
        }),
        json!({"delay": "1 day", "paused": null}),
    ] {
        let steered = server.put(&path, &body).send().await.expect(200);
        let shown = server.get(&path).send().await.expect(200);
        assert_eq!(shown.body, steered.body);
        replies.push(steered);
    }
    assert_snapshot!(transcripts(replies));
    // What `WorkOS` shows of an endpoint knows nothing of it.
    let listed = server.get("/webhook_endpoints").send().await.expect(200);
    assert!(listed.json()["data"][0].get("steering").is_none());
}

#[tokio::test]
async fn what_cannot_be_followed_is_told_and_changes_nothing() {
    let server = TestServer::start().await;
    let endpoint = subscribe(&server, "https://app.example/", &[CREATED]).await;
    happen(&server, "1").await;
    let sent = deliveries(&server, "").await[0].clone();
    let path = format!("/_mock/webhook_endpoints/{}/steering", endpoint.id);
    let before = server.get(&path).send().await.expect(200);
    let mut told = Vec::new();
    for query in [
        "limit=0",
        "limit=101",
        "limit=ten",
        "state=sent",
        "order=asc",
        "endpoint_id=a&endpoint_id=b",
        "after=we_x",
        "before=delivery_x",
        "limit=0&state=sent&banana=1",
    ] {
        let refused = server.get(&format!("/_mock/deliveries?{query}"));
        told.push(refused.send().await.expect(422));
    }
    let after = format!(
        "/_mock/deliveries?after={0}&before={0}",
        sent["id"].as_str().expect("an id")
    );
    told.push(server.get(&after).send().await.expect(422));
    for body in [
        json!([]),
        json!({"paused": "yes"}),
        json!({"ordering": "random"}),
        json!({"delay": "-PT1S"}),
        json!({"delay": "P31D"}),
        json!({"delay": "soon"}),
        json!({"duplicate_every": 0}),
        json!({"duplicate_every": 1.5}),
        json!({"shuffle": 1}),
        json!({"shuffle": 1001}),
        json!({"seed": -1}),
        json!({"body": "pretty", "signature": 5, "timestamp": "now", "banana": 1}),
        json!({"shuffle": 5, "delay": "PT1S"}),
        json!({"shuffle": 5, "ordering": "strict"}),
    ] {
        told.push(server.put(&path, &body).send().await.expect(422));
    }
    for body in [
        json!({"timeout": "PT61S"}),
        json!({"timeout": "-PT1S"}),
        json!({"timeout": 5}),
        json!({"until": "idle"}),
    ] {
        let refused = server.post("/_mock/deliveries/wait", &body);
        told.push(refused.send().await.expect(422));
    }
    told.extend(nowhere(&server).await);
    assert_snapshot!(transcripts(told));
    assert_eq!(server.get(&path).send().await.body, before.body);
    assert_eq!(deliveries(&server, "").await, [sent]);
}

/// What is asked of deliveries and endpoints that are not there, and of paths with another method.
async fn nowhere(server: &TestServer) -> Vec<Reply> {
    let mut told = Vec::new();
    for (method, path, status) in [
        ("GET", "/_mock/deliveries/delivery_x", 404),
        ("GET", "/_mock/deliveries/%00", 404),
        ("POST", "/_mock/deliveries/delivery_x/resend", 404),
        ("GET", "/_mock/webhook_endpoints/we_x/steering", 404),
        ("GET", "/_mock/webhook_endpoints/we_x", 404),
        ("DELETE", "/_mock/deliveries", 405),
        ("PUT", "/_mock/deliveries/pause", 405),
        ("GET", "/_mock/deliveries/wait", 405),
        ("GET", "/_mock/deliveries/delivery_x/resend", 405),
        ("POST", "/_mock/webhook_endpoints/we_x/steering", 405),
        ("POST", "/_mock/deliveries/wait", 200),
    ] {
        told.push(server.call(method, path).send().await.expect(status));
    }
    let call = || server.call("PUT", "/_mock/webhook_endpoints/we_x/steering");
    told.push(call().json(&json!({})).send().await.expect(404));
    let broken = call().body("application/json", "{");
    told.push(broken.send().await.expect(400));
    let large = call().body("application/json", vec![b' '; 65 * 1024]);
    told.push(large.send().await.expect(413));
    told
}

#[tokio::test]
async fn events_are_pulled_later_than_they_are_pushed_if_a_lag_is_set() {
    let server = TestServer::with(|config| {
        config.events_lag = "PT5S".parse().expect("a duration");
    })
    .await;
    let receiver = Receiver::start().await;
    subscribe(&server, &receiver.url(), &[CREATED]).await;
    happen(&server, "1").await;
    let pushed = receiver.next().await.json();
    idle(&server).await;
    assert!(events(&server, CREATED).await.is_empty());
    // Newest first there is no lag: nobody goes on from such a page.
    assert_eq!(
        events(&server, "organization.created&order=desc").await,
        std::slice::from_ref(&pushed)
    );
    server.advance("4.999 seconds");
    assert!(events(&server, CREATED).await.is_empty());
    happen(&server, "2").await;
    receiver.next().await;
    idle(&server).await;
    server.advance("1 millisecond");
    assert_eq!(
        events(&server, CREATED).await,
        std::slice::from_ref(&pushed)
    );
    server.advance("5 seconds");
    let after = format!("{CREATED}&after={}", pushed["id"].as_str().expect("an id"));
    let rest = events(&server, &after).await;
    assert_eq!((rest.len(), &rest[0]["data"]["name"]), (1, &json!("2")));
}
