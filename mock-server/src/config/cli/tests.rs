//! The command line: what it asks for, and what it does not say.

use clap::CommandFactory;

use super::*;
use crate::config::{DeliveryOrdering, RetryPreset, RetrySchedule, WebhookSettings};

fn parsed(arguments: &[&str]) -> Cli {
    Cli::try_parse_from(std::iter::once(&"mock").chain(arguments)).expect("a valid command line")
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
fn webhooks_are_set_by_flags() {
    let config = parsed(&[
        "--webhook-retries",
        "10s, 1m,P1D",
        "--webhook-timeout",
        "30s",
        "--webhook-ordering",
        "strict",
        "--max-deliveries",
        "7",
        "--events-lag",
        "5s",
    ]);
    let config = config.configuration().expect("valid");
    let waits = [10, 60, 24 * 60 * 60].map(SignedDuration::from_secs);
    let webhooks = WebhookSettings {
        retries: RetrySchedule::Custom(waits.to_vec()),
        timeout: SignedDuration::from_secs(30),
        ordering: DeliveryOrdering::Strict,
        max_deliveries: 7,
    };
    assert_eq!(config.webhooks, webhooks);
    assert_eq!(config.events_lag, SignedDuration::from_secs(5));
    for (text, preset) in [
        ("off", RetryPreset::Off),
        ("staging", RetryPreset::Staging),
        ("production", RetryPreset::Production),
    ] {
        let config = parsed(&["--webhook-retries", text]).configuration();
        let retries = config.expect("valid").webhooks.retries;
        assert_eq!(retries, RetrySchedule::Preset(preset));
    }
}

#[test]
fn webhooks_that_cannot_be_so_are_refused() {
    for (flag, value, expected) in [
        (
            "--webhook-retries",
            "fast",
            "expected staging, production, off or waits such as 10s,1m",
        ),
        ("--webhook-retries", "", "expected staging"),
        ("--webhook-retries", "10s,,1m", "expected staging"),
        ("--webhook-retries", "0s", "longer than zero"),
        ("--webhook-timeout", "5", "a duration such as"),
        ("--webhook-ordering", "random", "relaxed, strict"),
        ("--max-deliveries", "-1", ""),
        ("--events-lag", "soon", "a duration such as"),
    ] {
        let error = Cli::try_parse_from(["mock", &format!("{flag}={value}")]);
        let error = error.expect_err(value).to_string();
        assert!(error.contains(expected), "{error}");
    }
    for (flag, value, expected) in [
        (
            "--webhook-timeout",
            "11m",
            "bad value for `webhooks.timeout`: expected a duration longer than zero and no longer than 10 minutes",
        ),
        (
            "--events-lag",
            "-1s",
            "bad value for `events_lag`: expected a duration from zero to 1 hour",
        ),
    ] {
        let error = parsed(&[&format!("{flag}={value}")]).configuration();
        assert_eq!(error.expect_err(value).to_string(), expected);
    }
}

#[test]
fn what_webhooks_are_like_otherwise_is_said() {
    let help = Cli::command().render_long_help().to_string();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let usual = WebhookSettings::default();
    let timeout = usual.timeout.as_secs();
    assert!(help.contains(&format!("in real time [default: {timeout} seconds]")));
    let most = usual.max_deliveries;
    assert!(help.contains(&format!(
        "beyond that the oldest go first [default: {most}]"
    )));
    assert_eq!(usual.retries, RetrySchedule::Preset(RetryPreset::Staging));
    assert!(help.contains("such as 10s,1m,1h [default: staging]"));
    assert_eq!(usual.ordering, DeliveryOrdering::Relaxed);
    assert!(help.contains("the ones behind it [default: relaxed]"));
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

#[test]
fn hosts_to_answer_under_and_the_life_of_idle_environments_are_checked() {
    let config = |arguments: &[&str]| parsed(arguments).configuration();
    let arguments = [
        "--allow-host",
        "mock,192.0.2.1",
        "--environment-idle-ttl",
        "30 minutes",
    ];
    let read = config(&arguments).expect("valid");
    assert_eq!(read.allow_hosts, ["mock", "192.0.2.1"]);
    assert_eq!(
        read.environment_idle_ttl,
        Some(SignedDuration::from_mins(30))
    );
    assert_eq!(
        config(&["--allow-host", "mock:4100"])
            .expect_err("invalid")
            .to_string(),
        "bad value for `allow_hosts[0]`: expected a host without a port, such as \"idp.example.test\""
    );
    let file = Config::from_toml("allow_hosts = [\"mock\"]\nenvironment_idle_ttl = \"PT1H\"");
    let file = file.expect("valid");
    assert_eq!(
        file.environment_idle_ttl,
        Some(SignedDuration::from_hours(1))
    );
    assert!(Config::from_toml("environment_idle_ttl = \"PT0S\"").is_err());
}
