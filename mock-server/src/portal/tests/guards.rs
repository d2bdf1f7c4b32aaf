//! What a page never does: open by accident, serve the wrong browser, leak.

use serde_json::json;
use url::Url;

use super::{Seen, Visit};
use crate::config::Config;

#[tokio::test]
async fn looking_and_prefetching_do_not_open() {
    let visit = Visit::new().await;
    let link = visit.link(json!({"intent": "sso"})).await;
    let head = Seen::of(visit.browser.head(&link).send().await.expect("an answer")).await;
    assert_eq!(
        (
            head.status,
            head.body.as_str(),
            head.header("cache-control")
        ),
        (200, "", "no-store")
    );
    let options = visit
        .browser
        .request(reqwest::Method::OPTIONS, &link)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (
            options.status().as_u16(),
            options.headers()["allow"].to_str().expect("text")
        ),
        (204, "GET, HEAD, OPTIONS")
    );
    let post = visit.browser.post(&link).send().await.expect("an answer");
    assert_eq!(post.status(), 405);
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "Prefetch"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
    ] {
        let fetched = visit.get(&link, &[header]).await;
        assert_eq!(
            (
                fetched.status,
                fetched.header("cache-control"),
                fetched.header("set-cookie")
            ),
            (204, "no-store", ""),
            "{header:?}"
        );
    }
    visit.open(&link).await;
}

#[tokio::test]
async fn what_is_not_known_is_404() {
    let visit = Visit::new().await;
    let link = visit.link(json!({})).await;
    let other = if link.ends_with('A') { 'E' } else { 'A' };
    let foreign = format!("{}{other}", &link[..link.len() - 1]);
    for url in [
        "/portal/launch",
        "/portal/launch?token=",
        "/portal/launch?token=nope",
        "/portal/launch?token=%00%ff",
        &foreign,
    ] {
        let page = visit.get(url, &[]).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (404, "text/html; charset=utf-8"),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_session_is_only_for_the_browser_that_holds_it() {
    let visit = Visit::new().await;
    let (one, cookie_one) = visit.open(&visit.link(json!({})).await).await;
    let (_, cookie_two) = visit.open(&visit.link(json!({})).await).await;
    let name = cookie_one.split('=').next().expect("a name");
    let swapped = format!("{name}={}", cookie_two.split('=').nth(1).expect("a value"));
    for cookie in ["", "a=b", &cookie_two, &swapped, &format!("{name}=planted")] {
        for seen in [
            visit.get(&one, &[("cookie", cookie)]).await,
            visit.finish(&one, &[("cookie", cookie)]).await,
        ] {
            assert_eq!(seen.status, 403, "{cookie}");
            assert!(seen.body.contains("This browser does not hold the session"));
        }
    }
    let both = format!("{cookie_two}; {cookie_one}");
    assert_eq!(visit.get(&one, &[("cookie", &both)]).await.status, 200);
    assert_eq!(visit.get("/portal/sessions/%2F%00", &[]).await.status, 403);
}

#[tokio::test]
async fn a_form_of_another_page_finishes_nothing() {
    let visit = Visit::new().await;
    let (session, cookie) = visit.open(&visit.link(json!({})).await).await;
    let unsigned = visit
        .post(
            &format!("{session}/finish"),
            &[("cookie", &cookie)],
            "form_token=guessed".to_owned(),
        )
        .await;
    assert_eq!(unsigned.status, 403);
    for site in ["cross-site", "same-site"] {
        let refused = visit
            .finish(&session, &[("cookie", &cookie), ("sec-fetch-site", site)])
            .await;
        assert_eq!(refused.status, 403, "{site}");
    }
    let own = visit
        .finish(
            &session,
            &[("cookie", &cookie), ("sec-fetch-site", "same-origin")],
        )
        .await;
    assert_eq!(own.status, 303);
}

#[tokio::test]
async fn every_page_carries_the_security_headers() {
    let visit = Visit::new().await;
    let link = visit.link(json!({})).await;
    let opened = visit.get(&link, &[]).await;
    let (session, cookie) = (opened.header("location").to_owned(), opened.cookie());
    let pages = [
        visit.get(&session, &[("cookie", &cookie)]).await,
        visit.get(&link, &[]).await,
        visit.get(&session, &[]).await,
        visit.get("/portal/launch", &[]).await,
        opened,
    ];
    for page in &pages {
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'; style-src 'self'; img-src 'self';")
        );
        assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
    assert!(
        pages[0]
            .header("content-security-policy")
            .contains("form-action 'self' http: https:")
    );
    assert!(
        pages[1]
            .header("content-security-policy")
            .contains("form-action 'none'")
    );
}

#[tokio::test]
async fn cookies_are_secure_behind_https() {
    let public = Url::parse("https://portal.example.test").expect("an address");
    let visit = Visit::with(Config {
        public_url: Some(public),
        ..Config::default()
    })
    .await;
    let opened = visit.get(&visit.link(json!({})).await, &[]).await;
    assert!(opened.header("set-cookie").ends_with("; Secure"));
    let plain = Visit::new().await;
    let opened = plain.get(&plain.link(json!({})).await, &[]).await;
    assert!(!opened.header("set-cookie").contains("Secure"));
}
