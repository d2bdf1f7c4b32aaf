//! The way of a request, over the wire.

mod again;

use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::MockServer;
use crate::config::{Config, CustomRateLimits, RateLimit, RateLimits};

async fn server(config: Config) -> MockServer {
    let server = MockServer::builder()
        .config(config)
        .random_seed(1)
        .clock_at("2026-01-01T00:00:00Z".parse().unwrap());
    server.start().await.unwrap()
}

struct Answer {
    status: StatusCode,
    headers: header::HeaderMap,
    body: Value,
}

async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    assert_eq!(headers["x-request-id"].len(), 36);
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer {
        status,
        headers,
        body,
    }
}

fn call(server: &MockServer, method: Method, path: &str) -> reqwest::RequestBuilder {
    Client::new()
        .request(method, format!("{}{path}", server.url()))
        .bearer_auth(server.api_key())
}

async fn post(server: &MockServer, path: &str, body: &Value, idempotency_key: &str) -> Answer {
    send(
        call(server, Method::POST, path)
            .json(body)
            .header("Idempotency-Key", idempotency_key),
    )
    .await
}

#[tokio::test]
async fn health_asks_for_no_key() {
    let server = server(Config::default()).await;
    let answer = send(Client::new().get(format!("{}/health", server.url()))).await;
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (StatusCode::OK, &json!("ok"))
    );
}

#[tokio::test]
async fn a_key_is_asked_for_exactly() {
    let server = server(Config::default()).await;
    let get = || Client::new().get(format!("{}/organizations", server.url()));
    let key = server.api_key();
    for header in [
        None,
        Some(key.to_owned()),
        Some(format!("Bearer  {key}")),
        Some(format!("Bearer {key}x")),
        Some(format!("Basic {key}")),
        Some("Bearer ".to_owned()),
    ] {
        let request = match &header {
            None => get(),
            Some(value) => get().header(header::AUTHORIZATION, value),
        };
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header:?}");
        assert_eq!(answer.body, json!({"message": "Unauthorized"}));
    }
    let twice = get()
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::AUTHORIZATION, "Bearer x");
    assert_eq!(send(twice).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_no_operation_has_is_told_apart() {
    let server = server(Config::default()).await;
    let answer = send(call(&server, Method::GET, "/nowhere")).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::NOT_FOUND, json!({"message": "Not Found"}))
    );
    let answer = send(call(&server, Method::PATCH, "/organizations")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.body, json!({"message": "Method Not Allowed"}));
    let allow = answer.headers[header::ALLOW].to_str().unwrap();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    let unknown = Client::new().get(format!("{}/webhook_endpoints", server.url()));
    assert_eq!(send(unknown).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn path_segments_are_decoded_within_themselves() {
    let server = server(Config::default()).await;
    let body = json!({"name": "Acme", "external_id": "a/b c"});
    assert_eq!(
        send(call(&server, Method::POST, "/organizations").json(&body))
            .await
            .status,
        StatusCode::CREATED
    );
    let answer = send(call(
        &server,
        Method::GET,
        "/organizations/external_id/a%2Fb%20c",
    ))
    .await;
    assert_eq!(
        (answer.status, &answer.body["external_id"]),
        (StatusCode::OK, &json!("a/b c"))
    );
    let answer = send(call(&server, Method::GET, "/organizations/%ff")).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::NOT_FOUND, &json!("entity_not_found"))
    );
    let answer = send(call(&server, Method::GET, "/organizations/org_x")).await;
    let expected = json!({"message": "Organization not found: 'org_x'.", "code": "entity_not_found", "entity_id": "org_x"});
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::NOT_FOUND, expected)
    );
}

#[tokio::test]
async fn an_organization_lives_from_post_to_delete() {
    let server = server(Config::default()).await;
    let body = json!({
        "name": "Acme", "metadata": {"tier": "gold"}, "domains": ["Old.example"],
        "domain_data": [{"domain": "a.example", "state": "pending"}, {"domain": "b.example", "state": "verified"}],
    });
    let answer = send(call(&server, Method::POST, "/organizations").json(&body)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let created = answer.body;
    let states: Vec<_> = created["domains"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["pending", "verified", "legacy_verified"]);
    assert_eq!(
        created["domains"][0]["verification_token"]
            .as_str()
            .unwrap()
            .len(),
        25
    );
    assert_eq!(created["domains"][2].get("verification_strategy"), None);
    assert_eq!(created["created_at"], "2026-01-01T00:00:00.000Z");
    let path = format!("/organizations/{}", created["id"].as_str().unwrap());
    assert_eq!(send(call(&server, Method::GET, &path)).await.body, created);

    let put = |body: Value| send(call(&server, Method::PUT, &path).json(&body));
    let updated = put(json!({"stripe_customer_id": "cus_1", "external_id": "1"}))
        .await
        .body;
    assert_eq!(
        (&updated["stripe_customer_id"], &updated["external_id"]),
        (&json!("cus_1"), &json!("1"))
    );
    assert_eq!(updated["metadata"], created["metadata"]);
    let cleared = put(json!({"stripe_customer_id": null, "external_id": null, "metadata": null}))
        .await
        .body;
    assert_eq!(cleared.get("stripe_customer_id"), None);
    assert_eq!(
        (&cleared["external_id"], &cleared["metadata"]),
        (&Value::Null, &json!({}))
    );
    let refused = put(json!({"domains": ["a.example", "localhost"]})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body["errors"][0]["field"], "domains.1");
    assert_eq!(refused.body["errors"][0]["code"], "domains_invalid_format");

    let list = send(call(
        &server,
        Method::GET,
        "/organizations?limit=1&search=acm&domains=a.example,x.example",
    ))
    .await
    .body;
    assert_eq!(list["data"][0]["id"], created["id"]);
    assert_eq!(
        list["list_metadata"],
        json!({"before": null, "after": null})
    );
    let answer = send(call(&server, Method::DELETE, &path)).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::ACCEPTED, json!("Accepted"))
    );
    assert!(
        answer.headers[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(
        send(call(&server, Method::DELETE, &path)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_link_begins_with_the_public_address_whatever_host_is_named() {
    let server = server(Config::default()).await;
    let body =
        json!({"organization": "org_test_idp", "admin_emails": ["a@example.com"], "unknown": 1});
    let request = call(&server, Method::POST, "/portal/generate_link")
        .json(&body)
        .header(header::HOST, "evil.example");
    let answer = send(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let link = answer.body["link"].as_str().unwrap();
    assert!(
        link.starts_with(&format!("{}/portal/launch?token=", server.url())),
        "{link}"
    );
    assert_eq!(answer.body.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn an_origin_gets_no_cors_headers() {
    let server = server(Config::default()).await;
    let answer = send(
        call(&server, Method::GET, "/organizations").header(header::ORIGIN, "https://a.example"),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        !answer
            .headers
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );
    let answer = send(
        call(&server, Method::OPTIONS, "/organizations")
            .header(header::ORIGIN, "https://a.example"),
    )
    .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let server = server(Config::default()).await;
    let post = |content_type: &'static str, body: Vec<u8>| {
        send(
            call(&server, Method::POST, "/organizations")
                .header(header::CONTENT_TYPE, content_type)
                .body(body),
        )
    };
    for (content_type, body, status, code) in [
        ("application/json", b"{".to_vec(), 400, "invalid_json"),
        ("application/json", b"\xff".to_vec(), 400, "invalid_json"),
        (
            "application/json",
            "[".repeat(1_000).into_bytes(),
            400,
            "invalid_json",
        ),
        ("text/plain", b"{}".to_vec(), 415, "unsupported_media_type"),
        (
            "application/json",
            vec![b' '; 2 * 1024 * 1024],
            413,
            "request_too_large",
        ),
        (
            "application/json",
            Vec::new(),
            422,
            "invalid_request_parameters",
        ),
    ] {
        let answer = post(content_type, body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"]),
            (status, &json!(code))
        );
    }
}

#[tokio::test]
async fn providers_have_icons_on_this_server() {
    let server = server(Config::default()).await;
    let answer = send(call(&server, Method::GET, "/portal/providers")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body[0]["provider"], "GoogleOAuth");
    assert_eq!(
        answer.body[0]["icon_url"],
        format!("{}/provider-icons/light/google.svg", server.url())
    );
}
