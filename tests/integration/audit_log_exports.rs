//! Exports of audit logs: from asking to the file.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::types::CreateAuditLogExport;

use crate::audit_logs::{event, log, schema};
use crate::support::transcripts;

/// What is asked for, unless a test says otherwise: everything that can be.
fn body(server: &TestServer, more: &Value) -> Value {
    let mut body = json!({
        "organization_id": server.organization(),
        "range_start": "2025-11-15T00:00:00Z",
        "range_end": "2030-01-01T00:00:00Z",
    });
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    body
}

/// Asks for an export and returns its path.
async fn ask(server: &TestServer, more: &Value) -> String {
    let export = server.post("/audit_logs/exports", &body(server, more));
    let id = export.send().await.expect(201).string("/id");
    format!("/audit_logs/exports/{id}")
}

/// The path of a file's address.
async fn address(server: &TestServer, export: &str) -> String {
    let url = server.get(export).send().await.expect(200).string("/url");
    let path = url.strip_prefix(server.public_url());
    path.expect("the address is this server's").to_owned()
}

/// The file of an export with these filters, once it is ready.
async fn file(server: &TestServer, more: &Value) -> Reply {
    let export = ask(server, more).await;
    server.advance("2 seconds");
    let address = address(server, &export).await;
    server.get(&address).anonymous().send().await.expect(200)
}

/// The rows of a file, without the one that names the columns.
pub(crate) async fn lines(server: &TestServer, more: &Value) -> Vec<String> {
    let text = file(server, more).await.text();
    text.lines().skip(1).map(str::to_owned).collect()
}

async fn several(server: &TestServer) {
    let _ = schema(server, &json!({"targets": [{"type": "team"}]})).await;
    let path = "/audit_logs/actions/invoice.sent/schemas";
    let schema = json!({"targets": [{"type": "invoice"}]});
    let _ = server.post(path, &schema).send().await.expect(201);
    let full = json!({
        "occurred_at": "2025-12-31T23:59:59.5+01:00",
        "actor": {"id": "user_2", "type": "user", "name": "Grace, \"G.\"", "metadata": {"role": "admin", "n": 1.5}},
        "targets": [
            {"id": "team_1", "type": "team", "name": "Größte\r\nÜbersicht", "metadata": {"a": true}},
            {"id": "user_9", "type": "user"},
        ],
        "context": {"location": "=1+1", "user_agent": "Mozilla/5.0 (X11; Linux)"},
        "metadata": {"k": "v, w"},
        "version": 1,
    });
    let invoice = json!({
        "action": "invoice.sent",
        "occurred_at": "2025-12-01T00:00:00Z",
        "actor": {"id": "job_1", "type": "job"},
        "targets": [{"id": "invoice_1", "type": "invoice"}],
    });
    for event in [event(&json!({})), event(&full), event(&invoice)] {
        let _ = log(server, &event).await.expect(200);
    }
}

#[tokio::test]
pub(crate) async fn an_export_becomes_ready_and_is_a_file() {
    let server = TestServer::start().await;
    several(&server).await;
    let client = server.client();
    let body = body(&server, &json!({"range_end": "2026-01-01T00:00:00Z"}));
    let body: CreateAuditLogExport = serde_json::from_value(body).expect("a body");
    let export = client
        .create_audit_log_export()
        .body(body)
        .send()
        .await
        .expect("it is asked for");
    let mut replies = vec![server.last()];
    let get = async || {
        let get = client
            .get_audit_log_export()
            .audit_log_export_id(&*export.id);
        get.send().await.expect("it is there")
    };
    server.advance("1999 ms");
    assert!(get().await.url.is_none());
    replies.push(server.last());
    server.advance("1 ms");
    let ready = get().await;
    assert!(ready.url.is_some());
    replies.push(server.last());
    let path = replies[2].string("/url");
    let path = path.strip_prefix(server.public_url()).expect("ours");
    replies.push(server.get(path).anonymous().send().await.expect(200));
    assert_eq!(replies[3].header("cache-control"), "no-store");
    let attachment = "attachment; filename=\"export.csv\"";
    assert_eq!(replies[3].header("content-disposition"), attachment);
    let head = server
        .call("HEAD", path)
        .anonymous()
        .send()
        .await
        .expect(200);
    assert!(head.body.is_empty());
    server.advance("167 hours 59 minutes 59 s 999 ms");
    assert!(get().await.url.is_some());
    server.advance("1 ms");
    assert!(get().await.url.is_none(), "a week later the file is gone");
    replies.push(server.last());
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn every_look_gives_a_new_address_for_ten_minutes() {
    let server = TestServer::start().await;
    several(&server).await;
    let export = ask(&server, &json!({})).await;
    server.advance("2 seconds");
    let first = address(&server, &export).await;
    server.advance("599 s 999 ms");
    let second = address(&server, &export).await;
    assert_ne!(first, second);
    let fetch = async |path: &str| server.get(path).anonymous().send().await;
    let _ = fetch(&first).await.expect(200);
    server.advance("1 ms");
    let mut replies = vec![fetch(&first).await.expect(410)];
    assert_eq!(fetch(&second).await.expect(200).text().lines().count(), 4);
    for path in [
        "/exports",
        "/exports/",
        "/exports/x.csv",
        second.strip_suffix(".csv").expect("its ending"),
        &format!("/exports/01J0000000000000000000000A.{}.csv", "A".repeat(43)),
        "/exports/%ff.csv",
    ] {
        replies.push(fetch(path).await);
    }
    replies.push(
        server
            .call("POST", &second)
            .anonymous()
            .send()
            .await
            .expect(405),
    );
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn filters_narrow_an_export() {
    let server = TestServer::start().await;
    several(&server).await;
    let ids = async |more: Value| -> Vec<String> {
        let lines = lines(&server, &more).await;
        let column = |line: &String| line.split(',').nth(2).unwrap_or_default().to_owned();
        lines
            .iter()
            .map(column)
            .filter(|action| action.contains('.'))
            .collect()
    };
    let (signed, sent) = ("user.signed_in", "invoice.sent");
    for (more, expected) in [
        (
            json!({"actions": [], "actors": null}),
            vec![sent, signed, signed],
        ),
        (json!({"actions": ["invoice.sent"]}), vec![sent]),
        (
            json!({"actions": ["invoice.sent", "user.signed_in"]}),
            vec![sent, signed, signed],
        ),
        (json!({"actions": ["nothing"]}), vec![]),
        (
            json!({"actor_ids": ["user_1", "job_1"]}),
            vec![sent, signed],
        ),
        (json!({"actor_names": ["Ada"]}), vec![signed]),
        (json!({"actors": ["Ada"]}), vec![signed]),
        (
            json!({"actors": ["Ada"], "actor_names": ["Grace, \"G.\""]}),
            vec![signed, signed],
        ),
        (json!({"targets": ["user", "invoice"]}), vec![sent, signed]),
        (json!({"targets": ["team"], "actor_ids": ["job_1"]}), vec![]),
        (
            json!({"range_start": "2025-12-01T00:00:00Z", "range_end": "2025-12-01T00:00:00Z"}),
            vec![sent],
        ),
        (
            json!({"range_start": "2025-12-01T00:00:00.001Z", "range_end": "2025-12-31T22:59:59.5Z"}),
            vec![signed],
        ),
        (
            json!({"range_start": "2026-01-01T00:00:00.000000001Z"}),
            vec![],
        ),
    ] {
        assert_eq!(ids(more.clone()).await, expected, "{more}");
    }
}

#[tokio::test]
async fn a_file_has_what_was_logged_when_it_was_asked_for() {
    let server = TestServer::start().await;
    several(&server).await;
    let export = ask(&server, &json!({})).await;
    let _ = log(&server, &event(&json!({}))).await.expect(200);
    server.advance("2 seconds");
    let path = address(&server, &export).await;
    let file = server.get(&path).anonymous().send().await.expect(200);
    assert_eq!(file.text().matches("audit_log_event_").count(), 3);
}

#[tokio::test]
async fn a_large_file_is_whole() {
    let server = TestServer::with(|config| config.max_audit_log_events = 600).await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    for number in 0..610 {
        let at = server.now().to_string();
        let actor = json!({"id": format!("user_{number}"), "type": "user"});
        let event = event(&json!({"occurred_at": at, "actor": actor}));
        let _ = log(&server, &event).await.expect(200);
        server.advance("1 ms");
    }
    let lines = lines(&server, &json!({})).await;
    let actors: Vec<_> = lines
        .iter()
        .filter_map(|line| line.split(',').nth(4))
        .collect();
    let expected: Vec<_> = (10..610).map(|number| format!("user_{number}")).collect();
    assert_eq!(
        actors, expected,
        "the oldest have gone, and the others are there in order"
    );
}

#[tokio::test]
async fn exports_that_cannot_be_made() {
    let server = TestServer::start().await;
    let bodies = [
        json!({"organization_id": "org_x"}),
        json!({"range_start": "2030-01-01T00:00:00.001Z"}),
        json!({"range_start": "2025-09-30T23:59:59.999Z"}),
        json!({"range_start": null, "range_end": "tomorrow", "actions": "x", "targets": [1]}),
        json!({"organization_id": 5}),
    ];
    let mut replies = Vec::new();
    for more in bodies {
        let body = body(&server, &more);
        replies.push(
            server
                .post("/audit_logs/exports", &body)
                .send()
                .await
                .expect(400),
        );
    }
    replies.push(
        server
            .post("/audit_logs/exports", &json!({}))
            .send()
            .await
            .expect(400),
    );
    let path = "/audit_logs/exports";
    let broken = server.call("POST", path).body("application/json", "{");
    replies.push(broken.send().await.expect(400));
    replies.push(
        server
            .get("/audit_logs/exports/audit_log_export_x")
            .send()
            .await
            .expect(404),
    );
    assert_snapshot!(transcripts(replies));
    let edge = json!({"range_start": "2025-10-01T00:00:00Z"});
    let _ = ask(&server, &edge).await;
}
