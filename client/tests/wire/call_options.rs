use std::sync::{Arc, Mutex};
use std::time::Duration;

use workos_portal::types::CreateAuditLogEvent;
use workos_portal::{CallOptions, Error, RetryPolicy};

use crate::ORGANIZATION;
use crate::clock::TestClock;
use crate::log::Log;
use crate::server::{KEY, Server, answer};

#[tokio::test]
async fn one_call_has_its_own_headers() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let other = client.with(
        CallOptions::new()
            .header("x-trace", "t-1")
            .header("User-Agent", "another")
            .header("Authorization", "Bearer sk_of_somebody_else"),
    );
    other.get_organization().id("org_1").send().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(request.header("x-trace"), Some("t-1"));
    assert_eq!(request.header("user-agent"), Some("another"));
    let authorization = format!("Bearer {KEY}");
    assert_eq!(
        request.header("authorization"),
        Some(authorization.as_str())
    );

    client.get_organization().id("org_1").send().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(request.header("x-trace"), None, "the client is as it was");
}

#[tokio::test]
async fn options_add_up_and_the_later_counts() {
    let server = Server::new("503 Service Unavailable", "a: b", "");
    let clock = TestClock::default();
    let client = server.builder().clock(clock.clone()).build().unwrap();
    let retrying = RetryPolicy::default().max_retries(2);
    let client = client
        .with(CallOptions::new().header("x-a", "1").header("x-b", "1"))
        .with(CallOptions::new().retries(retrying).header("x-b", "2"))
        .with(CallOptions::new().timeout(Duration::from_secs(20)));
    let call = client.get_organization().id("org_1");
    call.send().await.unwrap_err();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.header("x-a"), Some("1"));
        assert_eq!(request.header("x-b"), Some("2"));
    }
    let once = client.with(CallOptions::new().retries(RetryPolicy::none()));
    let call = once.get_organization().id("org_1");
    call.send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_fails_the_call() {
    let server = Server::json(ORGANIZATION);
    for (options, shown) in [
        (
            CallOptions::new().header("x-a", "hidden\n"),
            "the header \"x-a\" cannot be sent",
        ),
        (
            CallOptions::new().header("x a", "hidden"),
            "the header \"x a\" cannot be sent",
        ),
        (
            CallOptions::new().idempotency_key("hidden\r\nx: y"),
            "the header \"idempotency-key\" cannot be sent",
        ),
    ] {
        let client = server.client().with(options);
        let call = client.get_organization().id("org_1");
        let error = call.send().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("the request was not sent: {shown}")
        );
    }
    assert!(server.request().is_none());
}

#[tokio::test]
async fn a_key_that_is_an_argument_counts_more() {
    let server = Server::json(r#"{"success":true}"#);
    let event: CreateAuditLogEvent = serde_json::from_value(serde_json::json!({
        "organization_id": "org_1", "event": {
            "action": "user.signed_in", "occurred_at": "2026-01-02T03:04:05Z",
            "context": {"location": "192.0.2.1"}, "actor": {"id": "user_1", "type": "user"}, "targets": [],
        },
    }))
    .unwrap();
    let client = server.client();
    let client = client.with(CallOptions::new().idempotency_key("of the options"));
    let call = client.create_audit_log_event().body(event);
    call.clone().send().await.unwrap();
    call.idempotency_key("of the call").send().await.unwrap();
    let keys: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("idempotency-key").unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["of the options", "of the call"]);
}

// Tokio's clock stands still and jumps to the next deadline when nothing else can happen.
#[tokio::test(start_paused = true)]
async fn one_call_has_its_own_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let took = Arc::new(Mutex::new(Vec::new()));
    let seen = took.clone();
    let client = workos_portal::Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .timeout(Duration::from_secs(3600))
        .deadline(Duration::from_secs(3600))
        .retries(RetryPolicy::none())
        .on_attempt(move |attempt| seen.lock().unwrap().push(attempt.took.as_secs()))
        .build()
        .unwrap();
    for options in [
        CallOptions::new().timeout(Duration::from_secs(2)),
        CallOptions::new().deadline(Duration::from_secs(2)),
    ] {
        let call = client.with(options);
        let error = call.get_organization().id("org_1").send().await;
        let error = error.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
    assert_eq!(*took.lock().unwrap(), [2, 2]);
}

#[tokio::test]
async fn one_call_has_its_own_key() {
    let server = Server::in_turn(vec![
        answer("503 Service Unavailable", "a: b", ""),
        answer("200 OK", "content-type: application/json", ORGANIZATION),
    ]);
    let (clock, client) = (TestClock::default(), server.builder());
    let client = client.retries(RetryPolicy::default()).clock(clock);
    let client = client.build().unwrap();
    let other = client
        .with(CallOptions::new().api_key("sk_ \n").header("x-a", "1"))
        .with(CallOptions::new().api_key("sk_other"))
        .with(CallOptions::new().header("authorization", "Bearer sk_no"));
    let call = other.get_organization().id("org_1");
    call.clone().send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "each attempt has it");
    for request in requests {
        assert_eq!(request.header("authorization"), Some("Bearer sk_other"));
        assert_eq!(request.header("x-a"), Some("1"));
    }
    let own = client.get_organization().id("org_1");
    own.send().await.unwrap();
    let authorization = format!("Bearer {KEY}");
    let request = server.request().unwrap();
    let sent = request.header("authorization");
    assert_eq!(
        sent,
        Some(authorization.as_str()),
        "the client is as it was"
    );
}

#[tokio::test]
async fn a_key_that_is_none_fails_the_call() {
    let server = Server::json(ORGANIZATION);
    let empty = "the API key of the call is empty";
    let unsendable =
        "the API key of the call contains white space or a character that cannot be sent";
    for (key, reason) in [
        ("", empty),
        (" ", unsendable),
        ("sk_hidden\n", unsendable),
        ("sk_ hidden", unsendable),
        ("sk_hidden\r\nx: y", unsendable),
        ("sk_\u{1}hidden", unsendable),
    ] {
        let client = server.client().with(CallOptions::new().api_key(key));
        let call = client.get_organization().id("org_1");
        let error = call.send().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("the request was not sent: {reason}")
        );
        let shown = format!("{error:?} {client:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        let all = client.list_organizations().stream().all().await;
        all.unwrap_err();
    }
    assert!(server.request().is_none());
}

#[tokio::test]
async fn the_key_of_a_call_is_not_shown() {
    let (log, _guard) = Log::of_this_thread();
    let body = r#"{"message":"No such key: sk_hidden."}"#;
    let server = Server::new("401 Unauthorized", "a: b", body);
    let options = CallOptions::new().api_key("sk_hidden");
    let shown = format!("{options:?} {options:#?}");
    assert!(shown.contains("[redacted]"), "{shown}");
    let client = server.client().with(options);
    let call = client.get_organization().id("org_1");
    let error = call.send().await.unwrap_err();
    assert_eq!(error.message(), Some("No such key: [redacted]."));
    let body = String::from_utf8_lossy(error.body().unwrap()).into_owned();
    let told = log.text();
    assert!(told.contains("get_organization"), "{told}");
    let shown = format!("{shown} {client:?} {error:?} {error} {body} {told}");
    assert!(!shown.contains("hidden"), "{shown}");
}

#[test]
fn the_values_of_headers_are_not_shown() {
    let options = CallOptions::new()
        .header("x-token", "hidden")
        .idempotency_key("hidden");
    assert!(!format!("{options:?} {options:#?}").contains("hidden"));
    let client = Server::json("").client().with(options);
    let shown = format!("{client:?}");
    assert!(
        shown.contains("x-token") && !shown.contains("hidden"),
        "{shown}"
    );
}
