//! The streams of the generated client over the mock's lists.

use contract_tests::TestServer;
use serde_json::json;
use workos_portal::types::{EventType, PaginationOrder};
use workos_portal::{Client, Error};

use crate::support::{connection, directory, it_contact, organization, webhook_endpoint};

const ALL: usize = 25;

/// A server with 25 organizations and no other; their ids from the oldest to the newest.
async fn filled() -> (TestServer, Vec<String>) {
    let server = TestServer::with(|config| config.test_organization = false).await;
    let mut ids = Vec::new();
    for number in 0..ALL {
        let body = json!({"name": format!("Organization {number:02}")});
        ids.push(organization(&server, &body).await);
        server.advance("1 millisecond");
    }
    (server, ids)
}

async fn ids(client: &Client, order: Option<PaginationOrder>, limit: u32) -> Vec<String> {
    let mut call = client.list_organizations().limit(limit);
    if let Some(order) = order {
        call = call.order(order);
    }
    let all = call.stream().all().await.expect("every page");
    all.into_iter()
        .map(|organization| organization.id.into())
        .collect()
}

#[tokio::test]
pub(crate) async fn a_list_is_read_in_each_order_whatever_its_pages() {
    let (server, oldest_first) = filled().await;
    let newest_first: Vec<String> = oldest_first.iter().rev().cloned().collect();
    let client = server.client();
    for limit in [1, 7, 24, 25, 26] {
        assert_eq!(ids(&client, None, limit).await, newest_first, "{limit}");
        for (order, all) in [
            (PaginationOrder::Desc, &newest_first),
            (PaginationOrder::Asc, &oldest_first),
            (PaginationOrder::Normal, &newest_first),
        ] {
            let read = ids(&client, Some(order.clone()), limit).await;
            assert_eq!(&read, all, "{order} {limit}");
        }
    }
    let pages = client.list_organizations().pages().all().await;
    assert_eq!(pages.expect("a page").len(), 1, "100 fit in one");
}

#[tokio::test]
pub(crate) async fn a_list_is_read_on_and_back_from_any_item() {
    let (server, oldest_first) = filled().await;
    let client = server.client();
    for at in [0, 1, 12, 23, 24] {
        let call = client.list_organizations();
        let call = call.limit(4u32).order(PaginationOrder::Asc);
        let cursor = oldest_first[at].as_str();
        let on = call.clone().after(cursor).stream().all().await;
        let on: Vec<_> = on.expect("a walk").into_iter().map(|one| one.id).collect();
        assert_eq!(on, oldest_first[at + 1..], "{at}");
        let back = call.before(cursor).stream().all().await;
        let mut back: Vec<_> = back
            .expect("a walk")
            .into_iter()
            .map(|one| one.id)
            .collect();
        back.reverse();
        assert_eq!(back, oldest_first[..at], "{at}");

        let normal = client.list_organizations();
        let normal = normal.limit(4u32).order(PaginationOrder::Normal);
        let newer = normal.after(cursor).stream().all().await;
        let newer: Vec<_> = newer
            .expect("a walk")
            .into_iter()
            .map(|one| one.id)
            .collect();
        assert_eq!(newer, oldest_first[at + 1..], "{at}");
    }
}

#[tokio::test]
pub(crate) async fn events_are_read_on_and_back() {
    let (server, organizations) = filled().await;
    let client = server.client();
    let call = client
        .list_events()
        .events([EventType::OrganizationCreated])
        .limit(6u32);
    let on = call.clone().stream().all().await.expect("a walk");
    let about: Vec<_> = on.iter().map(|event| &event.data["id"]).collect();
    assert_eq!(about, organizations.iter().collect::<Vec<_>>());
    let last = on.last().expect("an event");
    let back = call.before(last.id.as_str()).stream().all().await;
    let mut back: Vec<_> = back
        .expect("a walk")
        .into_iter()
        .map(|event| event.id)
        .collect();
    back.reverse();
    let but_the_last: Vec<_> = on[..ALL - 1].iter().map(|event| event.id.clone()).collect();
    assert_eq!(back, but_the_last);
}

#[tokio::test]
pub(crate) async fn what_comes_while_a_list_is_read_is_read_too_where_it_belongs() {
    let (server, mut oldest_first) = filled().await;
    let client = server.client();
    let call = client.list_organizations();
    let mut walk = call.limit(10u32).order(PaginationOrder::Asc).stream();
    let mut read = vec![walk.next().await.expect("one").expect("a page").id];
    oldest_first.push(organization(&server, &json!({"name": "Late"})).await);
    while let Some(one) = walk.next().await {
        read.push(one.expect("a page").id);
    }
    assert_eq!(read, oldest_first);
}

#[tokio::test]
pub(crate) async fn every_list_can_be_streamed() {
    let server = TestServer::start().await;
    let client = server.client();
    let schema = json!({"targets": [{"type": "team"}]});
    let path = "/audit_logs/actions/user.signed_in/schemas";
    for schema in [&schema, &json!({"targets": [{"type": "user"}]})] {
        let _ = server.post(path, schema).send().await.expect(201);
    }
    let _ = server
        .post("/audit_logs/actions/user.signed_out/schemas", &schema)
        .send()
        .await
        .expect(201);
    for _ in 0..2 {
        organization(&server, &json!({"name": "Another"})).await;
        it_contact(&server).await;
        webhook_endpoint(&server).await;
    }
    connection(&server, &json!({})).await;
    let directory = directory(&server, &json!({"users": 5, "groups": 3})).await;

    macro_rules! streamed {
        ($call:expr) => {{
            let items = $call.stream().all().await.expect("a walk").len();
            let pages = $call.pages().all().await.expect("a walk");
            assert_eq!(
                items,
                pages.iter().map(|page| page.data.len()).sum::<usize>()
            );
            items
        }};
    }
    let one = 1u32;
    assert_eq!(streamed!(client.list_audit_log_actions().limit(one)), 2);
    let schemas = client.list_audit_log_schemas();
    let schemas = schemas.action_name("user.signed_in").limit(one);
    assert_eq!(streamed!(schemas.clone()), 2);
    assert_eq!(streamed!(client.list_connections().limit(one)), 1);
    assert_eq!(streamed!(client.list_directories().limit(one)), 1);
    let id = directory.as_str();
    let groups = client.list_directory_groups().directory(id).limit(one);
    assert_eq!(streamed!(groups.clone()), 3);
    let users = client.list_directory_users().directory(id).limit(one);
    assert_eq!(streamed!(users.clone()), 5);
    let events = client.list_events();
    let events = events.events([EventType::OrganizationCreated]).limit(one);
    assert_eq!(streamed!(events.clone()), 2);
    assert_eq!(streamed!(client.list_organizations().limit(one)), 3);
    assert_eq!(streamed!(client.list_webhook_endpoints().limit(one)), 2);
    let contacts = client.list_it_contacts().id(server.organization());
    assert_eq!(streamed!(contacts.clone()), 2);
}

#[tokio::test]
pub(crate) async fn a_cursor_that_is_none_ends_the_walk_with_the_api_s_refusal() {
    let server = TestServer::start().await;
    let client = server.client();
    let walk = client.list_organizations().after("conn_1").stream();
    let error = walk.all().await.expect_err("no cursor");
    assert!(matches!(error, Error::Validation { .. }), "{error:?}");
}
