//! `setup_status`, `take_over_connection`, `rotate_certificates` and `renew_own_certificates`.

use chrono::{DateTime, Utc};
use contract_tests::{START, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::ConnectionId;

use super::{note, said, set_up};
use crate::support::{connection, directory, organization};
use rotate_certificates::NEXT;
use take_over_connection::{ACME, Legacy};

#[path = "../../../client/examples/setup_status.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod setup_status;

#[path = "../../../client/examples/take_over_connection.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod take_over_connection;

#[path = "../../../client/examples/rotate_certificates.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod rotate_certificates;

#[path = "../../../client/examples/renew_own_certificates.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod renew_own_certificates;

#[tokio::test]
pub(crate) async fn a_page_shows_how_far_the_setup_is() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let status = setup_status::run(&client, organization, &mut out).await;
    status.expect("nothing is set up");

    let domain = json!({"organization_id": organization, "domain": "acme.example"});
    let domain = server.post("/organization_domains", &domain).send().await;
    let _ = domain.expect(201);
    for state in ["draft", "validating"] {
        connection(&server, &json!({"state": state})).await;
    }
    for intent in ["sso", "dsync", "log_streams"] {
        set_up(&server, intent, &json!({})).await;
    }
    connection(&server, &json!({"state": "inactive"})).await;
    for state in ["validating", "invalid_credentials", "unlinked"] {
        directory(&server, &json!({"state": state})).await;
    }
    note(&mut out, "after the portal");
    let status = setup_status::run(&client, organization, &mut out).await;
    status.expect("something is set up");

    note(&mut out, "of nobody");
    let status = setup_status::run(&client, "org_nobody", &mut out).await;
    status.expect("an answer");
    assert_snapshot!(said(out));
}

#[tokio::test]
pub(crate) async fn a_connection_is_taken_over_once() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, customer) = (server.client(), server.organization());
    let moved = Legacy {
        idp_sso_url: "https://login.acme.example/saml",
        ..ACME
    };
    for legacy in [&ACME, &moved] {
        let taken = take_over_connection::run(&client, customer, legacy, &mut out).await;
        taken.expect("it is taken over");
    }
    let snapshot = server.get("/_mock/snapshot").send().await.json();
    let connections = snapshot["connections"].as_array().expect("connections");
    let saml: Vec<&Value> = connections.iter().map(|one| &one["saml"]).collect();
    assert_eq!(saml.len(), 1, "{connections:?}");
    assert_eq!(saml[0]["idp_sso_url"], moved.idp_sso_url, "{saml:?}");
    assert_eq!(saml[0]["idp_entity_id"], ACME.idp_entity_id);

    note(&mut out, "somebody has signed in");
    let list = server.get("/connections").send().await;
    let path = format!("/_mock/connections/{}", list.string("/data/0/id"));
    let active = server
        .call("PATCH", &path)
        .json(&json!({"state": "active"}));
    let _ = active.send().await.expect(200);
    let taken = take_over_connection::run(&client, customer, &ACME, &mut out).await;
    taken.expect("it is live");

    // Another customer's has the number already, and another type.
    let other = organization(&server, &json!({"name": "Other"})).await;
    let saml =
        json!({"idp_sso_url": ACME.idp_sso_url, "idp_signing_certs": [ACME.idp_certificate]});
    let body = json!({
        "organization_id": other, "connection_type": "AzureSAML", "external_id": ACME.number, "saml_options": saml,
    });
    let _ = server.post("/connections", &body).send().await.expect(201);
    let error = take_over_connection::run(&client, &other, &ACME, &mut out).await;
    note(&mut out, &error.expect_err("it is another").to_string());
    assert_snapshot!(said(out));
}

#[tokio::test]
pub(crate) async fn a_certificate_is_replaced_in_two_steps() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let taken = take_over_connection::run(&client, organization, &ACME, &mut out).await;
    taken.expect("there is a connection");
    let list = server.get("/connections").send().await;
    let id: ConnectionId = list.string("/data/0/id").parse().expect("an id");

    let early = rotate_certificates::finish(&client, &id, NEXT, &mut out).await;
    let mut refused = vec![early.expect_err("it has not begun").to_string()];
    let expired = include_str!("../fixtures/expired-2021-01-01.pem");
    for pem in ["nonsense", expired] {
        let begin = rotate_certificates::begin(&client, &id, pem, &mut out).await;
        refused.push(begin.expect_err("it is refused").to_string());
    }
    note(&mut out, &refused.join("\n# "));
    for _ in 0..2 {
        let begin = rotate_certificates::begin(&client, &id, NEXT, &mut out).await;
        begin.expect("the new one is there");
    }
    let one_line: String = NEXT.lines().collect();
    let begin = rotate_certificates::begin(&client, &id, &one_line, &mut out).await;
    begin.expect("it is the same");
    for _ in 0..2 {
        let finish = rotate_certificates::finish(&client, &id, NEXT, &mut out).await;
        finish.expect("the old one is gone");
    }
    assert_snapshot!(said(out));
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    let left = server.get(&path).send().await.json();
    assert_eq!(left["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(left["data"][0]["value"], NEXT);
}

#[tokio::test]
pub(crate) async fn own_certificates_are_renewed_before_they_end() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let client = server.client();
    let saml = connection(&server, &json!({"name": "Acme's Okta"})).await;
    let other = json!({"name": "Acme's Google", "connection_type": "GoogleOAuth"});
    let other = connection(&server, &other).await;
    let ids: Vec<ConnectionId> = [saml.as_str(), &other, "conn_gone"]
        .map(|id| id.parse().expect("an id"))
        .into();

    let soon: DateTime<Utc> = START.parse().expect("an instant");
    let run = renew_own_certificates::run(&client, &ids, soon, &mut out).await;
    run.expect("all are good");
    let late: DateTime<Utc> = "2200-01-01T00:00:00Z".parse().expect("an instant");
    note(&mut out, "a day later, for the next two centuries");
    server.advance("24 hours");
    let run = renew_own_certificates::run(&client, &ids, late, &mut out).await;
    run.expect("they are new");

    note(&mut out, "interrupted between the old one and the new one");
    let signing = format!("/connections/{saml}/saml_sp_signing_cert");
    let id = server.get(&signing).send().await.expect(200).string("/id");
    let path = format!("{signing}/{id}");
    let _ = server.delete(&path).send().await.expect(204);
    let run = renew_own_certificates::run(&client, &ids[..1], soon, &mut out).await;
    run.expect("there is one again");
    assert_snapshot!(said(out));
}
