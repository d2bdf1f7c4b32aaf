//! Directory sync.

use serde_json::{Value, json};

use crate::stage::{Stage, play};

const EVENTS: [&str; 5] = [
    "dsync.activated",
    "dsync.deleted",
    "dsync.user.created",
    "dsync.group.created",
    "dsync.group.user_added",
];

async fn directory(stage: &Stage, organization: &str) -> Option<Value> {
    let target = format!("/directories?organization_id={organization}");
    stage.list(&target).await.into_iter().next()
}

async fn members(stage: &Stage, kind: &str, directory: &Value) -> usize {
    let id = directory["id"].as_str().expect("an id");
    let target = format!("/directory_{kind}?limit=100&directory={id}");
    stage.list(&target).await.len()
}

#[tokio::test]
async fn an_admin_syncs_a_directory_of_a_size() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "dsync").await;
        let browser = &stage.browser;
        browser.choose("provider", "okta scim v2.0").await;
        stage.submit().await;
        // The token is shown until the step is done, and never again.
        let token = browser.text(".copied").await;
        assert!(
            token.contains("/scim/v2.0/") && token.contains("Bearer token"),
            "{token}"
        );
        let secret = token.lines().last().map(str::to_owned);
        browser.fill("users", "7").await;
        browser.fill("groups", "3").await;
        stage.submit().await;
        stage.submit().await;
        stage.submit().await;
        assert!(browser.seen().await.contains("7 users and 3 groups"));
        stage.submit().await;
        assert_eq!(stage.step().await, None);
        assert!(!browser.seen().await.contains(&secret.expect("a token")));
        stage.finish().await;

        let directory = directory(stage, &organization).await.expect("a directory");
        assert_eq!(directory["state"], json!("linked"));
        assert_eq!(members(stage, "users", &directory).await, 7);
        assert_eq!(members(stage, "groups", &directory).await, 3);
        let names = stage.event_names(&organization, &EVENTS).await;
        assert_eq!(names[0], "dsync.activated");
        let count = |name: &str| names.iter().filter(|one| *one == name).count();
        assert_eq!(
            (count("dsync.user.created"), count("dsync.group.created")),
            (7, 3)
        );
        assert_eq!(stage.app.targets(), ["/done"]);
    })
    .await;
}

#[tokio::test]
async fn refused_credentials_are_mended() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "dsync").await;
        stage.browser.choose("provider", "bamboohr").await;
        stage.submit().await;
        stage.browser.fill("subdomain", "not a name").await;
        stage.browser.fill("api_key", "key").await;
        stage.submit().await;
        assert!(!stage.browser.text(".field-wrong .error").await.is_empty());
        stage.fill_samples().await;
        stage.browser.choose("outcome", "invalid_credentials").await;
        stage.submit().await;
        assert!(
            stage
                .browser
                .text(".alert-bad")
                .await
                .contains("refuses these credentials")
        );
        let state = directory(stage, &organization).await.expect("a directory");
        assert_eq!(state["state"], json!("invalid_credentials"));
        stage.fill_samples().await;
        stage.browser.choose("outcome", "valid").await;
        stage.submit().await;
        stage.walk().await;
        let state = directory(stage, &organization).await.expect("a directory");
        assert_eq!(state["state"], json!("linked"));
        stage.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_is_replaced_and_a_directory_deleted() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "dsync").await;
        stage.walk().await;
        stage.browser.press("Replace the token").await;
        stage.submit().await;
        let token = stage.browser.text(".copied").await;
        let secret = token.lines().nth(3).unwrap_or_default().to_owned();
        assert!(secret.len() > 16, "{token}");
        stage.submit().await;
        assert!(!stage.browser.seen().await.contains(&secret));
        stage.browser.press("Delete the directory").await;
        stage.browser.fill("confirmation", "DELETE DIRECTORY").await;
        stage.submit().await;
        assert_eq!(directory(stage, &organization).await, None);
        let names = stage.event_names(&organization, &["dsync.deleted"]).await;
        assert_eq!(names, ["dsync.deleted"]);
    })
    .await;
}
