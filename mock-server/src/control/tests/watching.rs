//! Word of changes, and calls that name an environment.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{answer, call, server};
use crate::MockServer;
use crate::config::{Config, Secret};

/// Server-sent events as they come.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            text: String::new(),
        }
    }

    /// The name and the data of the next event; nothing when there is none any more.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if event.starts_with(':') {
                    continue;
                }
                let part = |name: &str| {
                    let mut lines = event.lines();
                    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                };
                let data = part("data").expect("data");
                let data = serde_json::from_str(data).expect("JSON");
                return Some((part("event").expect("a name").to_owned(), data));
            }
            let chunk = self.response.chunk().await.expect("a whole answer")?;
            self.text
                .push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }
}

fn watch(server: &MockServer) -> reqwest::RequestBuilder {
    call(server, Method::GET, "/_mock/changes")
}

#[tokio::test]
async fn a_change_is_told_when_it_happens() {
    let server = server(Config::default()).await;
    let mut events = Events::of(watch(&server)).await;
    let (name, data) = events.next().await.expect("one at once");
    assert_eq!(
        (name.as_str(), data),
        (
            "change",
            json!({"now": "2026-01-01T00:00:00Z", "frozen": true})
        )
    );
    // What the API does, and what a control call does that is no unit of work.
    let created = call(&server, Method::POST, "/organizations").bearer_auth(server.api_key());
    let created = created.json(&json!({"name": "Acme"})).send().await;
    assert_eq!(created.expect("an answer").status(), 201);
    assert_eq!(events.next().await.expect("a change").0, "change");
    let fault = json!({"operation": "list_events", "status": 500});
    let added = call(&server, Method::POST, "/_mock/faults").json(&fault);
    assert_eq!(answer(added).await.0, 201);
    assert_eq!(events.next().await.expect("a change").0, "change");
    let advance = "5 minutes".parse().expect("a duration");
    server.clock().advance(advance).expect("a time");
    loop {
        let (_, clock) = events.next().await.expect("a change");
        if clock["now"] == "2026-01-01T00:05:00Z" {
            break;
        }
    }
}

#[tokio::test]
async fn it_ends_with_the_environment_and_with_the_server() {
    let server = server(Config::default()).await;
    let made = call(&server, Method::POST, "/_mock/environments").json(&json!({}));
    let (_, made) = answer(made).await;
    let id = made["id"].as_str().expect("an id");
    let named = watch(&server).header("WorkOS-Mock-Environment", id);
    let mut events = Events::of(named).await;
    let mut default = Events::of(watch(&server)).await;
    for events in [&mut events, &mut default] {
        assert_eq!(events.next().await.expect("one at once").0, "change");
    }
    let delete = call(
        &server,
        Method::DELETE,
        &format!("/_mock/environments/{id}"),
    );
    assert_eq!(delete.send().await.expect("an answer").status(), 204);
    assert_eq!(events.next().await.expect("the last").0, "end");
    assert!(events.next().await.is_none());
    // A server that waited for them would close the connection on them.
    server.shutdown().await;
    while let Some((name, _)) = default.next().await {
        assert_eq!(name, "change");
    }
}

#[tokio::test]
async fn only_so_many_may_watch() {
    let server = server(Config::default()).await;
    let mut watchers = Vec::new();
    for _ in 0..100 {
        watchers.push(Events::of(watch(&server)).await);
    }
    let (status, body) = answer(watch(&server)).await;
    assert_eq!((status, &body["code"]), (429, &json!("too_many_watchers")));
    watchers.clear();
    // A place is free as soon as the server has seen that its watcher is gone.
    loop {
        let again = watch(&server).send().await.expect("an answer");
        if again.status() == 200 {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_without_a_key_names_its_environment() {
    let server = server(Config::default()).await;
    let body = json!({"clock": "2030-01-01T00:00:00Z"});
    let made = call(&server, Method::POST, "/_mock/environments").json(&body);
    let (_, made) = answer(made).await;
    let (id, key) = (made["id"].as_str(), made["api_key"].as_str());
    let (id, key) = (id.expect("an id"), key.expect("a key"));
    let clock = |environment: &str| {
        call(&server, Method::GET, "/_mock/clock").header("WorkOS-Mock-Environment", environment)
    };
    let (status, body) = answer(clock(id)).await;
    assert_eq!(
        (status, &body["now"]),
        (200, &json!("2030-01-01T00:00:00Z"))
    );
    assert_eq!(answer(clock(id).bearer_auth(key)).await.0, 200);
    // A key is for one environment, whatever is named besides.
    let (status, body) = answer(clock(id).bearer_auth(server.api_key())).await;
    assert_eq!((status, &body["code"]), (403, &json!("other_environment")));
    for unknown in ["environment_01E4ZCR3C56J083X43JQXF3JK5", "é", ""] {
        let (status, body) = answer(clock(unknown)).await;
        assert_eq!(status, 422, "{unknown:?}");
        assert_eq!(body["errors"][0]["code"], "workos-mock-environment_unknown");
    }
}

#[tokio::test]
async fn what_only_describes_needs_no_control_token() {
    let server = server(Config {
        control_token: Some(Secret::new("sesame")),
        ..Config::default()
    })
    .await;
    for path in ["/_mock/docs", "/_mock/openapi.json"] {
        let open = call(&server, Method::GET, path).send().await;
        assert_eq!(open.expect("an answer").status(), 200, "{path}");
        // Other pages and other names are refused as everywhere.
        let foreign = call(&server, Method::GET, path).header("origin", "https://evil.example");
        assert_eq!(answer(foreign).await.0, 403, "{path}");
    }
    assert_eq!(answer(watch(&server)).await.0, 401);
    let shown = watch(&server).header("WorkOS-Mock-Control-Token", "sesame");
    let mut events = Events::of(shown.timeout(Duration::from_secs(60))).await;
    assert_eq!(events.next().await.expect("one at once").0, "change");
}
