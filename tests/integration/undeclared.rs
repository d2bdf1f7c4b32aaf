//! The list of what WorkOS sends without declaring it is exact: each entry is needed, for each operation that it names.

use std::ptr;

use contract_tests::{
    Reply, TestServer,
    judge::{Body, Operation, Operations, UNDECLARED, Undeclared, judge},
};
use serde_json::json;
use workos_portal_mock::config::RateLimits;

use crate::{
    keys::path_of,
    support::{directory, domain, organization},
};

/// Makes a server give the answer of `entry` for `operation`.
async fn provoke(
    open: &TestServer,
    limited: &TestServer,
    entry: &Undeclared,
    operation: &Operation,
) -> Reply {
    let (method, path) = (operation.method.as_str(), path_of(operation));
    let call = || open.call(method, &path);
    match (entry.status, entry.body) {
        (401, _) => call().anonymous().send().await,
        (403, _) => {
            let body = json!({"permissions": "read_only"});
            let key = open.post("/_mock/keys", &body).send().await.expect(201);
            let key = format!("Bearer {}", key.string("/value"));
            call().authorization(key).send().await
        }
        (429, _) => limited.call(method, &path).send().await,
        (400, Body::Code("invalid_json")) => call().body("application/json", "{").send().await,
        (400, Body::AnyMessage) if operation.path.contains("/organization_domains") => {
            for side in ["a", "b"] {
                let name = &format!("{side}{}.example", operation.path.len());
                let id = domain(open, name).await;
                let body = json!({"organization_id": open.organization(), "domain": format!("new.{name}")});
                let path = operation.path.replace("{id}", &id);
                let _ = open
                    .call(method, &path)
                    .header("idempotency-key", "k")
                    .json(&body)
                    .send()
                    .await;
            }
            open.last()
        }
        (400, Body::AnyMessage) => {
            let body = |name: &str| match operation.id.as_str() {
                "create_webhook_endpoint" => {
                    json!({"endpoint_url": format!("https://{name}.example"), "events": []})
                }
                "create_audit_log_schema" => json!({"targets": [{"type": name}]}),
                _ => json!({"name": name}),
            };
            let attempt = |name: &str| {
                let call = call().header("idempotency-key", "k");
                call.json(&body(name)).send()
            };
            let _ = attempt("one").await.expect(201);
            attempt("two").await
        }
        (413, _) => {
            call()
                .body("application/json", " ".repeat(1024 * 1024 + 1))
                .send()
                .await
        }
        (422, _) if operation.method == "GET" => {
            open.call(method, &format!("{path}?limit=0")).send().await
        }
        (415, _) => call().body("text/plain", "{}").send().await,
        (202, _) if operation.id == "delete_directory" => {
            let id = directory(open, &json!({})).await;
            open.delete(&format!("/directories/{id}")).send().await
        }
        (202, _) => {
            let id = organization(open, &json!({"name": "Acme"})).await;
            open.call(method, &operation.path.replace("{id}", &id))
                .send()
                .await
        }
        (404, _) if operation.id == "create_organization_domain" => {
            let body = json!({"organization_id": "org_x", "domain": "acme.com"});
            call().json(&body).send().await
        }
        (422, _) => call().json(&json!({})).send().await,
        (404, _) => call().send().await,
        _ => panic!("nothing here leads to {entry:?}"),
    }
}

#[tokio::test]
async fn every_entry_is_needed_by_every_operation_that_it_names() {
    let open = TestServer::start().await;
    let limited = TestServer::with(|config| {
        config.rate_limits =
            serde_json::from_value::<RateLimits>(json!({"all": {"requests": 0, "per": "PT1M"}}))
                .expect("limits");
    })
    .await;
    for entry in UNDECLARED {
        assert!(!entry.source.is_empty());
        match entry.operations {
            Operations::NoPath => assert_excused(&open.get("/nowhere").send().await, &open, entry),
            Operations::NoMethod => assert_excused(
                &open.call("PATCH", "/organizations").send().await,
                &open,
                entry,
            ),
            _ => {
                let operations = entry.operations();
                assert!(
                    !operations.is_empty(),
                    "WorkOS's document has caught up with {entry:?}: take it off the list"
                );
                for operation in operations {
                    let reply = provoke(&open, &limited, entry, operation).await;
                    let server = if entry.status == 429 { &limited } else { &open };
                    assert_excused(&reply, server, entry);
                }
            }
        }
    }
}

/// That the latest answer passed because of `entry`, and would not have passed without it.
#[track_caller]
fn assert_excused(reply: &Reply, server: &TestServer, entry: &'static Undeclared) {
    assert_eq!(reply.status, entry.status, "{reply}");
    let verdict = server.ledger().verdicts().pop().expect("a verdict");
    let needed = verdict.excuse.is_some_and(|excuse| ptr::eq(excuse, entry));
    assert!(
        needed,
        "nothing needs {entry:?}: take it off the list\n{reply}\n{verdict:#?}"
    );
}

/// Nothing is excused that the list does not have word for word.
#[tokio::test]
async fn an_entry_excuses_nothing_else() {
    let server = TestServer::start().await;
    let reply = server
        .get("/organizations")
        .anonymous()
        .send()
        .await
        .expect(401);
    let exchange = contract_tests::judge::Exchange {
        method: "GET",
        path: "/organizations",
        status: 401,
        headers: &reply.headers,
        body: br#"{"message":"Unauthorized","code":"unauthorized"}"#,
    };
    assert!(!judge(&exchange, &[]).violations.is_empty());
}
