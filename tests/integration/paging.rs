//! Lists: pages in both directions and three orders, cursors, filters.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};
use workos_portal::types::PaginationOrder;

use crate::support::{organization, transcripts};

const ALL: usize = 25;

/// A server with 25 organizations and no other; their ids from the oldest to the newest.
async fn filled() -> (TestServer, Vec<String>) {
    let server = TestServer::with(|config| config.test_organization = false).await;
    let mut ids = Vec::new();
    for number in 0..ALL {
        // Several in one instant, so that the order is that of making and not of the clock.
        if number % 5 == 0 {
            server.advance("1 millisecond");
        }
        ids.push(
            organization(
                &server,
                &json!({"name": format!("Organization {number:02}")}),
            )
            .await,
        );
    }
    (server, ids)
}

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("a list");
    data.iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

async fn page(server: &TestServer, query: &str) -> (Vec<String>, Value) {
    let list = server
        .get(&format!("/organizations?{query}"))
        .send()
        .await
        .expect(200)
        .json();
    (ids(&list), list["list_metadata"].clone())
}

/// Follows the cursor `follow` from the page at `query` until it is null.
async fn walk(server: &TestServer, query: &str, follow: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let (ids, cursors) = page(server, &format!("{query}{cursor}")).await;
        pages.push(ids);
        assert!(pages.len() <= ALL, "the walk does not end");
        match cursors[follow].as_str() {
            Some(next) => cursor = format!("&{follow}={next}"),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn a_list_is_walked_forwards_and_backwards_in_each_order() {
    let (server, oldest_first) = filled().await;
    let newest_first: Vec<String> = oldest_first.iter().rev().cloned().collect();
    for (order, all, on, back) in [
        ("", &newest_first, "after", "before"),
        ("order=desc&", &newest_first, "after", "before"),
        ("order=asc&", &oldest_first, "after", "before"),
        ("order=normal&", &newest_first, "before", "after"),
    ] {
        for limit in [1, 7, 10, 24, 25, 100] {
            let query = format!("{order}limit={limit}");
            let forwards = walk(&server, &query, on).await;
            assert_eq!(&forwards.concat(), all, "{query}");
            assert!(
                forwards[..forwards.len() - 1]
                    .iter()
                    .all(|page| page.len() == limit),
                "{query}"
            );

            // From beyond the end, page by page back to the beginning.
            let last = all.last().expect("an id");
            let (mut pages, mut cursor) = (vec![vec![last.clone()]], last.clone());
            loop {
                let (ids, cursors) = page(&server, &format!("{query}&{back}={cursor}")).await;
                pages.insert(0, ids);
                match cursors[back].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            assert_eq!(&pages.concat(), all, "{query} back");
        }
    }
}

#[tokio::test]
async fn cursors_say_where_a_page_lies() {
    let (server, oldest_first) = filled().await;
    let newest_first: Vec<String> = oldest_first.iter().rev().cloned().collect();
    let at = |index: usize| json!(newest_first[index]);
    let null = Value::Null;

    let (first, cursors) = page(&server, "").await;
    assert_eq!(first, newest_first[..10]);
    assert_eq!(cursors, json!({"before": null, "after": at(9)}));
    let (second, cursors) = page(&server, &format!("after={}", newest_first[9])).await;
    assert_eq!(second, newest_first[10..20]);
    assert_eq!(cursors, json!({"before": at(10), "after": at(19)}));
    let (third, cursors) = page(&server, &format!("after={}", newest_first[19])).await;
    assert_eq!(third, newest_first[20..]);
    assert_eq!(cursors, json!({"before": at(20), "after": null}));
    // What lies before a cursor is the page next to it, not the first page of all that lies before.
    let (back, cursors) = page(&server, &format!("before={}", newest_first[20])).await;
    assert_eq!(back, second);
    assert_eq!(cursors, json!({"before": at(10), "after": at(19)}));

    let (_, cursors) = page(&server, "order=normal").await;
    assert_eq!(cursors, json!({"before": at(9), "after": null}));
    let (older, cursors) = page(&server, &format!("order=normal&before={}", newest_first[9])).await;
    assert_eq!(older, second);
    assert_eq!(cursors, json!({"before": at(19), "after": at(10)}));
    let (newer, cursors) = page(&server, &format!("order=normal&after={}", newest_first[10])).await;
    assert_eq!(newer, first);
    assert_eq!(cursors, json!({"before": at(9), "after": null}));

    let (none, cursors) = page(&server, &format!("after={}", newest_first[24])).await;
    assert!(none.is_empty());
    assert_eq!(cursors["after"], null);
}

#[tokio::test]
pub(crate) async fn the_client_pages_too() {
    let (server, oldest_first) = filled().await;
    let client = server.client();
    let list = client
        .list_organizations()
        .limit(3)
        .order(PaginationOrder::Asc)
        .send()
        .await
        .expect("a page");
    let after = list.list_metadata.after.clone().expect("there is more");
    assert_eq!(after, oldest_first[2]);
    let next = client
        .list_organizations()
        .limit(2)
        .order(PaginationOrder::Asc)
        .after(after)
        .send()
        .await
        .expect("a page");
    let found: Vec<&str> = next
        .data
        .iter()
        .map(|organization| organization.id.as_str())
        .collect();
    assert_eq!(found, [oldest_first[3].as_str(), oldest_first[4].as_str()]);
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn a_cursor_stays_a_position_when_its_object_is_gone() {
    let (server, oldest_first) = filled().await;
    let gone = &oldest_first[12];
    let _ = server
        .delete(&format!("/organizations/{gone}"))
        .send()
        .await
        .expect(202);
    let (after, _) = page(&server, &format!("order=asc&limit=2&after={gone}")).await;
    assert_eq!(after, oldest_first[13..15]);
    let (before, _) = page(&server, &format!("order=asc&limit=2&before={gone}")).await;
    assert_eq!(before, oldest_first[10..12]);
    // One that nobody was ever given is a position too: this one lies after everything.
    let (all, _) = page(
        &server,
        "order=desc&limit=100&after=org_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    )
    .await;
    assert_eq!(all.len(), ALL - 1);
}

#[tokio::test]
async fn a_list_that_grows_repeats_nothing() {
    let (server, oldest_first) = filled().await;
    let (first, cursors) = page(&server, "limit=10").await;
    organization(&server, &json!({"name": "Late"})).await;
    let (second, _) = page(
        &server,
        &format!(
            "limit=10&after={}",
            cursors["after"].as_str().expect("a cursor")
        ),
    )
    .await;
    assert!(first.iter().all(|id| !second.contains(id)));
    assert_eq!(second[0], oldest_first[14]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_disorder_a_list() {
    let (server, _) = filled().await;
    server.advance("-PT1H");
    let late = organization(&server, &json!({"name": "Made earlier, and later"})).await;
    let (newest, _) = page(&server, "limit=1").await;
    assert_eq!(newest, [late]);
}

#[tokio::test]
async fn cursors_that_are_none_are_refused() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for cursor in [
        "",
        "banana",
        "org_",
        "org_0",
        "conn_01H00000000000000000000000",
        "org_01h00000000000000000000000",
        "org_81H00000000000000000000000",
        "org_01H0000000000000000000000U",
        "org_01H00000000000000000000000%20",
        "org_%C3%A4",
    ] {
        replies.push(
            server
                .get(&format!("/organizations?after={cursor}"))
                .send()
                .await
                .expect(422),
        );
        let _ = server
            .get(&format!("/organizations?before={cursor}"))
            .send()
            .await
            .expect(422);
    }
    replies.push(server.get("/organizations?before=org_01H00000000000000000000000&after=org_01H00000000000000000000000").send().await.expect(422));
    assert_snapshot!(transcripts(replies));
    let _ = server
        .get("/organizations?after=org_test_idp")
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn domains_are_filtered_by_in_every_spelling() {
    let server = TestServer::start().await;
    let with = async |name: &str, domains: &[&str]| {
        organization(&server, &json!({"name": name, "domains": domains})).await
    };
    let a = with("A", &["a.example"]).await;
    let b = with("B", &["b.example", "shared.example"]).await;
    let c = with("C", &["c.example", "shared.example"]).await;
    for (query, expected) in [
        ("domains=a.example", vec![&a]),
        ("domains=a.example,b.example", vec![&b, &a]),
        ("domains=a.example%2Cb.example", vec![&b, &a]),
        ("domains=a.example&domains=b.example", vec![&b, &a]),
        ("domains[]=a.example&domains[]=b.example", vec![&b, &a]),
        (
            "domains%5B%5D=a.example&domains%5B%5D=b.example",
            vec![&b, &a],
        ),
        ("domains=SHARED.example.", vec![&c, &b]),
        ("domains=shared.example,b.example", vec![&c, &b]),
        ("domains=nobody.example", vec![]),
        ("domains=not%20a%20domain", vec![]),
        ("domains=shared.example&limit=1", vec![&c]),
        ("domains=shared.example&search=b", vec![&b]),
    ] {
        let (found, _) = page(&server, query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let found = server
        .client()
        .list_organizations()
        .domains(["a.example", "c.example"])
        .send()
        .await
        .expect("a page");
    assert_eq!(
        found
            .data
            .iter()
            .map(|organization| &organization.id)
            .collect::<Vec<_>>(),
        [&c, &a]
    );

    // Domains that change are found by what they are now.
    let _ = server
        .put(
            &format!("/organizations/{a}"),
            &json!({"domains": ["new.example"]}),
        )
        .send()
        .await
        .expect(200);
    assert!(page(&server, "domains=a.example").await.0.is_empty());
    assert_eq!(page(&server, "domains=new.example").await.0, [a]);
}

#[tokio::test]
async fn search_finds_names() {
    let server = TestServer::with(|config| config.test_organization = false).await;
    for name in [
        "Acme Corporation",
        "acme labs",
        "The Acmeist",
        "Bücherei",
        "BÜCHER & Co",
        "X",
    ] {
        organization(&server, &json!({"name": name})).await;
    }
    for (search, expected) in [
        ("acme", vec!["The Acmeist", "acme labs", "Acme Corporation"]),
        ("ACME%20l", vec!["acme labs"]),
        ("b%C3%BCcher", vec!["BÜCHER & Co", "Bücherei"]),
        ("x", vec!["X"]),
        ("nothing", vec![]),
        ("%25", vec![]),
        ("corporation%20acme", vec![]),
    ] {
        let list = server
            .get(&format!("/organizations?search={search}"))
            .send()
            .await
            .expect(200)
            .json();
        let names: Vec<_> = list["data"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["name"].clone())
            .collect();
        assert_eq!(names, expected, "{search}");
    }
    let found = server
        .client()
        .list_organizations()
        .search("acme".to_owned())
        .limit(1)
        .send()
        .await
        .expect("a page");
    assert_eq!(found.data[0].name, "The Acmeist");
    let next = found.list_metadata.after.clone().expect("there is more");
    let (second, cursors) = page(&server, &format!("search=acme&limit=2&after={next}")).await;
    assert_eq!((second.len(), &cursors["after"]), (2, &Value::Null));
}
