//! The client's examples, as they stand in `client/examples`: each is run here by what its `main` calls, and what it writes is
//! what a reader sees. `client_example` has the one that is a server.

use contract_tests::TestServer;
use serde_json::{Value, json};

use crate::support::link_with;

mod audit_logs;
mod connections;
mod directories;
mod events_worker;
mod organizations;
mod portal_links;
mod webhooks;

/// What an example has written.
fn said(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("examples write text")
}

/// Says between two runs what has happened.
fn note(out: &mut Vec<u8>, what: &str) {
    out.extend(format!("# {what}\n").bytes());
}

/// Goes through a part of the portal for the server's organization.
async fn set_up(server: &TestServer, intent: &str, answers: &Value) {
    let link = link_with(server, &json!({"intent": intent})).await;
    let body = json!({"link": link, "answers": answers});
    let visit = server.post("/_mock/portal_links/complete", &body);
    let _ = visit.send().await.expect(200);
}
