//! Organizations through the generated client, with the bodies as they came over the wire.

use std::collections::BTreeMap;

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;
use workos_portal::{
    Nullable,
    types::{OrganizationDomainData, OrganizationDomainState, builder},
};

use crate::support::{organization, transcripts};

fn metadata(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn domain(name: &str, state: OrganizationDomainState) -> builder::OrganizationDomainData {
    OrganizationDomainData::builder().domain(name).state(state)
}

#[tokio::test]
pub(crate) async fn create_with_everything() {
    let server = TestServer::start().await;
    let created = server
        .client()
        .create_organization()
        .body_map(|body| {
            body.name("Acme".to_owned())
                .external_id("acme-1".to_owned())
                .metadata(metadata(&[("tier", "gold"), ("région", "Île-de-France")]))
                .allow_profiles_outside_organization(true)
                .domain_data([
                    domain("Acme.com", OrganizationDomainState::Verified),
                    domain("bücher.example", OrganizationDomainState::Pending),
                ])
        })
        .send()
        .await
        .expect("it is created");
    assert_eq!(created.status(), 201);
    assert_eq!(created.domains.len(), 2);
    assert_eq!(created.external_id.as_deref(), Some("acme-1"));
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn create_with_a_name_only() {
    let server = TestServer::start().await;
    let created = server
        .client()
        .create_organization()
        .body_map(|body| body.name("Acme".to_owned()))
        .send()
        .await
        .expect("it is created");
    assert!(
        created.domains.is_empty() && created.metadata.is_empty() && created.external_id.is_none()
    );
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn create_with_the_old_list_of_domains() {
    let server = TestServer::start().await;
    let domains = vec![
        "acme.com".to_owned(),
        "ACME.com.".to_owned(),
        "acme.org".to_owned(),
    ];
    let body = |name: &str| {
        let (name, domains) = (name.to_owned(), domains.clone());
        move |body: workos_portal::types::builder::CreateOrganization| {
            body.name(name).domains(domains)
        }
    };
    server
        .client()
        .create_organization()
        .body_map(body("Acme"))
        .send()
        .await
        .expect("it is created");
    assert_snapshot!(server.last());
    // Several organizations may have the same domain.
    server
        .client()
        .create_organization()
        .body_map(body("Other"))
        .send()
        .await
        .expect("it is created too");
}

#[tokio::test]
async fn explicit_nulls_are_as_good_as_nothing() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "external_id": null, "metadata": null, "domains": null, "domain_data": null,
        "allow_profiles_outside_organization": null, "something_else": {"that": ["is", "unknown"]},
    });
    let created = server
        .post("/organizations", &body)
        .send()
        .await
        .expect(201);
    assert_eq!(created.json()["metadata"], json!({}));
    let changed = server
        .put(
            &format!("/organizations/{}", created.string("/id")),
            &json!({"name": null, "domains": null}),
        )
        .send()
        .await
        .expect(200);
    assert_eq!(changed.json()["name"], "Acme");
}

#[tokio::test]
pub(crate) async fn get_by_either_id() {
    let server = TestServer::start().await;
    let external_id = "a/b c%2F..?#";
    let id = organization(
        &server,
        &json!({"name": "Acme", "external_id": external_id}),
    )
    .await;
    let by_id = server
        .client()
        .get_organization()
        .id(id.as_str())
        .send()
        .await
        .expect("it is found");
    let first = server.last();
    let by_external_id = server
        .client()
        .get_organization_by_external_id()
        .external_id(external_id)
        .send()
        .await
        .expect("it is found");
    assert_eq!(by_id.id, by_external_id.id);
    assert_eq!(first.body, server.last().body);
    assert_snapshot!(first);
    server
        .client()
        .get_organization()
        .id(server.organization())
        .send()
        .await
        .expect("the server starts with it");
    assert_snapshot!(
        "the_organization_that_is_there_from_the_start",
        server.last()
    );
}

#[tokio::test]
pub(crate) async fn update_replaces_what_is_given_and_keeps_the_rest() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "external_id": "acme", "metadata": {"a": "1", "b": "2"},
        "domain_data": [{"domain": "acme.com", "state": "pending"}, {"domain": "acme.org", "state": "verified"}],
    });
    let id = organization(&server, &body).await;
    server.advance("90 seconds");
    let mut replies = Vec::new();

    server
        .client()
        .update_organization()
        .id(id.as_str())
        .body_map(|body| body.name("Acme & Sons".to_owned()))
        .send()
        .await
        .expect("a name");
    replies.push(server.last());
    server
        .client()
        .update_organization()
        .id(id.as_str())
        .body_map(|body| {
            body.stripe_customer_id(Nullable::from("cus_1"))
                .metadata(Nullable::from(metadata(&[("b", "3")])))
        })
        .send()
        .await
        .expect("a customer");
    replies.push(server.last());
    let pending = domain("acme.com", OrganizationDomainState::Verified);
    server
        .client()
        .update_organization()
        .id(id.as_str())
        .body_map(|body| body.domain_data([pending]))
        .send()
        .await
        .expect("domains");
    replies.push(server.last());
    let cleared = server
        .client()
        .update_organization()
        .id(id.as_str())
        .body_map(|body| {
            body.external_id(Nullable::<String>::null())
                .metadata(Nullable::<BTreeMap<String, String>>::null())
                .stripe_customer_id(Nullable::<String>::null())
        })
        .send()
        .await
        .expect("cleared");
    replies.push(server.last());
    assert!(
        cleared.external_id.is_none()
            && cleared.metadata.is_empty()
            && cleared.stripe_customer_id.is_none()
    );
    server
        .client()
        .update_organization()
        .id(id.as_str())
        .body_map(|body| body)
        .send()
        .await
        .expect("nothing to change");
    assert_snapshot!(transcripts(replies));

    let error = server
        .client()
        .get_organization_by_external_id()
        .external_id("acme")
        .send()
        .await
        .expect_err("nobody has it now");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
pub(crate) async fn delete_takes_it_and_what_belongs_to_it_away() {
    let server = TestServer::start().await;
    let id = organization(&server, &json!({"name": "Acme", "external_id": "acme"})).await;
    let link = server
        .post("/portal/generate_link", &json!({"organization": id}))
        .send()
        .await
        .expect(201)
        .string("/link");
    let opened = server
        .post("/portal/generate_link", &json!({"organization": id}))
        .send()
        .await
        .expect(201)
        .string("/link");
    let visitor = server.visitor();
    let session = visitor.open(&opened).await;

    let deleted = server
        .client()
        .delete_organization()
        .id(id.as_str())
        .send()
        .await
        .expect("it is deleted");
    assert_eq!(deleted.status(), 202);
    assert_snapshot!(server.last());

    for path in [
        format!("/organizations/{id}"),
        "/organizations/external_id/acme".to_owned(),
    ] {
        let _ = server.get(&path).send().await.expect(404);
    }
    let _ = server
        .delete(&format!("/organizations/{id}"))
        .send()
        .await
        .expect(404);
    let _ = server
        .put(&format!("/organizations/{id}"), &json!({"name": "x"}))
        .send()
        .await
        .expect(404);
    let _ = visitor.get(&link).await.expect(404);
    let page = visitor.get(&session).await;
    assert!((400..500).contains(&page.status), "{page}");
    assert_eq!(
        server.get("/organizations").send().await.expect(200).json()["data"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    organization(
        &server,
        &json!({"name": "Acme again", "external_id": "acme"}),
    )
    .await;
}

#[tokio::test]
async fn an_external_id_and_a_stripe_customer_have_one_holder() {
    let server = TestServer::start().await;
    let first = organization(&server, &json!({"name": "First", "external_id": "one"})).await;
    let second = organization(&server, &json!({"name": "Second", "external_id": "two"})).await;
    let path = |id: &str| format!("/organizations/{id}");
    let mut replies = vec![
        server
            .post(
                "/organizations",
                &json!({"name": "Third", "external_id": "one"}),
            )
            .send()
            .await
            .expect(400),
        server
            .put(&path(&second), &json!({"external_id": "one"}))
            .send()
            .await
            .expect(400),
    ];
    let _ = server
        .put(&path(&first), &json!({"stripe_customer_id": "cus_1"}))
        .send()
        .await
        .expect(200);
    replies.push(
        server
            .put(&path(&second), &json!({"stripe_customer_id": "cus_1"}))
            .send()
            .await
            .expect(400),
    );
    assert_snapshot!(transcripts(replies));

    // One's own is no conflict, and one that was given up is free.
    let _ = server
        .put(&path(&first), &json!({"external_id": "one"}))
        .send()
        .await
        .expect(200);
    let _ = server
        .put(&path(&first), &json!({"external_id": "other"}))
        .send()
        .await
        .expect(200);
    let _ = server
        .put(&path(&second), &json!({"external_id": "one"}))
        .send()
        .await
        .expect(200);
    // A refused change changes nothing.
    assert_eq!(
        server.get(&path(&first)).send().await.json()["external_id"],
        "other"
    );
}
