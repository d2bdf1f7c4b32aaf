//! A browser, as far as the portal's pages need one: it keeps cookies and follows nothing by itself.

use std::sync::Mutex;

use reqwest::header::{COOKIE, SET_COOKIE};

use crate::{PUBLIC_URL, Reply, TestServer};

/// A browser with cookies of its own.
#[derive(Debug)]
pub struct Visitor<'s> {
    server: &'s TestServer,
    cookies: Mutex<Vec<Cookie>>,
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
        }
    }

    /// Goes to an address: a portal link, or a path.
    pub async fn get(&self, address: &str) -> Reply {
        self.request("GET", address, &[]).await
    }

    /// Sends a form.
    pub async fn post(&self, address: &str) -> Reply {
        self.request("POST", address, &[]).await
    }

    /// Sends a request with more headers than a browser's own.
    ///
    /// # Panics
    /// When the judge refuses the answer.
    pub async fn request(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
        let target = address.strip_prefix(PUBLIC_URL).unwrap_or(address);
        let mut call = self.server.call(method, target).anonymous();
        let path = target.split('?').next().unwrap_or_default();
        if let Some(cookies) = self.cookies_for(path) {
            call = call.header(COOKIE.as_str(), &cookies);
        }
        if method == "POST" {
            call = call.body("application/x-www-form-urlencoded", "");
        }
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let reply = call.send().await;
        self.keep(&reply);
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
