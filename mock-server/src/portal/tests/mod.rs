//! The portal over HTTP, as a browser sees it.

mod assets;
mod guards;
mod way;

use reqwest::header::HeaderMap;
use reqwest::{Client, Response, redirect};
use serde_json::{Value, json};
use url::Url;

use crate::MockServer;
use crate::config::Config;

struct Visit {
    server: MockServer,
    browser: Client,
}

/// What a page answered.
struct Seen {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Seen {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self {
            status,
            headers,
            body: response.text().await.expect("text"),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// What a browser would send back to the session's pages.
    fn cookie(&self) -> String {
        let set = self
            .headers
            .get("set-cookie")
            .expect("a cookie")
            .to_str()
            .expect("text");
        set.split(';').next().expect("a pair").to_owned()
    }
}

impl Visit {
    async fn with(config: Config) -> Self {
        let start = "2026-01-01T00:00:00Z".parse().expect("an instant");
        let server = MockServer::builder()
            .config(config)
            .clock_at(start)
            .start()
            .await
            .expect("a server");
        let browser = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .expect("a client");
        Self { server, browser }
    }

    async fn new() -> Self {
        Self::with(Config::default()).await
    }

    async fn link(&self, more: Value) -> String {
        let mut body = json!({"organization": self.server.organization_id()});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        let request = self.browser.post(self.absolute("/portal/generate_link"));
        let response = request
            .bearer_auth(self.server.api_key())
            .json(&body)
            .send()
            .await
            .expect("an answer");
        let body: Value = response.json().await.expect("JSON");
        let link: Url = body["link"]
            .as_str()
            .expect("a link")
            .parse()
            .expect("an address");
        // The public address may be one that nobody serves.
        format!(
            "http://{}{}?{}",
            self.server.address(),
            link.path(),
            link.query().unwrap_or_default()
        )
    }

    async fn get(&self, url: &str, headers: &[(&'static str, &str)]) -> Seen {
        let mut request = self.browser.get(self.absolute(url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Seen::of(request.send().await.expect("an answer")).await
    }

    /// Presses the button that finishes a session, if the browser sees its pages.
    async fn finish(&self, session: &str, headers: &[(&'static str, &str)]) -> Seen {
        let cookie = headers.iter().filter(|(name, _)| *name == "cookie");
        let page = self
            .get(session, &cookie.copied().collect::<Vec<_>>())
            .await;
        let token = page.body.split("name=\"form_token\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        let body = token.map_or_else(String::new, |token| format!("form_token={token}"));
        self.post(&format!("{session}/finish"), headers, body).await
    }

    async fn post(&self, url: &str, headers: &[(&'static str, &str)], body: String) -> Seen {
        let mut request = self.browser.post(self.absolute(url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Seen::of(request.send().await.expect("an answer")).await
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("http://{}{url}", self.server.address())
        } else {
            url.to_owned()
        }
    }

    /// Opens `link`; gives the session's address and cookie.
    async fn open(&self, link: &str) -> (String, String) {
        let opened = self.get(link, &[]).await;
        assert_eq!(opened.status, 303, "{}", opened.body);
        (opened.header("location").to_owned(), opened.cookie())
    }
}
