//! Ways through the pages that every part of the portal has.

use fantoccini::elements::Element;
use serde_json::json;

use crate::stage::Stage;

/// More steps than any part has.
const MOST_STEPS: usize = 12;

impl Stage {
    /// The step that is shown, as its address names it; nothing where there is none.
    pub(crate) async fn step(&self) -> Option<String> {
        let address = self.browser.address().await;
        let mut segments = address.path_segments()?;
        // portal, sessions, the session, the intent, the step
        segments.nth(4).map(ToOwned::to_owned)
    }

    /// Sends the step that is shown, with samples in its fields where it has any.
    pub(crate) async fn take_sample_step(&self) {
        self.fill_samples().await;
        self.submit().await;
    }

    /// Fills the step that is shown with samples where it has any.
    pub(crate) async fn fill_samples(&self) {
        if self.browser.has_named("Fill in sample values").await {
            self.browser.press("Fill in sample values").await;
        }
    }

    /// What sends the step that is shown.
    pub(crate) async fn submit_button(&self) -> Element {
        self.browser
            .find("main form[method='post'] .buttons button")
            .await
    }

    /// Sends the step that is shown, as it stands.
    pub(crate) async fn submit(&self) {
        let button = self.submit_button().await;
        self.browser.click(&button).await;
    }

    /// Goes through every step with samples and stops at what there is then. Says which steps were taken.
    pub(crate) async fn walk(&self) -> Vec<String> {
        let mut taken = Vec::new();
        while let Some(step) = self.step().await {
            assert!(taken.len() < MOST_STEPS, "round in circles: {taken:?}");
            self.take_sample_step().await;
            taken.push(step);
        }
        taken
    }

    /// Presses Finish and waits to be back in the app.
    pub(crate) async fn finish(&self) {
        self.browser.press("Finish").await;
        assert_eq!(self.browser.heading().await, "Back in the app");
    }

    /// Gives an organization what a part needs to begin with: a connection whose certificate expires, something in the
    /// audit log.
    pub(crate) async fn prepare(&self, organization: &str, intent: &str) {
        match intent {
            "certificate_renewal" => {
                let body = json!({
                    "organization_id": organization,
                    "connection_type": "OktaSAML",
                    "name": "Okta",
                    "state": "active",
                });
                let made = self.server.post("/_mock/connections", &body).send();
                let _ = made.await.expect(201);
            }
            "audit_logs" => {
                let schema = json!({"targets": [{"type": "team"}]});
                let path = "/audit_logs/actions/user.signed_in/schemas";
                let _ = self.server.post(path, &schema).send().await.expect(201);
                for second in 0..25 {
                    let event = json!({
                        "action": "user.signed_in",
                        "occurred_at": format!("2025-12-31T23:59:{second:02}Z"),
                        "actor": {"id": format!("user_{second}"), "type": "user", "name": "Ada Lovelace"},
                        "targets": [{"id": "team_1", "type": "team"}],
                        "context": {"location": "203.0.113.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)"},
                        "metadata": {"reason": "<script>alert(1)</script>"},
                    });
                    let body = json!({"organization_id": organization, "event": event});
                    let logged = self.server.post("/audit_logs/events", &body).send();
                    let _ = logged.await.expect(200);
                }
            }
            _ => {}
        }
    }
}
