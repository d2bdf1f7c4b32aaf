//! The clock over HTTP.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{link, transcripts};

async fn patch(server: &TestServer, body: &Value) -> contract_tests::Reply {
    server.call("PATCH", "/_mock/clock").json(body).send().await
}

#[tokio::test]
async fn it_is_read_moved_and_stopped() {
    let server = TestServer::start().await;
    let mut replies = vec![server.get("/_mock/clock").send().await.expect(200)];
    for body in [
        json!({"advance": "PT5M"}),
        json!({"advance": "-1 hour 30 minutes"}),
        json!({"advance": "PT0.000000001S"}),
        json!({"set": "2030-02-28T23:59:59.5+01:00"}),
        json!({"set": "2026-01-01T00:00:00Z", "advance": "P1D"}),
        json!({"frozen": true}),
        json!({}),
    ] {
        replies.push(patch(&server, &body).await.expect(200));
    }
    assert_snapshot!(transcripts(replies));
    assert_eq!(server.now().to_string(), "2026-01-02T00:00:00Z");

    let running = patch(&server, &json!({"frozen": false}))
        .await
        .expect(200)
        .json();
    assert_eq!(running["frozen"], false);
    let stopped = patch(&server, &json!({"frozen": true}))
        .await
        .expect(200)
        .string("/now");
    let ran: jiff::Timestamp = stopped.parse().expect("an instant");
    assert!(
        ran >= "2026-01-02T00:00:00Z".parse().expect("an instant"),
        "it ran on from where it stood"
    );
    assert_eq!(
        server.get("/_mock/clock").send().await.string("/now"),
        stopped
    );
}

#[tokio::test]
async fn it_is_the_clock_that_links_expire_by() {
    let server = TestServer::start().await;
    let (early, late) = (link(&server).await, link(&server).await);
    let _ = patch(&server, &json!({"advance": "PT4M59.999S"}))
        .await
        .expect(200);
    let _ = server.visitor().get(&early).await.expect(303);
    let _ = patch(&server, &json!({"advance": "PT0.001S"}))
        .await
        .expect(200);
    let _ = server.visitor().get(&late).await.expect(410);
}

#[tokio::test]
async fn without_a_key_it_is_the_default_environment_s() {
    let server = TestServer::start().await;
    let reply = server
        .call("PATCH", "/_mock/clock")
        .anonymous()
        .json(&json!({"advance": "PT1H"}))
        .send()
        .await
        .expect(200);
    assert_eq!(reply.string("/now"), "2026-01-01T01:00:00Z");
    assert_eq!(server.now().to_string(), "2026-01-01T01:00:00Z");
}

#[tokio::test]
async fn what_cannot_be_followed_changes_nothing() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for body in [
        json!({"advance": 5}),
        json!({"advance": "soon"}),
        json!({"advance": "P1M"}),
        json!({"advance": "P99999999D"}),
        json!({"advance": null}),
        json!({"set": "2026-01-01"}),
        json!({"set": 0}),
        json!({"frozen": "yes"}),
        json!({"speed": 2}),
        json!({"set": "noon", "advance": "later", "frozen": 1, "speed": 2}),
        json!([]),
        json!(null),
    ] {
        let reply = patch(&server, &body).await.expect(422);
        replies.push(format!("{body}\n{:#}", reply.json()));
    }
    assert_snapshot!(replies.join("\n\n"));
    assert_eq!(server.now().to_string(), contract_tests::START);
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let server = TestServer::start().await;
    let call = || server.call("PATCH", "/_mock/clock");
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let replies = vec![
        call()
            .body("application/json", "{")
            .send()
            .await
            .expect(400),
        call().body("application/json", "").send().await.expect(400),
        call()
            .body("application/json", b"\"\xff\"".to_vec())
            .send()
            .await
            .expect(400),
        call()
            .body("application/json", deep)
            .send()
            .await
            .expect(400),
        call().body("text/plain", "{}").send().await.expect(415),
        call()
            .body("application/json", " ".repeat(1_100_000))
            .send()
            .await
            .expect(413),
    ];
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn keys_tokens_and_other_origins() {
    let server = TestServer::start().await;
    let get = || server.get("/_mock/clock");
    for wrong in [
        "Bearer sk_wrong",
        "Basic c2s6",
        "sk_test_default",
        "Bearer",
        "",
    ] {
        let _ = get().authorization(wrong).send().await.expect(401);
    }
    let _ = get()
        .header("origin", "https://evil.example")
        .send()
        .await
        .expect(403);
    let _ = server
        .call("POST", "/_mock/clock")
        .json(&json!({}))
        .send()
        .await
        .expect(405);
    let _ = server.get("/_mock").send().await.expect(307);
    let _ = server.get("/_mock/nothing").send().await.expect(404);

    let guarded = TestServer::with(|config| {
        config.control_token = Some(workos_portal_mock::config::Secret::new("let-me-in"));
    })
    .await;
    let get = || guarded.get("/_mock/clock");
    let _ = get().send().await.expect(401);
    let _ = get()
        .header("workos-mock-control-token", "wrong")
        .send()
        .await
        .expect(403);
    let reply = get()
        .header("workos-mock-control-token", "let-me-in")
        .send()
        .await
        .expect(200);
    assert!(!reply.text().contains("let-me-in"));
}
