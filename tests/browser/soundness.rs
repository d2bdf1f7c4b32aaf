//! Every page for every eye: nothing serious that axe-core finds, in both palettes, and no page wider than the window.

use insta::assert_snapshot;
use serde_json::json;

use crate::browser::Look;
use crate::stage::{Stage, play};

async fn every_page_is_sound(intent: &str) {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.prepare(&organization, intent).await;
        let mut pages = Vec::new();
        let mut look = async |stage: &Stage, page: &str| {
            stage.assert_sound(page).await;
            pages.push(page.to_owned());
        };
        stage.tour(&organization, intent, &mut look).await;
        // None is left out.
        assert_snapshot!(intent, pages.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn of_single_sign_on() {
    every_page_is_sound("sso").await;
}

#[tokio::test]
async fn of_directory_sync() {
    every_page_is_sound("dsync").await;
}

#[tokio::test]
async fn of_domain_verification() {
    every_page_is_sound("domain_verification").await;
}

#[tokio::test]
async fn of_audit_logs() {
    every_page_is_sound("audit_logs").await;
}

#[tokio::test]
async fn of_log_streams() {
    every_page_is_sound("log_streams").await;
}

#[tokio::test]
async fn of_certificate_renewal() {
    every_page_is_sound("certificate_renewal").await;
}

#[tokio::test]
async fn of_bring_your_own_key() {
    every_page_is_sound("bring_your_own_key").await;
}

#[tokio::test]
async fn of_the_menu_and_the_end() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        let own = json!({"organization": organization});
        let made = stage
            .server
            .post("/portal/generate_link", &own)
            .send()
            .await;
        stage.browser.go(&made.expect(201).string("/link")).await;
        assert_eq!(stage.browser.heading().await, "Set up your organization");
        stage.assert_sound("the menu").await;
        stage.browser.press("Finish").await;
        assert_eq!(stage.browser.heading().await, "Setup finished");
        stage.assert_sound("the end").await;
    })
    .await;
}

/// That the checks see what they look for.
#[tokio::test]
async fn what_is_wrong_is_found() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        let harm = "document.querySelector('h1').style.width = '3000px'; document.querySelector('.foot p').style.width = '2000px'; document.querySelector('main button').textContent = '';";
        stage.browser.run(harm, vec![]).await;
        let found = stage.findings().await;
        assert!(found.iter().any(|finding| finding.starts_with("button-name")), "{found:?}");
        assert!(stage.overhang(Look::ALL[2]).await.0 > 0);
    })
    .await;
}
