//! How long audit logs are kept, and with what they go.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use crate::{
    audit_logs::{event, log, schema},
    support::{organization, transcripts},
};

#[tokio::test]
async fn retention_in_both_forms() {
    let server = TestServer::start().await;
    let path = "/organizations/org_test_idp/audit_logs_retention";
    let mut replies = vec![server.get(path).send().await.expect(200)];
    for body in [
        json!({"retention_period_in_days": 30}),
        json!({"retention_period": "11_MONTHS", "retention_period_in_days": null}),
        json!({"retention_period": "1_MONTH"}),
    ] {
        replies.push(server.put(path, &body).send().await.expect(200));
    }
    replies.push(server.get(path).send().await.expect(200));
    for body in [
        json!({}),
        json!({"retention_period": null, "retention_period_in_days": null}),
        json!({"retention_period": "1_YEAR", "retention_period_in_days": 365}),
        json!({"retention_period": "12_MONTHS"}),
        json!({"retention_period_in_days": 31}),
        json!({"retention_period_in_days": "30"}),
    ] {
        replies.push(server.put(path, &body).send().await.expect(422));
    }
    for path in ["audit_logs_retention", "audit_log_configuration"] {
        let path = format!("/organizations/org_x/{path}");
        replies.push(server.get(&path).send().await.expect(404));
    }
    let path = "/organizations/org_x/audit_logs_retention";
    let body = json!({"retention_period": "1_YEAR"});
    replies.push(server.put(path, &body).send().await.expect(404));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn events_go_when_their_days_are_over() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let day = "24 hours";
    let count = async || {
        crate::audit_log_exports::lines(&server, &json!({}))
            .await
            .len()
    };
    let _ = log(&server, &event(&json!({}))).await.expect(200);
    server.advance(day);
    // What happened long ago counts from when it was logged.
    let old = event(&json!({"occurred_at": "2025-12-01T00:00:00Z"}));
    let _ = log(&server, &old).await.expect(200);
    // Looking takes two seconds.
    server.advance("PT695H59M55S");
    assert_eq!(count().await, 2);
    server.advance("3 seconds");
    assert_eq!(count().await, 1, "30 days after the first");
    let path = "/organizations/org_test_idp/audit_logs_retention";
    let body = json!({"retention_period": "1_YEAR"});
    let _ = server.put(path, &body).send().await.expect(200);
    assert_eq!(count().await, 1, "what is gone does not come back");
    server.advance(day);
    assert_eq!(count().await, 1, "the other is kept for a year");
}

#[tokio::test]
async fn an_organization_takes_its_audit_log_along() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let id = organization(&server, &json!({"name": "Acme"})).await;
    let body = json!({"organization_id": id, "event": event(&json!({}))});
    let _ = server
        .post("/audit_logs/events", &body)
        .send()
        .await
        .expect(200);
    let at = server.now().to_string();
    let body = json!({"organization_id": id, "range_start": at, "range_end": at});
    let export = server
        .post("/audit_logs/exports", &body)
        .send()
        .await
        .expect(201);
    server.advance("2 seconds");
    let path = format!("/audit_logs/exports/{}", export.string("/id"));
    let url = server.get(&path).send().await.expect(200).string("/url");
    let file = url
        .strip_prefix(server.public_url())
        .expect("ours")
        .to_owned();
    let _ = server
        .delete(&format!("/organizations/{id}"))
        .send()
        .await
        .expect(202);
    let _ = server.get(&path).send().await.expect(404);
    let _ = server.get(&file).anonymous().send().await.expect(404);
    let actions = server.get("/audit_logs/actions").send().await;
    assert_eq!(
        actions.json()["data"][0]["name"],
        "user.signed_in",
        "actions are the environment's"
    );
}
