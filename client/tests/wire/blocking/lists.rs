use serde_json::json;
use workos_portal::Error;
use workos_portal::blocking::Wait;

use crate::server::{Server, answer};

fn page(ids: &[&str], after: Option<&str>) -> Vec<u8> {
    let time = "2026-01-02T03:04:05Z";
    let item = |id| {
        json!({"id": id, "name": id, "domains": [], "metadata": {}, "created_at": time,
            "updated_at": time})
    };
    let items: Vec<_> = ids.iter().map(item).collect();
    let list = json!({"data": items, "list_metadata": {"before": null, "after": after}});
    answer("200 OK", "content-type: application/json", list.to_string())
}

fn two_pages() -> Server {
    Server::in_turn(vec![page(&["a", "b"], Some("b")), page(&["c"], None)])
}

#[test]
fn a_page_is_asked_for_when_the_one_before_it_has_been_read() {
    let server = two_pages();
    let client = server.client();
    let mut items = client.list_organizations().stream().blocking_iter();
    assert_eq!(server.requests().len(), 0);
    for (id, asked) in [("a", 1), ("b", 0), ("c", 1)] {
        assert_eq!(items.next().unwrap().unwrap().id, id);
        assert_eq!(server.requests().len(), asked, "{id}");
    }
    assert!(items.next().is_none());
    assert!(items.next().is_none(), "and it stays at its end");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn pages_are_iterated_over_too() {
    let server = two_pages();
    let client = server.client();
    let pages = client.list_organizations().pages().blocking_iter();
    let lengths: Vec<_> = pages.map(|page| page.unwrap().data.len()).collect();
    assert_eq!(lengths, [2, 1]);
}

#[test]
fn all_of_a_list_is_waited_for_at_once() {
    let server = two_pages();
    let client = server.client();
    let all = client.list_organizations().stream().all().wait().unwrap();
    assert_eq!(all.len(), 3);
}

#[test]
fn the_first_error_ends_it() {
    let server = Server::in_turn(vec![
        page(&["a"], Some("a")),
        answer("503 Service Unavailable", "a: b", ""),
    ]);
    let client = server.client();
    let mut items = client.list_organizations().stream().blocking_iter();
    items.next().unwrap().unwrap();
    let error = items.next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Server(_)), "{error:?}");
    assert!(items.next().is_none());
    assert_eq!(server.requests().len(), 2);

    let found = client.list_organizations().stream().blocking_iter();
    found.collect::<Result<Vec<_>, _>>().unwrap_err();
}
