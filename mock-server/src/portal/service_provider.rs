//! `/sso/saml/…/metadata`: this side of a SAML connection, for identity providers that read metadata. It holds nothing that
//! is secret, and needs no key.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::domain::ids::{EnvironmentId, Id as _};
use crate::service::connection_setup;
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/sso/saml/{environment}/{key}/metadata", get(metadata))
}

#[derive(Template)]
#[template(path = "sp-metadata.xml")]
struct Metadata {
    entity_id: String,
    acs_url: String,
    /// In Base64.
    signing: Vec<String>,
    encryption: Vec<String>,
}

async fn metadata(
    State(state): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    // A path that is no text names no connection.
    let (environment, key) = path.map(|Path(path)| path).unwrap_or_default();
    let environment = EnvironmentId::parse(&environment);
    let environment = environment.and_then(|id| state.environments.by_id(&id));
    let published = environment
        .and_then(|environment| connection_setup::published(&environment, &key, &state.public_url));
    let Some(published) = published else {
        return (StatusCode::NOT_FOUND, Json(json!({"message": "Not Found"}))).into_response();
    };
    let template = Metadata {
        entity_id: writable(&published.provider.entity_id),
        acs_url: writable(&published.provider.acs_url),
        signing: published
            .signing
            .iter()
            .map(|one| one.x509.base64())
            .collect(),
        encryption: published
            .encryption
            .iter()
            .map(|one| one.x509.base64())
            .collect(),
    };
    let headers = [
        (CONTENT_TYPE, "application/samlmetadata+xml"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match template.render() {
        Ok(xml) => (headers, xml).into_response(),
        Err(error) => {
            tracing::error!(%error, "metadata could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Without the characters that XML has no way to write.
fn writable(text: &str) -> String {
    let is_writable = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_writable).collect()
}
