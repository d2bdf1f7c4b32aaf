//! Users and groups of directories: find, list, filter, page.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{directory, transcripts};

/// A directory of three users and two groups, and the ids of all by what the provider calls them.
struct Filled {
    server: TestServer,
    directory: String,
    users: [String; 3],
    groups: [String; 2],
}

fn people() -> Value {
    json!({
        "users": [
            {"idp_id": "u1", "email": "Ada@Acme.example", "first_name": "Ada", "last_name": "Moreau", "role": {"slug": "admin"},
             "job_title": "Engineer", "custom_attributes": {"team": "A"}, "raw_attributes": {"active": true}},
            {"idp_id": "u2", "email": "ada@acme.example", "name": "Another Ada", "username": "ada2",
             "emails": [{"primary": false, "type": "home", "value": "home@acme.example"}, {}]},
            {"idp_id": "u3"},
        ],
        "groups": [
            {"idp_id": "g1", "name": "Engineering", "members": ["u1", "u2"], "raw_attributes": {"size": 2}},
            {"idp_id": "g2", "name": "Everyone", "members": ["u1", "u2", "u3", "ada@acme.example"]},
        ],
    })
}

async fn id_of(server: &TestServer, target: &str, idp_id: &str) -> String {
    let list = server.get(target).send().await.expect(200).json();
    let data = list["data"].as_array().expect("a list").clone();
    let found = data.iter().find(|item| item["idp_id"] == idp_id);
    found.expect("it is there")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn filled() -> Filled {
    let server = TestServer::start().await;
    let directory = directory(&server, &people()).await;
    let (users, groups) = (
        format!("/directory_users?directory={directory}"),
        format!("/directory_groups?directory={directory}"),
    );
    let users = [
        id_of(&server, &users, "u1").await,
        id_of(&server, &users, "u2").await,
        id_of(&server, &users, "u3").await,
    ];
    let groups = [
        id_of(&server, &groups, "g1").await,
        id_of(&server, &groups, "g2").await,
    ];
    Filled {
        server,
        directory,
        users,
        groups,
    }
}

async fn idp_ids(server: &TestServer, target: &str) -> Vec<String> {
    let list = server.get(target).send().await.expect(200).json();
    let data = list["data"].as_array().expect("a list");
    data.iter()
        .map(|item| item["idp_id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
pub(crate) async fn get_a_user_and_a_group() {
    let Filled {
        server,
        users,
        groups,
        ..
    } = filled().await;
    let user = server
        .client()
        .get_directory_user()
        .id(users[0].as_str())
        .send()
        .await
        .expect("it is found");
    assert_eq!(user.groups.len(), 2);
    let mut replies = vec![server.last()];
    replies.push(
        server
            .get(&format!("/directory_users/{}", users[1]))
            .send()
            .await
            .expect(200),
    );
    replies.push(
        server
            .get(&format!("/directory_users/{}", users[2]))
            .send()
            .await
            .expect(200),
    );
    let group = server
        .client()
        .get_directory_group()
        .id(groups[0].as_str())
        .send()
        .await
        .expect("it is found");
    assert_eq!(group.name, "Engineering");
    replies.push(server.last());
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
pub(crate) async fn users_by_directory_group_idp_id_and_email() {
    let Filled {
        server,
        directory,
        groups,
        ..
    } = filled().await;
    let elsewhere = crate::support::directory(&server, &json!({"users": 1, "groups": 1})).await;
    for (query, expected) in [
        (format!("directory={directory}"), vec!["u3", "u2", "u1"]),
        (
            format!("directory={directory}&order=asc"),
            vec!["u1", "u2", "u3"],
        ),
        (format!("group={}", groups[0]), vec!["u2", "u1"]),
        (format!("group={}", groups[1]), vec!["u3", "u2", "u1"]),
        (
            format!("directory={directory}&group={}", groups[0]),
            vec!["u2", "u1"],
        ),
        (format!("directory={elsewhere}&group={}", groups[0]), vec![]),
        (format!("directory={directory}&idp_id=u2"), vec!["u2"]),
        (format!("directory={directory}&idp_id=U2"), vec![]),
        (format!("directory={elsewhere}&idp_id=u2"), vec![]),
        (
            format!("directory={directory}&email=ADA@ACME.EXAMPLE"),
            vec!["u2", "u1"],
        ),
        (
            format!("directory={directory}&email=ada@acme.example&idp_id=u1"),
            vec!["u1"],
        ),
        (
            format!("directory={directory}&group={}&idp_id=u3", groups[0]),
            vec![],
        ),
        (
            format!("directory={directory}&email=home@acme.example"),
            vec![],
        ),
        (
            format!("directory={elsewhere}&email=ada@acme.example"),
            vec![],
        ),
    ] {
        let found = idp_ids(&server, &format!("/directory_users?{query}")).await;
        assert_eq!(found, expected, "{query}");
    }
    let page = server
        .client()
        .list_directory_users()
        .directory(directory.as_str())
        .limit(1)
        .send()
        .await
        .expect("a page");
    assert_eq!(page.data[0].groups.len(), 1);
    assert_snapshot!(server.last());
}

#[tokio::test]
pub(crate) async fn groups_by_directory_and_user() {
    let Filled {
        server,
        directory,
        users,
        ..
    } = filled().await;
    let elsewhere = crate::support::directory(&server, &json!({"users": 1, "groups": 1})).await;
    for (query, expected) in [
        (format!("directory={directory}"), vec!["g2", "g1"]),
        (format!("user={}", users[0]), vec!["g2", "g1"]),
        (format!("user={}&order=asc", users[0]), vec!["g1", "g2"]),
        (format!("user={}", users[2]), vec!["g2"]),
        (
            format!("user={}&directory={directory}", users[2]),
            vec!["g2"],
        ),
        (format!("user={}&directory={elsewhere}", users[2]), vec![]),
    ] {
        let found = idp_ids(&server, &format!("/directory_groups?{query}")).await;
        assert_eq!(found, expected, "{query}");
    }
    let _ = server
        .client()
        .list_directory_groups()
        .user(users[0].as_str())
        .limit(1)
        .send()
        .await
        .expect("a page");
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn lists_that_do_not_say_of_what() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for target in [
        "/directory_users",
        "/directory_users?email=a@b.example&idp_id=1",
        "/directory_users?group=x&email=a@b.example&idp_id=1",
        "/directory_groups",
        "/directory_groups?limit=5",
        "/directory_users?directory=x&limit=0&order=up",
        "/directory_users?directory=x&after=directory_01KDVDT0006MNP0WPAEDX3N2T7",
    ] {
        replies.push(server.get(target).send().await.expect(422));
    }
    let id = directory(&server, &json!({})).await;
    for cursor in [
        "after=directory_user_1",
        "before=directory_group_01KDVDT0006MNP0WPAEDX3N2T7",
    ] {
        let users = format!("/directory_users?directory={id}&{cursor}");
        replies.push(server.get(&users).send().await.expect(422));
    }
    assert_snapshot!(transcripts(replies));
}

/// Every page from the first to the last, and the way back.
#[tokio::test]
async fn pages_of_members_lead_there_and_back() {
    let server = TestServer::start().await;
    let id = directory(&server, &json!({"users": 250, "groups": 1})).await;
    let groups = format!("/directory_groups?directory={id}");
    let group = server.get(&groups).send().await.string("/data/0/id");
    for filter in [format!("directory={id}"), format!("group={group}")] {
        let walk = async |follow: &str, start: Option<String>| {
            let (mut pages, mut cursor) = (Vec::new(), start);
            loop {
                let at = cursor.map_or(String::new(), |at| format!("&{follow}={at}"));
                let target = format!("/directory_users?{filter}&limit=100{at}");
                let list = server.get(&target).send().await.expect(200).json();
                pages.push(list["data"].clone());
                match list["list_metadata"][follow].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => return pages,
                }
            }
        };
        let there = walk("after", None).await;
        let sizes: Vec<_> = there
            .iter()
            .map(|page| page.as_array().expect("a page").len())
            .collect();
        assert_eq!(sizes, [100, 100, 50]);
        let first_of_last = there[2][0]["id"].as_str().expect("an id").to_owned();
        let mut back = walk("before", Some(first_of_last)).await;
        back.reverse();
        assert_eq!(back, there[..2]);
    }
}
