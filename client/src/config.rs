use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;

use crate::api_key::ApiKey;
use crate::clock::{SystemClock, system_random};
use crate::loopback::is_loopback;
use crate::tls::Tls;
use crate::transport::{Observer, Randomness, Settings, Transport};
use crate::{Attempt, Client, Clock, RetryPolicy, Secret};

const DEFAULT_BASE_URL: &str = "https://api.workos.com";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("workos-portal/", env!("CARGO_PKG_VERSION"));

const API_KEY_VARIABLE: &str = "WORKOS_API_KEY";
const BASE_URL_VARIABLE: &str = "WORKOS_BASE_URL";

/// Why a client could not be built. No message contains the API key or the URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No API key was given.
    #[error("no API key: set WORKOS_API_KEY or call `ClientBuilder::api_key`")]
    MissingApiKey,
    /// The API key has characters that a header cannot carry, or white space.
    #[error("the API key contains white space or a character that cannot be sent")]
    UnsendableApiKey,
    /// `WORKOS_API_KEY` holds something else, such as a client id.
    #[error("WORKOS_API_KEY must start with `sk_`")]
    NotAnApiKey,
    /// An environment variable is not Unicode.
    #[error("{0} is not Unicode")]
    NotUnicode(&'static str),
    /// The base URL cannot be used; the text says why.
    #[error("the base URL {0}")]
    InvalidBaseUrl(&'static str),
    /// The addition to the user agent has characters that a header cannot carry.
    #[error("the addition to the user agent contains a character that cannot be sent")]
    InvalidUserAgent,
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Http(#[source] reqwest::Error),
    /// There is nobody to trust at the other end of `https`: this machine has no certificates of authorities, or
    /// none that can be read. On Debian and its like they are in the package `ca-certificates`.
    #[error("the authorities that this machine trusts cannot be read: {0}")]
    Trust(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Settings of a [`Client`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    api_key: Option<Secret>,
    base_url: String,
    timeout: Duration,
    deadline: Duration,
    connect_timeout: Duration,
    retries: RetryPolicy,
    unknown_values: bool,
    user_agent: Option<String>,
    clock: Option<Arc<dyn Clock>>,
    randomness: Option<Randomness>,
    observer: Option<Observer>,
}

impl Client {
    /// A client for `https://api.workos.com`, but for the settings that are changed.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            api_key: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            deadline: DEFAULT_DEADLINE,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            retries: RetryPolicy::default(),
            unknown_values: false,
            user_agent: None,
            clock: None,
            randomness: None,
            observer: None,
        }
    }

    /// A client with the key in `WORKOS_API_KEY`, which has to start with `sk_`, and for the API at
    /// `WORKOS_BASE_URL` where that is set.
    ///
    /// # Errors
    /// When the key is missing or is none, or when the URL cannot be used.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_variables(|name| std::env::var_os(name))?.build()
    }
}

impl ClientBuilder {
    /// The API key, from the WorkOS dashboard. It belongs on servers only.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Where the API is: an absolute `http` or `https` URL. A path in it is kept, a trailing slash is not.
    ///
    /// The proxies that the environment names (`HTTPS_PROXY`, `NO_PROXY` and their like) are used, but not to an
    /// address of this machine.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt of a call may take, its answer included. 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a call may take in all, with every attempt and every wait between. 60 seconds by default.
    ///
    /// No wait is begun that would outlast it: the call ends with the answer that it has.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How often a call is sent again, and after which waits.
    pub fn retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// How long connecting may take. 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Lets values of enums be sent that this version does not know, in every call. See
    /// [`CallOptions::allow_unknown_values`](crate::CallOptions::allow_unknown_values).
    pub fn allow_unknown_values(mut self) -> Self {
        self.unknown_values = true;
        self
    }

    /// What follows this crate's name and version in the `User-Agent` header, such as `my-app/1.2`.
    pub fn user_agent(mut self, addition: impl Into<String>) -> Self {
        self.user_agent = Some(addition.into());
        self
    }

    /// Calls `observer` after each attempt of each call, for example to count and to time them. It runs on
    /// the way of the call, so it should be quick.
    pub fn on_attempt(mut self, observer: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Reads the time from `clock` and waits by it, instead of by the system's; for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Takes 64 random bits from `source` wherever a call needs some, instead of from the system: for the
    /// spread of waits, and for idempotency keys. For tests.
    pub fn randomness(mut self, source: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.randomness = Some(Arc::new(source));
        self
    }

    /// Builds the client. It connects with the first call.
    ///
    /// # Errors
    /// When there is no API key, or when a setting cannot be used.
    pub fn build(self) -> Result<Client, BuildError> {
        let api_key = ApiKey::new(self.api_key.ok_or(BuildError::MissingApiKey)?)?;
        let base_url = base_url(&self.base_url)?;
        let tls = Tls::new(base_url.starts_with("https:"))?;
        let here = Url::parse(&base_url).is_ok_and(|url| is_loopback(&url));
        // Without a timeout of its own: each request carries what is left of its call's.
        let http = || {
            let mut http = reqwest::Client::builder()
                .user_agent(user_agent(self.user_agent.as_deref())?)
                .connect_timeout(self.connect_timeout)
                .redirect(Policy::none());
            if here {
                http = http.no_proxy();
            }
            tls.secure(http).build().map_err(BuildError::Http)
        };
        let transport = Transport::new(Settings {
            api_key,
            timeout: self.timeout,
            deadline: self.deadline,
            retries: self.retries,
            unknown_values: self.unknown_values,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
            randomness: self.randomness.unwrap_or_else(|| Arc::new(system_random)),
            observer: self.observer,
            #[cfg(feature = "blocking")]
            waited_for: http()?,
        });
        Ok(Client::new_with_client(&base_url, http()?, transport))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, BuildError> {
        let read = |name: &'static str| {
            let value = variable(name).filter(|value| !value.is_empty());
            value
                .map(|value| {
                    value
                        .into_string()
                        .map_err(|_| BuildError::NotUnicode(name))
                })
                .transpose()
        };
        let api_key = read(API_KEY_VARIABLE)?.ok_or(BuildError::MissingApiKey)?;
        if !api_key.starts_with("sk_") {
            return Err(BuildError::NotAnApiKey);
        }
        let builder = Client::builder().api_key(api_key);
        Ok(match read(BASE_URL_VARIABLE)? {
            Some(base_url) => builder.base_url(base_url),
            None => builder,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    // Without the base URL: until `build` has looked at it, it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("connect_timeout", &self.connect_timeout)
            .field("retries", &self.retries)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// The base URL as the generated code puts paths behind it.
fn base_url(text: &str) -> Result<String, BuildError> {
    let invalid = |reason| Err(BuildError::InvalidBaseUrl(reason));
    let Ok(url) = Url::parse(text.trim()) else {
        return invalid("is not an absolute URL, such as http://127.0.0.1:4100");
    };
    match url.scheme() {
        "http" => {}
        "https" if cfg!(any(feature = "rustls", feature = "native-tls")) => {}
        "https" => {
            return invalid(
                "is https, and this build has neither the feature `rustls` nor `native-tls`",
            );
        }
        _ => return invalid("is neither http nor https"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return invalid("must not contain a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return invalid("must not contain a query or fragment");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn user_agent(addition: Option<&str>) -> Result<HeaderValue, BuildError> {
    let user_agent = addition.map_or_else(
        || USER_AGENT.to_owned(),
        |addition| format!("{USER_AGENT} {addition}"),
    );
    HeaderValue::try_from(user_agent).map_err(|_| BuildError::InvalidUserAgent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));
    const HTTP: (&str, &str) = ("WORKOS_BASE_URL", "http://127.0.0.1:4100/");

    fn from(variables: &[(&str, &str)]) -> Result<Client, BuildError> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        };
        ClientBuilder::from_variables(find)?.build()
    }

    #[test]
    fn the_environment_needs_a_secret_key() {
        assert!(matches!(from(&[]), Err(BuildError::MissingApiKey)));
        for (key, refusal) in [
            (
                "",
                "no API key: set WORKOS_API_KEY or call `ClientBuilder::api_key`",
            ),
            ("client_1", "WORKOS_API_KEY must start with `sk_`"),
            (" sk_a", "WORKOS_API_KEY must start with `sk_`"),
            (
                "sk_a\n",
                "the API key contains white space or a character that cannot be sent",
            ),
        ] {
            let error = from(&[("WORKOS_API_KEY", key), HTTP]).unwrap_err();
            assert_eq!(error.to_string(), refusal, "{key:?}");
        }
    }

    #[test]
    fn the_environment_may_name_another_api() {
        let client = from(&[("WORKOS_API_KEY", "sk_a"), HTTP]).unwrap();
        assert_eq!(client.baseurl, "http://127.0.0.1:4100");
        for unset in [
            &[("WORKOS_API_KEY", "sk_a")][..],
            &[("WORKOS_API_KEY", "sk_a"), ("WORKOS_BASE_URL", "")],
        ] {
            match from(unset) {
                Ok(client) => assert_eq!(client.baseurl, "https://api.workos.com"),
                Err(error) => assert!(
                    !TLS && error.to_string().contains("feature `rustls`"),
                    "{error}"
                ),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_environment_has_to_be_unicode() {
        use std::os::unix::ffi::OsStringExt;
        let error =
            ClientBuilder::from_variables(|_| Some(OsString::from_vec(b"sk_\xff".to_vec())))
                .unwrap_err();
        assert_eq!(error.to_string(), "WORKOS_API_KEY is not Unicode");
    }

    #[test]
    fn a_base_url_is_absolute_and_bare() {
        assert_eq!(
            base_url("http://localhost/a/b//").unwrap(),
            "http://localhost/a/b"
        );
        assert_eq!(
            base_url(" http://example.com ").unwrap(),
            "http://example.com"
        );
        assert_eq!(base_url("https://example.com").is_ok(), TLS);
        for url in [
            "",
            "api.workos.com",
            "/v1",
            "ftp://a",
            "http://",
            "http://u@a",
            "http://u:p@a",
            "http://a?b",
            "http://a#b",
        ] {
            assert!(
                matches!(base_url(url), Err(BuildError::InvalidBaseUrl(_))),
                "{url}"
            );
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let builder = Client::builder()
            .api_key("sk_hidden")
            .base_url("http://u:hidden@a");
        assert!(!format!("{builder:?}").contains("hidden"));
        assert!(!format!("{:?}", builder.clone().build().unwrap_err()).contains("hidden"));
        assert!(!format!("{:?}", builder.base_url("http://a").build().unwrap()).contains("hidden"));
        let error = Client::builder()
            .api_key("sk_hidden\u{1}")
            .build()
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hidden"));
    }

    #[test]
    fn a_user_agent_that_cannot_be_sent_is_refused() {
        let error = Client::builder()
            .api_key("sk_a")
            .base_url("http://a")
            .user_agent("a\nb")
            .build()
            .unwrap_err();
        assert!(matches!(error, BuildError::InvalidUserAgent));
    }
}
