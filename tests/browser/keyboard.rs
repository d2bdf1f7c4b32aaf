//! The portal without a mouse: Tab, Space and Enter are enough.

use fantoccini::key::Key;

use crate::stage::{Stage, play};

/// More presses of Tab than any page needs.
const MOST_TABS: usize = 60;

impl Stage {
    /// Presses a key where the focus is.
    async fn key(&self, key: Key) {
        self.type_text(&char::from(key).to_string()).await;
    }

    async fn type_text(&self, text: &str) {
        let focused = self.browser.client().active_element().await;
        let typed = focused.expect("a focus").send_keys(text).await;
        typed.expect("an element that takes keys");
    }

    /// Goes on with Tab until a selector finds what has the focus, which has to show that it has it.
    async fn tab_to(&self, css: &str) {
        for _ in 0..MOST_TABS {
            self.key(Key::Tab).await;
            let there = "return document.activeElement.matches(arguments[0])";
            if self.browser.run(there, vec![css.into()]).await == true {
                let ring = "
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2";
                assert_eq!(
                    self.browser.run(ring, vec![]).await,
                    true,
                    "{css} shows no focus"
                );
                return;
            }
        }
        panic!("{css} cannot be reached\n{}", self.browser.seen().await);
    }

    async fn enter(&self) {
        let focused = self.browser.client().active_element().await;
        let focused = focused.expect("a focus");
        let key = char::from(Key::Enter).to_string();
        self.browser
            .leave(async || focused.send_keys(&key).await)
            .await;
    }
}

#[tokio::test]
async fn a_part_is_done_with_the_keyboard_alone() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "domain_verification").await;
        stage.key(Key::Tab).await;
        let first = "return document.activeElement.textContent";
        assert_eq!(stage.browser.run(first, vec![]).await, "Skip to content");
        stage.tab_to("[name='domain']").await;
        stage.type_text("northwind.example").await;
        stage.enter().await;
        // Into the group, to its last choice, and back to the first.
        stage.tab_to("[name='outcome']").await;
        for _ in 0..3 {
            stage.key(Key::Down).await;
        }
        let chosen = "return document.querySelector('[name=outcome]:checked').value";
        assert_eq!(stage.browser.run(chosen, vec![]).await, "period_expired");
        for _ in 0..3 {
            stage.key(Key::Up).await;
        }
        assert_eq!(stage.browser.run(chosen, vec![]).await, "found");
        stage.tab_to("main .buttons button").await;
        stage.enter().await;
        stage.tab_to(".actions button").await;
        stage
            .browser
            .leave(async || {
                let focused = stage.browser.client().active_element().await?;
                focused.send_keys(" ").await
            })
            .await;
        assert_eq!(stage.app.targets(), ["/done"]);
    })
    .await;
}

#[tokio::test]
async fn the_skip_link_leads_past_the_strip() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "domain_verification").await;
        stage.key(Key::Tab).await;
        stage.key(Key::Enter).await;
        let focus = "return document.activeElement.id";
        assert_eq!(stage.browser.run(focus, vec![]).await, "main");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_one_key_away() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "domain_verification").await;
        stage.submit().await;
        assert!(
            stage
                .browser
                .client()
                .title()
                .await
                .expect("a title")
                .starts_with("Error: ")
        );
        stage.tab_to(".alert-bad a").await;
        stage.key(Key::Enter).await;
        let focus = "return document.activeElement.name";
        assert_eq!(stage.browser.run(focus, vec![]).await, "domain");
        let described = "
            const ids = document.activeElement.getAttribute('aria-describedby').split(' ');
            return ids.map(id => document.getElementById(id).textContent).join(' ')";
        let described = stage.browser.run(described, vec![]).await;
        assert!(
            described
                .as_str()
                .is_some_and(|text| text.contains("is required")),
            "{described}"
        );
    })
    .await;
}
