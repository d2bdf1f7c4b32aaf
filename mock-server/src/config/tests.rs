//! What a configuration file may say, and what is answered to one that says something else.

mod formats;
mod webhooks;

use jiff::SignedDuration;

use super::*;

fn read(text: &str) -> Config {
    Config::from_toml(text).expect("a valid configuration")
}

fn problems(text: &str) -> Vec<String> {
    Config::from_toml(text)
        .expect_err("an invalid configuration")
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn an_empty_file_changes_nothing() {
    assert_eq!(
        format!("{:?}", read("")),
        format!("{:?}", Config::default())
    );
}

#[test]
fn the_settings_default_to_those_of_an_environment() {
    assert_eq!(Config::default().settings(), Settings::default());
}

#[test]
fn everything_can_be_set() {
    let config = read(
        r#"
        listen = "localhost:0"
        public_url = "https://portal.example.test"
        client_id = "client_1"
        link_reuse = "until_expiry"
        link_ttl = "PT90S"
        session_ttl = "2 days"
        url_policy = "production"
        random_seed = 7
        clock = 2026-01-31T10:30:00+01:00
        control_token = "open-sesame"
        test_organization = false
        dial_hosts = ["idp.example.test"]
        events_lag = "3s"

        [webhooks]
        retries = ["10s", "PT1M", "1 day"]
        timeout = "2 minutes"
        ordering = "strict"
        max_deliveries = 5

        [redirects]
        return_url = "https://app.test/settings"
        success_url.dsync = "https://app.test/synced"

        [rate_limits]
        all = { requests = 2, per = "1m" }

        [[keys]]
        value = "sk_live_1"
        expires_at = "2026-02-01T00:00:00Z"

        [[keys]]
        value = "sk_live_2"
        revoked = true
        "#,
    );
    assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 0)));
    assert_eq!(
        config.public_url.as_ref().map(Url::as_str),
        Some("https://portal.example.test/")
    );
    assert_eq!(config.client_id, "client_1");
    assert_eq!(config.link_reuse, LinkReuse::UntilExpiry);
    assert_eq!(config.link_ttl, SignedDuration::from_secs(90));
    assert_eq!(config.session_ttl, SignedDuration::from_hours(48));
    assert_eq!(config.url_policy, UrlPolicy::Production);
    assert_eq!(config.random_seed, Some(7));
    assert_eq!(
        config.clock.map(|at| at.to_string()).as_deref(),
        Some("2026-01-31T09:30:00Z")
    );
    assert_eq!(
        config.control_token.as_ref().map(Secret::expose),
        Some("open-sesame")
    );
    assert!(!config.test_organization);
    assert_eq!(config.dial_hosts, ["idp.example.test"]);
    assert!(
        config.redirects.success_url.sso.is_none() && config.redirects.success_url.dsync.is_some()
    );
    assert_eq!(
        config.rate_limits.limits().all.map(|limit| limit.requests),
        Some(2)
    );
    assert_eq!(
        config.keys[0]
            .expires_at
            .map(|at| at.to_string())
            .as_deref(),
        Some("2026-02-01T00:00:00Z")
    );
    assert!(config.keys[1].revoked);
    let waits = [10, 60, 24 * 60 * 60].map(SignedDuration::from_secs);
    let webhooks = WebhookSettings {
        retries: RetrySchedule::Custom(waits.to_vec()),
        timeout: SignedDuration::from_mins(2),
        ordering: DeliveryOrdering::Strict,
        max_deliveries: 5,
    };
    assert_eq!(config.webhooks, webhooks);
    assert_eq!(config.events_lag, SignedDuration::from_secs(3));
    assert_eq!(config.settings().webhooks, webhooks);
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_one() {
    for (text, message) in [
        (
            "# comment\nlink_reuze = \"single_use\"",
            "2:1: unknown key `link_reuze`; did you mean `link_reuse`?",
        ),
        (
            "Link-TTL = \"5m\"",
            "1:1: unknown key `Link-TTL`; did you mean `link_ttl`?",
        ),
        (
            "[redirects]\nreturnurl = \"https://a.test\"",
            "2:1: unknown key `redirects.returnurl`; did you mean `return_url`?",
        ),
        (
            "[[keys]]\nvalue = \"a\"\n  expires = 1",
            "3:3: unknown key `keys[0].expires`; did you mean `expires_at`?",
        ),
        (
            "[rate_limits]\nal = {}",
            "2:1: unknown key `rate_limits.al`; did you mean `all`?",
        ),
        (
            "[webhooks]\nretrys = \"off\"",
            "2:1: unknown key `webhooks.retrys`; did you mean `retries`?",
        ),
        (
            "[webhooks]\nevents_lag = \"1s\"",
            "2:1: unknown key `webhooks.events_lag`; did you mean `events_lag`? It belongs above the first [table].",
        ),
        (
            "max_deliverys = 5",
            "1:1: unknown key `max_deliverys`; did you mean `webhooks.max_deliveries`?",
        ),
        (
            "rate_limits.all = { requests = 1, pre = \"1m\" }",
            "1:35: unknown key `rate_limits.all.pre`; did you mean `per`?",
        ),
    ] {
        assert_eq!(problems(text)[0], message, "{text}");
    }
}

#[test]
fn a_key_in_the_wrong_table_is_sent_to_the_right_one() {
    assert_eq!(
        problems("return_url = \"https://a.test\""),
        ["1:1: unknown key `return_url`; did you mean `redirects.return_url`?"]
    );
    assert_eq!(
        problems("[redirects]\nlink_ttl = \"5m\""),
        [
            "2:1: unknown key `redirects.link_ttl`; did you mean `link_ttl`? It belongs above the first [table]."
        ]
    );
}

#[test]
fn a_key_like_no_other_is_answered_with_all_of_them() {
    assert_eq!(
        problems("[redirects]\nzzz = 1"),
        ["2:1: unknown key `redirects.zzz`; valid keys here are `return_url`, `success_url`"]
    );
}

#[test]
fn everything_wrong_is_reported_at_once_and_in_order() {
    let found = problems("zz = 1\nlisten = \"nowhere\"\naa = 2");
    let places = found.iter().map(|problem| &problem[..4]);
    assert_eq!(places.collect::<Vec<_>>(), ["1:1:", "2:10", "3:1:"]);
    assert!(problems("zz = 1\naa = 2")[0].starts_with("1:1:"));
}

#[test]
fn a_bad_value_is_shown_with_what_is_expected() {
    for (text, message) in [
        (
            "listen = 4100",
            r#"1:10: bad value for `listen`: expected an address with a port, such as "127.0.0.1:4100", found 4100"#,
        ),
        (
            "\n link_ttl =  \"soon\"",
            r#"2:14: bad value for `link_ttl`: expected a duration such as "PT5M" or "5 minutes", found "soon""#,
        ),
        (
            "link_ttl = \"PT0S\"",
            r#"1:12: bad value for `link_ttl`: expected a duration such as "PT5M" or "5 minutes", found "PT0S""#,
        ),
        (
            "link_reuse = \"twice\"",
            r#"1:14: bad value for `link_reuse`: expected "single_use" or "until_expiry", found "twice""#,
        ),
        (
            "random_seed = -1",
            "1:15: bad value for `random_seed`: expected a whole number, not negative, found -1",
        ),
        (
            "test_organization = 1",
            "1:21: bad value for `test_organization`: expected true or false, found 1",
        ),
        (
            "clock = \"noon\"",
            r#"1:9: bad value for `clock`: expected an instant such as "2026-01-31T09:30:00Z", found "noon""#,
        ),
        (
            "rate_limits = \"fast\"",
            r#"1:15: bad value for `rate_limits`: expected "off", "production" or a table, found "fast""#,
        ),
        (
            "[rate_limits.all]\nrequests = 1\nper = \"x\"",
            r#"3:7: bad value for `rate_limits.all.per`: expected a duration such as "PT5M" or "5 minutes", found "x""#,
        ),
        (
            "dial_hosts = [\"a.test\", \"b.test:80\"]",
            r#"1:25: bad value for `dial_hosts[1]`: expected a host without a port, such as "idp.example.test""#,
        ),
        (
            "redirects = 5",
            "1:13: bad value for `redirects`: expected a table, found 5",
        ),
        (
            "[redirects]\nreturn_url = \"/x\"",
            r#"2:14: bad value for `redirects.return_url`: expected an absolute http or https address without credentials, found "/x""#,
        ),
        (
            "keys = []",
            "1:8: bad value for `keys`: at least one key is needed",
        ),
        (
            "[[keys]]\nvalue = \"a\"\nrevoked = \"yes\"",
            "3:11: bad value for `keys[0].revoked`: expected true or false, found \"yes\"",
        ),
        (
            "[[keys]]\nvalue = \"a\"\nexpires_at = 1979-05-27",
            r#"3:14: bad value for `keys[0].expires_at`: expected an instant such as "2026-01-31T09:30:00Z", found 1979-05-27"#,
        ),
        (
            "[[keys]]\nrevoked = true",
            "1:1: `keys[0].value` is missing",
        ),
        (
            "url_policy = \"production\"\nredirects.return_url = \"http://a.test\"",
            "2:24: bad value for `redirects.return_url`: expected an https address, because `url_policy` is \"production\"",
        ),
    ] {
        assert_eq!(problems(text), [message], "{text}");
    }
}

#[test]
fn no_message_repeats_a_secret() {
    for text in [
        "keys = \"sk_secret\"",
        "keys = [\"sk_secret\"]",
        "keys = [{ value = [\"sk_secret\"] }]",
        "keys = [{ valu = \"sk_secret\" }]",
        "keys = [{ value = \"sk_secret \" }]",
        "keys = [{ value = \"sk_secret\" }, { value = \"sk_secret\" }]",
        "control_token = [\"sk_secret\"]",
        "control_token = \"sk_secret\n\"",
        "control_token = \"sk_secret\\u00e9\"",
        "control_token = sk_secret",
    ] {
        let found = problems(text);
        assert!(
            !found.is_empty() && !found.iter().any(|problem| problem.contains("sk_secret")),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn debug_hides_secrets() {
    let config = read("control_token = \"sk_secret\"\nkeys = [{ value = \"sk_secret\" }]");
    assert!(!format!("{config:?}").contains("sk_secret"));
}

#[test]
fn what_is_no_toml_is_placed() {
    assert!(
        problems("listen = \n")[0].starts_with("1:10: not valid TOML: "),
        "{:?}",
        problems("listen = \n")
    );
    assert!(
        problems("a = 1\na = 2")[0].starts_with("2:1: not valid TOML: "),
        "{:?}",
        problems("a = 1\na = 2")
    );
}

#[test]
fn columns_count_characters() {
    assert!(
        problems("client_id = \"é\"; x")[0].starts_with("1:16:"),
        "{:?}",
        problems("client_id = \"é\"; x")
    );
}

#[test]
fn a_file_is_named_in_every_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mock.toml");
    std::fs::write(&path, "a = 1\nzz = 2\n").expect("a written file");
    let message = Config::from_file(&path).expect_err("invalid").to_string();
    let name = path.display().to_string();
    assert_eq!(message.lines().count(), 2);
    assert!(
        message.lines().all(|line| line.starts_with(&name)),
        "{message}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = Config::from_file(folder.path().join("none.toml"))
        .expect_err("missing")
        .to_string();
    assert!(
        missing.ends_with("none.toml: there is no such file"),
        "{missing}"
    );
    let directory = Config::from_file(folder.path())
        .expect_err("a directory")
        .to_string();
    assert!(directory.ends_with(": it is a directory"), "{directory}");
    let binary = folder.path().join("binary.toml");
    std::fs::write(&binary, [0xff, 0xfe]).expect("a written file");
    assert!(
        Config::from_file(binary)
            .expect_err("binary")
            .to_string()
            .ends_with("it is not UTF-8 text")
    );
}
