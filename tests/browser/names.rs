//! Names that somebody has chosen to do harm by, or that are only unusual.

use serde_json::json;

use crate::stage::{Stage, play};
use crate::tour::INTENTS;

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
const RIGHT_TO_LEFT: &str = "شركة الاختبار \u{202e}gnitset";

/// Goes through every page of every part for an organization with a name, and looks whether each holds up.
async fn every_page_holds_up(name: &str, intents: &[&str]) {
    play(async |stage| {
        for intent in intents {
            let organization = stage.organization(name).await;
            stage.prepare(&organization, intent).await;
            let mut look = async |stage: &Stage, page: &str| holds_up(stage, page, name).await;
            stage.tour(&organization, intent, &mut look).await;
        }
        let organization = stage.organization(name).await;
        let link = stage.link_for(&organization, &json!({})).await;
        stage.browser.go(&link).await;
        holds_up(stage, "the menu", name).await;
    })
    .await;
}

async fn holds_up(stage: &Stage, page: &str, name: &str) {
    let alert = stage.browser.client().get_alert_text().await;
    assert!(alert.is_err(), "{page}: an alert is open: {alert:?}");
    let planted = "return document.querySelectorAll('script, img[src=\"x\"], [onerror]').length";
    assert_eq!(stage.browser.run(planted, vec![]).await, 0, "{page}");
    let shown = "return document.querySelector('.eyebrow bdi').textContent";
    assert_eq!(stage.browser.run(shown, vec![]).await, name, "{page}");
    stage.assert_fits(page).await;
}

#[tokio::test]
async fn markup_is_text() {
    every_page_holds_up(HOSTILE, &INTENTS).await;
}

#[tokio::test]
async fn ten_kilobytes_fit() {
    every_page_holds_up(&"W".repeat(10_000), &INTENTS).await;
}

#[tokio::test]
async fn right_to_left_stays_in_its_place() {
    every_page_holds_up(RIGHT_TO_LEFT, &["domain_verification", "sso"]).await;
    play(async |stage| {
        let organization = stage.organization(RIGHT_TO_LEFT).await;
        stage.open(&organization, "domain_verification").await;
        // What stands before the name keeps its direction.
        let order = "
            const range = document.createRange();
            range.setStart(document.querySelector('.eyebrow').firstChild, 0);
            range.setEnd(document.querySelector('.eyebrow').firstChild, 1);
            const name = document.querySelector('.eyebrow bdi').getBoundingClientRect();
            return range.getBoundingClientRect().left < name.left";
        assert_eq!(stage.browser.run(order, vec![]).await, true);
    })
    .await;
}
