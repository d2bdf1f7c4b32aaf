//! Domain verification.

use serde_json::Value;

use crate::stage::{Stage, play};

const EVENTS: [&str; 4] = [
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.verified",
    "organization_domain.verification_failed",
];

/// Opens the part for an organization without domains and types one. Returns the organization.
async fn enter(stage: &Stage, domain: &str) -> String {
    let organization = stage.organization("Northwind Traders").await;
    stage.open(&organization, "domain_verification").await;
    assert_eq!(stage.browser.heading().await, "Which domain is yours?");
    stage.browser.fill("domain", domain).await;
    stage.submit().await;
    let heading = stage.browser.heading().await;
    assert_eq!(heading, format!("Prove that {domain} is yours"));
    organization
}

/// The domains of an organization, as the API shows them.
async fn domains(stage: &Stage, organization: &str) -> Vec<(String, String)> {
    let organization = stage.read(&format!("/organizations/{organization}")).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let domains = organization["domains"].as_array().expect("domains").iter();
    domains
        .map(|one| (text(&one["domain"]), text(&one["state"])))
        .collect()
}

#[tokio::test]
async fn an_admin_proves_a_domain() {
    play(async |stage| {
        let organization = enter(stage, "northwind.example").await;
        let record = stage.browser.text(".copied").await;
        assert!(record.contains("verification_token="), "{record}");
        stage.browser.choose("outcome", "found").await;
        stage.submit().await;
        assert_eq!(
            stage.browser.text(".alert").await,
            "northwind.example is verified\nIt is proved to be yours."
        );
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/done"]);
        let domains = domains(stage, &organization).await;
        assert_eq!(domains, [("northwind.example".into(), "verified".into())]);
        assert_eq!(
            stage.event_names(&organization, &EVENTS).await,
            [
                "organization_domain.created",
                "organization_domain.verified"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn every_way_to_fail() {
    play(async |stage| {
        for (outcome, alert, state, last_event) in [
            (
                "not_yet",
                "The record is not there yet",
                "pending",
                "organization_domain.created",
            ),
            (
                "verified_by_other_organization",
                "could not be verified",
                "failed",
                "organization_domain.verification_failed",
            ),
            (
                "period_expired",
                "could not be verified",
                "failed",
                "organization_domain.verification_failed",
            ),
        ] {
            let domain = format!("{}.example", outcome.replace('_', "-"));
            let organization = enter(stage, &domain).await;
            stage.browser.choose("outcome", outcome).await;
            stage.submit().await;
            let said = stage.browser.text(".alert").await;
            assert!(said.contains(alert), "{outcome}: {said}");
            let domains = domains(stage, &organization).await;
            assert_eq!(domains, [(domain, state.to_owned())], "{outcome}");
            let names = stage.event_names(&organization, &EVENTS).await;
            assert_eq!(
                names.last().map(String::as_str),
                Some(last_event),
                "{outcome}"
            );
        }
        // What failed is begun anew.
        stage.browser.press("Try again").await;
        stage.submit().await;
        stage.browser.choose("outcome", "found").await;
        stage.submit().await;
        let said = stage.browser.text(".alert").await;
        assert!(
            said.starts_with("period-expired.example is verified"),
            "{said}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_domain_that_nobody_owns_is_refused_beside_the_field() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "domain_verification").await;
        for domain in ["gmail.com", "not a domain", "<script>alert(1)</script>"] {
            stage.browser.fill("domain", domain).await;
            stage.submit().await;
            let error = stage.browser.find("#domain-error, .field .error").await;
            assert!(!error.text().await.expect("a text").is_empty(), "{domain}");
            assert_eq!(stage.browser.value("domain").await, domain);
        }
        assert!(domains(stage, &organization).await.is_empty());
    })
    .await;
}
