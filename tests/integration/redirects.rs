//! Where finishing leads.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal_mock::config::{Config, Redirects};

use crate::support::{link_with, words};

fn redirects(config: &mut Config, settings: &Value) {
    config.redirects = serde_json::from_value::<Redirects>(settings.clone()).expect("settings");
}

/// Opens a link, goes through what it opens on, finishes, and returns where that led.
async fn finish(server: &TestServer, request: &Value) -> String {
    let visitor = server.visitor();
    let link = link_with(server, request).await;
    let session = visitor.open(&link).await;
    let mut scripted = None;
    if request.get("intent").is_some() {
        let call = server.post("/_mock/portal_links/complete", &json!({"link": link}));
        scripted = Some(call.send().await.expect(200).string("/redirect_url"));
    }
    let reply = visitor.finish(&session).await.expect(303);
    // Doing so again, as an impatient person does, leads to the same place.
    let again = visitor.finish(&session).await.expect(303);
    assert_eq!(reply.header("location"), again.header("location"));
    let led = reply.header("location").to_owned();
    assert_eq!(scripted.unwrap_or_else(|| led.clone()), led);
    led
}

#[tokio::test]
async fn the_link_decides_first() {
    let server = TestServer::start().await;
    for (request, expected) in [
        (
            json!({"success_url": "https://app.example/done?x=1", "return_url": "https://app.example/back"}),
            "https://app.example/done?x=1",
        ),
        (
            json!({"success_url": "https://app.example"}),
            "https://app.example",
        ),
        (
            json!({"return_url": "https://app.example"}),
            "https://app.example/?success=true",
        ),
        (
            json!({"return_url": "https://app.example/back"}),
            "https://app.example/back?success=true",
        ),
        (
            json!({"return_url": "https://app.example/back?a=%20b&c=1"}),
            "https://app.example/back?a=%20b&c=1&success=true",
        ),
        (
            json!({"return_url": "https://app.example/back?a=1#part"}),
            "https://app.example/back?a=1&success=true#part",
        ),
        (
            json!({"return_url": "http://localhost:3000/?"}),
            "http://localhost:3000/?success=true",
        ),
        (
            json!({"return_url": "https://app.example/?success=false"}),
            "https://app.example/?success=false&success=true",
        ),
    ] {
        assert_eq!(finish(&server, &request).await, expected, "{request}");
    }
}

#[tokio::test]
async fn then_the_configuration() {
    let settings = json!({
        "return_url": "https://app.example/settings",
        "success_url": {"sso": "https://app.example/sso", "dsync": "https://app.example/dsync", "log_streams": "https://app.example/logs"},
    });
    let server = TestServer::with(|config| redirects(config, &settings)).await;
    for (request, expected) in [
        (json!({"intent": "sso"}), "https://app.example/sso"),
        (json!({"intent": "dsync"}), "https://app.example/dsync"),
        (json!({"intent": "log_streams"}), "https://app.example/logs"),
        (
            json!({"intent": "audit_logs"}),
            "https://app.example/settings?success=true",
        ),
        (json!({}), "https://app.example/settings?success=true"),
        (
            json!({"intent": "sso", "return_url": "https://other.example/"}),
            "https://other.example/?success=true",
        ),
        (
            json!({"intent": "sso", "success_url": "https://other.example/"}),
            "https://other.example/",
        ),
    ] {
        assert_eq!(finish(&server, &request).await, expected, "{request}");
    }
}

#[tokio::test]
async fn and_else_a_page_of_the_portal() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let session = visitor.open(&link_with(&server, &json!({})).await).await;
    let reply = visitor.finish(&session).await.expect(303);
    let page = visitor.get(reply.header("location")).await.expect(200);
    assert_snapshot!(words(&page));
    // For the browser that finished it, and nobody else.
    let _ = server
        .visitor()
        .get(reply.header("location"))
        .await
        .expect(403);
}

#[tokio::test]
async fn the_page_tells_where_it_leads() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let request = json!({"success_url": "https://app.example/done", "return_url": "https://app.example/back"});
    let session = visitor.open(&link_with(&server, &request).await).await;
    let page = visitor.get(&session).await.expect(200);
    assert!(
        page.text().contains("https://app.example/done")
            && page.text().contains("href=\"https://app.example/back\""),
        "{page}"
    );
}

#[tokio::test]
async fn a_finished_session_is_over() {
    let server = TestServer::start().await;
    let link = link_with(&server, &json!({"success_url": "https://app.example/"})).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let _ = visitor.finish(&session).await.expect(303);
    server.advance("3 minutes");
    assert_snapshot!(
        "the_session",
        words(&visitor.get(&session).await.expect(410))
    );
    assert_snapshot!("the_link", words(&visitor.get(&link).await.expect(410)));
}
