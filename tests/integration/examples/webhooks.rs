//! `webhook_endpoints`.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use super::{note, said};

#[path = "../../../client/examples/webhook_endpoints.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod example;

const ORIGIN: &str = "http://localhost:3000";

#[tokio::test]
pub(crate) async fn an_endpoint_becomes_what_a_version_wants() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let client = server.client();
    for url in ["http://localhost:3000/hooks", "http://localhost:9/hooks"] {
        let body = json!({"endpoint_url": url, "events": []});
        let made = server.post("/webhook_endpoints", &body).send().await;
        let _ = made.expect(201);
    }
    for then in ["the first time", "again", "after it was switched off"] {
        note(&mut out, then);
        if then.ends_with("off") {
            let list = server.get("/webhook_endpoints").send().await.json();
            let ours = list["data"].as_array().expect("a list").iter();
            let mut ours =
                ours.filter(|one| one["endpoint_url"] == format!("{ORIGIN}/webhooks/workos"));
            let id = ours.next().expect("it is there")["id"].as_str();
            let path = format!("/webhook_endpoints/{}", id.expect("an id"));
            let off = json!({"status": "disabled", "events": ["organization.created"]});
            let _ = server
                .call("PATCH", &path)
                .json(&off)
                .send()
                .await
                .expect(200);
        }
        let verifier = example::run(&client, ORIGIN, &mut out).await;
        let _ = verifier.expect("it is as wanted");
    }
    let list = server.get("/webhook_endpoints").send().await.json();
    let told: Vec<String> = list["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one["endpoint_url"], one["status"], one["events"]
            )
        })
        .collect();
    let said = said(out);
    assert!(!said.contains("whsec"), "{said}");
    assert_snapshot!(format!("{said}\n{}", told.join("\n")));
}
