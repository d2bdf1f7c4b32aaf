//! What the settings of a new environment cannot be: each refusal names the member and what it may be.

use reqwest::Method;
use serde_json::{Value, json};

use crate::config::Config;

async fn refused(body: &Value) -> Vec<String> {
    let server = super::server(Config::default()).await;
    let call = super::call(&server, Method::POST, "/_mock/environments").json(body);
    let (status, body) = super::answer(call).await;
    assert_eq!(
        (status, &body["code"]),
        (422, &json!("invalid_request_parameters")),
        "{body}"
    );
    let errors = body["errors"].as_array().expect("errors");
    let line = |error: &Value| {
        format!(
            "{}: {}",
            error["code"].as_str().expect("a code"),
            error["message"].as_str().expect("a message")
        )
    };
    errors.iter().map(line).collect()
}

#[tokio::test]
async fn durations_have_to_last() {
    let settings = json!({
        "link_ttl": "PT0S",
        "setup_link_ttl": "P3651D",
        "session_ttl": "soon",
        "rate_limits": {"all": {"requests": 5_000_000_000_u64, "per": "-PT1S"}},
        "webhooks": {"retries": ["10s", "PT0S"], "timeout": 5},
        "events_lag": "-1s",
    });
    assert_eq!(
        refused(&json!({ "settings": settings })).await,
        [
            "settings_link_ttl_out_of_range: settings.link_ttl must be longer than zero and at most 3650 days.",
            "settings_setup_link_ttl_out_of_range: settings.setup_link_ttl must be longer than zero and at most 3650 days.",
            "settings_session_ttl_invalid_format: settings.session_ttl must be a duration such as \"PT5M\" or \"5 minutes\".",
            "settings_rate_limits_all_requests_out_of_range: settings.rate_limits.all.requests must be between 0 and 4294967295.",
            "settings_rate_limits_all_per_out_of_range: settings.rate_limits.all.per must be longer than zero and at most 3650 days.",
            "settings_webhooks_retries_out_of_range: settings.webhooks.retries.1 must be longer than zero and at most 3650 days.",
            "settings_webhooks_timeout_invalid_type: settings.webhooks.timeout must be a duration such as \"PT5M\" or \"5 minutes\".",
            "settings_events_lag_out_of_range: settings.events_lag must be at least zero and at most 1h.",
        ]
    );
}

#[tokio::test]
async fn a_choice_says_what_there_is_to_choose() {
    for (settings, expected) in [
        (
            json!({"rate_limits": "of"}),
            "settings_rate_limits_invalid_value: settings.rate_limits must be off, production or an object.",
        ),
        (
            json!({"rate_limits": 5}),
            "settings_rate_limits_invalid_type: settings.rate_limits must be off, production or an object.",
        ),
        (
            json!({"rate_limits": {"al": null}}),
            "settings_rate_limits_unknown: settings.rate_limits.al is no member: there are all, delete_organization, directory_users.",
        ),
        (
            json!({"webhooks": {"retries": "quick"}}),
            "settings_webhooks_retries_invalid_value: settings.webhooks.retries must be off, staging, production or a list.",
        ),
        (
            json!({"link_reuse": "single-use"}),
            "settings_link_reuse_invalid_value: settings.link_reuse must be one of single_use, until_expiry. Did you mean single_use?",
        ),
        (
            json!({"link_tl": "PT5M"}),
            "settings_unknown: settings.link_tl is no member: there are link_reuse, link_ttl, setup_link_ttl, session_ttl, \
             rate_limits, redirects, url_policy, branding, max_events, max_audit_log_events, max_requests, webhooks, events_lag. Did you mean link_ttl?",
        ),
        (
            json!({"branding": {"accent": "red", "logo_text": "ABCDE"}}),
            "settings_branding_logo_text_too_long: settings.branding.logo_text must have at most 4 characters.",
        ),
        (
            json!({"branding": {"accent": "red"}}),
            "settings_branding_accent_invalid_format: settings.branding.accent must be a colour such as \"#3a4fd0\".",
        ),
        (
            json!({"redirects": {"return_url": "ftp://a.test"}}),
            "settings_redirects_return_url_invalid_format: settings.redirects.return_url must be an absolute http or https URL without a user name.",
        ),
        (
            json!({"url_policy": "production", "redirects": {"success_url": {"sso": "http://a.test"}}}),
            "settings_redirects_success_url_sso_invalid_value: settings.redirects.success_url.sso must be an https address: \
             settings.url_policy is production.",
        ),
    ] {
        let told = refused(&json!({ "settings": settings })).await;
        assert_eq!(told.first().map(String::as_str), Some(expected), "{told:?}");
    }
}

#[tokio::test]
async fn what_is_allowed_is_taken() {
    let server = super::server(Config::default()).await;
    let settings = json!({
        "link_ttl": "P1D",
        "rate_limits": {"all": {"requests": 2, "per": "1 day"}},
        "webhooks": {"retries": ["10s", "P2D"], "timeout": "2s"},
        "branding": {"name": "Acme", "logo_text": "AC", "accent": "#3A4fd0"},
        "url_policy": "production",
        "redirects": {"return_url": "https://app.example/done"},
    });
    for settings in [settings, json!({}), json!({"rate_limits": "production"})] {
        let body = json!({ "settings": settings });
        let call = super::call(&server, Method::POST, "/_mock/environments").json(&body);
        let (status, made) = super::answer(call).await;
        assert_eq!(status, 201, "{made}");
    }
}
