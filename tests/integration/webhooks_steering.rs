//! Endpoints on bad days: what a test can have done to their webhooks, the same every time.

use contract_tests::{Answer, Received, Receiver, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::transcripts;
use crate::webhooks_support::{Endpoint, happen, idle, reach, sent_to, states, steer, subscribe};

const CREATED: &str = "organization.created";

async fn taking(server: &TestServer) -> (Receiver, Endpoint) {
    let receiver = Receiver::start().await;
    let endpoint = subscribe(server, &receiver.url(), &[CREATED]).await;
    (receiver, endpoint)
}

fn names(arrived: &[Received]) -> Vec<String> {
    let name = |one: &Received| one.string("/data/name");
    arrived.iter().map(name).collect()
}

/// What arrives of `count` events when webhooks are steered so.
async fn arrive(steering: &Value, count: usize) -> Vec<Received> {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    steer(&server, &endpoint, steering).await;
    for number in 1..=count {
        happen(&server, &number.to_string()).await;
    }
    idle(&server).await;
    let waiting = states(&server, &endpoint).await;
    let waiting = waiting.iter().filter(|state| *state == "held").count();
    server.expects_undelivered(waiting);
    receiver.rest().await
}

#[tokio::test]
async fn odd_bodies_are_the_same_json_and_verify_as_bytes_only() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    receiver.answer([Answer::Status(500)]);
    steer(&server, &endpoint, &json!({"body": "odd", "seed": 1})).await;
    for _ in 0..2 {
        happen(&server, "Zoë / 株式会社").await;
    }
    idle(&server).await;
    server.advance("10 seconds");
    let all = receiver.next_of(3).await;
    idle(&server).await;
    for one in &all {
        assert!(one.signed_at(&endpoint.secret).is_some());
        let text = String::from_utf8(one.body.to_vec()).expect("text");
        assert_ne!(
            text,
            one.json().to_string(),
            "written again it is something else"
        );
    }
    assert_eq!(
        all[0].body, all[2].body,
        "every attempt sends the same bytes"
    );
    assert_ne!(all[0].body, all[1].body);
    let listed = crate::support::events(&server, CREATED).await;
    assert_eq!([all[0].json(), all[1].json()], listed[..]);
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(
        sent[0]["attempts"][1]["request"]["body"],
        String::from_utf8_lossy(&all[0].body).as_ref()
    );

    let odd = json!({"body": "odd", "seed": 5});
    let bodies = async |steering: &Value| -> Vec<_> {
        let all = arrive(steering, 3).await;
        all.into_iter().map(|one| one.body).collect()
    };
    let first = bodies(&odd).await;
    assert_eq!(bodies(&odd).await, first, "the same seed, the same bytes");
    assert_ne!(bodies(&json!({"body": "odd", "seed": 6})).await, first);
}

#[tokio::test]
async fn wrong_signatures_are_wrong_in_their_ways() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    let mut headers = Vec::new();
    for signature in ["valid", "invalid", "malformed", "missing"] {
        steer(&server, &endpoint, &json!({"signature": signature})).await;
        happen(&server, signature).await;
        let arrived = receiver.next().await;
        idle(&server).await;
        let signed = arrived.signed_at(&endpoint.secret).is_some();
        assert_eq!(signed, signature == "valid");
        headers.push(arrived.header("workos-signature").to_owned());
        let sent = sent_to(&server, &endpoint).await;
        let shown = &sent.last().expect("a delivery")["attempts"][0]["request"]["headers"];
        match signature {
            "missing" => assert_eq!(shown.get("WorkOS-Signature"), None),
            _ => assert_eq!(shown["WorkOS-Signature"], headers[headers.len() - 1]),
        }
    }
    let shape = |header: &str| -> String {
        let mark = |c: char| if c.is_ascii_hexdigit() { 'x' } else { c };
        header.chars().map(mark).collect()
    };
    assert_eq!(
        shape(&headers[1]),
        shape(&headers[0]),
        "one looks like the other"
    );
    let (time, _) = headers[0].split_once(',').expect("a time");
    assert_eq!(shape(&headers[2]), shape(time));
    assert_eq!(headers[3], "");
}

#[tokio::test]
async fn the_time_of_a_signature_is_as_it_is_wanted() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    let mut times = Vec::new();
    for timestamp in ["current", "old", "future", "clock"] {
        steer(&server, &endpoint, &json!({"timestamp": timestamp})).await;
        happen(&server, timestamp).await;
        let arrived = receiver.next().await;
        idle(&server).await;
        // Each of them is signed rightly: only its time is wrong.
        times.push(arrived.signed_at(&endpoint.secret).expect("it is signed"));
    }
    // Whole minutes, but for what the test took.
    let minutes = |from: i64, to: i64| (to - from + 30_000) / 60_000;
    assert_eq!(minutes(times[1], times[0]), 10);
    assert_eq!(minutes(times[0], times[2]), 10);
    assert_eq!(times[3], server.now().as_millisecond());
}

#[tokio::test]
async fn a_window_is_shuffled_when_it_is_full() {
    let steering = json!({"shuffle": 5, "seed": 3});
    let all = names(&arrive(&steering, 12).await);
    assert_eq!(all.len(), 10, "the last two are held back");
    let sorted = |window: &[String]| {
        let mut sorted = window.to_vec();
        sorted.sort_by_key(|name| name.parse::<u32>().ok());
        sorted
    };
    assert_eq!(sorted(&all[..5]), ["1", "2", "3", "4", "5"]);
    assert_eq!(sorted(&all[5..]), ["6", "7", "8", "9", "10"]);
    assert_ne!(sorted(&all[..5]), all[..5]);
    assert_ne!(sorted(&all[5..]), all[5..]);
    assert_eq!(names(&arrive(&steering, 12).await), all);
    let other = json!({"shuffle": 5, "seed": 4});
    assert_ne!(names(&arrive(&other, 12).await), all);
}

#[tokio::test]
async fn a_window_that_stays_open_is_let_go_by_the_clock() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    steer(&server, &endpoint, &json!({"shuffle": 5})).await;
    for name in ["1", "2", "3"] {
        happen(&server, name).await;
        server.advance("1 second");
    }
    let seen = idle(&server).await;
    assert_eq!(
        (&seen["waiting"], &seen["next_at"]),
        (&json!(3), &json!("2026-01-01T00:00:05.000Z"))
    );
    assert_eq!(states(&server, &endpoint).await, ["held"; 3]);
    server
        .clock()
        .set("2026-01-01T00:00:04.999Z".parse().expect("an instant"));
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    // The first has waited long enough, and takes the others along.
    server.advance("1 millisecond");
    let mut all = names(&receiver.next_of(3).await);
    assert_ne!(all, ["1", "2", "3"]);
    all.sort();
    assert_eq!(all, ["1", "2", "3"]);
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered"; 3]);
    // What is held when the endpoint is steered in another way is let go as well.
    happen(&server, "4").await;
    steer(&server, &endpoint, &json!({})).await;
    assert_eq!(names(&receiver.next_of(1).await), ["4"]);
    idle(&server).await;
}

#[tokio::test]
async fn what_was_shuffled_is_in_order_again_when_the_order_is_strict() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    steer(&server, &endpoint, &json!({"shuffle": 4, "paused": true})).await;
    for name in ["1", "2", "3", "4", "5"] {
        happen(&server, name).await;
    }
    steer(&server, &endpoint, &json!({"ordering": "strict"})).await;
    idle(&server).await;
    assert_eq!(names(&receiver.rest().await), ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn every_so_many_th_is_sent_twice() {
    let all = arrive(&json!({"duplicate_every": 3}), 7).await;
    assert_eq!(names(&all), ["1", "2", "3", "3", "4", "5", "6", "6", "7"]);
    assert_eq!(all[2].body, all[3].body);
    let all = arrive(&json!({"duplicate_every": 1}), 2).await;
    assert_eq!(names(&all), ["1", "1", "2", "2"]);

    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    steer(&server, &endpoint, &json!({"duplicate_every": 2})).await;
    for name in ["1", "2"] {
        happen(&server, name).await;
    }
    receiver.next_of(3).await;
    idle(&server).await;
    let sent = sent_to(&server, &endpoint).await;
    let told = |member: &str| -> Vec<_> { sent.iter().map(|one| one[member].clone()).collect() };
    assert_eq!(told("cause"), ["event", "event", "duplicate"]);
    assert_eq!(sent[1]["event_id"], sent[2]["event_id"]);
    assert_ne!(sent[1]["id"], sent[2]["id"]);
}

#[tokio::test]
async fn a_delay_is_one_of_the_environments_clock_and_of_each_delivery() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    steer(&server, &endpoint, &json!({"delay": "PT1M"})).await;
    happen(&server, "1").await;
    server.advance("30 seconds");
    happen(&server, "2").await;
    let seen = idle(&server).await;
    assert_eq!(seen["waiting"], 2);
    server.advance("29.999 seconds");
    idle(&server).await;
    assert!(receiver.rest().await.is_empty());
    server.advance("1 millisecond");
    assert_eq!(names(&receiver.next_of(1).await), ["1"]);
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered", "waiting"]);
    server.advance("1 hour");
    assert_eq!(names(&receiver.next_of(1).await), ["2"]);
    idle(&server).await;
}

#[tokio::test]
async fn an_endpoint_is_paused_and_goes_on_where_it_was() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    let (other, _) = taking(&server).await;
    steer(&server, &endpoint, &json!({"paused": true})).await;
    for name in ["1", "2"] {
        happen(&server, name).await;
    }
    assert_eq!(names(&other.next_of(2).await), ["1", "2"]);
    reach(&server, &endpoint, &["due", "due"]).await;
    assert!(receiver.rest().await.is_empty());
    steer(&server, &endpoint, &json!({"paused": false})).await;
    assert_eq!(names(&receiver.next_of(2).await), ["1", "2"]);
    idle(&server).await;
}

#[tokio::test]
async fn everything_is_paused_and_goes_on() {
    let server = TestServer::start().await;
    let (receiver, endpoint) = taking(&server).await;
    let call = async |name: &str| {
        let path = format!("/_mock/deliveries/{name}");
        server.call("POST", &path).send().await.expect(200)
    };
    let mut replies = vec![call("pause").await];
    happen(&server, "1").await;
    happen(&server, "2").await;
    let body = json!({"timeout": "PT0S"});
    let wait = server.post("/_mock/deliveries/wait", &body).send().await;
    replies.push(wait.expect(409));
    assert!(receiver.rest().await.is_empty());
    assert_eq!(states(&server, &endpoint).await, ["due"; 2]);
    // Twice is as good as once.
    let _ = call("pause").await;
    let _ = call("resume").await;
    assert_eq!(names(&receiver.next_of(2).await), ["1", "2"]);
    idle(&server).await;
    replies.push(call("resume").await);
    assert_snapshot!(transcripts(replies));
}
