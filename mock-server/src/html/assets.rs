//! The stylesheets, the favicon and the inspector's script, served from the binary under names that change with their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

const STYLESHEET: &str = concat!(
    include_str!("../../templates/tokens.css"),
    include_str!("../../templates/portal.css")
);
const CONTROL: &str = include_str!("../../templates/control.css");
const INSPECTOR: &str = concat!(
    include_str!("../../templates/tokens.css"),
    include_str!("../../templates/inspector.css")
);
const FAVICON: &str = include_str!("../../templates/favicon.svg");

static STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| hashed("portal", STYLESHEET, "css"));
static CONTROL_PATH: LazyLock<String> = LazyLock::new(|| hashed("control", CONTROL, "css"));
static INSPECTOR_PATH: LazyLock<String> = LazyLock::new(|| hashed("inspector", INSPECTOR, "css"));
static FAVICON_PATH: LazyLock<String> = LazyLock::new(|| hashed("favicon", FAVICON, "svg"));

macro_rules! modules {
    ($($name:literal,)+) => {
        [$(($name, include_str!(concat!("../../inspector/", $name)))),+]
    };
}

/// The modules of the inspector's script, each by its name, by which they refer to each other.
const MODULES: [(&str, &str); 20] = modules![
    "api.js",
    "app.js",
    "dialogs.js",
    "dom.js",
    "format.js",
    "keys.js",
    "list.js",
    "main.js",
    "pieces.js",
    "stream.js",
    "views/clock.js",
    "views/deliveries.js",
    "views/environments.js",
    "views/events.js",
    "views/faults.js",
    "views/organizations.js",
    "views/outbox.js",
    "views/overview.js",
    "views/portal.js",
    "views/requests.js",
];

/// Where all of them are: under a name that changes with any of them.
static MODULES_PATH: LazyLock<String> = LazyLock::new(|| {
    let all: String = MODULES.iter().map(|(_, content)| *content).collect();
    hashed("inspector", &all, "js")
});
static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| format!("{}/main.js", *MODULES_PATH));

/// What every page refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) stylesheet: &'static str,
    pub(crate) favicon: &'static str,
    /// What the pages of the control API need besides.
    pub(crate) control: &'static str,
    /// The stylesheet of the inspector, which needs no other.
    pub(crate) inspector: &'static str,
    /// The first module of the inspector's script.
    pub(crate) inspector_script: &'static str,
}

impl Frame {
    pub(crate) fn new() -> Self {
        Self {
            stylesheet: &STYLESHEET_PATH,
            favicon: &FAVICON_PATH,
            control: &CONTROL_PATH,
            inspector: &INSPECTOR_PATH,
            inspector_script: &SCRIPT_PATH,
        }
    }
}

/// Serves the assets; they never change under their name, so a browser may keep them for good.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let modules = MODULES
        .iter()
        .fold(Router::new(), |router, &(name, content)| {
            let kind = "text/javascript; charset=utf-8";
            let path = format!("{}/{name}", *MODULES_PATH);
            router.route(&path, get(async move || asset(kind, content)))
        });
    modules
        .route(
            &INSPECTOR_PATH,
            get(async || asset("text/css; charset=utf-8", INSPECTOR)),
        )
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
    fn modules_refer_to_modules_alone() {
        for (name, content) in MODULES {
            let outside = content.replace("'http://www.w3.org/2000/svg'", "");
            assert!(!outside.contains("://"), "{name}");
            for import in content.lines().filter(|line| line.contains(" from '")) {
                let target = import.split('\'').nth(1).expect("a module");
                let target = target.trim_start_matches("./").trim_start_matches("../");
                let known = |(known, _): &(&str, &str)| {
                    known.trim_start_matches("views/") == target.trim_start_matches("views/")
                };
                assert!(MODULES.iter().any(known), "{name}: {import}");
            }
        }
    }

    #[test]
    fn nothing_outside_is_referred_to() {
        for asset in [
            STYLESHEET,
            CONTROL,
            INSPECTOR,
            FAVICON.trim_start_matches(r#"<svg xmlns="http://www.w3.org/2000/svg""#),
        ] {
            assert!(
                !asset.contains("://") && !asset.contains("url(") && !asset.contains("@import")
            );
        }
    }
}
