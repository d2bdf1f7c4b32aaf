//! Who may call: the API key, in every way it can be wrong.

use contract_tests::{
    TestServer,
    judge::{Operation, PORTAL, takes_body},
};
use insta::assert_snapshot;
use serde_json::json;
use workos_portal_mock::config::KeyConfig;

/// A path of the operation, with something in the place of its parameters.
pub(crate) fn path_of(operation: &Operation) -> String {
    let segments: Vec<&str> = operation
        .path
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "x"
            } else {
                segment
            }
        })
        .collect();
    segments.join("/")
}

#[tokio::test]
async fn no_operation_answers_without_a_key() {
    let server = TestServer::start().await;
    for operation in PORTAL.operations() {
        let mut call = server
            .call(&operation.method, &path_of(operation))
            .anonymous();
        if takes_body(operation) {
            // Nothing else is said before the key is looked at.
            call = call.body("text/plain", "{");
        }
        assert_eq!(
            call.send().await.expect(401).text(),
            r#"{"message":"Unauthorized"}"#
        );
    }
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn keys_that_are_not_this_one() {
    let server = TestServer::start().await;
    let key = server.key().to_owned();
    let wrong = [
        String::new(),
        key.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer sk_wrong".to_owned(),
        format!("Bearer {key}x"),
        format!("Bearer {}", &key[..key.len() - 1]),
        format!("Bearer {}", key.to_uppercase()),
        format!("Bearer {key} {key}"),
        format!("Bearer {key},"),
        format!("Bearer \"{key}\""),
        format!("Basic {key}"),
        format!("Token {key}"),
        format!("Bearer{key}"),
        "Bearer \u{e9}".to_owned(),
        format!("Bearer {}", "a".repeat(10_000)),
    ];
    for authorization in wrong {
        let reply = server
            .get("/organizations")
            .authorization(authorization.clone())
            .send()
            .await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (401, r#"{"message":"Unauthorized"}"#),
            "{authorization}"
        );
    }
    let twice = server
        .get("/organizations")
        .header("authorization", "Bearer sk_wrong")
        .send()
        .await;
    assert_eq!(twice.status, 401, "two headers say two things");
    let in_the_query = server
        .get(&format!("/organizations?api_key={key}"))
        .anonymous()
        .send()
        .await;
    assert_eq!(in_the_query.status, 401);
}

#[tokio::test]
async fn keys_that_were_withdrawn_or_are_over() {
    let server = TestServer::with(|config| {
        let expiring = KeyConfig {
            expires_at: Some("2026-01-01T00:05:00Z".parse().expect("an instant")),
            ..KeyConfig::new("sk_expiring")
        };
        let revoked = KeyConfig {
            revoked: true,
            ..KeyConfig::new("sk_revoked")
        };
        config.keys.extend([expiring, revoked]);
    })
    .await;
    let status = async |key: &str| {
        server
            .get("/organizations")
            .authorization(format!("Bearer {key}"))
            .send()
            .await
            .status
    };
    assert_eq!(status("sk_revoked").await, 401);
    server.advance("PT4M59.999999999S");
    assert_eq!(status("sk_expiring").await, 200);
    server.advance("PT0.000000001S");
    assert_eq!(status("sk_expiring").await, 401);
    assert_eq!(status("sk_test_default").await, 200);
}

#[tokio::test]
async fn the_client_tells_what_happened_and_not_the_key() {
    let server = TestServer::start().await;
    let client = server.client_with("sk_wrong_and_secret");
    let error = client
        .list_organizations()
        .send()
        .await
        .expect_err("the key is wrong");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(
        error.request_id(),
        Some(server.last().header("x-request-id"))
    );
    let shown = format!("{error} {error:?} {client:?}");
    assert!(
        shown.contains("Unauthorized") && !shown.contains("sk_wrong_and_secret"),
        "{shown}"
    );
}

#[tokio::test]
async fn the_key_of_one_server_opens_no_other() {
    let own =
        |key: &'static str| TestServer::with(move |config| config.keys = vec![KeyConfig::new(key)]);
    let (one, other) = (own("sk_one").await, own("sk_other").await);
    let _ = one.get("/organizations").send().await.expect(200);
    let _ = other
        .get("/organizations")
        .authorization("Bearer sk_one")
        .send()
        .await
        .expect(401);
}

#[tokio::test]
async fn a_browser_gets_an_answer_that_its_page_cannot_read() {
    let server = TestServer::start().await;
    let reply = server
        .get("/organizations")
        .header("origin", "https://app.example")
        .send()
        .await
        .expect(200);
    assert!(
        !reply
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control-")),
        "{reply}"
    );
    let preflight = server
        .call("OPTIONS", "/organizations")
        .anonymous()
        .header("origin", "https://app.example")
        .header("access-control-request-method", "GET")
        .send()
        .await;
    assert_eq!(preflight.status, 405);
}

#[tokio::test]
async fn no_answer_and_no_debug_output_has_a_key() {
    let secret = "sk_very_secret";
    let server = TestServer::with(|config| config.keys = vec![KeyConfig::new(secret)]).await;
    // Whatever is echoed, the key is not: the judge looks for it in every answer.
    let replies = [
        server
            .post("/organizations", &json!({"name": 1, "external_id": 2}))
            .send()
            .await,
        server.get("/organizations/x").send().await,
        server.get("/organizations?after=x").send().await,
        server.get("/events").send().await,
        server.get("/nowhere").send().await,
        server.get("/_mock/clock").send().await,
        server.get("/health").send().await,
    ];
    assert!(replies.iter().all(|reply| !reply.text().contains(secret)));
    let config = contract_tests::TestServer::config();
    let builder =
        workos_portal_mock::MockServer::builder().config(workos_portal_mock::config::Config {
            keys: vec![KeyConfig::new(secret)],
            ..config.clone()
        });
    let client = workos_portal::Client::builder().api_key(secret);
    let shown = format!(
        "{} {builder:?} {client:?} {:?}",
        server.shown(),
        server.client()
    );
    assert!(!shown.contains(secret), "{shown}");
}
