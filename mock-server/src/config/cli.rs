//! The command line, and the environment variables behind it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueEnum, builder::styling};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    Config, FileError, KeyConfig, LinkReuse, RateLimitPreset, RateLimits, Secret, UrlPolicy, values,
};
use crate::domain::redirect::RedirectUrl;
use crate::domain::settings::SuccessRedirects;

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
    /// Read settings from a TOML file.
    #[arg(
        long,
        value_name = "FILE",
        env = "WORKOS_PORTAL_MOCK_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,

    /// Print one line of JSON on standard output instead of the welcome.
    #[arg(long, env = "WORKOS_PORTAL_MOCK_JSON", hide_env_values = true)]
    pub json: bool,

    /// What to log to standard error, as `level` or `target=level,…`.
    #[arg(
        long,
        value_name = "FILTER",
        env = "RUST_LOG",
        default_value = "warn",
        hide_env_values = true
    )]
    pub log: String,

    #[command(flatten)]
    overrides: Overrides,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::doc_markdown, reason = "these are texts for a terminal")]
struct Overrides {
    /// Listen here; port 0 takes any free one [default: 127.0.0.1:4100].
    #[arg(long, value_name = "ADDRESS", env = "WORKOS_PORTAL_MOCK_LISTEN", hide_env_values = true, value_parser = values::listen, help_heading = "Address")]
    listen: Option<SocketAddr>,
    /// Read metadata and discovery documents from these hosts too, not only from this machine; several are separated by commas.
    #[arg(
        long,
        value_name = "HOST",
        env = "WORKOS_PORTAL_MOCK_DIAL_HOSTS",
        hide_env_values = true,
        value_delimiter = ',',
        help_heading = "Address"
    )]
    dial_hosts: Option<Vec<String>>,
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
        fill(&mut config.random_seed, self.random_seed.as_ref());
        fill(&mut config.clock, self.clock.as_ref());
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
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(arguments: &[&str]) -> Cli {
        Cli::try_parse_from(std::iter::once(&"mock").chain(arguments))
            .expect("a valid command line")
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_environment_variable_and_hides_its_value() {
        for argument in Cli::command()
            .get_arguments()
            .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
        {
            assert!(argument.get_env().is_some(), "{}", argument.get_id());
            assert!(argument.is_hide_env_values_set(), "{}", argument.get_id());
        }
    }

    #[test]
    fn flags_replace_what_the_file_says() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mock.toml");
        std::fs::write(&path, "link_ttl = \"1m\"\nsession_ttl = \"2m\"\nkeys = [{ value = \"sk_file\", revoked = true }]\n")
            .expect("a written file");
        let path = path.to_str().expect("a plain path");
        let config = parsed(&[
            "--config",
            path,
            "--link-ttl",
            "7m",
            "--api-key",
            "sk_a,sk_b",
        ])
        .configuration()
        .expect("valid");
        assert_eq!(config.link_ttl, SignedDuration::from_mins(7));
        assert_eq!(config.session_ttl, SignedDuration::from_mins(2));
        let keys: Vec<_> = config
            .keys
            .iter()
            .map(|key| (key.value.expose(), key.revoked))
            .collect();
        assert_eq!(keys, [("sk_a", false), ("sk_b", false)]);
    }

    #[test]
    fn hosts_to_dial_are_hosts() {
        let hosts = |text| parsed(&["--dial-hosts", text]).configuration();
        let config = hosts("idp.test,192.0.2.1").expect("valid");
        assert_eq!(config.dial_hosts, ["idp.test", "192.0.2.1"]);
        assert_eq!(
            hosts("idp.test,https://a.test")
                .expect_err("invalid")
                .to_string(),
            "bad value for `dial_hosts[1]`: expected a host without a port, such as \"idp.example.test\""
        );
    }

    #[test]
    fn a_secret_that_cannot_be_used_is_not_repeated() {
        let error = parsed(&["--api-key", "sk with spaces", "--control-token", "ké"])
            .configuration()
            .expect_err("invalid");
        assert_eq!(
            error.to_string(),
            "bad value for `control_token`: expected 1 to 512 visible ASCII characters\n\
             bad value for `keys[0].value`: expected 1 to 512 visible ASCII characters"
        );
        assert!(!format!("{error:?}").contains("spaces"));
    }

    #[test]
    fn a_success_address_is_the_default_of_each_intent_that_has_one() {
        let config = parsed(&["--success-url", "https://app.test/done"])
            .configuration()
            .expect("valid");
        let success = config.redirects.success_url;
        assert!(
            success.sso.is_some()
                && success.sso == success.dsync
                && success.dsync == success.log_streams
        );
    }

    #[test]
    fn how_many_events_are_kept_is_said_and_can_be_changed() {
        let help = Cli::command().render_long_help().to_string();
        // Its lines are as wide as the terminal.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let max_events = Config::default().max_events;
        assert!(help.contains(&format!("the oldest go first [default: {max_events}]")));
        let max_audit_log_events = Config::default().max_audit_log_events;
        assert!(help.contains(&format!(
            "those that occurred first go first [default: {max_audit_log_events}]"
        )));
        let config = parsed(&["--max-events", "5", "--max-audit-log-events", "6"])
            .configuration()
            .expect("valid");
        assert_eq!((config.max_events, config.max_audit_log_events), (5, 6));
    }

    #[test]
    fn the_test_organization_can_be_left_out() {
        assert!(
            parsed(&["--test-organization"])
                .configuration()
                .expect("valid")
                .test_organization
        );
        assert!(
            !parsed(&["--test-organization", "false"])
                .configuration()
                .expect("valid")
                .test_organization
        );
    }
}
