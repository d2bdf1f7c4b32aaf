use std::time::Duration;

use serde_json::json;
use ulid::Ulid;

use super::*;
use crate::domain::delivery::{Answer, Failure, Outcome};
use crate::domain::ids::AuditLogEventId;
use crate::domain::log_stream_settings::{HttpsFormat, HttpsSettings};
use crate::domain::secret::Secret;

fn now(second: i64) -> Now {
    Now::new(Timestamp::from_second(second).unwrap(), Arc::default())
}

fn settings(url: &str) -> Arc<Settings> {
    Arc::new(Settings::GenericHttps(HttpsSettings {
        url: url.to_owned(),
        headers: vec![("Authorization".into(), Secret::new("Bearer hush"))],
        format: HttpsFormat::Json,
    }))
}

fn delivery() -> LogStreamDelivery {
    let entry = json!({
        "action": "a.b",
        "occurred_at": "2026-01-01T00:00:00Z",
        "actor": {"id": "user_1", "type": "user"},
        "targets": [],
        "context": {"location": "here"},
    });
    let event = AuditLogEvent {
        id: AuditLogEventId::new(Ulid(7)),
        organization_id: OrganizationId::test(),
        version: 1,
        entry: serde_json::from_value(entry).unwrap(),
        logged: now(0).moment(),
        sequence: 7,
    };
    let load = Load {
        stream_id: LogStreamId::new(Ulid(1)),
        event: Arc::new(event),
        cause: Cause::Event,
        settings: settings("http://localhost/first"),
    };
    LogStreamDelivery::new(LogStreamDeliveryId::new(Ulid(2)), 2, load, now(0).at())
}

fn attempt(outcome: Outcome) -> Attempt {
    Attempt {
        at: now(0).at(),
        url: "http://localhost/first".into(),
        signature: None,
        took: Duration::ZERO,
        outcome,
    }
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered(Answer {
        status,
        body: "".into(),
        truncated: false,
    })
}

#[test]
fn what_does_not_arrive_waits_is_given_up_or_is_blocked() {
    let sending = delivery().put(DeliveryState::Sending);
    let wait = SignedDuration::from_secs(10);
    let after = |outcome: &Outcome, otherwise| {
        let after = sending.attempted(attempt(outcome.clone()), otherwise, &now(5));
        (after.progress.state, after.delivered_at)
    };
    for outcome in [answered(500), Outcome::Failed(Failure::Timeout)] {
        let (state, at) = after(&outcome, Otherwise::Wait(wait));
        assert_eq!((state.wait().unwrap().until, at), (now(15).at(), None));
        let given_up = after(&outcome, Otherwise::GiveUp);
        assert_eq!(given_up, (DeliveryState::Failed, None));
        let blocked = after(&outcome, Otherwise::Block);
        assert_eq!(blocked, (DeliveryState::Blocked, None));
    }
    for otherwise in [Otherwise::Wait(wait), Otherwise::GiveUp, Otherwise::Block] {
        let taken = after(&answered(204), otherwise);
        assert_eq!(taken, (DeliveryState::Delivered, Some(now(5).at())));
    }
}

#[test]
fn what_was_let_go_while_it_was_sent_stays_so_unless_it_arrives() {
    let let_go = delivery().put(DeliveryState::Sending).let_go();
    let after = |status| {
        let after = let_go.attempted(attempt(answered(status)), Otherwise::Block, &now(5));
        after.progress.state
    };
    assert_eq!(after(401), DeliveryState::Cancelled(Cancellation::Paused));
    assert_eq!(after(200), DeliveryState::Delivered);
}

#[test]
fn each_attempt_is_kept_with_the_settings_that_it_was_made_with() {
    let second = settings("http://localhost/second");
    let tried = delivery().attempted(attempt(answered(500)), Otherwise::Block, &now(1));
    let tried = tried.sending(&second);
    let tried = tried.attempted(attempt(answered(200)), Otherwise::GiveUp, &now(2));
    let reached: Vec<_> = tried
        .attempts()
        .map(|(_, settings)| settings.address())
        .collect();
    assert_eq!(
        reached,
        [
            Some("http://localhost/first"),
            Some("http://localhost/second")
        ]
    );
    assert!(!format!("{tried:?}").contains("hush"));
}

#[test]
fn what_is_played_is_delivered_without_an_attempt() {
    let played = delivery().played(now(3).at());
    assert_eq!(played.progress.state, DeliveryState::Delivered);
    assert_eq!(played.delivered_at, Some(now(3).at()));
    assert_eq!(played.attempts().count(), 0);
}
