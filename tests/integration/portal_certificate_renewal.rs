//! Certificate renewal, on the pages and by control calls.

use contract_tests::{Reply, TestServer};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::portal_sso::{metadata, serve};
use crate::support::{CERTIFICATE, connection, events, link_with, words};

const RENEWED: &str = "connection.saml_certificate_renewed";

async fn complete(server: &TestServer, more: &Value) -> Reply {
    let link = link_with(server, &json!({"intent": "certificate_renewal"})).await;
    let mut body = json!({"link": link});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    server
        .post("/_mock/portal_links/complete", &body)
        .send()
        .await
}

async fn certificates(server: &TestServer, connection: &str) -> Vec<Value> {
    let path = format!("/connections/{connection}/saml_idp_signing_certs");
    let list = server.get(&path).send().await.expect(200);
    list.json()["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn one_call_renews_the_connection_s_certificate() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({})).await;
    let mut done = complete(&server, &json!({})).await.expect(200).json();
    assert_eq!(certificates(&server, &id).await.len(), 2);
    assert_eq!(certificates(&server, &id).await[1], done["made"][0]);
    done["made"][0]["value"] = json!("PEM");
    assert_json_snapshot!(json!({"visit": done, "events": events(&server, RENEWED).await}));
    // Another day it is another certificate.
    server.advance("24 hours");
    let _ = complete(&server, &json!({})).await.expect(200);
    assert_eq!(certificates(&server, &id).await.len(), 3);
}

#[tokio::test]
async fn without_a_connection_there_is_nothing_to_finish() {
    let server = TestServer::start().await;
    connection(&server, &json!({"connection_type": "OktaOIDC"})).await;
    connection(&server, &json!({"state": "draft"})).await;
    let refused = complete(&server, &json!({})).await.expect(422);
    assert_json_snapshot!(refused.json());
    let visitor = server.visitor();
    let more = json!({"intent": "certificate_renewal"});
    let session = visitor.open(&link_with(&server, &more).await).await;
    let page = visitor.landing(&session).await.expect(200);
    assert!(!page.text().contains("/finish\""), "{page}");
    assert_snapshot!("nothing_to_renew", words(&page));
}

#[tokio::test]
async fn a_visitor_renews_what_is_about_to_end() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({"name": "<script>alert(1)</script>"})).await;
    // Made certificates end after three years.
    server.advance("24000 hours");
    let visitor = server.visitor();
    let more = json!({"intent": "certificate_renewal", "success_url": "https://app.test/done"});
    let session = visitor.open(&link_with(&server, &more).await).await;
    let root = format!("{session}/certificate_renewal");
    let mut pages = vec![words(&visitor.landing(&session).await.expect(200))];
    let step = format!("{root}/certificate");
    let page = visitor.get(&step).await.expect(200);
    assert!(!page.text().contains("<script>"), "{page}");
    pages.push(words(&page));
    let expired = [
        ("connection_id", &*id),
        ("source", "values"),
        ("certificate", CERTIFICATE),
    ];
    let page = visitor.submit(&step, &expired).await.expect(422);
    assert!(
        words(&page).contains("The certificate expired at 2027-01-01T00:00:00Z."),
        "{page}"
    );
    assert!(
        page.text().contains("BEGIN CERTIFICATE"),
        "what was typed is kept"
    );
    for source in ["metadata_xml", "metadata_url"] {
        let answers = [("connection_id", &*id), ("source", source)];
        let _ = visitor.submit(&step, &answers).await.expect(422);
    }
    let gone = [
        ("connection_id", "conn_x"),
        ("source", "values"),
        ("certificate", CERTIFICATE),
    ];
    let _ = visitor.submit(&step, &gone).await.expect(422);
    assert_eq!(certificates(&server, &id).await.len(), 1);
    let address = [
        ("connection_id", &*id),
        ("source", "metadata_url"),
        ("metadata_url", "https://idp.test/metadata"),
    ];
    for _ in 0..2 {
        let at = visitor.submit(&step, &address).await.expect(303);
        assert_eq!(at.header("location"), root);
        assert_eq!(certificates(&server, &id).await.len(), 2);
    }
    assert_eq!(events(&server, RENEWED).await.len(), 1);
    pages.push(words(&visitor.get(&root).await.expect(200)));
    let done = visitor.finish(&session).await.expect(303);
    assert_eq!(done.header("location"), "https://app.test/done");
    assert_snapshot!(pages.join("\n\n---\n\n"));
}

#[tokio::test]
async fn metadata_brings_the_certificates_that_are_new() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({})).await;
    let base = serve(vec![("/metadata", metadata(CERTIFICATE))]).await;
    let answers = json!({"metadata_url": format!("{base}/metadata")});
    let _ = complete(&server, &json!({"answers": answers}))
        .await
        .expect(200);
    let present = certificates(&server, &id).await;
    assert_eq!(present[1]["not_after"], "2027-01-01T00:00:00.000Z");
    server.advance("1 second");
    let again = complete(
        &server,
        &json!({"answers": {"metadata_xml": metadata(CERTIFICATE)}}),
    )
    .await;
    assert_json_snapshot!(again.expect(422).json());
    assert_eq!(certificates(&server, &id).await, present);
}

#[tokio::test]
async fn a_certificate_that_comes_by_the_api_is_no_renewal() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({})).await;
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    let body = json!({"value": CERTIFICATE});
    let _ = server.post(&path, &body).send().await.expect(201);
    assert!(events(&server, RENEWED).await.is_empty());
}
