use workos_portal::types::{Organization, OrganizationDomainState};
use workos_portal::{Error, ResponseValue};

use crate::ORGANIZATION;
use crate::server::{KEY, Server};

/// A text that no message may contain.
const HIDDEN: &str = "token_do_not_show";

#[tokio::test]
async fn a_value_or_field_added_later_does_not_break_a_page() {
    let page = format!(
        r#"{{"object":"list","data":[{ORGANIZATION}],"list_metadata":{{"before":null,"after":null}}}}"#
    );
    let server = Server::json(page);
    let page = server.client().list_organizations().send().await.unwrap();
    let state = page.data[0].domains[0].state.clone().unwrap();
    assert!(matches!(&state, OrganizationDomainState::Unknown(state) if state == "half_verified"));
    assert_eq!(serde_json::to_value(&state).unwrap(), "half_verified");
    assert_eq!(page.list_metadata.after, None);
}

#[tokio::test]
async fn the_answers_status_and_headers_are_kept() {
    let server = Server::new("201 Created", "x-request-id: req_1", ORGANIZATION);
    let answer = server
        .client()
        .create_organization()
        .body_map(|body| body.name("Acme"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.request_id(), Some("req_1"));
    assert_eq!(answer.name, "Acme");
    let organization: Organization = answer.into_inner();
    assert_eq!(
        organization.created_at.to_rfc3339(),
        "2026-01-02T03:04:05.678+00:00"
    );
}

#[tokio::test]
async fn a_deletion_has_no_body_to_read() {
    for (status, body) in [
        ("202 Accepted", "Accepted"),
        ("200 OK", "<p>"),
        ("204 No Content", ""),
    ] {
        let server = Server::new(status, "content-type: text/plain", body);
        server
            .client()
            .delete_organization()
            .id("org_1")
            .send()
            .await
            .unwrap();
        assert_eq!(
            server.request().unwrap().line,
            "DELETE /organizations/org_1"
        );
    }
}

#[tokio::test]
async fn secrets_are_read_but_not_shown() {
    let server = Server::json(format!(r#"{{"link":"https://example.com/?{HIDDEN}"}}"#));
    let link = server
        .client()
        .generate_portal_link()
        .body_map(|body| body.organization("org_1"))
        .send()
        .await
        .unwrap();
    assert_eq!(link.link.expose(), format!("https://example.com/?{HIDDEN}"));
    assert!(!format!("{link:?} {:#?}", *link).contains(HIDDEN));
    assert!(
        serde_json::to_string(&*link).unwrap().contains(HIDDEN),
        "it can be stored"
    );

    let server = Server::json(format!(
        r#"{{"object":"list","list_metadata":{{"before":null,"after":null}},"data":[{{
            "object":"webhook_endpoint","id":"we_1","endpoint_url":"https://example.com","secret":"{HIDDEN}",
            "status":"enabled","events":[],"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"
        }}]}}"#
    ));
    let endpoints = server
        .client()
        .list_webhook_endpoints()
        .send()
        .await
        .unwrap();
    assert_eq!(endpoints.data[0].secret.expose(), HIDDEN);
    assert!(!format!("{endpoints:?}").contains(HIDDEN));
}

#[test]
fn the_client_does_not_show_its_key() {
    let server = Server::json("");
    let client = server.client();
    assert!(!format!("{client:?} {client:#?} {:?}", server.builder()).contains(KEY));
    assert!(!format!("{:?}", client.get_organization().id("org_1")).contains(KEY));
}

#[tokio::test]
async fn an_answer_of_another_shape_is_explained_without_its_values() {
    for (body, reason) in [
        (
            format!(r#"{{"url":"{HIDDEN}"}}"#),
            "missing field `link` at line 1",
        ),
        (
            format!(r#""{HIDDEN}""#),
            "expected struct PortalLink at line 1",
        ),
        (
            format!(r#"{{"link":["{HIDDEN}, expected "]}}"#),
            "expected a string at line 1",
        ),
        (format!("<html>{HIDDEN}"), "expected value at line 1"),
        (String::new(), "EOF while parsing"),
    ] {
        let server = Server::new("201 Created", "x-request-id: req_1", &body);
        let result = server
            .client()
            .generate_portal_link()
            .body_map(|body| body.organization("org_1"))
            .send()
            .await;
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        assert_eq!(error.status().unwrap(), 201);
        assert_eq!(error.request_id(), Some("req_1"));
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("generate_portal_link: ") && shown.contains(reason),
            "{shown}"
        );
        assert!(!shown.contains(HIDDEN), "{shown}");
        assert_eq!(error.body(), Some(body.as_bytes()), "it can be looked at");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::json(ORGANIZATION);
    let server = Server::new("302 Found", &format!("location: {}", elsewhere.url), "");
    let error = server
        .client()
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::UnexpectedStatus(_)), "{error:?}");
    assert_eq!(error.to_string(), "unexpected status 302 Found");
    assert!(elsewhere.request().is_none());
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let server = Server::json(vec![b' '; 32 * 1024 * 1024 + 1]);
    let error = server
        .client()
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::BodyTooLarge {
                limit: 33_554_432,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_no_answer() {
    let server = Server::saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".to_vec());
    let error = server
        .client()
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[tokio::test]
async fn calls_can_be_spawned() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let call = async move {
        client
            .get_organization()
            .id("org_1")
            .send()
            .await
            .map(ResponseValue::into_inner)
    };
    assert_eq!(tokio::spawn(call).await.unwrap().unwrap().id, "org_1");
}
