//! The audit log in the portal: searched, paged through, looked at, exported.

use contract_tests::{Reply, TestServer, Visitor};
use insta::assert_snapshot;
use serde_json::json;

use crate::audit_logs::{event, log, schema};
use crate::support::{link_with, organization, words};

const HOSTILE: &str = "<script>alert(1)</script>";

async fn open(server: &TestServer, visitor: &Visitor<'_>, organization: &str) -> String {
    let more = json!({
        "organization": organization,
        "intent": "audit_logs",
        "success_url": "https://app.example/done",
    });
    let session = visitor.open(&link_with(server, &more).await).await;
    format!("{session}/audit_logs")
}

/// Logs events, each with an actor's id and a second of the first minute.
async fn several(server: &TestServer, count: usize) {
    let _ = schema(server, &json!({"targets": [{"type": "team"}]})).await;
    for second in 0..count {
        let event = event(&json!({
            "occurred_at": format!("2026-01-01T00:00:{second:02}Z"),
            "actor": {"id": format!("user_{second}"), "type": "user"},
        }));
        let _ = log(server, &event).await.expect(200);
    }
}

/// The actors of the events on a page.
fn actors(page: &Reply) -> Vec<String> {
    let text = words(page);
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("user user_"));
    lines.map(str::to_owned).collect()
}

/// Where the link with this text leads.
fn way(page: &Reply, text: &str) -> Option<String> {
    let html = page.text();
    let (before, _) = html.split_once(&format!("\">{text}</a>"))?;
    let (_, href) = before.rsplit_once("href=\"")?;
    Some(href.replace("&#38;", "&").replace("&amp;", "&"))
}

#[tokio::test]
async fn events_are_shown_newest_first_page_by_page() {
    let server = TestServer::start().await;
    several(&server, 45).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let first = visitor.landing(&part).await.expect(200);
    let numbers = |from: usize, to: usize| -> Vec<String> {
        (to..=from).rev().map(|number| number.to_string()).collect()
    };
    assert_eq!(actors(&first), numbers(44, 25));
    assert_eq!(way(&first, "Newer"), None);
    let second = visitor.get(&way(&first, "Older").expect("a way")).await;
    assert_eq!(actors(&second), numbers(24, 5));
    let third = visitor.get(&way(&second, "Older").expect("a way")).await;
    assert_eq!(actors(&third), numbers(4, 0));
    assert_eq!(way(&third, "Older"), None);
    let back = visitor.get(&way(&third, "Newer").expect("a way")).await;
    assert_eq!(actors(&back), actors(&second));

    let query = "?action=user.signed_in&target=team_1&from=2026-01-01T00:00:03Z&actor=&to=2026-01-01T00:00:40Z";
    let found = visitor.get(&format!("{part}{query}")).await.expect(200);
    assert_eq!(actors(&found), numbers(40, 21));
    let more = visitor.get(&way(&found, "Older").expect("a way")).await;
    assert_eq!(actors(&more), numbers(20, 3));
    assert!(more.text().contains("value=\"team_1\""), "{more}");
    let one = visitor.get(&format!("{part}?actor=user_7")).await;
    assert_eq!(actors(&one), ["7"]);
    let none = visitor
        .get(&format!("{part}?after=nonsense"))
        .await
        .expect(200);
    assert!(actors(&none).is_empty());
}

#[tokio::test]
async fn a_search_that_cannot_be_made_is_said_beside_its_field() {
    let server = TestServer::start().await;
    several(&server, 1).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let query = "?actor=%3Cscript%3Ealert(1)%3C/script%3E&from=%22yesterday";
    let page = visitor.get(&format!("{part}{query}")).await.expect(422);
    let text = page.text();
    assert!(text.contains("value=\"&#34;yesterday\"") && text.contains("id=\"field-from-error\""));
    assert!(!text.contains("<script>"), "{text}");
    // Bytes that are no text are no reason to fail, either.
    let _ = visitor
        .get(&format!("{part}?actor=%FF%00&to=%FF"))
        .await
        .expect(422);
    let found = visitor
        .get(&format!("{part}?actor=%FF%00"))
        .await
        .expect(200);
    assert!(actors(&found).is_empty());
}

#[tokio::test]
async fn an_event_is_shown_whole_and_escaped() {
    let server = TestServer::start().await;
    let _ = schema(&server, &json!({"targets": [{"type": "team"}]})).await;
    let hostile = event(&json!({
        "actor": {"id": "user_1", "type": "user", "name": HOSTILE, "metadata": {"role": HOSTILE}},
        "targets": [{"id": "team_1", "type": "team", "name": "מחלקה"}, {"id": HOSTILE, "type": "thing"}],
        "context": {"location": "1.1.1.1", "user_agent": HOSTILE},
        "metadata": {"note": HOSTILE},
    }));
    let _ = log(&server, &hostile).await.expect(200);
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let list = visitor.get(&part).await.expect(200);
    let details = way(&list, "Details").expect("a way");
    let page = visitor.get(&details).await.expect(200);
    assert!(!list.text().contains(HOSTILE) && !page.text().contains(HOSTILE));
    assert_snapshot!(format!("{}\n\n{}", words(&list), words(&page)));

    // Another organization's visitor finds nothing there.
    let other = organization(&server, &json!({"name": "Other"})).await;
    let stranger = server.visitor();
    let elsewhere = open(&server, &stranger, &other).await;
    let theirs = details.replace(&part, &elsewhere);
    let _ = stranger.get(&theirs).await.expect(404);
    let _ = stranger
        .get(&format!("{elsewhere}/event"))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_file_is_made_and_downloaded() {
    let server = TestServer::start().await;
    several(&server, 3).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let form = visitor.get(&format!("{part}/export")).await.expect(200);
    let asked = [
        ("range_start", "2025-12-01"),
        ("range_end", "2026-01-01T00:00:02Z"),
        ("actor_ids", "user_1, user_2,nobody"),
    ];
    let path = format!("{part}/export");
    let made = visitor.submit(&path, &asked).await.expect(303);
    let file = made.header("location").to_owned();
    let twice = visitor.submit(&path, &asked).await.expect(303);
    assert_eq!(twice.header("location"), file);
    let waiting = visitor.get(&file).await.expect(200);
    let id = file.split("export_id=").nth(1).expect("an id").to_owned();
    let ask = async || {
        visitor
            .submit(&format!("{part}/file"), &[("export_id", &id)])
            .await
    };
    assert_eq!(ask().await.expect(303).header("location"), file);
    server.advance("2 seconds");
    let ready = visitor.get(&file).await.expect(200);
    let address = ask().await.expect(303).header("location").to_owned();
    assert!(address.starts_with("/exports/"), "{address}");
    let download = visitor.get(&address).await.expect(200);
    assert_eq!(download.header("content-type"), "text/csv; charset=utf-8");
    let rows = download.text().lines().count();
    assert_eq!(rows, 3, "{download}");
    // The API knows the same export.
    let seen = server
        .get(&format!("/audit_logs/exports/{id}"))
        .send()
        .await;
    assert_eq!(seen.expect(200).string("/state"), "ready");
    let overview = visitor.get(&part).await.expect(200);
    assert_eq!(way(&overview, "Download"), Some(file));
    let pages = [&form, &waiting, &ready].map(words);
    assert_snapshot!(pages.join("\n\n"));

    let other = organization(&server, &json!({"name": "Other"})).await;
    let stranger = server.visitor();
    let elsewhere = open(&server, &stranger, &other).await;
    let path = format!("{elsewhere}/file?export_id={id}");
    let _ = stranger.get(&path).await.expect(404);
    let theirs = stranger
        .submit(&format!("{elsewhere}/file"), &[("export_id", &id)])
        .await;
    assert_eq!(theirs.expect(303).header("location"), elsewhere);
}

#[tokio::test]
async fn what_cannot_be_exported_is_said_beside_its_field() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    for (start, end, wrong) in [
        ("", "2026-01-01", "range_start"),
        ("2025-12-01", HOSTILE, "range_end"),
        ("2025-12-31", "2025-12-01", "range_end"),
        ("2025-09-01", "2025-12-01", "range_start"),
    ] {
        let asked = [
            ("range_start", start),
            ("range_end", end),
            ("actions", HOSTILE),
        ];
        let page = visitor
            .submit(&format!("{part}/export"), &asked)
            .await
            .expect(422);
        let text = page.text();
        assert!(
            text.contains(&format!("id=\"field-{wrong}-error\"")),
            "{text}"
        );
        assert!(
            text.contains("&#60;script&#62;") && !text.contains(HOSTILE),
            "{text}"
        );
    }
    let overview = visitor.get(&part).await.expect(200);
    assert_eq!(way(&overview, "Look"), None);
}

#[tokio::test]
async fn the_visit_is_finished_on_the_page_and_by_one_call() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let part = open(&server, &visitor, server.organization()).await;
    let session = part.trim_end_matches("/audit_logs");
    let done = visitor.finish(session).await.expect(303);
    assert_eq!(done.header("location"), "https://app.example/done");

    let link = link_with(&server, &json!({"intent": "audit_logs"})).await;
    let complete = server.post("/_mock/portal_links/complete", &json!({"link": link}));
    assert_snapshot!(complete.send().await.expect(200));
    let link = link_with(&server, &json!({"intent": "audit_logs"})).await;
    for (what, more) in [("fail", json!({})), ("step", json!({"step": "export"}))] {
        let mut body = more;
        body["link"] = json!(link);
        let call = server.post(&format!("/_mock/portal_links/{what}"), &body);
        let _ = call.send().await.expect(422);
    }
}
