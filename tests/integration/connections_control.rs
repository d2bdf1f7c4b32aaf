//! The control calls on connections: any connection a test wants, and what sign-ins make of it.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::connections::events;
use crate::support::{connection, transcripts};

async fn change(server: &TestServer, id: &str, body: &Value) -> Reply {
    let path = format!("/_mock/connections/{id}");
    server.call("PATCH", &path).json(body).send().await
}

#[tokio::test]
async fn one_is_as_a_test_wants_it() {
    let server = TestServer::start().await;
    let body = json!({
        "organization_id": server.organization(), "connection_type": "GoogleOIDC", "name": "Staff", "state": "inactive",
        "domains": ["Acme.com", "bücher.example", "acme.COM"],
    });
    let mut replies = vec![
        server
            .post("/_mock/connections", &body)
            .send()
            .await
            .expect(201),
    ];
    // What is left out is what a test wants most often.
    let body = json!({"organization_id": server.organization(), "name": null});
    let made = server
        .post("/_mock/connections", &body)
        .send()
        .await
        .expect(201);
    let path = format!("/connections/{}", made.string("/id"));
    assert_eq!(server.get(&path).send().await.expect(200).body, made.body);
    replies.push(made);
    let body = json!({"organization_id": server.organization(), "connection_type": "Pending"});
    replies.push(
        server
            .post("/_mock/connections", &body)
            .send()
            .await
            .expect(201),
    );
    // Only the active one says so.
    replies.push(events(&server).await);
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_cannot_be_made() {
    let server = TestServer::start().await;
    let id = server.organization();
    let mut replies = Vec::new();
    for (body, status) in [
        (json!([]), 422),
        (json!({}), 422),
        (
            json!({"organization_id": 5, "connection_type": "Banana", "name": "", "state": {"active": null}, "domains": "a.com", "type": 1}),
            422,
        ),
        (
            json!({"organization_id": id, "domains": ["a.com", "localhost", "-"]}),
            422,
        ),
        (
            json!({"organization_id": id, "connection_type": "Pending", "state": "draft"}),
            422,
        ),
        (
            json!({"organization_id": id, "state": "requires_type"}),
            422,
        ),
        (json!({"organization_id": "org_x"}), 404),
    ] {
        let reply = server.post("/_mock/connections", &body).send().await;
        replies.push(reply.expect(status));
    }
    replies.push(server.get("/_mock/connections").send().await.expect(405));
    assert_snapshot!(transcripts(replies));
    let list = server.get("/connections").send().await;
    assert_eq!(list.json()["data"], json!([]));
}

#[tokio::test]
async fn sign_ins_make_it_active_and_their_end_inactive() {
    let server = TestServer::start().await;
    let id = connection(
        &server,
        &json!({"state": "validating", "connection_type": "OktaOIDC"}),
    )
    .await;
    let (active, inactive) = (json!({"state": "active"}), json!({"state": "inactive"}));
    let mut replies = vec![change(&server, &id, &inactive).await.expect(422)];
    server.advance("1 minute");
    replies.push(change(&server, &id, &active).await.expect(200));
    server.advance("1 minute");
    // What it is already, it does not become.
    let again = change(&server, &id, &active).await.expect(200);
    assert_eq!(again.body, replies[1].body);
    replies.push(change(&server, &id, &inactive).await.expect(200));
    let again = change(&server, &id, &inactive).await.expect(200);
    assert_eq!(again.body, replies[2].body);
    server.advance("1 minute");
    let _ = change(&server, &id, &active).await.expect(200);
    replies.push(events(&server).await);

    let draft = connection(&server, &json!({"state": "draft"})).await;
    replies.push(change(&server, &draft, &active).await.expect(422));
    for body in [json!({}), json!({"state": "draft", "name": "x"}), json!(5)] {
        replies.push(change(&server, &draft, &body).await.expect(422));
    }
    replies.push(change(&server, "conn_x", &active).await.expect(404));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn one_that_is_being_deleted_stands_still() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({"state": "deleting"})).await;
    let path = format!("/connections/{id}");
    let body = json!({"name": "New"});
    let mut replies = vec![
        server
            .call("PATCH", &path)
            .json(&body)
            .send()
            .await
            .expect(409),
    ];
    for rest in ["saml_sp_signing_cert", "saml_sp_encryption_certs"] {
        let call = server.call("POST", &format!("{path}/{rest}"));
        replies.push(call.send().await.expect(409));
    }
    let _ = server.delete(&path).send().await.expect(204);
    assert_snapshot!(transcripts(replies));
}
