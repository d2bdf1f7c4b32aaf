//! Icons for a provider picker: drawings of our own, a tile with a monogram for each slug that `WorkOS` files an icon under.
//! They need no key and may be fetched from any page.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::state::AppState;

/// Slug and name of every icon: those of the connection types, then those of the directory types, then those of the
/// destinations of log streams.
const ICONS: &[(&str, &str)] = &[
    ("google", "Google"),
    ("microsoft", "Microsoft"),
    ("apple", "Apple"),
    ("bitbucket", "Bitbucket"),
    ("discord", "Discord"),
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("grok", "Grok"),
    ("intuit", "Intuit"),
    ("linkedin", "LinkedIn"),
    ("salesforce", "Salesforce"),
    ("slack", "Slack"),
    ("vercel", "Vercel"),
    ("x", "X"),
    ("xero", "Xero"),
    ("ad-fs", "AD FS"),
    ("adp", "ADP"),
    ("auth0", "Auth0"),
    ("azure", "Entra ID"),
    ("cas", "CAS"),
    ("classlink", "ClassLink"),
    ("clever", "Clever"),
    ("cloudflare", "Cloudflare"),
    ("cyberark", "CyberArk"),
    ("duo", "Duo"),
    ("generic-oidc", "OpenID Connect"),
    ("generic-saml", "SAML"),
    ("google-cloud", "Google Cloud"),
    ("jumpcloud", "JumpCloud"),
    ("keycloak", "Keycloak"),
    ("lastpass", "LastPass"),
    ("login-gov", "Login.gov"),
    ("miniorange", "miniOrange"),
    ("net-iq", "NetIQ"),
    ("okta", "Okta"),
    ("onelogin", "OneLogin"),
    ("oracle", "Oracle"),
    ("ping-identity", "Ping Identity"),
    ("rippling", "Rippling"),
    ("shibboleth", "Shibboleth"),
    ("simple-saml-php", "SimpleSAMLphp"),
    ("vmware", "VMware"),
    ("test-idp", "Test Identity Provider"),
    ("access-people-hr", "Access People HR"),
    ("bamboo-hr", "BambooHR"),
    ("breathe-hr", "Breathe HR"),
    ("cezanne-hr", "Cezanne HR"),
    ("fourth", "Fourth"),
    ("generic-scim", "SCIM"),
    ("hibob", "HiBob"),
    ("personio", "Personio"),
    ("s3", "Amazon S3"),
    ("sailpoint", "SailPoint"),
    ("sftp", "SFTP"),
    ("workday", "Workday"),
    ("datadog", "Datadog"),
    ("splunk", "Splunk"),
    ("snowflake", "Snowflake"),
    ("generic-https", "HTTPS"),
];

/// The background that an icon is drawn for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Theme {
    Light,
    Dark,
}

/// Saturation and lightness of what is drawn; the hue is the slug's.
struct Palette {
    tile: &'static str,
    edge: &'static str,
    letters: &'static str,
}

#[derive(Template)]
#[template(path = "provider-icon.svg")]
struct Drawing<'a> {
    name: &'a str,
    monogram: String,
    size: u8,
    hue: u16,
    palette: Palette,
}

#[derive(Serialize)]
struct ListedIcon {
    slug: &'static str,
    name: &'static str,
    light: String,
    dark: String,
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/provider-icons.json", get(list))
        .route("/provider-icons/{theme}/{file}", get(icon))
}

async fn list(State(state): State<AppState>) -> Response {
    let address = |theme, slug| format!("{}/provider-icons/{theme}/{slug}.svg", state.public_url);
    let icons: Vec<ListedIcon> = ICONS
        .iter()
        .map(|&(slug, name)| ListedIcon {
            slug,
            name,
            light: address("light", slug),
            dark: address("dark", slug),
        })
        .collect();
    (
        [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (CACHE_CONTROL, "no-cache"),
        ],
        Json(icons),
    )
        .into_response()
}

async fn icon(path: Result<Path<(String, String)>, PathRejection>) -> Response {
    // A path that is no text names no icon.
    let (theme, file) = path.map(|Path(path)| path).unwrap_or_default();
    let theme = match theme.as_str() {
        "light" => Some(Theme::Light),
        "dark" => Some(Theme::Dark),
        _ => None,
    };
    let found = file
        .strip_suffix(".svg")
        .and_then(|slug| ICONS.iter().find(|(known, _)| *known == slug));
    let (Some(theme), Some((slug, name))) = (theme, found) else {
        return (StatusCode::NOT_FOUND, Json(json!({"message": "Not Found"}))).into_response();
    };
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=86400"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match drawing(slug, name, theme).render() {
        Ok(svg) => (headers, svg).into_response(),
        Err(error) => {
            tracing::error!(%error, slug, "an icon could not be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn drawing<'a>(slug: &str, name: &'a str, theme: Theme) -> Drawing<'a> {
    let palette = match theme {
        Theme::Light => Palette {
            tile: "40%,94%",
            edge: "32%,84%",
            letters: "42%,34%",
        },
        Theme::Dark => Palette {
            tile: "26%,22%",
            edge: "22%,33%",
            letters: "52%,82%",
        },
    };
    let monogram = monogram(name);
    let size = if monogram.chars().count() > 2 { 14 } else { 19 };
    Drawing {
        name,
        monogram,
        size,
        hue: hue(slug),
        palette,
    }
}

/// One to three letters: a short name as it is, else the first letters of its parts.
fn monogram(name: &str) -> String {
    let parts: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [only] if only.len() <= 3 => (*only).to_owned(),
        [only] => {
            let mut letters = only.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            let next = letters
                .clone()
                .find(|c| c.is_uppercase() || c.is_ascii_digit())
                .or_else(|| letters.next());
            first.chain(next).collect()
        }
        several => several
            .iter()
            .take(2)
            .filter_map(|part| part.chars().next())
            .collect(),
    }
}

/// A hue of the slug's own, so that neighbours in a list differ.
fn hue(slug: &str) -> u16 {
    let hash = slug.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    u16::try_from(hash % 24).unwrap_or(0) * 15
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::log_stream::Destination;
    use crate::domain::provider::PROVIDERS;

    #[test]
    fn every_provider_has_an_icon_and_no_slug_is_there_twice() {
        let slugs: HashSet<&str> = ICONS.iter().map(|(slug, _)| *slug).collect();
        assert_eq!(slugs.len(), ICONS.len());
        for provider in PROVIDERS {
            assert!(slugs.contains(provider.slug), "{}", provider.slug);
        }
        for destination in Destination::ALL {
            assert!(slugs.contains(destination.icon()), "{destination:?}");
        }
    }

    #[test]
    fn a_monogram_is_short_and_telling() {
        for (name, letters) in [
            ("Okta", "Ok"),
            ("GitHub", "GH"),
            ("X", "X"),
            ("ADP", "ADP"),
            ("AD FS", "AF"),
            ("Auth0", "A0"),
            ("miniOrange", "MO"),
        ] {
            assert_eq!(monogram(name), letters, "{name}");
        }
        assert!(
            ICONS
                .iter()
                .all(|(_, name)| (1..=3).contains(&monogram(name).chars().count()))
        );
    }

    #[test]
    fn a_drawing_refers_to_nothing_outside() {
        for (slug, name) in ICONS {
            let svg = drawing(slug, name, Theme::Dark)
                .render()
                .expect("a drawing");
            assert!(
                svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"")
                    && svg.trim_end().ends_with("</svg>")
            );
            assert!(!svg.contains("href") && !svg.contains("url("), "{svg}");
        }
    }
}
