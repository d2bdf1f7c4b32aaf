//! Requests that are made to break something, sent to every operation: each gets its answer, and nothing has changed.

use contract_tests::{
    Reply, TestServer,
    judge::{Operation, PORTAL, takes_body},
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{support::transcripts, world::World};

/// Bodies that are no JSON, or none that can be stored, each with what the sentence says about it.
fn unreadable() -> Vec<(Vec<u8>, &'static str)> {
    let nested = |open: &str, close: &str, levels: usize| {
        format!("{}1{}", open.repeat(levels), close.repeat(levels)).into_bytes()
    };
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (nested("[", "]", 200), "recursion limit exceeded"),
        (nested("{\"a\":", "}", 50_000), "recursion limit exceeded"),
        (
            "[".repeat(1024 * 1024).into_bytes(),
            "recursion limit exceeded",
        ),
        (text(r#"{"name":"a\u0000b"}"#), "has the character U+0000"),
        (
            text(r#"{"metadata":{"a\u0000":"b"}}"#),
            "has the character U+0000",
        ),
        (text("{\"name\":\"a\0b\"}"), "control character"),
        (text(r#"{"name":"\ud800"}"#), "unexpected end of hex escape"),
        (text(r#"{"name":"\udc00"}"#), "lone leading surrogate"),
        (text(r#"{"name":"\ud800\ud800"}"#), "lone leading surrogate"),
        (b"{\"name\":\"\xff\"}".to_vec(), "is not valid UTF-8"),
        (
            b"{\"name\":\"\xed\xa0\x80\"}".to_vec(),
            "is not valid UTF-8",
        ),
        (b"\xef\xbb\xbf{}".to_vec(), "expected value"),
        (
            text(r#"{"name":"a","name":"b"}"#),
            "has the member 'name' twice",
        ),
        (
            text(r#"{"x":[{"a":1,"\u0061":1}]}"#),
            "has the member 'a' twice",
        ),
        (text(r#"{"version":1e999}"#), "number out of range"),
        (
            format!(r#"{{"version":{}}}"#, "9".repeat(400)).into_bytes(),
            "number out of range",
        ),
        (text(r#"{"version":0x10}"#), "expected `,` or `}`"),
        (text(r#"{"version":NaN}"#), "expected value"),
        (text("{\"name\":\"a\"} {}"), "trailing characters"),
    ]
}

#[tokio::test]
async fn bodies_that_nothing_can_read() {
    let world = World::start().await;
    let before = world.everything().await;
    let mut shown: Vec<String> = Vec::new();
    for operation in PORTAL
        .operations()
        .iter()
        .filter(|operation| takes_body(operation))
    {
        let (method, path) = (operation.method.as_str(), world.path(operation));
        for (at, (body, problem)) in unreadable().into_iter().enumerate() {
            let call = world.server.call(method, &path);
            let reply = call.body("application/json", body).send().await.expect(400);
            let message = reply.string("/message");
            assert!(message.contains(problem), "{message}");
            let all = json!({"message": message, "code": "invalid_json"});
            assert_eq!(reply.json(), all);
            // Every operation says the same.
            match shown.get(at) {
                Some(first) => assert_eq!(*first, message),
                None => shown.push(message),
            }
        }
        let huge = " ".repeat(3 * 1024 * 1024);
        let call = world.server.call(method, &path);
        let reply = call.body("application/json", huge).send().await.expect(413);
        let all = json!({"message": "The request body is larger than 1 MiB.", "code": "request_too_large"});
        assert_eq!(reply.json(), all);
        let call = world.server.call(method, &path).body("text/plain", "{}");
        assert_eq!(
            call.send().await.expect(415).text(),
            r#"{"message":"The request body has to be declared as application/json, and not be compressed.","code":"unsupported_media_type"}"#
        );
    }
    assert_eq!(world.everything().await, before);
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn control_calls_read_bodies_as_the_api_does() {
    let world = World::start().await;
    let before = world.everything().await;
    for path in [
        "/_mock/connections",
        "/_mock/directories",
        "/_mock/faults",
        "/_mock/clock",
    ] {
        let method = if path.ends_with("clock") {
            "PATCH"
        } else {
            "POST"
        };
        for (body, problem) in unreadable() {
            // What is larger than any control call needs is not read at all.
            let limit = if path.ends_with("directories") {
                usize::MAX
            } else {
                64 * 1024
            };
            let is_large = body.len() > limit;
            let call = world.server.call(method, path);
            let reply = call.body("application/json", body).send().await;
            let code = if is_large {
                "request_too_large"
            } else {
                "invalid_json"
            };
            assert_eq!(reply.string("/code"), code, "{reply}");
            let message = reply.string("/message");
            assert!(is_large || message.contains(problem), "{message}");
        }
    }
    assert_eq!(world.everything().await, before);
}

fn takes_query(operation: &Operation) -> bool {
    let method = operation.method.to_lowercase();
    let parameters =
        &PORTAL.root()["paths"][operation.path.as_str()][method.as_str()]["parameters"];
    let mut parameters = parameters.as_array().into_iter().flatten();
    parameters.any(|parameter| parameter["in"] == "query" || parameter["$ref"].is_string())
}

#[tokio::test]
async fn ten_thousand_parameters() {
    let world = World::start().await;
    let before = world.everything().await;
    let mut told = None;
    for operation in PORTAL
        .operations()
        .iter()
        .filter(|operation| takes_query(operation))
    {
        for parameter in ["a", "a=1", "%", "=", "%ff"] {
            let query = vec![parameter; 10_000].join("&");
            let path = format!("{}?{query}", world.path(operation));
            let reply = world.server.get(&path).send().await.expect(422);
            let first = told.get_or_insert_with(|| reply.text());
            assert_eq!(reply.text(), *first, "{}", operation.path);
        }
    }
    assert_eq!(world.everything().await, before);
    assert_snapshot!(told.expect("an answer"));
}

/// One id of each kind.
const IDS: [&str; 12] = [
    "org_01H00000000000000000000000",
    "org_domain_01H00000000000000000000000",
    "conn_01H00000000000000000000000",
    "directory_01H00000000000000000000000",
    "directory_user_01H00000000000000000000000",
    "directory_group_01H00000000000000000000000",
    "we_01H00000000000000000000000",
    "event_01H00000000000000000000000",
    "ala_01H00000000000000000000000",
    "als_01H00000000000000000000000",
    "audit_log_export_01H00000000000000000000000",
    "it_contact_01H00000000000000000000000",
];

/// Segments that are no id of anything.
const NO_IDS: [&str; 13] = [
    "%00",
    "%ff",
    "%C0%AF",
    "%ED%A0%80",
    "%zz",
    "%",
    "%2",
    "%2F%2F",
    "..%2F..%2Fetc%2Fpasswd",
    "%0d%0aset-cookie:%20a=b",
    "'%20or%201=1--",
    "%F0%9F%98%80",
    "-1",
];

/// The path of an operation with the last of its parameters replaced.
fn with_last(world: &World, operation: &Operation, value: &str) -> Option<String> {
    let at = operation.path.rfind('{')?;
    let end = at + operation.path[at..].find('}').expect("a parameter");
    let inner = Operation {
        path: format!(
            "{}MARK{}",
            &operation.path[..at],
            &operation.path[end + 1..]
        ),
        ..operation.clone()
    };
    Some(world.path(&inner).replace("MARK", value))
}

/// A body that the contract accepts.
fn good_body(world: &World, operation: &Operation) -> Option<Value> {
    let organization = world.server.organization();
    Some(match operation.id.as_str() {
        "update_organization" | "update_connection" | "update_webhook_endpoint" => json!({}),
        "update_audit_log_retention" => json!({"retention_period": "1_YEAR"}),
        "create_audit_log_schema" => json!({"targets": [{"type": "team"}]}),
        "create_it_contact" => json!({"email": "new@acme.example"}),
        "invite_it_contact" => json!({"intents": ["sso"]}),
        "create_saml_idp_signing_certificate" => json!({"value": crate::support::CERTIFICATE}),
        _ if takes_body(operation) => json!({"organization_id": organization}),
        _ => return None,
    })
}

#[tokio::test]
async fn ids_of_another_kind() {
    let world = World::start().await;
    let before = world.everything().await;
    let mut lines = Vec::new();
    for operation in PORTAL.operations() {
        // An action is made by the first schema that names it, so that every name is one.
        if operation.id == "create_audit_log_schema" {
            continue;
        }
        for value in IDS.into_iter().chain(NO_IDS) {
            let Some(path) = with_last(&world, operation, value) else {
                break;
            };
            let mut call = world.server.call(&operation.method, &path);
            if let Some(body) = good_body(&world, operation) {
                call = call.json(&body);
            }
            let reply = call.send().await.expect(404);
            let (id, message) = (reply.string("/entity_id"), reply.string("/message"));
            let all = json!({"message": message, "code": "entity_not_found", "entity_id": id});
            assert_eq!(reply.json(), all);
            let line = format!(
                "{} {}: {}",
                operation.method,
                operation.path,
                message.replace(&id, "…")
            );
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    assert_eq!(world.everything().await, before);
    assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn cursors_of_another_kind() {
    let world = World::start().await;
    let lists: Vec<&Operation> = PORTAL
        .operations()
        .iter()
        .filter(|operation| takes_query(operation))
        .collect();
    let mut accepted = Vec::new();
    for operation in lists {
        for cursor in IDS.into_iter().chain(NO_IDS).chain(["", "null", "10"]) {
            for side in ["before", "after"] {
                let path = format!(
                    "{}?{side}={cursor}&{}",
                    world.path(operation),
                    scope(&world, operation)
                );
                let reply: Reply = world.server.get(&path).send().await;
                if reply.status == 200 {
                    accepted.push(format!("{} {side}={cursor}", operation.path));
                    continue;
                }
                assert_eq!(reply.status, 422, "{reply}");
                let error = &reply.json()["errors"][0];
                assert_eq!(error["field"], side, "{reply}");
                assert_eq!(error["code"], format!("{side}_invalid_format"), "{reply}");
            }
        }
    }
    // The one kind that fits each list, and nothing else.
    assert_snapshot!(accepted.join("\n"));
}

/// What a list has to be told besides.
fn scope(world: &World, operation: &Operation) -> String {
    match operation.id.as_str() {
        "list_events" => "events=organization.created".to_owned(),
        "list_directory_users" | "list_directory_groups" => {
            format!("directory={}", world.directory())
        }
        _ => String::new(),
    }
}

#[tokio::test]
async fn numbers_and_dates_out_of_range() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for query in [
        "limit=9223372036854775808",
        "limit=-9223372036854775809",
        "limit=1e400",
        "limit=0x10",
        "limit=%D9%A1",
        "limit=Infinity",
    ] {
        let path = format!("/organizations?{query}");
        replies.push(server.get(&path).send().await.expect(422));
    }
    for instant in [
        "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00%2B99:00",
        "9999-12-31T23:59:59-23:59",
        "1e20",
        "1767225600",
    ] {
        let path = format!("/events?events=organization.created&range_start={instant}");
        replies.push(server.get(&path).send().await.expect(422));
    }
    let log = |version: &str, at: &str| {
        format!(
            r#"{{"organization_id":"org_test_idp","event":{{"action":"a","occurred_at":"{at}","version":{version},
            "actor":{{"id":"1","type":"user"}},"targets":[],"context":{{"location":"x"}}}}}}"#
        )
    };
    for (version, at) in [
        ("1e300", "2026-01-01T00:00:00Z"),
        ("2147483648", "2026-01-01T00:00:00Z"),
        ("99999999999999999999999999", "2026-01-01T00:00:00Z"),
        ("-0.5e-300", "2026-01-01T00:00:00Z"),
        ("1", "10000-01-01T00:00:00Z"),
        ("1", "2026-01-01T00:00:61Z"),
    ] {
        let call = server.call("POST", "/audit_logs/events");
        let body = log(version, at);
        replies.push(call.body("application/json", body).send().await.expect(422));
    }
    assert_snapshot!(transcripts(replies));
}
