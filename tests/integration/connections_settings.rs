//! The settings of connections: which go together, what changes, and what comes back to its default.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{CERTIFICATE, connection, transcripts};

const EXPIRED: &str = include_str!("fixtures/expired-2021-01-01.pem");
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

fn saml(more: &Value) -> Value {
    with(
        json!({"idp_sso_url": "https://idp.example/sso", "idp_signing_certs": [CERTIFICATE]}),
        more,
    )
}

fn oidc(more: &Value) -> Value {
    with(
        json!({"discovery_endpoint": "https://idp.example", "client_id": "a", "client_secret": "b"}),
        more,
    )
}

fn with(mut body: Value, more: &Value) -> Value {
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    body
}

async fn create(server: &TestServer, options: &Value) -> Reply {
    let body = with(json!({"organization_id": server.organization()}), options);
    server.post("/connections", &body).send().await
}

#[tokio::test]
async fn what_does_not_go_together_makes_no_connection() {
    let server = TestServer::start().await;
    let metadata = json!({"idp_metadata_url": "https://idp.example/m"});
    let mut replies = Vec::new();
    for (options, code) in [
        (json!({}), "connection_type_or_options_required"),
        (
            json!({"saml_options": saml(&json!({})), "oidc_options": oidc(&json!({}))}),
            "both_saml_and_oidc_options_provided",
        ),
        (
            json!({"connection_type": "GoogleOAuth", "oidc_options": oidc(&json!({}))}),
            "connection_type_not_supported",
        ),
        (
            json!({"connection_type": "Pending"}),
            "connection_type_not_supported",
        ),
        (
            json!({"connection_type": "OktaSAML"}),
            "saml_options_required",
        ),
        (
            json!({"connection_type": "OktaOIDC"}),
            "oidc_options_required",
        ),
        (
            json!({"connection_type": "OktaSAML", "oidc_options": oidc(&json!({}))}),
            "connection_type_conflicts_with_options",
        ),
        (
            json!({"connection_type": "OktaOIDC", "saml_options": saml(&json!({}))}),
            "connection_type_conflicts_with_options",
        ),
        (
            json!({"saml_options": saml(&metadata)}),
            "ambiguous_saml_options",
        ),
        (json!({"saml_options": {}}), "incomplete_saml_options"),
        (
            json!({"saml_options": saml(&json!({"idp_signing_certs": []}))}),
            "incomplete_saml_options",
        ),
        (
            json!({"saml_options": saml(&json!({"idp_sso_url": "ftp://idp.example"}))}),
            "invalid_idp_sso_url",
        ),
        (
            json!({"saml_options": saml(&json!({"idp_signing_certs": [CERTIFICATE, "nonsense"]}))}),
            "invalid_certificate",
        ),
        (
            json!({"saml_options": saml(&json!({"idp_signing_certs": [EXPIRED]}))}),
            "certificate_expired",
        ),
        (
            json!({"saml_options": saml(&json!({"sp_signing_key_pair": {"key": KEY, "cert": "x"}}))}),
            "invalid_certificate",
        ),
        (
            json!({"oidc_options": oidc(&json!({"discovery_endpoint": "http://idp.example"}))}),
            "discovery_endpoint_must_use_https",
        ),
        (
            json!({"oidc_options": oidc(&json!({"client_secret": null}))}),
            "client_secret_required",
        ),
        (
            json!({"oidc_options": oidc(&json!({"token_authentication_method": "private_key_jwt"}))}),
            "client_secret_not_accepted",
        ),
        (
            json!({"oidc_options": oidc(&json!({"jwt_signing_key_pair": {"key": KEY, "cert": CERTIFICATE}}))}),
            "key_pair_not_accepted",
        ),
    ] {
        let reply = create(&server, &options).await.expect(400);
        assert_eq!(reply.string("/code"), code, "{options}");
        replies.push(reply);
    }
    let list = server.get("/connections").send().await;
    assert_eq!(list.json()["data"], json!([]));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_is_not_well_formed_says_where() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    let many = vec![json!({"key": KEY, "cert": CERTIFICATE}); 6];
    for options in [
        json!({"organization_id": null, "name": "", "external_id": 5, "connection_type": "GithubOAuth"}),
        json!({"saml_options": saml(&json!({"acs_url": "no address", "idp_signing_certs": [""]}))}),
        json!({"oidc_options": {"discovery_endpoint": "", "pkce": "yes", "token_authentication_method": "none"}}),
        json!({"attribute_maps": {"standard_attributes": {"email": 5}, "custom_attributes": {"floor": null}}}),
        json!({"saml_options": saml(&json!({"sp_signing_key_pair": {"key": "secret", "cert": CERTIFICATE}}))}),
        json!({"saml_options": saml(&json!({"sp_encryption_key_pairs": many}))}),
    ] {
        let reply = create(&server, &options).await.expect(422);
        assert!(!reply.text().contains("secret\""), "{reply}");
        replies.push(reply);
    }
    let body = json!({"organization_id": "org_x", "saml_options": saml(&json!({}))});
    replies.push(server.post("/connections", &body).send().await.expect(404));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn key_pairs_of_ones_own_are_used() {
    let server = TestServer::start().await;
    let pair = json!({"key": KEY, "cert": CERTIFICATE});
    let options = json!({"sp_signing_key_pair": pair, "sp_encryption_key_pairs": [pair, pair]});
    let id = create(&server, &json!({"saml_options": saml(&options)}))
        .await
        .expect(201)
        .string("/id");
    let get = async |rest: &str| {
        let path = format!("/connections/{id}/{rest}");
        server.get(&path).send().await.expect(200)
    };
    assert_eq!(
        get("saml_sp_signing_cert").await.string("/value"),
        CERTIFICATE
    );
    let encryption = get("saml_sp_encryption_certs").await.json();
    let values = encryption["data"].as_array().expect("a list");
    assert_eq!(values.len(), 2);
    assert!(values.iter().all(|one| one["value"] == CERTIFICATE));
    let idp = get("saml_idp_signing_certs").await;
    assert_eq!(idp.string("/data/0/value"), CERTIFICATE);
    assert!(idp.json()["data"][1].is_null());

    let none = json!({"sp_encryption_key_pairs": []});
    let other = create(&server, &json!({"saml_options": saml(&none)})).await;
    let path = format!(
        "/connections/{}/saml_sp_encryption_certs",
        other.string("/id")
    );
    assert_eq!(server.get(&path).send().await.json()["data"], json!([]));
}

#[tokio::test]
pub(crate) async fn what_is_given_changes_and_nothing_else() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    let made = create(
        &server,
        &json!({"name": "Acme", "external_id": "e", "saml_options": {"idp_metadata_url": "https://idp.example/m"}}),
    )
    .await
    .expect(201);
    let path = format!("/connections/{}", made.string("/id"));
    let change = |body: Value| server.call("PATCH", &path).json(&body).send();
    server.advance("1 minute");
    // Nothing differs, so nothing changes.
    for body in [
        json!({}),
        json!({"name": null, "connection_type": "GenericSAML", "saml_options": {}, "attribute_maps": {"custom_attributes": {"a": null}}}),
        json!({"saml_options": {"idp_metadata_url": "https://idp.example/m", "acs_url": null, "idp_entity_id": null}}),
    ] {
        assert_eq!(change(body).await.expect(200).body, made.body);
    }
    replies.push(
        change(json!({"name": "Acme & Sons", "external_id": null}))
            .await
            .expect(200),
    );
    for body in [
        json!({"attribute_maps": {"standard_attributes": {"groups": null}, "custom_attributes": {"floor": "f"}}}),
        json!({"saml_options": {"idp_metadata_url": null, "idp_sso_url": "https://idp.example/sso", "sp_entity_id": "me"}}),
        json!({"saml_options": {"sp_entity_id": null}}),
    ] {
        server.advance("1 minute");
        let reply = change(body).await.expect(200);
        assert_eq!(
            reply.string("/updated_at"),
            format!("{:.3}", server.now()),
            "{reply}"
        );
    }
    let client = server.client();
    let id = made.string("/id");
    let changed = client
        .update_connection()
        .id(id.as_str())
        .body_map(|body| body.name("By the client".to_owned()));
    assert_eq!(changed.send().await.expect("changed").name, "By the client");
    for (body, status) in [
        (json!({"connection_type": "OktaSAML"}), 400),
        (
            json!({"saml_options": {}, "oidc_options": {"client_id": "x"}}),
            400,
        ),
        (json!({"oidc_options": {"client_id": "x"}}), 400),
        (
            json!({"saml_options": {"idp_metadata_url": "https://idp.example/m", "idp_entity_id": "x"}}),
            400,
        ),
        (json!({"saml_options": {"idp_sso_url": "nowhere"}}), 400),
        (json!({"name": "", "saml_options": {"acs_url": 5}}), 422),
    ] {
        replies.push(change(body).await.expect(status));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn a_client_secret_is_asked_for_when_it_begins_to_be_used() {
    let server = TestServer::start().await;
    let made = create(&server, &json!({"oidc_options": oidc(&json!({}))})).await;
    let path = format!("/connections/{}", made.expect(201).string("/id"));
    for (options, expected) in [
        (json!({"pkce": false, "redirect_uri": null}), Ok(())),
        (
            json!({"discovery_endpoint": "http://idp.example"}),
            Err("discovery_endpoint_must_use_https"),
        ),
        (
            json!({"token_authentication_method": "client_secret_post"}),
            Ok(()),
        ),
        (
            json!({"token_authentication_method": "private_key_jwt", "client_secret": "x"}),
            Err("client_secret_not_accepted"),
        ),
        (
            json!({"token_authentication_method": "private_key_jwt"}),
            Ok(()),
        ),
        (
            json!({"token_authentication_method": "client_secret_post"}),
            Err("client_secret_required"),
        ),
        (
            json!({"token_authentication_method": "client_secret_post", "client_secret": "x"}),
            Ok(()),
        ),
    ] {
        let body = json!({"oidc_options": options});
        let reply = server.call("PATCH", &path).json(&body).send().await;
        match expected {
            Ok(()) => assert_eq!(reply.status, 200, "{reply}"),
            Err(code) => assert_eq!(reply.expect(400).string("/code"), code),
        }
    }
    let other = connection(&server, &json!({"connection_type": "GitHubOAuth"})).await;
    let path = format!("/connections/{other}");
    let body = json!({"saml_options": {"sp_entity_id": "x"}});
    let reply = server.call("PATCH", &path).json(&body).send().await;
    assert_eq!(
        reply.expect(400).string("/code"),
        "connection_type_conflicts_with_options"
    );
}
