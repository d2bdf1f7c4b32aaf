use serde_json::{Value, json};
use workos_portal::Secret;
use workos_portal::types::{Event, EventPayload, EventType};
use workos_portal::webhook::{Verifier, WebhookError, sign};

use crate::{SECRET, signed};

fn event(body: &str) -> Result<Event, WebhookError> {
    let header = sign(body.as_bytes(), &Secret::from(SECRET), signed());
    Verifier::new(SECRET)
        .unwrap()
        .event(body.as_bytes(), &header, signed())
}

/// Reads an event and writes it again.
fn kept(sent: &Value) -> Event {
    let event = event(&sent.to_string()).unwrap();
    assert_eq!(&serde_json::to_value(&event).unwrap(), sent);
    event
}

#[test]
fn what_is_not_known_yet_is_kept_wherever_it_stands() {
    let event = kept(&json!({
        "object": "event", "id": "event_1", "event": "not.yet_invented", "created_at": "2026-01-02T03:04:05.678Z",
        "environment_id": "environment_1", "nothing": null, "tags": [{"a": 1.5}],
        "data": {"object": "thing", "deep": {"er": [null, {"x": "é"}]}},
        "context": {
            "client_id": "client_1", "new": {"a": []}, "google_analytics_sessions": [],
            "actor": {"id": "user_1", "source": "telepathy", "name": null, "mood": "good"},
            "previous_attributes": {"name": null},
        },
    }));
    assert_eq!(event.event, EventType::Unknown("not.yet_invented".into()));
    assert!(event.payload().is_none());
    assert_eq!(event.extra["environment_id"], "environment_1");
    assert_eq!(event.extra["nothing"], Value::Null);
    let actor = event.context().unwrap().unwrap().actor.unwrap();
    assert_eq!(
        (actor.id.as_str(), actor.source.as_str()),
        ("user_1", "telepathy")
    );
}

#[test]
fn a_known_event_keeps_what_its_type_does_not_know() {
    let event = kept(&json!({
        "object": "event", "id": "event_1", "event": "dsync.group.user_added", "created_at": "2026-01-02T03:04:05.678Z",
        "data": {"directory_id": "directory_1", "new": true,
            "user": {"object": "directory_user", "id": "directory_user_1", "idp_id": "1", "directory_id": "directory_1",
                "organization_id": "org_1", "emails": [], "state": "dormant", "raw_attributes": {}, "custom_attributes": {},
                "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z", "shoe_size": 43},
            "group": {"object": "directory_group", "id": "directory_group_1", "idp_id": "2", "directory_id": "directory_1",
                "organization_id": "org_1", "name": "Staff", "raw_attributes": {},
                "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z"}},
    }));
    let Some(Ok(EventPayload::DsyncGroupUserAdded(change))) = event.payload() else {
        panic!("{:?}", event.payload())
    };
    assert_eq!(change.user.state.as_str(), "dormant");
    assert_eq!(event.data["user"]["shoe_size"], 43);
}

#[test]
fn a_context_of_another_shape_breaks_nothing() {
    for (context, known) in [
        (json!(null), None),
        (json!("none"), Some(false)),
        (json!({"actor": 3}), Some(false)),
        (json!({"actor": null, "new": 1}), Some(true)),
    ] {
        let event = kept(&json!({
            "object": "event", "id": "event_1", "event": "organization.created", "data": {}, "context": context,
            "created_at": "2026-01-02T03:04:05.678Z",
        }));
        assert_eq!(event.context().map(|context| context.is_ok()), known);
    }
}

#[test]
fn members_that_may_be_missing_may_be_missing() {
    let event = event(
        r#"{"id":"event_1","event":"organization.created","data":{},"created_at":"2026-01-02T03:04:05Z"}"#,
    )
    .unwrap();
    assert_eq!(event.object, "event");
    assert_eq!(event.context, None);
    assert!(event.context().is_none());
    assert!(event.extra.is_empty());
}

#[test]
fn a_genuine_body_that_is_no_event_says_where_it_departs() {
    for (body, reason) in [
        ("", "EOF while parsing a value"),
        ("{", "EOF while parsing an object"),
        ("null", "expected struct Event"),
        ("[]", "expected struct Event"),
        ("{}", "missing field `id`"),
        (
            r#"{"id":"event_1","event":"a.b","created_at":"2026-01-02T03:04:05Z"}"#,
            "missing field `data`",
        ),
        (
            r#"{"id":"event_1","event":"a.b","created_at":"yesterday","data":{}}"#,
            "a value is not of its type",
        ),
        (
            r#"{"id":"event_1","id":"event_2","event":"a.b","created_at":"2026-01-02T03:04:05Z","data":{}}"#,
            "duplicate field `id`",
        ),
    ] {
        match event(body) {
            Err(WebhookError::NotAnEvent(said)) => {
                assert!(said.contains(reason), "{body}: {said}");
            }
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn depth_alone_does_no_harm() {
    let body = format!(
        r#"{{"id":"event_1","event":"a.b","created_at":"2026-01-02T03:04:05Z","data":{{"a":{}}}}}"#,
        "[".repeat(100_000)
    );
    assert!(matches!(event(&body), Err(WebhookError::NotAnEvent(_))));
}
