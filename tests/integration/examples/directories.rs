//! `directory_people` and `directory_access`.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{note, said, set_up};
use crate::support::directory;
use directory_access::{Access, Settings, access, describe};

#[path = "../../../client/examples/directory_people.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod directory_people;

#[path = "../../../client/examples/directory_access.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod directory_access;

#[tokio::test]
pub(crate) async fn people_come_page_by_page() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let empty = directory_people::run(&client, organization, &mut out).await;
    empty.expect("there is none");

    note(&mut out, "after the portal");
    set_up(&server, "dsync", &json!({"users": 12, "groups": 3})).await;
    let run = directory_people::run(&client, organization, &mut out).await;
    run.expect("there is one");
    assert_snapshot!(said(out));
}

#[tokio::test]
pub(crate) async fn a_directory_that_can_be_synced_by_hand_is() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let users = json!([
        {"email": "ada@example.com", "state": "suspended", "first_name": "Ada"},
        {"idp_id": "nameless"},
    ]);
    let body = json!({"type": "gsuite directory", "name": "Everybody", "users": users});
    directory(&server, &body).await;
    for later in ["0 s", "5 s", "60 s", "1 hour"] {
        server.advance(later);
        note(&mut out, later);
        let run = directory_people::run(&client, organization, &mut out).await;
        run.expect("there is one");
    }
    assert_snapshot!(said(out));
}

#[tokio::test]
pub(crate) async fn a_door_opens_for_those_in_the_directory() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let client = server.client();
    let users = json!([
        {"email": "ada@example.com"},
        {"email": "bob@example.com"},
        {"email": "eve@example.com", "state": "suspended"},
    ]);
    let groups = json!([
        {"name": "Administrators", "members": ["ada@example.com", "eve@example.com"]},
        {"name": "Everybody", "members": ["ada@example.com", "bob@example.com"]},
    ]);
    let id = directory(&server, &json!({"users": users, "groups": groups})).await;
    let list = async |what: &str| {
        let path = format!("/{what}?order=asc&directory={id}");
        let mut list = server.get(&path).send().await.expect(200).json();
        let Value::Array(items) = list["data"].take() else {
            panic!("a list");
        };
        let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
        items.iter().map(id).collect::<Vec<_>>()
    };
    let (people, groups) = (
        list("directory_users").await,
        list("directory_groups").await,
    );
    let mut settings = Settings {
        directory: id.parse().expect("an id"),
        administrators: groups[0].parse().expect("an id"),
    };
    let who = async |settings: &Settings, person: &str| {
        let person = person.parse().expect("an id");
        access(&client, settings, &person).await.expect("an answer")
    };

    describe(&client, &settings, &mut out).await.expect("told");
    let [ada, bob, eve] = people.try_into().expect("three people");
    assert_eq!(who(&settings, &ada).await, Access::Administrator);
    assert_eq!(who(&settings, &bob).await, Access::Member);
    assert_eq!(who(&settings, &eve).await, Access::Nothing, "has left");
    assert_eq!(who(&settings, "directory_user_gone").await, Access::Nothing);

    note(&mut out, "the group goes, and the directory is another's");
    let path = format!("/_mock/directory_groups/{}", groups[0]);
    let _ = server.delete(&path).send().await.expect(204);
    describe(&client, &settings, &mut out).await.expect("told");
    assert_eq!(who(&settings, &ada).await, Access::Member);
    let other = directory(&server, &json!({"name": "Other", "state": "validating"})).await;
    settings.directory = other.parse().expect("an id");
    describe(&client, &settings, &mut out).await.expect("told");
    assert_eq!(who(&settings, &ada).await, Access::Nothing);

    note(&mut out, "the directory goes");
    let path = format!("/directories/{other}");
    let _ = server.delete(&path).send().await.expect(202);
    describe(&client, &settings, &mut out).await.expect("told");
    assert_snapshot!(said(out));
}
