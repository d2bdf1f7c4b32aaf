//! Domain verification in the portal: every end it can come to, and what is told of each.

use contract_tests::{TestServer, Visitor};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{events, link_with, organization, transcripts, words};

const NAMES: &str = "organization_domain.created,organization_domain.updated,organization_domain.verified,organization_domain.verification_failed";

/// Opens a link of an organization without domains, and returns it with where its domains are.
async fn open(server: &TestServer, visitor: &Visitor<'_>, name: &str) -> (String, String) {
    let id = organization(server, &json!({"name": name})).await;
    let part = open_for(server, visitor, &id).await;
    (id, part)
}

async fn open_for(server: &TestServer, visitor: &Visitor<'_>, id: &str) -> String {
    let more = json!({
        "organization": id,
        "intent": "domain_verification",
        "success_url": "https://app.example/done",
    });
    let session = visitor.open(&link_with(server, &more).await).await;
    format!("{session}/domain_verification")
}

/// Enters a domain, and returns its id.
async fn enter(visitor: &Visitor<'_>, part: &str, domain: &str) -> String {
    let path = format!("{part}/domain");
    let reply = visitor
        .submit(&path, &[("domain", domain)])
        .await
        .expect(303);
    let location = reply.header("location");
    let id = location.split("record?domain_id=").nth(1);
    id.unwrap_or_else(|| panic!("no record: {location}"))
        .to_owned()
}

async fn look(visitor: &Visitor<'_>, part: &str, id: &str, outcome: &str) -> String {
    let answers = [("domain_id", id), ("outcome", outcome)];
    let reply = visitor.submit(&format!("{part}/record"), &answers).await;
    reply.expect(303).header("location").replace(part, "")
}

async fn state(server: &TestServer, id: &str) -> String {
    let reply = server
        .get(&format!("/organization_domains/{id}"))
        .send()
        .await;
    reply.expect(200).string("/state")
}

/// The names of the events so far with the domains that they are about.
async fn told(server: &TestServer) -> Vec<String> {
    let about = |event: &Value| {
        let data = &event["data"];
        let domain = data.get("organization_domain").unwrap_or(data);
        let reason = data.get("reason").and_then(Value::as_str);
        let words = [event["event"].as_str(), domain["domain"].as_str(), reason];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    events(server, NAMES).await.iter().map(about).collect()
}

#[tokio::test]
async fn a_domain_is_entered_found_and_finished_with() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (_, part) = open(&server, &visitor, "Acme").await;
    let mut pages = vec![visitor.landing(&part).await];
    let id = enter(&visitor, &part, "Acme.com").await;
    assert_eq!(enter(&visitor, &part, "acme.com.").await, id);
    pages.push(visitor.get(&format!("{part}/record?domain_id={id}")).await);
    assert_eq!(state(&server, &id).await, "pending");
    assert_eq!(look(&visitor, &part, &id, "found").await, "");
    assert_eq!(state(&server, &id).await, "verified");
    // The same form sent twice leads to what there is.
    assert_eq!(look(&visitor, &part, &id, "found").await, "");
    pages.push(visitor.get(&part).await);
    let session = part.trim_end_matches("/domain_verification");
    let finished = visitor.finish(session).await.expect(303);
    assert_eq!(finished.header("location"), "https://app.example/done");
    let words: Vec<_> = pages.iter().map(words).collect();
    assert_snapshot!(words.join("\n\n"));
    assert_eq!(
        told(&server).await,
        [
            "organization_domain.created acme.com",
            "organization_domain.verified acme.com"
        ]
    );
}

#[tokio::test]
async fn what_is_nobodys_own_domain_is_refused() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (_, part) = open(&server, &visitor, "<script>alert(1)</script>").await;
    let path = format!("{part}/domain");
    for domain in [
        "gmail.com",
        "GMAIL.com.",
        "a b",
        "",
        "<script>alert(1)</script>",
    ] {
        let page = visitor
            .submit(&path, &[("domain", domain)])
            .await
            .expect(422);
        let text = page.text();
        assert!(text.contains("id=\"field-domain-error\""), "{text}");
        assert!(!text.contains("<script>"), "{text}");
        let kept = "type=\"text\" value=\"gmail.com\"";
        assert_eq!(text.contains(kept), domain == "gmail.com");
    }
    assert!(told(&server).await.is_empty());
}

#[tokio::test]
async fn every_end_of_a_search_is_told_and_can_be_begun_anew() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (_, part) = open(&server, &visitor, "Acme").await;
    let id = enter(&visitor, &part, "acme.com").await;
    let again = look(&visitor, &part, &id, "not_yet").await;
    assert_eq!(again, format!("/record?domain_id={id}&looked=not_yet"));
    let page = visitor.get(&format!("{part}{again}")).await.expect(200);
    assert!(
        page.text().contains("The record is not there yet"),
        "{page}"
    );
    for outcome in ["verified_by_other_organization", "period_expired"] {
        assert_eq!(look(&visitor, &part, &id, outcome).await, "");
        assert_eq!(state(&server, &id).await, "failed");
        let overview = visitor.get(&part).await.expect(200);
        assert!(overview.text().contains("role=\"alert\""), "{overview}");
        let path = format!("{part}/again");
        let anew = visitor
            .submit(&path, &[("domain_id", &id)])
            .await
            .expect(303);
        let record = format!("{part}/record?domain_id={id}");
        assert_eq!(anew.header("location"), record);
        let _ = visitor.get(&record).await.expect(200);
    }
    assert_eq!(look(&visitor, &part, &id, "found").await, "");
    assert_eq!(
        told(&server).await,
        [
            "organization_domain.created acme.com",
            "organization_domain.verification_failed acme.com domain_verified_by_other_organization",
            "organization_domain.updated acme.com",
            "organization_domain.verification_failed acme.com domain_verification_period_expired",
            "organization_domain.updated acme.com",
            "organization_domain.verified acme.com",
        ]
    );
}

#[tokio::test]
async fn thirty_days_later_the_search_is_over() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (organization, part) = open(&server, &visitor, "Acme").await;
    let id = enter(&visitor, &part, "acme.com").await;
    server.advance("720 hours");
    let later = server.visitor();
    let part = open_for(&server, &later, &organization).await;
    let overview = later.get(&part).await.expect(200);
    assert!(overview.text().contains("Failed"), "{overview}");
    assert_eq!(state(&server, &id).await, "failed");
    let told = events(&server, "organization_domain.verification_failed").await;
    assert_eq!(told[0]["created_at"], "2026-01-31T00:00:00.000Z");
    assert_eq!(
        told[0]["data"]["reason"],
        "domain_verification_period_expired"
    );
    // A form of before leads to what there is.
    assert_eq!(look(&later, &part, &id, "found").await, "");
    let _ = later
        .submit(&format!("{part}/again"), &[("domain_id", &id)])
        .await
        .expect(303);
    assert_eq!(look(&later, &part, &id, "found").await, "");
    assert_eq!(state(&server, &id).await, "verified");
}

#[tokio::test]
async fn who_proves_it_first_has_it() {
    let server = TestServer::start().await;
    let (mine, theirs) = (server.visitor(), server.visitor());
    let (_, my_part) = open(&server, &mine, "Mine").await;
    let (_, their_part) = open(&server, &theirs, "Theirs").await;
    let my_id = enter(&mine, &my_part, "acme.com").await;
    let their_id = enter(&theirs, &their_part, "acme.com").await;
    assert_eq!(look(&theirs, &their_part, &their_id, "found").await, "");
    assert_eq!(state(&server, &my_id).await, "failed");
    let overview = mine.get(&my_part).await.expect(200);
    assert!(
        overview.text().contains("Another organization has proved"),
        "{overview}"
    );
    // The id of another's domain opens nothing.
    let foreign = format!("{my_part}/again?domain_id={their_id}");
    let _ = mine.get(&foreign).await.expect(404);
    assert_eq!(look(&mine, &my_part, &their_id, "found").await, "");
    assert_eq!(state(&server, &my_id).await, "failed");
}

#[tokio::test]
async fn one_call_verifies_it_fails_it_or_stops_on_the_way() {
    let server = TestServer::start().await;
    let id = organization(&server, &json!({"name": "Acme"})).await;
    let at = async |what: &str, more: &Value| {
        let asked = json!({"organization": id, "intent": "domain_verification"});
        let mut body = more.clone();
        body["link"] = json!(link_with(&server, &asked).await);
        let path = format!("/_mock/portal_links/{what}");
        server.post(&path, &body).send().await
    };
    let told_of = transcripts([
        at("fail", &json!({"step": "domain"})).await.expect(200),
        at(
            "step",
            &json!({"step": "record", "answers": {"domain": "acme.com"}}),
        )
        .await
        .expect(200),
        at(
            "complete",
            &json!({"answers": {"outcome": "verified_by_other_organization"}}),
        )
        .await
        .expect(422),
        at("fail", &json!({})).await.expect(200),
        at("complete", &json!({})).await.expect(200),
    ]);
    assert_snapshot!(told_of);
    assert_eq!(
        told(&server).await,
        [
            "organization_domain.created acme.com",
            "organization_domain.verification_failed acme.com domain_verified_by_other_organization",
            "organization_domain.updated acme.com",
            "organization_domain.verified acme.com",
        ]
    );
}
