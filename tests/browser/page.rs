//! Ways through the pages that every part of the portal has.

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
        if self.browser.has_named("Fill in sample values").await {
            self.browser.press("Fill in sample values").await;
        }
        self.submit().await;
    }

    /// Sends the step that is shown, as it stands.
    pub(crate) async fn submit(&self) {
        let button = self
            .browser
            .find("main form[method='post'] .buttons button")
            .await;
        button.click().await.expect("a button that can be pressed");
        self.browser.find("h1").await;
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
}
