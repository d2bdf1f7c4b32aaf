//! What tests of webhooks share.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};

/// A webhook endpoint, and what its webhooks are signed with.
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// Has events with these names sent to an address.
pub(crate) async fn subscribe(server: &TestServer, url: &str, events: &[&str]) -> Endpoint {
    let body = json!({"endpoint_url": url, "events": events});
    let made = server.post("/webhook_endpoints", &body).send().await;
    let made = made.expect(201);
    Endpoint {
        id: made.string("/id"),
        secret: made.string("/secret"),
    }
}

/// Changes an endpoint.
pub(crate) async fn change(server: &TestServer, endpoint: &Endpoint, changes: &Value) {
    let path = format!("/webhook_endpoints/{}", endpoint.id);
    let reply = server.call("PATCH", &path).json(changes).send().await;
    let _ = reply.expect(200);
}

/// Makes an organization of this name, which is one `organization.created`.
pub(crate) async fn happen(server: &TestServer, name: &str) -> String {
    crate::support::organization(server, &json!({"name": name})).await
}

/// Waits until nothing is to be sent now.
pub(crate) async fn idle(server: &TestServer) -> Value {
    wait(server, "PT60S").await.expect(200).json()
}

/// Waits until nothing is to be sent now, for so long at most.
pub(crate) async fn wait(server: &TestServer, timeout: &str) -> Reply {
    let body = json!({"timeout": timeout});
    server.post("/_mock/deliveries/wait", &body).send().await
}

/// Steers an endpoint.
pub(crate) async fn steer(server: &TestServer, endpoint: &Endpoint, steering: &Value) {
    let path = format!("/_mock/webhook_endpoints/{}/steering", endpoint.id);
    let _ = server.put(&path, steering).send().await.expect(200);
}

/// The deliveries that a query asks for, oldest first, a hundred at most.
pub(crate) async fn deliveries(server: &TestServer, query: &str) -> Vec<Value> {
    let path = format!("/_mock/deliveries?limit=100&{query}");
    let list = server.get(&path).send().await.expect(200);
    let mut list = list.json();
    let Value::Array(mut deliveries) = list["data"].take() else {
        panic!("a list: {list}");
    };
    deliveries.reverse();
    deliveries
}

/// The deliveries to an endpoint, oldest first, a hundred at most.
pub(crate) async fn sent_to(server: &TestServer, endpoint: &Endpoint) -> Vec<Value> {
    deliveries(server, &format!("endpoint_id={}", endpoint.id)).await
}

/// The states of the deliveries to an endpoint, oldest first.
pub(crate) async fn states(server: &TestServer, endpoint: &Endpoint) -> Vec<String> {
    let all = sent_to(server, endpoint).await;
    let state = |delivery: &Value| delivery["state"].as_str().expect("a state").to_owned();
    all.iter().map(state).collect()
}

/// Looks until the deliveries to an endpoint have these states, oldest first: where nobody can say when an attempt is recorded
/// that the receiver has seen.
pub(crate) async fn reach(server: &TestServer, endpoint: &Endpoint, expected: &[&str]) {
    for _ in 0..10_000 {
        if states(server, endpoint).await == expected {
            return;
        }
    }
    assert_eq!(states(server, endpoint).await, expected);
}

/// Sends a delivery once more.
pub(crate) async fn resend(server: &TestServer, delivery: &Value) -> Reply {
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("/_mock/deliveries/{id}/resend");
    server.call("POST", &path).send().await
}

/// The statuses that a delivery was answered with, 0 where there was no answer.
pub(crate) fn statuses(delivery: &Value) -> Vec<u64> {
    let attempts = delivery["attempts"].as_array().expect("attempts");
    let status = |attempt: &Value| attempt["status"].as_u64().unwrap_or_default();
    attempts.iter().map(status).collect()
}

/// A delivery without what differs from run to run: the times that are real, and ports.
pub(crate) fn told(delivery: &Value, url: &str) -> String {
    let mut delivery = delivery.clone();
    for attempt in delivery["attempts"].as_array_mut().expect("attempts") {
        assert!(attempt["duration_ms"].as_f64().is_some_and(|ms| ms >= 0.0));
        attempt["duration_ms"] = json!("(real)");
        if let Some(signature) = attempt["request"]["headers"].get_mut("WorkOS-Signature") {
            let text = signature.as_str().expect("text");
            assert!(text.starts_with("t=") && text.len() > 80, "{text}");
            *signature = json!("(real)");
        }
    }
    format!("{delivery:#}").replace(url, "http://receiver/webhooks")
}
