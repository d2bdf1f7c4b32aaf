//! What keeps a visitor safe: cookies, forms of other sites, frames.

use fantoccini::cookies::Cookie;

use crate::stage::{PORTAL, play};

#[tokio::test]
async fn the_cookie_is_for_its_session_alone_and_out_of_reach() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        let session = stage.browser.address().await;
        let cookies = stage.browser.client().get_all_cookies().await;
        let cookies: Vec<Cookie<'_>> = cookies.expect("cookies");
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        let cookie = &cookies[0];
        assert_eq!(cookie.path(), Some(session.path()));
        assert_eq!(cookie.http_only(), Some(true));
        let same_site = cookie.same_site().map(|it| it.to_string());
        assert_eq!(same_site.as_deref(), Some("Lax"));
        assert!(session.path().ends_with(cookie.name()));
        let read = stage.browser.run("return document.cookie", vec![]).await;
        assert_eq!(read, "");
        // A page beside the session is sent nothing.
        stage
            .browser
            .go(&format!("{PORTAL}/portal/sessions/other"))
            .await;
        let cookies = stage.browser.client().get_all_cookies().await;
        assert!(cookies.expect("cookies").is_empty());
    })
    .await;
}

/// What a hostile page does to the portal in a browser that holds a session.
const SEND_FORM: &str = "
    const form = document.createElement('form');
    form.method = 'post';
    form.action = arguments[0];
    document.body.append(form);
    form.submit();";

#[tokio::test]
async fn a_form_of_another_site_finishes_nothing() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        let session = stage.browser.address().await;
        stage.browser.go("http://app.localhost/evil").await;
        let target = format!("{session}/finish").into();
        stage.browser.run(SEND_FORM, vec![target]).await;
        stage.browser.find(".intro h1").await;
        // `SameSite` keeps the cookie back, so the portal does not even know whose form it would be.
        assert_eq!(
            stage.browser.heading().await,
            "This browser does not hold the session"
        );
        // Without the token of its page a form of the portal's own origin does nothing either.
        stage.browser.go(session.as_str()).await;
        let target = format!("{session}/finish").into();
        stage.browser.run(SEND_FORM, vec![target]).await;
        stage.browser.find(".badge-bad").await;
        assert_eq!(
            stage.browser.heading().await,
            "This form came from another page"
        );
        assert_eq!(stage.app.targets(), ["/evil"]);
        stage.browser.go(session.as_str()).await;
        stage.finish().await;
    })
    .await;
}
