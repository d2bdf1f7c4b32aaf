//! What can be done with an environment.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use workos_portal_mock::MockServer;
use workos_portal_mock::config::Settings;
use workos_portal_mock::testing::{DeliveryState, Error, Expect, Fault};

use crate::app::{Receiver, get, post};

#[test]
fn one_server_serves_the_tests_of_a_process_one_after_the_other() {
    let visit = || {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mock = MockServer::shared().expect("a server");
            let env = mock.environment().create().expect("an environment");
            let http = reqwest::Client::new();
            let (status, listed) = get(&http, &env, "/organizations").await;
            assert_eq!((status, &listed["data"]), (200, &json!([])));
            (mock.url().to_owned(), env.api_key().to_owned())
        })
    };
    let (first, second) = (visit(), visit());
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
}

#[tokio::test]
async fn an_environment_is_gone_with_its_handle() {
    let mock = MockServer::start().await.expect("a server");
    let http = reqwest::Client::new();
    let env = mock.environment().create().expect("an environment");
    let (url, key) = (
        format!("{}/organizations", env.url()),
        env.api_key().to_owned(),
    );
    let status = async || {
        http.get(&url)
            .bearer_auth(&key)
            .send()
            .await
            .map(|it| it.status())
    };
    assert_eq!(status().await.expect("an answer"), 200);
    drop(env);
    assert_eq!(status().await.expect("an answer"), 401);
    // The one that the server started with is there as long as the server.
    assert_eq!(
        get(&http, mock.default_environment(), "/organizations")
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_deleted_environment_is_said_to_be_gone() {
    let mock = MockServer::start().await.expect("a server");
    let env = mock.environment().create().expect("an environment");
    let url = format!("{}/_mock/environments/{}", env.url(), env.id());
    let call = reqwest::Client::new()
        .delete(url)
        .bearer_auth(env.api_key());
    assert_eq!(call.send().await.expect("an answer").status(), 204);
    let gone = Err(Error::Gone(env.id().to_owned()));
    assert_eq!(env.reset(), gone);
    assert_eq!(env.faults().clear(), gone);
    assert_eq!(env.deliveries().undelivered().map(drop), gone);
    assert_eq!(env.requests().all().map(drop), gone);
    assert_eq!(
        format!("{:?}", env.reset()),
        format!("Err(the environment {} is gone)", env.id())
    );
}

#[tokio::test]
async fn a_reset_brings_everything_back_to_where_it_was() {
    let mock = MockServer::start().await.expect("a server");
    let start = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let env = mock
        .environment()
        .seeded(7)
        .clock_at(start)
        .client_id("client_a");
    let env = env.test_organization().create().expect("an environment");
    let http = reqwest::Client::new();
    let body = json!({"name": "Acme"});
    let (_, first) = post(&http, &env, "/organizations", body.clone()).await;
    env.clock()
        .advance(SignedDuration::from_hours(1))
        .expect("a time in range");
    env.faults()
        .add(Fault::new("create_organization", 500))
        .expect("a fault");
    env.reset().expect("a reset");
    assert_eq!(env.clock().now(), start);
    assert_eq!(env.requests().all().expect("a journal"), []);
    assert_eq!(
        post(&http, &env, "/organizations", body).await,
        (201, first)
    );
    assert_eq!(
        (env.client_id(), env.organization_id().is_some()),
        ("client_a", true)
    );
}

#[tokio::test]
async fn faults_fire_as_often_as_asked() {
    let mock = MockServer::start().await.expect("a server");
    let env = mock.environment().create().expect("an environment");
    let http = reqwest::Client::new();
    let fault = Fault::new("list_organizations", 429)
        .times(2)
        .retry_after(30);
    let fault = env.faults().add(fault).expect("a fault");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&http, &env, "/organizations").await.0);
    }
    assert_eq!(statuses, [429, 429, 200]);
    assert_eq!(fault.fired(), Ok(2));
    let again = fault.clone();
    fault.remove().expect("it is there");
    let gone = again.fired().expect_err("it is gone").to_string();
    assert!(
        gone.starts_with("the fault fault_") && gone.ends_with(" is gone"),
        "{gone}"
    );
    for (fault, message) in [
        (
            Fault::new("list_organisations", 500),
            "there is no operation `list_organisations`; the nearest is `list_organizations`",
        ),
        (
            Fault::new("list_organizations", 200),
            "a fault has one of the statuses 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504",
        ),
        (
            Fault::new("list_organizations", 500).times(0),
            "a fault that no call gets does nothing",
        ),
    ] {
        let error = env.faults().add(fault).expect_err("a refusal");
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn what_differs_is_said() {
    let mock = MockServer::start().await.expect("a server");
    let env = mock.environment().create().expect("an environment");
    let http = reqwest::Client::new();
    let body = json!({"name": "Acme", "external_id": "a"});
    assert_eq!(post(&http, &env, "/organizations", body).await.0, 201);
    let create = || Expect::operation("create_organization");
    let error = env
        .requests()
        .verify(create().body(json!({"name": "Other", "metadata": {"a": "b"}})));
    assert_eq!(
        error.expect_err("another body").to_string(),
        "expected at least 1 request of create_organization with the given body, found 0\n  \
         POST /organizations: body.name is \"Acme\" and not \"Other\", body.metadata is missing and not {\"a\":\"b\"}"
    );
    for (expect, sentence) in [
        (
            create().never(),
            "expected exactly 0 requests of create_organization, found 1",
        ),
        (
            create().times(2),
            "expected exactly 2 requests of create_organization, found 1",
        ),
        (
            create().at_least(2).at_most(3),
            "expected 2 to 3 requests of create_organization, found 1",
        ),
        (
            Expect::request("get", "/organizations").status(200),
            "expected at least 1 request GET /organizations answered with 200, found 0",
        ),
    ] {
        let error = env.requests().verify(expect).expect_err("another number");
        assert_eq!(error.to_string(), sentence);
    }
    let found = env
        .requests()
        .verify(create().status(201).at_most(1))
        .expect("as expected");
    assert_eq!(
        found[0].to_string(),
        "POST /organizations was answered with 201"
    );
    assert_eq!(
        found[0].body,
        Some(json!({"name": "Acme", "external_id": "a"}))
    );
    let error = env
        .requests()
        .verify(Expect::operation("create_org"))
        .expect_err("no operation");
    assert!(
        matches!(
            error,
            Error::UnknownOperation {
                nearest: "create_organization",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn webhooks_are_told_of() {
    let (mock, receiver) = (
        MockServer::start().await.expect("a server"),
        Receiver::start().await,
    );
    let env = mock.environment().create().expect("an environment");
    let http = reqwest::Client::new();
    let deliveries = env.deliveries();
    let endpoint = deliveries
        .endpoint(&receiver.url("/"), &["organization.created"])
        .expect("an endpoint");
    let elsewhere = deliveries
        .endpoint("https://app.example/hooks", &["organization.created"])
        .expect("an endpoint");
    assert_eq!(format!("{:?}", endpoint.secret), "[secret]");
    assert_eq!(
        post(&http, &env, "/organizations", json!({"name": "Acme"}))
            .await
            .0,
        201
    );
    deliveries
        .wait_idle(Duration::from_secs(60))
        .await
        .expect("they arrive");
    let mut all = deliveries.all().expect("deliveries");
    all.sort_by_key(|delivery| {
        delivery.attempts + usize::from(delivery.endpoint_id == elsewhere.id)
    });
    let told: Vec<_> = all
        .iter()
        .map(|it| (it.endpoint_id.as_str(), it.event.as_str(), it.state))
        .collect();
    let event = "organization.created";
    assert_eq!(
        told,
        [
            (endpoint.id.as_str(), event, DeliveryState::Delivered),
            (elsewhere.id.as_str(), event, DeliveryState::NotDialled),
        ]
    );
    assert_eq!(deliveries.undelivered(), Ok(0));
    for (url, events, message) in [
        (
            receiver.url("/"),
            ["organization.created"],
            "Another webhook endpoint already has this URL.",
        ),
        (
            receiver.url("/other"),
            ["organization.made"],
            "events.0 must be one of ",
        ),
        (
            "nowhere".to_owned(),
            ["organization.created"],
            "The endpoint URL has to be an absolute",
        ),
    ] {
        let error = deliveries
            .endpoint(&url, &events)
            .expect_err("a refusal")
            .to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_refused() {
    let mock = MockServer::start().await.expect("a server");
    let settings = Settings {
        link_ttl: SignedDuration::ZERO,
        ..Settings::default()
    };
    let error = mock
        .environment()
        .settings(settings)
        .create()
        .expect_err("a refusal")
        .to_string();
    assert!(
        error.starts_with("the settings cannot be used: "),
        "{error}"
    );
}
