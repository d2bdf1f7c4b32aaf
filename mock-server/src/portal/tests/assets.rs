//! What is served beside the pages.

use serde_json::Value;

use super::Visit;

#[tokio::test]
async fn the_stylesheet_is_served_under_the_name_that_the_pages_use() {
    let visit = Visit::new().await;
    let page = visit.get("/portal/launch", &[]).await;
    let start = page
        .body
        .find("/portal/assets/portal.")
        .expect("a stylesheet");
    let path = page.body[start..].split('"').next().expect("an address");
    let sheet = visit.get(path, &[]).await;
    assert_eq!(
        (sheet.status, sheet.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    assert!(sheet.header("cache-control").ends_with("immutable"));
    assert_eq!(
        visit.get("/portal/assets/portal.css", &[]).await.status,
        404
    );
}

#[tokio::test]
async fn icons_need_no_key() {
    let visit = Visit::new().await;
    let list = visit.get("/provider-icons.json", &[]).await;
    let list: Vec<Value> = serde_json::from_str(&list.body).expect("a list");
    assert_eq!(list[0]["slug"], "google");
    for icon in &list {
        for theme in ["light", "dark"] {
            let svg = visit
                .get(icon[theme].as_str().expect("an address"), &[])
                .await;
            assert_eq!(
                (svg.status, svg.header("content-type")),
                (200, "image/svg+xml")
            );
            assert!(svg.header("cache-control").contains("max-age"));
        }
    }
    for path in [
        "/provider-icons/light/nobody.svg",
        "/provider-icons/sepia/okta.svg",
        "/provider-icons/light/okta.png",
        "/provider-icons/light/okta",
    ] {
        let missing = visit.get(path, &[]).await;
        assert_eq!(
            (missing.status, missing.body.as_str()),
            (404, r#"{"message":"Not Found"}"#),
            "{path}"
        );
    }
}
