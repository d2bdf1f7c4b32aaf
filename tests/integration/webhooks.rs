//! Webhooks that arrive: good days, bad receivers beside good ones, and what of all that is seen.

use contract_tests::{Answer, DeadPort, Received, Receiver, TestServer};
use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};
use workos_portal_mock::config::{RetryPreset, RetrySchedule};

use crate::support::{self, domain, link_with};
use crate::webhooks_support::{
    deliveries, happen, idle, resend, sent_to, states, statuses, steer, subscribe, told,
};

#[tokio::test]
async fn an_event_arrives_as_the_list_of_events_shows_it() {
    // A clock that shows the past: what is signed is not signed with its time.
    let server = TestServer::with(|config| {
        config.clock = Some("2001-02-03T04:05:06.789Z".parse().expect("an instant"));
    })
    .await;
    let receiver = Receiver::start().await;
    let endpoint = subscribe(&server, &receiver.url(), &["organization.created"]).await;
    receiver.answer([Answer::Text(202, "thanks".to_owned())]);
    happen(&server, "Zoë & 株式会社 / \"🦀\"").await;
    let arrived = receiver.next().await;
    idle(&server).await;

    assert_eq!(arrived.target, "/webhooks");
    assert_eq!(arrived.header("content-type"), "application/json");
    assert!(
        arrived
            .header("user-agent")
            .starts_with("workos-portal-mock/")
    );
    assert_eq!(
        arrived.headers.get_all("workos-signature").iter().count(),
        1
    );
    let at = arrived.signed_at(&endpoint.secret).expect("it is signed");
    let clock = server.now().as_millisecond();
    assert!(at > clock, "{at} is real time");

    let listed = support::events(&server, "organization.created").await;
    assert_eq!(arrived.json(), listed[0]);
    assert_eq!(
        arrived.body,
        listed[0].to_string(),
        "compact, with nothing escaped that need not be"
    );
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(
        sent[0]["attempts"][0]["request"]["body"],
        String::from_utf8_lossy(&arrived.body).as_ref()
    );
    assert_eq!(
        sent[0]["attempts"][0]["request"]["headers"]["WorkOS-Signature"],
        arrived.header("workos-signature")
    );
    assert_snapshot!(told(&sent[0], &receiver.url()));
    let path = format!(
        "/_mock/deliveries/{}",
        sent[0]["id"].as_str().expect("an id")
    );
    let shown = server.get(&path).send().await.expect(200);
    assert_eq!(shown.json(), sent[0]);
}

#[tokio::test]
async fn every_endpoint_gets_what_it_is_subscribed_to_signed_with_its_own_secret() {
    let server = TestServer::start().await;
    let (one, other, third) = (
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let names = ["organization.created", "organization.deleted"];
    let first = subscribe(&server, &one.url(), &names).await;
    let second = subscribe(&server, &other.url(), &names[..1]).await;
    subscribe(&server, &third.url(), &[]).await;
    let id = happen(&server, "Acme").await;
    let path = format!("/organizations/{id}");
    let _ = server.delete(&path).send().await.expect(202);
    idle(&server).await;
    let (ones, others) = (one.rest().await, other.rest().await);
    let told = |all: &[Received]| -> Vec<String> { all.iter().map(Received::event).collect() };
    assert_eq!(told(&ones), names);
    assert_eq!(told(&others), names[..1]);
    assert!(third.rest().await.is_empty());
    assert_eq!(ones[0].body, others[0].body);
    assert!(ones[0].signed_at(&first.secret).is_some());
    assert!(others[0].signed_at(&second.secret).is_some());
    assert!(others[0].signed_at(&first.secret).is_none());
}

#[tokio::test]
async fn a_thousand_events_arrive_in_order_beside_an_endpoint_that_fails() {
    const EVENTS: usize = 1_000;
    let server = TestServer::with(|config| {
        config.webhooks.retries = RetrySchedule::Preset(RetryPreset::Off);
    })
    .await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    bad.always(Answer::Status(500));
    let names = ["organization.created", "organization.updated"];
    subscribe(&server, &good.url(), &names).await;
    subscribe(&server, &bad.url(), &names).await;
    let id = happen(&server, "0").await;
    let path = format!("/organizations/{id}");
    for number in 1..EVENTS {
        let body = json!({"name": number.to_string()});
        let _ = server.put(&path, &body).send().await.expect(200);
    }
    idle(&server).await;
    let numbers = async |receiver: &Receiver| -> Vec<usize> {
        let all = receiver.rest().await;
        let number = |one: &Received| one.string("/data/name").parse().ok();
        all.iter().filter_map(number).collect()
    };
    let expected: Vec<usize> = (0..EVENTS).collect();
    assert_eq!(numbers(&good).await, expected);
    assert_eq!(numbers(&bad).await, expected, "each failed, and in order");
}

#[tokio::test]
async fn an_endpoint_that_hangs_holds_up_nobody_else() {
    let server = TestServer::with(|config| {
        config.webhooks.timeout = "PT300S".parse().expect("a duration");
    })
    .await;
    let (good, hung) = (Receiver::start().await, Receiver::start().await);
    hung.always(Answer::Hang);
    let to_good = subscribe(&server, &good.url(), &["organization.created"]).await;
    let to_hung = subscribe(&server, &hung.url(), &["organization.created"]).await;
    for number in 0..20 {
        happen(&server, &number.to_string()).await;
    }
    // The healthy one has everything while the other still has not answered the first.
    for number in 0..20 {
        assert_eq!(good.next().await.string("/data/name"), number.to_string());
    }
    assert_eq!(hung.next().await.string("/data/name"), "0");
    assert!(hung.rest().await.is_empty());
    let expected = [vec!["sending"], vec!["due"; 19]].concat();
    assert_eq!(states(&server, &to_hung).await, expected);
    hung.go_on();
    idle(&server).await;
    assert_eq!(hung.rest().await.len(), 19);
    for endpoint in [to_good, to_hung] {
        assert_eq!(states(&server, &endpoint).await, ["delivered"; 20]);
    }
}

#[tokio::test]
async fn a_receiver_that_fails_in_each_way_gets_it_again() {
    let server = TestServer::with(|config| {
        config.webhooks.timeout = "PT0.3S".parse().expect("a duration");
    })
    .await;
    let receiver = Receiver::start().await;
    let endpoint = subscribe(&server, &receiver.url(), &["organization.created"]).await;
    let bad = [
        Answer::Text(500, "é".repeat(5_000)),
        Answer::BreakOff,
        Answer::Hang,
        Answer::Redirect,
        Answer::Status(410),
    ];
    receiver.answer(bad);
    happen(&server, "Acme").await;
    for _ in 0..5 {
        idle(&server).await;
        server.advance("1 hour");
    }
    idle(&server).await;
    let all = receiver.rest().await;
    assert_eq!(all.len(), 6, "a redirect is not followed");
    assert!(all.iter().all(|one| one.body == all[0].body));
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(statuses(&sent[0]), [500, 0, 0, 307, 410, 200]);
    assert_eq!(sent[0]["state"], "delivered");
    let attempts = sent[0]["attempts"].as_array().expect("attempts");
    let body = attempts[0]["response_body"].as_str().expect("a body");
    assert_eq!((body.len(), body.chars().last()), (4096, Some('é')));
    assert_eq!(attempts[0]["response_truncated"], true);
    let errors: Vec<&str> = attempts
        .iter()
        .map(|attempt| attempt["error"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(
        errors,
        [
            "The receiver did not answer with a 2xx status.",
            "The connection ended in the middle of the answer.",
            "The receiver did not answer in time.",
            "The receiver answered with a redirect, which is not followed.",
            "The receiver did not answer with a 2xx status.",
            "",
        ]
    );
}

#[tokio::test]
async fn an_answer_without_an_end_is_an_answer() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let endpoint = subscribe(&server, &receiver.url(), &["organization.created"]).await;
    receiver.answer([Answer::Endless]);
    happen(&server, "One").await;
    happen(&server, "Two").await;
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered"; 2]);
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(sent[0]["attempts"][0]["response_truncated"], true);
}

#[tokio::test]
async fn an_app_that_is_not_up_yet_gets_it_when_it_is() {
    let server = TestServer::start().await;
    let port = DeadPort::bind().await;
    let endpoint = subscribe(&server, &port.url(), &["organization.created"]).await;
    happen(&server, "Acme").await;
    idle(&server).await;
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(sent[0]["state"], "waiting");
    assert_eq!(
        sent[0]["attempts"][0]["error"],
        "The receiver cannot be reached."
    );
    let receiver = port.listen();
    let _ = resend(&server, &sent[0]).await.expect(202);
    assert_eq!(receiver.next().await.event(), "organization.created");
    idle(&server).await;
    assert_eq!(states(&server, &endpoint).await, ["delivered"]);
}

#[tokio::test]
async fn what_is_not_to_be_dialled_is_recorded_and_holds_up_nothing() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let url = "https://app.example/webhooks";
    let away = subscribe(&server, url, &["organization.created"]).await;
    let here = subscribe(&server, &receiver.url(), &["organization.created"]).await;
    happen(&server, "Acme").await;
    assert_eq!(receiver.next().await.event(), "organization.created");
    let seen = idle(&server).await;
    assert_eq!(
        (&seen["waiting"], &seen["next_at"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(states(&server, &here).await, ["delivered"]);
    let sent = sent_to(&server, &away).await;
    assert_snapshot!(told(&sent[0], url));
    // Once more is not dialled either.
    let _ = resend(&server, &sent[0]).await.expect(202);
    idle(&server).await;
    let sent = sent_to(&server, &away).await;
    assert_eq!(sent[0]["state"], "not_dialled");
    assert_eq!(statuses(&sent[0]), [0, 0]);
}

#[tokio::test]
async fn a_host_that_the_configuration_names_is_dialled() {
    // A name that no resolver knows: it is dialled, and that fails.
    let server = TestServer::with(|config| {
        config.dial_hosts = vec!["app.invalid".to_owned()];
    })
    .await;
    let url = "https://app.invalid/webhooks";
    let endpoint = subscribe(&server, url, &["organization.created"]).await;
    happen(&server, "Acme").await;
    idle(&server).await;
    let sent = sent_to(&server, &endpoint).await;
    assert_eq!(sent[0]["state"], "waiting");
    server.expects_undelivered(1);
}

#[tokio::test]
async fn what_is_refused_is_not_sent() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    subscribe(&server, &receiver.url(), &["organization.created"]).await;
    let body = json!({"name": "One", "external_id": "same"});
    support::organization(&server, &body).await;
    let refused = server.post("/organizations", &body).send().await;
    assert!(refused.status >= 400, "{refused}");
    idle(&server).await;
    assert_eq!(receiver.rest().await.len(), 1);
    assert_eq!(deliveries(&server, "").await.len(), 1);
}

#[tokio::test]
async fn a_setup_in_the_portal_is_told() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let names = [
        "connection.activated",
        "authentication.sso_succeeded",
        "dsync.activated",
    ];
    let endpoint = subscribe(&server, &receiver.url(), &names).await;
    for intent in ["sso", "dsync"] {
        let link = link_with(&server, &json!({"intent": intent})).await;
        let body = json!({"link": link});
        let completed = server.post("/_mock/portal_links/complete", &body);
        let _ = completed.send().await.expect(200);
    }
    let all = receiver.next_of(3).await;
    idle(&server).await;
    let told: Vec<String> = all.iter().map(Received::event).collect();
    assert_eq!(told, names);
    let listed = support::events(&server, &names.join(",")).await;
    let arrived: Vec<Value> = all.iter().map(Received::json).collect();
    assert_eq!(arrived, listed);
    for one in &all {
        assert!(one.signed_at(&endpoint.secret).is_some());
    }
}

#[tokio::test]
async fn what_time_brings_is_told_without_a_call() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let name = "organization_domain.verification_failed";
    let endpoint = subscribe(&server, &receiver.url(), &[name]).await;
    steer(&server, &endpoint, &json!({"delay": "PT1H"})).await;
    domain(&server, "acme.example").await;
    let over = server.now() + jiff::SignedDuration::from_hours(30 * 24);
    // Two instants one after the other: the event happens, and its delay is over.
    server.advance("719 hours");
    server.advance("1 hour");
    server.advance("59 minutes");
    assert!(receiver.rest().await.is_empty());
    server.advance("1 minute");
    let arrived = receiver.next().await;
    assert_eq!(arrived.event(), name);
    let at: Timestamp = arrived.string("/created_at").parse().expect("an instant");
    assert_eq!(at, over);
    idle(&server).await;
}
