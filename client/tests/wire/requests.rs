use workos_portal::types::{
    CreateAuditLogEvent, EventType, OrganizationDomainData, PaginationOrder, PortalIntent,
    WebhookEventType,
};
use workos_portal::{CallOptions, Error, Nullable};

use crate::ORGANIZATION;
use crate::server::{KEY, Server};

const EMPTY_LIST: &str =
    r#"{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}"#;

#[tokio::test]
async fn a_call_names_its_key_and_its_sender_and_nothing_else() {
    let server = Server::json(ORGANIZATION);
    let client = server.builder().user_agent("my-app/1.2").build().unwrap();
    client.get_organization().id("org_1").send().await.unwrap();

    let request = server.request().unwrap();
    assert_eq!(request.line, "GET /organizations/org_1");
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    let agent = concat!("workos-portal/", env!("CARGO_PKG_VERSION"), " my-app/1.2");
    assert_eq!(request.header("user-agent"), Some(agent));
    let mut names: Vec<&str> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["accept", "authorization", "host", "user-agent"],
        "no `api-version` among them"
    );
}

#[tokio::test]
async fn a_path_in_the_base_url_is_kept() {
    let server = Server::json(ORGANIZATION);
    let client = server
        .builder()
        .base_url(format!("{}/proxy/", server.url))
        .build()
        .unwrap();
    client.get_organization().id("org_1").send().await.unwrap();
    assert_eq!(
        server.request().unwrap().line,
        "GET /proxy/organizations/org_1"
    );
}

#[tokio::test]
async fn a_list_is_one_parameter() {
    let server = Server::json(EMPTY_LIST);
    let client = server.client();
    client
        .list_organizations()
        .domains(["a.example", "b.example"])
        .limit(5u32)
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.request().unwrap().line,
        "GET /organizations?domains=a.example%2Cb.example&limit=5"
    );

    let events = vec![
        EventType::ConnectionActivated,
        EventType::from("not.yet_invented"),
    ];
    client.list_events().events(events).send().await.unwrap();
    assert_eq!(
        server.request().unwrap().line,
        "GET /events?events=connection.activated%2Cnot.yet_invented"
    );
}

#[tokio::test]
async fn a_list_that_would_read_as_another_is_not_sent() {
    let server = Server::json(EMPTY_LIST);
    let none: [&str; 0] = [];
    let client = server.client();
    let refused = [
        client.list_organizations().domains(none).send().await,
        client.list_organizations().domains(["a,b"]).send().await,
    ];
    for result in refused {
        let shown = result.unwrap_err().to_string();
        assert_eq!(
            shown,
            "the request was not sent: domains: a list in a query must not be empty, nor may an item be \
             empty or contain a comma"
        );
    }
    assert!(server.request().is_none());
}

#[tokio::test]
async fn an_id_cannot_address_another_resource() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    for id in ["", ".", ".."] {
        let result = client.delete_organization().id(id).send().await;
        let shown = result.unwrap_err().to_string();
        let refusal = "id: an id must not be empty, `.` or `..`";
        assert_eq!(shown, format!("the request was not sent: {refusal}"));
    }
    assert!(server.request().is_none());

    for (id, sent) in [
        ("../connections", "..%2Fconnections"),
        (r"..\connections", "..%5Cconnections"),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c d", "a%3Fb%23c%20d"),
        ("é", "%C3%A9"),
    ] {
        client
            .get_organization_by_external_id()
            .external_id(id)
            .send()
            .await
            .unwrap();
        let line = server.request().unwrap().line;
        assert_eq!(line, format!("GET /organizations/external_id/{sent}"));
    }
}

#[tokio::test]
async fn a_missing_id_is_refused() {
    let server = Server::json(ORGANIZATION);
    let error = server.client().get_organization().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request was not sent: id was not initialized"
    );
    assert_eq!(error.status(), None);
    assert!(server.request().is_none());
}

#[tokio::test]
async fn null_is_sent_and_what_is_not_set_is_left_out() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let update = client.update_organization().id("org_1");
    update
        .clone()
        .body_map(|body| body.external_id(Nullable::null()))
        .send()
        .await
        .unwrap();
    assert_eq!(server.request().unwrap().body, r#"{"external_id":null}"#);

    update
        .clone()
        .body_map(|body| body.metadata(Nullable::null()))
        .send()
        .await
        .unwrap();
    assert_eq!(server.request().unwrap().body, r#"{"metadata":null}"#);

    update
        .clone()
        .body_map(|body| {
            body.external_id(Nullable::from("7"))
                .name("Acme".to_owned())
        })
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.request().unwrap().body,
        r#"{"external_id":"7","name":"Acme"}"#
    );

    update
        .body_map(|body| body.domain_data(Vec::<OrganizationDomainData>::new()))
        .send()
        .await
        .unwrap();
    assert_eq!(server.request().unwrap().body, r#"{"domain_data":[]}"#);
}

#[tokio::test]
async fn a_link_is_asked_for_in_json() {
    let server = Server::json(r#"{"link":"https://example.com/launch"}"#);
    let call = server.client();
    let call = call
        .generate_portal_link()
        .body_map(|body| body.organization("org_1").intent(PortalIntent::Sso));
    call.send().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(request.line, "POST /portal/generate_link");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, r#"{"intent":"sso","organization":"org_1"}"#);
}

#[tokio::test]
async fn an_audit_event_carries_its_idempotency_key() {
    let server = Server::json(r#"{"success":true}"#);
    let sent = serde_json::json!({"organization_id": "org_1", "event": {
        "action": "user.signed_in", "occurred_at": "2026-01-02T03:04:05Z", "context": {"location": "192.0.2.1"},
        "actor": {"id": "user_1", "type": "user"}, "targets": [],
        "metadata": {"note": "a", "ratio": 0.5, "first": true},
    }});
    let event: CreateAuditLogEvent = serde_json::from_value(sent.clone()).unwrap();
    let client = server.client();
    let call = client.create_audit_log_event().body(event);
    call.clone().idempotency_key("key-1").send().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(request.header("idempotency-key"), Some("key-1"));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&request.body).unwrap(),
        sent
    );

    let error = call.idempotency_key("a\nb").send().await.unwrap_err();
    assert!(
        error.to_string().starts_with("the request was not sent: "),
        "{error}"
    );
    assert!(server.request().is_none());
}

#[tokio::test]
async fn a_value_that_is_not_known_is_held_back() {
    let server = Server::json(EMPTY_LIST);
    let client = server.client();
    let link = client.generate_portal_link();
    let link = link.body_map(|body| {
        body.organization("org_1")
            .intent(PortalIntent::from("banana"))
    });
    let refused = link.send().await.map(|_| ()).unwrap_err();
    let order = client
        .list_organizations()
        .order(PaginationOrder::from("up"));
    let endpoint = client.create_webhook_endpoint().body_map(|body| {
        body.endpoint_url("https://app.example")
            .events(vec![WebhookEventType::ConnectionActivated, "a.b".into()])
    });
    for (error, place) in [
        (refused, "intent: \"banana\""),
        (order.send().await.map(|_| ()).unwrap_err(), "order: \"up\""),
        (
            endpoint.send().await.map(|_| ()).unwrap_err(),
            "events[]: \"a.b\"",
        ),
    ] {
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        let shown = format!(
            "the request was not sent: {place} is no value that this version knows; \
             `allow_unknown_values` lets it be sent"
        );
        assert_eq!(error.to_string(), shown);
    }
    assert!(server.request().is_none());
}

#[tokio::test]
async fn a_value_that_is_not_known_is_sent_with_leave() {
    let server = Server::json(r#"{"link":"https://example.com/launch"}"#);
    let of_call = server
        .client()
        .with(CallOptions::new().allow_unknown_values());
    let of_client = server.builder().allow_unknown_values().build().unwrap();
    for client in [of_call, of_client] {
        let link = client.generate_portal_link();
        let link = link.body_map(|body| {
            body.organization("org_1")
                .intent(PortalIntent::from("banana"))
        });
        link.send().await.unwrap();
        let body = server.request().unwrap().body;
        assert_eq!(body, r#"{"intent":"banana","organization":"org_1"}"#);
    }
}
