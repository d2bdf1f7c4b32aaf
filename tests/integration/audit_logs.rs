//! Audit logs: actions and their schemas, events that have to fit them.

use std::time::SystemTime;

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Map, Value, json};
use workos_portal::types::{
    AuditLogConfigurationState, AuditLogEvent, AuditLogEventActor, AuditLogEventContext,
    AuditLogEventTarget, AuditLogRetentionPeriod, CreateAuditLogSchemaActor,
    CreateAuditLogSchemaTarget,
};

use crate::support::transcripts;

pub(crate) const SCHEMAS: &str = "/audit_logs/actions/user.signed_in/schemas";

/// Registers a schema for `user.signed_in`.
pub(crate) async fn schema(server: &TestServer, body: &Value) -> Reply {
    server.post(SCHEMAS, body).send().await.expect(201)
}

/// A good event of `user.signed_in`, with some members changed.
pub(crate) fn event(more: &Value) -> Value {
    let mut event = json!({
        "action": "user.signed_in",
        "occurred_at": "2026-01-01T00:00:00Z",
        "actor": {"id": "user_1", "type": "user", "name": "Ada"},
        "targets": [{"id": "team_1", "type": "team"}],
        "context": {"location": "1.1.1.1"},
    });
    let members = event.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    event
}

/// Logs an event for the server's organization.
pub(crate) async fn log(server: &TestServer, event: &Value) -> Reply {
    let body = json!({"organization_id": server.organization(), "event": event});
    server.post("/audit_logs/events", &body).send().await
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

#[tokio::test]
pub(crate) async fn the_way_of_an_event_through_the_client() {
    let server = TestServer::start().await;
    let client = server.client();
    let role = || object(json!({"type": "object", "properties": {"role": {"type": "string"}}}));
    let schema = client
        .create_audit_log_schema()
        .action_name("user.signed_in")
        .body_map(|body| {
            let target = CreateAuditLogSchemaTarget::builder().type_("team");
            let target = target.metadata(role());
            body.actor(CreateAuditLogSchemaActor::builder().metadata(role()))
                .targets([target])
                .metadata(role())
        })
        .send()
        .await
        .expect("it is made");
    assert_eq!((schema.status().as_u16(), schema.version), (201, 1));
    let mut replies = vec![server.last()];

    let target = AuditLogEventTarget::builder().id("team_1").type_("team");
    let instant: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let event = AuditLogEvent::builder()
        .action("user.signed_in")
        .occurred_at(SystemTime::from(instant))
        .actor(AuditLogEventActor::builder().id("user_1").type_("user"))
        .targets([target])
        .context(AuditLogEventContext::builder().location("1.1.1.1"))
        .version(1);
    let id = server.organization();
    let logged = client
        .create_audit_log_event()
        .body_map(|body| body.organization_id(id).event(event))
        .send()
        .await
        .expect("it is logged");
    assert!(logged.success);
    replies.push(server.last());

    let actions = client.list_audit_log_actions().send().await;
    assert_eq!(actions.expect("a list").data[0].name, "user.signed_in");
    replies.push(server.last());
    let versions = client
        .list_audit_log_schemas()
        .action_name("user.signed_in")
        .send()
        .await;
    assert_eq!(versions.expect("a list").data.len(), 1);

    let retention = client.get_audit_log_retention().id(id).send().await;
    let days = retention.expect("a retention").retention_period_in_days;
    assert_eq!(days, None);
    let retention = client
        .update_audit_log_retention()
        .id(id)
        .body_map(|body| body.retention_period(AuditLogRetentionPeriod::Year1))
        .send()
        .await
        .expect("it is set");
    assert_eq!(retention.retention_period_in_days, Some(365));
    replies.push(server.last());
    let configuration = client.get_audit_log_configuration().id(id).send().await;
    let configuration = configuration.expect("a configuration");
    assert_eq!(configuration.state, AuditLogConfigurationState::Active);
    replies.push(server.last());
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn a_schema_that_differs_is_the_next_version() {
    let server = TestServer::start().await;
    let team = json!({"targets": [{"type": "team"}], "actor": null, "metadata": null});
    let first = schema(&server, &team).await;
    server.advance("1 second");
    let again = schema(
        &server,
        &json!({"targets": [{"type": "team", "metadata": null}]}),
    )
    .await;
    assert_eq!(first.body, again.body, "it equals the newest");
    let user = json!({"targets": [{"type": "user", "metadata": {}}], "actor": {"metadata": {}}});
    let second = schema(&server, &user).await;
    assert_eq!(second.json()["version"], 2);
    let third = schema(&server, &team).await;
    assert_eq!(third.json()["version"], 3);
    let _ = server
        .post("/audit_logs/actions/a%2Fb%20c/schemas", &team)
        .send()
        .await
        .expect(201);

    let mut replies = vec![
        server.get("/audit_logs/actions").send().await.expect(200),
        server
            .get(&format!("{SCHEMAS}?limit=2"))
            .send()
            .await
            .expect(200),
    ];
    let after = replies[1].string("/list_metadata/after");
    assert!(after.starts_with("als_"), "{after}");
    let next = format!("{SCHEMAS}?limit=2&after={after}");
    replies.push(server.get(&next).send().await.expect(200));
    let first = server.get("/audit_logs/actions?limit=1").send().await;
    let after = first.string("/list_metadata/after");
    assert!(after.starts_with("ala_"), "{after}");
    let rest = format!("/audit_logs/actions?limit=1&after={after}");
    let rest = server.get(&rest).send().await.expect(200);
    assert_eq!(rest.json()["data"][0]["name"], "user.signed_in");
    assert_eq!(rest.json()["list_metadata"]["after"], Value::Null);
    let ascending = server.get(&format!("{SCHEMAS}?order=asc")).send().await;
    assert_eq!(ascending.json()["data"][0]["version"], 1);

    let path = "/audit_logs/actions/user.signed_out/schemas";
    replies.push(server.get(path).send().await.expect(404));
    for query in ["after=ala_x", "before=als_", "after=als_x&before=als_x"] {
        replies.push(
            server
                .get(&format!("{SCHEMAS}?{query}"))
                .send()
                .await
                .expect(422),
        );
    }
    let wrong = "/audit_logs/actions?after=als_01J0000000000000000000000A";
    replies.push(server.get(wrong).send().await.expect(422));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn schemas_that_are_none_are_refused() {
    let server = TestServer::start().await;
    let team = |metadata: Value| json!({"targets": [{"type": "team", "metadata": metadata}]});
    let mut deep = json!({});
    for _ in 0..40 {
        deep = json!({"not": deep});
    }
    let bodies = [
        json!({}),
        json!({"targets": []}),
        json!({"targets": ["team"]}),
        json!({"targets": [{}]}),
        json!({"targets": [{"type": "team"}], "actor": {}}),
        json!({"targets": [{"type": "team"}], "metadata": []}),
        team(json!({"type": "strin"})),
        team(json!({"pattern": "("})),
        team(json!({"pattern": "(?=a)b"})),
        team(json!({"$ref": "#"})),
        team(json!({"$ref": "file:///etc/passwd"})),
        team(json!({"$ref": "http://127.0.0.1:1/x"})),
        team(json!({"$id": "http://127.0.0.1:1/x"})),
        team(json!({"$schema": "http://127.0.0.1:1/x"})),
        team(deep),
        team(json!({"enum": vec!["x"; 6_000]})),
        json!({"targets": [{"type": "team"}], "actor": {"metadata": {"type": 1}}, "metadata": {"required": true}}),
    ];
    let mut replies = Vec::new();
    for body in bodies {
        replies.push(server.post(SCHEMAS, &body).send().await.expect(422));
    }
    assert_snapshot!(transcripts(replies));
    let actions = server.get("/audit_logs/actions").send().await;
    assert_eq!(actions.json()["data"], json!([]), "nothing was made");
}

#[tokio::test]
async fn an_event_fits_the_version_that_it_names_or_the_newest() {
    let server = TestServer::start().await;
    let strict = json!({
        "type": "object", "required": ["role"], "additionalProperties": false,
        "properties": {"role": {"enum": ["admin", "user"]}, "age": {"type": "integer", "minimum": 18}},
    });
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let body = json!({
        "actor": {"metadata": strict},
        "targets": [{"type": "team", "metadata": strict}, {"type": "user"}],
        "metadata": strict,
    });
    let _ = schema(&server, &body).await;
    let good = json!({"role": "admin", "age": 18});
    let fitting = event(&json!({
        "actor": {"id": "user_1", "type": "user", "metadata": good},
        "targets": [
            {"id": "team_1", "type": "team", "metadata": good},
            {"id": "user_2", "type": "user"},
            {"id": "invoice_1", "type": "invoice", "metadata": {"any": "thing"}},
        ],
        "metadata": good,
    }));
    let _ = log(&server, &fitting).await.expect(200);
    let _ = log(&server, &event(&json!({"version": 1})))
        .await
        .expect(200);
    let bad = json!({"age": 17, "x": true});
    let replies = [
        log(&server, &event(&json!({}))).await.expect(400),
        log(&server, &event(&json!({"version": 3})))
            .await
            .expect(400),
        log(
            &server,
            &event(&json!({
                "actor": {"id": "user_1", "type": "user", "metadata": bad},
                "targets": [
                    {"id": "user_2", "type": "user"},
                    {"id": "team_1", "type": "team", "metadata": {"role": "boss"}},
                ],
                "metadata": {"role": "user", "age": 20.5},
            })),
        )
        .await
        .expect(400),
    ];
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_written_so() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let other = json!({"organization_id": "org_x", "event": event(&json!({}))});
    let metadata = |metadata: Value| event(&json!({"metadata": metadata}));
    let keys: Map<String, Value> = (0..51).map(|key| (format!("k{key}"), json!(1))).collect();
    let mut replies = vec![
        server
            .post("/audit_logs/events", &other)
            .send()
            .await
            .expect(404),
        log(&server, &event(&json!({"action": "user.lost"})))
            .await
            .expect(404),
        server
            .post("/audit_logs/events", &json!({}))
            .send()
            .await
            .expect(422),
    ];
    for refused in [
        json!({}),
        event(&json!({"action": null})),
        event(&json!({"occurred_at": "yesterday"})),
        event(&json!({"occurred_at": 1})),
        event(&json!({"occurred_at": "9999-12-31T23:59:59-23:59"})),
        event(&json!({"version": 0})),
        event(&json!({"version": 2_147_483_648_u64})),
        event(&json!({"targets": [{}]})),
        event(&json!({"context": {}})),
        metadata(Value::Object(keys)),
        metadata(json!({"k".repeat(41): 1})),
        metadata(json!({"a b": 1})),
        metadata(json!({"a": "x".repeat(501)})),
        metadata(json!({"a": {"b": 1}})),
        metadata(json!({"a": null})),
    ] {
        replies.push(log(&server, &refused).await.expect(422));
    }
    assert_snapshot!(transcripts(replies));
    for accepted in [
        event(
            &json!({"metadata": {"a": "x".repeat(500), "b": 1.5, "c": true, "": ""}, "version": 1.0}),
        ),
        event(&json!({"occurred_at": "1969-07-20T20:17:40.123456789+02:00"})),
        event(&json!({"metadata": null, "version": null, "more": 1})),
    ] {
        let _ = log(&server, &accepted).await.expect(200);
    }
}

#[tokio::test]
async fn one_key_logs_one_event() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let send = async |action: &str| {
        let event = event(&json!({"action": action}));
        let body = json!({"organization_id": server.organization(), "event": event});
        let call = server.post("/audit_logs/events", &body);
        call.header("idempotency-key", "k").send().await
    };
    let first = send("user.signed_in").await.expect(200);
    let again = send("user.signed_in").await.expect(200);
    assert_eq!(first.body, again.body);
    let lines = crate::audit_log_exports::lines(&server, &json!({})).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let other = send("user.signed_out").await.expect(400);
    assert!(other.string("/message").contains("(k)"));
}
