//! What a test plays on: a server, an app and a browser that knows no one else.

use contract_tests::TestServer;
use serde_json::{Value, json};
use workos_portal_mock::config::Config;

use crate::app::App;
use crate::browser::Browser;
use crate::driver::Wishes;

/// Where the browser finds the portal and the app. Both are two sites to it, as they are in the world.
pub(crate) const PORTAL: &str = "http://portal.localhost";
pub(crate) const APP: &str = "http://app.localhost";

/// A server, an app and a browser.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) server: TestServer,
    pub(crate) app: App,
    pub(crate) browser: Browser,
}

/// Plays a test, then looks through what the browser has done meanwhile.
pub(crate) async fn play(act: impl AsyncFnOnce(&Stage)) {
    Stage::new(|_| {}, false).await.play(act).await;
}

/// The same with scripts of pages turned off.
pub(crate) async fn play_without_scripts(act: impl AsyncFnOnce(&Stage)) {
    Stage::new(|_| {}, true).await.play(act).await;
}

impl Stage {
    pub(crate) async fn new(change: impl FnOnce(&mut Config), without_scripts: bool) -> Self {
        let server = TestServer::with(|config| {
            config.public_url = Some(PORTAL.parse().expect("an address"));
            change(config);
        })
        .await;
        let app = App::start().await;
        let portal = server.url();
        let portal = portal.strip_prefix("http://").unwrap_or(&portal);
        let names = vec![
            format!("MAP portal.localhost:80 {portal}"),
            format!("MAP app.localhost:80 {}", app.address()),
        ];
        let browser = Browser::start(&Wishes {
            names,
            without_scripts,
        })
        .await;
        Self {
            server,
            app,
            browser,
        }
    }

    pub(crate) async fn play(self, act: impl AsyncFnOnce(&Self)) {
        act(&self).await;
        self.look_back().await;
    }

    /// A link for an organization with the addresses of the app, and further members of the request.
    pub(crate) async fn link_for(&self, organization: &str, more: &Value) -> String {
        let mut body = json!({
            "organization": organization,
            "success_url": format!("{APP}/done"),
            "return_url": format!("{APP}/settings"),
        });
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        let made = self.server.post("/portal/generate_link", &body).send();
        made.await.expect(201).string("/link")
    }

    /// A link for the organization that the server starts with.
    pub(crate) async fn link(&self, intent: &str) -> String {
        let more = match intent {
            "" => json!({}),
            intent => json!({"intent": intent}),
        };
        self.link_for(self.server.organization(), &more).await
    }

    /// Opens a part of the portal for an organization, by a link of its own.
    pub(crate) async fn open(&self, organization: &str, intent: &str) {
        let more = json!({"intent": intent});
        let link = self.link_for(organization, &more).await;
        self.browser.go(&link).await;
        if intent == "certificate_renewal" {
            // It opens on what there is.
            self.browser.press("Renew the certificate").await;
        }
    }

    /// An organization by its name.
    pub(crate) async fn organization(&self, name: &str) -> String {
        let made = self.server.post("/organizations", &json!({"name": name}));
        made.send().await.expect(201).string("/id")
    }

    /// What the API answers to a GET.
    pub(crate) async fn read(&self, target: &str) -> Value {
        self.server.get(target).send().await.expect(200).json()
    }

    /// What the API lists.
    pub(crate) async fn list(&self, target: &str) -> Vec<Value> {
        match self.read(target).await["data"].take() {
            Value::Array(items) => items,
            other => panic!("{target} is no list: {other}"),
        }
    }

    /// The events of these names that an organization has seen, oldest first.
    pub(crate) async fn events(&self, organization: &str, names: &[&str]) -> Vec<Value> {
        let names = names.join(",");
        let target = format!("/events?limit=100&events={names}&organization_id={organization}");
        self.list(&target).await
    }

    /// Their names.
    pub(crate) async fn event_names(&self, organization: &str, names: &[&str]) -> Vec<String> {
        let events = self.events(organization, names).await;
        let name = |event: Value| event["event"].as_str().unwrap_or_default().to_owned();
        events.into_iter().map(name).collect()
    }

    /// What must hold of every test: no page makes the browser complain, and nothing but the portal and the app is asked
    /// for anything.
    async fn look_back(&self) {
        let complaints: Vec<_> = self
            .browser
            .log("browser")
            .await
            .into_iter()
            .filter(|entry| !is_page_of_a_refusal(entry))
            .collect();
        assert!(
            complaints.is_empty(),
            "the browser complains: {complaints:#?}"
        );
        for entry in self.browser.log("performance").await {
            let text = entry["message"].as_str().unwrap_or_default();
            let message: Value = serde_json::from_str(text).expect("a message");
            let (method, parameters) =
                (&message["message"]["method"], &message["message"]["params"]);
            match method.as_str() {
                Some("Network.requestWillBeSent") => {
                    let url = parameters["request"]["url"].as_str().unwrap_or_default();
                    let known = [PORTAL, APP].iter().any(|site| {
                        let rest = url.strip_prefix(site);
                        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                    });
                    assert!(
                        known || url.starts_with("data:") || url.starts_with("chrome"),
                        "a request leaves the machine: {url}"
                    );
                }
                Some("Network.responseReceived") => {
                    let (response, kind) = (&parameters["response"], &parameters["type"]);
                    let failed = response["status"]
                        .as_u64()
                        .is_none_or(|status| status >= 400);
                    assert!(
                        !failed || kind == "Document",
                        "something that a page refers to is not there: {response}"
                    );
                }
                _ => {}
            }
        }
    }
}

/// Pages of refusals have a status that the browser notes; there is nothing wrong about that.
fn is_page_of_a_refusal(entry: &Value) -> bool {
    let text = entry["message"].as_str().unwrap_or_default();
    entry["source"] == "network"
        && ["403", "404", "410", "422"]
            .iter()
            .any(|status| text.contains(&format!("status of {status} ")))
}
