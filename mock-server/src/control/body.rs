//! Bodies of control calls.

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use super::answer::Refusal;
use crate::json::{parse, problem};
use crate::state::AppState;

/// The body as JSON, of at most `largest` bytes.
///
/// # Errors
/// It is not declared as JSON or is none, is too large, or does not come in time.
pub(super) async fn read(
    state: &AppState,
    headers: &HeaderMap,
    body: Body,
    largest: usize,
) -> Result<Value, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::NotJson);
    }
    let bytes = tokio::time::timeout(state.body_timeout, to_bytes(body, largest))
        .await
        .map_err(|_| Refusal::TooSlow)?
        .map_err(|_| Refusal::TooLarge)?;
    let text = str::from_utf8(&bytes)
        .map_err(|_| Refusal::MalformedJson("The body is not valid UTF-8.".to_owned()))?;
    parse(text).map_err(|error| Refusal::MalformedJson(format!("The body {}.", problem(&error))))
}
