//! A server for one test: its ids and tokens are seeded, its clock stands still, and links begin with an address that does not
//! depend on the port. So snapshots need no redaction.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;
use workos_portal_mock::{Clock, MockServer, config::Config};

use crate::{Call, Courtroom, Ledger, Reply, Visitor, courtroom::http_client};

/// What links begin with.
pub const PUBLIC_URL: &str = "https://portal.example.test";

/// Where every clock stands at first.
pub const START: &str = "2026-01-01T00:00:00Z";

/// A running server. Dropping it fails the test if the judge has refused any answer, or if webhooks are left that nobody got.
#[derive(Debug)]
pub struct TestServer {
    mock: MockServer,
    courtroom: Courtroom,
    http: reqwest::Client,
    undelivered: AtomicUsize,
}

impl TestServer {
    /// A server with the settings of [`TestServer::config`].
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A server with some settings changed.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Self::config();
        change(&mut config);
        let secrets = config
            .keys
            .iter()
            .map(|key| key.value.expose().to_owned())
            .collect();
        let mock = MockServer::builder()
            .config(config)
            .start()
            .await
            .expect("the server starts");
        let courtroom = Courtroom::in_front_of(mock.address(), secrets).await;
        Self {
            mock,
            courtroom,
            http: http_client(),
            undelivered: AtomicUsize::new(0),
        }
    }

    /// The settings of a test: seeded, standing still, with a fixed public address.
    ///
    /// # Panics
    /// Never: both constants are well formed.
    #[must_use]
    pub fn config() -> Config {
        Config {
            random_seed: Some(7),
            clock: Some(START.parse().expect("an instant")),
            public_url: Some(PUBLIC_URL.parse().expect("an address")),
            ..Config::default()
        }
    }

    /// Where requests go: to the judge, and on to the server.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.courtroom.address())
    }

    /// The API key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.mock.api_key()
    }

    /// The organization that the environment starts with.
    ///
    /// # Panics
    /// When the configuration leaves it out.
    #[must_use]
    pub fn organization(&self) -> &str {
        self.mock
            .organization_id()
            .expect("the server starts with an organization")
    }

    /// The environment's clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.mock.clock()
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.mock.clock().now()
    }

    /// Moves the clock, by a duration such as `5 minutes` or `-PT1S`.
    ///
    /// # Panics
    /// When the text is no duration.
    pub fn advance(&self, by: &str) {
        self.clock()
            .advance(by.parse().expect("a duration"))
            .expect("a time in range");
    }

    /// What links of this server begin with.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.mock.url()
    }

    /// The `Debug` output of the mock server. The server itself is not to be had: whoever has its address can go past the judge.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{:?}", self.mock)
    }

    /// The generated client, with the server's key.
    #[must_use]
    pub fn client(&self) -> workos_portal::Client {
        self.client_with(self.key())
    }

    /// The generated client, with some key.
    ///
    /// # Panics
    /// When the key cannot be sent.
    #[must_use]
    pub fn client_with(&self, key: &str) -> workos_portal::Client {
        workos_portal::Client::builder()
            .api_key(key)
            .base_url(self.url())
            .build()
            .expect("a client")
    }

    /// A request to a path, with its query.
    ///
    /// # Panics
    /// When the method is none.
    pub fn call(&self, method: &str, target: &str) -> Call<'_> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Call::new(
            self,
            self.http.request(method, format!("{}{target}", self.url())),
        )
    }

    /// GET.
    pub fn get(&self, target: &str) -> Call<'_> {
        self.call("GET", target)
    }

    /// POST of a JSON body.
    pub fn post(&self, target: &str, body: &Value) -> Call<'_> {
        self.call("POST", target).json(body)
    }

    /// PUT of a JSON body.
    pub fn put(&self, target: &str, body: &Value) -> Call<'_> {
        self.call("PUT", target).json(body)
    }

    /// DELETE.
    pub fn delete(&self, target: &str) -> Call<'_> {
        self.call("DELETE", target)
    }

    /// A browser without cookies.
    #[must_use]
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor::new(self)
    }

    /// The verdicts on this server's answers.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.courtroom.ledger()
    }

    /// The latest answer as it came over the wire, whichever client asked.
    #[must_use]
    pub fn last(&self) -> Reply {
        self.ledger().last()
    }

    /// # Panics
    /// When the judge has refused an answer.
    #[track_caller]
    pub fn assert_judged_well(&self) {
        let violations = self.ledger().violations();
        assert!(
            violations.is_empty(),
            "the judge refuses:\n{}",
            violations.join("\n")
        );
    }

    /// Leaves so many webhooks undelivered when it is dropped. Unless a test says so, every one has arrived by then or was given
    /// up.
    pub fn expects_undelivered(&self, count: usize) {
        self.undelivered.store(count, Ordering::SeqCst);
    }

    /// How many webhooks are neither delivered nor given up.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.mock.undelivered()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.assert_judged_well();
            let (received, judged) = self.ledger().counts();
            assert_eq!(received, judged, "an answer has escaped the judge");
            let expected = self.undelivered.load(Ordering::SeqCst);
            assert_eq!(self.undelivered(), expected, "webhooks are left over");
        }
    }
}
