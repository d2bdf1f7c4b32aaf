//! Single sign-on, set up on the pages and by control calls.

use axum::Router;
use axum::routing::get;
use contract_tests::{PUBLIC_URL, Reply, TestServer, Visitor};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::support::{CERTIFICATE, events, link_with, organization, words};

pub(crate) const EVENTS: &str = "connection.activated,connection.deactivated,connection.deleted,\
    connection.saml_certificate_renewed,authentication.sso_succeeded,authentication.sso_failed,authentication.sso_timed_out";

/// A browser in the part, and where the part is.
pub(crate) async fn visit(server: &TestServer) -> (Visitor<'_>, String) {
    let more = json!({"intent": "sso", "success_url": "https://app.test/done"});
    let visitor = server.visitor();
    let session = visitor.open(&link_with(server, &more).await).await;
    let root = format!("{session}/sso");
    (visitor, root)
}

pub(crate) async fn connections(server: &TestServer) -> Vec<Value> {
    let list = server.get("/connections").send().await.expect(200);
    list.json()["data"].as_array().expect("a list").clone()
}

pub(crate) async fn names_of_events(server: &TestServer) -> Vec<String> {
    let all = events(server, EVENTS).await;
    let name = |event: &Value| event["event"].as_str().expect("a name").to_owned();
    all.iter().map(name).collect()
}

async fn by_control(server: &TestServer, what: &str, more: &Value) -> Reply {
    let link = link_with(
        server,
        &json!({"intent": "sso", "success_url": "https://app.test/done"}),
    )
    .await;
    let mut body = json!({"link": link});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    let path = format!("/_mock/portal_links/{what}");
    server.post(&path, &body).send().await
}

/// Metadata of an identity provider with this certificate.
pub(crate) fn metadata(pem: &str) -> String {
    let base64: String = pem.lines().filter(|line| !line.contains("---")).collect();
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.test/a?b=1&amp;c=2">
             <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
               <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                 <ds:X509Certificate>{base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
               <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.test/post"/>
             </md:IDPSSODescriptor>
           </md:EntityDescriptor>"#
    )
}

/// Serves texts on this machine, and says where.
pub(crate) async fn serve(texts: Vec<(&'static str, String)>) -> String {
    let mut router = Router::new();
    for (path, text) in texts {
        router = router.route(path, get(async move || text));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

#[tokio::test]
async fn a_visitor_goes_from_the_provider_to_a_connection_that_works() {
    let server = TestServer::start().await;
    let (visitor, root) = visit(&server).await;
    let mut pages = Vec::new();
    let picker = visitor.landing(&root).await.expect(200);
    assert!(words(&picker).contains("Which identity provider do you use?"));
    let chosen = visitor
        .submit(&format!("{root}/provider"), &[("provider", "OktaSAML")])
        .await;
    let at = chosen.expect(303).header("location").to_owned();
    assert_eq!(at, format!("{root}/values"));
    pages.push(words(&visitor.get(&at).await.expect(200)));
    assert_eq!(connections(&server).await[0]["state"], "draft");
    // The metadata URL on the page leads to metadata.
    let url = pages[0]
        .lines()
        .find(|line| line.ends_with("/metadata"))
        .expect("the metadata URL");
    let path = url
        .strip_prefix(PUBLIC_URL)
        .expect("an address of the server");
    let own_metadata = server.get(path).anonymous().send().await.expect(200);
    assert_eq!(
        own_metadata.header("content-type"),
        "application/samlmetadata+xml"
    );
    assert_snapshot!("metadata_of_this_side", own_metadata.text());
    assert!(pages[0].contains(&attribute(&own_metadata.text(), "Location")));
    assert!(pages[0].contains(&attribute(&own_metadata.text(), "entityID")));

    let at = visitor.submit(&at, &[]).await.expect(303);
    assert_eq!(at.header("location"), format!("{root}/identity_provider"));
    let page = visitor.get(at.header("location")).await.expect(200);
    pages.push(words(&page));
    let answers = [
        ("source", "metadata_xml"),
        ("metadata_xml", &*metadata(CERTIFICATE)),
    ];
    let at = visitor
        .submit(&format!("{root}/identity_provider"), &answers)
        .await;
    assert_eq!(at.expect(303).header("location"), format!("{root}/test"));
    assert_eq!(connections(&server).await[0]["state"], "validating");
    pages.push(words(
        &visitor.get(&format!("{root}/test")).await.expect(200),
    ));
    let answers = [("email", "ada@example.com"), ("outcome", "success")];
    let at = visitor.submit(&format!("{root}/test"), &answers).await;
    assert_eq!(at.expect(303).header("location"), root);
    pages.push(words(&visitor.get(&root).await.expect(200)));
    let session = root.strip_suffix("/sso").expect("a session");
    let done = visitor.finish(session).await.expect(303);
    assert_eq!(done.header("location"), "https://app.test/done");
    assert_snapshot!("pages", pages.join("\n\n---\n\n"));
    assert_json_snapshot!("resources", {
        let connections = connections(&server).await;
        let id = connections[0]["id"].as_str().expect("an id");
        let certificates = server.get(&format!("/connections/{id}/saml_idp_signing_certs"));
        json!({
            "connections": connections,
            "certificates": certificates.send().await.expect(200).json()["data"][0]["not_after"],
            "events": events(&server, EVENTS).await,
        })
    });
}

fn attribute(xml: &str, name: &str) -> String {
    let value = xml
        .split(&format!("{name}=\""))
        .nth(1)
        .expect("the attribute");
    value.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn one_call_does_the_same_with_samples() {
    let server = TestServer::start().await;
    let done = by_control(&server, "complete", &json!({}))
        .await
        .expect(200);
    assert_json_snapshot!(json!({
        "visit": done.json(), "events": events(&server, EVENTS).await,
    }));
}

#[tokio::test]
async fn one_call_takes_the_answers_of_the_pages() {
    let server = TestServer::start().await;
    let base = serve(vec![
        ("/metadata", metadata(CERTIFICATE)),
        (
            "/discovery",
            json!({"issuer": "https://idp.test", "authorization_endpoint": "https://idp.test/a"})
                .to_string(),
        ),
    ])
    .await;
    let answers = json!({"provider": "AzureSAML", "metadata_url": format!("{base}/metadata")});
    let done = by_control(&server, "complete", &json!({"answers": answers}))
        .await
        .expect(200);
    assert_eq!(done.json()["made"][0]["connection_type"], "AzureSAML");
    let id = done.string("/made/0/id");
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    let certificates = server.get(&path).send().await.expect(200).json();
    assert_eq!(certificates["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        certificates["data"][0]["not_after"],
        "2027-01-01T00:00:00.000Z"
    );

    let other = organization(&server, &json!({"name": "Other"})).await;
    let answers = json!({
        "provider": "GenericOIDC", "discovery_endpoint": format!("{base}/discovery"), "client_id": "me",
        "client_secret": "hush", "email": "ada@anywhere.example",
    });
    let body = json!({"organization": other, "intent": "sso", "answers": answers});
    let link = json!({"organization": other, "intent": "sso"});
    let _ = server
        .post("/portal/generate_link", &link)
        .send()
        .await
        .expect(201);
    let done = server
        .post("/_mock/portal_links/complete", &body)
        .send()
        .await
        .expect(200);
    assert_eq!(done.json()["made"][0]["state"], "active");
}

#[tokio::test]
async fn what_cannot_be_read_or_used_changes_nothing() {
    let server = TestServer::start().await;
    let base = serve(vec![
        ("/html", "<html></html>".to_owned()),
        ("/json", "{}".to_owned()),
    ])
    .await;
    let mut told = Vec::new();
    for answers in [
        json!({"provider": "GoogleOAuth"}),
        json!({"metadata_url": format!("{base}/none")}),
        json!({"metadata_url": format!("{base}/html")}),
        json!({"metadata_url": "javascript:alert(1)"}),
        json!({"metadata_xml": "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"}),
        json!({"metadata_xml": metadata("---\nAAAA\n---")}),
        json!({"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}),
        json!({"certificate": include_str!("fixtures/expired-2021-01-01.pem")}),
        json!({"provider": "OktaOIDC", "discovery_endpoint": format!("{base}/json")}),
        json!({"provider": "OktaOIDC", "discovery_endpoint": "http://idp.test/d"}),
        json!({"email": "nobody"}),
        json!({"outcome": "denied"}),
        json!({"email": "ada@elsewhere.example"}),
        json!({"metadata_xml": metadata(CERTIFICATE), "metadata_url": "https://idp.test"}),
    ] {
        let refused = by_control(&server, "complete", &json!({"answers": answers}))
            .await
            .expect(422);
        let errors = refused.json()["errors"].clone();
        told.push(json!({"answers": answers.as_object().map(|all| all.keys().collect::<Vec<_>>()), "errors": errors}));
        assert!(connections(&server).await.is_empty());
    }
    assert!(names_of_events(&server).await.is_empty());
    let text = serde_json::to_string_pretty(&told).expect("JSON");
    assert_snapshot!(text.replace(&base, "http://here"));
}

#[tokio::test]
async fn sign_ins_fail_in_each_way_and_work_at_last() {
    let server = TestServer::start().await;
    let step = json!({"step": "test"});
    let _ = by_control(&server, "step", &step).await.expect(200);
    let failed = by_control(&server, "fail", &step).await.expect(200).json();
    assert_eq!(failed["outcome"], "failed");
    assert_eq!(failed["next_step"], "test");
    assert!(
        failed["problem"]
            .as_str()
            .is_some_and(|text| text.starts_with("The provider denied"))
    );
    let (visitor, root) = visit(&server).await;
    let mut alerts = Vec::new();
    for (email, outcome) in [
        ("ada@example.com", "timeout"),
        ("ada@example.com", "denied"),
        ("ada@example.com", "wrong_domain"),
        ("ada@elsewhere.example", "success"),
    ] {
        let answers = [("email", email), ("outcome", outcome)];
        let at = visitor
            .submit(&format!("{root}/test"), &answers)
            .await
            .expect(303);
        assert_eq!(at.header("location"), format!("{root}/test"));
        let page = visitor.get(at.header("location")).await.expect(200);
        alerts.push(
            words(&page)
                .lines()
                .skip_while(|line| !line.starts_with("Sign in once"))
                .skip(1)
                .take(2)
                .collect::<Vec<_>>()
                .join(" "),
        );
        assert_eq!(connections(&server).await[0]["state"], "validating");
    }
    assert_snapshot!("alerts", alerts.join("\n"));
    let good = [("email", "ada@example.com"), ("outcome", "success")];
    for _ in 0..2 {
        let at = visitor
            .submit(&format!("{root}/test"), &good)
            .await
            .expect(303);
        assert_eq!(at.header("location"), root);
    }
    let names = names_of_events(&server).await;
    assert_eq!(
        names[5..],
        ["connection.activated", "authentication.sso_succeeded"]
    );
}

#[tokio::test]
async fn bad_input_stays_on_the_page_and_changes_nothing() {
    let server = TestServer::start().await;
    let (visitor, root) = visit(&server).await;
    for provider in ["", "<script>alert(1)</script>", "GoogleOAuth"] {
        let page = visitor
            .submit(&format!("{root}/provider"), &[("provider", provider)])
            .await;
        assert!(words(&page.expect(422)).contains("Identity provider is"));
    }
    // No step can be gone to before its time.
    for step in ["values", "identity_provider", "test", "reset"] {
        let page = visitor.get(&format!("{root}/{step}")).await.expect(303);
        assert_eq!(page.header("location"), root, "{step}");
        let page = visitor
            .submit(&format!("{root}/{step}"), &[])
            .await
            .expect(303);
        assert_eq!(page.header("location"), root, "{step}");
    }
    assert!(connections(&server).await.is_empty());
    let _ = visitor
        .submit(&format!("{root}/provider"), &[("provider", "OktaSAML")])
        .await
        .expect(303);
    let _ = visitor
        .submit(&format!("{root}/values"), &[])
        .await
        .expect(303);
    let hostile = "</textarea><script>alert(1)</script>";
    let answers = [
        ("source", "values"),
        ("idp_entity_id", "\"><script>"),
        ("idp_sso_url", "javascript:alert(1)"),
        ("certificate", hostile),
    ];
    let page = visitor
        .submit(&format!("{root}/identity_provider"), &answers)
        .await
        .expect(422);
    let text = page.text();
    assert!(
        !text.contains("<script>") && text.contains("&#60;script&#62;alert(1)"),
        "{text}"
    );
    assert!(
        words(&page)
            .contains("Sign-in URL has to be an address that begins with https:// or http://.")
    );
    let mut answers = answers;
    answers[2].1 = "https://idp.test/sso";
    let page = visitor
        .submit(&format!("{root}/identity_provider"), &answers)
        .await
        .expect(422);
    assert!(
        words(&page).contains("The certificate is not PEM-encoded"),
        "{page}"
    );
    assert_eq!(connections(&server).await[0]["state"], "draft");
    let id = connections(&server).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    assert_eq!(
        server.get(&path).send().await.expect(200).json()["data"],
        json!([])
    );
}
