//! Calls without `async`.

mod connections;
mod lists;
mod server;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use workos_portal::blocking::Wait;
use workos_portal::portal::{AdminPortal, LinkError, PortalRedirects};
use workos_portal::types::PortalIntent;
use workos_portal::{CallOptions, Client, Error, OrganizationId, RetryPolicy};

use crate::ORGANIZATION;
use crate::clock::TestClock;
use crate::server::{KEY, Server, answer};

/// Asks for an organization.
fn call(client: &Client) -> impl Future<Output = Result<(), Error>> + Send + use<> {
    let call = client.clone();
    async move {
        let call = call.get_organization().id("org_1");
        call.send().await.map(|_| ())
    }
}

#[test]
fn a_call_is_waited_for() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let call = client.get_organization().id("org_1");
    assert_eq!(call.send().wait().unwrap().name, "Acme");
    let create = client.create_organization();
    let create = create.body_map(|body| body.name("Acme"));
    assert_eq!(create.send().wait().unwrap().id, "org_1");
    let lines: Vec<_> = server.requests().into_iter().map(|one| one.line).collect();
    assert_eq!(lines, ["GET /organizations/org_1", "POST /organizations"]);
}

#[test]
fn its_error_is_the_call_s() {
    let body = r#"{"message":"No.","code":"organization_not_found","entity_id":"org_1"}"#;
    let server = Server::new("404 Not Found", "x-request-id: req_1", body);
    let error = call(&server.client()).wait().unwrap_err();
    assert!(error.is_organization_not_found(), "{error:?}");
    assert_eq!(error.request_id(), Some("req_1"));

    let server = Server::saying(Vec::new());
    let error = call(&server.client()).wait().unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[test]
fn it_is_sent_again_as_others_are() {
    let server = Server::in_turn(vec![
        answer("503 Service Unavailable", "a: b", ""),
        answer("429 Too Many Requests", "retry-after: 7", ""),
        answer("200 OK", "content-type: application/json", ORGANIZATION),
    ]);
    let (clock, attempts) = (TestClock::default(), Arc::new(AtomicU32::new(0)));
    let counted = attempts.clone();
    let client = server
        .builder()
        .retries(RetryPolicy::default())
        .clock(clock.clone())
        .randomness(|| 0)
        .on_attempt(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    call(&client).wait().unwrap();
    let waits = [Duration::from_millis(500), Duration::from_secs(7)];
    assert_eq!(clock.waits(), waits);
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn time_limits_hold_while_a_thread_waits() {
    // It takes connections, and never says anything.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .retries(RetryPolicy::none())
        .build()
        .unwrap();
    for options in [
        CallOptions::new().timeout(Duration::from_millis(1)),
        CallOptions::new().deadline(Duration::from_millis(1)),
    ] {
        let error = call(&client.with(options)).wait().unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
}

#[test]
fn links_and_providers_are_waited_for() {
    let server = Server::in_turn(vec![
        answer(
            "201 Created",
            "a: b",
            r#"{"link":"https://setup.example/1"}"#,
        ),
        answer("200 OK", "a: b", "[]"),
    ]);
    let redirects = PortalRedirects::to(["https://app.example.com"]).unwrap();
    let own = |user: &'static str, organization: OrganizationId| async move {
        organization.as_str() == user
    };
    let portal = AdminPortal::new(server.client(), redirects, own);
    let link = portal.link(&"org_1", "org_1", PortalIntent::Sso);
    let link = link.return_url("https://app.example.com/").send().wait();
    assert_eq!(link.unwrap().link.expose(), "https://setup.example/1");
    let denied = portal.link(&"org_2", "org_1", PortalIntent::Sso);
    let denied = denied.send().wait().unwrap_err();
    assert!(matches!(denied, LinkError::Denied), "{denied:?}");
    for _ in 0..2 {
        assert!(portal.providers().list().wait().unwrap().is_empty());
    }
    assert_eq!(server.requests().len(), 2, "providers are kept");
}
