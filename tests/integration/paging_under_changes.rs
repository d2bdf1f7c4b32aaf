//! Lists that are paged through while others insert and delete: nothing comes twice, and nothing that stays is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use contract_tests::TestServer;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::organization;

/// How many organizations stay.
const STAYING: usize = 60;

/// Organizations that stay, with one that is going to go behind each; ids of both from the oldest to the newest.
async fn filled() -> (Arc<TestServer>, Vec<String>, Vec<String>) {
    let server = TestServer::with(|config| config.test_organization = false).await;
    let (mut staying, mut going) = (Vec::new(), Vec::new());
    for number in 0..STAYING {
        let domain = json!([{ "domain": format!("d{}.example", number % 2), "state": "verified" }]);
        let named =
            |kind: &str| json!({ "name": format!("{kind} {number}"), "domain_data": domain });
        staying.push(organization(&server, &named("Staying")).await);
        going.push(organization(&server, &named("Going")).await);
    }
    (Arc::new(server), staying, going)
}

/// Deletes what is going and makes as many others, until that is done.
fn changes(
    server: &Arc<TestServer>,
    going: Vec<String>,
    changing: &Arc<AtomicBool>,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (deleting, making) = (Arc::clone(server), Arc::clone(server));
    let count = going.len();
    let done = Arc::clone(changing);
    tasks.spawn(async move {
        for id in going {
            let _ = deleting
                .delete(&format!("/organizations/{id}"))
                .send()
                .await
                .expect(202);
        }
        done.store(false, Ordering::SeqCst);
    });
    tasks.spawn(async move {
        for number in 0..count {
            let domain = json!([{ "domain": "d0.example", "state": "verified" }]);
            let body = json!({ "name": format!("Coming {number}"), "domain_data": domain });
            organization(&making, &body).await;
        }
    });
    tasks
}

/// Every id on the pages behind `cursor`, or on all of them.
async fn walk(server: &TestServer, query: &str, follow: &str, cursor: Option<&str>) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), cursor.map(str::to_owned));
    loop {
        let at = cursor.map_or_else(String::new, |cursor| format!("&{follow}={cursor}"));
        let list = server
            .get(&format!("/organizations?{query}{at}"))
            .send()
            .await
            .expect(200)
            .json();
        ids.extend(listed(&list));
        cursor = list["list_metadata"][follow].as_str().map(str::to_owned);
        if cursor.is_none() {
            return ids;
        }
    }
}

fn listed(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("a list").iter();
    data.map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_comes_twice_and_nothing_that_stays_is_lost() {
    for (query, follow, step) in [
        ("limit=3", "after", 1),
        ("limit=3&order=asc", "after", 1),
        ("limit=2&order=normal", "before", 1),
        ("limit=2&order=asc&domains=d0.example", "after", 2),
        ("limit=2&search=Stay", "after", 1),
        ("limit=1&domains=d0.example&search=Staying", "after", 2),
    ] {
        let (server, staying, going) = filled().await;
        let changing = Arc::new(AtomicBool::new(true));
        let tasks = changes(&server, going, &changing);
        // As often as something changes meanwhile, and once when all is done.
        loop {
            let again = changing.load(Ordering::SeqCst);
            let ids = walk(&server, query, follow, None).await;
            let once: BTreeSet<_> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "{query}: something came twice");
            for id in staying.iter().step_by(step) {
                assert!(once.contains(id), "{query}: {id} was lost");
            }
            let mut sorted = ids.clone();
            sorted.sort();
            if !query.contains("order=asc") {
                sorted.reverse();
            }
            assert_eq!(ids, sorted, "{query}: not in order");
            if !again {
                break;
            }
        }
        tasks.join_all().await;
    }
}

#[tokio::test]
async fn a_walk_goes_on_from_where_it_was_when_everything_around_it_has_gone() {
    for (query, follow, back) in [
        ("limit=2&order=asc", "after", "before"),
        ("limit=2", "after", "before"),
        ("limit=2&order=normal", "before", "after"),
    ] {
        let (server, mut staying, mut going) = filled().await;
        if !query.contains("asc") {
            staying.reverse();
            going.reverse();
        }
        // The walk stands between what is ahead and what is behind when one in two goes, the object of its cursor too.
        let middle = &going[STAYING / 2];
        for id in &going {
            let _ = server
                .delete(&format!("/organizations/{id}"))
                .send()
                .await
                .expect(202);
        }
        let place = staying.iter().position(|id| {
            if query.contains("asc") {
                id > middle
            } else {
                id < middle
            }
        });
        let place = place.expect("a half of them");
        let ahead = walk(&server, query, follow, Some(middle)).await;
        assert_eq!(ahead, staying[place..], "{query}");
        let page = server
            .get(&format!("/organizations?{query}&{back}={middle}"))
            .send()
            .await
            .expect(200)
            .json();
        assert_eq!(listed(&page), staying[place - 2..place], "{query} back");
    }
}
