//! The same idempotency key twice: one object and one answer.

use contract_tests::{Reply, TestServer};
use futures_util::future::join_all;
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal_mock::config::{KeyConfig, RateLimits};

async fn create(server: &TestServer, key: &str, body: &Value) -> Reply {
    server
        .post("/organizations", body)
        .header("idempotency-key", key)
        .send()
        .await
}

async fn count(server: &TestServer) -> usize {
    server
        .get("/organizations?limit=100")
        .send()
        .await
        .expect(200)
        .json()["data"]
        .as_array()
        .map_or(0, Vec::len)
}

#[tokio::test]
async fn the_same_request_gives_the_same_answer() {
    let server = TestServer::start().await;
    let first = create(
        &server,
        "foo",
        &json!({"name": "Acme", "metadata": {"a": "1", "b": "2"}}),
    )
    .await
    .expect(201);
    server.advance("1 hour");
    let again = create(
        &server,
        "foo",
        &json!({"name": "Acme", "metadata": {"a": "1", "b": "2"}}),
    )
    .await
    .expect(201);
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("content-type"), again.header("content-type"));
    assert_ne!(
        first.header("x-request-id"),
        again.header("x-request-id"),
        "each request has its own id"
    );
    // The members may come in another order, and the text may be laid out otherwise.
    let text = "{ \"metadata\": {\"b\":\"2\", \"a\":\"1\"},\n \"name\": \"\\u0041cme\" }";
    let other = server
        .call("POST", "/organizations")
        .body("application/json", text)
        .header("idempotency-key", "foo")
        .send()
        .await
        .expect(201);
    assert_eq!(first.body, other.body);
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn another_request_is_refused() {
    let server = TestServer::start().await;
    let _ = create(&server, "bar", &json!({"name": "Acme"}))
        .await
        .expect(201);
    assert_snapshot!(create(&server, "bar", &json!({"name": "Other"})).await, @r#"
    POST /organizations
    400
    content-type: application/json; charset=utf-8
    {
      "message": "Another idempotency key (bar) with different request parameters was found. Please use a different idempotency key."
    }
    "#);
    assert_eq!(count(&server).await, 2);
    let _ = create(&server, "bar", &json!({"name": "Acme"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn concurrent_twins_make_one_object() {
    let server = TestServer::start().await;
    let body = json!({"name": "Acme"});
    let twins = join_all((0..20).map(|_| create(&server, "twin", &body))).await;
    assert!(
        twins
            .iter()
            .all(|twin| twin.status == 201 && twin.body == twins[0].body)
    );
    assert_eq!(count(&server).await, 2);

    // Of twins that differ, the one that comes first decides, and the others are told.
    let bodies: Vec<Value> = (0..20)
        .map(|number| json!({"name": format!("Acme {number}")}))
        .collect();
    let mixed = join_all(bodies.iter().map(|body| create(&server, "mixed", body))).await;
    let statuses = |status: u16| mixed.iter().filter(|reply| reply.status == status).count();
    assert_eq!((statuses(201), statuses(400)), (1, 19));
    assert_eq!(count(&server).await, 3);
}

#[tokio::test]
async fn a_key_is_forgotten_after_24_hours() {
    let server = TestServer::start().await;
    let body = json!({"name": "Acme"});
    let first = create(&server, "day", &body).await.expect(201);
    server.advance("PT23H59M59.999999999S");
    assert_eq!(create(&server, "day", &body).await.body, first.body);
    let _ = create(&server, "day", &json!({"name": "Other"}))
        .await
        .expect(400);
    server.advance("PT0.000000001S");
    let second = create(&server, "day", &json!({"name": "Other"}))
        .await
        .expect(201);
    assert_ne!(second.string("/id"), first.string("/id"));
    // Its day begins anew.
    server.advance("23 hours");
    assert_eq!(
        create(&server, "day", &json!({"name": "Other"})).await.body,
        second.body
    );
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_tried_again() {
    let server = TestServer::with(|config| {
        config.rate_limits =
            serde_json::from_value::<RateLimits>(json!({"all": {"requests": 3, "per": "PT1M"}}))
                .expect("limits");
    })
    .await;
    let good = json!({"name": "Acme"});
    let unauthorized = server
        .post("/organizations", &good)
        .authorization("Bearer sk_wrong")
        .header("idempotency-key", "k")
        .send()
        .await;
    assert_eq!(unauthorized.status, 401);
    let _ = create(&server, "k", &json!({"name": ""})).await.expect(422);
    let unreadable = server
        .call("POST", "/organizations")
        .body("application/json", "{")
        .header("idempotency-key", "k")
        .send()
        .await;
    assert_eq!(unreadable.status, 400);
    let _ = server.get("/organizations/x").send().await.expect(404);
    let _ = create(&server, "k", &good).await.expect(429);
    server.advance("1 minute");
    let _ = create(&server, "k", &good).await.expect(201);
}

#[tokio::test]
async fn an_answer_that_an_organization_is_missing_is_not_kept() {
    let server = TestServer::with(|config| config.test_organization = false).await;
    let generate = async |organization: &str| {
        server
            .post(
                "/portal/generate_link",
                &json!({"organization": organization}),
            )
            .header("idempotency-key", "k")
            .send()
            .await
    };
    let _ = generate("org_x").await.expect(404);
    let id = crate::support::organization(&server, &json!({"name": "Acme"})).await;
    let _ = generate(&id).await.expect(201);
}

#[tokio::test]
async fn links_are_answered_again_and_stay_one_link() {
    let server = TestServer::start().await;
    let body = json!({"organization": server.organization(), "external_user_id": "user-1"});
    let generate = async || {
        server
            .post("/portal/generate_link", &body)
            .header("idempotency-key", "link")
            .send()
            .await
            .expect(201)
    };
    let first = generate().await;
    server.advance("1 minute");
    assert_eq!(generate().await.body, first.body);
    let _ = server
        .visitor()
        .get(&first.string("/link"))
        .await
        .expect(303);
    let _ = server
        .visitor()
        .get(&generate().await.string("/link"))
        .await
        .expect(410);
    // Its five minutes count from the first answer.
    let revoke = async || {
        server
            .post(
                "/portal/revoke_link",
                &json!({"organization": server.organization(), "external_user_id": "user-1"}),
            )
            .header("idempotency-key", "revoke")
            .send()
            .await
    };
    let (once, twice) = (revoke().await.expect(204), revoke().await.expect(204));
    assert_eq!((once.body.len(), twice.body.len()), (0, 0));
}

#[tokio::test]
async fn a_key_belongs_to_one_operation_and_one_api_key() {
    let server = TestServer::with(|config| config.keys.push(KeyConfig::new("sk_second"))).await;
    let body = json!({"name": "Acme", "organization": "org_test_idp"});
    let first = create(&server, "k", &body).await.expect(201);
    let link = server
        .post("/portal/generate_link", &body)
        .header("idempotency-key", "k")
        .send()
        .await
        .expect(201);
    assert!(link.json()["link"].is_string());
    let other = server
        .post("/organizations", &body)
        .authorization("Bearer sk_second")
        .header("idempotency-key", "k")
        .send()
        .await
        .expect(201);
    assert_ne!(first.body, other.body);
}

#[tokio::test]
async fn only_posts_have_one() {
    let server = TestServer::start().await;
    let put = async |name: &str| {
        server
            .put("/organizations/org_test_idp", &json!({"name": name}))
            .header("idempotency-key", "k")
            .send()
            .await
            .expect(200)
    };
    assert_eq!(put("One").await.string("/name"), "One");
    assert_eq!(put("Two").await.string("/name"), "Two");
}

#[tokio::test]
async fn keys_of_any_kind() {
    let server = TestServer::start().await;
    let long = "k".repeat(4_000);
    for key in [
        "retry-8b7f3c1e",
        "a b",
        "\"quoted\"",
        "<script>",
        long.as_str(),
    ] {
        let first = create(&server, key, &json!({"name": "Acme"}))
            .await
            .expect(201);
        assert_eq!(
            create(&server, key, &json!({"name": "Acme"}))
                .await
                .expect(201)
                .body,
            first.body,
            "{key}"
        );
    }
    // An empty one is none.
    let first = create(&server, "", &json!({"name": "Acme"}))
        .await
        .expect(201);
    assert_ne!(
        create(&server, "", &json!({"name": "Acme"}))
            .await
            .expect(201)
            .body,
        first.body
    );
}
