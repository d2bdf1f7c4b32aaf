//! A browser as a person has it: tabs, addresses, what is on the page, what is typed and pressed.

use std::time::Duration;

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use url::Url;

use crate::driver::{Driver, Wishes};

/// How long the browser may take to show what it was sent to.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const PACE: Duration = Duration::from_millis(20);

/// A browser.
#[derive(Debug)]
pub(crate) struct Browser {
    driver: Driver,
}

/// How pages are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
}

impl Look {
    /// On a desk, with the two palettes, and on a phone.
    pub(crate) const ALL: [Self; 4] = [
        Self::new(1200, false),
        Self::new(1200, true),
        Self::new(390, false),
        Self::new(390, true),
    ];

    pub(crate) const fn new(width: u32, is_dark: bool) -> Self {
        Self { width, is_dark }
    }
}

impl Browser {
    pub(crate) async fn start(wishes: &Wishes) -> Self {
        let driver = Driver::start(wishes).await;
        let browser = Self { driver };
        browser.look(Look::new(1200, false)).await;
        browser
    }

    pub(crate) fn client(&self) -> &Client {
        &self.driver.client
    }

    /// Takes a window of a width and a palette.
    pub(crate) async fn look(&self, look: Look) {
        let Look { width, is_dark } = look;
        let height = if width < 600 { 844 } else { 900 };
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.driver.devtools(command, parameters).await
    }

    /// Goes to an address and waits for what is there.
    pub(crate) async fn go(&self, address: &str) {
        self.client()
            .goto(address)
            .await
            .unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    pub(crate) async fn reload(&self) {
        self.client().refresh().await.expect("a page to reload");
    }

    pub(crate) async fn back(&self) {
        self.client().back().await.expect("a page to go back to");
    }

    pub(crate) async fn address(&self) -> Url {
        self.client().current_url().await.expect("an address")
    }

    /// Forgets every cookie.
    pub(crate) async fn forget(&self) {
        self.devtools("Network.clearBrowserCookies", json!({}))
            .await;
    }

    /// What a selector finds first, once it is there.
    pub(crate) async fn find(&self, css: &str) -> Element {
        let wait = self.client().wait().at_most(PATIENCE).every(PACE);
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}\n{}", self.seen().await),
        }
    }

    /// Everything that a selector finds on the page that is there.
    pub(crate) async fn all(&self, css: &str) -> Vec<Element> {
        let found = self.client().find_all(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.all(css).await.is_empty()
    }

    /// The text of what a selector finds.
    pub(crate) async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        element.text().await.expect("a text")
    }

    /// What stands on the page, for a person to read.
    pub(crate) async fn seen(&self) -> String {
        let address = self.client().current_url().await;
        let address = address.map_or_else(|error| error.to_string(), |url| url.to_string());
        let text = match self.client().find(Locator::Css("body")).await {
            Ok(body) => body.text().await,
            Err(error) => Err(error),
        };
        format!(
            "at {address}:\n{}",
            text.unwrap_or_else(|error| error.to_string())
        )
    }

    /// Presses the button or follows the link with these words, and waits for the page that this leads to.
    pub(crate) async fn press(&self, words: &str) {
        let element = self.named(words).await;
        self.click(&element).await;
    }

    /// Clicks what leads to another page, and waits for that.
    pub(crate) async fn click(&self, element: &Element) {
        self.leave(async || element.click().await).await;
    }

    /// Does what leads to another page, and waits for that.
    pub(crate) async fn leave(&self, act: impl AsyncFnOnce() -> Result<(), CmdError>) {
        // The page is marked, so that it is not taken for the one to come: a browser begins to leave when it finds the time.
        self.run("document.documentElement.dataset.left = ''", vec![])
            .await;
        let acted = act().await;
        acted.unwrap_or_else(|error| panic!("nothing leads on: {error}"));
        self.find("html:not([data-left]) h1").await;
    }

    /// The button or link with these words.
    pub(crate) async fn named(&self, words: &str) -> Element {
        let path = format!(
            "//*[self::a or self::button][normalize-space()={}]",
            quoted(words)
        );
        let wait = self.client().wait().at_most(PATIENCE).every(PACE);
        match wait.for_element(Locator::XPath(&path)).await {
            Ok(element) => element,
            Err(error) => panic!("“{words}”: {error}\n{}", self.seen().await),
        }
    }

    pub(crate) async fn has_named(&self, words: &str) -> bool {
        let path = format!(
            "//*[self::a or self::button][normalize-space()={}]",
            quoted(words)
        );
        let found = self.client().find_all(Locator::XPath(&path)).await;
        !found.expect("an answer").is_empty()
    }

    /// Types into a field, in the place of what is there.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let element = self.find(&format!("main [name='{name}']")).await;
        element.clear().await.expect("a field that can be emptied");
        element.send_keys(text).await.expect("a field to type into");
    }

    /// Types into the field of this name, wherever it is.
    pub(crate) async fn type_into_named(&self, name: &str, text: &str) {
        let element = self.find(&format!("input[name='{name}']")).await;
        element.send_keys(text).await.expect("a field to type into");
    }

    /// Types into what has an id.
    pub(crate) async fn type_into(&self, id: &str, text: &str) {
        let element = self.find(&format!("#{id}")).await;
        element.send_keys(text).await.expect("a field to type into");
    }

    /// Chooses one of several.
    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let css = format!(
            "main input[name='{name}'][value='{value}'], main select[name='{name}'] option[value='{value}']"
        );
        let element = self.find(&css).await;
        let chosen = element.click().await;
        chosen.unwrap_or_else(|error| panic!("{name}={value}: {error}"));
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, name: &str) -> String {
        let element = self.find(&format!("main [name='{name}']")).await;
        let value = element.prop("value").await.expect("a property");
        value.unwrap_or_default()
    }

    /// Presses the mouse twice on an element, as fast as it can be done, and waits for the page that this leads to.
    pub(crate) async fn double_click(&self, element: &Element) {
        let shown = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        let reference = serde_json::to_value(element).expect("a reference to an element");
        self.run(shown, vec![reference]).await;
        let (down, up) = (
            PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            },
            PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            },
        );
        let mouse = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveToElement {
                element: element.clone(),
                duration: None,
                x: 0.0,
                y: 0.0,
            })
            .then(down.clone())
            .then(up.clone())
            .then(down)
            .then(up);
        self.leave(async || self.client().perform_actions(mouse).await)
            .await;
    }

    /// The tab that is looked at.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.client().window().await.expect("a tab")
    }

    /// Opens another tab, and looks at the same one as before.
    pub(crate) async fn new_tab(&self) -> WindowHandle {
        let opened = self.client().new_window(true).await;
        opened.expect("a new tab").handle
    }

    pub(crate) async fn to_tab(&self, tab: &WindowHandle) {
        let switched = self.client().switch_to_window(tab.clone()).await;
        switched.expect("the tab is there");
    }

    pub(crate) async fn close_tab(&self) {
        self.client().close_window().await.expect("a tab to close");
    }

    /// The heading of the page.
    pub(crate) async fn heading(&self) -> String {
        self.text("h1").await
    }

    /// Runs a function body in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let result = self.client().execute(script, arguments).await;
        result.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until one of the elements that a selector finds has a text in it. The page itself watches for it.
    pub(crate) async fn shows(&self, css: &str, text: &str) {
        let arguments = vec![css.into(), text.into()];
        let shown = self.client().execute_async(SHOWN, arguments).await;
        if let Err(error) = shown {
            panic!("{css} with “{text}”: {error}\n{}", self.seen().await);
        }
    }

    /// Presses what has these words, where that leads to no other page.
    pub(crate) async fn tap(&self, words: &str) {
        let element = self.named(words).await;
        let pressed = element.click().await;
        pressed.unwrap_or_else(|error| panic!("“{words}”: {error}"));
    }

    /// Presses what a selector finds, where that leads to no other page.
    pub(crate) async fn tap_on(&self, css: &str) {
        let element = self.find(css).await;
        let pressed = element.click().await;
        pressed.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// What the browser has written into a log since it was last asked; each time only what is new.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.driver.command("se/log", json!({"type": kind})).await;
        match log {
            Value::Array(entries) => entries,
            other => panic!("a log: {other}"),
        }
    }
}

/// Calls back as soon as an element of a selector has a text in it.
const SHOWN: &str = "
    const [css, text, done] = arguments;
    const look = () => [...document.querySelectorAll(css)].some(node => node.textContent.includes(text));
    if (look()) return done(true);
    const observer = new MutationObserver(() => {
        if (look()) { observer.disconnect(); done(true); }
    });
    observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});";

/// Words as a literal of `XPath`.
fn quoted(words: &str) -> String {
    assert!(
        !words.contains('"'),
        "words without quotation marks: {words}"
    );
    format!("\"{words}\"")
}
