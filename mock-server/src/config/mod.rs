//! The configuration: one type for everything that can be set, read from a file, from environment variables and from flags.
//!
//! What comes later wins: the defaults, the file, the environment variables, the flags. This is the only place that reads the
//! environment of the process.

pub mod cli;
pub(crate) mod file;
mod outline;
mod rest;
mod secret;
mod source;
pub(crate) mod step;
pub(crate) mod values;
mod violations;
pub(crate) mod written;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use url::Url;

pub use self::file::{FileError, Problem};
pub use self::secret::Secret;
use self::written::Format;
pub use crate::domain::permissions::KeyPermissions;
pub use crate::domain::settings::{
    Accent, Branding, CustomRateLimits, LinkReuse, RateLimit, RateLimitPreset, RateLimits,
    Redirects, Settings, SuccessRedirects, UrlPolicy,
};
pub use crate::domain::webhook_settings::{
    DeliveryOrdering, RetryPreset, RetrySchedule, WebhookSettings,
};
use crate::seed::Seed;

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
    /// What the environment starts with, besides the organization to try things on. Default: nothing.
    pub seed: Seed,
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
            seed: Seed::default(),
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

/// The JSON Schema of configuration files, for editors.
#[must_use]
pub fn schema() -> String {
    schema_text::<Config>()
}

/// The JSON Schema of files that a [`Seed`] is read from, for editors.
#[must_use]
pub fn seed_schema() -> String {
    schema_text::<Seed>()
}

/// A schema with the key by which files name theirs.
fn schema_text<T: JsonSchema>() -> String {
    let mut schema = outline::schema_of::<T>();
    schema["properties"]["$schema"] = serde_json::json!({
        "type": "string",
        "description": "Where this schema is, for editors.",
    });
    format!("{schema:#}\n")
}

impl Config {
    /// Reads a file: YAML or JSON when its name ends so, else TOML. What it leaves out keeps its default.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read, is not in its format, has a key that does not exist or a value that cannot be used.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        file::load(path.as_ref(), Self::parse)
    }

    /// Reads a configuration from TOML text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Toml)
    }

    /// Reads a configuration from YAML text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_yaml(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Yaml)
    }

    /// Reads a configuration from JSON text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Json)
    }

    fn parse(text: &str, format: Format) -> Result<Self, Vec<Problem>> {
        file::read(text, format, |config: &Self| {
            let violations = config.violations().into_iter();
            violations
                .map(|violation| (violation.path, violation.message))
                .collect()
        })
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
