//! Revoking links by the user they were made for.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use crate::support::{link_with, organization, words};

async fn revoke(server: &TestServer, user: &str) {
    let (organization, user) = (server.organization().to_owned(), user.to_owned());
    let client = server.client();
    let call = client
        .revoke_portal_link()
        .body_map(|body| body.organization(organization).external_user_id(user));
    assert_eq!(call.send().await.expect("revoked").status(), 204);
}

#[tokio::test]
async fn an_unopened_link() {
    let server = TestServer::start().await;
    let link = link_with(
        &server,
        &json!({"external_user_id": "user-1", "intent": "dsync"}),
    )
    .await;
    server.advance("30s");
    revoke(&server, "user-1").await;
    assert_snapshot!(server.last(), @r"
    POST /portal/revoke_link
    204
    ");
    server.advance("90s");
    assert_snapshot!(words(&server.visitor().get(&link).await.expect(410)));
    // When it would have expired, it is still revoked.
    server.advance("10 minutes");
    assert!(words(&server.visitor().get(&link).await.expect(410)).contains("revoked"));
}

#[tokio::test]
async fn an_opened_link_and_its_session() {
    let server = TestServer::start().await;
    let link = link_with(&server, &json!({"external_user_id": "user-1"})).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    revoke(&server, "user-1").await;
    assert_snapshot!(words(&visitor.get(&session).await.expect(410)));
    assert!(words(&visitor.finish(&session).await.expect(410)).contains("revoked"));
    assert!(words(&visitor.get(&link).await.expect(410)).contains("revoked"));
}

#[tokio::test]
pub(crate) async fn only_the_links_of_this_user_in_this_organization() {
    let server = TestServer::start().await;
    let other = organization(&server, &json!({"name": "Other"})).await;
    let mine = [
        link_with(&server, &json!({"external_user_id": "user-1"})).await,
        link_with(
            &server,
            &json!({"external_user_id": "user-1", "intent": "audit_logs"}),
        )
        .await,
    ];
    let others = [
        link_with(&server, &json!({"external_user_id": "user-11"})).await,
        link_with(&server, &json!({"external_user_id": "USER-1"})).await,
        link_with(&server, &json!({})).await,
        server
            .post(
                "/portal/generate_link",
                &json!({"organization": other, "external_user_id": "user-1"}),
            )
            .send()
            .await
            .expect(201)
            .string("/link"),
    ];
    revoke(&server, "user-1").await;
    for link in &mine {
        let _ = server.visitor().get(link).await.expect(410);
    }
    for link in &others {
        server.visitor().open(link).await;
    }
    // One that is made afterwards is not revoked.
    let late = link_with(&server, &json!({"external_user_id": "user-1"})).await;
    server.visitor().open(&late).await;
}

#[tokio::test]
async fn revoking_nothing_is_fine_and_so_is_revoking_twice() {
    let server = TestServer::start().await;
    revoke(&server, "nobody").await;
    link_with(&server, &json!({"external_user_id": "user-1"})).await;
    revoke(&server, "user-1").await;
    revoke(&server, "user-1").await;
}

#[tokio::test]
async fn what_was_over_before_keeps_its_reason() {
    let server = TestServer::start().await;
    let finished = link_with(&server, &json!({"external_user_id": "user-1"})).await;
    let expired = link_with(&server, &json!({"external_user_id": "user-1"})).await;
    let visitor = server.visitor();
    let session = visitor.open(&finished).await;
    let _ = visitor.finish(&session).await.expect(303);
    server.advance("PT5M");
    revoke(&server, "user-1").await;
    assert!(words(&server.visitor().get(&finished).await.expect(410)).contains("already used"));
    assert!(words(&server.visitor().get(&expired).await.expect(410)).contains("expired"));
}

#[tokio::test]
async fn an_organization_that_is_not_there() {
    let server = TestServer::start().await;
    let body = json!({"organization": "org_x", "external_user_id": "user-1"});
    assert_snapshot!(server.post("/portal/revoke_link", &body).send().await, @r#"
    POST /portal/revoke_link
    404
    content-type: application/json; charset=utf-8
    {
      "message": "Organization not found: 'org_x'.",
      "code": "entity_not_found",
      "entity_id": "org_x"
    }
    "#);
}
