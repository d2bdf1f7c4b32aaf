//! What a strict environment is held against when it is dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::json;
use workos_portal_mock::MockServer;
use workos_portal_mock::testing::{Error, Expect, Fault, TestEnvironment};

use crate::app::{Receiver, get, post};

/// What is said when it is dropped.
fn dropped<T>(value: T) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(value))).err()?;
    Some(panic.downcast_ref::<String>().expect("a text").clone())
}

async fn strict() -> (MockServer, TestEnvironment, reqwest::Client) {
    let mock = MockServer::start().await.expect("a server");
    let env = mock
        .environment()
        .strict()
        .create()
        .expect("an environment");
    (mock, env, reqwest::Client::new())
}

const MISSING: &str = "/organizations/org_01HXYZ123456789ABCDEFGHIJ";

#[tokio::test]
async fn answers_that_nobody_expected_fail_the_test() {
    let (_mock, env, http) = strict().await;
    assert_eq!(get(&http, &env, MISSING).await.0, 404);
    assert_eq!(post(&http, &env, "/nowhere", json!({})).await.0, 404);
    let message = dropped(env).expect("a panic");
    let lines: Vec<_> = message.lines().collect();
    assert_eq!(lines[0], "the environment is strict: unexpected answers: 2");
    assert_eq!(lines[1], "  POST /nowhere was answered with 404: Not Found");
    assert!(
        lines[2].starts_with(&format!("  GET {MISSING} was answered with 404: ")),
        "{message}"
    );
}

#[tokio::test]
async fn expected_answers_and_faults_do_not() {
    let (_mock, env, http) = strict().await;
    env.requests()
        .allow(Expect::operation("get_organization"))
        .expect("an operation");
    env.faults()
        .add(Fault::new("list_organizations", 500))
        .expect("a fault");
    assert_eq!(get(&http, &env, MISSING).await.0, 404);
    assert_eq!(get(&http, &env, "/organizations").await.0, 500);
    assert_eq!(post(&http, &env, "/organizations", json!({})).await.0, 422);
    assert_eq!(env.requests().unexpected().expect("a journal").len(), 1);
    // That it was called does not say that it may fail; how it was answered does.
    let create = || Expect::operation("create_organization");
    env.requests().verify(create().times(1)).expect("one");
    assert!(matches!(env.check(), Err(Error::UnexpectedRequests(all)) if all.len() == 1));
    env.requests()
        .verify(create().status(422).times(1))
        .expect("one");
    assert_eq!(env.check(), Ok(()));
    assert_eq!(dropped(env), None);
}

#[tokio::test]
async fn webhooks_that_have_not_arrived_fail_the_test() {
    let (_mock, env, http) = strict().await;
    let receiver = Receiver::start().await;
    let endpoint = env
        .deliveries()
        .endpoint(&receiver.url("/hang"), &["organization.created"]);
    let endpoint = endpoint.expect("an endpoint");
    assert_eq!(
        post(&http, &env, "/organizations", json!({"name": "Acme"}))
            .await
            .0,
        201
    );
    let error = env
        .deliveries()
        .wait_idle(Duration::ZERO)
        .await
        .expect_err("it hangs");
    let message = error.to_string();
    let begins = format!(
        "deliveries are still under way: 1\n  organization.created to {} is ",
        endpoint.id
    );
    assert!(message.starts_with(&begins), "{message}");
    assert_eq!(
        dropped(env).expect("a panic"),
        "the environment is strict: undelivered webhooks: 1; `deliveries().wait_idle(..)` waits for them"
    );
}

#[tokio::test]
async fn a_server_can_be_strict_about_its_first_environment() {
    let mock = MockServer::builder()
        .strict()
        .start()
        .await
        .expect("a server");
    let http = reqwest::Client::new();
    assert_eq!(get(&http, mock.default_environment(), MISSING).await.0, 404);
    let message = dropped(mock).expect("a panic");
    assert!(
        message.starts_with("the environment is strict: unexpected answers: 1\n"),
        "{message}"
    );
}

#[tokio::test]
async fn a_test_that_fails_anyway_is_left_alone() {
    let (_mock, env, http) = strict().await;
    assert_eq!(get(&http, &env, MISSING).await.0, 404);
    let failed = catch_unwind(AssertUnwindSafe(|| {
        let _env = env;
        panic!("the test's own reason");
    }));
    let reason = failed.expect_err("a panic");
    assert_eq!(
        reason.downcast_ref::<&str>(),
        Some(&"the test's own reason")
    );
}

#[tokio::test]
async fn an_environment_that_is_not_strict_says_nothing() {
    let mock = MockServer::start().await.expect("a server");
    let env = mock.environment().create().expect("an environment");
    assert_eq!(get(&reqwest::Client::new(), &env, MISSING).await.0, 404);
    assert!(matches!(env.check(), Err(Error::UnexpectedRequests(_))));
    assert_eq!(dropped(env), None);
}
