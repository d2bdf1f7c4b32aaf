//! Two hundred tests at once on one server, each with an environment and a clock of its own.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use workos_portal_mock::MockServer;
use workos_portal_mock::config::{
    CustomRateLimits, RateLimit, RateLimits, Settings, WebhookSettings,
};
use workos_portal_mock::testing::{Expect, Fault, TestEnvironment};

use crate::app::{Receiver, ask, get, post};

const TESTS: usize = 200;
/// Beyond this a test has failed; it waits for nothing else.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the tests share: the server, the app's own server, and the moments at which all of them have come so far.
struct Stage {
    server: MockServer,
    receiver: Receiver,
    http: reqwest::Client,
    all_here: Barrier,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_tests_at_once_see_nothing_of_one_another() {
    let stage = Arc::new(Stage {
        server: MockServer::start().await.expect("a server"),
        receiver: Receiver::start().await,
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client"),
        all_here: Barrier::new(TESTS),
    });
    let mut tests = JoinSet::new();
    for number in 0..TESTS {
        let stage = Arc::clone(&stage);
        tests.spawn(async move { test(&stage, number).await });
    }
    let mut ids = Vec::new();
    while let Some(passed) = tests.join_next().await {
        ids.push(passed.expect("a test passes"));
    }
    assert_eq!(ids.len(), TESTS);
    ids.sort();
    ids.dedup();
    // Those with one seed and one time have the same ids and still nothing in common.
    assert_eq!(ids.len(), TESTS / 2);
    let first = stage.server.default_environment();
    assert_eq!(first.requests().all().expect("a journal"), []);
}

/// One test; returns the id of its first organization.
async fn test(stage: &Stage, number: usize) -> String {
    let Stage {
        server,
        receiver,
        http,
        all_here,
    } = stage;
    let pair = i64::try_from(number / 2).expect("a small number");
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let start = start + SignedDuration::from_hours(pair);
    let is_odd = number % 2 == 1;
    let organizations = 1 + number % 3;
    let env = environment(server, start, is_odd);
    let path = format!("/hooks/{number}");
    let events = ["organization.created", "organization.deleted"];
    let endpoint = env.deliveries().endpoint(&receiver.url(&path), &events);
    endpoint.expect("an endpoint");
    all_here.wait().await;

    // Data: the same external ids in every environment.
    let mut ids = Vec::new();
    for count in 0..organizations {
        let body = json!({"name": format!("{number}/{count}"), "external_id": count.to_string()});
        let (status, made) = post(http, &env, "/organizations", body).await;
        assert_eq!(status, 201, "{made}");
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    // Faults: half of the tests have one.
    if !is_odd {
        let fault = Fault::new("list_organizations", 503);
        env.faults().add(fault).expect("a fault");
    }
    all_here.wait().await;
    let (status, _) = get(http, &env, "/organizations").await;
    assert_eq!(status, if is_odd { 200 } else { 503 });
    let (status, listed) = get(http, &env, "/organizations").await;
    let found = listed["data"].as_array().expect("a list").len();
    assert_eq!((status, found), (200, organizations));

    // Time: a link has expired where the clock went on by five minutes, and nowhere else.
    let asked = json!({"organization": ids[0], "intent": "sso"});
    let (status, made) = post(http, &env, "/portal/generate_link", asked.clone()).await;
    assert_eq!(status, 201, "{made}");
    all_here.wait().await;
    let minutes = if is_odd { 5 } else { 4 };
    let passed = SignedDuration::from_mins(minutes);
    env.clock().advance(passed).expect("a time in range");
    all_here.wait().await;
    assert_eq!(env.clock().now(), start + passed);
    let link = made["link"].as_str().expect("a link");
    let opened = http.get(link).send().await.expect("a page").status();
    assert_eq!(opened, if is_odd { 410 } else { 303 });

    // Limits: half of the tests have one.
    let mut statuses = Vec::new();
    for id in &ids {
        let path = format!("/organizations/{id}");
        let (status, _) = ask(http, &env, Method::DELETE, &path, None).await;
        statuses.push(status);
    }
    let second = if is_odd { 429 } else { 202 };
    let expected: Vec<_> = [202, second, second]
        .into_iter()
        .take(organizations)
        .collect();
    assert_eq!(statuses, expected);
    let deleted = statuses.iter().filter(|status| **status == 202).count();

    // Events and webhooks: its own, all of them, in order.
    let names = "events=organization.created&events=organization.deleted&limit=100";
    let (_, listed) = get(http, &env, &format!("/events?{names}")).await;
    let listed = listed["data"].as_array().expect("a list").clone();
    assert_eq!(listed.len(), organizations + deleted);
    let idle = env.deliveries().wait_idle(PATIENCE).await;
    idle.expect("webhooks arrive");
    let received = receiver.received(&path);
    let own = |event: &serde_json::Value| event["id"].as_str().expect("an id").to_owned();
    let ids_of = |events: &[serde_json::Value]| events.iter().map(own).collect::<Vec<_>>();
    assert_eq!(ids_of(&received), ids_of(&listed));
    let begins = format!("{number}/");
    for event in &received {
        let name = event["data"]["name"].as_str().expect("a name");
        assert!(name.starts_with(&begins), "{name} came to {number}");
    }

    // The journal: its own requests.
    all_here.wait().await;
    let requests = env.requests();
    let verify = |expect: Expect| requests.verify(expect).expect("as expected").len();
    verify(Expect::operation("create_organization").times(organizations));
    verify(Expect::operation("list_organizations").times(2));
    verify(
        Expect::operation("generate_portal_link")
            .body(asked)
            .times(1),
    );
    verify(
        Expect::request("GET", "/portal/launch")
            .status(opened.as_u16())
            .times(1),
    );
    let refused = organizations - deleted;
    verify(
        Expect::operation("delete_organization")
            .status(429)
            .times(refused),
    );
    let everything = organizations * 2 + 2 + 2 + 1;
    assert_eq!(verify(Expect::any().times(everything)), everything);
    ids.swap_remove(0)
}

/// An environment in which one organization can be deleted within a minute, or any number.
fn environment(server: &MockServer, start: Timestamp, is_limited: bool) -> TestEnvironment {
    let one_deletion = RateLimit {
        requests: 1,
        per: SignedDuration::from_mins(1),
    };
    let limits = CustomRateLimits {
        delete_organization: is_limited.then_some(one_deletion),
        ..CustomRateLimits::default()
    };
    // However busy the machine is, no delivery is given up and sent a second time.
    let webhooks = WebhookSettings {
        timeout: SignedDuration::from_mins(10),
        ..WebhookSettings::default()
    };
    server
        .environment()
        .seeded(7)
        .clock_at(start)
        .settings(Settings {
            rate_limits: RateLimits::Custom(limits),
            webhooks,
            ..Settings::default()
        })
        .strict()
        .create()
        .expect("an environment")
}
