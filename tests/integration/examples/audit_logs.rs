//! `audit_log`, `audit_log_export` and `audit_log_retention`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contract_tests::{START, TestServer};
use insta::assert_snapshot;
use serde_json::json;

use super::{note, said};
use audit_log::Entry;

#[path = "../../../client/examples/audit_log.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod audit_log;

#[path = "../../../client/examples/audit_log_export.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod audit_log_export;

#[path = "../../../client/examples/audit_log_retention.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod audit_log_retention;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn entry(number: &str) -> Entry {
    Entry {
        number: number.to_owned(),
        action: "invoice.sent",
        at: instant("2025-12-24T12:00:00Z"),
        user: "user_ada",
        target: "invoice_17",
    }
}

/// Exports the month before and returns the file. The clock moves while it waits.
async fn exported(server: &TestServer, out: &mut Vec<u8>) -> String {
    let wait = async |pause: Duration| server.advance(&format!("{}s", pause.as_secs()));
    let (client, organization) = (server.client(), server.organization());
    let export = audit_log_export::run(&client, organization, instant(START), wait, out);
    export.await.expect("a file");
    let text = said(out.clone());
    let url = text.rsplit(' ').next().expect("an address").trim();
    let path = url
        .strip_prefix(server.public_url())
        .expect("this server's");
    let file = server.get(path).anonymous().send().await.expect(200);
    file.text()
}

#[tokio::test]
pub(crate) async fn what_happens_is_logged_once() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    for _ in 0..2 {
        note(&mut out, "the app starts");
        audit_log::describe(&client, &mut out)
            .await
            .expect("described");
    }
    for number in ["1", "1", "2"] {
        let log = audit_log::log(&client, organization, &entry(number), &mut out).await;
        log.expect("it is logged");
    }

    note(&mut out, "somebody else has described it otherwise");
    let path = "/audit_logs/actions/invoice.sent/schemas";
    let metadata = json!({"type": "object", "required": ["total"]});
    let body = json!({"targets": [{"type": "bill"}], "metadata": metadata});
    let _ = server.post(path, &body).send().await.expect(201);
    let log = audit_log::log(&client, organization, &entry("3"), &mut out).await;
    log.expect("it is told");
    note(&mut out, "the app starts");
    audit_log::describe(&client, &mut out)
        .await
        .expect("described");
    let log = audit_log::log(&client, organization, &entry("4"), &mut out).await;
    log.expect("it is logged");

    let file = exported(&server, &mut Vec::new()).await;
    assert_eq!(file.lines().count(), 1 + 3, "{file}");
    assert_snapshot!(said(out));
}

#[tokio::test]
async fn an_entry_is_kept_when_it_cannot_be_logged_now() {
    let server = TestServer::start().await;
    let (client, mut out) = (server.client(), Vec::new());
    audit_log::describe(&client, &mut out)
        .await
        .expect("described");
    let lost = audit_log::log(&client, "org_nobody", &entry("1"), &mut out).await;
    let lost = lost.expect_err("it is not logged");
    let lost = lost.downcast_ref::<workos_portal::Error>().expect("a call");
    assert!(lost.is_organization_not_found(), "{lost}");
}

#[tokio::test]
pub(crate) async fn the_month_before_becomes_a_file() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    audit_log::describe(&client, &mut Vec::new())
        .await
        .expect("described");
    for at in [
        "2025-11-30T23:59:59Z",
        "2025-12-01T00:00:00Z",
        "2025-12-31T23:59:59Z",
    ] {
        let entry = Entry {
            at: instant(at),
            ..entry(at)
        };
        let log = audit_log::log(&client, organization, &entry, &mut Vec::new()).await;
        log.expect("it is logged");
    }
    let file = exported(&server, &mut out).await;
    assert_snapshot!(format!("{}{file}", said(out)));
}

#[tokio::test]
async fn an_export_that_does_not_come_is_told() {
    let server = TestServer::start().await;
    let (client, organization) = (server.client(), server.organization());
    // The clock stands still, so the file is never ready.
    let still = async |_| ();
    let mut out = Vec::new();
    let now = instant(START);
    let never = audit_log_export::run(&client, organization, now, still, &mut out).await;
    let mut told = vec![never.expect_err("no file")];
    let now = instant("2025-09-01T00:00:00Z");
    let past = audit_log_export::run(&client, organization, now, still, &mut out).await;
    told.push(past.expect_err("too long ago"));
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_snapshot!(format!("{}\n{}", said(out), told.join("\n")));
}

#[tokio::test]
pub(crate) async fn a_plan_says_how_long() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    for plan in ["enterprise", "enterprise", "team", "enterprise"] {
        note(&mut out, plan);
        let run = audit_log_retention::run(&client, organization, plan, &mut out).await;
        run.expect("it is set");
    }
    let unknown = audit_log_retention::run(&client, organization, "gold", &mut out).await;
    note(&mut out, &unknown.expect_err("no such plan").to_string());
    assert_snapshot!(said(out));
}
