//! What `/_mock` shows of an environment: organizations with what they have, portal links and their sessions.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};

use crate::support::link_with as link;

async fn list(server: &TestServer, target: &str) -> Vec<Value> {
    let list = server.get(target).send().await.expect(200).json();
    list["data"].as_array().expect("a list").clone()
}

async fn newest(server: &TestServer, target: &str) -> Value {
    list(server, target).await.swap_remove(0)
}

fn states(list: &[Value]) -> Vec<(&str, bool)> {
    let states = list.iter();
    states
        .map(|link| {
            let opens = link["opens"].as_bool().expect("yes or no");
            (link["state"].as_str().expect("a state"), opens)
        })
        .collect()
}

async fn complete(server: &TestServer, intent: &str) -> Reply {
    let organization = server.organization();
    let body = json!({"organization": organization, "intent": intent});
    let done = server.post("/_mock/portal_links/complete", &body);
    done.send().await.expect(200)
}

#[tokio::test]
async fn a_link_is_shown_through_its_life() {
    let server = TestServer::start().await;
    let body = json!({
        "intent": "sso",
        "return_url": "https://app.example/settings",
        "success_url": "https://app.example/done",
        "external_user_id": "user-1",
    });
    let address = link(&server, &body).await;
    let issued = newest(&server, "/_mock/portal_links").await;
    assert_eq!(issued["organization_id"], server.organization());
    assert_eq!(issued["intents"], json!(["sso"]));
    assert_eq!(issued["kind"], "direct");
    assert_eq!(issued["external_user_id"], "user-1");
    assert_eq!(issued["return_url"], "https://app.example/settings");
    assert_eq!(issued["success_url"], "https://app.example/done");
    assert_eq!(issued["expires_at"], "2026-01-01T00:05:00.000Z");
    assert_eq!(
        (&issued["used_at"], &issued["session_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(states(std::slice::from_ref(&issued)), [("issued", true)]);
    // Whoever reads this cannot open the link.
    let token = address.split("token=").nth(1).expect("a token");
    assert!(!issued.to_string().contains(token));

    let visitor = server.visitor();
    visitor.open(&address).await;
    let opened = newest(&server, "/_mock/portal_links").await;
    assert_eq!(states(std::slice::from_ref(&opened)), [("opened", false)]);
    let session = newest(&server, "/_mock/portal_sessions").await;
    assert_eq!(session["id"], opened["session_id"]);
    assert_eq!(
        (&session["link_id"], &session["state"]),
        (&opened["id"], &json!("open"))
    );
    assert_eq!(session["expires_at"], "2026-01-01T01:00:00.000Z");

    // The link was used in its time; the session runs out.
    server.advance("PT1H");
    let late = newest(&server, "/_mock/portal_links").await;
    assert_eq!(states(&[late]), [("opened", false)]);
    let late = newest(&server, "/_mock/portal_sessions").await;
    assert_eq!(
        (&late["state"], &late["ended_at"]),
        (&json!("expired"), &Value::Null)
    );

    link(&server, &body).await;
    complete(&server, "sso").await;
    let finished = newest(&server, "/_mock/portal_links").await;
    assert_eq!(states(&[finished]), [("finished", false)]);
    let finished = newest(&server, "/_mock/portal_sessions").await;
    assert_eq!(finished["state"], "finished");
    assert_eq!(finished["ended_at"], "2026-01-01T01:00:00.000Z");
    assert_eq!(finished["redirect_url"], "https://app.example/done");

    link(&server, &json!({})).await;
    server.advance("PT5M");
    let menu = newest(&server, "/_mock/portal_links").await;
    assert_eq!(menu["intents"], json!([]));
    assert_eq!(states(&[menu]), [("expired", false)]);
}

#[tokio::test]
async fn links_are_paged_and_asked_for_by_organization() {
    let server = TestServer::start().await;
    let other = server.post("/organizations", &json!({"name": "Other"}));
    let other = other.send().await.expect(201).string("/id");
    for _ in 0..3 {
        link(&server, &json!({"intent": "sso"})).await;
    }
    link(&server, &json!({"intent": "dsync", "organization": other})).await;
    let first = server.get("/_mock/portal_links?limit=3").send().await;
    let first = first.expect(200);
    assert_eq!(first.json()["data"][0]["organization_id"], json!(other));
    let after = first.string("/list_metadata/after");
    let rest = list(
        &server,
        &format!("/_mock/portal_links?limit=3&after={after}"),
    )
    .await;
    assert_eq!(rest.len(), 1);
    for (organization, count) in [(server.organization(), 3), (other.as_str(), 1), ("none", 0)] {
        for (kind, count) in [("links", count), ("sessions", 0)] {
            let target = format!("/_mock/portal_{kind}?organization_id={organization}");
            assert_eq!(list(&server, &target).await.len(), count, "{target}");
        }
    }
    for target in [
        "/_mock/portal_links?limit=0",
        "/_mock/portal_links?after=org_test_idp",
        "/_mock/portal_sessions?before=x",
        "/_mock/portal_sessions?state=open",
    ] {
        let _ = server.get(target).send().await.expect(422);
    }
}

#[tokio::test]
async fn an_organization_is_shown_with_what_it_has() {
    let server = TestServer::start().await;
    let empty = server.post(
        "/organizations",
        &json!({"name": "Acme", "external_id": "7"}),
    );
    let empty = empty.send().await.expect(201).string("/id");
    for intent in ["sso", "dsync", "log_streams", "bring_your_own_key"] {
        link(
            &server,
            &json!({"intent": intent, "it_contact_emails": ["it@acme.example"]}),
        )
        .await;
        complete(&server, intent).await;
    }
    let all = list(&server, "/_mock/organizations").await;
    assert_eq!(all.len(), 2);
    assert_eq!(
        (&all[0]["id"], &all[0]["external_id"]),
        (&json!(empty), &json!("7"))
    );
    for kind in [
        "connection",
        "directory",
        "it_contact",
        "portal_link",
        "portal_session",
    ] {
        assert_eq!(all[0][format!("{kind}_count")], 0, "{kind}");
    }
    let found = list(&server, "/_mock/organizations?search=test").await;
    assert_eq!(found, [all[1].clone()]);
    assert_eq!(
        list(&server, "/_mock/organizations?search=nobody").await,
        [Value::Null; 0]
    );

    let target = format!("/_mock/organizations/{}", server.organization());
    let shown = server.get(&target).send().await.expect(200).json();
    for (kind, count) in [
        ("connection", 1),
        ("directory", 1),
        ("it_contact", 1),
        ("portal_link", 4),
        ("portal_session", 4),
    ] {
        assert_eq!(shown[format!("{kind}_count")], count, "{kind}");
        assert_eq!(all[1][format!("{kind}_count")], count, "{kind}");
    }
    assert_eq!(shown["domains"][0]["domain"], "example.com");
    assert_eq!(shown["connections"][0]["state"], "active");
    assert_eq!(shown["directories"][0]["object"], "directory");
    assert_eq!(shown["it_contacts"][0]["email"], "it@acme.example");
    assert_eq!(shown["log_stream"], all[1]["log_stream"]);
    assert!(shown["log_stream"].is_object());
    assert!(shown["byok_key"].is_object());
    let _ = server
        .get("/_mock/organizations/org_none")
        .send()
        .await
        .expect(404);
}
