//! The first event of a log stream, what is posted, and what nobody is shown of it.

use contract_tests::{Answer, Receiver, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::audit_logs::schema;
use crate::log_streams_support::{
    HEADERS, assert_hidden, deliveries, https, open, sent, set_up, step, stream, streaming, tell,
    told,
};
use crate::support::{link_with, transcripts, words};
use crate::webhooks_support::idle;

#[tokio::test]
async fn any_server_is_posted_the_documented_body() {
    for format in ["json", "ndjson"] {
        let server = TestServer::start().await;
        let (receiver, _) = streaming(&server).await;
        let visitor = server.visitor();
        let part = open(&server, &visitor).await;
        let settings = [
            ("https_url", receiver.url()),
            ("https_headers", HEADERS.to_owned()),
            ("https_format", format.to_owned()),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, &**value));
        let _ = step(&visitor, &part, "settings", &settings).await;
        tell(&server, "user_1").await;
        let arrived = receiver.next().await;
        idle(&server).await;
        let delivery = sent(&server).await.remove(0);
        let id = delivery["id"].as_str().expect("an id");
        let suffix = id[id.len() - 8..].to_lowercase();
        let event = delivery["event_id"].as_str().expect("an id");
        let one = format!(
            r#"{{"event":{{"id":"{event}","action":"user.signed_in","targets":[{{"id":"team_1","type":"team"}}],"actor":{{"id":"user_1","type":"user"}},"context":{{"location":"1.1.1.1"}},"occurred_at":"2026-01-01T00:00:00.000Z"}},"keySuffix":"{suffix}","timestamp":"2026-01-01T00:00:00.000Z","source":"workos"}}"#
        );
        let (kind, body) = match format {
            "json" => ("application/json", format!("[{one}]")),
            _ => ("application/x-ndjson", format!("{one}\n")),
        };
        assert_eq!(String::from_utf8_lossy(&arrived.body), body);
        assert_eq!(arrived.header("content-type"), kind);
        assert_eq!(arrived.header("authorization"), "Bearer hush~hush~hush");
        assert_eq!(arrived.header("x-tenant"), "acme-in-confidence");
        assert!(
            arrived
                .header("user-agent")
                .starts_with("workos-portal-mock/")
        );
        assert_eq!(arrived.header("workos-signature"), "");
        let attempt = &delivery["attempts"][0];
        assert_eq!(attempt["request"]["body"], body);
        assert_eq!(attempt["request"]["headers"]["Authorization"], "[secret]");
        let synced = stream(&server).await["last_synced_at"].clone();
        assert_eq!(synced, delivery["delivered_at"]);
    }
}

#[tokio::test]
async fn splunk_is_posted_to_at_its_collector() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let receiver = Receiver::start().await;
    let token = "01234567-89ab-cdef-0123-456789abcdef";
    let answers =
        json!({"destination": "Splunk", "splunk_url": receiver.url(), "splunk_token": token});
    let _ = set_up(&server, &answers).await.expect(200);
    let _first = receiver.next().await;
    tell(&server, "user_1").await;
    let arrived = receiver.next().await;
    assert_eq!(arrived.header("authorization"), format!("Splunk {token}"));
    let body = arrived.json();
    assert_eq!(body[0]["event"]["actor"]["id"], "user_1");
    assert_eq!(body[0]["time"], 1_767_225_600_000_i64);
    assert_eq!(body[0]["source"], "workos");
    idle(&server).await;
    let shown = deliveries(&server, "").await.expect(200).text();
    assert!(!shown.contains(token));
}

#[tokio::test]
async fn the_portal_sends_a_first_event_and_tells_what_came_of_it() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    receiver.answer([
        Answer::Status(403),
        Answer::Status(404),
        Answer::Redirect,
        Answer::BreakOff,
    ]);
    let visitor = server.visitor();
    let part = open(&server, &visitor).await;
    let destination = [("destination", "GenericHttps")];
    let _ = step(&visitor, &part, "destination", &destination).await;
    let url = receiver.url();
    let settings = [
        ("https_url", &*url),
        ("https_headers", HEADERS),
        ("https_format", "json"),
    ];
    let _ = step(&visitor, &part, "settings", &settings).await;
    let page = async || visitor.get(&format!("{part}/activate")).await.expect(200);
    let mut pages = vec![page().await];
    for shown in ["invalid", "invalid", "error", "error"] {
        // As the page's own form does it.
        let given = [("first_event", "send")];
        assert_eq!(step(&visitor, &part, "activate", &given).await, "/activate");
        let _event = receiver.next().await;
        assert_eq!(stream(&server).await["state"], shown);
        pages.push(page().await);
    }
    // What fails on purpose is not sent.
    let failed = [("first_event", "invalid_credentials")];
    assert_eq!(
        step(&visitor, &part, "activate", &failed).await,
        "/activate"
    );
    assert!(receiver.rest().await.is_empty());
    assert_eq!(step(&visitor, &part, "activate", &[]).await, "");
    let event = receiver.next().await;
    let organization = server.organization();
    assert_eq!(event.string("/0/event/action"), "log_stream.tested");
    assert_eq!(event.string("/0/event/targets/0/id"), organization);
    let shown = stream(&server).await;
    assert_eq!(shown["state"], "active");
    assert_eq!(
        shown["last_synced_at"],
        json!(format!("{:.3}", server.now()))
    );
    let client = server.client();
    let call = client.get_audit_log_configuration();
    let read = call.id(organization).send().await.expect("settings");
    let synced = read.log_stream.as_ref().and_then(|one| one.last_synced_at);
    let synced = synced.map(|at| at.timestamp_millis());
    assert_eq!(synced, Some(server.now().as_millisecond()));
    pages.push(visitor.get(&part).await.expect(200));
    let listed = deliveries(&server, "state=failed").await.expect(200);
    assert_eq!(listed.json()["data"].as_array().map(Vec::len), Some(4));
    let listed = deliveries(&server, "state=delivered").await.expect(200);
    let path = format!(
        "/_mock/log_stream_deliveries/{}",
        listed.string("/data/0/id")
    );
    let one = server.get(&path).send().await.expect(200);
    let mut seen: Vec<_> = pages.iter().map(words).collect();
    seen.push(told(&one, &receiver));
    let seen = seen.join("\n\n").replace(&url, "http://receiver/webhooks");
    assert_hidden(&seen);
    assert_snapshot!(seen);
}

#[tokio::test]
async fn a_call_sends_the_first_event_unless_it_says_what_comes_of_it() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    receiver.answer([Answer::Status(401), Answer::Status(500)]);
    let answers = https(&receiver.url());
    let mut replies = Vec::new();
    for _ in 0..2 {
        replies.push(set_up(&server, &answers).await.expect(422));
        let _event = receiver.next().await;
        // The call stands as a whole or not at all.
        assert_eq!(stream(&server).await, Value::Null);
    }
    let mut forced = answers.clone();
    forced["first_event"] = json!("active");
    let _ = set_up(&server, &forced).await.expect(200);
    assert_eq!(stream(&server).await["state"], "active");
    assert!(receiver.rest().await.is_empty());
    // What fails by a call is not sent either.
    let link = link_with(&server, &json!({"intent": "log_streams"})).await;
    let fail = server.post("/_mock/portal_links/fail", &json!({"link": link}));
    replies.push(fail.send().await.expect(200));
    assert_eq!(stream(&server).await["state"], "invalid");
    assert!(receiver.rest().await.is_empty());
    replies.push(set_up(&server, &json!({})).await.expect(200));
    let _event = receiver.next().await;
    assert_eq!(stream(&server).await["state"], "active");
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn no_secret_is_shown_also_not_by_a_receiver_that_repeats_it() {
    let server = TestServer::start().await;
    let (receiver, _) = streaming(&server).await;
    let echo = format!("{{\"seen\": \"{HEADERS}\", \"token\": \"hush~hush~hush\"}}");
    let cut = format!("{}Bearer hush~hush~hush", "x".repeat(4096 - 16));
    receiver.answer([Answer::Text(418, echo), Answer::Text(200, cut)]);
    tell(&server, "one").await;
    idle(&server).await;
    server.advance("10 seconds");
    idle(&server).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor).await;
    for path in [part.clone(), format!("{part}/settings")] {
        assert_hidden(&visitor.get(&path).await.expect(200).text());
    }
    let shown = deliveries(&server, "").await.expect(200);
    assert_hidden(&shown.text());
    assert_hidden(&server.shown());
    let one = sent(&server).await.remove(0);
    let answered = &one["attempts"][0]["response_body"];
    assert_eq!(
        *answered,
        "{\"seen\": \"Authorization: [secret]\nX-Tenant: [secret]\", \"token\": \"[secret]\"}"
    );
    let cut = one["attempts"][1]["response_body"].as_str().expect("text");
    assert!(cut.ends_with("xx[secret]"), "{cut}");
}
