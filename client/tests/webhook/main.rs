//! Webhooks: what is accepted as WorkOS's, and what of an event is kept.

mod events;
#[cfg(feature = "axum")]
mod extractor;
mod signatures;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SECRET: &str = "whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha";

/// When the examples were signed.
const SIGNED: u64 = 1_767_323_045_678;

const BODY: &str = r#"{"object":"event","id":"event_1","event":"organization.created","created_at":"2026-01-02T03:04:05.678Z","data":{"name":"Acme"}}"#;

/// `printf '%s' "1767323045678.$BODY" | openssl dgst -sha256 -hmac "$SECRET"`
const SIGNATURE: &str = "d2482c50d3bcd8656cb7bb5414083bd32258280695d9b8cbd569a55eb979b2a3";

fn header() -> String {
    format!("t={SIGNED}, v1={SIGNATURE}")
}

fn signed() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(SIGNED)
}
