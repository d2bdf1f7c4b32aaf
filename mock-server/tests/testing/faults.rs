//! Faults and limits that a test asks for.

use std::time::Duration;

use serde_json::json;
use workos_portal_mock::MockServer;
use workos_portal_mock::config::{CustomRateLimits, RateLimit, RateLimitPreset, RateLimits};
use workos_portal_mock::testing::{Damage, Error, Fault, TestEnvironment};

use crate::app::{get, post};

async fn environment() -> (MockServer, TestEnvironment, reqwest::Client) {
    let mock = MockServer::start().await.expect("a server");
    let env = mock.environment().create().expect("an environment");
    (mock, env, reqwest::Client::new())
}

#[tokio::test]
async fn faults_mean_requests_by_what_they_are_and_what_they_name() {
    let (_mock, env, http) = environment().await;
    let create = json!({"name": "Acme"});
    let (_, one) = post(&http, &env, "/organizations", create.clone()).await;
    let (_, other) = post(&http, &env, "/organizations", create).await;
    let path =
        |of: &serde_json::Value| format!("/organizations/{}", of["id"].as_str().expect("an id"));
    let (one, other) = (path(&one), path(&other));
    let id = one.trim_start_matches("/organizations/");
    let named = env.faults().add(Fault::resource(id).status(503).always());
    let named = named.expect("a fault");
    let third = Fault::request("get", "/organizations/{id}").status(500);
    let third = env.faults().add(third.every(2)).expect("a fault");
    let mut statuses = Vec::new();
    for path in [&one, &other, &one, &other] {
        statuses.push(get(&http, &env, path).await.0);
    }
    assert_eq!(statuses, [503, 200, 503, 500]);
    assert_eq!((named.seen(), named.fired()), (Ok(2), Ok(2)));
    // The older fault took the others.
    assert_eq!((third.seen(), third.fired()), (Ok(2), Ok(1)));
    env.faults().clear().expect("an environment");
    assert_eq!(get(&http, &env, &one).await.0, 200);
    assert!(matches!(named.seen(), Err(Error::NotFound(_))));
    assert!(matches!(third.remove(), Err(Error::NotFound(_))));
}

#[tokio::test]
async fn answers_are_damaged_after_the_operation_was_carried_out() {
    let (_mock, env, http) = environment().await;
    let create = || Fault::operation("create_organization");
    let moment = Duration::from_millis(1);
    for (damage, is_whole) in [
        (Damage::SlowBody(moment), true),
        (Damage::WrongContentType, true),
        (Damage::TruncatedBody, false),
        (Damage::ConnectionReset, false),
    ] {
        let fault = create().damage(damage).latency(moment);
        let fault = env.faults().add(fault).expect("a fault");
        let call = http.post(format!("{}/organizations", env.url()));
        let call = call
            .bearer_auth(env.api_key())
            .json(&json!({"name": "Acme"}));
        let body = match call.send().await {
            Ok(answer) => {
                let kind = answer.headers()["content-type"].to_str().expect("a type");
                let is_html = kind.starts_with("text/html");
                assert_eq!(is_html, damage == Damage::WrongContentType, "{kind}");
                answer.text().await
            }
            Err(error) => Err(error),
        };
        assert_eq!(body.is_ok(), is_whole, "{damage:?}: {body:?}");
        assert_eq!(fault.fired(), Ok(1));
    }
    let (_, all) = get(&http, &env, "/organizations").await;
    assert_eq!(all["data"].as_array().expect("a list").len(), 4);
}

#[tokio::test]
async fn faults_that_could_not_fire_are_refused() {
    let (_mock, env, _) = environment().await;
    let list = || Fault::operation("list_organizations");
    let long = Duration::from_secs(61);
    for (fault, message) in [
        (list(), "a fault has a status, a latency or a damage"),
        (
            list().status(500).every(0),
            "a fault that no call gets does nothing",
        ),
        (
            list().latency(Duration::ZERO),
            "a fault takes longer than nothing and at most a minute",
        ),
        (
            list().damage(Damage::SlowBody(long)),
            "a fault takes longer than nothing and at most a minute",
        ),
        (
            list().latency(Duration::from_secs(1)).retry_after(1),
            "`retry_after` goes with a status",
        ),
        (
            list().status(429).retry_after(86_401),
            "`retry_after` is a day at most",
        ),
    ] {
        let error = env.faults().add(fault).expect_err("a refusal");
        assert_eq!(error, Error::Refused(message.to_owned()));
    }
    for (fault, field, message) in [
        (
            Fault::request("BREW", "/organizations"),
            "method",
            "method must be one of DELETE, GET, PATCH, POST, PUT.",
        ),
        (
            Fault::request("GET", "organizations"),
            "path",
            "path must begin with a slash.",
        ),
        (
            Fault::request("PUT", "/directories"),
            "path",
            "path must be that of an operation with this method, or a template such as /organizations/{id}.",
        ),
    ] {
        match env.faults().add(fault.status(500)) {
            Err(Error::Invalid(values)) => {
                let told: Vec<_> = values
                    .iter()
                    .map(|it| (it.field.as_str(), it.message.as_str()))
                    .collect();
                assert_eq!(told, [(field, message)]);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn rates_are_limited_until_the_clock_has_moved() {
    let (_mock, env, http) = environment().await;
    assert_eq!(env.rate_limits(), Ok(RateLimits::default()));
    let two = |per: &str| {
        RateLimits::Custom(CustomRateLimits {
            all: Some(RateLimit {
                requests: 2,
                per: per.parse().expect("a duration"),
            }),
            ..CustomRateLimits::default()
        })
    };
    env.limit_rates(two("1 minute")).expect("limits");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&http, &env, "/organizations").await.0);
    }
    assert_eq!(statuses, [200, 200, 429]);
    let minute = "1 minute".parse().expect("a duration");
    env.clock().advance(minute).expect("a time in range");
    assert_eq!(get(&http, &env, "/organizations").await.0, 200);
    let error = env.limit_rates(two("PT0S")).expect_err("a refusal");
    let message = error.to_string();
    assert!(
        message.starts_with("the limits cannot be used: "),
        "{message}"
    );
    assert_eq!(env.rate_limits(), Ok(two("1 minute")));
    let production = RateLimits::Preset(RateLimitPreset::Production);
    env.limit_rates(production.clone()).expect("limits");
    assert_eq!(env.rate_limits(), Ok(production));
    env.reset().expect("a reset");
    assert_eq!(env.rate_limits(), Ok(RateLimits::default()));
}
