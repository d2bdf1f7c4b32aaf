//! What a configuration file may say of webhooks.

use super::*;

#[test]
fn retries_have_names_too() {
    for (text, preset) in [
        ("staging", RetryPreset::Staging),
        ("production", RetryPreset::Production),
        ("off", RetryPreset::Off),
    ] {
        let config = read(&format!("webhooks.retries = \"{text}\""));
        assert_eq!(config.webhooks.retries, RetrySchedule::Preset(preset));
        assert_eq!(config.webhooks.timeout, WebhookSettings::default().timeout);
    }
    let none = read("[webhooks]\nretries = []").webhooks.retries;
    assert_eq!(none, RetrySchedule::Custom(Vec::new()));
}

#[test]
fn a_bad_value_about_webhooks_is_shown_with_what_is_expected() {
    for (text, message) in [
        (
            "webhooks = \"off\"",
            "1:12: bad value for `webhooks`: expected a table, found \"off\"",
        ),
        (
            "[webhooks]\nretries = \"fast\"",
            r#"2:11: bad value for `webhooks.retries`: expected "off", "staging", "production" or a list, found "fast""#,
        ),
        (
            "[webhooks]\nretries = 5",
            r#"2:11: bad value for `webhooks.retries`: expected "off", "staging", "production" or a list, found 5"#,
        ),
        (
            "[webhooks]\nretries = [\"1s\", \"soon\"]",
            r#"2:18: bad value for `webhooks.retries[1]`: expected a duration such as "PT5M" or "5 minutes", found "soon""#,
        ),
        (
            "[webhooks]\nretries = [\"1s\", \"0s\"]",
            r#"2:18: bad value for `webhooks.retries[1]`: expected a duration such as "PT5M" or "5 minutes", found "0s""#,
        ),
        (
            "[webhooks]\nretries = [\"1s\", \"P3651D\"]",
            "2:18: bad value for `webhooks.retries[1]`: expected a duration longer than zero and no longer than 3650 days",
        ),
        (
            "[webhooks]\ntimeout = 5",
            r#"2:11: bad value for `webhooks.timeout`: expected a duration such as "PT5M" or "5 minutes", found 5"#,
        ),
        (
            "[webhooks]\ntimeout = \"601s\"",
            "2:11: bad value for `webhooks.timeout`: expected a duration longer than zero and no longer than 10 minutes",
        ),
        (
            "[webhooks]\nordering = \"random\"",
            r#"2:12: bad value for `webhooks.ordering`: expected "relaxed" or "strict", found "random""#,
        ),
        (
            "[webhooks]\nmax_deliveries = -1",
            "2:18: bad value for `webhooks.max_deliveries`: expected a whole number, not negative, found -1",
        ),
        (
            "events_lag = \"-1s\"",
            "1:14: bad value for `events_lag`: expected a duration from zero to 1 hour",
        ),
        (
            "events_lag = \"61m\"",
            "1:14: bad value for `events_lag`: expected a duration from zero to 1 hour",
        ),
        (
            "events_lag = \"soon\"",
            r#"1:14: bad value for `events_lag`: expected a duration such as "PT5M" or "5 minutes", found "soon""#,
        ),
    ] {
        assert_eq!(problems(text), [message], "{text}");
    }
}

#[test]
fn retries_are_a_hundred_at_most() {
    let waits = |count: usize| format!("webhooks.retries = [{}]", "\"1s\",".repeat(count));
    assert!(Config::from_toml(&waits(100)).is_ok());
    assert_eq!(
        problems(&waits(101)),
        ["1:20: bad value for `webhooks.retries`: expected at most 100 waits"]
    );
}
