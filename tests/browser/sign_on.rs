//! Single sign-on and the renewal of certificates.

use serde_json::{Value, json};

use crate::stage::{Stage, play};

const EVENTS: [&str; 7] = [
    "connection.activated",
    "connection.deactivated",
    "connection.deleted",
    "connection.saml_certificate_renewed",
    "authentication.sso_succeeded",
    "authentication.sso_failed",
    "authentication.sso_timed_out",
];

async fn connections(stage: &Stage, organization: &str) -> Vec<(String, String)> {
    let target = format!("/connections?organization_id={organization}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = stage.list(&target).await.into_iter();
    list.map(|one| (text(&one["connection_type"]), text(&one["state"])))
        .collect()
}

/// Goes through the part with a provider, up to the test of it.
async fn up_to_the_test(stage: &Stage, provider: &str) -> String {
    let organization = stage.organization("Northwind Traders").await;
    stage.open(&organization, "sso").await;
    stage.browser.choose("provider", provider).await;
    stage.submit().await;
    while stage.step().await.as_deref() != Some("test") {
        stage.take_sample_step().await;
    }
    organization
}

#[tokio::test]
async fn an_admin_finds_the_provider_and_signs_in() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "sso").await;
        let browser = &stage.browser;
        let all = browser.all("[name='provider']").await.len();
        browser.type_into("find", "okta").await;
        browser.press("Find").await;
        assert!(browser.all("[name='provider']").await.len() < all);
        browser.choose("provider", "OktaSAML").await;
        stage.submit().await;

        // What is to be copied is served, and names the address to copy.
        let copied = browser.text(".copied").await;
        let metadata = copied.lines().find(|line| line.ends_with("/metadata"));
        let path = metadata.and_then(|url| url.strip_prefix(crate::stage::PORTAL));
        let served = stage.server.get(path.expect("an address of the portal"));
        let served = served.anonymous().send().await.expect(200).text();
        let acs = copied.lines().find(|line| line.ends_with("/acs"));
        assert!(
            served.contains(acs.expect("an address to send to")),
            "{served}"
        );
        stage.submit().await;

        // Refused beside the field, with what was typed still there.
        browser.press("Metadata XML").await;
        browser
            .fill("metadata_xml", "<html>Sign in first</html>")
            .await;
        stage.submit().await;
        assert!(!browser.text(".field-wrong .error").await.is_empty());
        assert_eq!(
            browser.value("metadata_xml").await,
            "<html>Sign in first</html>"
        );
        browser.press("Metadata URL").await;
        browser
            .fill("metadata_url", "https://northwind.okta.example/metadata")
            .await;
        stage.submit().await;

        browser.fill("email", "ada@northwind.example").await;
        stage.submit().await;
        assert!(
            browser
                .text(".alert-good")
                .await
                .starts_with("Single sign-on works")
        );
        let state = [("OktaSAML".to_owned(), "active".to_owned())];
        assert_eq!(connections(stage, &organization).await, state);
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/done"]);
        assert_eq!(
            stage.event_names(&organization, &EVENTS).await,
            ["connection.activated", "authentication.sso_succeeded"]
        );
    })
    .await;
}

#[tokio::test]
async fn every_way_to_enter_what_the_provider_says() {
    play(async |stage| {
        for way in ["Metadata URL", "Metadata XML", "Values by hand"] {
            let organization = stage.organization("Northwind Traders").await;
            stage.open(&organization, "sso").await;
            stage.take_sample_step().await;
            stage.take_sample_step().await;
            if way != "Metadata URL" {
                stage.browser.press(way).await;
            }
            stage.take_sample_step().await;
            assert_eq!(stage.step().await.as_deref(), Some("test"), "{way}");
            stage.take_sample_step().await;
            let state = [("OktaSAML".to_owned(), "active".to_owned())];
            assert_eq!(connections(stage, &organization).await, state, "{way}");
        }
        let oidc = up_to_the_test(stage, "OktaOIDC").await;
        stage.take_sample_step().await;
        let state = [("OktaOIDC".to_owned(), "active".to_owned())];
        assert_eq!(connections(stage, &oidc).await, state);
    })
    .await;
}

#[tokio::test]
async fn every_way_to_fail_to_sign_in() {
    play(async |stage| {
        for (outcome, alert, event) in [
            (
                "denied",
                "The provider denied the sign-in",
                "authentication.sso_failed",
            ),
            (
                "wrong_domain",
                "The address is of another domain",
                "authentication.sso_failed",
            ),
            (
                "timeout",
                "The provider did not answer",
                "authentication.sso_timed_out",
            ),
        ] {
            let organization = up_to_the_test(stage, "OktaSAML").await;
            stage.browser.fill("email", "ada@northwind.example").await;
            stage.browser.choose("outcome", outcome).await;
            stage.submit().await;
            let said = stage.browser.text(".alert-bad").await;
            assert!(said.starts_with(alert), "{outcome}: {said}");
            assert_eq!(stage.browser.value("email").await, "ada@northwind.example");
            let state = [("OktaSAML".to_owned(), "validating".to_owned())];
            assert_eq!(connections(stage, &organization).await, state, "{outcome}");
            assert_eq!(
                stage.event_names(&organization, &EVENTS).await,
                [event],
                "{outcome}"
            );
            // It works at the second try.
            stage.browser.choose("outcome", "success").await;
            stage.submit().await;
            stage.finish().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_is_reset_by_typing_so() {
    play(async |stage| {
        let organization = up_to_the_test(stage, "OktaSAML").await;
        stage.take_sample_step().await;
        stage.browser.press("Reset the connection").await;
        stage.browser.fill("confirmation", "delete").await;
        stage.submit().await;
        assert_eq!(connections(stage, &organization).await.len(), 1);
        stage
            .browser
            .fill("confirmation", "DELETE CONNECTION")
            .await;
        stage.submit().await;
        assert!(connections(stage, &organization).await.is_empty());
        assert_eq!(stage.step().await.as_deref(), Some("provider"));
    })
    .await;
}

#[tokio::test]
async fn a_certificate_is_renewed() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.prepare(&organization, "certificate_renewal").await;
        for way in ["Certificate", "Metadata XML", "Metadata URL"] {
            stage.open(&organization, "certificate_renewal").await;
            if way != "Certificate" {
                stage.browser.press(way).await;
            }
            stage.take_sample_step().await;
            assert!(
                stage
                    .browser
                    .text(".alert-good")
                    .await
                    .starts_with("The certificate is renewed"),
                "{way}"
            );
            stage.finish().await;
            stage.server.advance("1 minute");
        }
        let events = stage
            .events(&organization, &["connection.saml_certificate_renewed"])
            .await;
        assert_eq!(events.len(), 3, "{events:#?}");
        assert_eq!(stage.app.targets(), ["/done"; 3]);
    })
    .await;
}

#[tokio::test]
async fn a_broken_certificate_is_refused() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.prepare(&organization, "certificate_renewal").await;
        stage.open(&organization, "certificate_renewal").await;
        let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        stage.browser.fill("certificate", broken).await;
        stage.submit().await;
        assert!(!stage.browser.text(".field-wrong .error").await.is_empty());
        stage.browser.press("Fail this step").await;
        assert!(!stage.browser.text(".field-wrong .error").await.is_empty());
        let renewed = ["connection.saml_certificate_renewed"];
        assert_eq!(
            stage.events(&organization, &renewed).await,
            Vec::<Value>::new()
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_is_there_to_be_renewed() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        let more = json!({"intent": "certificate_renewal"});
        stage
            .browser
            .go(&stage.link_for(&organization, &more).await)
            .await;
        assert!(
            stage
                .browser
                .text(".alert")
                .await
                .starts_with("There is nothing to renew")
        );
        stage.assert_sound("nothing to renew").await;
    })
    .await;
}
