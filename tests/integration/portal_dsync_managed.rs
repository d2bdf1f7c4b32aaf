//! Directory sync in the portal, once a directory is set up: what is managed there, and what its provider would do.

use contract_tests::{Reply, TestServer};
use serde_json::json;

use crate::portal_dsync_support::{
    complete, directories, groups, hidden, names, state, users, visit,
};
use crate::support::{directory, events, organization, words};

#[tokio::test]
async fn groups_come_and_go_with_who_is_in_them() {
    let server = TestServer::start().await;
    let answers = json!({"users": 8, "groups": 3, "synced_groups": ["Engineering", "Sales"]});
    let id = complete(&server, &answers).await.string("/made/0/id");
    let before = groups(&server, &id).await;
    assert_eq!(before.len(), 2);
    let told = names(&server, 0).await.len();
    let (visitor, part) = visit(&server).await;
    let page = visitor
        .get(&format!("{part}/edit_groups"))
        .await
        .expect(200)
        .text();
    assert_eq!(page.matches(" checked").count(), 2);
    let values: Vec<String> = page
        .split("name=\"kept_groups\" type=\"checkbox\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    assert_eq!(values.len(), 3);
    // Engineering goes, Support comes; Sales stays.
    let kept = [("kept_groups", &*values[1]), ("kept_groups", &*values[2])];
    for _ in 0..2 {
        let reply = visitor.submit(&format!("{part}/edit_groups"), &kept).await;
        assert_eq!(reply.expect(303).header("location"), part);
    }
    let after = groups(&server, &id).await;
    assert_eq!(after[0], before[1]);
    assert_eq!(after[1]["name"], "Support");
    let changes = names(&server, told).await;
    assert_eq!(
        &changes[..2],
        ["dsync.group.deleted", "dsync.group.created"]
    );
    assert!(changes.len() > 2, "somebody is in every group of this seed");
    assert!(
        changes[2..]
            .iter()
            .all(|name| name == "dsync.group.user_added")
    );
    // What went comes back with who was in it.
    let list = server.get(&format!(
        "/directory_users?group={}",
        after[1]["id"].as_str().expect("an id")
    ));
    assert_eq!(
        list.send().await.json()["data"].as_array().map(Vec::len),
        Some(changes.len() - 2)
    );
    let all: Vec<_> = values
        .iter()
        .map(|value| ("kept_groups", &**value))
        .collect();
    drop(
        visitor
            .submit(&format!("{part}/edit_groups"), &all)
            .await
            .expect(303),
    );
    let metadata = directories(&server).await[0]["metadata"].clone();
    assert_eq!(
        metadata,
        json!({"users": {"active": 8, "inactive": 0}, "groups": 3})
    );
    // A group that nobody has heard of is none.
    let unknown = [("kept_groups", "x")];
    drop(
        visitor
            .submit(&format!("{part}/edit_groups"), &unknown)
            .await
            .expect(422),
    );
}

#[tokio::test]
async fn the_attribute_map_changes_everybody_it_changes_anything_of() {
    let server = TestServer::start().await;
    let id = complete(&server, &json!({"provider": "personio", "users": 2}))
        .await
        .string("/made/0/id");
    let told = names(&server, 0).await.len();
    let (visitor, part) = visit(&server).await;
    let map = |job_title| {
        [
            ("email_from", "workEmail"),
            ("first_name_from", "firstName"),
            ("last_name_from", "lastName"),
            ("username_from", "userName"),
            ("job_title_from", job_title),
            ("department_from", "department"),
        ]
    };
    // As it was, it changes nothing.
    let page = format!("{part}/edit_attributes");
    drop(visitor.submit(&page, &map("jobTitle")).await.expect(303));
    assert_eq!(names(&server, told).await.len(), 0);
    for _ in 0..2 {
        drop(
            visitor
                .submit(&page, &map("employeeNumber"))
                .await
                .expect(303),
        );
    }
    assert_eq!(names(&server, told).await, ["dsync.user.updated"; 2]);
    let users = users(&server, &id).await;
    assert_eq!(users[1]["job_title"], "0002");
    assert_eq!(users[1]["custom_attributes"]["job_title"], "0002");
    let event = &events(&server, "dsync.user.updated").await[1]["data"];
    assert_eq!(
        event["previous_attributes"]["job_title"],
        users[1]["raw_attributes"]["jobTitle"]
    );
    let mut bad = map("jobTitle");
    bad[0].1 = "nothing";
    drop(visitor.submit(&page, &bad).await.expect(422));
}

#[tokio::test]
async fn a_token_is_replaced_and_shown_once() {
    let server = TestServer::start().await;
    complete(&server, &json!({"users": 0, "groups": 0})).await;
    let (visitor, part) = visit(&server).await;
    let page = visitor
        .get(&format!("{part}/rotate_token"))
        .await
        .expect(200);
    let before = hidden(&page, "token_id");
    for _ in 0..2 {
        let reply = visitor
            .submit(&format!("{part}/rotate_token"), &[("token_id", &before)])
            .await;
        assert_eq!(
            reply.expect(303).header("location"),
            format!("{part}/token")
        );
    }
    let told = events(&server, "dsync.token.created,dsync.token.revoked").await;
    let told: Vec<_> = told
        .iter()
        .map(|event| (event["event"].as_str().expect("a name"), &event["data"]))
        .collect();
    assert_eq!(told.len(), 3);
    assert_eq!(
        (told[1].0, told[2].0),
        ("dsync.token.created", "dsync.token.revoked")
    );
    assert_eq!(told[2].1, told[0].1);
    assert_eq!(told[2].1["id"], before);
    let suffix = told[1].1["token_suffix"].as_str().expect("a suffix");
    let is_shown = |page: &Reply| {
        let text = page.text();
        let mut pieces = text.split(['<', '>']);
        pieces.any(|piece| piece.len() > 40 && piece.ends_with(suffix))
    };
    assert!(is_shown(
        &visitor.get(&format!("{part}/token")).await.expect(200)
    ));
    let overview = visitor.get(&part).await.expect(200);
    assert!(words(&overview).contains("A new token waits to be copied") && !is_shown(&overview));
    drop(
        visitor
            .submit(&format!("{part}/token"), &[])
            .await
            .expect(303),
    );
    assert!(!is_shown(
        &visitor.get(&format!("{part}/token")).await.expect(200)
    ));
    assert!(!words(&visitor.get(&part).await).contains("A new token waits"));
    // Who does not send by SCIM has no token.
    let organization = organization(&server, &json!({"name": "Other"})).await;
    directory(
        &server,
        &json!({"organization_id": organization, "type": "hibob"}),
    )
    .await;
    let generate = json!({"organization": organization, "intent": "dsync"});
    let link = server
        .post("/portal/generate_link", &generate)
        .send()
        .await
        .string("/link");
    let other = visitor.open(&link).await;
    drop(
        visitor
            .get(&format!("{other}/dsync/rotate_token"))
            .await
            .expect(404),
    );
}

#[tokio::test]
async fn a_directory_is_deleted_by_its_words_and_can_be_set_up_anew() {
    let server = TestServer::start().await;
    let id = complete(&server, &json!({})).await.string("/made/0/id");
    let told = names(&server, 0).await.len();
    let (visitor, part) = visit(&server).await;
    let reset = format!("{part}/reset");
    drop(
        visitor
            .submit(&reset, &[("confirmation", "delete directory")])
            .await
            .expect(422),
    );
    for _ in 0..2 {
        drop(
            visitor
                .submit(&reset, &[("confirmation", "DELETE DIRECTORY")])
                .await
                .expect(303),
        );
    }
    assert_eq!(names(&server, told).await, ["dsync.deleted"]);
    drop(
        server
            .get(&format!("/directories/{id}"))
            .send()
            .await
            .expect(404),
    );
    let page = visitor.landing(&part).await.expect(200);
    assert!(words(&page).contains("Where are your people?"));
    complete(&server, &json!({})).await;
    assert_eq!(state(&server).await, "linked");
}

#[tokio::test]
async fn a_directory_that_a_test_made_is_managed_too() {
    let server = TestServer::start().await;
    let body = json!({"type": "okta scim v2.0", "state": "validating", "users": 12, "groups": 1});
    let id = directory(&server, &body).await;
    let (visitor, part) = visit(&server).await;
    let page = visitor.landing(&part).await.expect(200);
    assert!(words(&page).contains("Connect Okta SCIM"));
    complete(&server, &json!({"users": 1, "groups": 1})).await;
    let metadata = directories(&server).await[0]["metadata"].clone();
    assert_eq!(
        metadata,
        json!({"users": {"active": 13, "inactive": 0}, "groups": 2})
    );
    assert_eq!(users(&server, &id).await.len(), 13);
    // Its token was made on the way and is to be seen.
    let (visitor, part) = visit(&server).await;
    let first = visitor.get(&part).await.expect(200);
    assert!(words(&first).contains("A new token waits to be copied"));
    // Users stand on two pages, and groups stay where they are.
    let text = first.text();
    let (_, rest) = text.split_once("?users_after=").expect("a way on");
    let cursor = rest.split('"').next().expect("a cursor");
    let second = visitor
        .get(&format!("{part}?users_after={cursor}"))
        .await
        .expect(200)
        .text();
    assert_eq!(second.matches(">Change<").count(), 3);
    assert!(second.contains("?users_before=") && !second.contains("?users_after="));
    for cursor in ["users_after=x", "users_before=y&groups_after=%00"] {
        let page = visitor
            .get(&format!("{part}?{cursor}"))
            .await
            .expect(200)
            .text();
        assert_eq!(page.matches(">Change<").count(), 10);
    }
}
