//! Every part of the portal in a browser that runs no scripts.

use serde_json::json;

use crate::stage::play_without_scripts;
use crate::tour::INTENTS;

/// A page whose script would show.
const SCRIPTED: &str = "data:text/html,<h1>Still</h1><script>document.querySelector('h1').textContent='Moved'</script>";

#[tokio::test]
async fn every_part_can_be_finished() {
    play_without_scripts(async |stage| {
        stage.browser.go(SCRIPTED).await;
        assert_eq!(stage.browser.heading().await, "Still", "scripts are off");
        let mut finished = Vec::new();
        for intent in INTENTS {
            let organization = stage.organization("Northwind Traders").await;
            stage.prepare(&organization, intent).await;
            let success = format!("{}/{intent}", crate::stage::APP);
            let more = json!({"intent": intent, "success_url": success});
            let link = stage.link_for(&organization, &more).await;
            stage.browser.go(&link).await;
            stage.walk().await;
            stage.finish().await;
            finished.push(format!("/{intent}"));
        }
        assert_eq!(stage.app.targets(), finished);
    })
    .await;
}
