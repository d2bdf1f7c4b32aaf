use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use workos_portal::types::{CreateAuditLogEvent, UpdateWebhookEndpoint};
use workos_portal::{CallOptions, Client, Error, RetryPolicy};

use crate::ORGANIZATION;
use crate::clock::TestClock;
use crate::server::{KEY, Server, answer};

const CUT: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":";

fn failing(status: &str) -> Vec<u8> {
    answer(status, "a: b", "")
}

fn organization() -> Vec<u8> {
    answer("200 OK", "content-type: application/json", ORGANIZATION)
}

/// A client that retries, waits by a clock of its own, and cuts no wait.
fn patient(server: &Server) -> (Client, TestClock) {
    let clock = TestClock::default();
    let client = server
        .builder()
        .retries(RetryPolicy::default())
        .clock(clock.clone())
        .randomness(|| 0);
    (client.build().unwrap(), clock)
}

async fn read(client: &Client) -> Result<(), Error> {
    let call = client.get_organization().id("org_1");
    call.send().await.map(|_| ())
}

async fn create(client: &Client) -> Result<(), Error> {
    let call = client.create_organization();
    let call = call.body_map(|body| body.name("Acme"));
    call.send().await.map(|_| ())
}

fn milliseconds(waits: &[u64]) -> Vec<Duration> {
    waits.iter().copied().map(Duration::from_millis).collect()
}

#[tokio::test]
async fn a_trouble_that_passes_is_waited_out() {
    let server = Server::in_turn(vec![
        failing("503 Service Unavailable"),
        CUT.to_vec(),
        failing("500 Internal Server Error"),
        organization(),
    ]);
    let (client, clock) = patient(&server);
    read(&client).await.unwrap();
    assert_eq!(clock.waits(), milliseconds(&[500, 1000, 2000]));
    let lines = server.requests();
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|r| r.line == "GET /organizations/org_1"));
    assert!(lines.iter().all(|r| r.header("authorization").is_some()));
}

#[tokio::test]
async fn the_last_answer_is_the_call_s() {
    let server = Server::in_turn(vec![
        failing("502 Bad Gateway"),
        failing("502 Bad Gateway"),
        failing("502 Bad Gateway"),
        failing("504 Gateway Timeout"),
    ]);
    let (client, clock) = patient(&server);
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 504);
    assert_eq!(clock.waits().len(), 3);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once() {
    for status in [
        "302 Found",
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "409 Conflict",
        "422 Unprocessable Entity",
        "501 Not Implemented",
    ] {
        let server = Server::new(status, "a: b", "");
        let (client, clock) = patient(&server);
        read(&client).await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{status}");
        assert!(clock.waits().is_empty(), "{status}");
    }
    let server = Server::json("{}");
    let (client, _) = patient(&server);
    read(&client).await.unwrap_err();
    assert_eq!(server.requests().len(), 1, "an answer of another shape");
}

#[tokio::test]
async fn a_write_that_may_have_happened_is_not_repeated() {
    for first in [
        failing("408 Request Timeout"),
        failing("500 Internal Server Error"),
        failing("503 Service Unavailable"),
        CUT.to_vec(),
    ] {
        let server = Server::in_turn(vec![first.clone(), organization()]);
        let (client, _) = patient(&server);
        create(&client).await.unwrap_err();
        assert_eq!(server.requests().len(), 1);

        let server = Server::in_turn(vec![first, organization()]);
        let (client, _) = patient(&server);
        create(&client.with(CallOptions::new().repeatable()))
            .await
            .unwrap();
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "with leave it is");
        assert_eq!(requests[1].body, r#"{"name":"Acme"}"#);
    }
    let server = Server::in_turn(vec![failing("503 Service Unavailable"), failing("200 OK")]);
    let (client, _) = patient(&server);
    let patch = client.update_webhook_endpoint().id("we_1");
    let patch = patch.body(UpdateWebhookEndpoint::default());
    patch.send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1, "PATCH");
}

#[tokio::test]
async fn a_write_that_was_turned_away_is_repeated() {
    let server = Server::in_turn(vec![failing("429 Too Many Requests"), organization()]);
    let (client, _) = patient(&server);
    create(&client).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_write_that_no_server_heard_is_repeated() {
    // Nobody listens on a port that was given back.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let (clock, attempts) = (TestClock::default(), Arc::new(AtomicU32::new(0)));
    let counted = attempts.clone();
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{}", address.unwrap()))
        .clock(clock.clone())
        .on_attempt(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    let error = create(&client).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!(attempts.load(Ordering::Relaxed), 4);
    assert_eq!(clock.waits().len(), 3);
}

#[tokio::test]
async fn put_and_delete_are_repeated() {
    let server = Server::in_turn(vec![CUT.to_vec(), organization()]);
    let (client, _) = patient(&server);
    let put = client.update_organization().id("org_1");
    put.body_map(|body| body.name("Acme".to_owned()))
        .send()
        .await
        .unwrap();
    assert_eq!(server.requests().len(), 2);

    let server = Server::in_turn(vec![
        failing("503 Service Unavailable"),
        failing("202 Accepted"),
    ]);
    let (client, _) = patient(&server);
    let delete = client.delete_organization().id("org_1");
    delete.send().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

fn audit_log_event() -> CreateAuditLogEvent {
    serde_json::from_value(serde_json::json!({"organization_id": "org_1", "event": {
        "action": "user.signed_in", "occurred_at": "2026-01-02T03:04:05Z", "context": {"location": "192.0.2.1"},
        "actor": {"id": "user_1", "type": "user"}, "targets": [],
    }}))
    .unwrap()
}

#[tokio::test]
async fn events_of_audit_logs_keep_one_key_over_all_attempts() {
    let logged = || answer("200 OK", "a: b", r#"{"success":true}"#);
    let server = Server::in_turn(vec![
        CUT.to_vec(),
        failing("503 Service Unavailable"),
        logged(),
    ]);
    let clock = TestClock::default();
    let builder = server.builder().retries(RetryPolicy::default());
    let client = builder.clock(clock).build().unwrap();
    let call = client.create_audit_log_event().body(audit_log_event());
    call.clone().send().await.unwrap();
    call.clone().send().await.unwrap();
    call.clone().idempotency_key("mine").send().await.unwrap();

    let requests = server.requests();
    let keys: Vec<&str> = requests
        .iter()
        .map(|request| request.header("idempotency-key").unwrap())
        .collect();
    let [first, second, third, next, mine] = keys[..] else {
        panic!("{keys:?}")
    };
    assert_eq!([second, third], [first; 2]);
    assert_ne!(next, first);
    assert_eq!(mine, "mine");
    assert!(first.len() == 32 && first.bytes().all(|b| b.is_ascii_hexdigit()));
}

#[tokio::test]
async fn a_key_elsewhere_gives_no_leave_to_repeat() {
    let server = Server::new("503 Service Unavailable", "a: b", "");
    let (client, _) = patient(&server);
    create(&client).await.unwrap_err();
    assert_eq!(server.request().unwrap().header("idempotency-key"), None);
    create(&client.with(CallOptions::new().idempotency_key("key-1")))
        .await
        .unwrap_err();
    let [request] = &server.requests()[..] else {
        panic!("it was repeated")
    };
    assert_eq!(request.header("idempotency-key"), Some("key-1"));
}

#[tokio::test]
async fn the_wait_that_is_asked_for_is_kept() {
    for (header, wait) in [
        ("retry-after: 7", 7_000),
        ("retry-after: 0", 0),
        ("retry-after: Sun, 06 Nov 1994 08:49:40 GMT", 10_000),
        ("retry-after: soon", 500),
    ] {
        for status in ["429 Too Many Requests", "503 Service Unavailable"] {
            let server = Server::in_turn(vec![answer(status, header, ""), organization()]);
            let (client, clock) = patient(&server);
            read(&client).await.unwrap();
            assert_eq!(clock.waits(), milliseconds(&[wait]), "{status} {header}");
        }
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_not_begun() {
    for (longest, deadline, waited) in [(60, 120, 0), (61, 61, 0), (61, 62, 1)] {
        let server = Server::in_turn(vec![
            answer("429 Too Many Requests", "retry-after: 61", ""),
            organization(),
        ]);
        let (client, clock) = patient(&server);
        let options = CallOptions::new()
            .retries(RetryPolicy::default().max_retry_after(Duration::from_secs(longest)))
            .deadline(Duration::from_secs(deadline));
        let result = read(&client.with(options)).await;
        assert_eq!(clock.waits().len(), waited);
        if waited == 0 {
            let error = result.unwrap_err();
            assert_eq!(error.retry_after(), Some(Duration::from_secs(61)));
        } else {
            result.unwrap();
        }
    }
}

#[tokio::test]
async fn the_deadline_counts_every_wait() {
    let server = Server::new("503 Service Unavailable", "a: b", "");
    let (client, clock) = patient(&server);
    let policy = RetryPolicy::default().max_retries(100);
    let options = CallOptions::new()
        .retries(policy)
        .deadline(Duration::from_secs(30));
    read(&client.with(options)).await.unwrap_err();
    // 0.5 + 1 + 2 + 4 + 8 + 8 = 23.5, and another 8 would be too long.
    let waits = milliseconds(&[500, 1000, 2000, 4000, 8000, 8000]);
    assert_eq!(clock.waits(), waits);
}

// Tokio's clock stands still and jumps to the next deadline when nothing else can happen.
#[tokio::test(start_paused = true)]
async fn the_last_attempt_has_what_is_left_of_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let attempts = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = attempts.clone();
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .timeout(Duration::from_secs(3))
        .deadline(Duration::from_secs(5))
        .randomness(|| 0)
        .on_attempt(move |attempt| {
            seen.lock().unwrap().push(attempt.took.as_millis());
        })
        .build()
        .unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    let attempts = attempts.lock().unwrap();
    let [first, second] = attempts[..] else {
        panic!("{attempts:?}")
    };
    // Three seconds, a wait of half a second, and the rest of five.
    assert!((3000..3010).contains(&first), "{first}");
    assert!((1480..1510).contains(&second), "{second}");
}
