//! Events: what each change tells, and how it is found again.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::types::EventPayload;

use crate::support::{domain, organization, transcripts};

/// Every event that organizations and their domains have.
const NAMES: [&str; 8] = [
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.deleted",
    "organization_domain.verified",
    "organization_domain.verification_failed",
];

/// The events of these names, with a further query.
async fn list(server: &TestServer, query: &str) -> Reply {
    let target = format!("/events?events={}&limit=100{query}", NAMES.join(","));
    server.get(&target).send().await.expect(200)
}

fn told(list: &Reply) -> Vec<String> {
    let list = list.json();
    let events = list["data"].as_array().expect("a list").clone();
    let name = |event: &Value| event["event"].as_str().expect("a name").to_owned();
    events.iter().map(name).collect()
}

#[tokio::test]
async fn an_organization_tells_of_itself_and_its_domains_of_themselves() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "Acme", "external_id": "acme", "metadata": {"tier": "gold"},
        "allow_profiles_outside_organization": true, "domains": ["old.example"],
        "domain_data": [{"domain": "a.example", "state": "pending"}, {"domain": "b.example", "state": "verified"}],
    });
    let id = organization(&server, &body).await;
    server.advance("1 second");
    let path = format!("/organizations/{id}");
    let _ = server
        .put(&path, &json!({"name": "Acme", "external_id": "acme"}))
        .send()
        .await
        .expect(200);
    assert_eq!(told(&list(&server, "").await).len(), 5, "nothing changed");
    let changes = json!({
        "stripe_customer_id": "cus_1",
        "domain_data": [{"domain": "a.example", "state": "verified"}, {"domain": "b.example", "state": "pending"}],
    });
    let _ = server.put(&path, &changes).send().await.expect(200);
    server.advance("1 second");
    let _ = server.delete(&path).send().await.expect(202);
    assert_snapshot!(list(&server, "").await);
}

#[tokio::test]
async fn a_domain_tells_how_its_verification_goes() {
    let server = TestServer::start().await;
    let expired = domain(&server, "expired.example").await;
    server.advance("696 hours");
    let found = domain(&server, "found.example").await;
    let outcome = |id: &str| format!("/_mock/organization_domains/{id}");
    let verified = json!({"state": "verified"});
    let _ = server
        .post(&outcome(&found), &verified)
        .send()
        .await
        .expect(200);
    // The first is a day over its time before anybody looks.
    server.advance("48 hours");
    assert_eq!(told(&list(&server, "").await).len(), 4);
    let verify = format!("/organization_domains/{expired}/verify");
    let _ = server.call("POST", &verify).send().await.expect(201);
    let other = organization(&server, &json!({"name": "Other"})).await;
    let body = json!({"organization_id": other, "domain": "expired.example"});
    let twin = server
        .post("/organization_domains", &body)
        .send()
        .await
        .expect(201)
        .string("/id");
    let _ = server
        .post(&outcome(&twin), &verified)
        .send()
        .await
        .expect(200);
    let _ = server
        .delete(&format!("/organization_domains/{found}"))
        .send()
        .await
        .expect(204);
    assert_snapshot!(list(&server, "").await);
}

#[tokio::test]
pub(crate) async fn the_client_reads_payloads() {
    let server = TestServer::start().await;
    let id = domain(&server, "acme.com").await;
    server.advance("720 hours");
    let page = server
        .client()
        .list_events()
        .events(["organization_domain.verification_failed"])
        .send()
        .await
        .expect("a page");
    assert_eq!(page.data.len(), 1);
    let payload = page.data[0]
        .payload()
        .expect("a known event")
        .expect("its shape");
    let EventPayload::OrganizationDomainVerificationFailed(failure) = payload else {
        panic!("{payload:?}");
    };
    assert_eq!(failure.organization_domain.id, id);
}

#[tokio::test]
async fn which_events_has_to_be_said() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for query in ["", "?events=", "?events=,", "?order=asc&limit=5"] {
        replies.push(
            server
                .get(&format!("/events{query}"))
                .send()
                .await
                .expect(400),
        );
    }
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
    assert_snapshot!(replies[0]);
}

#[tokio::test]
async fn what_a_list_cannot_be_asked_for() {
    let server = TestServer::start().await;
    let id = organization(&server, &json!({"name": "Acme"})).await;
    let event = list(&server, "").await.string("/data/0/id");
    let mut replies = Vec::new();
    for query in [
        format!("after={event}&range_start=2026-01-01T00:00:00Z"),
        format!("after={event}&before={event}"),
        format!("after={id}"),
        "before=event_x".to_owned(),
        "range_start=yesterday".to_owned(),
        "range_end=2026-01-01".to_owned(),
        "range_end=9999-12-31T23:59:59-23:00".to_owned(),
        "limit=0".to_owned(),
        "limit=101".to_owned(),
        "order=oldest".to_owned(),
    ] {
        let target = format!("/events?events=organization.created&{query}");
        replies.push(server.get(&target).send().await.expect(422));
    }
    let shown = transcripts(replies);
    assert_snapshot!(shown);
}

#[tokio::test]
async fn names_are_given_in_any_of_three_ways() {
    let server = TestServer::start().await;
    let id = organization(&server, &json!({"name": "Acme"})).await;
    domain(&server, "acme.com").await;
    let _ = server
        .delete(&format!("/organizations/{id}"))
        .send()
        .await
        .expect(202);
    let expected = ["organization.created", "organization.deleted"];
    for query in [
        "events=organization.created,organization.deleted",
        "events=organization.created&events=organization.deleted",
        "events[]=organization.created&events[]=organization.deleted",
        "events=organization.deleted,organization.created,organization.created,no.such.event",
    ] {
        let reply = server
            .get(&format!("/events?{query}"))
            .send()
            .await
            .expect(200);
        assert_eq!(told(&reply), expected, "{query}");
    }
    let none = server
        .get("/events?events=no.such.event")
        .send()
        .await
        .expect(200);
    assert_snapshot!(none);
}

#[tokio::test]
async fn organization_and_range_narrow_the_list() {
    let server = TestServer::start().await;
    let mut organizations = Vec::new();
    for name in ["One", "Two", "Three"] {
        organizations.push(organization(&server, &json!({"name": name})).await);
        server.advance("1 second");
    }
    let path = format!("/organizations/{}", organizations[1]);
    let _ = server.delete(&path).send().await.expect(202);
    let of = |id: &str| format!("&organization_id={id}");
    let two = list(&server, &of(&organizations[1])).await;
    assert_eq!(told(&two), ["organization.created", "organization.deleted"]);
    for id in ["org_x", "", server.organization()] {
        assert!(told(&list(&server, &of(id)).await).is_empty(), "{id}");
    }
    for (query, count) in [
        ("range_start=2026-01-01T00:00:01Z", 3),
        ("range_start=2026-01-01T00:00:01.001Z", 2),
        ("range_end=2026-01-01T00:00:01Z", 1),
        ("range_end=2026-01-01T01:00:01.001%2B01:00", 2),
        (
            "range_start=2026-01-01T00:00:01Z&range_end=2026-01-01T00:00:03Z",
            2,
        ),
        (
            "range_start=2026-01-01T00:00:03Z&range_end=2026-01-01T00:00:01Z",
            0,
        ),
        ("range_end=0001-01-01T00:00:00Z", 0),
        (
            "range_start=1969-12-31T23:59:59Z&range_end=9999-01-01T00:00:00Z",
            4,
        ),
        ("range_start=2026-01-01T00:00:01Z&order=desc", 3),
    ] {
        assert_eq!(
            told(&list(&server, &format!("&{query}")).await).len(),
            count,
            "{query}"
        );
    }
}

#[tokio::test]
async fn pages_lead_on_to_what_comes_later() {
    let server = TestServer::start().await;
    for name in ["a", "b", "c", "d", "e"] {
        organization(&server, &json!({"name": name})).await;
    }
    let names = |list: &Value| -> Vec<String> {
        let events = list["data"].as_array().expect("a list").iter();
        events
            .map(|event| event["data"]["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let page = async |query: &str| {
        let target = format!("/events?events=organization.created&limit=2{query}");
        server.get(&target).send().await.expect(200).json()
    };
    let first = page("").await;
    assert_eq!(names(&first), ["a", "b"]);
    let after = |list: &Value| {
        list["list_metadata"]["after"]
            .as_str()
            .expect("a cursor")
            .to_owned()
    };
    let second = page(&format!("&after={}", after(&first))).await;
    assert_eq!(names(&second), ["c", "d"]);
    let last = page(&format!("&after={}", after(&second))).await;
    assert_eq!(names(&last), ["e"]);
    assert_eq!(last["list_metadata"], json!({"after": null}));
    // Whoever keeps the last id goes on from it when more has happened.
    let cursor = last["data"][0]["id"].as_str().expect("an id").to_owned();
    organization(&server, &json!({"name": "f"})).await;
    assert_eq!(names(&page(&format!("&after={cursor}")).await), ["f"]);
    assert_eq!(names(&page(&format!("&before={cursor}")).await), ["c", "d"]);
    assert_eq!(names(&page("&order=desc").await), ["f", "e"]);
}

#[tokio::test]
async fn the_oldest_events_go_first() {
    let server = TestServer::with(|config| config.max_events = 2).await;
    let first = organization(&server, &json!({"name": "a"})).await;
    let cursor = list(&server, "").await.string("/data/0/id");
    organization(&server, &json!({"name": "b"})).await;
    let _ = server
        .delete(&format!("/organizations/{first}"))
        .send()
        .await
        .expect(202);
    let kept = list(&server, "").await;
    assert_eq!(
        told(&kept),
        ["organization.created", "organization.deleted"]
    );
    assert_eq!(kept.string("/data/0/data/name"), "b");
    // A cursor is a place, also when its event is gone.
    for (query, count) in [
        (format!("&after={cursor}"), 2),
        (format!("&before={cursor}"), 0),
        (format!("&before={cursor}&order=desc"), 2),
        (format!("&after={cursor}&order=desc"), 0),
        ("&range_start=2026-01-01T00:00:00Z".to_owned(), 2),
    ] {
        assert_eq!(told(&list(&server, &query).await).len(), count, "{query}");
    }
}
