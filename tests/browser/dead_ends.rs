//! Links and sessions that lead nowhere any more: what the visitor is told, and the way back.

use serde_json::json;

use crate::stage::{APP, PORTAL, play};

#[tokio::test]
async fn an_expired_link() {
    play(async |stage| {
        let link = stage.link("sso").await;
        stage.server.advance("5 minutes");
        stage.browser.go(&link).await;
        assert_eq!(stage.browser.heading().await, "This link has expired");
        stage.assert_sound("an expired link").await;
        stage.browser.press("Return to app").await;
        assert_eq!(stage.app.targets(), ["/settings"]);
    })
    .await;
}

#[tokio::test]
async fn a_used_link() {
    play(async |stage| {
        let link = stage.link("").await;
        stage.browser.go(&link).await;
        let session = stage.browser.address().await;
        // The browser that holds the session is led back to it.
        stage.browser.go(&link).await;
        assert_eq!(stage.browser.address().await, session);
        // Any other is told that it comes too late; so is this one without its cookies.
        stage.browser.forget().await;
        stage.browser.go(&link).await;
        assert_eq!(stage.browser.heading().await, "This link was already used");
        stage.assert_sound("a used link").await;
        stage.browser.go(session.as_str()).await;
        assert_eq!(
            stage.browser.heading().await,
            "This browser does not hold the session"
        );
        stage.assert_sound("a session of another browser").await;
    })
    .await;
}

#[tokio::test]
async fn a_revoked_link_and_session() {
    play(async |stage| {
        for is_open in [false, true] {
            let user = if is_open { "user-2" } else { "user-1" };
            let organization = stage.server.organization();
            let more = json!({"external_user_id": user});
            let link = stage.link_for(organization, &more).await;
            if is_open {
                stage.browser.go(&link).await;
            }
            let body = json!({"organization": organization, "external_user_id": user});
            let revoked = stage.server.post("/portal/revoke_link", &body).send();
            let _ = revoked.await.expect(204);
            if is_open {
                stage.browser.reload().await;
                assert_eq!(stage.browser.heading().await, "This session was revoked");
                stage.assert_sound("a revoked session").await;
            }
            stage.browser.go(&link).await;
            assert_eq!(stage.browser.heading().await, "This link was revoked");
            stage.assert_sound("a revoked link").await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_and_an_incomplete_link() {
    play(async |stage| {
        for (link, heading) in [
            ("/portal/launch?token=x", "This link is not known here"),
            ("/portal/launch", "This link is incomplete"),
        ] {
            stage.browser.go(&format!("{PORTAL}{link}")).await;
            assert_eq!(stage.browser.heading().await, heading);
            stage.assert_sound(heading).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_over() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        stage.server.advance("60 minutes");
        stage.browser.press("Finish").await;
        assert_eq!(stage.browser.heading().await, "This session has ended");
        stage.assert_sound("a session that has ended").await;
        stage.browser.press("Return to app").await;

        let link = stage.link("").await;
        stage.browser.go(&link).await;
        let session = stage.browser.address().await;
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/settings", "/done"]);
        // Chromium may show the page as it was; it is over all the same.
        stage.browser.back().await;
        stage.browser.reload().await;
        assert_eq!(stage.browser.heading().await, "This setup is finished");
        stage.assert_sound("a finished session").await;
        stage.browser.go(&link).await;
        assert_eq!(stage.browser.heading().await, "This link was already used");
        stage.browser.go(&format!("{session}/nowhere")).await;
        assert_eq!(stage.browser.heading().await, "This setup is finished");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_the_strip_expires() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "domain_verification").await;
        stage.browser.press("Expire now").await;
        assert_eq!(stage.browser.heading().await, "This session has ended");
        // What is sent from the page as it was changes nothing.
        stage.browser.back().await;
        stage.browser.fill("domain", "northwind.example").await;
        stage.submit().await;
        assert_eq!(stage.browser.heading().await, "This session has ended");
        let domains = stage.read(&format!("/organizations/{organization}")).await;
        assert_eq!(domains["domains"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn no_page_of_the_session() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        let session = stage.browser.address().await;
        for path in ["nothing", "domain_verification/nothing"] {
            stage.browser.go(&format!("{session}/{path}")).await;
            assert_eq!(stage.browser.heading().await, "There is no such page");
        }
        stage.assert_sound("no such page").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_without_addresses_ends_in_the_portal() {
    play(async |stage| {
        let own = json!({"organization": stage.server.organization()});
        let made = stage.server.post("/portal/generate_link", &own).send();
        stage
            .browser
            .go(&made.await.expect(201).string("/link"))
            .await;
        assert!(!stage.browser.has_named("Return to app").await);
        stage.browser.press("Finish").await;
        assert_eq!(stage.browser.heading().await, "Setup finished");
        assert!(stage.app.visits().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_return_address_alone_is_told_of_the_success() {
    play(async |stage| {
        let more = json!({"success_url": null, "return_url": format!("{APP}/settings?tab=sso")});
        let link = stage.link_for(stage.server.organization(), &more).await;
        stage.browser.go(&link).await;
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/settings?tab=sso&success=true"]);
        // The address of the link holds its token, so nobody is told where the visitor came from.
        assert_eq!(stage.app.visits()[0].referrer, None);
    })
    .await;
}
