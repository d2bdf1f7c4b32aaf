//! Connections: how they are made by API, found, and taken away.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::types::{ConnectionState, EventPayload};

use crate::support::{CERTIFICATE, connection, organization, transcripts};

/// Every event that connections have.
const EVENTS: &str = "/events?limit=100&events=connection.activated,connection.deactivated,connection.deleted,\
                      connection.saml_certificate_renewal_required,organization.deleted";

pub(crate) async fn events(server: &TestServer) -> Reply {
    server.get(EVENTS).send().await.expect(200)
}

/// The SAML options of an identity provider that gives its values one by one.
fn saml() -> Value {
    json!({"idp_sso_url": "https://idp.example/sso", "idp_entity_id": "idp", "idp_signing_certs": [CERTIFICATE]})
}

fn oidc() -> Value {
    json!({"discovery_endpoint": "https://idp.example/.well-known/openid-configuration", "client_id": "a", "client_secret": "b"})
}

#[tokio::test]
pub(crate) async fn one_is_made_read_and_deleted() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "domain_data": [{"domain": "acme.com", "state": "verified"}, {"domain": "acme.org", "state": "pending"}],
    });
    let acme = organization(&server, &body).await;
    let created = server
        .post(
            "/connections",
            &json!({"organization_id": acme, "connection_type": "OktaSAML", "saml_options": saml()}),
        )
        .send()
        .await
        .expect(201);
    let id = created.string("/id");
    let read = server
        .client()
        .get_connection()
        .id(id.as_str())
        .send()
        .await
        .expect("it is found");
    assert_eq!(read.state, ConnectionState::Validating);
    assert_eq!(created.body, server.last().body);
    server.advance("1 hour");
    server
        .client()
        .delete_connection()
        .id(id.as_str())
        .send()
        .await
        .expect("it is deleted");
    let deleted = server.last().expect(204);
    assert!(deleted.body.is_empty());
    let mut replies = vec![created, deleted, events(&server).await];
    let path = format!("/connections/{id}");
    for method in ["GET", "PATCH", "DELETE"] {
        let call = server.call(method, &path).json(&json!({}));
        replies.push(call.send().await.expect(404));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn the_type_follows_from_the_options() {
    let server = TestServer::start().await;
    let id = server.organization();
    for (body, kind) in [
        (json!({"saml_options": saml()}), "GenericSAML"),
        (json!({"oidc_options": oidc()}), "GenericOIDC"),
        (
            json!({"oidc_options": oidc(), "connection_type": "AdpOidc"}),
            "AdpOidc",
        ),
        (
            json!({"oidc_options": oidc(), "saml_options": null, "connection_type": null}),
            "GenericOIDC",
        ),
        (
            json!({"saml_options": {"idp_metadata_url": "https://idp.example/m", "idp_signing_certs": []}}),
            "GenericSAML",
        ),
    ] {
        let mut body = body;
        body["organization_id"] = json!(id);
        let created = server.post("/connections", &body).send().await.expect(201);
        assert_eq!(created.string("/connection_type"), kind);
        // Named after its organization, and waiting for its first sign-in.
        assert_eq!(created.string("/name"), "Test Organization");
        assert_eq!(created.string("/state"), "validating");
        assert_eq!(created.string("/status"), "unlinked");
    }
}

#[tokio::test]
async fn an_external_id_names_one_connection_of_an_organization() {
    let server = TestServer::start().await;
    let make = |organization: &str, options: Value| {
        let mut body = json!({"organization_id": organization, "external_id": "sso-1"});
        let members = body.as_object_mut().expect("an object");
        members.extend(options.as_object().expect("an object").clone());
        server.post("/connections", &body)
    };
    let id = server.organization();
    let body = json!({"name": "First", "saml_options": saml()});
    let first = make(id, body).send().await.expect(201);
    server.advance("1 minute");
    let body = json!({"name": "Second", "saml_options": saml()});
    let again = make(id, body).send().await.expect(200);
    assert_eq!(first.body, again.body, "it comes back as it is");

    // Of another type it is none that could come back.
    let mut replies = vec![
        make(id, json!({"oidc_options": oidc()}))
            .send()
            .await
            .expect(409),
    ];
    // Another organization may have the same external id.
    let other = organization(&server, &json!({"name": "Other"})).await;
    let theirs = make(&other, json!({"oidc_options": oidc()}));
    let theirs = theirs.send().await.expect(201).string("/id");

    // A change keeps them apart as well, and null sets one free.
    let body = json!({"organization_id": other, "oidc_options": oidc(), "external_id": "sso-2"});
    let second = server.post("/connections", &body).send().await.expect(201);
    let change = async |id: &str, external_id: Value| {
        let body = json!({"external_id": external_id});
        let path = format!("/connections/{id}");
        server.call("PATCH", &path).json(&body).send().await
    };
    let second = second.string("/id");
    replies.push(change(&second, json!("sso-1")).await.expect(409));
    let _ = change(&theirs, Value::Null).await.expect(200);
    let _ = change(&second, json!("sso-1")).await.expect(200);
    let back = make(&other, json!({"oidc_options": oidc()})).send().await;
    assert_eq!(back.expect(200).string("/id"), second);
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn filters_find_what_they_name() {
    let server = TestServer::start().await;
    let other = organization(
        &server,
        &json!({"name": "Other Company", "domains": ["other.com"]}),
    )
    .await;
    let okta = connection(&server, &json!({"name": "Blue Okta"})).await;
    let github = connection(&server, &json!({"connection_type": "GitHubOAuth"})).await;
    let body = json!({"organization_id": other, "name": "Blue Bird", "domains": ["BLUE.com", "blue.com", "bücher.example"]});
    let blue = connection(&server, &body).await;
    let plain = connection(&server, &json!({"organization_id": other})).await;
    for (query, expected) in [
        ("", vec![&plain, &blue, &github, &okta]),
        ("order=asc&limit=2", vec![&okta, &github]),
        ("connection_type=OktaSAML", vec![&plain, &blue, &okta]),
        ("connection_type=GithubOAuth", vec![&github]),
        ("connection_type=GitHubOAuth", vec![&github]),
        ("connection_type=GoogleOAuth", vec![]),
        ("domain=example.com", vec![&github, &okta]),
        ("domain=Blue.COM.", vec![&blue]),
        ("domain=b%C3%BCcher.example", vec![&blue]),
        ("domain=other.com", vec![&plain]),
        ("domain=no%20domain", vec![]),
        (&format!("organization_id={other}"), vec![&plain, &blue]),
        ("organization_id=org_x", vec![]),
        ("search=blue", vec![&blue, &okta]),
        ("search=LUE%20b", vec![&blue]),
        ("search=co", vec![&plain]),
        ("search=zzz", vec![]),
        (
            &format!(
                "search=blue&organization_id={other}&connection_type=OktaSAML&domain=blue.com"
            ),
            vec![&blue],
        ),
        ("search=blue&domain=other.com", vec![]),
    ] {
        let reply = server
            .get(&format!("/connections?{query}"))
            .send()
            .await
            .expect(200);
        let body = reply.json();
        let data = body["data"].as_array().expect("a list");
        let ids: Vec<&str> = data.iter().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(ids, expected, "{query}");
    }
    assert_snapshot!(server.get("/connections?search=bird").send().await);
}

#[tokio::test]
async fn pages_are_turned_both_ways() {
    let server = TestServer::start().await;
    for number in 0..7 {
        connection(&server, &json!({"name": format!("Number {number}")})).await;
    }
    let page = async |query: &str| {
        let target = format!("/connections?limit=3&organization_id=org_test_idp{query}");
        let reply = server.get(&target).send().await.expect(200).json();
        let data = reply["data"].as_array().expect("a list").clone();
        let name = |one: &Value| one["name"].as_str().expect("a name")[7..].to_owned();
        let cursor = |name: &str| reply["list_metadata"][name].as_str().map(ToOwned::to_owned);
        let names: Vec<String> = data.iter().map(name).collect();
        (names.join(" "), cursor("before"), cursor("after"))
    };
    let (first, before, after) = page("").await;
    assert_eq!((first.as_str(), before), ("6 5 4", None));
    let (second, before, after) = page(&format!("&after={}", after.expect("more"))).await;
    assert_eq!(second, "3 2 1");
    let (third, _, end) = page(&format!("&after={}", after.expect("more"))).await;
    assert_eq!((third.as_str(), end), ("0", None));
    let (back, start, _) = page(&format!("&before={}", before.expect("more"))).await;
    assert_eq!((back.as_str(), start), ("6 5 4", None));
    let (normal, older, newer) = page("&order=normal").await;
    assert_eq!((normal.as_str(), newer), ("6 5 4", None));
    let (normal, _, _) = page(&format!("&order=normal&before={}", older.expect("more"))).await;
    assert_eq!(normal, "3 2 1");
}

#[tokio::test]
async fn what_a_list_cannot_be_asked_for() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for query in [
        "connection_type=Banana",
        "connection_type=Pending",
        "limit=0&order=banana",
        "after=org_01J0000000000000000000000A",
        "before=conn_x",
        "before=conn_01J0000000000000000000000A&after=conn_01J0000000000000000000000A",
    ] {
        let reply = server.get(&format!("/connections?{query}")).send().await;
        replies.push(reply.expect(422));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn they_go_with_their_organization() {
    let server = TestServer::start().await;
    let acme = organization(&server, &json!({"name": "Acme"})).await;
    let of_acme = |more: Value| {
        let mut body = json!({"organization_id": acme});
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        body
    };
    let stays = connection(&server, &json!({})).await;
    let mut gone = Vec::new();
    for more in [
        json!({"state": "validating"}),
        json!({"connection_type": "Pending"}),
        json!({"state": "draft", "connection_type": "GenericOIDC"}),
    ] {
        gone.push(connection(&server, &of_acme(more)).await);
    }
    let path = format!("/organizations/{acme}");
    let _ = server.delete(&path).send().await.expect(202);
    for id in gone {
        let path = format!("/connections/{id}");
        let _ = server.get(&path).send().await.expect(404);
    }
    let path = format!("/connections/{stays}");
    let _ = server.get(&path).send().await.expect(200);
    // The one without a provider is not told of: no event has its type or its state.
    assert_snapshot!(events(&server).await);

    let told = server
        .client()
        .list_events()
        .events(["connection.deleted"])
        .send()
        .await
        .expect("events");
    for event in &told.data {
        let payload = event.payload().expect("a known event").expect("its shape");
        assert!(
            matches!(payload, EventPayload::ConnectionDeleted(_)),
            "{payload:?}"
        );
    }
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one() {
    let server = TestServer::start().await;
    let body = json!({"organization_id": server.organization(), "oidc_options": oidc()});
    let call = || {
        server
            .post("/connections", &body)
            .header("idempotency-key", "k")
    };
    let first = call().send().await.expect(201);
    let again = call().send().await.expect(201);
    assert_eq!(first.body, again.body);
    let list = server.get("/connections").send().await;
    assert_eq!(list.json()["data"].as_array().map(Vec::len), Some(1));
}
