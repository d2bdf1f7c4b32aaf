//! Requests that come again: too often, or with the idempotency key of another.

use super::*;

#[tokio::test]
async fn a_window_refuses_and_opens_with_the_clock() {
    let all = Some(RateLimit {
        requests: 2,
        per: "1m".parse().unwrap(),
    });
    let rate_limits = RateLimits::Custom(CustomRateLimits {
        all,
        ..CustomRateLimits::default()
    });
    let server = server(Config {
        rate_limits,
        ..Config::default()
    })
    .await;
    for _ in 0..2 {
        assert_eq!(
            send(call(&server, Method::GET, "/organizations"))
                .await
                .status,
            StatusCode::OK
        );
    }
    let answer = send(call(&server, Method::GET, "/organizations")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers[header::RETRY_AFTER], "60");
    assert_eq!(
        answer.body,
        json!({"message": "Rate limit exceeded.", "code": "rate_limit_exceeded"})
    );
    let answer = send(call(&server, Method::GET, "/directory_users?directory=d")).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::TOO_MANY_REQUESTS, json!("Ratelimited"))
    );
    let health = Client::new().get(format!("{}/health", server.url()));
    assert_eq!(send(health).await.status, StatusCode::OK);
    server.clock().advance("1m".parse().unwrap()).unwrap();
    assert_eq!(
        send(call(&server, Method::GET, "/organizations"))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_idempotency_key_does_it_once() {
    let server = server(Config::default()).await;
    let body = json!({"organization": "org_test_idp", "intent": "sso"});
    let first = post(&server, "/portal/generate_link", &body, "a").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = post(
        &server,
        "/portal/generate_link",
        &json!({"intent": "sso", "organization": "org_test_idp"}),
        "a",
    )
    .await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_ne!(again.headers["x-request-id"], first.headers["x-request-id"]);
    let other = post(
        &server,
        "/portal/generate_link",
        &json!({"organization": "org_test_idp"}),
        "a",
    )
    .await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    assert!(other.body["message"].as_str().unwrap().contains("(a)"));
    // Another operation, another key.
    let created = post(&server, "/organizations", &json!({"name": "Acme"}), "a").await;
    assert_eq!(created.status, StatusCode::CREATED);
    // What was refused was not done, so it can be done now.
    let taken = json!({"name": "Acme", "external_id": "1"});
    assert_eq!(
        post(&server, "/organizations", &taken, "b").await.status,
        StatusCode::CREATED
    );
    assert_eq!(
        post(&server, "/organizations", &taken, "c").await.status,
        StatusCode::BAD_REQUEST
    );
    let clear = json!({"external_id": null});
    let path = format!(
        "/organizations/{}",
        post(&server, "/organizations", &taken, "b").await.body["id"]
            .as_str()
            .unwrap()
    );
    send(call(&server, Method::PUT, &path).json(&clear)).await;
    assert_eq!(
        post(&server, "/organizations", &taken, "c").await.status,
        StatusCode::CREATED
    );
    server.clock().advance("24h".parse().unwrap()).unwrap();
    let late = post(&server, "/portal/generate_link", &body, "a").await;
    assert_ne!(late.body, first.body);
}

#[tokio::test]
async fn twins_on_the_wire_make_one_organization() {
    let server = server(Config::default()).await;
    let body = json!({"name": "Twin"});
    let server = std::sync::Arc::new(server);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (server, body) = (std::sync::Arc::clone(&server), body.clone());
        calls.spawn(async move {
            post(&server, "/organizations", &body, "twin").await.body["id"].clone()
        });
    }
    let mut ids = calls.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
}
