//! Domains of organizations: how they are added, verified, given up on and removed.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{domain, organization, transcripts};

/// The control call that says how the search for a domain's DNS record ends.
async fn decide(server: &TestServer, id: &str, outcome: &Value) -> Reply {
    server
        .post(&format!("/_mock/organization_domains/{id}"), outcome)
        .send()
        .await
}

async fn state(server: &TestServer, id: &str) -> String {
    server
        .get(&format!("/organization_domains/{id}"))
        .send()
        .await
        .expect(200)
        .string("/state")
}

#[tokio::test]
pub(crate) async fn one_is_added_read_and_removed() {
    let server = TestServer::start().await;
    let created = server
        .client()
        .create_organization_domain()
        .body_map(|body| {
            body.organization_id(server.organization())
                .domain("Acme.COM".to_owned())
        })
        .send()
        .await
        .expect("it is added");
    let mut replies = vec![server.last()];
    let read = server
        .client()
        .get_organization_domain()
        .id(created.id.as_str())
        .send()
        .await
        .expect("it is found");
    assert_eq!(read.id, created.id);
    let organization = server
        .get(&format!("/organizations/{}", server.organization()))
        .send()
        .await;
    assert_eq!(organization.string("/domains/1/id"), created.id);
    server
        .client()
        .delete_organization_domain()
        .id(created.id.as_str())
        .send()
        .await
        .expect("it is removed");
    replies.push(server.last());
    for (method, rest) in [("GET", ""), ("DELETE", ""), ("POST", "/verify")] {
        let path = format!("/organization_domains/{}{rest}", created.id);
        replies.push(server.call(method, &path).send().await.expect(404));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_cannot_be_added() {
    let server = TestServer::start().await;
    let id = server.organization();
    domain(&server, "acme.com").await;
    let mut replies = Vec::new();
    for (body, status) in [
        (json!({"organization_id": id, "domain": "ACME.com."}), 409),
        // It is the organization's from the start, and verified.
        (json!({"organization_id": id, "domain": "example.com"}), 409),
        (
            json!({"organization_id": "org_x", "domain": "new.com"}),
            404,
        ),
        (json!({"organization_id": id, "domain": "GMail.com"}), 422),
        (json!({"organization_id": id, "domain": "-a.com"}), 422),
        (
            json!({"organization_id": id, "domain": "https://a.com"}),
            422,
        ),
        (json!({"organization_id": "", "domain": "localhost"}), 422),
        (json!({"organization_id": 5}), 422),
        (json!({}), 422),
    ] {
        let reply = server.post("/organization_domains", &body).send().await;
        replies.push(reply.expect(status));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn the_domain_of_a_mail_provider_comes_in_nowhere() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "domains": ["yahoo.com"], "domain_data": [{"domain": "gmail.com", "state": "verified"}],
    });
    let refused = server
        .post("/organizations", &body)
        .send()
        .await
        .expect(422);
    let path = format!("/organizations/{}", server.organization());
    let also = server.put(&path, &body).send().await.expect(422);
    assert_eq!(refused.json(), also.json());
    assert_snapshot!(refused);
}

#[tokio::test]
async fn several_organizations_have_the_same_one() {
    let server = TestServer::start().await;
    let first = domain(&server, "acme.com").await;
    let other = organization(&server, &json!({"name": "Other"})).await;
    let body = json!({"organization_id": other, "domain": "acme.com"});
    let second = server
        .post("/organization_domains", &body)
        .send()
        .await
        .expect(201)
        .string("/id");
    let listed = server
        .get("/organizations?domains=acme.com&order=asc")
        .send()
        .await;
    assert_eq!(listed.json()["data"].as_array().map(Vec::len), Some(2));

    // One of them proves that it is its own: the other cannot any more.
    let verified = json!({"state": "verified"});
    assert_eq!(
        decide(&server, &second, &verified).await.string("/state"),
        "verified"
    );
    assert_eq!(state(&server, &first).await, "failed");
    let path = format!("/organization_domains/{first}/verify");
    let again = server.call("POST", &path).send().await.expect(201);
    assert_eq!(again.string("/state"), "pending");
    assert_eq!(
        decide(&server, &first, &verified).await.string("/state"),
        "failed"
    );
}

#[tokio::test]
async fn a_search_goes_on_for_thirty_days_and_begins_anew() {
    let server = TestServer::start().await;
    let id = domain(&server, "acme.com").await;
    let verify = || server.call("POST", &format!("/organization_domains/{id}/verify"));
    let token = server.last().string("/verification_token");
    assert_eq!(token.len(), 25);
    let mut replies = vec![verify().send().await.expect(201)];
    server.advance("719h 59m 59s 999ms");
    assert_eq!(state(&server, &id).await, "pending");
    server.advance("1 millisecond");
    assert_eq!(state(&server, &id).await, "failed");
    replies.push(server.last());
    server.advance("1 hour");
    replies.push(verify().send().await.expect(201));
    assert_eq!(server.last().string("/verification_token"), token);
    server.advance("719h 59m 59s 999ms");
    assert_eq!(state(&server, &id).await, "pending");
    let found = decide(&server, &id, &json!({"state": "verified"})).await;
    assert_eq!(found.expect(200).string("/verification_strategy"), "dns");
    server.advance("1 millisecond");
    replies.push(
        server
            .get(&format!("/organization_domains/{id}"))
            .send()
            .await
            .expect(200),
    );
    replies.push(verify().send().await.expect(400));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_counts_as_verified_has_nothing_to_verify() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "domains": ["old.com"], "domain_data": [{"domain": "acme.com", "state": "verified"}],
    });
    let created = server
        .post("/organizations", &body)
        .send()
        .await
        .expect(201);
    for index in 0..2 {
        let id = created.string(&format!("/domains/{index}/id"));
        let path = format!("/organization_domains/{id}/verify");
        let refused = server.call("POST", &path).send().await.expect(400);
        assert_eq!(refused.string("/code"), "domain_already_verified");
    }
}

#[tokio::test]
async fn a_repeated_call_adds_one() {
    let server = TestServer::start().await;
    let add = |domain: &str| {
        let body = json!({"organization_id": server.organization(), "domain": domain});
        server
            .post("/organization_domains", &body)
            .header("Idempotency-Key", "1")
            .send()
    };
    let first = add("acme.com").await.expect(201);
    assert_eq!(add("acme.com").await.expect(201).body, first.body);
    let _ = add("acme.org").await.expect(400);
}

#[tokio::test]
async fn the_control_call_takes_an_outcome() {
    let server = TestServer::start().await;
    let id = domain(&server, "acme.com").await;
    let mut replies = Vec::new();
    for outcome in [
        json!([]),
        json!({}),
        json!({"state": "pending"}),
        json!({"state": "verified", "reason": "domain_verification_period_expired"}),
        json!({"state": "failed", "reason": "bad weather"}),
        json!({"state": "failed", "since": "today"}),
    ] {
        replies.push(decide(&server, &id, &outcome).await.expect(422));
    }
    let failed = json!({"state": "failed", "reason": "domain_verified_by_other_organization"});
    replies.push(decide(&server, "org_domain_x", &failed).await.expect(404));
    replies.push(decide(&server, "%ff", &failed).await.expect(404));
    replies.push(decide(&server, &id, &failed).await.expect(200));
    replies.push(decide(&server, &id, &failed).await.expect(422));
    assert_snapshot!(transcripts(replies));
}
