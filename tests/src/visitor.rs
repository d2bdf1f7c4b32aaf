//! A browser, as far as the portal's pages need one: it keeps cookies and follows nothing by itself.

use std::collections::HashMap;
use std::sync::Mutex;

use reqwest::header::{COOKIE, SET_COOKIE};

use crate::{PUBLIC_URL, Reply, TestServer};

/// A browser with cookies of its own.
#[derive(Debug)]
pub struct Visitor<'s> {
    server: &'s TestServer,
    cookies: Mutex<Vec<Cookie>>,
    /// What the forms of each session carry, from its pages.
    tokens: Mutex<HashMap<String, String>>,
}

#[derive(Clone, Debug)]
struct Cookie {
    name: String,
    value: String,
    path: String,
}

impl<'s> Visitor<'s> {
    pub(crate) fn new(server: &'s TestServer) -> Self {
        Self {
            server,
            cookies: Mutex::default(),
            tokens: Mutex::default(),
        }
    }

    /// Goes to an address: a portal link, or a path.
    pub async fn get(&self, address: &str) -> Reply {
        self.request("GET", address, &[]).await
    }

    /// Sends a form that no page has made: without the token that the forms of a session carry.
    pub async fn post(&self, address: &str) -> Reply {
        self.request("POST", address, &[]).await
    }

    /// Answers a step, or presses a button that a page of the session has.
    pub async fn submit(&self, path: &str, answers: &[(&str, &str)]) -> Reply {
        let session = path.split('/').take(4).collect::<Vec<_>>().join("/");
        let mut token = self.token_of(&session);
        if token.is_none() {
            self.landing(&session).await;
            token = self.token_of(&session);
        }
        let token = token.as_deref().map(|token| ("form_token", token));
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(answers.iter().copied().chain(token));
        self.send("POST", path, &[], &body.finish()).await
    }

    /// Finishes a session, as its button does.
    pub async fn finish(&self, session: &str) -> Reply {
        self.submit(&format!("{session}/finish"), &[]).await
    }

    /// What the forms of a session carry, once a page of it has been seen.
    ///
    /// # Panics
    /// Never: nothing panics while it holds the tokens.
    #[must_use]
    pub fn token_of(&self, session: &str) -> Option<String> {
        self.tokens
            .lock()
            .expect("the tokens")
            .get(session)
            .cloned()
    }

    /// The page that a session leads to now.
    ///
    /// # Panics
    /// When it leads round in circles.
    pub async fn landing(&self, session: &str) -> Reply {
        let mut address = session.to_owned();
        for _ in 0..5 {
            let page = self.get(&address).await;
            if page.status != 303 {
                return page;
            }
            page.header("location").clone_into(&mut address);
        }
        panic!("{session} leads round in circles");
    }

    /// Sends a request with more headers than a browser's own.
    ///
    /// # Panics
    /// When the judge refuses the answer.
    pub async fn request(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(method, address, headers, "").await
    }

    /// Sends a request with a body, as a form.
    ///
    /// # Panics
    /// When the judge refuses the answer.
    pub async fn send(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let target = address.strip_prefix(PUBLIC_URL).unwrap_or(address);
        let mut call = self.server.call(method, target).anonymous();
        let path = target.split('?').next().unwrap_or_default();
        if let Some(cookies) = self.cookies_for(path) {
            call = call.header(COOKIE.as_str(), &cookies);
        }
        if method == "POST" {
            call = call.body("application/x-www-form-urlencoded", body);
        }
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let reply = call.send().await;
        self.keep(&reply);
        if let Some((session, token)) = form_token(&reply) {
            let mut tokens = self.tokens.lock().expect("the tokens");
            tokens.insert(session, token);
        }
        reply
    }

    /// Opens a portal link that has to open, and returns the path of the session it leads to.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self, link: &str) -> String {
        let reply = self.get(link).await.expect(303);
        let location = reply.header("location").to_owned();
        assert!(location.starts_with("/portal/sessions/"), "{reply}");
        location
    }

    /// Whether any cookie is kept.
    ///
    /// # Panics
    /// Never: nothing panics while it holds the cookies.
    #[must_use]
    pub fn has_cookies(&self) -> bool {
        !self.cookies.lock().expect("the cookies").is_empty()
    }

    fn cookies_for(&self, path: &str) -> Option<String> {
        let cookies = self.cookies.lock().expect("the cookies");
        let sent = cookies.iter().filter(|cookie| {
            let rest = path.strip_prefix(&cookie.path);
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || cookie.path.ends_with('/')
            })
        });
        let sent: Vec<String> = sent
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn keep(&self, reply: &Reply) {
        let mut cookies = self.cookies.lock().expect("the cookies");
        for header in reply.headers.get_all(SET_COOKIE) {
            let Some(cookie) = header.to_str().ok().and_then(Cookie::parse) else {
                continue;
            };
            cookies.retain(|kept| (&kept.name, &kept.path) != (&cookie.name, &cookie.path));
            cookies.push(cookie);
        }
    }
}

/// What the forms of a page carry, with the path of the session whose forms they are.
fn form_token(page: &Reply) -> Option<(String, String)> {
    let text = page.text();
    let (_, token) = text.split_once("name=\"form_token\" value=\"")?;
    let (_, session) = text.split_once("/portal/sessions/")?;
    let session: String = session
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let token = token.split('"').next()?.to_owned();
    Some((format!("/portal/sessions/{session}"), token))
}

impl Cookie {
    fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let path = parts
            .find_map(|part| part.strip_prefix("Path="))
            .unwrap_or("/");
        Some(Self {
            name: name.to_owned(),
            value: value.to_owned(),
            path: path.to_owned(),
        })
    }
}
