//! How long links and sessions live, to the nanosecond.

use contract_tests::TestServer;
use insta::assert_snapshot;
use workos_portal_mock::config::LinkReuse;

use crate::support::{link, words};

#[tokio::test]
async fn a_link_opens_in_its_last_instant() {
    let server = TestServer::start().await;
    for (after, opens) in [
        ("PT4M59.999999999S", true),
        ("PT4M59.999S", true),
        ("PT5M", false),
        ("PT5M0.000000001S", false),
        ("720 hours", false),
    ] {
        let link = link(&server).await;
        server.advance(after);
        let reply = server.visitor().get(&link).await;
        assert_eq!(reply.status, if opens { 303 } else { 410 }, "after {after}");
    }
}

#[tokio::test]
async fn the_lifetime_is_a_setting() {
    let server =
        TestServer::with(|config| config.link_ttl = "PT1S".parse().expect("a duration")).await;
    let (early, late) = (link(&server).await, link(&server).await);
    server.advance("999999999ns");
    let _ = server.visitor().get(&early).await.expect(303);
    server.advance("1ns");
    let _ = server.visitor().get(&late).await.expect(410);
}

#[tokio::test]
async fn a_session_outlives_its_link_and_ends_by_itself() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    server.advance("PT59M59.999999999S");
    let _ = visitor.get(&session).await.expect(200);
    // The link leads its browser back, long after it expired for everyone else.
    assert_eq!(visitor.open(&link).await, session);
    server.advance("1ns");
    assert_snapshot!(words(&visitor.get(&session).await.expect(410)));
    let _ = visitor.finish(&session).await.expect(410);
    let _ = visitor.get(&link).await.expect(410);
}

#[tokio::test]
async fn finishing_works_until_the_last_instant() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let session = visitor.open(&link(&server).await).await;
    server.advance("PT59M59.999999999S");
    let _ = visitor.finish(&session).await.expect(303);
}

#[tokio::test]
async fn the_lifetime_of_a_session_is_a_setting() {
    let server =
        TestServer::with(|config| config.session_ttl = "10s".parse().expect("a duration")).await;
    let visitor = server.visitor();
    let session = visitor.open(&link(&server).await).await;
    server.advance("9s");
    let _ = visitor.get(&session).await.expect(200);
    server.advance("1s");
    let _ = visitor.get(&session).await.expect(410);
}

#[tokio::test]
async fn nothing_comes_back_when_the_clock_is_set_back() {
    let server = TestServer::start().await;
    let (expired, used) = (link(&server).await, link(&server).await);
    let visitor = server.visitor();
    let session = visitor.open(&used).await;
    server.advance("PT61M");
    let _ = server.visitor().get(&expired).await.expect(410);
    server.advance("-PT61M");
    let _ = server.visitor().get(&expired).await.expect(410);
    let _ = server.visitor().get(&used).await.expect(410);
    let _ = visitor.get(&session).await.expect(410);
    // What is made now has its whole time.
    let fresh = link(&server).await;
    server.advance("PT4M59S");
    let _ = server.visitor().get(&fresh).await.expect(303);
}

#[tokio::test]
async fn nothing_comes_back_even_if_nobody_looked_while_it_was_over() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    server.advance("PT6M");
    server.advance("-PT6M");
    let _ = server.visitor().get(&link).await.expect(410);
}

#[tokio::test]
async fn a_link_that_may_be_reused_opens_until_it_expires() {
    let server = TestServer::with(|config| config.link_reuse = LinkReuse::UntilExpiry).await;
    let link = link(&server).await;
    let (first, second) = (server.visitor(), server.visitor());
    let one = first.open(&link).await;
    let other = second.open(&link).await;
    assert_ne!(one, other);
    let _ = first.get(&one).await.expect(200);
    let _ = second.get(&one).await.expect(403);
    let _ = first.finish(&one).await.expect(303);
    server.advance("PT4M59.999S");
    server.visitor().open(&link).await;
    server.advance("1ms");
    let _ = server.visitor().get(&link).await.expect(410);
    let _ = second.get(&other).await.expect(200);
}
