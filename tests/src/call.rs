//! Requests written out by hand, where a typed client would not let a test say what it has to say.

use std::fmt;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use crate::TestServer;

/// A request to be. It carries the server's API key unless told otherwise.
#[derive(Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct Call<'s> {
    server: &'s TestServer,
    builder: reqwest::RequestBuilder,
    authorization: Option<String>,
}

/// An answer as it came over the wire.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Method and target of the request.
    pub line: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Headers that a transcript shows.
const TELLING: [&str; 5] = [
    "allow",
    "location",
    "retry-after",
    "cache-control",
    "content-type",
];

impl<'s> Call<'s> {
    pub(crate) fn new(server: &'s TestServer, builder: reqwest::RequestBuilder) -> Self {
        Self {
            server,
            builder,
            authorization: Some(format!("Bearer {}", server.key())),
        }
    }

    /// Sends this in `Authorization`, as it is.
    pub fn authorization(mut self, value: impl Into<String>) -> Self {
        self.authorization = Some(value.into());
        self
    }

    /// Sends no `Authorization`.
    pub fn anonymous(mut self) -> Self {
        self.authorization = None;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// Sends `body` as JSON.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sends `body`, declared to be of `content_type`.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.builder = self
            .builder
            .header(CONTENT_TYPE, content_type)
            .body(body.into());
        self
    }

    /// Sends the request and waits for the whole answer.
    ///
    /// # Panics
    /// When there is no answer, or when the judge refuses it.
    pub async fn send(self) -> Reply {
        let Self {
            server,
            mut builder,
            authorization,
        } = self;
        if let Some(value) = authorization {
            builder = builder.header(AUTHORIZATION, value);
        }
        let request = builder.build().expect("a request that can be sent");
        let line = match request.url().query() {
            Some(query) => format!("{} {}?{query}", request.method(), request.url().path()),
            None => format!("{} {}", request.method(), request.url().path()),
        };
        let answer = server.http().execute(request).await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.expect("a whole answer").to_vec();
        server.assert_judged_well();
        Reply {
            line,
            status,
            headers,
            body,
        }
    }
}

impl Reply {
    /// The answer, if its status is the one that is expected.
    ///
    /// # Panics
    /// When it is another.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header as text; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The string at a JSON pointer of the body.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn string(&self, pointer: &str) -> String {
        self.json()
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no string at {pointer}: {self}"))
            .to_owned()
    }
}

/// The transcript of the answer, for snapshots. JSON is shown over several lines only if doing so loses nothing.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.line, self.status)?;
        for name in TELLING {
            for value in self.headers.get_all(name) {
                writeln!(f, "{name}: {}", value.to_str().unwrap_or("(no text)"))?;
            }
        }
        let compact = serde_json::from_slice::<Value>(&self.body)
            .ok()
            .filter(|value| value.to_string().as_bytes() == self.body);
        match compact {
            Some(value) => write!(f, "{value:#}"),
            None => f.write_str(&self.text()),
        }
    }
}
