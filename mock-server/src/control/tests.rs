//! Who may call, and how a call is refused.

mod document;
mod settings;
mod watching;

use std::sync::LazyLock;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::MockServer;
use crate::config::{Config, KeyConfig, Secret};

async fn server(config: Config) -> MockServer {
    let start = "2026-01-01T00:00:00Z".parse().expect("an instant");
    MockServer::builder()
        .config(config)
        .clock_at(start)
        .start()
        .await
        .expect("a server")
}

fn call(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    // A client takes long to make. Tests have runtimes of their own, so no connection outlives its answer.
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        let client = Client::builder().pool_max_idle_per_host(0);
        client.build().expect("a client")
    });
    CLIENT.request(method, format!("{}{path}", server.url()))
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    (
        response.status().as_u16(),
        response.json().await.expect("JSON"),
    )
}

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let server = server(Config::default()).await;
    let read = call(&server, Method::GET, "/_mock/clock");
    assert_eq!(
        answer(read).await,
        (200, json!({"now": "2026-01-01T00:00:00Z", "frozen": true}))
    );
    let moved = call(&server, Method::PATCH, "/_mock/clock").json(&json!({"advance": "PT5M"}));
    assert_eq!(
        answer(moved).await,
        (200, json!({"now": "2026-01-01T00:05:00Z", "frozen": true}))
    );
    assert_eq!(server.clock().now().to_string(), "2026-01-01T00:05:00Z");
}

#[tokio::test]
async fn a_key_has_to_open_an_environment() {
    let expired = KeyConfig {
        expires_at: Some("2026-01-01T00:00:00Z".parse().expect("an instant")),
        ..KeyConfig::new("sk_expired")
    };
    let config = Config {
        keys: vec![KeyConfig::new("sk_a"), expired],
        ..Config::default()
    };
    let server = server(config).await;
    for (authorization, status) in [
        ("Bearer sk_a", 200),
        ("bearer sk_a", 200),
        ("Bearer sk_b", 401),
        ("Bearer sk_expired", 401),
        ("Bearer ", 401),
        ("Bearer", 401),
        ("Basic sk_a", 401),
        ("sk_a", 401),
    ] {
        let request =
            call(&server, Method::GET, "/_mock/clock").header("authorization", authorization);
        let (answered, body) = answer(request).await;
        assert_eq!(answered, status, "{authorization}");
        if status == 401 {
            assert_eq!(body, json!({"message": "Unauthorized"}));
        }
    }
}

#[tokio::test]
async fn a_control_token_is_demanded_of_every_call() {
    let server = server(Config {
        control_token: Some(Secret::new("sesame")),
        ..Config::default()
    })
    .await;
    for path in ["/_mock/clock", "/_mock/else", "/_mock/events"] {
        let (status, body) = answer(call(&server, Method::GET, path)).await;
        assert_eq!(
            (status, &body["code"]),
            (401, &json!("control_token_required")),
            "{path}"
        );
    }
    let with = |token: &str| {
        call(&server, Method::GET, "/_mock/clock").header("WorkOS-Mock-Control-Token", token)
    };
    let (status, body) = answer(with("sesam")).await;
    assert_eq!(
        (status, &body["code"]),
        (403, &json!("control_token_wrong"))
    );
    assert_eq!(answer(with("sesame")).await.0, 200);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let server = server(Config::default()).await;
    for (origin, status) in [
        (server.url(), 200),
        ("https://evil.example", 403),
        ("http://127.0.0.1", 403),
        ("http://localhost:3000", 403),
        ("null", 403),
    ] {
        let request = call(&server, Method::GET, "/_mock/clock").header("origin", origin);
        assert_eq!(answer(request).await.0, status, "{origin}");
    }
    let preflight =
        call(&server, Method::OPTIONS, "/_mock/clock").header("origin", "https://evil.example");
    let response = preflight.send().await.expect("an answer");
    assert!(
        response
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn bad_bodies_are_refused_in_the_envelope_of_the_api() {
    let server = server(Config::default()).await;
    let patch = |body: &'static [u8]| {
        call(&server, Method::PATCH, "/_mock/clock")
            .header("content-type", "application/json")
            .body(body)
    };
    for body in [&b""[..], b"{", b"{\"set\": \"\xff\"}", b"nul"] {
        let (status, body) = answer(patch(body)).await;
        assert_eq!((status, &body["code"]), (400, &json!("invalid_json")));
    }
    let deep: &'static [u8] = "[".repeat(10_000).leak().as_bytes();
    assert_eq!(answer(patch(deep)).await.0, 400);
    assert_eq!(
        answer(patch(b"{\"advance\": \"soon\", \"speed\": 2}")).await,
        (
            422,
            json!({
                "message": "Validation failed",
                "code": "invalid_request_parameters",
                "errors": [
                    {"field": "advance", "code": "advance_invalid_format", "message": "advance must be a duration such as \"PT5M\" or \"5 minutes\"."},
                    {"field": "speed", "code": "body_unknown", "message": "speed is no member: there are set, advance, frozen."},
                ],
            })
        )
    );
    let form = call(&server, Method::PATCH, "/_mock/clock")
        .header("content-type", "text/plain")
        .body("{}");
    assert_eq!(answer(form).await.0, 415);
    let large: &'static [u8] = " ".repeat(100_000).leak().as_bytes();
    assert_eq!(answer(patch(large)).await.0, 413);
    assert_eq!(server.clock().now().to_string(), "2026-01-01T00:00:00Z");
}

#[tokio::test]
async fn the_inspector_is_shown_without_a_token_and_found_without_the_slash() {
    let server = server(Config {
        control_token: Some(Secret::new("sesame")),
        ..Config::default()
    })
    .await;
    let page = call(&server, Method::GET, "/_mock").send().await;
    let page = page.expect("an answer");
    assert_eq!(
        (page.status().as_u16(), page.url().path()),
        (200, "/_mock/")
    );
    let text = page.text().await.expect("a page");
    assert!(text.contains(r#"data-control-token="required""#));
    assert!(!text.contains("sesame"));
    let foreign = call(&server, Method::GET, "/_mock/").header("host", "evil.example");
    assert_eq!(answer(foreign).await.0, 403);
}

#[tokio::test]
async fn other_paths_and_methods_are_answered_in_json() {
    let server = server(Config::default()).await;
    for path in ["/_mock/nothing", "/_mock/nothing/here"] {
        assert_eq!(
            answer(call(&server, Method::GET, path)).await,
            (404, json!({"message": "Not Found"})),
            "{path}"
        );
    }
    let response = call(&server, Method::DELETE, "/_mock/clock")
        .send()
        .await
        .expect("an answer");
    let allow = response
        .headers()
        .get("allow")
        .map(|allow| allow.to_str().expect("text").to_owned());
    assert_eq!(
        (response.status().as_u16(), allow.as_deref()),
        (405, Some("GET,HEAD,PATCH"))
    );
    assert_eq!(
        response.json::<Value>().await.expect("JSON"),
        json!({"message": "Method Not Allowed"})
    );
}

#[tokio::test]
async fn calls_under_other_names_are_refused() {
    let server = server(Config {
        allow_hosts: vec!["mock".to_owned()],
        public_url: Some("https://portal.example.test".parse().expect("an address")),
        ..Config::default()
    })
    .await;
    // Links begin with the public URL, which leads nowhere here.
    let here =
        |path: &str| reqwest::Client::new().get(format!("http://{}{path}", server.address()));
    for (host, status) in [
        ("localhost:4100", 200),
        ("[::1]", 200),
        ("mock:4100", 200),
        ("portal.example.test", 200),
        ("evil.example", 403),
        ("evil.example:4100", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ] {
        for path in ["/_mock/clock", "/_mock/faults"] {
            let request = here(path).header("host", host);
            let (answered, body) = answer(request).await;
            assert_eq!(answered, status, "{host}");
            if status == 403 {
                assert_eq!(body["code"], "foreign_host");
            }
        }
    }
    // The API itself answers under any name.
    let api = here("/health").header("host", "evil.example");
    assert_eq!(answer(api).await.0, 200);
    // A page that came from here under another of its names may call, and one from elsewhere may not.
    for (origin, status) in [("http://mock:4100", 200), ("http://mock", 403)] {
        let request = here("/_mock/clock");
        let request = request.header("host", "mock:4100").header("origin", origin);
        assert_eq!(answer(request).await.0, status, "{origin}");
    }
}

#[tokio::test]
async fn rate_limits_are_set_while_the_server_runs() {
    let server = server(Config::default()).await;
    let api = || call(&server, Method::GET, "/organizations").bearer_auth("sk_test_default");
    let set = |limits: Value| call(&server, Method::PUT, "/_mock/rate_limits").json(&limits);
    let limits = |answer: (u16, Value)| (answer.0, answer.1["rate_limits"].clone());
    let shown = answer(call(&server, Method::GET, "/_mock/rate_limits")).await;
    assert_eq!(limits(shown), (200, json!("off")));
    let one = json!({"all": {"requests": 1, "per": "PT10S"}});
    let (status, told) = answer(set(json!({"rate_limits": one}))).await;
    assert_eq!(
        (status, &told["limits"]["all"]["requests"]),
        (200, &json!(1))
    );
    assert_eq!(answer(api()).await.0, 200);
    assert_eq!(answer(api()).await.0, 429);
    let (_, told) = answer(set(json!({"rate_limits": "production"}))).await;
    assert_eq!(told["limits"]["all"]["requests"], 6_000);
    assert_eq!(answer(api()).await.0, 200);
    for wrong in [
        json!({}),
        json!({"rate_limits": "fast"}),
        json!({"rate_limits": {"al": null}}),
        json!({"rate_limits": {"all": {"requests": -1, "per": "PT1S"}}}),
        json!({"rate_limits": {"all": {"requests": 1, "per": "PT0S"}}}),
        json!({"rate_limits": "off", "more": 1}),
    ] {
        let (status, body) = answer(set(wrong.clone())).await;
        assert_eq!(
            (status, &body["code"]),
            (422, &json!("invalid_request_parameters")),
            "{wrong}"
        );
    }
    let shown = answer(call(&server, Method::GET, "/_mock/rate_limits")).await;
    assert_eq!(limits(shown), (200, json!("production")));
    let reset = answer(call(&server, Method::POST, "/_mock/reset")).await;
    assert_eq!(reset.0, 200);
    let shown = answer(call(&server, Method::GET, "/_mock/rate_limits")).await;
    assert_eq!(limits(shown), (200, json!("off")));
}

/// What the environment that calls without a key are about looks like from outside.
async fn world(server: &MockServer) -> Vec<Value> {
    let mut world = Vec::new();
    for path in [
        "/_mock/environments?limit=1",
        "/_mock/keys",
        "/_mock/faults",
        "/_mock/rate_limits",
        "/_mock/requests",
        "/_mock/clock",
    ] {
        let (status, body) = answer(call(server, Method::GET, path)).await;
        assert_eq!(status, 200, "{path}");
        world.push(body);
    }
    world
}

#[tokio::test]
async fn a_key_neither_reads_nor_changes_another_environment() {
    let server = server(Config::default()).await;
    let made = call(&server, Method::POST, "/_mock/environments").json(&json!({}));
    let key = answer(made).await.1["api_key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let fault = json!({"operation": "list_events", "status": 500});
    let fault = answer(call(&server, Method::POST, "/_mock/faults").json(&fault))
        .await
        .1;
    let asked = call(&server, Method::GET, "/organizations").bearer_auth("sk_test_default");
    assert_eq!(answer(asked).await.0, 200);
    let before = world(&server).await;
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    let ids = [
        id(&before[0]["data"][0]),
        id(&before[1]["data"][0]),
        id(&fault),
        id(&before[4]["data"][0]),
    ];
    for route in super::groups().into_iter().flat_map(|group| group.routes) {
        // Where the path names nothing, one call says as much as several.
        let named = if route.path.contains('{') {
            &ids[..]
        } else {
            &ids[..1]
        };
        for id in named {
            let path = route.path.replace("{id}", id).replace("{user}", id);
            let request = call(&server, route.method.clone(), &path).bearer_auth(&key);
            // What an example says is accepted, so that only the id can be refused.
            let request = match route.examples.first() {
                Some((_, body)) => request
                    .header("content-type", "application/json")
                    .body(*body),
                None => request,
            };
            let mut response = request.send().await.expect("an answer");
            let status = response.status().as_u16();
            let media_type = response.headers().get("content-type");
            let told = if media_type.is_some_and(|media_type| media_type == "text/event-stream") {
                // It has no end; what it begins with is all that it tells.
                let first = response.chunk().await.expect("an event");
                String::from_utf8(first.expect("an event").into()).expect("text")
            } else {
                response.text().await.expect("text")
            };
            let names_it = path != route.path;
            if names_it {
                assert!(matches!(status, 403 | 404), "{} {status}", route.id);
            }
            // A refusal may repeat the id that it was asked for.
            let mut others = ids.iter().filter(|other| !(names_it && *other == id));
            assert!(
                !others.any(|other| told.contains(other.as_str())),
                "{}: {told}",
                route.id
            );
            assert_eq!(world(&server).await, before, "{}", route.id);
        }
    }
}
