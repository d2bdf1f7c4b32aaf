//! What there is of single sign-on once it is set up.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use crate::portal_sso::{EVENTS, connections, names_of_events, visit};
use crate::support::{connection, events, words};

#[tokio::test]
async fn later_visits_look_after_the_newest_connection() {
    let server = TestServer::start().await;
    connection(
        &server,
        &json!({"name": "<b>Old</b>", "connection_type": "GoogleSAML"}),
    )
    .await;
    let id = connection(&server, &json!({"name": "<script>alert(1)</script>"})).await;
    let (visitor, root) = visit(&server).await;
    let page = visitor.landing(&root).await.expect(200);
    assert!(
        !page.text().contains("<script>") && !page.text().contains("<b>"),
        "{page}"
    );
    assert_snapshot!("overview", words(&page));
    // Editing keeps it at work.
    let answers = [
        ("source", "values"),
        ("idp_entity_id", "me"),
        ("idp_sso_url", "https://idp.test/sso"),
    ];
    let at = visitor
        .submit(&format!("{root}/identity_provider"), &answers)
        .await
        .expect(303);
    assert_eq!(at.header("location"), root);
    assert_eq!(connections(&server).await[0]["state"], "active");
    // Without the words nothing is lost.
    let reset = format!("{root}/reset");
    let wrong = visitor
        .submit(
            &reset,
            &[("connection_id", &id), ("confirmation", "delete")],
        )
        .await;
    assert!(words(&wrong.expect(422)).contains("Confirmation has to be “DELETE CONNECTION”."));
    assert_eq!(connections(&server).await.len(), 2);
    let answers = [
        ("connection_id", &*id),
        ("confirmation", "DELETE CONNECTION"),
    ];
    for _ in 0..2 {
        let _ = visitor.submit(&reset, &answers).await.expect(303);
        assert_eq!(connections(&server).await.len(), 1);
    }
    assert_eq!(
        names_of_events(&server).await.last().map(String::as_str),
        Some("connection.deleted")
    );
}

#[tokio::test]
async fn metadata_of_what_is_not_there_is_not_found() {
    let server = TestServer::start().await;
    connection(&server, &json!({"connection_type": "OktaOIDC"})).await;
    let activated = events(&server, EVENTS).await;
    let key = activated[0]["data"]["external_key"]
        .as_str()
        .expect("a key");
    for path in [
        "/sso/saml/x/y/metadata".to_owned(),
        format!("/sso/saml/{key}/{key}/metadata"),
        "/sso/saml/environment_01J0000000000000000000000A/%FF/metadata".to_owned(),
    ] {
        let reply = server.get(&path).anonymous().send().await.expect(404);
        assert_eq!(reply.json(), json!({"message": "Not Found"}));
    }
}
