//! Events that an endpoint is sent to try it: every one that the portal has, each as WorkOS's document describes it.

use std::collections::BTreeSet;

use contract_tests::{
    Receiver, Reply, TestServer,
    judge::{Document, PORTAL, UPSTREAM, event_violations},
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{events, transcripts};
use crate::webhooks_support::{
    Endpoint, change, deliveries, idle, reach, resend, states, steer, subscribe, told,
};

const CREATED: &str = "dsync.user.created";

async fn send(server: &TestServer, endpoint: &Endpoint, body: &Value) -> Reply {
    let path = format!("/_mock/webhook_endpoints/{}/test", endpoint.id);
    server.post(&path, body).send().await
}

/// The schema that a reference leads to, or the schema itself.
fn followed<'a>(document: &'a Document, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a reference within");
            followed(
                document,
                document.root().pointer(pointer).expect("a schema"),
            )
        }
        None => schema,
    }
}

/// The names of the events that `GET /events` lists.
fn listed(document: &'static Document) -> BTreeSet<String> {
    let pointer = "/paths/~1events/get/responses/200/content/application~1json/schema";
    let list = document.root().pointer(pointer).expect("a list of events");
    let list = followed(document, list);
    let event = followed(document, &list["properties"]["data"]["items"]);
    let variants = event["allOf"]
        .as_array()
        .and_then(|all| all.iter().find_map(|one| one["oneOf"].as_array()));
    let names = variants.expect("events").iter().map(|variant| {
        let variant = followed(document, variant);
        let name = &variant["properties"]["event"]["const"];
        name.as_str().expect("a name").to_owned()
    });
    names.collect()
}

/// The names of the events that an endpoint can be subscribed to.
fn offered(document: &'static Document) -> BTreeSet<String> {
    let pointer = "/paths/~1webhook_endpoints/post/requestBody/content/application~1json/schema";
    let body = document.root().pointer(pointer).expect("a body");
    let events = &followed(document, body)["properties"]["events"];
    let names = followed(document, &events["items"])["enum"].as_array();
    let names = names.expect("names").iter();
    names
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn every_event_of_the_portal_is_sent_in_its_shape() {
    let names: BTreeSet<String> = listed(&PORTAL)
        .intersection(&offered(&PORTAL))
        .cloned()
        .collect();
    assert!(names.len() >= 27 && names.is_subset(&offered(&UPSTREAM)));
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let endpoint = subscribe(&server, &receiver.url(), &all).await;
    let (mut ids, mut data) = (BTreeSet::new(), Vec::new());
    for name in &all {
        let sent = send(&server, &endpoint, &json!({"event": name})).await;
        let sent = sent.expect(202).json();
        assert_eq!(
            (&sent["cause"], &sent["event"]),
            (&json!("test"), &json!(name))
        );
        let arrived = receiver.next().await;
        assert!(arrived.signed_at(&endpoint.secret).is_some());
        let event = arrived.json();
        assert_eq!(event_violations(&event), [""; 0], "{event:#}");
        assert_eq!(
            (&event["event"], &event["id"]),
            (&json!(name), &sent["event_id"])
        );
        assert_eq!(event["created_at"], "2026-01-01T00:00:00.000Z");
        assert!(ids.insert(arrived.string("/id")), "an id comes once");
        data.push(format!("{name}\n{:#}", event["data"]));
    }
    idle(&server).await;
    assert_snapshot!(data.join("\n"));
    // None of it is anywhere else.
    for name in &all {
        assert!(events(&server, name).await.is_empty(), "{name}");
    }
    let organizations = server.get("/organizations").send().await.expect(200);
    assert_eq!(
        organizations.json()["data"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        states(&server, &endpoint).await,
        vec!["delivered"; all.len()]
    );
}

#[tokio::test]
async fn one_that_is_tried_is_like_any_other_but_for_its_event() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let endpoint = subscribe(&server, &receiver.url(), &[CREATED]).await;
    let sent = send(&server, &endpoint, &json!({"event": CREATED})).await;
    let first = receiver.next().await;
    idle(&server).await;
    let shown = deliveries(&server, "event=dsync.user.created").await;
    assert_eq!(shown[0]["id"], sent.json()["id"]);
    assert_snapshot!(told(&shown[0], &receiver.url()));
    let _ = resend(&server, &shown[0]).await.expect(202);
    assert_eq!(receiver.next().await.body, first.body);
    idle(&server).await;
    // Shuffled it is not, since it is asked for by itself; delayed and odd it is.
    steer(&server, &endpoint, &json!({"shuffle": 5, "body": "odd"})).await;
    let _ = send(&server, &endpoint, &json!({"event": CREATED})).await;
    let odd = receiver.next().await;
    assert_ne!(odd.body, odd.json().to_string());
    idle(&server).await;
    steer(
        &server,
        &endpoint,
        &json!({"delay": "PT1M", "duplicate_every": 1}),
    )
    .await;
    let _ = send(&server, &endpoint, &json!({"event": CREATED})).await;
    reach(&server, &endpoint, &["delivered", "delivered", "waiting"]).await;
    // That the endpoint does not want such events any more is no reason not to try it.
    change(&server, &endpoint, &json!({"events": []})).await;
    server.advance("1 minute");
    receiver.next().await;
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn the_same_seed_makes_up_the_same_and_every_time_another() {
    let made = async || -> Vec<Value> {
        let server = TestServer::start().await;
        let receiver = Receiver::start().await;
        let endpoint = subscribe(&server, &receiver.url(), &[CREATED]).await;
        for _ in 0..2 {
            let _ = send(&server, &endpoint, &json!({"event": CREATED}))
                .await
                .expect(202);
        }
        let both = receiver.next_of(2).await;
        idle(&server).await;
        both.iter().map(contract_tests::Received::json).collect()
    };
    let first = made().await;
    assert_eq!(made().await, first);
    assert_ne!(first[0]["data"]["id"], first[1]["data"]["id"]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_with_what_can() {
    let server = TestServer::start().await;
    let names = [CREATED, "user.created", "connection.deleted"];
    let endpoint = subscribe(&server, "http://localhost:9/", &names).await;
    let mut told = Vec::new();
    for body in [
        json!({}),
        json!([]),
        json!({"event": 5}),
        json!({"event": ""}),
        json!({"event": "banana"}),
        json!({"event": "connection.activated"}),
        json!({"event": "dsync.token.created"}),
        json!({"event": "user.created"}),
        json!({"event": CREATED, "data": {}}),
    ] {
        told.push(send(&server, &endpoint, &body).await.expect(422));
    }
    change(&server, &endpoint, &json!({"events": ["user.created"]})).await;
    let body = json!({"event": "user.created"});
    told.push(send(&server, &endpoint, &body).await.expect(422));
    change(&server, &endpoint, &json!({"status": "disabled"})).await;
    told.push(send(&server, &endpoint, &body).await.expect(422));
    let nobody = Endpoint {
        id: "we_x".to_owned(),
        secret: String::new(),
    };
    told.push(send(&server, &nobody, &body).await.expect(404));
    let wrong = server.get("/_mock/webhook_endpoints/we_x/test");
    told.push(wrong.send().await.expect(405));
    assert_snapshot!(transcripts(told));
    assert!(deliveries(&server, "").await.is_empty());
}

#[tokio::test]
async fn on_a_clock_at_the_ends_of_time_nothing_breaks() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let names = [CREATED, "connection.saml_certificate_renewal_required"];
    let endpoint = subscribe(&server, &receiver.url(), &names).await;
    for at in [
        "-009999-01-02T01:59:59Z",
        "1969-12-31T23:59:59.999Z",
        "2026-02-03T04:05:06.789Z",
        "9999-12-30T22:00:00.999999999Z",
    ] {
        server.clock().set(at.parse().expect("an instant"));
        for name in names {
            let sent = send(&server, &endpoint, &json!({"event": name})).await;
            assert!([202, 422].contains(&sent.status), "{at}: {sent}");
            if sent.status == 202 {
                assert_eq!(receiver.next().await.event(), name);
            }
        }
    }
    idle(&server).await;
}
