//! Directory sync in the portal, from the provider to the first sync.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::portal_dsync_support::{
    complete, control, directories, groups, names, state, users, visit,
};
use crate::support::{events, organization, transcripts, words};

#[tokio::test]
async fn one_call_makes_five_users_in_two_groups() {
    let server = TestServer::start().await;
    let report = control(&server, "complete", &json!({})).await.expect(200);
    let made = &report.json()["made"][0];
    let id = made["id"].as_str().expect("an id");
    let got = server.get(&format!("/directories/{id}")).send().await;
    assert_eq!(*made, got.expect(200).json());
    assert_eq!(users(&server, id).await.len(), 5);
    assert_eq!(groups(&server, id).await.len(), 2);
    assert_snapshot!("complete", transcripts([report]));
    assert_snapshot!("complete_events", names(&server, 0).await.join("\n"));
    let told = events(
        &server,
        "dsync.token.created,dsync.activated,dsync.user.created",
    )
    .await;
    let first = serde_json::to_string_pretty(&told[..3]).expect("JSON");
    assert_snapshot!("complete_first_events", first);
}

#[tokio::test]
async fn every_provider_is_set_up_by_its_samples() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let page = visitor
        .get(&format!("{part}/provider"))
        .await
        .expect(200)
        .text();
    let providers: Vec<String> = page
        .split("name=\"provider\" type=\"radio\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    assert_eq!(providers.len(), 20);
    for provider in providers {
        let organization = organization(&server, &json!({"name": provider})).await;
        let generate = json!({"organization": organization, "intent": "dsync"});
        let link = server.post("/portal/generate_link", &generate).send().await;
        let body = json!({"link": link.string("/link"), "answers": {"provider": provider, "users": 2, "groups": 1}});
        let report = server
            .post("/_mock/portal_links/complete", &body)
            .send()
            .await;
        let made = &report.expect(200).json()["made"][0];
        assert_eq!(
            (&made["type"], &made["state"]),
            (&json!(provider), &json!("linked"))
        );
        let id = made["id"].as_str().expect("an id");
        for user in users(&server, id).await {
            // The usual map fills everything.
            for member in ["email", "first_name", "last_name", "username", "job_title"] {
                assert!(user[member].is_string(), "{provider} {member}");
            }
            assert!(user["custom_attributes"]["department_name"].is_string());
            assert_ne!(user["raw_attributes"], json!({}));
        }
    }
}

#[tokio::test]
async fn a_person_goes_from_step_to_step_and_nothing_is_doubled() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    // What comes later cannot be gone to.
    for step in ["credentials", "sync", "add_user", "reset", "token"] {
        let reply = visitor.get(&at(step)).await.expect(303);
        assert_eq!(reply.header("location"), part);
    }
    for _ in 0..2 {
        let reply = visitor
            .submit(&at("provider"), &[("provider", "okta scim v2.0")])
            .await;
        assert_eq!(reply.expect(303).header("location"), at("credentials"));
    }
    assert_eq!(directories(&server).await.len(), 1);
    assert_eq!(state(&server).await, "validating");
    assert_eq!(names(&server, 0).await, ["dsync.token.created"]);

    let page = visitor.get(&at("credentials")).await.expect(200);
    let endpoint = format!("{}/scim/v2.0/", server.public_url());
    assert!(page.text().contains(&endpoint), "{page}");
    let suffix = events(&server, "dsync.token.created").await[0]["data"]["token_suffix"].clone();
    let suffix = suffix.as_str().expect("a suffix");
    let text = page.text();
    let token = text
        .split(['<', '>'])
        .find(|piece| piece.len() > 40 && piece.ends_with(suffix))
        .expect("the token")
        .to_owned();
    let answers = [("users", "3"), ("groups", "3"), ("outcome", "valid")];
    for _ in 0..2 {
        let reply = visitor.submit(&at("credentials"), &answers).await;
        assert_eq!(reply.expect(303).header("location"), at("groups"));
    }
    // Gone back to, the page has what was answered, and the token no more.
    let page = visitor.get(&at("credentials")).await.expect(200).text();
    assert!(!page.contains(&token) && page.contains(&format!("…{suffix}")));
    assert!(page.contains("value=\"3\""), "{page}");

    let groups_step = [
        ("synced_groups", "Engineering"),
        ("synced_groups", "Support"),
    ];
    for _ in 0..2 {
        let reply = visitor.submit(&at("groups"), &groups_step).await;
        assert_eq!(reply.expect(303).header("location"), at("attributes"));
    }
    let page = visitor.get(&at("groups")).await.expect(200).text();
    assert_eq!(page.matches(" checked").count(), 2);
    let map = [
        ("email_from", "emails[0].value"),
        ("first_name_from", "name.givenName"),
        ("last_name_from", "name.familyName"),
        ("username_from", "enterprise.employeeNumber"),
        ("job_title_from", "nothing"),
        ("department_from", "enterprise.department"),
    ];
    for _ in 0..2 {
        let reply = visitor.submit(&at("attributes"), &map).await;
        assert_eq!(reply.expect(303).header("location"), at("sync"));
    }
    assert_eq!(names(&server, 0).await, ["dsync.token.created"]);
    let page = visitor.get(&at("sync")).await.expect(200);
    assert!(
        words(&page).contains("3 users and 2 groups from Okta SCIM"),
        "{page}"
    );
    for _ in 0..2 {
        let reply = visitor.submit(&at("sync"), &[]).await.expect(303);
        assert_eq!(reply.header("location"), part);
    }

    let directory = &directories(&server).await[0];
    assert_eq!(
        directory["metadata"],
        json!({"users": {"active": 3, "inactive": 0}, "groups": 2})
    );
    let id = directory["id"].as_str().expect("an id");
    let users = users(&server, id).await;
    let names_of =
        |member: &str| -> Vec<Value> { users.iter().map(|user| user[member].clone()).collect() };
    assert_eq!(names_of("username"), ["0001", "0002", "0003"]);
    assert_eq!(
        names_of("job_title"),
        [Value::Null, Value::Null, Value::Null]
    );
    let page = visitor.get(&part).await.expect(200);
    assert!(!page.text().contains(&token));
    assert_snapshot!("overview", words(&page));
    let session = part.strip_suffix("/dsync").expect("a session");
    let done = visitor.finish(session).await.expect(303);
    assert_eq!(done.header("location"), "https://app.example/done");
}

#[tokio::test]
async fn credentials_that_are_refused_can_be_corrected() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    let reply = visitor
        .submit(&at("provider"), &[("provider", "bamboohr")])
        .await;
    drop(reply.expect(303));
    // A SCIM provider would have a token; this one has none.
    assert!(names(&server, 0).await.is_empty());
    let mut answers = vec![
        ("subdomain", "acme"),
        ("api_key", "hush-hush"),
        ("users", "1"),
        ("groups", "0"),
        ("outcome", "invalid_credentials"),
    ];
    for _ in 0..2 {
        let reply = visitor.submit(&at("credentials"), &answers).await;
        assert_eq!(reply.expect(303).header("location"), at("credentials"));
    }
    assert_eq!(state(&server).await, "invalid_credentials");
    let page = visitor.landing(&part).await.expect(200);
    assert!(
        words(&page).contains("BambooHR refuses these credentials"),
        "{page}"
    );
    // What is no secret stands there again.
    assert!(page.text().contains("value=\"acme\"") && !page.text().contains("hush-hush"));
    assert!(page.text().contains("This server makes them up"));
    answers[4].1 = "valid";
    let reply = visitor.submit(&at("credentials"), &answers).await;
    assert_eq!(reply.expect(303).header("location"), at("groups"));
    assert_eq!(state(&server).await, "validating");
    // A provider without groups has none to choose from.
    let page = visitor.get(&at("groups")).await.expect(200);
    assert!(words(&page).contains("The provider has no groups"));
    let reply = visitor.submit(&at("groups"), &[]).await.expect(303);
    assert_eq!(reply.header("location"), at("attributes"));
    // Another provider begins anew.
    let reply = visitor
        .submit(&at("provider"), &[("provider", "generic scim v2.0")])
        .await;
    assert_eq!(reply.expect(303).header("location"), at("credentials"));
    assert_eq!(directories(&server).await.len(), 1);
    let reply = visitor
        .submit(&at("provider"), &[("provider", "workday")])
        .await;
    drop(reply.expect(303));
    assert_eq!(
        names(&server, 0).await,
        ["dsync.token.created", "dsync.token.revoked"]
    );
}

#[tokio::test]
async fn a_script_fails_and_mends_what_failed() {
    let server = TestServer::start().await;
    let failed = control(&server, "fail", &json!({})).await.expect(200);
    assert_eq!(state(&server).await, "invalid_credentials");
    let halfway = json!({"step": "attributes", "answers": {"groups": 1}});
    let stopped = control(&server, "step", &halfway).await.expect(200);
    assert_eq!(state(&server).await, "validating");
    let completed = complete(&server, &json!({"username_from": "displayName"})).await;
    assert_eq!(state(&server).await, "linked");
    assert_snapshot!(
        "fail_step_complete",
        transcripts([failed, stopped, completed])
    );
    // Nothing is left to be done, and nothing to fail.
    server.advance("1 second");
    let again = complete(&server, &json!({})).await;
    assert_eq!(again.json()["made"], json!([]));
    drop(control(&server, "fail", &json!({})).await.expect(422));
    assert_eq!(directories(&server).await.len(), 1);
}

#[tokio::test]
async fn bad_answers_change_nothing_and_stay_on_the_page() {
    let server = TestServer::start().await;
    let (visitor, part) = visit(&server).await;
    let at = |step: &str| format!("{part}/{step}");
    for provider in ["", "s3", "<script>"] {
        let reply = visitor
            .submit(&at("provider"), &[("provider", provider)])
            .await;
        assert!(!reply.expect(422).text().contains("<script>"));
    }
    assert!(directories(&server).await.is_empty());
    let reply = visitor
        .submit(&at("provider"), &[("provider", "sftp")])
        .await;
    drop(reply.expect(303));
    let good = [
        ("public_key", "x"),
        ("users", "5"),
        ("groups", "2"),
        ("outcome", "valid"),
    ];
    for (at_fault, value, message) in [
        (
            "public_key",
            "\"><script>alert(1)</script>",
            "This is no public SSH key",
        ),
        (
            "public_key",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "This is a private key",
        ),
        ("users", "1001", "a whole number from 0 to 1000"),
        ("groups", "-1", "a whole number from 0 to 100"),
        ("outcome", "maybe", "is none of the choices"),
    ] {
        let answers = good.map(|(name, kept)| (name, if name == at_fault { value } else { kept }));
        let page = visitor
            .submit(&at("credentials"), &answers)
            .await
            .expect(422);
        assert!(words(&page).contains(message), "{at_fault}: {page}");
        assert!(!page.text().contains("<script>"), "{page}");
    }
    assert_eq!(state(&server).await, "validating");
    let reply = visitor.get(&at("groups")).await.expect(303);
    assert_eq!(reply.header("location"), part);
    // The same of a script, which leaves nothing behind.
    let bad = json!({"answers": {"public_key": "no key", "email_from": "nothing"}});
    let refused = control(&server, "complete", &bad).await;
    assert_snapshot!("refused", refused.expect(422));
    assert_eq!(state(&server).await, "validating");
    assert!(names(&server, 0).await.is_empty());
}
