//! What tests of log streams that are really sent share.

use contract_tests::{Received, Receiver, Reply, TestServer, Visitor};
use serde_json::{Value, json};

use crate::audit_logs::{event, log, schema};
use crate::support::link_with;

/// What the receivers are told in confidence.
pub(crate) const HEADERS: &str =
    "Authorization: Bearer hush~hush~hush\nX-Tenant: acme-in-confidence";
pub(crate) const SECRETS: [&str; 2] = ["hush~hush", "acme-in-confidence"];

pub(crate) fn https(url: &str) -> Value {
    json!({"destination": "GenericHttps", "https_url": url, "https_headers": HEADERS})
}

/// Sets up a stream by one call, whose first event comes to what is given.
pub(crate) async fn set_up(server: &TestServer, answers: &Value) -> Reply {
    let link = link_with(server, &json!({"intent": "log_streams"})).await;
    let body = json!({"link": link, "answers": answers});
    server
        .post("/_mock/portal_links/complete", &body)
        .send()
        .await
}

/// A server with a stream to a receiver that has taken the first event.
pub(crate) async fn streaming(server: &TestServer) -> (Receiver, String) {
    let _ = schema(server, &json!({"targets": [{"type": "team"}]})).await;
    let receiver = Receiver::start().await;
    let made = set_up(server, &https(&receiver.url())).await.expect(200);
    let first = receiver.next().await;
    assert_eq!(first.string("/0/event/action"), "log_stream.tested");
    (receiver, made.string("/made/0/id"))
}

/// Logs what somebody did.
pub(crate) async fn tell(server: &TestServer, who: &str) {
    let event = event(&json!({"actor": {"id": who, "type": "user"}}));
    let _ = log(server, &event).await.expect(200);
}

pub(crate) async fn stream(server: &TestServer) -> Value {
    let path = format!(
        "/organizations/{}/audit_log_configuration",
        server.organization()
    );
    server.get(&path).send().await.expect(200).json()["log_stream"].clone()
}

/// Who did what was sent, as it arrived.
pub(crate) fn who(received: &[Received]) -> Vec<String> {
    let who = |one: &Received| one.string("/0/event/actor/id");
    received.iter().map(who).collect()
}

pub(crate) async fn deliveries(server: &TestServer, query: &str) -> Reply {
    let path = format!("/_mock/log_stream_deliveries?limit=100&{query}");
    server.get(&path).send().await
}

/// Every delivery but the first event, oldest first.
pub(crate) async fn sent(server: &TestServer) -> Vec<Value> {
    let list = deliveries(server, "").await.expect(200).json();
    let all = list["data"].as_array().expect("a list").iter().rev();
    all.filter(|one| one["cause"] == "event").cloned().collect()
}

/// The states of those, and what each attempt was answered, 0 where there was no answer.
pub(crate) async fn states(server: &TestServer) -> Vec<(String, Vec<u64>)> {
    let one = |delivery: &Value| {
        let attempts = delivery["attempts"].as_array().expect("attempts").iter();
        let statuses = attempts.map(|attempt| attempt["status"].as_u64().unwrap_or_default());
        let state = delivery["state"].as_str().expect("a state");
        (state.to_owned(), statuses.collect())
    };
    sent(server).await.iter().map(one).collect()
}

pub(crate) fn state(state: &str, statuses: &[u64]) -> (String, Vec<u64>) {
    (state.to_owned(), statuses.to_vec())
}

pub(crate) async fn resend(server: &TestServer, delivery: &Value) -> Reply {
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("/_mock/log_stream_deliveries/{id}/resend");
    server.call("POST", &path).send().await
}

/// A transcript without what differs from run to run: the times that are real, and ports.
pub(crate) fn told(reply: &Reply, receiver: &Receiver) -> String {
    let text = reply.to_string();
    let url = receiver.url();
    let lines = text
        .lines()
        .map(|line| match line.split_once("\"duration_ms\": ") {
            Some((before, _)) => format!("{before}\"duration_ms\": (real),"),
            None => line.replace(&url, "http://receiver/webhooks"),
        });
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn assert_hidden(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

/// Opens the part of the portal.
pub(crate) async fn open(server: &TestServer, visitor: &Visitor<'_>) -> String {
    let link = link_with(server, &json!({"intent": "log_streams"})).await;
    let session = visitor.open(&link).await;
    format!("{session}/log_streams")
}

/// Answers a step, and returns where that leads.
pub(crate) async fn step(
    visitor: &Visitor<'_>,
    part: &str,
    step: &str,
    answers: &[(&str, &str)],
) -> String {
    let reply = visitor.submit(&format!("{part}/{step}"), answers).await;
    let location = reply.expect(303).header("location").to_owned();
    location.replace(part, "")
}
