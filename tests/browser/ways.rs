//! Going back, reloading, two tabs, pressing twice: whatever a visitor does, everything is made once.

use serde_json::Value;

use crate::stage::{Stage, play};
use crate::tour::{EVENTS, INTENTS};

/// Every event that an organization has seen, without what differs between two organizations.
async fn history(stage: &Stage, organization: &str) -> Vec<String> {
    stage.event_names(organization, &EVENTS).await
}

/// An organization that has what a part needs to begin with.
async fn ready_for(stage: &Stage, intent: &str, number: u32) -> String {
    let organization = stage.organization(&format!("Northwind {number}")).await;
    stage.prepare(&organization, intent).await;
    organization
}

/// Goes through each part twice, once straight on and once as `walk` does, and compares what has happened.
async fn as_if_straight_on(walk: impl AsyncFn(&Stage, &str)) {
    play(async |stage| {
        for (number, intent) in (1..).step_by(2).zip(INTENTS) {
            let straight = ready_for(stage, intent, number).await;
            stage.open(&straight, intent).await;
            stage.walk().await;
            let expected = history(stage, &straight).await;

            let other = ready_for(stage, intent, number + 1).await;
            stage.open(&other, intent).await;
            walk(stage, intent).await;
            assert_eq!(history(stage, &other).await, expected, "{intent}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reload_at_each_step_changes_nothing() {
    as_if_straight_on(async |stage, intent| {
        while let Some(step) = stage.step().await {
            stage.browser.reload().await;
            assert_eq!(stage.step().await.as_ref(), Some(&step), "{intent}");
            stage.take_sample_step().await;
        }
        let heading = stage.browser.heading().await;
        stage.browser.reload().await;
        assert_eq!(stage.browser.heading().await, heading, "{intent}");
    })
    .await;
}

#[tokio::test]
async fn pressing_twice_makes_nothing_twice() {
    as_if_straight_on(async |stage, intent| {
        let mut pressed = 0;
        while stage.step().await.is_some() {
            pressed += 1;
            assert!(pressed < 12, "{intent} goes round in circles");
            stage.fill_samples().await;
            let button = stage.submit_button().await;
            stage.browser.double_click(&button).await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_tabs_at_the_same_step_make_nothing_twice() {
    as_if_straight_on(async |stage, intent| {
        let first = stage.browser.tab().await;
        let second = stage.browser.new_tab().await;
        let mut taken = 0;
        loop {
            stage.browser.to_tab(&first).await;
            if stage.step().await.is_none() {
                break;
            }
            taken += 1;
            assert!(taken < 12, "{intent} goes round in circles");
            let address = stage.browser.address().await;
            stage.fill_samples().await;
            stage.browser.to_tab(&second).await;
            stage.browser.go(address.as_str()).await;
            stage.fill_samples().await;
            stage.browser.to_tab(&first).await;
            stage.submit().await;
            stage.browser.to_tab(&second).await;
            stage.submit().await;
        }
        stage.browser.to_tab(&second).await;
        stage.browser.close_tab().await;
        stage.browser.to_tab(&first).await;
    })
    .await;
}

#[tokio::test]
async fn going_back_after_each_step_loses_nothing() {
    as_if_straight_on(async |stage, intent| {
        let mut taken = 0;
        while let Some(step) = stage.step().await {
            taken += 1;
            assert!(taken < 12, "{intent} goes round in circles");
            stage.fill_samples().await;
            let typed = stage.browser.address().await;
            stage.submit().await;
            let next = stage.browser.address().await;
            if stage.step().await.as_ref() == Some(&step) {
                continue;
            }
            stage.browser.back().await;
            assert_eq!(stage.browser.address().await, typed, "{intent}, {step}");
            // Going on from there by the address leads to where the visitor was.
            stage.browser.go(next.as_str()).await;
            assert_eq!(stage.browser.address().await, next, "{intent}, {step}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_sessions_live_side_by_side_in_one_browser() {
    play(async |stage| {
        let (one, other) = (
            stage.organization("Northwind Traders").await,
            stage.organization("Contoso").await,
        );
        let first = stage.browser.tab().await;
        stage.open(&one, "domain_verification").await;
        let second = stage.browser.new_tab().await;
        stage.browser.to_tab(&second).await;
        stage.open(&other, "domain_verification").await;
        for (tab, domain) in [(&first, "northwind.example"), (&second, "contoso.example")] {
            stage.browser.to_tab(tab).await;
            stage.browser.fill("domain", domain).await;
            stage.submit().await;
        }
        for tab in [&first, &second] {
            stage.browser.to_tab(tab).await;
            stage.submit().await;
            stage.finish().await;
        }
        for (organization, domain) in [(one, "northwind.example"), (other, "contoso.example")] {
            let organization = stage.read(&format!("/organizations/{organization}")).await;
            let domains = organization["domains"].as_array().map(Vec::as_slice);
            let names: Vec<_> = domains
                .into_iter()
                .flatten()
                .map(|one| (&one["domain"], &one["state"]))
                .collect();
            assert_eq!(names, [(&Value::from(domain), &Value::from("verified"))]);
        }
        assert_eq!(stage.app.targets(), ["/done", "/done"]);
    })
    .await;
}

#[tokio::test]
async fn pressing_finish_twice_finishes_once() {
    play(async |stage| {
        stage.browser.go(&stage.link("").await).await;
        let button = stage.browser.named("Finish").await;
        stage.browser.double_click(&button).await;
        assert_eq!(stage.browser.heading().await, "Back in the app");
        assert!(stage.app.targets().iter().all(|target| target == "/done"));
    })
    .await;
}
