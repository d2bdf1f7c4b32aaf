//! Whether a form was sent by a page of the app: pure.

use axum::extract::Request;
use reqwest::Url;
use reqwest::header::{HOST, HeaderMap, ORIGIN};

use super::PortalRedirects;

/// Whether another site may have sent the request.
///
/// Browsers say in `Sec-Fetch-Site` how the sending page and the address go together, and older ones at least
/// name the page's `Origin`. What says neither was not sent by a browser, and carries nobody's cookies. Other
/// names below the same domain are other sites here, unless they are among the app's origins.
pub(super) fn is_foreign(request: &Request, own: &PortalRedirects) -> bool {
    let headers = request.headers();
    let origin = text(headers, ORIGIN.as_str());
    if origin.as_ref().is_some_and(|origin| own.has(origin)) {
        return false;
    }
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = origin else {
        return false;
    };
    let authority = request.uri().authority().map(ToString::to_string);
    let host = authority.or_else(|| text(headers, HOST.as_str()));
    host.is_none_or(|host| !is_at(&origin, &host))
}

/// A header as text. One that is no text is like none of those that are expected.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or("?").to_owned())
}

/// Whether an origin has this host and port. Its scheme is not looked at: before a proxy it is another.
fn is_at(origin: &str, host: &str) -> bool {
    let Some((scheme, _)) = origin.split_once("://") else {
        return false;
    };
    let here = Url::parse(&format!("{scheme}://{host}"));
    match (Url::parse(origin), here) {
        (Ok(origin), Ok(here)) => origin.origin().is_tuple() && origin.origin() == here.origin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(headers: &[(&str, &str)]) -> bool {
        let request = Request::post("/admin-portal/sso");
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let own = PortalRedirects::to(["https://app.example.com"]).unwrap();
        is_foreign(&request.body(axum::body::Body::empty()).unwrap(), &own)
    }

    #[test]
    fn a_browser_says_where_the_form_was() {
        for (site, refused) in [
            ("same-origin", false),
            ("none", false),
            ("same-site", true),
            ("cross-site", true),
            ("", true),
            ("Same-Origin", true),
        ] {
            assert_eq!(foreign(&[("sec-fetch-site", site)]), refused, "{site:?}");
            // What it says counts for more than the names.
            let alike = [
                ("sec-fetch-site", site),
                ("origin", "https://a.example"),
                ("host", "a.example"),
            ];
            assert_eq!(foreign(&alike), refused, "{site:?}");
        }
    }

    #[test]
    fn an_older_one_names_the_page_s_origin() {
        for (origin, host, refused) in [
            ("https://a.example", "a.example", false),
            ("http://a.example", "a.example", false),
            ("https://A.example", "a.EXAMPLE:443", false),
            ("http://localhost:3000", "localhost:3000", false),
            ("http://[::1]:3000", "[::1]:3000", false),
            ("https://a.example:8443", "a.example", true),
            ("https://a.example", "a.example:8443", true),
            ("https://evil.example", "a.example", true),
            ("https://a.example.evil.example", "a.example", true),
            ("https://a.example", "evil.example@a.example", false),
            ("https://evil.example", "evil.example@a.example", true),
            ("null", "a.example", true),
            ("null", "null", true),
            ("", "a.example", true),
            ("a.example", "a.example", true),
            ("file://", "", true),
            ("data://a.example", "a.example", true),
        ] {
            let headers = [("origin", origin), ("host", host)];
            assert_eq!(foreign(&headers), refused, "{origin:?} {host:?}");
        }
        assert!(foreign(&[("origin", "https://a.example")]));
        assert!(foreign(&[("origin", "null")]));
    }

    #[test]
    fn the_app_s_other_origins_are_its_own() {
        for site in ["same-site", "cross-site"] {
            let headers = |origin| [("sec-fetch-site", site), ("origin", origin)];
            assert!(!foreign(&headers("https://app.example.com")));
            assert!(foreign(&headers("https://other.example.com")));
            assert!(foreign(&headers("http://app.example.com")));
        }
        assert!(!foreign(&[
            ("origin", "https://app.example.com"),
            ("host", "10.0.0.7:8080")
        ]));
    }

    #[test]
    fn what_is_no_browser_carries_nobody_s_cookies() {
        assert!(!foreign(&[]));
        assert!(!foreign(&[("host", "a.example")]));
    }
}
