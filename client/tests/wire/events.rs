use workos_portal::types::{Event, EventPayload, EventType};

use crate::server::Server;

#[tokio::test]
async fn no_event_breaks_a_page() {
    let server = Server::json(
        r#"{"object":"list","list_metadata":{"after":"event_3"},"data":[
            {"id":"event_1","event":"organization.renamed_twice","created_at":"2026-01-02T03:04:05Z","data":{"a":[1,null]}},
            {"object":"event","id":"event_2","event":"connection.deleted","created_at":"2026-01-02T03:04:05Z","data":{"state":3}},
            {"object":"event","id":"event_3","event":"organization.deleted","created_at":"2026-01-02T03:04:05Z","more":true,
             "data":{"object":"organization","id":"org_1","name":"Acme","domains":[],"metadata":{},"new":1,
                     "created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"}}
        ]}"#,
    );
    let page = server
        .client()
        .list_events()
        .events([EventType::OrganizationDeleted])
        .send()
        .await
        .unwrap();
    let [unknown, drifted, known] = page.data.as_slice() else {
        panic!("{page:?}")
    };

    assert!(
        matches!(&unknown.event, EventType::Unknown(name) if name == "organization.renamed_twice")
    );
    assert!(unknown.payload().is_none());
    assert_eq!(unknown.data["a"], serde_json::json!([1, null]));

    drifted.payload().unwrap().unwrap_err();
    assert_eq!(drifted.data["state"], 3);

    let payload = known.payload().unwrap().unwrap();
    let EventPayload::OrganizationDeleted(organization) = payload else {
        panic!("{payload:?}")
    };
    assert_eq!(organization.id, "org_1");
}

#[test]
fn an_event_survives_a_round_trip() {
    let sent = serde_json::json!({
        "object": "event", "id": "event_1", "event": "not.yet_invented", "created_at": "2026-01-02T03:04:05Z",
        "data": {"a": {"b": null}},
    });
    let event: Event = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(serde_json::to_value(event).unwrap(), sent);
}

#[test]
fn every_event_with_a_payload_is_a_known_type() {
    // A payload is chosen by its name, and names come from one document: they must not have parted.
    let typed = EventType::KNOWN.iter().filter(|event| {
        let event: Event = serde_json::from_value(serde_json::json!({
            "id": "event_1", "event": event, "created_at": "2026-01-02T03:04:05Z", "data": {},
        }))
        .unwrap();
        event.payload().is_some()
    });
    assert!(typed.count() >= 25);
}
