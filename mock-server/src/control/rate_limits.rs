//! `/_mock/rate_limits`: how many requests are answered before a 429.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use super::call::Call;
use super::route::Route;
use crate::domain::settings::{CustomRateLimits, RateLimit, RateLimitPreset, RateLimits};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/rate_limits",
            "show_rate_limits",
            "Shows how many requests are answered before a 429.",
            |call| Box::pin(async move { Ok(show(&call)) }),
        )
        .answers::<RateLimitsView>(200, "The limits."),
        Route::new(
            Method::PUT,
            "/_mock/rate_limits",
            "set_rate_limits",
            "Sets how many requests are answered before a 429.",
            |call| Box::pin(async move { set(&call) }),
        )
        .description("What was counted before is forgotten. A reset brings the limits back that the environment began with.")
        .body::<RateLimitsToBe>()
        .example("as WorkOS documents them", r#"{"rate_limits": "production"}"#)
        .example(
            "two requests a minute",
            r#"{"rate_limits": {"all": {"requests": 2, "per": "PT1M"}}}"#,
        )
        .answers::<RateLimitsView>(200, "The limits as they are now."),
    ]
}

/// Limits to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimitsToBe {
    /// `off`, `production` for the numbers that `WorkOS` documents, or a table of own limits.
    rate_limits: RateLimits,
}

/// How many requests are answered before a 429.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RateLimitsInForce")]
pub(super) struct RateLimitsView {
    /// Always `rate_limits`.
    object: &'static str,
    /// As they were set.
    #[schemars(with = "AsSet")]
    rate_limits: RateLimits,
    /// What that comes to; what is `null` is unlimited.
    #[schemars(with = "LimitsInForce")]
    limits: CustomRateLimits,
}

/// A named set of limits, or limits of one's own.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "this is the schema of what is answered")]
enum AsSet {
    Preset(RateLimitPreset),
    Own(LimitsInForce),
}

/// So many requests in each window; what is `null` is unlimited.
#[derive(Serialize, JsonSchema)]
struct LimitsInForce {
    /// Over every request, for each API key.
    all: Option<RateLimit>,
    /// Over deletions of organizations, for each API key.
    delete_organization: Option<RateLimit>,
    /// Over requests to `/directory_users`, for each directory.
    directory_users: Option<RateLimit>,
}

fn show(call: &Call) -> Response {
    let rate_limits = call.environment.rate_limits();
    let view = RateLimitsView {
        object: "rate_limits",
        limits: rate_limits.limits(),
        rate_limits,
    };
    Json(view).into_response()
}

fn set(call: &Call) -> Result<Response, Refusal> {
    let RateLimitsToBe { rate_limits } = call.body()?;
    call.environment.limit_rates(rate_limits);
    Ok(show(call))
}
