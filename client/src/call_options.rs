use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::api_key::ApiKey;
use crate::{BuildError, Client, RetryPolicy, Secret};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What single calls do otherwise than their client; [`Client::with`] applies it.
#[derive(Clone, Default)]
#[must_use = "options do nothing until `Client::with`"]
pub struct CallOptions {
    /// The key of the calls, or why it is none; told when a call is made.
    api_key: Option<Result<ApiKey, &'static str>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retries: Option<RetryPolicy>,
    pub(crate) repeatable: bool,
    pub(crate) unknown_values: bool,
    headers: HeaderMap,
    /// The first header that cannot be sent, by name; told when the call is made.
    unsendable: Option<String>,
}

impl CallOptions {
    /// Nothing otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// The API key of the call, instead of the client's: for an app that has several environments, and one
    /// client for all of them.
    ///
    /// An empty key, and one that cannot be sent, fails the call before anything is sent.
    ///
    /// ```no_run
    /// # async fn run(client: workos_portal::Client) -> Result<(), workos_portal::Error> {
    /// use workos_portal::{CallOptions, Secret};
    ///
    /// let staging = Secret::from("sk_test_default"); // from where the app keeps its secrets
    /// let staging = client.with(CallOptions::new().api_key(staging));
    /// let organizations = staging.list_organizations().stream().all().await?;
    /// # let _ = organizations;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.api_key = Some(ApiKey::new(api_key.into()).map_err(|error| match error {
            BuildError::MissingApiKey => "the API key of the call is empty",
            _ => "the API key of the call contains white space or a character that cannot be sent",
        }));
        self
    }

    /// How long one attempt may take, its answer included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long a call may take in all, with every attempt and every wait.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How often a call is sent again.
    pub fn retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Says that a `POST` or `PATCH` does no harm when it is carried out twice, so that it is sent again like
    /// any other call, for example after a timeout.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Lets values of enums be sent that this version does not know. Otherwise they fail the call, since most
    /// are slips; WorkOS may know more of them than this version.
    pub fn allow_unknown_values(mut self) -> Self {
        self.unknown_values = true;
        self
    }

    /// The `Idempotency-Key` of the call, instead of one that is made for it.
    ///
    /// WorkOS promises to log an event of an audit log once for each key, and does not say what a key does
    /// elsewhere; so it does not make another call [`repeatable`](Self::repeatable). One key belongs to one
    /// thing to do: do not keep a client with it.
    pub fn idempotency_key(self, key: impl AsRef<str>) -> Self {
        self.header(IDEMPOTENCY_KEY, key.as_ref())
    }

    /// One more header. Of two with one name, the later counts. `Authorization` is not to be set: it has
    /// the API key.
    ///
    /// A name or value that cannot be sent fails the call, before anything is sent.
    pub fn header(
        mut self,
        name: impl TryInto<HeaderName> + fmt::Debug,
        value: impl TryInto<HeaderValue>,
    ) -> Self {
        let shown = format!("{name:?}");
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.unsendable = Some(shown),
        }
        self
    }

    /// These options, and those of `earlier` where these say nothing.
    fn over(mut self, earlier: &Self) -> Self {
        let mut headers = earlier.headers.clone();
        headers.extend(self.headers);
        self.headers = headers;
        self.api_key = self.api_key.or_else(|| earlier.api_key.clone());
        self.timeout = self.timeout.or(earlier.timeout);
        self.deadline = self.deadline.or(earlier.deadline);
        self.retries = self.retries.or(earlier.retries);
        self.repeatable |= earlier.repeatable;
        self.unknown_values |= earlier.unknown_values;
        self.unsendable = self.unsendable.or_else(|| earlier.unsendable.clone());
        self
    }

    /// The key, if these options have one.
    pub(crate) fn own_key(&self) -> Option<Result<&ApiKey, String>> {
        let key = self.api_key.as_ref()?;
        Some(key.as_ref().map_err(|&reason| reason.to_owned()))
    }

    /// Adds the headers to those of a request.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), String> {
        if let Some(name) = &self.unsendable {
            return Err(format!("the header {name} cannot be sent"));
        }
        for (name, value) in &self.headers {
            // A key that is an argument of the operation stands nearer to the call.
            if *name != IDEMPOTENCY_KEY || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        Ok(())
    }
}

impl fmt::Debug for CallOptions {
    // The values of headers are sensitive, and print as such.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("api_key", &self.api_key)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retries", &self.retries)
            .field("repeatable", &self.repeatable)
            .field("unknown_values", &self.unknown_values)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for calls with other options; it shares everything else with this one, and costs next to
    /// nothing.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use workos_portal::{CallOptions, RetryPolicy};
    ///
    /// # async fn run(client: workos_portal::Client) -> Result<(), workos_portal::Error> {
    /// let quick = CallOptions::new().timeout(Duration::from_secs(2)).retries(RetryPolicy::none());
    /// let organization = client.with(quick).get_organization().id("org_01").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Self {
        let mut client = self.clone();
        let options = match &self.inner.options {
            Some(earlier) => options.over(earlier),
            None => options,
        };
        client.inner.options = Some(Arc::new(options));
        client
    }
}
