//! What the other tests do over the wire alone, by the generated client: its requests arrive and its types read the answers.

use contract_tests::TestServer;
use serde_json::json;
use workos_portal::types::{ConnectionState, ConnectionType, CreateConnectionSamlOptions};

use crate::support::{CERTIFICATE, connection, directory, domain};

#[tokio::test]
pub(crate) async fn a_domain_is_verified_again() {
    let server = TestServer::start().await;
    let id = domain(&server, "acme.example").await;
    let client = server.client();
    let verified = client.verify_organization_domain().id(id.as_str());
    let verified = verified.send().await.expect("the check starts anew");
    assert_eq!(verified.id, id);
    assert!(verified.verification_token.is_some());
}

#[tokio::test]
pub(crate) async fn a_connection_is_made_and_listed() {
    let server = TestServer::start().await;
    let client = server.client();
    let saml =
        CreateConnectionSamlOptions::builder().idp_metadata_url("https://idp.example/metadata");
    let made = client
        .create_connection()
        .body_map(|body| {
            body.organization_id(server.organization())
                .connection_type(ConnectionType::OktaSAML)
                .saml_options(saml)
        })
        .send()
        .await
        .expect("it is made");
    assert_eq!(made.state, ConnectionState::Validating);
    let listed = client
        .list_connections()
        .connection_type(ConnectionType::OktaSAML)
        .send()
        .await
        .expect("a list");
    let ids: Vec<_> = listed.data.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, [made.id.as_str()]);
}

#[tokio::test]
pub(crate) async fn certificates_come_and_go() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({})).await;
    let (id, client) = (id.as_str(), server.client());

    let added = client
        .create_saml_idp_signing_certificate()
        .id(id)
        .body_map(|body| body.value(CERTIFICATE.to_owned()))
        .send()
        .await
        .expect("it is added");
    let deleted = client
        .delete_saml_idp_signing_certificate()
        .id(id)
        .certificate_id(added.id.as_str());
    deleted.send().await.expect("it is deleted");
    let left = client.list_saml_idp_signing_certificates().id(id);
    let left = left.send().await.expect("a list");
    assert!(left.data.iter().all(|one| one.id != added.id));

    let made = client.create_saml_sp_encryption_certificate().id(id);
    let made = made.send().await.expect("it is made");
    let list = client.list_saml_sp_encryption_certificates().id(id);
    let list = list.send().await.expect("a list");
    assert!(list.data.iter().any(|one| one.id == made.id));
    let deleted = client
        .delete_saml_sp_encryption_certificate()
        .id(id)
        .certificate_id(made.id.as_str());
    deleted.send().await.expect("it is deleted");

    // A connection has one from the start.
    let first = client.get_saml_sp_signing_certificate().id(id);
    let first = first.send().await.expect("it is there");
    let deleted = client
        .delete_saml_sp_signing_certificate()
        .id(id)
        .certificate_id(first.id.as_str());
    deleted.send().await.expect("it is deleted");
    let gone = client.get_saml_sp_signing_certificate().id(id);
    let gone = gone.send().await.expect_err("there is none");
    assert_eq!(gone.status().map(|status| status.as_u16()), Some(404));
    let made = client.create_saml_sp_signing_certificate().id(id);
    assert_ne!(made.send().await.expect("it is made").id, first.id);
}

#[tokio::test]
pub(crate) async fn a_directory_is_synced_and_deleted() {
    let server = TestServer::start().await;
    let id = directory(&server, &json!({"type": "gsuite directory"})).await;
    let client = server.client();
    let synced = client.sync_directory().id(id.as_str());
    assert_eq!(synced.send().await.expect("it is queued").status, "queued");
    let deleted = client.delete_directory().id(id.as_str());
    deleted.send().await.expect("it is deleted");
    let gone = client.get_directory().id(id.as_str());
    let gone = gone.send().await.expect_err("it is gone");
    assert_eq!(gone.code(), Some("entity_not_found"));
}
