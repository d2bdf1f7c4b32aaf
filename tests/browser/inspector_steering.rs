//! The inspector: what it changes, with which keys, and whether everybody can use it.

use fantoccini::key::Key;
use serde_json::json;

use crate::inspecting::VIEWS;
use crate::stage::{PORTAL, Stage, play};

#[tokio::test]
async fn the_clock_is_advanced_and_a_countdown_ends() {
    play(async |stage| {
        stage.link("sso").await;
        stage.inspect("links").await;
        stage.browser.shows("tbody .countdown", "5 min").await;
        stage.browser.tap("+1 min").await;
        stage.browser.shows("tbody .countdown", "4 min").await;
        stage
            .browser
            .shows(".log", "PATCH /_mock/clock {\"advance\":\"PT1M\"}")
            .await;
        stage.browser.shows(".log .state", "200").await;
        assert_eq!(stage.server.now().to_string(), "2026-01-01T00:01:00Z");
        stage.open_row("Single sign-on").await;
        stage.browser.tap("Move the clock past its end").await;
        stage.browser.shows("tbody .state", "Expired").await;
        assert_eq!(stage.server.now().to_string(), "2026-01-01T00:05:00.001Z");
        stage.browser.shows(".detail", "Expired").await;
    })
    .await;
}

#[tokio::test]
async fn a_countdown_ends_by_itself_where_the_clock_runs() {
    play(async |stage| {
        stage.link("sso").await;
        stage.server.advance("4 minutes 58 seconds");
        stage.inspect("links").await;
        stage.browser.tap("Freeze").await;
        stage.browser.shows("tbody .state", "Expired").await;
    })
    .await;
}

#[tokio::test]
async fn the_clock_is_set_frozen_and_let_run() {
    play(async |stage| {
        stage.inspect("clock").await;
        stage.browser.shows(".face", "stands still").await;
        let set = "
            const field = document.querySelector('input[name=at]');
            field.value = '2031-02-03T04:05:06';
            field.form.requestSubmit();";
        stage.browser.run(set, vec![]).await;
        stage.browser.shows(".face", "04:05:06").await;
        stage.browser.type_into_named("advance", "2 days 1h").await;
        stage.browser.tap("Advance").await;
        stage.browser.shows(".face", "5 Feb 2031").await;
        assert_eq!(stage.server.now().to_string(), "2031-02-05T05:05:06Z");
        stage.browser.tap("Let it run").await;
        stage.browser.shows(".face", "runs").await;
        stage.browser.tap("Freeze it").await;
        stage.browser.shows(".face", "stands still").await;
    })
    .await;
}

#[tokio::test]
async fn a_fault_is_added_and_removed() {
    play(async |stage| {
        stage.inspect("faults").await;
        stage.browser.shows("main", "Nothing goes wrong.").await;
        stage
            .browser
            .type_into_named("operation", "list_organizations")
            .await;
        stage.browser.choose("status", "500").await;
        stage.browser.choose("when", "always").await;
        stage.browser.tap("Add").await;
        stage.browser.shows("tbody tr", "0 of 0").await;
        let _ = stage.server.get("/organizations").send().await.expect(500);
        stage.browser.shows("tbody tr", "1 of 1").await;
        stage.browser.tap("Remove").await;
        stage.browser.shows("main", "Nothing goes wrong.").await;
        let _ = stage.server.get("/organizations").send().await.expect(200);
        stage
            .browser
            .shows(".log", "DELETE /_mock/faults/fault_")
            .await;
    })
    .await;
}

#[tokio::test]
async fn limits_are_set() {
    play(async |stage| {
        stage.inspect("faults").await;
        stage.browser.tap("As WorkOS documents them").await;
        stage.browser.shows(".facts", "50 in 1m").await;
        stage.browser.type_into_named("requests", "1").await;
        stage.browser.type_into_named("per", "PT1M").await;
        stage.browser.tap("Limit").await;
        stage.browser.shows(".facts", "1 in 1m").await;
        let _ = stage.server.get("/organizations").send().await.expect(200);
        let _ = stage.server.get("/organizations").send().await.expect(429);
    })
    .await;
}

#[tokio::test]
async fn sending_is_paused_and_resumed() {
    play(async |stage| {
        let receiver = stage.receiver(&["organization.created"]).await;
        stage.inspect("deliveries").await;
        stage.browser.tap("Pause sending").await;
        stage.browser.shows(".queue", "Sending is paused").await;
        stage.organization("Northwind Traders").await;
        stage.browser.shows(".queue", "1 under way").await;
        stage.browser.tap("Resume sending").await;
        let _ = receiver.next().await;
        stage.browser.shows("tbody tr", "Delivered").await;
    })
    .await;
}

#[tokio::test]
async fn keys_do_what_the_mouse_does() {
    play(async |stage| {
        for number in 0..60 {
            stage.organization(&format!("Customer {number}")).await;
        }
        stage.inspect("overview").await;
        stage.press_keys("ga").await;
        stage.browser.shows("tbody tr", "Customer 59").await;
        stage.press_keys("jj").await;
        stage.press_keys(&char::from(Key::Enter).to_string()).await;
        stage.browser.shows(".detail h2", "Customer 58").await;
        stage.press_keys("j").await;
        stage.browser.shows(".detail h2", "Customer 57").await;
        stage.press_keys(&char::from(Key::Escape).to_string()).await;
        stage.browser.find(".split:not(.split-open)").await;
        let focused = "return document.activeElement.textContent";
        assert_eq!(stage.browser.run(focused, vec![]).await, "Customer 57");
        stage.press_keys("]").await;
        stage.browser.shows("tbody tr", "Test Organization").await;
        stage.press_keys("[").await;
        stage.browser.shows("tbody tr", "Customer 59").await;
        // What is typed into a field is no command.
        stage.press_keys("/").await;
        stage.press_keys("gj3").await;
        let typed = "return document.activeElement.value";
        assert_eq!(stage.browser.run(typed, vec![]).await, "gj3");
        stage.press_keys(&char::from(Key::Escape).to_string()).await;
        stage.press_keys("?").await;
        stage
            .browser
            .shows("dialog", "The next and the previous row")
            .await;
        stage.press_keys(&char::from(Key::Escape).to_string()).await;
        stage.browser.find("body:not(:has(dialog))").await;
        stage.press_keys(".").await;
        stage.browser.shows(".live-text", "Paused").await;
    })
    .await;
}

impl Stage {
    /// Presses keys where the focus is.
    async fn press_keys(&self, keys: &str) {
        let focused = self.browser.client().active_element().await;
        let typed = focused.expect("a focus").send_keys(keys).await;
        typed.expect("an element that takes keys");
    }

    /// Something in every view, so that none is empty.
    async fn fill(&self) {
        let organization = self.organization("Northwind Traders").await;
        let link = self
            .link_for(&organization, &json!({"intent": "dsync"}))
            .await;
        let body =
            json!({"endpoint_url": "http://127.0.0.1:9/hooks", "events": ["dsync.user.created"]});
        let _ = self
            .server
            .post("/webhook_endpoints", &body)
            .send()
            .await
            .expect(201);
        let visit = self
            .server
            .post("/_mock/portal_links/complete", &json!({"link": link}));
        let _ = visit.send().await.expect(200);
        self.link("sso").await;
        let body = json!({"operation": "list_directories", "status": 503, "damage": "slow_body", "latency": "PT1S", "every": 3});
        let _ = self
            .server
            .post("/_mock/faults", &body)
            .send()
            .await
            .expect(201);
        let _ = self
            .server
            .get("/organizations?limit=none")
            .send()
            .await
            .expect(422);
    }
}

#[tokio::test]
async fn every_view_is_sound() {
    play(async |stage| {
        stage.inspect("overview").await;
        for view in VIEWS {
            stage.view(view).await;
            stage.assert_sound(&format!("{view}, empty")).await;
        }
        stage.fill().await;
        for view in VIEWS {
            stage.view(view).await;
            stage.browser.find("main h1").await;
            if stage.browser.has("a.row").await && view != "environments" {
                stage.browser.tap_on("a.row").await;
                stage.browser.find(".detail h2").await;
            }
            stage.assert_sound(view).await;
        }
        stage.browser.tap("Keys").await;
        stage.browser.find("dialog[open]").await;
        stage.assert_sound("keys").await;
        let left = stage.server.undelivered();
        stage.server.expects_undelivered(left);
    })
    .await;
}

#[tokio::test]
async fn the_description_is_sound() {
    play(async |stage| {
        stage.browser.go(&format!("{PORTAL}/_mock/docs")).await;
        assert_eq!(stage.browser.heading().await, "What a test may do");
        stage.assert_sound("the description").await;
    })
    .await;
}
