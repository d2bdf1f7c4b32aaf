//! What the inspector reads besides: events of any name, one event, one request, what is still to be sent, and the page itself.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::transcripts;
use crate::webhooks_support::subscribe;

async fn organization(server: &TestServer, name: &str) -> String {
    let made = server.post("/organizations", &json!({"name": name})).send();
    made.await.expect(201).string("/id")
}

async fn list(server: &TestServer, query: &str) -> Value {
    let target = format!("/_mock/events?{query}");
    server.get(&target).send().await.expect(200).json()
}

/// The name of each event and what it is about.
fn told(list: &Value) -> Vec<(&str, &str)> {
    let events = list["data"].as_array().expect("events").iter();
    events
        .map(|event| {
            let name = event["event"].as_str().expect("a name");
            (
                name,
                event["data"]["name"].as_str().expect("what it is about"),
            )
        })
        .collect()
}

#[tokio::test]
async fn events_are_listed_newest_first_and_found_by_what_they_are() {
    let server = TestServer::start().await;
    let (first, second) = (
        organization(&server, "First").await,
        organization(&server, "Second").await,
    );
    let _ = server
        .delete(&format!("/organizations/{first}"))
        .send()
        .await
        .expect(202);
    let created = "organization.created";
    let deleted = "organization.deleted";
    for (query, expected) in [
        (
            String::new(),
            vec![(deleted, "First"), (created, "Second"), (created, "First")],
        ),
        (
            format!("event={created}"),
            vec![(created, "Second"), (created, "First")],
        ),
        (
            format!("organization_id={first}"),
            vec![(deleted, "First"), (created, "First")],
        ),
        (
            format!("organization_id={first}&event={deleted}"),
            vec![(deleted, "First")],
        ),
        (format!("organization_id={second}&event={deleted}"), vec![]),
        ("organization_id=nobody".to_owned(), vec![]),
        ("organization_id=nobody&event=banana".to_owned(), vec![]),
        ("event=banana".to_owned(), vec![]),
    ] {
        assert_eq!(told(&list(&server, &query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn pages_of_events_go_both_ways() {
    let server = TestServer::start().await;
    for number in 0..5 {
        organization(&server, &number.to_string()).await;
    }
    let names = |page: &Value| -> String { told(page).iter().map(|(_, name)| *name).collect() };
    let cursor = |page: &Value, side: &str| page["list_metadata"][side].as_str().map(str::to_owned);
    let first = list(&server, "limit=2").await;
    assert_eq!(
        (names(&first).as_str(), cursor(&first, "before")),
        ("43", None)
    );
    let after = cursor(&first, "after").expect("more");
    let second = list(&server, &format!("limit=2&after={after}")).await;
    assert_eq!(names(&second), "21");
    let before = cursor(&second, "before").expect("a way back");
    let back = list(&server, &format!("limit=2&before={before}")).await;
    assert_eq!(back, first);
}

#[tokio::test]
async fn one_event_and_one_request_are_shown_by_their_ids() {
    let server = TestServer::start().await;
    organization(&server, "First").await;
    for kind in ["events", "requests"] {
        let all = server.get(&format!("/_mock/{kind}")).send().await;
        let one = all.expect(200).json()["data"][0].clone();
        let id = one["id"].as_str().expect("an id");
        let shown = server.get(&format!("/_mock/{kind}/{id}")).send().await;
        assert_eq!(shown.expect(200).json(), one);
    }
}

#[tokio::test]
async fn what_nobody_could_mean_is_refused() {
    let server = TestServer::start().await;
    let mut replies: Vec<Reply> = Vec::new();
    for (target, status) in [
        ("/_mock/events/event_01KDVDNA00DQJT9GJ9SQK9W7SA", 404),
        ("/_mock/events/nothing", 404),
        ("/_mock/requests/request_01KDVDNA00DQJT9GJ9SQK9W7SA", 404),
        ("/_mock/events?limit=0&events=x", 422),
        ("/_mock/events?after=request_1", 422),
    ] {
        replies.push(server.get(target).send().await.expect(status));
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_is_still_to_be_sent_is_shown() {
    let server = TestServer::start().await;
    let _ = server
        .post("/_mock/deliveries/pause", &json!({}))
        .send()
        .await
        .expect(200);
    subscribe(&server, "http://127.0.0.1:9/", &["organization.created"]).await;
    organization(&server, "First").await;
    let pending = server.get("/_mock/deliveries/pending").send().await;
    let pending = pending.expect(200).json();
    assert_eq!(
        (
            &pending["paused"],
            &pending["under_way"],
            &pending["waiting"]
        ),
        (&json!(true), &json!(1), &json!(0))
    );
    assert_eq!(pending["first"][0]["event"], "organization.created");
    server.expects_undelivered(1);
}

#[tokio::test]
async fn the_page_and_what_it_refers_to_are_served() {
    let server = TestServer::start().await;
    let page = server.get("/_mock/").anonymous().send().await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    ));
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("data-control-token=\"none\""));
    for id in ["generate_portal_link", "dsync.group.user_added"] {
        assert!(text.contains(&format!("<option value=\"{id}\">")), "{id}");
    }
    let mut asked: Vec<String> = text
        .split('"')
        .filter(|part| part.starts_with("/portal/assets/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
    let mut seen = 0;
    // A module names the others by where they are beside it.
    while let Some(path) = asked.get(seen).cloned() {
        seen += 1;
        let asset = server.get(&path).anonymous().send().await.expect(200);
        assert!(
            asset.header("cache-control").ends_with("immutable"),
            "{path}"
        );
        if !path.contains(".js/") {
            continue;
        }
        assert_eq!(
            asset.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        let script = asset.text();
        let imports = script.lines().filter(|line| line.contains(" from '"));
        for import in imports {
            let name = import.split('\'').nth(1).expect("a module");
            let base = url::Url::parse("http://any.test").and_then(|base| base.join(&path));
            let url = base.and_then(|base| base.join(name)).expect("an address");
            if !asked.iter().any(|known| known == url.path()) {
                asked.push(url.path().to_owned());
            }
        }
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval("] {
            assert!(!script.contains(forbidden), "{path} has {forbidden}");
        }
    }
    assert!(seen > 20, "{asked:#?}");
}
