//! What the tests of directory sync in the portal share.

use contract_tests::{Reply, TestServer, Visitor};
use serde_json::{Value, json};

use crate::support::{events, link_with};

const NAMES: &str = "dsync.activated,dsync.deleted,dsync.user.created,dsync.user.updated,dsync.user.deleted,\
                     dsync.group.created,dsync.group.updated,dsync.group.deleted,dsync.group.user_added,\
                     dsync.group.user_removed,dsync.token.created,dsync.token.revoked";

pub(crate) async fn link(server: &TestServer) -> String {
    let more = json!({"intent": "dsync", "success_url": "https://app.example/done"});
    link_with(server, &more).await
}

pub(crate) async fn control(server: &TestServer, call: &str, more: &Value) -> Reply {
    let mut body = json!({"link": link(server).await});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    let path = format!("/_mock/portal_links/{call}");
    server.post(&path, &body).send().await
}

pub(crate) async fn complete(server: &TestServer, answers: &Value) -> Reply {
    control(server, "complete", &json!({"answers": answers}))
        .await
        .expect(200)
}

/// A visitor in the part, and the path of it.
pub(crate) async fn visit(server: &TestServer) -> (Visitor<'_>, String) {
    let visitor = server.visitor();
    let session = visitor.open(&link(server).await).await;
    (visitor, format!("{session}/dsync"))
}

/// The names of the events since the one with this place, oldest first.
pub(crate) async fn names(server: &TestServer, since: usize) -> Vec<String> {
    let events = events(server, NAMES).await;
    let name = |event: &Value| event["event"].as_str().expect("a name").to_owned();
    events.iter().skip(since).map(name).collect()
}

pub(crate) async fn users(server: &TestServer, directory: &str) -> Vec<Value> {
    let path = format!("/directory_users?limit=100&order=asc&directory={directory}");
    let list = server.get(&path).send().await.expect(200).json();
    list["data"].as_array().expect("users").clone()
}

pub(crate) async fn groups(server: &TestServer, directory: &str) -> Vec<Value> {
    let path = format!("/directory_groups?limit=100&order=asc&directory={directory}");
    let list = server.get(&path).send().await.expect(200).json();
    list["data"].as_array().expect("groups").clone()
}

/// The directories of the server's organization.
pub(crate) async fn directories(server: &TestServer) -> Vec<Value> {
    let path = format!("/directories?organization_id={}", server.organization());
    let list = server.get(&path).send().await.expect(200).json();
    list["data"].as_array().expect("directories").clone()
}

pub(crate) async fn state(server: &TestServer) -> String {
    let directories = directories(server).await;
    directories[0]["state"]
        .as_str()
        .expect("a state")
        .to_owned()
}

/// What stands in a hidden field of a page.
pub(crate) fn hidden(page: &Reply, name: &str) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("{name}: {page}"));
    rest.split('"').next().expect("a value").to_owned()
}
