//! The document of the control API: complete, valid, and the same as what is served.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde_json::Value;

use crate::control::document::document;
use crate::control::groups;
use crate::control::route::Route;
use crate::validation::{Contract, Plan};

fn routes() -> impl Iterator<Item = Route> {
    groups().into_iter().flat_map(|group| group.routes)
}

fn plan(route: &Route) -> Plan {
    let contract = Contract::new(document())
        .refusing_unknown_parameters()
        .naming_what_is_known();
    contract
        .plan(route.method.as_str(), route.path)
        .unwrap_or_else(|error| panic!("{}: {error}", route.id))
}

/// Every operation of the document with its method and path.
fn operations() -> impl Iterator<Item = (String, &'static str, &'static Value)> {
    let paths = document()["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().expect("an item").iter();
        operations
            .map(move |(method, operation)| (method.to_ascii_uppercase(), path.as_str(), operation))
    })
}

#[test]
fn every_schema_compiles_and_every_example_satisfies_its_own() {
    for route in routes() {
        let plan = plan(&route);
        for (what, body) in &route.examples {
            let body: Value = serde_json::from_str(body).expect("an example is JSON");
            let path: Vec<_> = route.names.iter().map(|(name, _)| (*name, "x")).collect();
            let read = plan.check(&path, None, &HeaderMap::new(), Some(body));
            assert!(read.is_ok(), "{}, {what}: {read:?}", route.id);
        }
        assert_eq!(
            route.body.is_some(),
            !route.examples.is_empty(),
            "{}: a call that takes a body has an example, and no other has",
            route.id
        );
    }
}

#[test]
fn every_route_is_in_the_document_and_the_other_way_round() {
    let of_routes: BTreeSet<_> = routes()
        .map(|route| (route.method.to_string(), route.path, route.id))
        .collect();
    let of_document: BTreeSet<_> = operations()
        .map(|(method, path, operation)| {
            let id = operation["operationId"].as_str().expect("an id");
            (method, path, id)
        })
        .collect();
    assert_eq!(of_routes, of_document);
    assert_eq!(of_routes.len(), routes().count(), "no call is there twice");
    let ids: BTreeSet<_> = of_routes.iter().map(|(_, _, id)| id).collect();
    assert_eq!(ids.len(), of_routes.len(), "no name is there twice");
    for route in routes() {
        let in_path = route.path.matches('{').count();
        assert_eq!(
            route.names.len(),
            in_path,
            "{}: what its path names",
            route.id
        );
    }
}

#[test]
fn operations_say_what_they_do_and_belong_to_a_group() {
    let tags: BTreeSet<_> = document()["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .map(|tag| &tag["name"])
        .map(|name| name.as_str().expect("a name"))
        .collect();
    assert_eq!(tags.len(), groups().len());
    for (_, path, operation) in operations() {
        let is_sentence = |text: &Value| text.as_str().is_some_and(|text| text.ends_with('.'));
        assert!(is_sentence(&operation["summary"]), "{path}");
        assert!(
            operation["tags"][0]
                .as_str()
                .is_some_and(|tag| tags.contains(tag)),
            "{path}"
        );
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.contains_key("422") && responses.contains_key("401"));
        for (status, response) in responses {
            let described = is_sentence(&response["description"]) || response["$ref"].is_string();
            assert!(described, "{path} {status}");
        }
    }
}

/// Every place below `value`, by its pointer.
fn walk<'v>(value: &'v Value, pointer: &str, seen: &mut Vec<(String, &'v Value)>) {
    seen.push((pointer.to_owned(), value));
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{pointer}/{name}"), seen);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{index}"), seen);
            }
        }
        _ => {}
    }
}

#[test]
fn every_member_and_every_parameter_is_described_in_plain_words() {
    let mut places = Vec::new();
    walk(document(), "", &mut places);
    let mut described = 0;
    for (pointer, value) in places {
        if let Some(reference) = value["$ref"].as_str() {
            let target = document().pointer(reference.trim_start_matches('#'));
            assert!(target.is_some(), "{pointer} leads nowhere");
        }
        let is_member = pointer.rsplit('/').nth(1) == Some("properties");
        let is_parameter = pointer.rsplit('/').nth(1) == Some("parameters");
        let is_elsewhere = is_parameter && value["$ref"].is_string();
        if (is_member || is_parameter) && !is_elsewhere {
            let text = value["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{pointer} is not described");
            described += 1;
        }
        if let Some(text) = value.as_str().filter(|_| pointer.ends_with("/description")) {
            let marks = ["[`", "`WorkOS`", "\n", "::"];
            assert!(
                !marks.iter().any(|mark| text.contains(mark)),
                "{pointer}: {text}"
            );
        }
    }
    assert!(described > 100, "{described}");
}

#[tokio::test]
async fn it_is_served_with_the_address_that_it_is_served_at() {
    let server = super::server(crate::config::Config::default()).await;
    let (status, told) = super::answer(super::call(
        &server,
        reqwest::Method::GET,
        "/_mock/openapi.json",
    ))
    .await;
    assert_eq!(status, 200);
    assert_eq!(told["servers"][0]["url"], server.url());
    let mut expected = document().clone();
    expected["servers"] = told["servers"].clone();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_page_has_every_call_and_every_type() {
    let server = super::server(crate::config::Config::default()).await;
    let page = super::call(&server, reqwest::Method::GET, "/_mock/docs");
    let page = page.send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    let header = |name: &str| page.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    let page = page.text().await.expect("text");
    for route in routes() {
        assert!(
            page.contains(&format!("id=\"{}\"", route.id)),
            "{}",
            route.id
        );
        assert!(page.contains(route.path), "{}", route.path);
    }
    let schemas = document()["components"]["schemas"].as_object();
    for name in schemas.expect("schemas").keys() {
        assert!(page.contains(&format!("id=\"type-{name}\"")), "{name}");
    }
    // Every link within the page leads somewhere.
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().expect("a name");
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
    assert!(page.contains(&format!("{}/_mock/clock&#34;", server.url())));
}
