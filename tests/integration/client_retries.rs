//! What the generated client does by itself when an answer is a refusal, and that it does no harm.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use contract_tests::TestServer;
use serde_json::json;
use workos_portal::types::CreateAuditLogEvent;
use workos_portal::{CallOptions, Client, Clock, RetryPolicy};
use workos_portal_mock::config::RateLimits;

use crate::support::organization;

/// A client's clock: the environment's, which a wait moves on.
#[derive(Clone)]
struct Shared {
    clock: workos_portal_mock::Clock,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Clock for Shared {
    fn now(&self) -> SystemTime {
        self.clock.now().into()
    }

    fn elapsed(&self) -> Duration {
        self.waits.lock().expect("waits").iter().sum()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let by = duration.try_into().expect("a short wait");
        self.clock.advance(by).expect("a time in range");
        self.waits.lock().expect("waits").push(duration);
        Box::pin(ready(()))
    }
}

fn retrying(server: &TestServer) -> (Client, Shared) {
    let clock = Shared {
        clock: server.clock(),
        waits: Arc::default(),
    };
    let client = Client::builder()
        .api_key(server.key())
        .base_url(server.url())
        .clock(clock.clone())
        .randomness(|| 0)
        .build()
        .expect("a client");
    (client, clock)
}

async fn fault(server: &TestServer, method: &str, path: &str, status: u16, times: u32) {
    let body = json!({"method": method, "path": path, "status": status, "times": times});
    let _ = server.post("/_mock/faults", &body).send().await.expect(201);
}

#[tokio::test]
pub(crate) async fn a_limit_is_waited_out_as_long_as_the_server_says() {
    let limits = json!({"all": {"requests": 1, "per": "PT10S"}});
    let limits = serde_json::from_value::<RateLimits>(limits).expect("limits");
    let server = TestServer::with(|config| config.rate_limits = limits).await;
    let (client, clock) = retrying(&server);
    for name in ["One", "Two", "Three"] {
        let call = client.create_organization();
        let call = call.body_map(|body| body.name(name));
        call.send().await.expect("there is time");
    }
    assert_eq!(clock.elapsed(), Duration::from_secs(20));
    assert_eq!(clock.waits.lock().expect("waits").len(), 2);
}

#[tokio::test]
pub(crate) async fn troubles_pass_while_the_client_waits() {
    let server = TestServer::start().await;
    let (client, clock) = retrying(&server);
    for status in [408, 500, 502, 503, 504] {
        fault(&server, "GET", "/organizations", status, 1).await;
        let list = client.list_organizations().send().await;
        assert_eq!(list.expect("a list").data.len(), 1, "{status}");
    }
    assert_eq!(clock.elapsed(), Duration::from_millis(5 * 500));

    fault(&server, "GET", "/organizations", 503, 4).await;
    let error = client.list_organizations().send().await;
    let error = error.expect_err("four refusals are one too many");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
}

#[tokio::test]
pub(crate) async fn an_event_is_logged_once_however_often_it_is_sent() {
    let server = TestServer::start().await;
    let schema = json!({"targets": [{"type": "team"}]});
    let path = "/audit_logs/actions/user.signed_in/schemas";
    let _ = server.post(path, &schema).send().await.expect(201);
    let (client, _) = retrying(&server);
    let event: CreateAuditLogEvent = serde_json::from_value(json!({
        "organization_id": server.organization(),
        "event": {
            "action": "user.signed_in", "occurred_at": server.now(), "context": {"location": "192.0.2.1"},
            "actor": {"id": "user_1", "type": "user"}, "targets": [{"id": "team_1", "type": "team"}],
        },
    }))
    .expect("an event");
    fault(&server, "POST", "/audit_logs/events", 503, 2).await;
    let call = client.create_audit_log_event().body(event.clone());
    call.send().await.expect("it is logged");
    // The same key again, as if the answer had been lost.
    let keyed = client.with(CallOptions::new().idempotency_key("k"));
    for _ in 0..3 {
        let call = keyed.create_audit_log_event().body(event.clone());
        call.send().await.expect("it is logged");
    }
    let lines = crate::audit_log_exports::lines(&server, &json!({})).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[tokio::test]
pub(crate) async fn a_write_is_repeated_with_leave_only() {
    let server = TestServer::start().await;
    let (client, _) = retrying(&server);
    let create = async |client: &Client, name: &str| {
        let call = client.create_organization();
        let sent = call.body_map(|body| body.name(name)).send().await;
        sent.map(|organization| organization.id.clone())
    };
    fault(&server, "POST", "/organizations", 503, 2).await;
    let error = create(&client, "One")
        .await
        .expect_err("it is not repeated");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));

    let repeatable = client.with(CallOptions::new().repeatable());
    create(&repeatable, "Two")
        .await
        .expect("the second attempt");
    let list = client.list_organizations().send().await.expect("a list");
    let names: Vec<_> = list.data.iter().map(|one| one.name.as_str()).collect();
    assert!(
        !names.contains(&"One") && names.contains(&"Two"),
        "{names:?}"
    );

    fault(&server, "PUT", "/organizations/{id}", 502, 1).await;
    let id = organization(&server, &json!({"name": "Three"})).await;
    let update = client.update_organization().id(id.as_str());
    let update = update.body_map(|body| body.name("Four".to_owned()));
    assert_eq!(update.send().await.expect("PUT is repeated").name, "Four");
    let once = client.with(CallOptions::new().retries(RetryPolicy::none()));
    fault(&server, "DELETE", "/organizations/{id}", 502, 1).await;
    let delete = once.delete_organization().id(id.as_str());
    delete.send().await.expect_err("once only");
}
