//! Events of audit logs on their way: to receivers on this machine that take them, refuse them, fail or hang.

use contract_tests::{Answer, Receiver, TestServer};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;

use crate::audit_logs::schema;
use crate::log_streams_support::{
    https, open, resend, sent, set_up, state, states, step, stream, streaming, tell, who,
};
use crate::support::words;
use crate::webhooks_support::{happen, idle, subscribe};

#[tokio::test]
async fn what_is_refused_waits_until_the_settings_are_mended() {
    let server = TestServer::start().await;
    let (receiver, _) = streaming(&server).await;
    receiver.always(Answer::Status(401));
    tell(&server, "one").await;
    tell(&server, "two").await;
    let refused = receiver.next().await;
    idle(&server).await;
    assert_eq!(stream(&server).await["state"], "invalid");
    tell(&server, "three").await;
    let waiting = [
        state("blocked", &[401]),
        state("blocked", &[]),
        state("blocked", &[]),
    ];
    assert_eq!(states(&server).await, waiting);
    // It is not tried again by itself.
    server.advance("24 hours");
    let seen = idle(&server).await;
    assert_eq!(
        (&seen["under_way"], &seen["waiting"]),
        (&json!(0), &json!(3))
    );
    assert_eq!(server.undelivered(), 3);

    let visitor = server.visitor();
    let part = open(&server, &visitor).await;
    let mut pages = vec![words(&visitor.get(&part).await.expect(200))];
    let other = Receiver::start().await;
    let url = other.url();
    let settings = [("https_url", &*url), ("https_format", "json")];
    assert_eq!(
        step(&visitor, &part, "settings", &settings).await,
        "/activate"
    );
    // What is saved is not tried before somebody says so.
    idle(&server).await;
    assert!(other.rest().await.is_empty());
    pages.push(words(&visitor.get(&format!("{part}/activate")).await));
    assert_eq!(step(&visitor, &part, "activate", &[]).await, "");
    idle(&server).await;
    assert_eq!(stream(&server).await["state"], "active");
    let arrived = other.next_of(4).await;
    assert_eq!(who(&arrived), ["admin_portal", "one", "two", "three"]);
    assert!(
        arrived
            .iter()
            .all(|one| one.header("x-tenant") == "acme-in-confidence")
    );
    assert_eq!(arrived[1].body, refused.body, "the same bytes");
    let delivered = [
        state("delivered", &[401, 200]),
        state("delivered", &[200]),
        state("delivered", &[200]),
    ];
    assert_eq!(states(&server).await, delivered);
    assert!(receiver.rest().await.is_empty());
    let pages = pages.join("\n\n");
    let pages = pages.replace(&url, "http://other/webhooks");
    assert_snapshot!(pages.replace(&receiver.url(), "http://receiver/webhooks"));
}

#[tokio::test]
async fn what_fails_is_tried_again_at_its_instants_with_the_rest_behind_it() {
    let server = TestServer::start().await;
    let (receiver, _) = streaming(&server).await;
    receiver.answer([Answer::Status(500), Answer::Status(401), Answer::BreakOff]);
    tell(&server, "one").await;
    tell(&server, "two").await;
    let first = receiver.next().await;
    let mut tries = vec![server.now()];
    for wait in [10, 20, 40] {
        let seen = idle(&server).await;
        assert_eq!(stream(&server).await["state"], "error");
        let next = server.now() + SignedDuration::from_secs(wait);
        assert_eq!(seen["next_at"], json!(format!("{next:.3}")));
        assert_eq!(
            (&seen["under_way"], &seen["waiting"]),
            (&json!(0), &json!(2))
        );
        server.clock().set(next - SignedDuration::from_millis(1));
        idle(&server).await;
        assert!(receiver.rest().await.is_empty());
        server.clock().set(next);
        let again = receiver.next().await;
        assert_eq!(again.body, first.body, "the same bytes");
        tries.push(next);
    }
    let second = receiver.next().await;
    assert_eq!(who(&[second]), ["two"]);
    idle(&server).await;
    let shown = stream(&server).await;
    assert_eq!(shown["state"], "active");
    assert_eq!(
        shown["last_synced_at"],
        json!(format!("{:.3}", server.now()))
    );
    assert_eq!(
        states(&server).await,
        [
            state("delivered", &[500, 401, 0, 200]),
            state("delivered", &[200])
        ]
    );
    let delivery = sent(&server).await.remove(0);
    let at: Vec<_> = (0..4)
        .map(|number| delivery["attempts"][number]["attempted_at"].clone())
        .collect();
    let tries: Vec<_> = tries.iter().map(|at| json!(format!("{at:.3}"))).collect();
    assert_eq!(at, tries);
}

#[tokio::test]
async fn a_delivery_that_is_given_up_lets_the_next_one_go() {
    let server = TestServer::start().await;
    let (receiver, _) = streaming(&server).await;
    receiver.always(Answer::Status(503));
    tell(&server, "one").await;
    tell(&server, "two").await;
    for wait in [10, 20, 40, 80, 160] {
        idle(&server).await;
        server.advance(&format!("{wait} seconds"));
    }
    idle(&server).await;
    let tries = who(&receiver.rest().await);
    assert_eq!(tries, ["one", "one", "one", "one", "one", "one", "two"]);
    let failed = state("failed", &[503; 6]);
    assert_eq!(
        states(&server).await,
        [failed.clone(), state("waiting", &[503])]
    );
    receiver.always(Answer::Status(200));
    server.advance("10 seconds");
    idle(&server).await;
    assert_eq!(stream(&server).await["state"], "active");
    // What was given up is sent once more when somebody wants it.
    let one = sent(&server).await.remove(0);
    let _ = resend(&server, &one).await.expect(202);
    idle(&server).await;
    let delivered = state("delivered", &[503, 503, 503, 503, 503, 503, 200]);
    assert_eq!(states(&server).await[0], delivered);
}

/// Nothing times out here: whoever hangs does so until it is let go.
#[tokio::test]
async fn a_destination_that_hangs_delays_no_webhook_and_the_other_way_round() {
    let patient = |config: &mut workos_portal_mock::config::Config| {
        config.webhooks.timeout = "PT300S".parse().expect("a duration");
    };
    for hanging in ["stream", "webhook"] {
        let server = TestServer::with(patient).await;
        let (receiver, _) = streaming(&server).await;
        let app = Receiver::start().await;
        let _ = subscribe(&server, &app.url(), &["organization.created"]).await;
        let slow = match hanging {
            "stream" => &receiver,
            _ => &app,
        };
        slow.answer([Answer::Hang]);
        tell(&server, "one").await;
        let _ = happen(&server, "Acme").await;
        assert_eq!(who(&[receiver.next().await]), ["one"]);
        assert_eq!(app.next().await.event(), "organization.created");
        tell(&server, "two").await;
        let _ = happen(&server, "Northwind").await;
        // The other one goes on, and what is behind the one that hangs waits.
        if hanging == "stream" {
            assert_eq!(app.next().await.event(), "organization.created");
            assert!(receiver.rest().await.is_empty());
        } else {
            assert_eq!(who(&[receiver.next().await]), ["two"]);
            assert!(app.rest().await.is_empty());
        }
        slow.go_on();
        idle(&server).await;
        let delivered = state("delivered", &[200]);
        assert_eq!(states(&server).await, [delivered.clone(), delivered]);
    }
}

#[tokio::test]
async fn a_destination_that_does_not_answer_in_time_has_failed() {
    let server = TestServer::with(|config| {
        config.webhooks.timeout = "PT0.1S".parse().expect("a duration");
    })
    .await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let receiver = Receiver::start().await;
    receiver.always(Answer::Hang);
    let mut answers = https(&receiver.url());
    answers["first_event"] = json!("active");
    let _ = set_up(&server, &answers).await.expect(200);
    tell(&server, "one").await;
    idle(&server).await;
    assert_eq!(stream(&server).await["state"], "error");
    let one = sent(&server).await.remove(0);
    assert_eq!(one["state"], "waiting");
    let why = &one["attempts"][0]["error"];
    assert_eq!(*why, "The receiver did not answer in time.");
    server.expects_undelivered(1);
}
