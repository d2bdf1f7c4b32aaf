//! Directory sync in the portal: what a provider does to people later, done by hand.

use contract_tests::TestServer;
use serde_json::{Value, json};

use crate::portal_dsync_support::{complete, groups, hidden, names, users, visit};
use crate::support::{directory, organization, words};

#[tokio::test]
async fn somebody_is_hired_once() {
    let server = TestServer::start().await;
    let id = complete(&server, &json!({"users": 1, "groups": 2}))
        .await
        .string("/made/0/id");
    let told = names(&server, 0).await.len();
    let (visitor, part) = visit(&server).await;
    let group = groups(&server, &id).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let new = [
        ("first_name", "<b>Zoë</b>"),
        ("last_name", "Ünal"),
        ("email", "zoe@acme.example"),
        ("member_of", &group),
    ];
    for _ in 0..2 {
        drop(
            visitor
                .submit(&format!("{part}/add_user"), &new)
                .await
                .expect(303),
        );
    }
    assert_eq!(
        names(&server, told).await,
        ["dsync.user.created", "dsync.group.user_added"]
    );
    let zoe = users(&server, &id).await[1].clone();
    assert_eq!(
        (&zoe["username"], &zoe["job_title"]),
        (&json!("zoe@acme.example"), &Value::Null)
    );
    let overview = visitor.get(&part).await.expect(200).text();
    assert!(
        overview.contains("&#60;b&#62;Zoë") && !overview.contains("<b>Zoë"),
        "{overview}"
    );
    // Nobody else has this address.
    let mut other = new;
    other[0].1 = "Other";
    let page = visitor
        .submit(&format!("{part}/add_user"), &other)
        .await
        .expect(422);
    assert!(words(&page).contains("A user of the directory has this address."));
    other[2].1 = "no address";
    drop(
        visitor
            .submit(&format!("{part}/add_user"), &other)
            .await
            .expect(422),
    );
}

#[tokio::test]
async fn people_change_and_go() {
    let server = TestServer::start().await;
    let id = complete(&server, &json!({"users": 1, "groups": 1}))
        .await
        .string("/made/0/id");
    let (visitor, part) = visit(&server).await;
    let group = groups(&server, &id).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let new = [("email", "zoe@acme.example"), ("member_of", &*group)];
    let added = visitor.submit(&format!("{part}/add_user"), &new).await;
    assert_eq!(added.expect(303).header("location"), part);
    let zoe = users(&server, &id).await[1].clone();
    let told = names(&server, 0).await.len() - 2;
    let user = zoe["id"].as_str().expect("an id");
    let page = visitor
        .get(&format!("{part}/change_user?user_id={user}"))
        .await
        .expect(200);
    assert_eq!(hidden(&page, "user_id"), user);
    let changed = [
        ("first_name", "Zoë"),
        ("email", "zoe@acme.example"),
        ("job_title", "Pilot"),
        ("user_state", "suspended"),
        ("user_id", user),
    ];
    for _ in 0..2 {
        drop(
            visitor
                .submit(&format!("{part}/change_user"), &changed)
                .await
                .expect(303),
        );
    }
    assert_eq!(
        names(&server, told + 2).await,
        ["dsync.user.updated", "dsync.group.user_removed"]
    );
    let zoe = users(&server, &id).await[1].clone();
    assert_eq!(
        (&zoe["state"], &zoe["job_title"]),
        (&json!("suspended"), &json!("Pilot"))
    );
    assert_eq!(zoe["custom_attributes"]["job_title"], "Pilot");
    for _ in 0..2 {
        drop(
            visitor
                .submit(&format!("{part}/remove_user"), &[("user_id", user)])
                .await
                .expect(303),
        );
    }
    assert_eq!(names(&server, told + 4).await, ["dsync.user.deleted"]);
    let gone = visitor
        .get(&format!("{part}/change_user?user_id={user}"))
        .await
        .expect(200);
    assert!(words(&gone).contains("This user is gone"));
    // Whoever turns inactive is deleted.
    let last = users(&server, &id).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let inactive = [
        ("email", "a@b.example"),
        ("user_state", "inactive"),
        ("user_id", &last),
    ];
    drop(
        visitor
            .submit(&format!("{part}/change_user"), &inactive)
            .await
            .expect(303),
    );
    assert!(users(&server, &id).await.is_empty());
    // A user of another directory is none of this one.
    let organization = organization(&server, &json!({"name": "Other"})).await;
    let other = directory(
        &server,
        &json!({"organization_id": organization, "users": 1}),
    )
    .await;
    let stranger = users(&server, &other).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    drop(
        visitor
            .submit(&format!("{part}/remove_user"), &[("user_id", &stranger)])
            .await
            .expect(303),
    );
    assert_eq!(users(&server, &other).await.len(), 1);
}
