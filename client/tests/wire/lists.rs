use futures_util::TryStreamExt;
use serde_json::json;
use workos_portal::types::{EventType, PaginationOrder};
use workos_portal::{Error, ListStream};

use crate::server::{Server, answer};

/// A page of organizations, or of anything else that has these members.
fn page(ids: &[&str], before: Option<&str>, after: Option<&str>) -> Vec<u8> {
    let time = "2026-01-02T03:04:05Z";
    let items: Vec<_> = ids
        .iter()
        .map(|id| {
            json!({"id": id, "name": id, "domains": [], "metadata": {}, "created_at": time, "updated_at": time,
                "event": "organization.created", "data": {}})
        })
        .collect();
    let list = json!({"data": items, "list_metadata": {"before": before, "after": after}});
    answer("200 OK", "content-type: application/json", list.to_string())
}

fn lines(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let lines = requests.iter().map(|request| {
        let line = request.line.strip_prefix("GET /organizations?");
        line.unwrap_or(&request.line).to_owned()
    });
    lines.collect()
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let server = Server::in_turn(vec![
        page(&["a", "b"], None, Some("b")),
        page(&["c"], Some("c"), None),
    ]);
    let client = server.client();
    let call = client
        .list_organizations()
        .search("acme")
        .domains(["x.example"]);
    let found = call.stream().all().await.unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        lines(&server),
        [
            "domains=x.example&limit=100&search=acme",
            "after=b&domains=x.example&limit=100&search=acme",
        ]
    );
}

#[tokio::test]
async fn a_page_is_asked_for_when_the_one_before_has_been_read() {
    let server = Server::in_turn(vec![
        page(&["a", "b"], None, Some("b")),
        page(&["c"], Some("c"), None),
    ]);
    let client = server.client();
    let mut stream = client.list_organizations().limit(2u32).stream();
    assert!(server.requests().is_empty());
    for (id, asked) in [("a", 1), ("b", 0), ("c", 1)] {
        assert_eq!(stream.next().await.unwrap().unwrap().id, id);
        assert_eq!(server.requests().len(), asked, "{id}");
    }
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none(), "and it stays over");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn pages_come_whole() {
    let server = Server::in_turn(vec![
        page(&["a", "b"], None, Some("b")),
        page(&["c"], Some("c"), None),
    ]);
    let client = server.client();
    let mut pages = client.list_organizations().pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.data.len()), (200, 2));
    assert_eq!(first.list_metadata.after.as_deref(), Some("b"));
    assert_eq!(pages.all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_walk_is_resumed_and_turned_round() {
    let server = Server::in_turn(vec![
        page(&["m", "n"], Some("m"), Some("n")),
        page(&["o"], Some("o"), None),
    ]);
    let client = server.client();
    let on = client.list_organizations().after("l").stream();
    let on: Vec<_> = on.map_ok(|one| one.id).try_collect().await.unwrap();
    assert_eq!(on, ["m", "n", "o"]);
    assert_eq!(lines(&server), ["after=l&limit=100", "after=n&limit=100"]);

    let server = Server::in_turn(vec![
        page(&["m", "n"], Some("m"), Some("n")),
        page(&["k", "l"], None, Some("l")),
    ]);
    let client = server.client();
    let back = client.list_organizations().before("o").stream();
    let back: Vec<_> = back.map_ok(|one| one.id).try_collect().await.unwrap();
    assert_eq!(back, ["n", "m", "l", "k"]);
    assert_eq!(lines(&server), ["before=o&limit=100", "before=m&limit=100"]);
}

#[tokio::test]
async fn in_the_old_order_before_leads_on() {
    let server = Server::in_turn(vec![
        page(&["c", "b"], Some("b"), None),
        page(&["a"], None, Some("a")),
    ]);
    let client = server.client();
    let call = client.list_organizations().order(PaginationOrder::Normal);
    let on = call.clone().stream();
    let on: Vec<_> = on.map_ok(|one| one.id).try_collect().await.unwrap();
    assert_eq!(on, ["c", "b", "a"]);
    assert_eq!(
        lines(&server),
        ["limit=100&order=normal", "before=b&limit=100&order=normal"]
    );

    let server = Server::in_turn(vec![
        page(&["c", "b"], Some("b"), Some("c")),
        page(&["d"], Some("d"), None),
    ]);
    let client = server.client();
    let call = client.list_organizations().order(PaginationOrder::Normal);
    let back = call.after("a").stream();
    let back: Vec<_> = back.map_ok(|one| one.id).try_collect().await.unwrap();
    assert_eq!(back, ["b", "c", "d"]);
    assert_eq!(
        lines(&server),
        [
            "after=a&limit=100&order=normal",
            "after=c&limit=100&order=normal"
        ]
    );
}

#[tokio::test]
async fn a_list_that_tells_no_way_back_is_walked_back_by_its_items() {
    let server = Server::in_turn(vec![
        page(&["c", "d"], None, Some("d")),
        page(&["b"], None, Some("b")),
        page(&[], None, None),
    ]);
    let client = server.client();
    let call = client
        .list_events()
        .events([EventType::OrganizationCreated]);
    let back = call.before("e").stream();
    let back: Vec<_> = back.map_ok(|event| event.id).try_collect().await.unwrap();
    assert_eq!(back, ["d", "c", "b"]);
    let cursors: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.line.split(['?', '&']).nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(cursors, ["before=e", "before=c", "before=b"]);
}

#[tokio::test]
async fn an_empty_page_is_the_end_whatever_it_says() {
    let server = Server::in_turn(vec![
        page(&["a"], None, Some("a")),
        page(&[], None, Some("a")),
    ]);
    let client = server.client();
    let found = client.list_organizations().stream().all().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(server.requests().len(), 2);

    let server = Server::in_turn(vec![page(&[], None, Some("a"))]);
    let client = server.client();
    let pages = client.list_organizations().pages().all().await.unwrap();
    assert_eq!(pages.len(), 1, "the first page is told even so");
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_is_an_error() {
    let server = Server::in_turn(vec![page(&["a"], None, Some("a"))]);
    let client = server.client();
    let mut stream = client.list_organizations().stream();
    stream.next().await.unwrap().unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::RepeatedCursor { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "list_organizations: a page leads to itself"
    );
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn the_first_error_ends_a_walk() {
    let server = Server::in_turn(vec![
        page(&["a"], None, Some("a")),
        answer("503 Service Unavailable", "a: b", ""),
    ]);
    let client = server.client();
    let mut stream = client.list_organizations().stream();
    stream.next().await.unwrap().unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Server(_)), "{error:?}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_walk_that_cannot_begin_asks_for_nothing() {
    let server = Server::in_turn(vec![page(&[], None, None)]);
    let client = server.client();
    let none: [&str; 0] = [];
    for (call, reason) in [
        (
            client.list_organizations().after("a").before("b"),
            "a list is walked through from `after` or from `before`, not from both",
        ),
        (
            client.list_organizations().domains(none),
            "domains: a list in a query must not be empty",
        ),
        (
            client.list_organizations().limit(-1i64),
            "limit: its value is not of the type expected",
        ),
    ] {
        let error = call.stream().all().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_list_without_cursors_has_one_page() {
    let list = json!({"data": [{
        "object": "it_contact", "id": "itc_1", "email": "ada@example.com", "name": null, "organization_id": "org_1",
        "invitation": null, "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    }], "list_metadata": {"before": null, "after": "itc_1"}});
    let server = Server::json(list.to_string());
    let client = server.client();
    let contacts = client.list_it_contacts().id("org_1").stream().all().await;
    assert_eq!(contacts.unwrap().len(), 1);
    assert_eq!(lines(&server), ["GET /organizations/org_1/it_contacts"]);
}

#[tokio::test]
async fn a_list_that_is_an_array_has_one_page() {
    let provider = |name: &str| {
        let icon = "https://icons.example/1.svg";
        json!({"provider": name, "name": name, "icon_url": icon, "dark_icon_url": icon})
    };
    let list = json!([provider("OktaSAML"), provider("NotYetInvented")]);
    let server = Server::json(list.to_string());
    let client = server.client();
    let mut providers = client.list_portal_providers().stream();
    let mut names = Vec::new();
    while let Some(provider) = providers.next().await {
        names.push(provider.unwrap().name);
    }
    assert_eq!(names, ["OktaSAML", "NotYetInvented"]);
    let pages = client.list_portal_providers().pages().all().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.len()).collect::<Vec<_>>(), [2]);
    assert_eq!(lines(&server), ["GET /portal/providers"; 2]);

    let server = Server::json("[]");
    let none = server.client();
    let none = none.list_portal_providers().stream().all().await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn a_list_that_tells_no_cursors_has_one_page() {
    let list = json!({"data": [{
        "object": "saml_x509_certificate", "id": "saml_cert_1", "value": "MII", "not_before": null, "not_after": null,
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    }]});
    let server = Server::json(list.to_string());
    let client = server.client();
    let call = client.list_saml_idp_signing_certificates().id("conn_1");
    let certificates = call.stream().all().await.unwrap();
    assert_eq!(certificates.len(), 1);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_stream_travels_and_can_be_polled_where_it_is() {
    fn travels<T: Send + Unpin>() {}
    travels::<ListStream<'static, String>>();
}
