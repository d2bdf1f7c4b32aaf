//! Rate limits, on a clock that stands still.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;
use workos_portal_mock::config::RateLimits;

use crate::support::organization;

async fn limited(settings: serde_json::Value) -> TestServer {
    let limits = serde_json::from_value::<RateLimits>(settings).expect("limits");
    TestServer::with(|config| config.rate_limits = limits).await
}

#[tokio::test]
async fn too_many_requests_and_then_again() {
    let server = limited(json!({"all": {"requests": 3, "per": "PT10S"}})).await;
    let client = server.client();
    client.list_organizations().send().await.expect("the first");
    server.advance("1500ms");
    client
        .list_organizations()
        .send()
        .await
        .expect("the second");
    client.list_organizations().send().await.expect("the third");
    let error = client
        .list_organizations()
        .send()
        .await
        .expect_err("one too many");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    assert_eq!(error.code(), Some("rate_limit_exceeded"));
    // Eight and a half seconds are left, and the header has whole ones.
    assert_snapshot!(server.last());
    server.advance("8499ms");
    assert_eq!(
        server
            .get("/organizations")
            .send()
            .await
            .expect(429)
            .header("retry-after"),
        "1"
    );
    server.advance("1ms");
    client
        .list_organizations()
        .send()
        .await
        .expect("the window is over");
    // Waiting as long as the header says is enough, counted from any refusal.
    for _ in 0..2 {
        client
            .list_organizations()
            .send()
            .await
            .expect("there are three");
    }
    let wait = server
        .get("/organizations")
        .send()
        .await
        .expect(429)
        .header("retry-after")
        .to_owned();
    server.advance(&format!("{wait} seconds"));
    client
        .list_organizations()
        .send()
        .await
        .expect("it was enough");
}

#[tokio::test]
async fn what_is_refused_has_not_happened() {
    let server = limited(json!({"all": {"requests": 1, "per": "PT1M"}})).await;
    organization(&server, &json!({"name": "One"})).await;
    let _ = server
        .post("/organizations", &json!({"name": "Two"}))
        .send()
        .await
        .expect(429);
    server.advance("1 minute");
    let list = server.get("/organizations").send().await.expect(200).json();
    assert_eq!(
        list["data"].as_array().map(Vec::len),
        Some(2),
        "the test organization, and one more"
    );
}

#[tokio::test]
async fn deletions_have_a_limit_of_their_own() {
    let server = limited(json!({"delete_organization": {"requests": 1, "per": "PT1M"}})).await;
    let (one, two) = (
        organization(&server, &json!({"name": "One"})).await,
        organization(&server, &json!({"name": "Two"})).await,
    );
    let _ = server
        .delete(&format!("/organizations/{one}"))
        .send()
        .await
        .expect(202);
    let reply = server
        .delete(&format!("/organizations/{two}"))
        .send()
        .await
        .expect(429);
    assert_eq!(reply.header("retry-after"), "60");
    let _ = server.get("/organizations").send().await.expect(200);
    server.advance("PT59.999999999S");
    let _ = server
        .delete(&format!("/organizations/{two}"))
        .send()
        .await
        .expect(429);
    server.advance("1ns");
    let _ = server
        .delete(&format!("/organizations/{two}"))
        .send()
        .await
        .expect(202);
}

#[tokio::test]
async fn directory_users_are_counted_by_directory() {
    let server = limited(json!({"directory_users": {"requests": 1, "per": "PT1S"}})).await;
    let _ = server
        .get("/directory_users?directory=a")
        .send()
        .await
        .expect(404);
    let reply = server
        .get("/directory_users?directory=a")
        .send()
        .await
        .expect(429);
    assert_eq!(reply.text(), "\"Ratelimited\"");
    let _ = server
        .get("/directory_users?directory=b")
        .send()
        .await
        .expect(404);
    server.advance("1s");
    let _ = server
        .get("/directory_users?directory=a")
        .send()
        .await
        .expect(404);
}

#[tokio::test]
async fn the_documented_numbers() {
    let server = limited(json!("production")).await;
    for _ in 0..50 {
        let _ = server.delete("/organizations/x").send().await.expect(404);
    }
    let _ = server.delete("/organizations/x").send().await.expect(429);
    let _ = server.get("/organizations").send().await.expect(200);
}

#[tokio::test]
async fn pages_the_clock_and_health_are_not_counted() {
    let server = limited(json!({"all": {"requests": 1, "per": "PT1M"}})).await;
    let link = crate::support::link(&server).await;
    let visitor = server.visitor();
    for _ in 0..3 {
        let _ = server.get("/health").anonymous().send().await.expect(200);
        let _ = server.get("/_mock/clock").send().await.expect(200);
        let session = visitor.open(&link).await;
        let _ = visitor.get(&session).await.expect(200);
        // A wrong key takes nothing from the environment of another.
        let _ = server
            .get("/organizations")
            .authorization("Bearer sk_wrong")
            .send()
            .await
            .expect(401);
    }
    let _ = server.get("/organizations").send().await.expect(429);
}
