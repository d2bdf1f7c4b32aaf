//! Answers that a test asks for in the place of the real ones.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal_mock::config::{KeyConfig, RateLimits};

use crate::support::{link, transcripts};

const FAULTS: &str = "/_mock/faults";

/// Asks for a fault and returns its id.
async fn fault(server: &TestServer, body: Value) -> String {
    server
        .post(FAULTS, &body)
        .send()
        .await
        .expect(201)
        .string("/id")
}

async fn faults(server: &TestServer) -> Vec<Value> {
    let list = server.get(FAULTS).send().await.expect(200).json();
    list["data"].as_array().expect("faults").clone()
}

async fn fired(server: &TestServer) -> Vec<u64> {
    let faults = faults(server).await;
    faults
        .iter()
        .map(|fault| fault["fired"].as_u64().expect("a number"))
        .collect()
}

async fn generate(server: &TestServer) -> Reply {
    let body = json!({"organization": server.organization()});
    server.post("/portal/generate_link", &body).send().await
}

#[tokio::test]
async fn the_next_requests_get_the_answer_and_then_the_real_one() {
    let server = TestServer::start().await;
    let body = json!({"method": "POST", "path": "/portal/generate_link", "status": 429, "retry_after": 7, "times": 2});
    let mut replies = vec![server.post(FAULTS, &body).send().await.expect(201)];
    assert_eq!(fired(&server).await, [0]);
    let error = server
        .client()
        .generate_portal_link()
        .body_map(|body| body.organization(server.organization()))
        .send()
        .await
        .expect_err("it was asked for");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7));
    replies.push(server.last());
    assert_eq!(
        server.last().header("workos-mock-fault"),
        replies[0].string("/id")
    );
    let _ = server.get("/organizations").send().await.expect(200);
    let _ = generate(&server).await.expect(429);
    let _ = generate(&server).await.expect(201);
    assert_eq!(server.last().header("workos-mock-fault"), "");
    replies.push(server.get(FAULTS).send().await.expect(200));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn every_status_has_the_body_that_workos_has_for_it() {
    let server = TestServer::start().await;
    let mut told = Vec::new();
    for status in [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504] {
        fault(
            &server,
            json!({"method": "GET", "path": "/organizations", "status": status}),
        )
        .await;
        let reply = server.get("/organizations").send().await.expect(status);
        told.push(format!(
            "{status} {:?} {}",
            reply.header("retry-after"),
            reply.text()
        ));
    }
    // The one 429 that is a text.
    fault(
        &server,
        json!({"method": "GET", "path": "/directory_users", "status": 429}),
    )
    .await;
    told.push(
        server
            .get("/directory_users")
            .send()
            .await
            .expect(429)
            .text(),
    );
    // Any answer can say when to try again.
    fault(
        &server,
        json!({"method": "GET", "path": "/organizations", "status": 503, "retry_after": 0}),
    )
    .await;
    let reply = server.get("/organizations").send().await.expect(503);
    told.push(reply.header("retry-after").to_owned());
    assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn one_path_or_a_template() {
    let server = TestServer::start().await;
    let one = format!("/organizations/{}", server.organization());
    fault(
        &server,
        json!({"method": "GET", "path": one, "status": 500}),
    )
    .await;
    fault(
        &server,
        json!({"method": "get", "path": "/organizations/{id}", "status": 503, "times": 2}),
    )
    .await;
    let get = async |path: &str| server.get(path).send().await.status;
    // The oldest that means a request comes first.
    assert_eq!(get("/organizations/org_x").await, 503);
    assert_eq!(get(&one).await, 500);
    assert_eq!(get(&one.replace("_test", "%5Ftest")).await, 503);
    assert_eq!(get(&one).await, 200);
    assert_eq!(get("/organizations/org_x").await, 404);
    // Another method, another path, and what is not the API's are not meant.
    fault(
        &server,
        json!({"method": "GET", "path": "/organizations/external_id/{external_id}", "status": 500}),
    )
    .await;
    assert_eq!(get("/organizations").await, 200);
    assert_eq!(get("/health").await, 200);
    assert_eq!(
        server
            .call("HEAD", "/organizations/external_id/x")
            .send()
            .await
            .status,
        404
    );
    assert_eq!(get("/organizations/external_id/a%2Fb").await, 500);
}

#[tokio::test]
async fn an_operation_a_method_or_an_id_is_enough() {
    let server = TestServer::start().await;
    let operation = json!({"operation": "get_organization", "status": 500, "always": true});
    let operation = fault(&server, operation).await;
    let resource = json!({"resource": "org_x", "status": 503, "every": 2});
    fault(&server, resource).await;
    fault(&server, json!({"method": "DELETE", "status": 502})).await;
    let get = async |path: &str| server.get(path).send().await.status;
    for _ in 0..3 {
        assert_eq!(get("/organizations/org_x").await, 500);
    }
    assert_eq!(get("/connections?organization_id=org_x").await, 200);
    let body = json!({"organization": "org_x"});
    let link = server.post("/portal/generate_link", &body).send().await;
    let _ = link.expect(503);
    let link = server.post("/portal/generate_link", &body).send().await;
    let _ = link.expect(404);
    assert_eq!(get("/connections?organization_id=org_x").await, 503);
    let gone = server.delete("/organizations/org_y").send().await;
    let _ = gone.expect(502);
    // What an older fault took, a younger one has not seen.
    let counts: Vec<_> = faults(&server)
        .await
        .iter()
        .map(|fault| (fault["seen"].clone(), fault["fired"].clone()))
        .collect();
    let expected = [(3, 3), (4, 2), (1, 1)].map(|(seen, fired)| (json!(seen), json!(fired)));
    assert_eq!(counts, expected);
    let _ = server
        .delete(&format!("{FAULTS}/{operation}"))
        .send()
        .await
        .expect(204);
    assert_eq!(get("/organizations/org_y").await, 404);
}

#[tokio::test]
async fn a_late_answer_is_one_to_what_was_done() {
    let server = TestServer::start().await;
    let late = json!({"operation": "create_organization", "latency": "1 ms"});
    fault(&server, late).await;
    let body = json!({"name": "Late"});
    let made = server.post("/organizations", &body).send().await;
    // It is a real answer, so it is not marked as one that was asked for.
    assert_eq!(made.header("workos-mock-fault"), "");
    let made = made.expect(201).string("/id");
    let path = format!("/organizations/{made}");
    let _ = server.get(&path).send().await.expect(200);
    // What could not be carried out is refused as ever, only later.
    let late = json!({"operation": "create_organization", "latency": "PT0.001S", "status": null});
    fault(&server, late).await;
    let _ = server
        .post("/organizations", &json!({}))
        .send()
        .await
        .expect(422);
    // With a status, nothing is done.
    let late = json!({"operation": "delete_organization", "latency": "1 ms", "status": 504});
    fault(&server, late).await;
    let _ = server.delete(&path).send().await.expect(504);
    let _ = server.get(&path).send().await.expect(200);
    assert_snapshot!(server.get(FAULTS).send().await.expect(200));
}

#[tokio::test]
async fn a_body_that_is_read_early_is_read_once_and_refused_in_its_turn() {
    let limits = json!({"all": {"requests": 1, "per": "PT10S"}});
    let limits = serde_json::from_value::<RateLimits>(limits).expect("limits");
    let server = TestServer::with(|config| config.rate_limits = limits).await;
    let body = json!({"resource": "org_x", "status": 500, "always": true});
    fault(&server, body).await;
    let broken = || {
        let call = server.call("POST", "/organizations");
        call.body("application/json", "{").send()
    };
    let _ = broken().await.expect(400);
    let _ = broken().await.expect(429);
}

#[tokio::test]
async fn it_comes_after_the_key_and_before_everything_else() {
    let limits = json!({"all": {"requests": 1, "per": "PT10S"}});
    let limits = serde_json::from_value::<RateLimits>(limits).expect("limits");
    let server = TestServer::with(|config| config.rate_limits = limits).await;
    let body = json!({"method": "POST", "path": "/organizations", "status": 502, "times": 3});
    fault(&server, body).await;
    let call = || server.call("POST", "/organizations");
    let _ = call().anonymous().send().await.expect(401);
    let _ = call()
        .authorization("Bearer sk_wrong")
        .send()
        .await
        .expect(401);
    assert_eq!(fired(&server).await, [0]);
    // Whatever is wrong with the request, and without counting against the limits.
    for content_type in ["text/plain", "application/json"] {
        let _ = call().body(content_type, "{").send().await.expect(502);
    }
    let _ = call().send().await.expect(502);
    let _ = server
        .post("/organizations", &json!({"name": "Acme"}))
        .send()
        .await
        .expect(201);
    let _ = server.get("/organizations").send().await.expect(429);
}

#[tokio::test]
async fn nothing_is_done_and_nothing_is_kept_for_a_retry() {
    let server = TestServer::start().await;
    let body = json!({"method": "POST", "path": "/organizations", "status": 500, "times": 2});
    fault(&server, body).await;
    let attempt = |name: &str| {
        let call = server.post("/organizations", &json!({"name": name}));
        call.header("idempotency-key", "k").send()
    };
    let _ = attempt("One").await.expect(500);
    let _ = attempt("Two").await.expect(500);
    let made = attempt("Three").await.expect(201);
    assert_eq!(attempt("Three").await.expect(201).body, made.body);
    let names = server.get("/organizations").send().await;
    assert_eq!(names.string("/data/0/name"), "Three");
    assert_eq!(names.json()["data"].as_array().map(Vec::len), Some(2));
    let events = server
        .get("/events?events=organization.created")
        .send()
        .await;
    assert_eq!(events.json()["data"].as_array().map(Vec::len), Some(1));
    // A stored answer does not keep a fault away either.
    fault(
        &server,
        json!({"method": "POST", "path": "/organizations", "status": 503}),
    )
    .await;
    let _ = attempt("Three").await.expect(503);
    assert_eq!(attempt("Three").await.expect(201).body, made.body);
}

#[tokio::test]
async fn they_can_be_taken_away() {
    let server = TestServer::start().await;
    let ask = || json!({"method": "GET", "path": "/organizations", "status": 500, "times": 5});
    let (first, second) = (fault(&server, ask()).await, fault(&server, ask()).await);
    let path = format!("{FAULTS}/{first}");
    assert_eq!(server.delete(&path).send().await.expect(204).body, b"");
    assert_eq!(faults(&server).await[0]["id"], json!(second));
    assert_snapshot!(server.delete(&path).send().await, @r#"
    DELETE /_mock/faults/fault_01KDVDNA00CQBGQPZKNF6MNJT6
    404
    content-type: application/json; charset=utf-8
    {
      "message": "Fault not found: 'fault_01KDVDNA00CQBGQPZKNF6MNJT6'.",
      "code": "entity_not_found",
      "entity_id": "fault_01KDVDNA00CQBGQPZKNF6MNJT6"
    }
    "#);
    let _ = server.get("/organizations").send().await.expect(500);
    let _ = server.delete(FAULTS).send().await.expect(204);
    let _ = server.delete(FAULTS).send().await.expect(204);
    assert!(faults(&server).await.is_empty());
    let _ = server.get("/organizations").send().await.expect(200);
    let _ = server.call("PUT", FAULTS).send().await.expect(405);
    let _ = server.get(&path).send().await.expect(405);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_told() {
    let server = TestServer::start().await;
    let mut told = Vec::new();
    let good = json!({"method": "GET", "path": "/organizations", "status": 500});
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    for body in [
        json!({}),
        json!([]),
        json!({"method": null, "path": null, "status": null}),
        json!({"method": 1, "path": 2, "status": "500", "times": "2", "retry_after": 1.5, "delay": 5}),
        with("method", json!("HEAD")),
        with("method", json!("BREW")),
        with("method", json!("PUT")),
        with("path", json!("organizations")),
        with("path", json!("/")),
        with("path", json!("/organizations/")),
        with("path", json!("/{any}")),
        with("path", json!("/organizations?limit=1")),
        with("path", json!("/_mock/clock")),
        with("status", json!(200)),
        with("status", json!(418)),
        with("status", json!(500.5)),
        with("status", json!(-1)),
        with("times", json!(0)),
        with("times", json!(1_000_001)),
        with("times", json!(u64::MAX)),
        with("retry_after", json!(-1)),
        with("retry_after", json!(86_401)),
        with("operation", json!("list_organisations")),
        with("operation", json!("get_organization")),
        with("every", json!(0)),
        with("latency", json!("soon")),
        with("latency", json!("PT61S")),
        with("latency", json!("PT0S")),
        with("over", json!("PT1S")),
        with("damage", json!("fire")),
        with("resource", json!("")),
        json!({"status": 500}),
        json!({"operation": "list_organizations"}),
        json!({"operation": "list_organizations", "method": "POST", "status": 500}),
        json!({"operation": "list_organizations", "path": "/events", "status": 500}),
        json!({"operation": "list_organizations", "latency": "PT1S", "retry_after": 1}),
        json!({"operation": "list_organizations", "status": 500, "times": 1, "every": 2}),
        json!({"operation": "list_organizations", "status": 500, "every": 2, "always": true}),
    ] {
        let refused = server.post(FAULTS, &body).send().await.expect(422);
        told.push(format!("{body}\n{}", refused.text()));
    }
    assert_snapshot!(told.join("\n"));
    for (content_type, body, status) in [("application/json", "{", 400), ("text/plain", "{}", 415)]
    {
        let call = server.call("POST", FAULTS).body(content_type, body);
        let _ = call.send().await.expect(status);
    }
    assert!(faults(&server).await.is_empty());
    for body in [
        with("times", Value::Null),
        with("retry_after", json!(86_400)),
        with("times", json!(1_000_000)),
    ] {
        fault(&server, body).await;
    }
}

#[tokio::test]
async fn there_are_a_hundred_at_most() {
    let server = TestServer::start().await;
    let ask = || json!({"method": "GET", "path": "/organizations", "status": 500});
    for _ in 0..100 {
        fault(&server, ask()).await;
    }
    assert_snapshot!(server.post(FAULTS, &ask()).send().await, @r#"
    POST /_mock/faults
    422
    content-type: application/json; charset=utf-8
    {
      "message": "There are 100 faults that have not run out; delete some of them.",
      "code": "too_many_faults"
    }
    "#);
    // One that has run out makes room.
    let _ = server.get("/organizations").send().await.expect(500);
    fault(&server, ask()).await;
    assert_eq!(faults(&server).await.len(), 100);
    assert_eq!(fired(&server).await.iter().sum::<u64>(), 0);
}

#[tokio::test]
async fn they_are_their_environment_s() {
    let server = TestServer::with(|config| config.keys.push(KeyConfig::new("sk_second"))).await;
    fault(
        &server,
        json!({"method": "GET", "path": "/organizations", "status": 500}),
    )
    .await;
    let wrong = server.get(FAULTS).authorization("Bearer sk_wrong");
    let _ = wrong.send().await.expect(401);
    // Both keys open the same one.
    let second = server
        .get("/organizations")
        .authorization("Bearer sk_second");
    let _ = second.send().await.expect(500);
    // A visitor of the portal carries no key, and meets no fault.
    let link = link(&server).await;
    server.visitor().open(&link).await;
}
