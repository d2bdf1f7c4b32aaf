//! Invitations of IT contacts, and the setup links that land in the outbox.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::json;
use workos_portal_mock::config::RateLimits;

use crate::it_contacts::{contact, contacts, invite, outbox};
use crate::support::{transcripts, words};

async fn revoke(server: &TestServer, contact: &str) -> Reply {
    server
        .call("POST", &format!("{contact}/revoke"))
        .send()
        .await
}

/// The link of the latest mail.
async fn latest(server: &TestServer) -> String {
    let mails = outbox(server).await;
    mails[0]["link"].as_str().expect("a link").to_owned()
}

/// Invites a fresh contact and returns its path and the link.
async fn invited(server: &TestServer) -> (String, String) {
    let contact = contact(server, "it@example.com").await;
    let _ = invite(server, &contact, &["sso", "directory_sync"])
        .await
        .expect(204);
    let link = latest(server).await;
    (contact, link)
}

#[tokio::test]
pub(crate) async fn an_invitation_is_a_mail_with_a_link_to_a_menu() {
    let server = TestServer::start().await;
    let it = contact(&server, "it@example.com").await;
    let (id, contact_id) = (
        server.organization().to_owned(),
        it.rsplit('/').next().expect("an id").to_owned(),
    );
    let client = server.client();
    let call = client.invite_it_contact().id(id).contact_id(contact_id);
    let call = call.body_map(|body| {
        body.intents([
            "bring_your_own_key",
            "directory_sync",
            "sso",
            "directory_sync",
        ])
    });
    assert_eq!(call.send().await.expect("invited").status(), 204);
    let mut replies = vec![server.last()];
    replies.push(server.get("/_mock/outbox").send().await.expect(200));
    let link = latest(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let page = visitor.get(&session).await.expect(200);
    assert_snapshot!(format!("{}\n\n{}", transcripts(replies), words(&page)));
}

#[tokio::test]
async fn an_invitation_to_one_thing_opens_on_it() {
    let server = TestServer::start().await;
    let it = contact(&server, "it@example.com").await;
    let _ = invite(&server, &it, &["domain_verification"])
        .await
        .expect(204);
    let visitor = server.visitor();
    let session = visitor.open(&latest(&server).await).await;
    assert_snapshot!(words(&visitor.landing(&session).await.expect(200)));
}

#[tokio::test]
async fn a_setup_link_reopens_until_the_setup_is_completed() {
    let server = TestServer::start().await;
    let (_, link) = invited(&server).await;
    // A mail scanner opens it, the contact opens it, and again in another browser a week later.
    let (scanner, browser) = (server.visitor(), server.visitor());
    let first_session = scanner.open(&link).await;
    server.advance("PT1M");
    let session = browser.open(&link).await;
    assert_ne!(first_session, session);
    assert_eq!(
        browser.open(&link).await,
        session,
        "the same browser comes back to its session"
    );
    let _ = browser.finish(&session).await.expect(303);
    assert_snapshot!("finished", words(&browser.get(&session).await.expect(200)));
    assert_snapshot!(
        "completed",
        words(&server.visitor().get(&link).await.expect(410))
    );
    // It is completed for everyone.
    assert!(words(&scanner.get(&first_session).await.expect(200)).contains("Setup finished"));
    let _ = scanner.finish(&first_session).await.expect(303);
}

#[tokio::test]
async fn a_setup_link_lives_for_thirty_days() {
    let server = TestServer::start().await;
    let (it, link) = invited(&server).await;
    server.advance("719h 59m 59.999s");
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    assert_snapshot!(invite(&server, &it, &["sso"]).await, @r#"
    POST /organizations/org_test_idp/it_contacts/it_contact_01KDVDNA00CQBGQPZKNF6MNJT6/invite
    409
    content-type: application/json; charset=utf-8
    {
      "message": "The organization already has an active invitation to a setup.",
      "code": "it_contact_invitation_already_active"
    }
    "#);
    server.advance("1ms");
    assert_snapshot!(
        "expired",
        words(&server.visitor().get(&link).await.expect(410))
    );
    // The session goes on, and the organization can be invited again.
    let _ = visitor.get(&session).await.expect(200);
    let _ = invite(&server, &it, &["sso"]).await.expect(204);
    assert_eq!(outbox(&server).await.len(), 2);
    server.visitor().open(&latest(&server).await).await;
}

#[tokio::test]
async fn how_long_a_setup_link_lives_can_be_set() {
    let server = TestServer::with(|config| {
        config.setup_link_ttl = "10 minutes".parse().expect("a duration");
    })
    .await;
    let (_, link) = invited(&server).await;
    server.advance("PT9M59.999S");
    server.visitor().open(&link).await;
    server.advance("PT0.001S");
    let _ = server.visitor().get(&link).await.expect(410);
}

#[tokio::test]
async fn an_organization_has_one_active_invitation() {
    let server = TestServer::start().await;
    let (it, link) = invited(&server).await;
    let other = contact(&server, "other@example.com").await;
    for contact in [&it, &other] {
        let refused = invite(&server, contact, &["sso"]).await.expect(409);
        assert_eq!(
            refused.string("/code"),
            "it_contact_invitation_already_active"
        );
    }
    // Another contact's name revokes it too: the invitation is the organization's.
    assert_eq!(revoke(&server, &other).await.expect(204).body, b"");
    assert_snapshot!(
        "revoked",
        words(&server.visitor().get(&link).await.expect(410))
    );
    let _ = invite(&server, &other, &["log_streams"]).await.expect(204);
    assert_eq!(outbox(&server).await[0]["to"], "other@example.com");
}

#[tokio::test]
pub(crate) async fn revoking_ends_the_sessions_and_revoking_nothing_is_fine() {
    let server = TestServer::start().await;
    let it = contact(&server, "it@example.com").await;
    let _ = revoke(&server, &it).await.expect(204);
    let _ = invite(&server, &it, &["sso"]).await.expect(204);
    let link = latest(&server).await;
    let (one, two) = (server.visitor(), server.visitor());
    let (first, second) = (one.open(&link).await, two.open(&link).await);
    let client = server.client();
    let call = client
        .revoke_it_contact_invitation()
        .id(server.organization())
        .contact_id(it.rsplit('/').next().expect("an id"));
    assert_eq!(call.send().await.expect("revoked").status(), 204);
    assert_snapshot!("session_revoked", words(&one.get(&first).await.expect(410)));
    let _ = two.finish(&second).await.expect(410);
    let _ = revoke(&server, &it).await.expect(204);
}

#[tokio::test]
async fn removing_a_contact_revokes_its_invitation_only() {
    let server = TestServer::start().await;
    let (it, link) = invited(&server).await;
    let other = contact(&server, "other@example.com").await;
    let _ = server.delete(&other).send().await.expect(204);
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let _ = server.delete(&it).send().await.expect(204);
    let _ = visitor.get(&session).await.expect(410);
    let _ = server.visitor().get(&link).await.expect(410);
    // The address can be a contact again, and be invited.
    let (_, link) = invited(&server).await;
    server.visitor().open(&link).await;
}

#[tokio::test]
async fn an_organization_takes_its_contacts_links_and_sessions_along() {
    let server = TestServer::start().await;
    let (_, link) = invited(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let organization = server.organization();
    let _ = server
        .delete(&format!("/organizations/{organization}"))
        .send()
        .await
        .expect(202);
    let _ = server.get(&contacts(organization)).send().await.expect(404);
    let _ = visitor.get(&session).await.expect(403);
    let _ = server.visitor().get(&link).await.expect(404);
    assert_eq!(outbox(&server).await.len(), 1, "what was mailed was mailed");
}

#[tokio::test]
async fn a_setup_link_leads_to_no_app() {
    let server = TestServer::with(|config| {
        config.redirects =
            serde_json::from_value(json!({"return_url": "https://app.example/back"}))
                .expect("addresses");
    })
    .await;
    let (_, link) = invited(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let page = visitor.get(&session).await.expect(200);
    assert!(!page.text().contains("app.example"), "{page}");
    let finished = visitor.finish(&session).await.expect(303);
    assert_eq!(finished.header("location"), session);
}

#[tokio::test]
async fn inviting_counts_against_the_limits() {
    let limits = json!({"all": {"requests": 2, "per": "PT10S"}});
    let limits = serde_json::from_value::<RateLimits>(limits).expect("limits");
    let server = TestServer::with(|config| config.rate_limits = limits).await;
    let it = contact(&server, "it@example.com").await;
    let _ = invite(&server, &it, &["sso"]).await.expect(204);
    assert_snapshot!(invite(&server, &it, &["sso"]).await, @r#"
    POST /organizations/org_test_idp/it_contacts/it_contact_01KDVDNA00CQBGQPZKNF6MNJT6/invite
    429
    retry-after: 10
    content-type: application/json; charset=utf-8
    {
      "message": "Rate limit exceeded.",
      "code": "rate_limit_exceeded"
    }
    "#);
}

#[tokio::test]
async fn a_retry_with_the_same_key_mails_once() {
    let server = TestServer::start().await;
    let it = contact(&server, "it@example.com").await;
    for _ in 0..2 {
        let call = server.post(&format!("{it}/invite"), &json!({"intents": ["sso"]}));
        let _ = call.header("idempotency-key", "k").send().await.expect(204);
    }
    assert_eq!(outbox(&server).await.len(), 1);
}

#[tokio::test]
async fn the_outbox_keeps_the_newest_mails() {
    let server = TestServer::start().await;
    let it = contact(&server, "it@example.com").await;
    for _ in 0..1_001 {
        let _ = invite(&server, &it, &["sso"]).await.expect(204);
        let _ = revoke(&server, &it).await.expect(204);
    }
    let mails = outbox(&server).await;
    assert_eq!(mails.len(), 1_000);
    let ids: Vec<_> = mails.iter().map(|mail| mail["id"].as_str()).collect();
    assert!(ids.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn the_outbox_is_its_environment_s_and_only_read() {
    let server = TestServer::start().await;
    invited(&server).await;
    let reply = server
        .get("/_mock/outbox")
        .anonymous()
        .send()
        .await
        .expect(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let wrong = server.get("/_mock/outbox").authorization("Bearer sk_wrong");
    let _ = wrong.send().await.expect(401);
    let _ = server.delete("/_mock/outbox").send().await.expect(405);
    assert!(
        !server.shown().contains(
            latest(&server)
                .await
                .split("token=")
                .nth(1)
                .expect("a token")
        )
    );
}
