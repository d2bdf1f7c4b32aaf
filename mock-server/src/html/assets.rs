//! The stylesheets and the favicon, served from the binary under names that change with their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

const STYLESHEET: &str = include_str!("../../templates/portal.css");
const CONTROL: &str = include_str!("../../templates/control.css");
const FAVICON: &str = include_str!("../../templates/favicon.svg");

static STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| hashed("portal", STYLESHEET, "css"));
static CONTROL_PATH: LazyLock<String> = LazyLock::new(|| hashed("control", CONTROL, "css"));
static FAVICON_PATH: LazyLock<String> = LazyLock::new(|| hashed("favicon", FAVICON, "svg"));

/// What every page refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) stylesheet: &'static str,
    pub(crate) favicon: &'static str,
    /// What the pages of the control API need besides.
    pub(crate) control: &'static str,
}

impl Frame {
    pub(crate) fn new() -> Self {
        Self {
            stylesheet: &STYLESHEET_PATH,
            favicon: &FAVICON_PATH,
            control: &CONTROL_PATH,
        }
    }
}

/// Serves the assets; they never change under their name, so a browser may keep them for good.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(
            &STYLESHEET_PATH,
            get(async || asset("text/css; charset=utf-8", STYLESHEET)),
        )
        .route(
            &CONTROL_PATH,
            get(async || asset("text/css; charset=utf-8", CONTROL)),
        )
        .route(&FAVICON_PATH, get(async || asset("image/svg+xml", FAVICON)))
}

fn asset(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}

fn hashed(name: &str, content: &str, extension: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let mut hash = String::new();
    for byte in digest.iter().take(6) {
        let _ = write!(hash, "{byte:02x}");
    }
    format!("/portal/assets/{name}.{hash}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_its_content() {
        let name = hashed("portal", "a", "css");
        assert_eq!(name, "/portal/assets/portal.ca978112ca1b.css");
        assert_ne!(name, hashed("portal", "b", "css"));
    }

    #[test]
    fn nothing_outside_is_referred_to() {
        for asset in [
            STYLESHEET,
            CONTROL,
            FAVICON.trim_start_matches(r#"<svg xmlns="http://www.w3.org/2000/svg""#),
        ] {
            assert!(
                !asset.contains("://") && !asset.contains("url(") && !asset.contains("@import")
            );
        }
    }
}
