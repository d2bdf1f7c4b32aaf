//! IT contacts as records.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{link_with, organization, transcripts};

pub(crate) fn contacts(organization: &str) -> String {
    format!("/organizations/{organization}/it_contacts")
}

/// Records a contact of the server's organization and returns its path.
pub(crate) async fn contact(server: &TestServer, email: &str) -> String {
    let path = contacts(server.organization());
    let reply = server.post(&path, &json!({"email": email})).send().await;
    format!("{path}/{}", reply.expect(201).string("/id"))
}

pub(crate) async fn invite(server: &TestServer, contact: &str, intents: &[&str]) -> Reply {
    let body = json!({"intents": intents});
    server
        .post(&format!("{contact}/invite"), &body)
        .send()
        .await
}

pub(crate) async fn outbox(server: &TestServer) -> Vec<Value> {
    let reply = server.get("/_mock/outbox").send().await.expect(200);
    reply.json()["data"].as_array().expect("mails").clone()
}

#[tokio::test]
pub(crate) async fn they_are_recorded_listed_and_removed() {
    let server = TestServer::start().await;
    let client = server.client();
    let id = server.organization();
    let mut replies = Vec::new();
    let first = client
        .create_it_contact()
        .id(id)
        .body_map(|body| body.email("first@example.com"))
        .send()
        .await
        .expect("recorded");
    replies.push(server.last());
    server.advance("1 minute");
    let second = contact(&server, "Second@Example.com").await;
    let listed = client
        .list_it_contacts()
        .id(id)
        .send()
        .await
        .expect("listed");
    assert_eq!(listed.data.len(), 2);
    replies.push(server.last());
    let removed = client
        .delete_it_contact()
        .id(id)
        .contact_id(first.id.clone());
    assert_eq!(removed.send().await.expect("removed").status(), 204);
    replies.push(server.last());
    let _ = server.delete(&second).send().await.expect(204);
    replies.push(server.get(&contacts(id)).send().await.expect(200));
    assert_snapshot!(transcripts(replies));
    // Nothing of this is an event of WorkOS's.
    assert!(outbox(&server).await.is_empty());
}

#[tokio::test]
async fn one_address_is_one_contact_of_an_organization() {
    let server = TestServer::start().await;
    contact(&server, "it@example.com").await;
    let again = json!({"email": "IT@example.com"});
    let refused = server
        .post(&contacts(server.organization()), &again)
        .send()
        .await;
    assert_snapshot!(refused, @r#"
    POST /organizations/org_test_idp/it_contacts
    409
    content-type: application/json; charset=utf-8
    {
      "message": "The organization already has an IT contact with this e-mail address.",
      "code": "it_contact_already_exists"
    }
    "#);
    // A link that names it makes none either, and another organization has its own.
    link_with(
        &server,
        &json!({"it_contact_emails": ["it@EXAMPLE.com", "new@example.com"]}),
    )
    .await;
    let list = server.get(&contacts(server.organization())).send().await;
    assert_eq!(list.string("/data/0/email"), "new@example.com");
    assert_eq!(list.json()["data"].as_array().map(Vec::len), Some(2));
    let other = organization(&server, &json!({"name": "Other"})).await;
    let _ = server
        .post(&contacts(&other), &again)
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn an_organization_has_twenty_at_most() {
    let server = TestServer::start().await;
    let emails: Vec<_> = (0..20)
        .map(|number| format!("it{number}@example.com"))
        .collect();
    link_with(&server, &json!({"it_contact_emails": emails})).await;
    let path = contacts(server.organization());
    let list = server.get(&path).send().await;
    assert_eq!(list.json()["data"].as_array().map(Vec::len), Some(20));
    assert_eq!(
        list.json()["list_metadata"],
        json!({"before": null, "after": null})
    );
    let more = server
        .post(&path, &json!({"email": "more@example.com"}))
        .send()
        .await;
    let body = json!({"organization": server.organization(), "it_contact_emails": ["it1@example.com", "more@example.com"]});
    let by_link = server.post("/portal/generate_link", &body).send().await;
    assert_snapshot!(transcripts([more, by_link]));
    // Those that are there already are no more.
    link_with(&server, &json!({"it_contact_emails": emails})).await;
    let first = list.string("/data/0/id");
    let _ = server
        .delete(&format!("{path}/{first}"))
        .send()
        .await
        .expect(204);
    let _ = server
        .post(&path, &json!({"email": "more@example.com"}))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn what_breaks_the_rules_is_told() {
    let server = TestServer::start().await;
    let contact = contact(&server, "it@example.com").await;
    let mut replies = Vec::new();
    for body in [
        json!({}),
        json!({"email": null}),
        json!({"email": 5}),
        json!({"email": "it at example.com"}),
        json!({"email": ""}),
    ] {
        let call = server.post(&contacts(server.organization()), &body);
        replies.push(call.send().await.expect(422));
    }
    for body in [
        json!({}),
        json!({"intents": null}),
        json!({"intents": "sso"}),
        json!({"intents": []}),
        // The names are not those of portal links.
        json!({"intents": ["dsync"]}),
        json!({"intents": ["sso", "audit_logs", "certificate_renewal", 5]}),
    ] {
        let call = server.post(&format!("{contact}/invite"), &body);
        replies.push(call.send().await.expect(422));
    }
    assert_snapshot!(transcripts(replies));
    assert!(outbox(&server).await.is_empty());
}

#[tokio::test]
async fn an_organization_or_a_contact_that_is_not_there() {
    let server = TestServer::start().await;
    let other = organization(&server, &json!({"name": "Other"})).await;
    let theirs = server
        .post(&contacts(&other), &json!({"email": "it@example.com"}))
        .send()
        .await
        .string("/id");
    let email = json!({"email": "it@example.com"});
    let intents = json!({"intents": ["sso"]});
    let mut replies = vec![
        server.get(&contacts("org_x")).send().await.expect(404),
        server
            .post(&contacts("org_x"), &email)
            .send()
            .await
            .expect(404),
    ];
    let nobody = "it_contact_01KDVDVN00R3P1SV4R1RYZ0000";
    for (organization, contact) in [
        ("org_x", theirs.as_str()),
        (server.organization(), nobody),
        (server.organization(), theirs.as_str()),
        (server.organization(), "org_test_idp"),
    ] {
        let path = format!("{}/{contact}", contacts(organization));
        for call in [
            server.delete(&path),
            server.post(&format!("{path}/invite"), &intents),
            server.call("POST", &format!("{path}/revoke")),
        ] {
            replies.push(call.send().await.expect(404));
        }
    }
    let told: Vec<String> = replies
        .iter()
        .map(|reply| format!("{} {}", reply.line, reply.text()))
        .collect();
    assert_snapshot!(told.join("\n"));
    assert!(outbox(&server).await.is_empty());
}
