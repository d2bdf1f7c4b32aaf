//! From a link to the end of its session.

use jiff::SignedDuration;
use reqwest::header::HeaderValue;
use serde_json::json;

use super::Visit;
use crate::config::{Config, LinkReuse};
use crate::domain::intent::Intent;
use crate::portal::words::Part as _;

#[tokio::test]
async fn a_link_becomes_a_session_that_finishes_at_the_success_address() {
    let visit = Visit::new().await;
    let link = visit
        .link(json!({"success_url": "https://app.test/done?a=1"}))
        .await;
    let opened = visit.get(&link, &[]).await;
    assert_eq!(opened.status, 303);
    let cookies: Vec<&HeaderValue> = opened.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    let session = opened.header("location");
    assert!(
        session.starts_with("/portal/sessions/portal_session_"),
        "{session}"
    );

    let cookie = opened.cookie();
    let page = visit.get(session, &[("cookie", &cookie)]).await;
    assert_eq!(page.status, 200);
    for part in [
        "Single sign-on",
        "Set up your organization",
        "Test Organization",
        "1 January 2026, 01:00:00 UTC",
        "in 1 hour",
        "Finishing ends this session",
        "https://app.test/done?a=1",
        ">Finish<",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }

    let finished = visit.finish(session, &[("cookie", &cookie)]).await;
    assert_eq!(
        (finished.status, finished.header("location")),
        (303, "https://app.test/done?a=1")
    );
    // A second press leads to the same place.
    let again = visit.finish(session, &[("cookie", &cookie)]).await;
    assert_eq!(
        (again.status, again.header("location")),
        (303, "https://app.test/done?a=1")
    );
    let after = visit.get(session, &[("cookie", &cookie)]).await;
    assert_eq!(after.status, 410);
    assert!(after.body.contains("This setup is finished"));
}

#[tokio::test]
async fn without_an_address_finishing_ends_on_a_page_of_ours() {
    let visit = Visit::new().await;
    let (session, cookie) = visit.open(&visit.link(json!({})).await).await;
    let page = visit.get(&session, &[("cookie", &cookie)]).await;
    for intent in Intent::ALL {
        assert!(page.body.contains(intent.name()));
    }
    assert!(!page.body.contains("Return to app"));
    let finished = visit.finish(&session, &[("cookie", &cookie)]).await;
    assert_eq!(
        (finished.status, finished.header("location")),
        (303, session.as_str())
    );
    let page = visit.get(&session, &[("cookie", &cookie)]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Setup finished"));
}

#[tokio::test]
async fn the_way_back_stands_on_every_page_that_knows_it() {
    let visit = Visit::new().await;
    let link = visit
        .link(json!({"return_url": "https://app.test/settings"}))
        .await;
    let (session, cookie) = visit.open(&link).await;
    let page = visit.get(&session, &[("cookie", &cookie)]).await;
    assert!(page.body.contains("href=\"https://app.test/settings\""));
    assert!(page.body.contains("https://app.test/settings?success=true"));
    assert!(
        visit
            .get(&link, &[])
            .await
            .body
            .contains("href=\"https://app.test/settings\"")
    );
}

#[tokio::test]
async fn a_link_opens_once_and_its_browser_comes_back() {
    let visit = Visit::new().await;
    let link = visit.link(json!({})).await;
    let (session, cookie) = visit.open(&link).await;
    let back = visit.get(&link, &[("cookie", &cookie)]).await;
    assert_eq!(
        (
            back.status,
            back.header("location"),
            back.header("set-cookie")
        ),
        (303, session.as_str(), "")
    );
    let stranger = visit.get(&link, &[]).await;
    assert_eq!(stranger.status, 410);
    for part in [
        "This link was already used",
        "1 January 2026, 00:00:00 UTC",
        "just now",
        "What to do",
    ] {
        assert!(stranger.body.contains(part), "{part}");
    }
    assert!(!stranger.body.contains("Test Organization"));
    visit.finish(&session, &[("cookie", &cookie)]).await;
    let finished = visit.get(&link, &[("cookie", &cookie)]).await;
    assert_eq!(finished.status, 410);
    assert!(finished.body.contains("<dt>Finished</dt>"));
}

#[tokio::test]
async fn a_reusable_link_opens_again() {
    let visit = Visit::with(Config {
        link_reuse: LinkReuse::UntilExpiry,
        ..Config::default()
    })
    .await;
    let link = visit.link(json!({})).await;
    let (one, _) = visit.open(&link).await;
    let (two, _) = visit.open(&link).await;
    assert_ne!(one, two);
}

#[tokio::test]
async fn an_expired_link_says_when() {
    let visit = Visit::new().await;
    let link = visit.link(json!({})).await;
    visit
        .server
        .clock()
        .advance(SignedDuration::from_mins(5))
        .expect("in range");
    let page = visit.get(&link, &[]).await;
    assert_eq!(page.status, 410);
    for part in [
        "This link has expired",
        "1 January 2026, 00:05:00 UTC",
        "5 minutes ago",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_lifetime() {
    let visit = Visit::new().await;
    let (session, cookie) = visit.open(&visit.link(json!({})).await).await;
    visit
        .server
        .clock()
        .advance(SignedDuration::from_hours(1))
        .expect("in range");
    for seen in [
        visit.get(&session, &[("cookie", &cookie)]).await,
        visit.finish(&session, &[("cookie", &cookie)]).await,
    ] {
        assert_eq!(seen.status, 410);
        assert!(seen.body.contains("This session has ended"));
    }
}
