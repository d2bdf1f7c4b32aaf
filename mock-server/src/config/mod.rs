//! The configuration: one type for everything that can be set, read from a file, from environment variables and from flags.
//!
//! What comes later wins: the defaults, the file, the environment variables, the flags. This is the only place that reads the
//! environment of the process.

pub mod cli;
mod file;
mod outline;
mod secret;
pub(crate) mod values;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use url::Url;

use self::file::Step;
pub use self::file::{FileError, Problem};
pub use self::secret::Secret;
pub use crate::domain::permissions::KeyPermissions;
use crate::domain::redirect::RedirectUrl;
pub use crate::domain::settings::{
    Accent, Branding, CustomRateLimits, LinkReuse, RateLimit, RateLimitPreset, RateLimits,
    Redirects, Settings, SuccessRedirects, UrlPolicy,
};
pub use crate::domain::webhook_settings::{
    DeliveryOrdering, RetryPreset, RetrySchedule, WebhookSettings,
};

/// The API key of a server that was given none.
pub const DEFAULT_API_KEY: &str = "sk_test_default";
/// The client id of a server that was given none.
pub const DEFAULT_CLIENT_ID: &str = "client_test_default";

/// Everything that can be set about a server. [`Config::default`] is what a server does when it is told nothing.
///
/// ```
/// use workos_portal_mock::config::{Config, LinkReuse};
///
/// let config = Config { link_reuse: LinkReuse::UntilExpiry, ..Config::default() };
/// assert_eq!(config.listen.port(), 4100);
/// ```
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on; port 0 takes any free one. Default: `127.0.0.1:4100`.
    #[serde(deserialize_with = "listen")]
    #[schemars(with = "String", extend("x-expected" = values::LISTEN))]
    pub listen: SocketAddr,
    /// The address that visitors reach this server by, where it is not the one it listens on: behind a proxy, in a container.
    /// Portal links start with it. Default: the address listened on.
    #[serde(deserialize_with = "public_url")]
    #[schemars(with = "Option<String>", extend("x-expected" = values::ORIGIN))]
    pub public_url: Option<Url>,
    /// The environment's client id. Default: [`DEFAULT_CLIENT_ID`].
    pub client_id: String,
    /// The environment's API keys. Default: [`DEFAULT_API_KEY`], valid for ever.
    pub keys: Vec<KeyConfig>,
    /// Whether a portal link opens once or until it expires. Default: once.
    pub link_reuse: LinkReuse,
    /// How long a portal link can be opened after it was made. Default: 5 minutes.
    #[serde(deserialize_with = "lifetime")]
    #[schemars(with = "String", extend("x-expected" = values::DURATION))]
    pub link_ttl: SignedDuration,
    /// How long a setup link that is mailed to an IT contact can be opened after it was made. Default: 30 days.
    #[serde(deserialize_with = "lifetime")]
    #[schemars(with = "String", extend("x-expected" = values::DURATION))]
    pub setup_link_ttl: SignedDuration,
    /// How long a portal session lives after its link was opened. Default: 60 minutes.
    #[serde(deserialize_with = "lifetime")]
    #[schemars(with = "String", extend("x-expected" = values::DURATION))]
    pub session_ttl: SignedDuration,
    /// Which request rates are answered with 429. Default: none.
    pub rate_limits: RateLimits,
    /// Where finishing leads when a link does not say. Default: nowhere, so that a page of the portal says so.
    pub redirects: Redirects,
    /// Which addresses `return_url` and `success_url` may be. Default: http and https.
    pub url_policy: UrlPolicy,
    /// Whose portal it is, as its pages show it: `name`, `logo_text`, `accent`. Default: nobody's in particular.
    pub branding: Branding,
    /// How many events the environment keeps. Beyond that the oldest go first, which the log tells once; their ids stay good
    /// cursors. Default: 100,000.
    pub max_events: usize,
    /// How many events of audit logs the environment keeps. Beyond that those that occurred first go first, which the log tells
    /// once. Default: 100,000.
    pub max_audit_log_events: usize,
    /// How many requests the journal keeps. Beyond that the oldest go first. Default: 1,000.
    pub max_requests: usize,
    /// How webhooks are delivered: `retries`, `timeout`, `ordering`, `max_deliveries`. Default: in order, 5 seconds for an answer,
    /// 6 attempts within minutes.
    pub webhooks: WebhookSettings,
    /// How old an event has to be before a list that is read forwards shows it. Default: listed at once.
    #[serde(deserialize_with = "duration")]
    #[schemars(with = "String", extend("x-expected" = values::DURATION))]
    pub events_lag: SignedDuration,
    /// Makes ids and tokens repeatable: the same calls give the same bytes. Default: none, so they are unguessable.
    pub random_seed: Option<u64>,
    /// Where the environment's clock stands still from the start. Default: it runs with the system's.
    #[serde(deserialize_with = "instant")]
    #[schemars(with = "Option<String>", extend("x-expected" = values::INSTANT))]
    pub clock: Option<Timestamp>,
    /// What a call to `/_mock` has to carry in `WorkOS-Mock-Control-Token`, for a server that others can reach. Default: nothing.
    pub control_token: Option<Secret>,
    /// Whether the environment starts with an organization. Default: yes.
    pub test_organization: bool,
    /// How many environments there may be. Default: 20,000.
    pub max_environments: usize,
    /// After how much real time in which nobody asked for it an environment is taken away; never the one that the server starts
    /// with. Default: none is.
    #[serde(deserialize_with = "some_lifetime")]
    #[schemars(with = "Option<String>", extend("x-expected" = values::DURATION))]
    pub environment_idle_ttl: Option<SignedDuration>,
    /// The hosts that this server dials out to besides the machine it runs on, by name or IP address: to read metadata and
    /// discovery documents, and to send webhooks. Default: none.
    pub dial_hosts: Vec<String>,
    /// The hosts under which `/_mock` answers besides the names of the machine it runs on and the public URL's: by name or IP
    /// address, such as the name of a container. Default: none.
    pub allow_hosts: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 4100)),
            public_url: None,
            client_id: DEFAULT_CLIENT_ID.to_owned(),
            keys: vec![KeyConfig::new(DEFAULT_API_KEY)],
            link_reuse: LinkReuse::default(),
            link_ttl: SignedDuration::from_mins(5),
            setup_link_ttl: Settings::default().setup_link_ttl,
            session_ttl: SignedDuration::from_mins(60),
            rate_limits: RateLimits::default(),
            redirects: Redirects::default(),
            url_policy: UrlPolicy::default(),
            branding: Branding::default(),
            max_events: Settings::default().max_events,
            max_audit_log_events: Settings::default().max_audit_log_events,
            max_requests: Settings::default().max_requests,
            webhooks: WebhookSettings::default(),
            events_lag: SignedDuration::ZERO,
            random_seed: None,
            clock: None,
            control_token: None,
            test_organization: true,
            max_environments: 20_000,
            environment_idle_ttl: None,
            dial_hosts: Vec::new(),
            allow_hosts: Vec::new(),
        }
    }
}

/// One API key of the environment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// What a call carries after `Bearer `.
    pub value: Secret,
    /// When it stops being accepted, by the environment's clock; from that instant on a call with it is answered 401.
    #[serde(default, deserialize_with = "instant")]
    #[schemars(with = "Option<String>", extend("x-expected" = values::INSTANT))]
    pub expires_at: Option<Timestamp>,
    /// Whether it was withdrawn: known, and answered 401.
    #[serde(default)]
    pub revoked: bool,
    /// What it may be used for. Default: everything.
    #[serde(default)]
    pub permissions: KeyPermissions,
}

impl KeyConfig {
    /// A key that is valid for ever.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: Secret::new(value),
            expires_at: None,
            revoked: false,
            permissions: KeyPermissions::Full,
        }
    }
}

/// A value that its type allows and its meaning does not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Violation {
    /// Where it is, from the top.
    pub(crate) path: Vec<Step>,
    /// What was expected.
    pub(crate) message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "bad value for `{}`: {}",
            file::name(&self.path),
            self.message
        )
    }
}

impl Config {
    /// Reads a TOML file; what it leaves out keeps its default.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read, is not TOML, has a key that does not exist or a value that cannot be used.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        file::load(path.as_ref())
    }

    /// Reads a configuration from TOML text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Problem>> {
        file::parse(text)
    }

    /// What the types cannot say.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut check = |path: &[Step], result: Result<(), String>| {
            if let Err(message) = result {
                found.push(Violation {
                    path: path.to_vec(),
                    message,
                });
            }
        };
        if let Some(url) = &self.public_url {
            check(&[Step::Key("public_url")], values::check_origin(url));
        }
        check(&[Step::Key("client_id")], visible(&self.client_id));
        check(
            &[Step::Key("link_ttl")],
            values::check_lifetime(self.link_ttl),
        );
        check(
            &[Step::Key("setup_link_ttl")],
            values::check_lifetime(self.setup_link_ttl),
        );
        check(
            &[Step::Key("session_ttl")],
            values::check_lifetime(self.session_ttl),
        );
        if let Some(idle) = self.environment_idle_ttl {
            let path = [Step::Key("environment_idle_ttl")];
            check(&path, values::check_lifetime(idle));
        }
        if let Some(token) = &self.control_token {
            check(&[Step::Key("control_token")], sendable(token));
        }
        if self.keys.is_empty() {
            check(
                &[Step::Key("keys")],
                Err("at least one key is needed".to_owned()),
            );
        }
        for (path, message) in self.webhook_violations() {
            check(&path, Err(message));
        }
        let lag = values::check_lag(self.events_lag);
        check(&[Step::Key("events_lag")], lag);
        for (index, key) in self.keys.iter().enumerate() {
            let path = [Step::Key("keys"), Step::Index(index), Step::Key("value")];
            check(&path, sendable(&key.value));
            if self.keys[..index]
                .iter()
                .any(|earlier| earlier.value == key.value)
            {
                check(&path, Err("this key is listed twice".to_owned()));
            }
        }
        for (index, host) in self.dial_hosts.iter().enumerate() {
            let path = [Step::Key("dial_hosts"), Step::Index(index)];
            check(&path, values::check_host(host));
        }
        for (index, host) in self.allow_hosts.iter().enumerate() {
            let path = [Step::Key("allow_hosts"), Step::Index(index)];
            check(&path, values::check_host(host));
        }
        let branding = [
            ("name", &self.branding.name, 80),
            ("logo_text", &self.branding.logo_text, 4),
        ];
        for (key, text, most) in branding {
            if let Some(text) = text
                && !(1..=most).contains(&text.trim().chars().count())
            {
                let path = [Step::Key("branding"), Step::Key(key)];
                check(&path, Err(format!("expected 1 to {most} characters")));
            }
        }
        let defaults = [
            ("return_url", &self.redirects.return_url),
            ("sso", &self.redirects.success_url.sso),
            ("dsync", &self.redirects.success_url.dsync),
            ("log_streams", &self.redirects.success_url.log_streams),
        ];
        for (key, address) in defaults {
            if let Some(address) = address
                && RedirectUrl::parse(address.as_str(), self.url_policy).is_err()
            {
                let group = if key == "return_url" {
                    &[][..]
                } else {
                    &[Step::Key("success_url")][..]
                };
                let path = [&[Step::Key("redirects")], group, &[Step::Key(key)]].concat();
                check(
                    &path,
                    Err(
                        "expected an https address, because `url_policy` is \"production\""
                            .to_owned(),
                    ),
                );
            }
        }
        found
    }

    /// The same of webhooks.
    fn webhook_violations(&self) -> Vec<(Vec<Step>, String)> {
        let path = |key| vec![Step::Key("webhooks"), Step::Key(key)];
        let mut found = Vec::new();
        if let Err(message) = values::check_timeout(self.webhooks.timeout) {
            found.push((path("timeout"), message));
        }
        if let RetrySchedule::Custom(waits) = &self.webhooks.retries {
            if waits.len() > values::MOST_RETRIES {
                let message = format!("expected at most {} waits", values::MOST_RETRIES);
                found.push((path("retries"), message));
            }
            for (index, wait) in waits.iter().enumerate() {
                if let Err(message) = values::check_lifetime(*wait) {
                    found.push((
                        [path("retries"), vec![Step::Index(index)]].concat(),
                        message,
                    ));
                }
            }
        }
        found
    }

    /// What an environment decides by.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            link_reuse: self.link_reuse,
            link_ttl: self.link_ttl,
            setup_link_ttl: self.setup_link_ttl,
            session_ttl: self.session_ttl,
            rate_limits: self.rate_limits.clone(),
            redirects: self.redirects.clone(),
            url_policy: self.url_policy,
            branding: self.branding.clone(),
            max_events: self.max_events,
            max_audit_log_events: self.max_audit_log_events,
            max_requests: self.max_requests,
            webhooks: self.webhooks.clone(),
            events_lag: self.events_lag,
        }
    }
}

fn sendable(secret: &Secret) -> Result<(), String> {
    visible(secret.expose())
}

/// Whether `text` can be sent in a header as it stands.
fn visible(text: &str) -> Result<(), String> {
    if (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("expected 1 to 512 visible ASCII characters".to_owned())
    }
}

fn listen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    values::listen(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn some_lifetime<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    lifetime(deserializer).map(Some)
}

fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| values::origin(&text))
        .transpose()
        .map_err(serde::de::Error::custom)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    values::any_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    values::lifetime(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// TOML has instants of its own, and they may be written as strings too.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Natively(toml::value::Datetime),
        AsText(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Natively(at) => at.to_string(),
        Written::AsText(text) => text,
    };
    values::instant(&text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests;
