//! The command line, and the environment variables behind it.

mod check;
mod wait;
mod webhooks;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum, builder::styling};
use jiff::{SignedDuration, Timestamp};
use url::Url;

pub use self::check::{Check, Schema};
pub use self::wait::Wait;
use self::webhooks::WebhookOverrides;
use super::{
    Config, FileError, KeyConfig, LinkReuse, RateLimitPreset, RateLimits, Secret, UrlPolicy, values,
};
use crate::domain::redirect::RedirectUrl;
use crate::domain::settings::SuccessRedirects;
use crate::seed::Seed;

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Blue.on_default().bold())
    .usage(styling::AnsiColor::Blue.on_default().bold())
    .literal(styling::AnsiColor::Cyan.on_default())
    .placeholder(styling::AnsiColor::Cyan.on_default().dimmed());

const AFTER_HELP: &str = "What is set later wins: built-in defaults, the file, environment variables, flags.
Durations are ISO 8601 (PT5M) or words (\"5 minutes\"); instants are RFC 3339 (2026-01-31T09:30:00Z).";

/// A local mock of the WorkOS Admin Portal API, with a portal behind its links.
#[derive(Debug, Parser)]
#[command(name = "workos-portal-mock", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// Read settings from a TOML, YAML or JSON file.
    #[arg(
        long,
        value_name = "FILE",
        env = "WORKOS_PORTAL_MOCK_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,

    /// Start with what is in this file: a seed or a snapshot, in TOML, YAML or JSON.
    #[arg(
        long,
        value_name = "FILE",
        env = "WORKOS_PORTAL_MOCK_SEED",
        hide_env_values = true
    )]
    pub seed: Option<PathBuf>,

    /// Print one line of JSON on standard output instead of the welcome.
    #[arg(long, env = "WORKOS_PORTAL_MOCK_JSON", hide_env_values = true)]
    pub json: bool,

    /// Once the server listens, write that line of JSON to this file, and remove it when the server stops.
    #[arg(
        long,
        value_name = "FILE",
        env = "WORKOS_PORTAL_MOCK_READY_FILE",
        hide_env_values = true
    )]
    pub ready_file: Option<PathBuf>,

    /// What to log to standard error, as `level` or `target=level,…`.
    #[arg(
        long,
        value_name = "FILTER",
        env = "RUST_LOG",
        default_value = "warn",
        hide_env_values = true
    )]
    pub log: String,

    /// What to do in the place of serving.
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    overrides: Overrides,
}

/// What the program does in the place of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Print the OpenAPI document of the calls under /_mock.
    ControlApi,
    /// Wait until a server is ready.
    Wait(Wait),
    /// Say what is wrong in configuration files, each with its line and column.
    Check(Check),
    /// Print the JSON Schema of configuration files, with which editors complete them.
    Schema(Schema),
}

#[derive(Debug, clap::Args)]
#[expect(clippy::doc_markdown, reason = "these are texts for a terminal")]
struct Overrides {
    /// Listen here; port 0 takes any free one [default: 127.0.0.1:4100].
    #[arg(long, value_name = "ADDRESS", env = "WORKOS_PORTAL_MOCK_LISTEN", hide_env_values = true, value_parser = values::listen, help_heading = "Address")]
    listen: Option<SocketAddr>,
    /// Send webhooks to these hosts and read metadata there too, not only on this machine; several are separated by commas.
    #[arg(
        long,
        value_name = "HOST",
        env = "WORKOS_PORTAL_MOCK_DIAL_HOSTS",
        hide_env_values = true,
        value_delimiter = ',',
        help_heading = "Address"
    )]
    dial_hosts: Option<Vec<String>>,
    /// Answer control calls under these hosts too, not only under this machine's names; several are separated by commas.
    #[arg(
        long = "allow-host",
        value_name = "HOST",
        env = "WORKOS_PORTAL_MOCK_ALLOW_HOSTS",
        hide_env_values = true,
        value_delimiter = ',',
        help_heading = "Address"
    )]
    allow_hosts: Option<Vec<String>>,
    /// Make portal links start with this, where visitors come through a proxy [default: the address listened on].
    #[arg(long, value_name = "URL", env = "WORKOS_PORTAL_MOCK_PUBLIC_URL", hide_env_values = true, value_parser = values::origin, help_heading = "Address")]
    public_url: Option<Url>,

    /// Accept this API key; several are separated by commas [default: sk_test_default].
    // Taken as any text: an error of the parser would show the value.
    #[arg(long, value_name = "KEY", env = "WORKOS_PORTAL_MOCK_API_KEY", hide_env_values = true, value_delimiter = ',', value_parser = secret, help_heading = "Environment")]
    api_key: Option<Vec<Secret>>,
    /// The environment's client id [default: client_test_default].
    #[arg(
        long,
        value_name = "ID",
        env = "WORKOS_PORTAL_MOCK_CLIENT_ID",
        hide_env_values = true,
        help_heading = "Environment"
    )]
    client_id: Option<String>,
    /// Start with an organization to try things on [default: true].
    #[arg(long, value_name = "BOOL", env = "WORKOS_PORTAL_MOCK_TEST_ORGANIZATION", hide_env_values = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", help_heading = "Environment")]
    test_organization: Option<bool>,

    /// How many events are kept; beyond that the oldest go first [default: 100000].
    #[arg(
        long,
        value_name = "NUMBER",
        env = "WORKOS_PORTAL_MOCK_MAX_EVENTS",
        hide_env_values = true,
        help_heading = "Environment"
    )]
    max_events: Option<usize>,
    /// How many events of audit logs are kept; beyond that those that occurred first go first [default: 100000].
    #[arg(
        long,
        value_name = "NUMBER",
        env = "WORKOS_PORTAL_MOCK_MAX_AUDIT_LOG_EVENTS",
        hide_env_values = true,
        help_heading = "Environment"
    )]
    max_audit_log_events: Option<usize>,

    /// How often a portal link opens [default: single-use].
    #[arg(
        long,
        value_name = "WHEN",
        env = "WORKOS_PORTAL_MOCK_LINK_REUSE",
        hide_env_values = true,
        help_heading = "Portal"
    )]
    link_reuse: Option<Reuse>,
    /// How long a portal link can be opened [default: 5 minutes].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_LINK_TTL", hide_env_values = true, value_parser = values::lifetime, help_heading = "Portal")]
    link_ttl: Option<SignedDuration>,
    /// How long a setup link that is mailed to an IT contact can be opened [default: 30 days].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_SETUP_LINK_TTL", hide_env_values = true, value_parser = values::lifetime, help_heading = "Portal")]
    setup_link_ttl: Option<SignedDuration>,
    /// How long a portal session lives [default: 60 minutes].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_SESSION_TTL", hide_env_values = true, value_parser = values::lifetime, help_heading = "Portal")]
    session_ttl: Option<SignedDuration>,
    /// Where a visitor returns to when the link names no address.
    #[arg(long, value_name = "URL", env = "WORKOS_PORTAL_MOCK_RETURN_URL", hide_env_values = true, value_parser = redirect, help_heading = "Portal")]
    return_url: Option<RedirectUrl>,
    /// Where finishing leads when the link names no address, for the intents that have such a default (sso, dsync, log_streams).
    #[arg(long, value_name = "URL", env = "WORKOS_PORTAL_MOCK_SUCCESS_URL", hide_env_values = true, value_parser = redirect, help_heading = "Portal")]
    success_url: Option<RedirectUrl>,
    /// Which redirect addresses are accepted [default: local].
    #[arg(
        long,
        value_name = "POLICY",
        env = "WORKOS_PORTAL_MOCK_URL_POLICY",
        hide_env_values = true,
        help_heading = "Portal"
    )]
    url_policy: Option<Policy>,

    #[command(flatten)]
    webhooks: WebhookOverrides,

    /// How many requests are answered before a 429 [default: off].
    #[arg(
        long,
        value_name = "LIMITS",
        env = "WORKOS_PORTAL_MOCK_RATE_LIMITS",
        hide_env_values = true,
        help_heading = "Testing"
    )]
    rate_limits: Option<Limits>,
    /// Make ids and tokens repeatable.
    #[arg(
        long,
        value_name = "NUMBER",
        env = "WORKOS_PORTAL_MOCK_RANDOM_SEED",
        hide_env_values = true,
        help_heading = "Testing"
    )]
    random_seed: Option<u64>,
    /// Hold the clock still at this instant until it is moved.
    #[arg(long, value_name = "INSTANT", env = "WORKOS_PORTAL_MOCK_CLOCK", hide_env_values = true, value_parser = values::instant, help_heading = "Testing")]
    clock: Option<Timestamp>,
    /// Take away environments that nobody has asked for in this much real time [default: none].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_ENVIRONMENT_IDLE_TTL", hide_env_values = true, value_parser = values::lifetime, help_heading = "Testing")]
    environment_idle_ttl: Option<SignedDuration>,
    /// Demand this in the header WorkOS-Mock-Control-Token of every call to /_mock.
    #[arg(long, value_name = "TOKEN", env = "WORKOS_PORTAL_MOCK_CONTROL_TOKEN", hide_env_values = true, value_parser = secret, help_heading = "Testing")]
    control_token: Option<Secret>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Reuse {
    /// Once; its browser may come back.
    #[value(alias = "single_use")]
    SingleUse,
    /// Again and again, until it expires.
    #[value(alias = "until_expiry")]
    UntilExpiry,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Policy {
    /// http and https.
    Local,
    /// https only.
    Production,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Limits {
    /// None.
    Off,
    /// The rates that WorkOS documents.
    Production,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "clap wants a parser that can fail"
)]
fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text))
}

fn redirect(text: &str) -> Result<RedirectUrl, String> {
    RedirectUrl::parse(text, UrlPolicy::Local).map_err(|error| format!("the address {error}"))
}

/// Why a command line cannot be followed. `Display` is one message for a person, without secrets.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// Flags and environment variables do not go together with the rest.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
}

impl Cli {
    /// The configuration that this command line asks for: defaults, then the file, then environment variables and flags.
    ///
    /// # Errors
    /// [`CliError`] when the file or the whole cannot be used.
    pub fn configuration(&self) -> Result<Config, CliError> {
        let mut config = match &self.config {
            Some(path) => Config::from_file(path)?,
            None => Config::default(),
        };
        if let Some(path) = &self.seed {
            config.seed = Seed::from_file(path)?;
        }
        self.overrides.apply(&mut config);
        let violations = config.violations();
        if violations.is_empty() {
            return Ok(config);
        }
        Err(CliError::Invalid(
            violations.iter().map(ToString::to_string).collect(),
        ))
    }
}

impl Overrides {
    fn apply(&self, config: &mut Config) {
        fn set<T: Clone>(target: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                target.clone_from(value);
            }
        }
        fn fill<T: Clone>(target: &mut Option<T>, value: Option<&T>) {
            if value.is_some() {
                *target = value.cloned();
            }
        }
        set(&mut config.listen, self.listen.as_ref());
        fill(&mut config.public_url, self.public_url.as_ref());
        if let Some(keys) = &self.api_key {
            config.keys = keys
                .iter()
                .map(|key| KeyConfig::new(key.expose()))
                .collect();
        }
        set(&mut config.dial_hosts, self.dial_hosts.as_ref());
        set(&mut config.allow_hosts, self.allow_hosts.as_ref());
        set(&mut config.client_id, self.client_id.as_ref());
        set(
            &mut config.test_organization,
            self.test_organization.as_ref(),
        );
        set(&mut config.max_events, self.max_events.as_ref());
        set(
            &mut config.max_audit_log_events,
            self.max_audit_log_events.as_ref(),
        );
        set(
            &mut config.link_reuse,
            self.link_reuse.map(LinkReuse::from).as_ref(),
        );
        set(&mut config.link_ttl, self.link_ttl.as_ref());
        set(&mut config.setup_link_ttl, self.setup_link_ttl.as_ref());
        set(&mut config.session_ttl, self.session_ttl.as_ref());
        fill(&mut config.redirects.return_url, self.return_url.as_ref());
        if let Some(url) = &self.success_url {
            let everywhere = || Some(url.clone());
            config.redirects.success_url = SuccessRedirects {
                sso: everywhere(),
                dsync: everywhere(),
                log_streams: everywhere(),
            };
        }
        set(
            &mut config.url_policy,
            self.url_policy.map(UrlPolicy::from).as_ref(),
        );
        set(
            &mut config.rate_limits,
            self.rate_limits.map(RateLimits::from).as_ref(),
        );
        self.webhooks.apply(config);
        fill(&mut config.random_seed, self.random_seed.as_ref());
        fill(&mut config.clock, self.clock.as_ref());
        fill(
            &mut config.environment_idle_ttl,
            self.environment_idle_ttl.as_ref(),
        );
        fill(&mut config.control_token, self.control_token.as_ref());
    }
}

impl From<Reuse> for LinkReuse {
    fn from(reuse: Reuse) -> Self {
        match reuse {
            Reuse::SingleUse => Self::SingleUse,
            Reuse::UntilExpiry => Self::UntilExpiry,
        }
    }
}

impl From<Policy> for UrlPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Local => Self::Local,
            Policy::Production => Self::Production,
        }
    }
}

impl From<Limits> for RateLimits {
    fn from(limits: Limits) -> Self {
        Self::Preset(match limits {
            Limits::Off => RateLimitPreset::Off,
            Limits::Production => RateLimitPreset::Production,
        })
    }
}

#[cfg(test)]
mod tests;
