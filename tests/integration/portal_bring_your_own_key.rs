//! Bring your own key in the portal: the service, the key, and whether it can be used.

use contract_tests::{Reply, TestServer, Visitor};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{events, link_with, transcripts, words};

const NAMES: &str = "vault.byok_key.verification_completed,vault.byok_key.deleted";

async fn link(server: &TestServer) -> String {
    let more = json!({"intent": "bring_your_own_key", "success_url": "https://app.example/done"});
    link_with(server, &more).await
}

async fn control(server: &TestServer, call: &str, more: &Value) -> Reply {
    let mut body = json!({"link": link(server).await});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    let path = format!("/_mock/portal_links/{call}");
    server.post(&path, &body).send().await
}

async fn visit(server: &TestServer) -> (Visitor<'_>, String) {
    let visitor = server.visitor();
    let session = visitor.open(&link(server).await).await;
    (visitor, format!("{session}/bring_your_own_key"))
}

/// What was told of keys: the provider, and whether it could be used; nothing for one that was deleted.
async fn told(server: &TestServer) -> Vec<(String, Option<bool>)> {
    let events = events(server, NAMES).await;
    let short = |event: &Value| {
        let provider = event["data"]["key_provider"].as_str().expect("a provider");
        let verified = event["data"].get("verified").and_then(Value::as_bool);
        assert_eq!(
            event["event"] == "vault.byok_key.deleted",
            verified.is_none()
        );
        (provider.to_owned(), verified)
    };
    events.iter().map(short).collect()
}

fn event(provider: &str, verified: impl Into<Option<bool>>) -> (String, Option<bool>) {
    (provider.to_owned(), verified.into())
}

const AWS: [(&str, &str); 2] = [
    (
        "key_arn",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    ("role_arn", "arn:aws:iam::111122223333:role/vault"),
];

const TRY: [(&str, &str); 2] = [("attempt", "0"), ("outcome", "success")];

#[tokio::test]
async fn one_call_verifies_a_key() {
    let server = TestServer::start().await;
    let report = control(&server, "complete", &json!({})).await.expect(200);
    assert_snapshot!("complete", transcripts([report]));
    let events = events(&server, NAMES).await;
    assert_snapshot!(
        "complete_events",
        serde_json::to_string_pretty(&events).expect("JSON")
    );
}

#[tokio::test]
async fn every_service_has_a_key_by_its_samples() {
    for provider in ["AWS_KMS", "GCP_KMS", "AZURE_KEY_VAULT"] {
        let server = TestServer::start().await;
        let answers = json!({"answers": {"provider": provider}});
        let report = control(&server, "complete", &answers)
            .await
            .expect(200)
            .json();
        assert_eq!(report["made"][0]["key_provider"], provider);
        assert_eq!(report["made"][0]["state"], "verified");
        assert_eq!(told(&server).await, [event(provider, true)]);
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_used_is_corrected() {
    let server = TestServer::start().await;
    let google = json!({"answers": {"provider": "GCP_KMS"}});
    let failed = control(&server, "fail", &google).await.expect(200);
    let stopped = control(&server, "step", &json!({"step": "validate"}))
        .await
        .expect(200);
    let completed = control(&server, "complete", &json!({})).await.expect(200);
    assert_eq!(
        told(&server).await,
        [event("GCP_KMS", false), event("GCP_KMS", true)]
    );
    assert_snapshot!(
        "fail_step_complete",
        transcripts([failed, stopped, completed])
    );
    // What is in use has nothing left to fail.
    drop(control(&server, "fail", &json!({})).await.expect(422));
    assert_eq!(told(&server).await.len(), 2);
}

#[tokio::test]
async fn a_person_goes_from_step_to_step_and_nothing_is_doubled() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    for step in ["key", "validate", "remove", "discard"] {
        let reply = visitor.get(&at(step)).await.expect(303);
        assert_eq!(reply.header("location"), part);
    }
    for _ in 0..2 {
        let reply = visitor
            .submit(&at("provider"), &[("provider", "AWS_KMS")])
            .await;
        assert_eq!(reply.expect(303).header("location"), at("key"));
    }
    let page = visitor.get(&at("key")).await.expect(200);
    assert!(
        words(&page).contains(server.organization()),
        "the external id: {page}"
    );
    for _ in 0..2 {
        let reply = visitor.submit(&at("key"), &AWS).await.expect(303);
        assert_eq!(reply.header("location"), at("validate"));
    }
    let failing = [("attempt", "0"), ("outcome", "failure")];
    for _ in 0..2 {
        let reply = visitor.submit(&at("validate"), &failing).await.expect(303);
        assert_eq!(reply.header("location"), at("validate"));
    }
    assert_eq!(told(&server).await, [event("AWS_KMS", false)]);
    let page = visitor.get(&at("validate")).await.expect(200);
    assert!(words(&page).contains("The key could not be used"));
    // Gone back to, the key stands there and can be corrected.
    let page = visitor.get(&at("key")).await.expect(200);
    assert!(page.text().contains(AWS[0].1));
    let again = [("attempt", "1"), ("outcome", "success")];
    for _ in 0..2 {
        let reply = visitor.submit(&at("validate"), &again).await.expect(303);
        assert_eq!(reply.header("location"), part);
    }
    assert_eq!(
        told(&server).await,
        [event("AWS_KMS", false), event("AWS_KMS", true)]
    );
    assert_snapshot!("overview", words(&visitor.get(&part).await.expect(200)));
    let session = part.strip_suffix("/bring_your_own_key").expect("a session");
    let done = visitor.finish(session).await.expect(303);
    assert_eq!(done.header("location"), "https://app.example/done");
}

#[tokio::test]
async fn a_key_is_replaced_when_the_new_one_can_be_used_and_not_before() {
    let server = TestServer::start().await;
    drop(control(&server, "complete", &json!({})).await.expect(200));
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    drop(
        visitor
            .submit(&at("provider"), &[("provider", "AWS_KMS")])
            .await
            .expect(303),
    );
    let overview = visitor.get(&part).await.expect(200);
    assert!(
        words(&overview).contains("Another key is on its way"),
        "{overview}"
    );
    drop(visitor.submit(&at("discard"), &[]).await.expect(303));
    let overview = visitor.get(&part).await.expect(200);
    assert!(words(&overview).contains("Replace the key"), "{overview}");
    assert_eq!(told(&server).await.len(), 1);

    drop(
        visitor
            .submit(&at("provider"), &[("provider", "AZURE_KEY_VAULT")])
            .await
            .expect(303),
    );
    let azure = [
        ("vault_url", "https://acme.vault.azure.net"),
        ("vault_key_name", "other"),
        ("tenant_id", "72f988bf-86f1-41af-91ab-2d7cd011db47"),
        ("client_id", "6731de76-14a6-49ae-97bc-6eba6914391e"),
    ];
    drop(visitor.submit(&at("key"), &azure).await.expect(303));
    drop(
        visitor
            .submit(&at("validate"), &[("attempt", "0"), ("outcome", "failure")])
            .await
            .expect(303),
    );
    assert!(words(&visitor.get(&part).await).contains("AWS KMS"));
    drop(
        visitor
            .submit(&at("validate"), &[("attempt", "1"), ("outcome", "success")])
            .await
            .expect(303),
    );
    assert!(words(&visitor.get(&part).await).contains("Azure Key Vault"));
    assert_eq!(
        told(&server).await[1..],
        [
            event("AZURE_KEY_VAULT", false),
            event("AZURE_KEY_VAULT", true)
        ]
    );
    for confirmation in ["", "remove key"] {
        let answers = [("confirmation", confirmation)];
        drop(visitor.submit(&at("remove"), &answers).await.expect(422));
    }
    for _ in 0..2 {
        drop(
            visitor
                .submit(&at("remove"), &[("confirmation", "REMOVE KEY")])
                .await
                .expect(303),
        );
    }
    assert_eq!(told(&server).await[3..], [event("AZURE_KEY_VAULT", None)]);
    let page = visitor.landing(&part).await.expect(200);
    assert!(words(&page).contains("Where do you keep your key?"));
}

#[tokio::test]
async fn what_is_no_key_is_refused_beside_its_field() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    drop(
        visitor
            .submit(&at("provider"), &[("provider", "OTHER")])
            .await
            .expect(422),
    );
    drop(
        visitor
            .submit(&at("provider"), &[("provider", "AWS_KMS")])
            .await
            .expect(303),
    );
    for (name, value, message) in [
        (
            "key_arn",
            "\"><script>alert(1)</script>",
            "This is no ARN of a key",
        ),
        (
            "role_arn",
            "arn:aws:iam::111122223333:user/somebody",
            "This is no ARN of a role",
        ),
        ("key_arn", "", "ARN of the key is required"),
    ] {
        let answers = AWS.map(|(field, good)| (field, if field == name { value } else { good }));
        let page = visitor.submit(&at("key"), &answers).await.expect(422);
        assert!(words(&page).contains(message), "{page}");
        assert!(!page.text().contains("<script>"), "{page}");
        // What was typed besides stays.
        let kept = AWS
            .iter()
            .find(|(field, _)| *field != name)
            .expect("another field")
            .1;
        assert!(page.text().contains(kept), "{page}");
    }
    drop(visitor.get(&at("validate")).await.expect(303));
    drop(visitor.submit(&at("key"), &AWS).await.expect(303));
    drop(
        visitor
            .submit(&at("validate"), &[("attempt", "0"), ("outcome", "maybe")])
            .await
            .expect(422),
    );
    assert!(told(&server).await.is_empty());
    drop(visitor.submit(&at("validate"), &TRY).await.expect(303));
    assert_eq!(told(&server).await.len(), 1);
}

#[tokio::test]
async fn a_script_with_a_bad_key_leaves_nothing_behind() {
    let server = TestServer::start().await;
    let bad = json!({"answers": {"provider": "AWS_KMS", "key_arn": "x", "role_arn": "y"}});
    let refused = control(&server, "complete", &bad).await;
    assert_snapshot!("refused", refused.expect(422));
    assert!(told(&server).await.is_empty());
    let (visitor, part) = visit(&server).await;
    let page = visitor.landing(&part).await.expect(200);
    assert!(words(&page).contains("Where do you keep your key?"));
}

#[tokio::test]
async fn an_organization_takes_its_key_along() {
    let server = TestServer::start().await;
    drop(control(&server, "complete", &json!({})).await.expect(200));
    let path = format!("/organizations/{}", server.organization());
    drop(server.call("DELETE", &path).send().await.expect(202));
    let told = events(&server, &format!("{NAMES},organization.deleted")).await;
    let names: Vec<_> = told.iter().map(|event| event["event"].as_str()).collect();
    assert_eq!(
        names[1..],
        [Some("vault.byok_key.deleted"), Some("organization.deleted")]
    );
}
