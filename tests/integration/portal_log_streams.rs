//! The log streams of the portal: set up on its pages or by a call, and what goes through them afterwards.

use contract_tests::{Reply, TestServer, Visitor};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::audit_logs::{event, log, schema};
use crate::support::{link_with, organization, transcripts, words};

const KEY: &str = "00112233445566778899aabbccddeeff";
const UUID: &str = "01234567-89ab-cdef-0123-456789abcdef";

/// Each destination with what is answered to its settings.
const DESTINATIONS: [(&str, &[(&str, &str)]); 7] = [
    (
        "Datadog",
        &[("datadog_region", "US5"), ("datadog_api_key", KEY)],
    ),
    (
        "Splunk",
        &[
            (
                "splunk_url",
                "https://splunk.example:8088/services/collector",
            ),
            ("splunk_token", UUID),
        ],
    ),
    (
        "S3",
        &[
            ("s3_account_id", "123456789012"),
            ("s3_region", "eu-central-1"),
            ("s3_role_name", "audit-logs"),
            ("s3_bucket", "acme-logs"),
            ("s3_path", "audit/"),
        ],
    ),
    (
        "GoogleCloudStorage",
        &[
            ("gcs_access_key_id", "GOOGTS7C7FUP3AIRVJTE2BCD"),
            ("gcs_secret", "bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ"),
            ("gcs_bucket", "acme-logs"),
        ],
    ),
    (
        "AzureSentinel",
        &[
            ("sentinel_tenant_id", UUID),
            ("sentinel_client_id", UUID),
            ("sentinel_client_secret", "hush~hush"),
            ("sentinel_endpoint", "https://acme.ingest.monitor.azure.com"),
            ("sentinel_rule_id", "dcr-ffeeddccbbaa99887766554433221100"),
            ("sentinel_stream_name", "Custom-Audit_CL"),
        ],
    ),
    (
        "GenericHttps",
        &[
            ("https_url", "https://logs.example/audit"),
            ("https_headers", "Authorization: Bearer hush~hush"),
            ("https_format", "ndjson"),
        ],
    ),
    (
        "Snowflake",
        &[
            ("snowflake_account", "acme-main"),
            ("snowflake_token", "hush~hush"),
            ("snowflake_warehouse", "W"),
            ("snowflake_database", "SECURITY"),
            ("snowflake_schema", "PUBLIC"),
            ("snowflake_table", "AUDIT_LOGS"),
        ],
    ),
];

const SECRETS: [&str; 3] = [KEY, "bGoa+V7g", "hush~hush"];

/// Opens a link of an organization, and returns where its log streams are.
async fn open(server: &TestServer, visitor: &Visitor<'_>, organization: &str) -> String {
    let more = json!({
        "organization": organization,
        "intent": "log_streams",
        "success_url": "https://app.example/done",
    });
    let link = link_with(server, &more).await;
    let session = visitor.open(&link).await;
    format!("{session}/log_streams")
}

/// Sends a step that has to be accepted, and returns where that leads.
async fn step(visitor: &Visitor<'_>, part: &str, step: &str, answers: &[(&str, &str)]) -> String {
    let reply = visitor.submit(&format!("{part}/{step}"), answers).await;
    let location = reply.expect(303).header("location").to_owned();
    location.replace(part, "")
}

async fn configuration(server: &TestServer, organization: &str) -> Reply {
    let path = format!("/organizations/{organization}/audit_log_configuration");
    server.get(&path).send().await.expect(200)
}

async fn stream(server: &TestServer) -> Value {
    configuration(server, server.organization()).await.json()["log_stream"].clone()
}

/// Sets up a stream of the server's organization by one call, and returns its id.
async fn streaming(server: &TestServer, answers: &Value) -> String {
    let _ = schema(server, &json!({"targets": [{"type": "team"}]})).await;
    let body = json!({"link": link_with(server, &json!({"intent": "log_streams"})).await, "answers": answers});
    let done = server.post("/_mock/portal_links/complete", &body);
    done.send().await.expect(200).string("/made/0/id")
}

async fn deliveries(server: &TestServer, query: &str) -> Reply {
    let path = format!("/_mock/log_stream_deliveries{query}");
    server.get(&path).send().await
}

async fn put_into(server: &TestServer, id: &str, state: &str) -> Reply {
    let path = format!("/_mock/log_streams/{id}");
    let call = server.call("PATCH", &path).json(&json!({"state": state}));
    call.send().await
}

#[tokio::test]
async fn each_destination_is_set_up_on_its_pages() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let mut sent = Vec::new();
    for (destination, answers) in DESTINATIONS {
        let id = organization(&server, &json!({"name": destination})).await;
        let visitor = server.visitor();
        let part = open(&server, &visitor, &id).await;
        assert!(
            configuration(&server, &id)
                .await
                .json()
                .get("log_stream")
                .is_none()
        );
        let chosen = [("destination", destination)];
        assert_eq!(
            step(&visitor, &part, "destination", &chosen).await,
            "/settings"
        );
        let shown = configuration(&server, &id).await;
        assert_eq!(shown.string("/log_stream/state"), "inactive");
        let page = visitor.get(&format!("{part}/settings")).await.expect(200);
        for (name, _) in answers {
            assert!(page.text().contains(&format!("name=\"{name}\"")), "{name}");
        }
        assert_eq!(
            step(&visitor, &part, "settings", answers).await,
            "/activate"
        );
        let works = [("first_event", "active")];
        assert_eq!(step(&visitor, &part, "activate", &works).await, "");
        let shown = configuration(&server, &id).await;
        assert_eq!(shown.string("/log_stream/state"), "active");
        assert_eq!(shown.string("/log_stream/type"), destination);
        // The secret is on no page, also not where it can be changed.
        for path in [part.clone(), format!("{part}/settings")] {
            let text = visitor.get(&path).await.expect(200).text();
            assert!(
                !SECRETS.iter().any(|secret| text.contains(secret)),
                "{path}"
            );
        }
        let body = json!({"organization_id": id, "event": event(&json!({}))});
        let _ = server
            .post("/audit_logs/events", &body)
            .send()
            .await
            .expect(200);
        let query = format!("?organization_id={id}");
        sent.push(deliveries(&server, &query).await.expect(200));
        let session = part.trim_end_matches("/log_streams");
        let finished = visitor.finish(session).await.expect(303);
        assert_eq!(finished.header("location"), "https://app.example/done");
    }
    let sent = transcripts(sent);
    assert!(!SECRETS.iter().any(|secret| sent.contains(secret)));
    assert_snapshot!(sent);
}

#[tokio::test]
async fn the_pages_say_what_is_to_be_done_and_what_there_is() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let mut pages = vec![visitor.landing(&part).await];
    let _ = step(&visitor, &part, "destination", &[("destination", "S3")]).await;
    pages.push(visitor.landing(&part).await);
    let _ = step(&visitor, &part, "settings", DESTINATIONS[2].1).await;
    pages.push(visitor.landing(&part).await);
    let _ = step(&visitor, &part, "activate", &[("first_event", "active")]).await;
    let _ = log(&server, &event(&json!({}))).await.expect(200);
    pages.push(visitor.get(&part).await);
    pages.push(visitor.get(&format!("{part}/remove")).await);
    let words: Vec<_> = pages.iter().map(words).collect();
    assert_snapshot!(words.join("\n\n"));
}

#[tokio::test]
async fn what_the_destination_refuses_can_be_mended() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let _ = step(
        &visitor,
        &part,
        "destination",
        &[("destination", "Datadog")],
    )
    .await;
    let _ = step(&visitor, &part, "settings", DESTINATIONS[0].1).await;
    for (outcome, state) in [("invalid_credentials", "invalid"), ("error", "error")] {
        let given = [("first_event", outcome)];
        assert_eq!(step(&visitor, &part, "activate", &given).await, "/activate");
        assert_eq!(stream(&server).await["state"], state);
        let page = visitor.get(&format!("{part}/activate")).await.expect(200);
        assert!(page.text().contains("role=\"alert\""), "{page}");
        // There is nothing to finish with: the visitor stays.
        let session = part.trim_end_matches("/log_streams");
        let kept = visitor.finish(session).await.expect(303);
        assert_eq!(kept.header("location"), part);
    }
    let _ = step(&visitor, &part, "settings", DESTINATIONS[0].1).await;
    assert_eq!(stream(&server).await["state"], "error");
    let _ = step(&visitor, &part, "activate", &[("first_event", "active")]).await;
    let id = stream(&server).await["id"].clone();
    assert_eq!(stream(&server).await["state"], "active");
    for (name, answers, state) in [
        ("pause", &[][..], "inactive"),
        ("pause", &[], "inactive"),
        ("activate", &[("first_event", "active")], "active"),
    ] {
        assert_eq!(step(&visitor, &part, name, answers).await, "");
        assert_eq!(stream(&server).await["state"], state);
        assert_eq!(stream(&server).await["id"], id);
    }
    let sure = [("confirmation", "REMOVE STREAM")];
    for _ in 0..2 {
        assert_eq!(step(&visitor, &part, "remove", &sure).await, "");
        assert_eq!(stream(&server).await, Value::Null);
    }
}

#[tokio::test]
async fn two_tabs_and_going_back_make_one_stream() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    // A step that is not reached yet leads to the one that is next.
    for name in ["settings", "activate"] {
        let reply = visitor.get(&format!("{part}/{name}")).await.expect(303);
        assert_eq!(reply.header("location"), part);
    }
    for _ in 0..2 {
        let _ = step(
            &visitor,
            &part,
            "destination",
            &[("destination", "Datadog")],
        )
        .await;
    }
    let first = stream(&server).await["id"].clone();
    for _ in 0..2 {
        let _ = step(&visitor, &part, "settings", DESTINATIONS[0].1).await;
    }
    let _ = step(
        &visitor,
        &part,
        "destination",
        &[("destination", "Datadog")],
    )
    .await;
    for _ in 0..2 {
        let _ = step(&visitor, &part, "activate", &[("first_event", "active")]).await;
    }
    let shown = stream(&server).await;
    assert_eq!((&shown["id"], &shown["state"]), (&first, &json!("active")));
}

#[tokio::test]
async fn what_cannot_be_accepted_is_said_beside_its_field_and_changes_nothing() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let hostile = "\"><script>alert(1)</script>";
    let id = organization(&server, &json!({"name": hostile})).await;
    let part = open(&server, &visitor, &id).await;
    let path = format!("{part}/destination");
    for answers in [&[][..], &[("destination", hostile)]] {
        let page = visitor.submit(&path, answers).await.expect(422);
        assert!(!page.text().contains("<script>"), "{page}");
    }
    assert!(
        configuration(&server, &id)
            .await
            .json()
            .get("log_stream")
            .is_none()
    );

    let _ = step(&visitor, &part, "destination", &[("destination", "S3")]).await;
    let mut answers: Vec<_> = DESTINATIONS[2].1.to_vec();
    answers[3] = ("s3_bucket", hostile);
    let page = visitor.submit(&format!("{part}/settings"), &answers).await;
    let page = page.expect(422).text();
    let kept = "value=\"&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;\"";
    assert!(
        page.contains(kept) && page.contains("value=\"123456789012\""),
        "{page}"
    );
    assert!(page.contains("id=\"field-s3_bucket-error\"") && !page.contains("<script>"));
    assert!(!page.contains("id=\"field-s3_region-error\""));
    let reply = visitor.get(&format!("{part}/activate")).await.expect(303);
    assert_eq!(reply.header("location"), part);
}

#[tokio::test]
async fn one_call_sets_it_up_fails_it_or_stops_on_the_way() {
    let server = TestServer::start().await;
    let at = async |what: &str, more: &Value| {
        let link = link_with(&server, &json!({"intent": "log_streams"})).await;
        let mut body = json!({"link": link});
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        let path = format!("/_mock/portal_links/{what}");
        server.post(&path, &body).send().await
    };
    let snowflake = json!({"answers": {"destination": "Snowflake"}});
    let mut told = vec![
        at("fail", &json!({"step": "settings"})).await.expect(200),
        at(
            "step",
            &json!({"step": "activate", "answers": {"destination": "Datadog"}}),
        )
        .await
        .expect(422),
        at("step", &json!({"step": "activate"})).await.expect(200),
        at("complete", &json!({"answers": {"first_event": "error"}}))
            .await
            .expect(422),
        at("complete", &json!({})).await.expect(200),
        at("complete", &snowflake).await.expect(422),
        at("fail", &json!({})).await.expect(200),
    ];
    told.push(configuration(&server, server.organization()).await);
    assert_snapshot!(transcripts(told));
}

#[tokio::test]
async fn what_waits_for_a_destination_that_is_played_follows_the_state_of_the_stream() {
    let server = TestServer::start().await;
    let answers = json!({"destination": "GenericHttps", "https_url": "https://logs.example/audit"});
    let id = streaming(&server, &answers).await;
    let told = async |name: &str| {
        let event = event(&json!({"actor": {"id": name, "type": "user"}}));
        let _ = log(&server, &event).await.expect(200);
        server.advance("1 second");
    };
    told("first").await;
    let synced = stream(&server).await["last_synced_at"].clone();
    assert_eq!(synced, "2026-01-01T00:00:00.000Z");
    let mut replies = vec![put_into(&server, &id, "error").await.expect(200)];
    told("waits").await;
    replies.push(deliveries(&server, "?limit=1").await.expect(200));
    replies.push(put_into(&server, &id, "active").await.expect(200));
    replies.push(deliveries(&server, "?limit=1").await.expect(200));
    replies.push(put_into(&server, &id, "invalid").await.expect(200));
    told("waits, too").await;
    replies.push(put_into(&server, &id, "error").await.expect(422));
    replies.push(put_into(&server, &id, "inactive").await.expect(200));
    told("is not sent").await;
    replies.push(put_into(&server, &id, "invalid").await.expect(422));
    replies.push(put_into(&server, &id, "active").await.expect(200));
    let kept = deliveries(&server, "").await.expect(200).json();
    let actors: Vec<_> = kept["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["request"]["body"].as_str().expect("a body"))
        .map(|body| serde_json::from_str::<Value>(body).expect("JSON"))
        .map(|body| body[0]["event"]["actor"]["id"].clone())
        .collect();
    assert_eq!(actors, ["waits, too", "waits", "first"]);
    assert_eq!(kept["data"][0]["state"], "cancelled");
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn deliveries_are_paged_bounded_and_gone_with_their_organization() {
    let server = TestServer::start().await;
    let _ = streaming(&server, &json!({})).await;
    for _ in 0..103 {
        let _ = log(&server, &event(&json!({}))).await.expect(200);
    }
    let ids = |reply: &Reply| -> Vec<String> {
        let data = reply.json()["data"].clone();
        let ids = data.as_array().expect("a list").iter();
        ids.map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let all = ids(&deliveries(&server, "?limit=100").await.expect(200));
    assert_eq!(all.len(), 100);
    let first = deliveries(&server, "").await.expect(200);
    assert_eq!(ids(&first), all[..10]);
    let after = first.string("/list_metadata/after");
    let second = deliveries(&server, &format!("?after={after}")).await;
    assert_eq!(ids(&second.expect(200)), all[10..20]);
    let before = format!("?before={}&limit=3", all[10]);
    assert_eq!(
        ids(&deliveries(&server, &before).await.expect(200)),
        all[7..10]
    );

    let mut refused = Vec::new();
    for (query, status) in [
        ("?limit=0", 422),
        ("?limit=101", 422),
        ("?limit=x&order=asc", 422),
        ("?after=x", 422),
        ("?organization_id=org_x", 404),
    ] {
        refused.push(deliveries(&server, query).await.expect(status));
    }
    refused.push(put_into(&server, "als_x", "active").await.expect(404));
    refused.push(put_into(&server, "als_x", "on").await.expect(422));
    let path = "/_mock/log_streams/als_x";
    refused.push(
        server
            .call("PATCH", path)
            .json(&json!({}))
            .send()
            .await
            .expect(422),
    );
    assert_snapshot!(transcripts(refused));

    let path = format!("/organizations/{}", server.organization());
    let _ = server.delete(&path).send().await.expect(202);
    assert!(ids(&deliveries(&server, "").await.expect(200)).is_empty());
}
