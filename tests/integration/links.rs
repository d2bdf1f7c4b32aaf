//! Portal links as the API makes them, and the providers that go with them.

use contract_tests::{PUBLIC_URL, TestServer};
use insta::assert_snapshot;
use serde_json::json;
use workos_portal::types::{ConnectionType, PortalIntent};

use crate::support::{link, link_with, words};

#[tokio::test]
pub(crate) async fn a_link_with_every_field() {
    let server = TestServer::start().await;
    let link = server
        .client()
        .generate_portal_link()
        .body_map(|body| {
            body.organization(server.organization().to_owned())
                .intent(PortalIntent::Sso)
                .return_url("https://app.example/settings?tab=sso#top".to_owned())
                .success_url("http://localhost:3000/done".to_owned())
                .external_user_id("user-1".to_owned())
                .it_contact_emails(vec![
                    "it@acme.example".to_owned(),
                    "security@acme.example".to_owned(),
                ])
        })
        .send()
        .await
        .expect("a link");
    assert_eq!(link.status(), 201);
    assert!(
        !format!("{link:?}").contains(link.link.expose()),
        "a link is a secret, so Debug hides it"
    );
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn a_link_for_each_intent_opens_on_it() {
    let server = TestServer::start().await;
    let intents = [
        None,
        Some(PortalIntent::Sso),
        Some(PortalIntent::Dsync),
        Some(PortalIntent::AuditLogs),
        Some(PortalIntent::LogStreams),
        Some(PortalIntent::DomainVerification),
        Some(PortalIntent::CertificateRenewal),
        Some(PortalIntent::BringYourOwnKey),
    ];
    let mut pages = Vec::new();
    for intent in intents {
        let name = intent
            .as_ref()
            .map_or("no intent".to_owned(), ToString::to_string);
        let link = server
            .client()
            .generate_portal_link()
            .body_map(|body| {
                let body = body.organization(server.organization().to_owned());
                match intent {
                    Some(intent) => body.intent(intent),
                    None => body,
                }
            })
            .send()
            .await
            .expect("a link");
        let visitor = server.visitor();
        let session = visitor.open(link.link.expose()).await;
        let page = visitor.landing(&session).await.expect(200);
        assert!(page.text().contains("Test Organization"));
        pages.push(format!("# {name}\n{}", words(&page)));
    }
    assert_snapshot!(pages.join("\n\n"));
}

#[tokio::test]
async fn a_token_is_long_opaque_and_never_the_same() {
    let server = TestServer::start().await;
    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let link = link(&server).await;
        let token = link
            .strip_prefix(&format!("{PUBLIC_URL}/portal/launch?token="))
            .expect("the form of a link")
            .to_owned();
        // 128 bits are 22 characters of base64url.
        assert!(
            token.len() >= 22
                && token
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
            "{token}"
        );
        assert!(!token.contains(server.organization()));
        assert!(tokens.insert(token));
    }
}

#[tokio::test]
async fn a_spoofed_host_does_not_end_up_in_a_link() {
    let public = TestServer::start().await;
    let own = TestServer::with(|config| config.public_url = None).await;
    let expected = [
        (&public, PUBLIC_URL.to_owned()),
        (&own, own.public_url().to_owned()),
    ];
    for (server, origin) in expected {
        let body = json!({"organization": server.organization()});
        let reply = server
            .post("/portal/generate_link", &body)
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "gopher")
            .header("forwarded", "host=evil.example;proto=gopher")
            .send()
            .await
            .expect(201);
        assert!(
            reply
                .string("/link")
                .starts_with(&format!("{origin}/portal/launch?token=")),
            "{reply}"
        );
        let providers = server
            .get("/portal/providers")
            .header("host", "evil.example")
            .send()
            .await
            .expect(200);
        assert!(!providers.text().contains("evil.example"));
    }
}

#[tokio::test]
async fn old_names_of_parameters_and_unknown_ones_are_accepted() {
    let server = TestServer::start().await;
    for more in [
        json!({"admin_emails": ["it@acme.example"]}),
        json!({"admin_emails": ["it@acme.example"], "it_contact_emails": ["other@acme.example"]}),
        json!({"intent": "sso", "intent_options": {"sso": {"provider_type": "GoogleSAML", "bookmark_slug": "a"}}}),
        json!({"intent": "domain_verification", "intent_options": {"domain_verification": {"domain_name": "acme.example"}}}),
        json!({"intent_options": null, "return_url": null, "success_url": null, "intent": null, "it_contact_emails": null, "external_user_id": null}),
        json!({"something": "else"}),
        json!({"it_contact_emails": []}),
    ] {
        link_with(&server, &more).await;
    }
}

#[tokio::test]
async fn an_organization_that_is_not_there() {
    let server = TestServer::start().await;
    let error = server
        .client()
        .generate_portal_link()
        .body_map(|body| body.organization("org_x".to_owned()))
        .send()
        .await
        .expect_err("a 404");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.code(), Some("organization_not_found"));
    assert_snapshot!(server.last(), @r#"
    POST /portal/generate_link
    404
    content-type: application/json; charset=utf-8
    {
      "message": "Organization not found: 'org_x'.",
      "code": "organization_not_found",
      "entity_id": "org_x"
    }
    "#);
}

#[tokio::test]
pub(crate) async fn providers_and_their_icons() {
    let server = TestServer::start().await;
    let providers = server
        .client()
        .list_portal_providers()
        .send()
        .await
        .expect("the providers")
        .into_inner();
    assert_eq!(
        [&providers[0].provider, &providers[1].provider],
        [
            &ConnectionType::GoogleOAuth,
            &ConnectionType::MicrosoftOAuth
        ]
    );
    assert!(
        providers
            .iter()
            .all(|provider| !matches!(provider.provider, ConnectionType::Unknown(_)))
    );
    assert_snapshot!("providers", server.last());

    for provider in &providers {
        for (theme, url) in [
            ("light", &provider.icon_url),
            ("dark", &provider.dark_icon_url),
        ] {
            let path = url
                .strip_prefix(PUBLIC_URL)
                .expect("an icon of this server");
            assert!(path.starts_with(&format!("/provider-icons/{theme}/")));
            let icon = server.get(path).anonymous().send().await.expect(200);
            assert_eq!(icon.header("content-type"), "image/svg+xml");
            assert_well_formed_svg(&icon.text());
        }
    }
    assert_snapshot!(
        "provider_icons",
        server
            .get("/provider-icons.json")
            .anonymous()
            .send()
            .await
            .expect(200)
    );
    for path in [
        "/provider-icons/light/nobody.svg",
        "/provider-icons/sepia/okta.svg",
        "/provider-icons/light/okta",
        "/provider-icons/light/%ff.svg",
        "/provider-icons/light/..%2Fokta.svg",
    ] {
        let reply = server.get(path).anonymous().send().await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (404, r#"{"message":"Not Found"}"#),
            "{path}"
        );
    }
}

/// Tags are balanced, nothing runs and nothing is fetched.
fn assert_well_formed_svg(svg: &str) {
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('&') || text.contains(';'), "{svg}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
    }
    assert!(
        open.is_empty() && svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""),
        "{svg}"
    );
    for forbidden in ["<script", "href", "url(", "onload", "<foreignObject"] {
        assert!(!svg.contains(forbidden), "{svg}");
    }
}

#[tokio::test]
async fn many_links_live_at_once() {
    let server = TestServer::start().await;
    let links = [
        link(&server).await,
        link(&server).await,
        link(&server).await,
    ];
    // One browser holds all their sessions side by side.
    let visitor = server.visitor();
    let mut sessions = Vec::new();
    for link in &links {
        sessions.push(visitor.open(link).await);
    }
    for session in &sessions {
        let _ = visitor.get(session).await.expect(200);
    }
    assert_eq!(visitor.open(&links[0]).await, sessions[0]);
}
