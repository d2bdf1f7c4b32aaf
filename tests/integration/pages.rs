//! What the pages of dead links say: which of the ways to die it was, when, and what to do.

use contract_tests::TestServer;
use insta::assert_snapshot;

use crate::support::{link, words};

#[tokio::test]
async fn an_expired_link() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    server.advance("7 minutes 30 seconds");
    assert_snapshot!("expired", server.visitor().get(&link).await.expect(410));
}

#[tokio::test]
async fn an_unknown_link() {
    let server = TestServer::start().await;
    assert_snapshot!(
        "unknown",
        words(
            &server
                .visitor()
                .get("/portal/launch?token=x")
                .await
                .expect(404)
        )
    );
    assert_snapshot!(
        "incomplete",
        words(&server.visitor().get("/portal/launch").await.expect(404))
    );
}

#[tokio::test]
async fn a_session_of_another_browser() {
    let server = TestServer::start().await;
    let session = server.visitor().open(&link(&server).await).await;
    assert_snapshot!(
        "not_held",
        words(&server.visitor().get(&session).await.expect(403))
    );
}

#[tokio::test]
async fn an_open_session() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let session = visitor.open(&link(&server).await).await;
    assert_snapshot!("open", visitor.get(&session).await.expect(200));
}

#[tokio::test]
async fn every_asset_of_a_page_is_served() {
    let server = TestServer::start().await;
    let page = server
        .visitor()
        .get("/portal/launch")
        .await
        .expect(404)
        .text();
    let assets: Vec<&str> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.starts_with('/'))
        .collect();
    assert!(assets.len() >= 2, "{page}");
    for asset in assets {
        let reply = server.get(asset).anonymous().send().await.expect(200);
        assert!(!reply.body.is_empty() && !reply.header("content-type").is_empty());
    }
}
