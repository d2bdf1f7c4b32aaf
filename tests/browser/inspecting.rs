//! Ways through the inspector.

use contract_tests::Receiver;
use fantoccini::Locator;
use serde_json::json;

use crate::stage::{PORTAL, Stage};

/// The views, as their addresses name them.
pub(crate) const VIEWS: [&str; 12] = [
    "overview",
    "requests",
    "events",
    "deliveries",
    "log-streams",
    "organizations",
    "links",
    "sessions",
    "outbox",
    "clock",
    "faults",
    "environments",
];

impl Stage {
    /// Has webhooks of these events sent to somebody.
    pub(crate) async fn receiver(&self, events: &[&str]) -> Receiver {
        let receiver = Receiver::start().await;
        let body = json!({"endpoint_url": receiver.url(), "events": events});
        let made = self.server.post("/webhook_endpoints", &body).send().await;
        let _ = made.expect(201);
        receiver
    }

    /// Opens the inspector on an address within it, such as `links?organization_id=org_1`, and waits until it is live.
    pub(crate) async fn inspect(&self, address: &str) {
        self.browser
            .go(&format!("{PORTAL}/_mock/#/{address}"))
            .await;
        self.browser.shows(".live-text", "Live").await;
        self.browser.find("main h1").await;
    }

    /// Goes to another view of the inspector that is open.
    pub(crate) async fn view(&self, address: &str) {
        let go = "location.hash = '#/' + arguments[0]";
        self.browser.run(go, vec![address.into()]).await;
        let name = address.split(['?', '/']).next().unwrap_or_default();
        self.browser.find(&format!(".view-{name} h1")).await;
    }

    /// The texts of what a selector finds.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let read =
            "return [...document.querySelectorAll(arguments[0])].map(node => node.textContent)";
        let texts = self.browser.run(read, vec![css.into()]).await;
        let texts = texts.as_array().expect("texts").iter();
        texts
            .map(|text| text.as_str().expect("a text").to_owned())
            .collect()
    }

    /// Opens the first row that has a text in it.
    pub(crate) async fn open_row(&self, text: &str) {
        self.browser.shows("tbody tr", text).await;
        let path = format!("//tbody/tr[contains(., \"{text}\")]//a");
        let row = self.browser.client().find(Locator::XPath(&path)).await;
        let opened = row.expect("a row").click().await;
        opened.expect("a row to open");
        self.browser.find(".detail h2").await;
    }
}
