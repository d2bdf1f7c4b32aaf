//! Deliveries that fail: when they are tried again, and what becomes of them when the endpoint changes meanwhile.

use contract_tests::{Answer, Received, Receiver, TestServer};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use workos_portal_mock::config::{DeliveryOrdering, RetryPreset, RetrySchedule};

use crate::webhooks_support::{
    Endpoint, change, deliveries, happen, idle, reach, resend, sent_to, states, statuses, steer,
    subscribe, wait,
};

const CREATED: &str = "organization.created";

async fn failing(server: &TestServer) -> (Receiver, Endpoint) {
    let receiver = Receiver::start().await;
    receiver.always(Answer::Status(500));
    let endpoint = subscribe(server, &receiver.url(), &[CREATED]).await;
    (receiver, endpoint)
}

fn names(arrived: &[Received]) -> Vec<String> {
    let name = |one: &Received| one.string("/data/name");
    arrived.iter().map(name).collect()
}

fn seconds(waits: &[i64]) -> RetrySchedule {
    RetrySchedule::Custom(
        waits
            .iter()
            .map(|wait| SignedDuration::from_secs(*wait))
            .collect(),
    )
}

#[tokio::test]
async fn retries_come_at_their_instants_and_not_before() {
    let minute = 60;
    for (retries, waits) in [
        (
            RetrySchedule::Preset(RetryPreset::Staging),
            vec![10, 20, 40, 80, 160],
        ),
        (
            RetrySchedule::Preset(RetryPreset::Production),
            vec![760, 3_040, 12_160, 48_640, 194_560],
        ),
        (seconds(&[1, 90 * minute]), vec![1, 90 * minute]),
        (RetrySchedule::Preset(RetryPreset::Off), vec![]),
    ] {
        let server = TestServer::with(|config| config.webhooks.retries = retries).await;
        let (receiver, endpoint) = failing(&server).await;
        happen(&server, "Acme").await;
        let first = receiver.next().await;
        let mut last = first.signed_at(&endpoint.secret).expect("it is signed");
        let mut expected = vec![server.now()];
        for wait in &waits {
            let seen = idle(&server).await;
            let next = server.now() + SignedDuration::from_secs(*wait);
            let text = seen["next_at"].as_str().expect("an instant");
            assert_eq!(text.parse::<Timestamp>().expect("an instant"), next);
            assert_eq!(
                (&seen["under_way"], &seen["waiting"]),
                (&json!(0), &json!(1))
            );
            // A millisecond before, nothing comes.
            server.clock().set(next - SignedDuration::from_millis(1));
            idle(&server).await;
            assert!(receiver.rest().await.is_empty());
            server.clock().set(next);
            let again = receiver.next().await;
            assert_eq!(again.body, first.body, "the same bytes");
            let at = again.signed_at(&endpoint.secret).expect("it is signed");
            assert!(at >= last, "it is signed anew");
            last = at;
            expected.push(next);
        }
        idle(&server).await;
        let sent = sent_to(&server, &endpoint).await;
        assert_eq!(sent[0]["state"], "failed");
        let attempts = sent[0]["attempts"].as_array().expect("attempts");
        let at = |attempt: &Value| {
            attempt["attempted_at"]
                .as_str()
                .and_then(|at| at.parse().ok())
        };
        let attempted: Vec<Timestamp> = attempts.iter().filter_map(at).collect();
        assert_eq!(attempted, expected);
        // That was all, however long one waits.
        server.advance("10000 hours");
        idle(&server).await;
        assert!(receiver.rest().await.is_empty());
    }
}

#[tokio::test]
async fn every_signature_of_a_retry_is_new() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = failing(&server).await;
    let signature = async || {
        let arrived = receiver.next().await;
        assert!(arrived.signed_at(&endpoint.secret).is_some());
        arrived.header("workos-signature").to_owned()
    };
    // What the environment's clock shows is another time on each attempt.
    steer(&server, &endpoint, &json!({"timestamp": "clock"})).await;
    happen(&server, "Acme").await;
    let mut signatures = vec![signature().await];
    for _ in 0..5 {
        idle(&server).await;
        server.advance("1 hour");
        signatures.push(signature().await);
    }
    idle(&server).await;
    signatures.dedup();
    assert_eq!(signatures.len(), 6);
}

#[tokio::test]
async fn a_clock_that_is_set_back_brings_nothing_again() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = failing(&server).await;
    receiver.always(Answer::Status(200));
    receiver.answer([Answer::Status(500), Answer::Status(500)]);
    happen(&server, "Acme").await;
    idle(&server).await;
    server.advance("10 seconds");
    receiver.next_of(2).await;
    idle(&server).await;
    // Back before the first retry; the second one is still to come, at its own instant.
    server.advance("-1 hour");
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    server.advance("1 hour");
    server.advance("19 seconds");
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    server.advance("1 second");
    receiver.next().await;
    idle(&server).await;
    server.advance("-1 hour");
    server.advance("2 hours");
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    assert_eq!(states(&server, &endpoint).await, ["delivered"]);
}

#[tokio::test]
async fn what_was_reached_before_the_clock_was_set_back_is_not_lost() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = failing(&server).await;
    receiver.always(Answer::Status(200));
    receiver.answer([Answer::Status(500)]);
    happen(&server, "Acme").await;
    idle(&server).await;
    receiver.next().await;
    // Nobody gets at it in between.
    server.advance("1 minute");
    server.advance("-1 hour");
    receiver.next().await;
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered"]);
}

#[tokio::test]
async fn a_failure_holds_up_nothing_in_relaxed_order() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = failing(&server).await;
    receiver.always(Answer::Status(200));
    receiver.answer([Answer::Status(500)]);
    for name in ["1", "2", "3"] {
        happen(&server, name).await;
    }
    idle(&server).await;
    assert_eq!(names(&receiver.rest().await), ["1", "2", "3"]);
    let expected = ["waiting", "delivered", "delivered"];
    assert_eq!(states(&server, &endpoint).await, expected);
    happen(&server, "4").await;
    server.advance("10 seconds");
    idle(&server).await;
    let mut rest = names(&receiver.rest().await);
    rest.sort();
    assert_eq!(rest, ["1", "4"]);
}

#[tokio::test]
async fn a_failure_holds_up_everything_behind_it_in_strict_order() {
    let server =
        TestServer::with(|config| config.webhooks.ordering = DeliveryOrdering::Strict).await;
    let (receiver, endpoint) = failing(&server).await;
    receiver.always(Answer::Status(200));
    receiver.answer([Answer::Status(500), Answer::BreakOff]);
    happen(&server, "1").await;
    receiver.next().await;
    idle(&server).await;
    for name in ["2", "3"] {
        happen(&server, name).await;
    }
    for (step, next) in [("10 seconds", "1"), ("20 seconds", "1")] {
        reach(&server, &endpoint, &["waiting", "due", "due"]).await;
        // What is behind the one that waits is not to be sent now either.
        let seen = wait(&server, "PT5S").await.expect(200).json();
        assert_eq!(
            (&seen["waiting"], &seen["under_way"]),
            (&3.into(), &0.into())
        );
        server.advance(step);
        assert_eq!(names(&receiver.next_of(1).await), [next]);
    }
    idle(&server).await;
    assert_eq!(names(&receiver.rest().await), ["2", "3"]);
    assert_eq!(states(&server, &endpoint).await, ["delivered"; 3]);
}

#[tokio::test]
async fn what_is_given_up_lets_the_next_go_in_strict_order() {
    let server = TestServer::with(|config| config.webhooks.retries = seconds(&[10])).await;
    let (receiver, endpoint) = failing(&server).await;
    steer(&server, &endpoint, &json!({"ordering": "strict"})).await;
    receiver.always(Answer::Status(200));
    receiver.answer([Answer::Status(500), Answer::Status(500)]);
    happen(&server, "1").await;
    receiver.next().await;
    idle(&server).await;
    happen(&server, "2").await;
    server.advance("10 seconds");
    assert_eq!(names(&receiver.next_of(2).await), ["1", "2"]);
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["failed", "delivered"]);
}

#[tokio::test]
async fn an_endpoint_that_lets_go_of_the_first_goes_on_with_the_second() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let both = [CREATED, "organization.deleted"];
    let endpoint = subscribe(&server, &receiver.url(), &both).await;
    steer(&server, &endpoint, &json!({"ordering": "strict"})).await;
    receiver.answer([Answer::Status(500)]);
    let id = happen(&server, "1").await;
    receiver.next().await;
    idle(&server).await;
    let path = format!("/organizations/{id}");
    let _ = server.delete(&path).send().await.expect(202);
    change(&server, &endpoint, &json!({"events": both[1..]})).await;
    assert_eq!(receiver.next().await.event(), both[1]);
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["cancelled", "delivered"]);
}

#[tokio::test]
async fn a_retry_goes_to_where_the_endpoint_is_now() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = failing(&server).await;
    happen(&server, "Acme").await;
    receiver.next().await;
    idle(&server).await;
    let moved = Receiver::start().await;
    change(&server, &endpoint, &json!({"endpoint_url": moved.url()})).await;
    server.advance("10 seconds");
    let arrived = moved.next().await;
    assert!(arrived.signed_at(&endpoint.secret).is_some());
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    let sent = sent_to(&server, &endpoint).await;
    let urls: Vec<_> = sent[0]["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| attempt["request"]["url"].clone())
        .collect();
    assert_eq!(urls, [receiver.url(), moved.url()]);
}

#[tokio::test]
async fn what_waits_for_an_endpoint_that_is_not_to_have_it_any_more_is_cancelled() {
    for (change_to, reason) in [
        (json!({"status": "disabled"}), "The endpoint was disabled."),
        (
            json!({"events": []}),
            "The endpoint is not subscribed to this event any more.",
        ),
        (Value::Null, "The endpoint was deleted."),
    ] {
        let server = TestServer::start().await;
        let (receiver, endpoint) = failing(&server).await;
        happen(&server, "1").await;
        receiver.next().await;
        idle(&server).await;
        steer(&server, &endpoint, &json!({"paused": true})).await;
        happen(&server, "2").await;
        if change_to.is_null() {
            let path = format!("/webhook_endpoints/{}", endpoint.id);
            let _ = server.delete(&path).send().await.expect(204);
        } else {
            change(&server, &endpoint, &change_to).await;
            steer(&server, &endpoint, &json!({})).await;
        }
        happen(&server, "3").await;
        server.advance("1 hour");
        idle(&server).await;
        assert!(receiver.rest().await.is_empty());
        let sent = sent_to(&server, &endpoint).await;
        assert_eq!(states(&server, &endpoint).await, ["cancelled"; 2]);
        assert!(sent.iter().all(|delivery| delivery["reason"] == reason));

        receiver.always(Answer::Status(200));
        let again = resend(&server, &sent[0]).await;
        match &change_to {
            Value::Null => drop(again.expect(404)),
            changes if changes.get("status").is_some() => {
                let refused = again.expect(422);
                assert!(refused.text().contains("is disabled"), "{refused}");
                // Enabled again, it gets what it is asked to get, and nothing by itself.
                change(&server, &endpoint, &json!({"status": "enabled"})).await;
                idle(&server).await;
                assert!(receiver.rest().await.is_empty());
                let _ = resend(&server, &sent[0]).await.expect(202);
                assert_eq!(names(&receiver.next_of(1).await), ["1"]);
                idle(&server).await;
                assert_eq!(states(&server, &endpoint).await, ["delivered", "cancelled"]);
            }
            _ => {
                let _ = again.expect(202);
                receiver.next().await;
                idle(&server).await;
            }
        }
    }
}

#[tokio::test]
async fn what_is_on_its_way_when_its_endpoint_goes_arrives_or_not_but_only_once() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    receiver.always(Answer::Hang);
    let endpoint = subscribe(&server, &receiver.url(), &[CREATED]).await;
    happen(&server, "1").await;
    happen(&server, "2").await;
    receiver.next().await;
    change(&server, &endpoint, &json!({"status": "disabled"})).await;
    assert_eq!(states(&server, &endpoint).await, ["cancelled"; 2]);
    receiver.go_on();
    // The first was taken after all, which is told; the second is not sent.
    reach(&server, &endpoint, &["delivered", "cancelled"]).await;
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn anything_is_sent_once_more_unless_it_is_on_its_way() {
    let server = TestServer::with(|config| config.webhooks.retries = seconds(&[10])).await;
    let (receiver, endpoint) = failing(&server).await;
    happen(&server, "Acme").await;
    idle(&server).await;
    let sent = sent_to(&server, &endpoint).await;
    let mut expected = vec![500];
    // Waiting, failed and delivered.
    for (state, answer) in [
        ("waiting", 500),
        ("failed", 200),
        ("delivered", 503),
        ("failed", 201),
    ] {
        assert_eq!(states(&server, &endpoint).await, [state]);
        receiver.answer([Answer::Status(answer)]);
        let accepted = resend(&server, &sent[0]).await.expect(202);
        assert_eq!(accepted.string("/state"), "due");
        idle(&server).await;
        expected.push(answer.into());
    }
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(statuses(&sent[0]), expected);
    assert_eq!(receiver.rest().await.len(), expected.len());
    // On its way.
    receiver.answer([Answer::Hang]);
    let _ = resend(&server, &sent[0]).await.expect(202);
    receiver.next().await;
    let refused = resend(&server, &sent[0]).await.expect(409);
    insta::assert_snapshot!(refused);
    receiver.go_on();
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered"]);
    assert_eq!(deliveries(&server, "").await.len(), 1, "it is the same one");
}
