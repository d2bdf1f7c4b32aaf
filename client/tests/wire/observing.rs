use std::sync::{Arc, Mutex};
use std::time::Duration;

use workos_portal::{Outcome, RetryPolicy};

use crate::ORGANIZATION;
use crate::clock::TestClock;
use crate::log::Log;
use crate::server::{KEY, Server, answer};

fn limited_once() -> Server {
    Server::in_turn(vec![
        answer(
            "429 Too Many Requests",
            "x-request-id: req_1\r\nretry-after: 2",
            r#"{"message":"Slow down, ada@example.com."}"#,
        ),
        answer("200 OK", "x-request-id: req_2", ORGANIZATION),
    ])
}

#[tokio::test]
async fn the_app_sees_every_attempt() {
    let server = limited_once();
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let seen = attempts.clone();
    let client = server
        .builder()
        .retries(RetryPolicy::default())
        .clock(TestClock::default())
        .randomness(|| 0)
        .on_attempt(move |attempt| {
            seen.lock().unwrap().push((
                attempt.operation,
                attempt.number,
                attempt.outcome,
                attempt.request_id.map(str::to_owned),
                attempt.retry_in,
            ));
        })
        .build()
        .unwrap();
    client.get_organization().id("org_1").send().await.unwrap();
    let answered = |status: u16| Outcome::Answered(status.try_into().unwrap());
    let wait = Duration::from_secs(2);
    assert_eq!(
        *attempts.lock().unwrap(),
        [
            (
                "get_organization",
                1,
                answered(429),
                Some("req_1".into()),
                Some(wait)
            ),
            (
                "get_organization",
                2,
                answered(200),
                Some("req_2".into()),
                None
            ),
        ]
    );
}

#[tokio::test]
async fn the_log_tells_how_a_call_went_and_no_secret() {
    let (log, _guard) = Log::of_this_thread();

    let server = limited_once();
    let client = server
        .builder()
        .retries(RetryPolicy::default())
        .clock(TestClock::default())
        .randomness(|| 0)
        .build()
        .unwrap();
    client
        .get_organization_by_external_id()
        .external_id("ada@example.com")
        .send()
        .await
        .unwrap();

    let log = log.text();
    let ours: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("workos_portal"))
        .collect();
    let [first, second] = ours[..] else {
        panic!("{log}")
    };
    for (line, parts) in [
        (
            first,
            [
                " INFO workos_call{operation=\"get_organization_by_external_id\"}: ",
                "the call is sent again operation=\"get_organization_by_external_id\" attempt=1 outcome=429 request_id=\"req_1\"",
                "retry_in_ms=2000",
            ],
        ),
        (
            second,
            [
                "DEBUG workos_call{operation=\"get_organization_by_external_id\"}: ",
                "the call has ended operation=\"get_organization_by_external_id\" attempt=2 outcome=200 request_id=\"req_2\"",
                "took_ms=0",
            ],
        ),
    ] {
        for part in parts {
            assert!(line.contains(part), "{line}\n{part}");
        }
        for secret in [KEY, "ada", "Slow down"] {
            assert!(!line.contains(secret), "{line}");
        }
    }
    assert!(!log.contains(KEY), "{log}");
}
