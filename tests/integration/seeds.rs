//! Seeds and snapshots over HTTP: what an environment starts with, what it has, and what is refused.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};
use workos_portal_mock::config::Config;
use workos_portal_mock::seed::Seed;

/// What an app sees of an environment.
const SEEN: [&str; 6] = [
    "/organizations",
    "/connections",
    "/directories",
    "/webhook_endpoints",
    "/audit_logs/actions",
    "/organizations/org_01J00000000000000000000001/it_contacts",
];

fn seed() -> Value {
    json!({
        "organizations": [{
            "key": "acme", "id": "org_01J00000000000000000000001", "name": "Acme", "external_id": "customer-1",
            "domains": ["acme.example", { "domain": "pending.example", "state": "pending" }],
            "it_contacts": ["it@acme.example"], "audit_log_retention_days": 60,
        }],
        "connections": [{ "organization": "acme", "connection_type": "OktaSAML" }],
        "directories": [{
            "organization": "acme", "id": "directory_01J00000000000000000000001",
            "users": [{ "idp_id": "ada", "email": "ada@acme.example", "groups": ["Sales"] }],
            "groups": [{ "name": "Sales" }],
        }],
        "webhook_endpoints": [{
            "endpoint_url": "http://127.0.0.1:9/", "events": ["connection.activated", "user.created"], "secret": "whsec_pinned",
        }],
        "audit_log_actions": [{ "name": "user.signed_in", "versions": [{ "targets": [{ "type": "user" }] }] }],
    })
}

/// A request with some key.
async fn ask(server: &TestServer, key: &str, method: &str, target: &str) -> Reply {
    let call = server.call(method, target);
    call.authorization(format!("Bearer {key}")).send().await
}

async fn put(server: &TestServer, key: &str, snapshot: &Value) -> Reply {
    let call = server.call("PUT", "/_mock/snapshot").json(snapshot);
    call.authorization(format!("Bearer {key}")).send().await
}

async fn seen(server: &TestServer, key: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    let user = "/directory_users?directory=directory_01J00000000000000000000001";
    for target in SEEN.into_iter().chain([user]) {
        seen.push(ask(server, key, "GET", target).await.expect(200).json());
    }
    seen
}

async fn environment(server: &TestServer, body: &Value) -> Reply {
    let made = server.post("/_mock/environments", body).anonymous();
    made.send().await
}

#[tokio::test]
async fn an_environment_starts_with_its_seed_and_without_events() {
    let server = TestServer::start().await;
    let body = json!({ "clock": "2026-01-01T00:00:00Z", "seed": seed() });
    let made = environment(&server, &body).await.expect(201);
    assert_eq!(
        made.json()["warnings"],
        json!(["webhook_endpoints.0.events: this server never makes the event user.created"])
    );
    let key = made.string("/api_key");
    let seen = seen(&server, &key).await;
    assert_eq!(seen[0]["data"][0]["external_id"], "customer-1");
    assert_eq!(seen[1]["data"][0]["state"], "active");
    assert_eq!(seen[3]["data"][0]["secret"], "whsec_pinned");
    assert_eq!(seen[6]["data"][0]["groups"][0]["name"], "Sales");
    let retention = "/organizations/org_01J00000000000000000000001/audit_logs_retention";
    let retention = ask(&server, &key, "GET", retention).await.expect(200);
    assert_eq!(retention.json()["retention_period_in_days"], 60);
    let events =
        "/events?events=connection.activated&events=dsync.activated&events=organization.created";
    let events = ask(&server, &key, "GET", events).await.expect(200);
    assert_eq!(events.json()["data"], json!([]));
    let deliveries = ask(&server, &key, "GET", "/_mock/deliveries").await;
    assert_eq!(deliveries.expect(200).json()["data"], json!([]));
    // The others have nothing of it.
    let other = ask(&server, server.key(), "GET", "/connections").await;
    assert_eq!(other.expect(200).json()["data"], json!([]));
}

#[tokio::test]
async fn a_snapshot_is_a_seed_and_brings_everything_back() {
    let server = TestServer::start().await;
    let body = json!({ "clock": "2026-01-01T00:00:00Z", "random_seed": 5, "seed": seed() });
    let key = environment(&server, &body)
        .await
        .expect(201)
        .string("/api_key");
    let before = seen(&server, &key).await;
    let snapshot = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200);
    let snapshot = snapshot.json();
    assert_eq!(snapshot["clock"], "2026-01-01T00:00:00Z");
    assert!(
        !snapshot.to_string().contains("sk_test_"),
        "a snapshot has no keys"
    );

    let gone = "/organizations/org_01J00000000000000000000001";
    let _ = ask(&server, &key, "DELETE", gone).await.expect(202);
    let restored = put(&server, &key, &snapshot).await.expect(200);
    assert_eq!(restored.string("/now"), "2026-01-01T00:00:00.000Z");
    assert_eq!(
        restored.json()["warnings"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(seen(&server, &key).await, before);
    let again = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200);
    assert_eq!(again.json(), snapshot);
    // What was asked before is forgotten, and what is asked now is on record.
    let requests = ask(&server, &key, "GET", "/_mock/requests")
        .await
        .expect(200);
    assert_eq!(
        requests.json()["data"].as_array().map(Vec::len),
        Some(SEEN.len() + 1)
    );

    // Elsewhere it is the same, ids included.
    let other = environment(&server, &json!({}))
        .await
        .expect(201)
        .string("/api_key");
    let _ = put(&server, &other, &snapshot).await.expect(200);
    assert_eq!(seen(&server, &other).await, before);
    // A reset leads back to where that environment began.
    let _ = ask(&server, &other, "POST", "/_mock/reset")
        .await
        .expect(200);
    let empty = ask(&server, &other, "GET", "/_mock/snapshot")
        .await
        .expect(200);
    assert_eq!(empty.json(), json!({}));
    let _ = ask(&server, &key, "POST", "/_mock/reset").await.expect(200);
    let data = |seen: &[Value]| -> Vec<Value> { seen[..1].to_vec() };
    assert_eq!(
        data(&seen(&server, &key).await)[0]["data"][0]["name"],
        "Acme"
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_member_by_member_and_changes_nothing() {
    let server = TestServer::start().await;
    let key = environment(&server, &json!({ "seed": seed() }))
        .await
        .expect(201)
        .string("/api_key");
    let before = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200)
        .json();
    let bad = json!({
        "organizations": [{ "key": "acme", "name": "Acme", "domains": ["nowhere"] }],
        "connections": [{ "organization": "acmee" }],
    });
    let told = |reply: &Reply| -> Vec<(String, String, String)> {
        let errors = reply.json()["errors"].as_array().expect("errors").clone();
        let member =
            |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let told = errors.iter().map(|error| {
            (
                member(error, "field"),
                member(error, "code"),
                member(error, "message"),
            )
        });
        told.collect()
    };
    let refused = put(&server, &key, &bad).await.expect(422);
    let said = |field: &str, code: &str, message: &str| {
        (field.to_owned(), code.to_owned(), message.to_owned())
    };
    assert_eq!(
        told(&refused),
        [
            said(
                "organizations.0.domains.0.domain",
                "organizations_domains_domain_invalid_format",
                "organizations.0.domains.0.domain: expected a domain name such as \"acme.example\".",
            ),
            said(
                "connections.0.organization",
                "connections_organization_invalid_value",
                "connections.0.organization: no organization has the key or the id \"acmee\"; did you mean \"acme\"?",
            ),
        ]
    );
    let refused = environment(&server, &json!({ "seed": bad }))
        .await
        .expect(422);
    assert_eq!(told(&refused)[1].0, "seed.connections.0.organization");
    let refused = put(
        &server,
        &key,
        &json!({ "organisations": [], "connections": [{ "state": "on" }] }),
    )
    .await;
    let fields: Vec<_> = told(&refused.expect(422))
        .into_iter()
        .map(|(field, ..)| field)
        .collect();
    assert_eq!(
        fields,
        [
            "connections.0.organization",
            "connections.0.state",
            "organisations"
        ]
    );
    let after = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200)
        .json();
    assert_eq!(after, before);
    let environments = ask(&server, &key, "GET", "/_mock/environments")
        .await
        .expect(200);
    assert_eq!(
        environments.json()["data"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_key_for_reading_takes_snapshots_and_restores_none() {
    let server = TestServer::start().await;
    let key = environment(&server, &json!({}))
        .await
        .expect(201)
        .string("/api_key");
    let call = server.post("/_mock/keys", &json!({ "permissions": "read_only" }));
    let made = call
        .authorization(format!("Bearer {key}"))
        .send()
        .await
        .expect(201);
    let reader = made.string("/value");
    let _ = ask(&server, &reader, "GET", "/_mock/snapshot")
        .await
        .expect(200);
    let refused = put(&server, &reader, &json!({})).await.expect(403);
    assert_eq!(refused.string("/code"), "read_only_key");
}

#[tokio::test]
async fn seeds_may_be_long_and_are_bounded() {
    let server = TestServer::start().await;
    let user = |number: usize| json!({ "idp_id": number.to_string(), "raw_attributes": { "text": "x".repeat(1_000) } });
    let users: Vec<_> = (0..2_000).map(user).collect();
    let mut seed = json!({
        "organizations": [{ "key": "acme", "name": "Acme" }],
        "directories": [{ "organization": "acme", "users": users }],
    });
    let made = environment(&server, &json!({ "seed": seed }))
        .await
        .expect(201);
    let key = made.string("/api_key");
    let directories = ask(&server, &key, "GET", "/directories").await.expect(200);
    assert_eq!(
        directories.json()["data"][0]["metadata"]["users"]["active"],
        2_000
    );
    seed["organizations"][0]["metadata"] = json!({ "large": "x".repeat(33 << 20) });
    let _ = environment(&server, &json!({ "seed": seed }))
        .await
        .expect(413);
}

/// The parts of a text of Markdown that are written in `language`.
fn examples<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let begin = format!("```{language}\n");
    let parts = text.split(&begin).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default())
        .collect()
}

#[test]
fn the_examples_of_the_documentation_are_read() {
    let text = include_str!("../../docs/seeds.md");
    let [toml] = examples(text, "toml")[..] else {
        panic!("one example in TOML");
    };
    let config = Config::from_toml(toml).expect("a configuration");
    assert_eq!(config.seed.directories.len(), 2);
    let [yaml] = examples(text, "yaml")[..] else {
        panic!("one example in YAML");
    };
    let [json] = examples(text, "json")[..] else {
        panic!("one example in JSON");
    };
    let read = [Seed::from_yaml(yaml), Seed::from_json(json)];
    for seed in read.into_iter().chain([Ok(config.seed)]) {
        let seed = seed.expect("a seed");
        assert_eq!(seed.organizations[0].name, "Acme");
        assert_eq!(seed.warnings(), [""; 0]);
    }
}

#[tokio::test]
async fn a_restore_needs_a_body_and_leaves_a_running_clock_alone() {
    let server = TestServer::start().await;
    let made = server.post(
        "/_mock/environments",
        &json!({"seed": {"organizations": [{"name": "Acme"}]}}),
    );
    let made = made.anonymous().send().await.expect(201);
    let key = made.string("/api_key");
    let snapshot = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200)
        .json();
    // Its clock runs, ten days ahead of the system's.
    assert_eq!(snapshot.get("clock"), None);
    let ahead = server
        .call("PATCH", "/_mock/clock")
        .json(&json!({"advance": "P10D"}));
    let ahead = ahead.authorization(format!("Bearer {key}")).send().await;
    let ahead = ahead.expect(200).string("/now");
    let refused = ask(&server, &key, "PUT", "/_mock/snapshot")
        .await
        .expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "body_required");
    let same = ask(&server, &key, "GET", "/_mock/snapshot")
        .await
        .expect(200);
    assert_eq!(same.json(), snapshot);
    let restored = put(&server, &key, &snapshot).await.expect(200);
    let instant = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant");
    let later = instant(&restored.string("/now")).as_second();
    assert!(later >= instant(&ahead).as_second(), "the clock goes on");
}
