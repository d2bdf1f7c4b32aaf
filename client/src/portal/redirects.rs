//! Where a portal may send its visitors back to.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use crate::loopback::is_loopback;

/// The origins that a portal may send its visitors back to: those of the app.
///
/// The links of an app that takes return addresses from requests, unchecked, send people wherever a stranger
/// likes. [`PortalRedirects::check`] is the one way to a [`RedirectUrl`], and those alone go into a link.
///
/// ```
/// use workos_portal::portal::PortalRedirects;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let redirects = PortalRedirects::to(["https://app.example.com", "http://localhost:3000"])?;
///
/// assert!(redirects.check("https://app.example.com/settings/sso?tab=2").is_ok());
/// assert!(redirects.check("https://app.example.com.evil.example/").is_err());
/// assert!(redirects.check("//evil.example").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalRedirects {
    origins: Arc<[String]>,
}

/// Why something is no origin that a portal may send its visitors back to. No message shows more than the
/// origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOrigin {
    /// It cannot be read as an absolute URL with a host.
    #[error("an origin is written like https://app.example.com")]
    Unreadable,
    /// It is neither `https` nor `http`.
    #[error("an origin is https, or http on this machine")]
    Scheme,
    /// It is `http`, and not on this machine: what comes back can be read and changed on its way.
    #[error("{0} has to be https: only localhost, 127.0.0.0/8 and [::1] may be http")]
    Insecure(String),
    /// It has a `*`. Each origin is listed by itself, so that nobody is let in with a subdomain that is taken over.
    #[error("{0} has a wildcard: list each origin by itself")]
    Wildcard(String),
    /// It has more than scheme, host and port: a path, a query, a fragment, a user name or a password.
    #[error("{0} is followed by more: an origin has a scheme, a host and a port alone")]
    MoreThanOrigin(String),
}

/// Why a portal does not send its visitors to a URL. The message names its origin at most: the rest may hold
/// a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefusedRedirect {
    /// It is relative, such as `/settings` or `//example.com`, or no URL.
    #[error("the URL is not an absolute one")]
    NotAbsolute,
    /// It has white space, a control character or a backslash, which browsers read as something else than
    /// they look like.
    #[error("the URL has white space, a control character or a backslash")]
    Unclean,
    /// It is neither `https` nor `http`: `javascript:`, for example.
    #[error("the URL is neither https nor http")]
    Scheme,
    /// It has a user name or a password.
    #[error("the URL has a user name or a password")]
    Credentials,
    /// Its origin is none of those that are allowed.
    #[error("the origin {0} is not among those that the portal may send people back to")]
    Origin(String),
}

/// A URL that a portal may send its visitors back to, in the form in which it is sent.
///
/// Neither `Debug` nor an error shows more of it than its origin.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectUrl(Url);

impl PortalRedirects {
    /// Allows the URLs of these origins, each written like `https://app.example.com`: `https`, or `http` on
    /// this machine (`localhost` and names below it, 127.0.0.0/8, `[::1]`).
    ///
    /// # Errors
    /// Says what is wrong with the first text that is no such origin.
    pub fn to<O: AsRef<str>>(origins: impl IntoIterator<Item = O>) -> Result<Self, InvalidOrigin> {
        let origins = origins.into_iter().map(|origin| allowed(origin.as_ref()));
        Ok(Self {
            origins: origins.collect::<Result<_, _>>()?,
        })
    }

    /// Allows no URL at all: every visitor goes back to where the WorkOS dashboard says.
    #[must_use]
    pub fn none() -> Self {
        Self {
            origins: Arc::default(),
        }
    }

    /// Whether the portal may send its visitors to `url`.
    ///
    /// # Errors
    /// Says why not.
    pub fn check(&self, url: &str) -> Result<RedirectUrl, RefusedRedirect> {
        // Those who read URLs drop some of these without a word, and take a backslash for a slash.
        if url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(RefusedRedirect::Unclean);
        }
        let url = absolute(url).ok_or(RefusedRedirect::NotAbsolute)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(RefusedRedirect::Scheme);
        }
        if has_credentials(&url) {
            return Err(RefusedRedirect::Credentials);
        }
        let origin = url.origin().ascii_serialization();
        if !self.has(&origin) {
            return Err(RefusedRedirect::Origin(origin));
        }
        Ok(RedirectUrl(url))
    }

    /// Whether an origin, as browsers write it, is one of these.
    pub(super) fn has(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }
}

impl RedirectUrl {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<RedirectUrl> for String {
    fn from(url: RedirectUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RedirectUrl({}/…)",
            self.0.origin().ascii_serialization()
        )
    }
}

/// The origin that a text of the allow-list names, as URLs have it.
fn allowed(text: &str) -> Result<String, InvalidOrigin> {
    let url = absolute(text).ok_or(InvalidOrigin::Unreadable)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(InvalidOrigin::Scheme);
    }
    let origin = url.origin().ascii_serialization();
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || has_credentials(&url) {
        return Err(InvalidOrigin::MoreThanOrigin(origin));
    }
    if origin.contains('*') {
        return Err(InvalidOrigin::Wildcard(origin));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(InvalidOrigin::Insecure(origin));
    }
    Ok(origin)
}

/// A URL that names its host after `://`; parsers also take `https:host` for one.
fn absolute(text: &str) -> Option<Url> {
    let (_, rest) = text.split_once(':')?;
    let url = Url::parse(text).ok()?;
    let web = matches!(url.scheme(), "https" | "http");
    (!web || rest.starts_with("//")).then_some(url)
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirects() -> PortalRedirects {
        PortalRedirects::to([
            "https://app.example.com",
            "https://büro.example:8443/",
            "http://localhost:3000",
        ])
        .unwrap()
    }

    #[test]
    fn urls_of_the_origins_are_sent_as_they_are_read() {
        for (url, sent) in [
            ("https://app.example.com", "https://app.example.com/"),
            (
                "https://app.example.com/a?b=c#d",
                "https://app.example.com/a?b=c#d",
            ),
            ("HTTPS://APP.Example.COM:443/A", "https://app.example.com/A"),
            ("https://app.example.com/../x", "https://app.example.com/x"),
            (
                "https://app.example.com/?next=//evil.example",
                "https://app.example.com/?next=//evil.example",
            ),
            (
                "https://BÜRO.example:8443/ä",
                "https://xn--bro-hoa.example:8443/%C3%A4",
            ),
            ("http://localhost:3000/", "http://localhost:3000/"),
        ] {
            let checked = redirects().check(url).unwrap();
            assert_eq!(checked.as_str(), sent, "{url}");
            assert_eq!(String::from(checked), sent);
        }
    }

    #[test]
    fn whatever_leads_elsewhere_is_refused() {
        use RefusedRedirect::{Credentials, NotAbsolute, Scheme, Unclean};
        let origin = |origin: &str| RefusedRedirect::Origin(origin.to_owned());
        for (url, refusal) in [
            ("", NotAbsolute),
            ("/settings", NotAbsolute),
            ("//evil.example", NotAbsolute),
            ("///evil.example", NotAbsolute),
            ("settings", NotAbsolute),
            ("app.example.com", NotAbsolute),
            ("https:app.example.com", NotAbsolute),
            ("https:/app.example.com", NotAbsolute),
            ("https://", NotAbsolute),
            ("https://app.example.com:99999/", NotAbsolute),
            ("javascript:alert(1)", Scheme),
            ("JavaScript://app.example.com/%0aalert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("ftp://app.example.com/", Scheme),
            ("blob:https://app.example.com/1", Scheme),
            ("localhost:3000", Scheme),
            (" https://app.example.com/", Unclean),
            ("https://app.example.com/\n", Unclean),
            ("java\tscript:alert(1)", Unclean),
            ("https://app.example.com/a b", Unclean),
            ("https://app.example.com/\u{0}", Unclean),
            ("https://app.example.com/\u{85}", Unclean),
            ("https://app.example.com/\u{2028}", Unclean),
            ("https:\\\\evil.example", Unclean),
            ("https://evil.example\\@app.example.com/", Unclean),
            ("https://app.example.com@evil.example/", Credentials),
            ("https://ada:secret@app.example.com/", Credentials),
            ("https://:secret@app.example.com/", Credentials),
            ("http://app.example.com/", origin("http://app.example.com")),
            (
                "https://app.example.com:8443/",
                origin("https://app.example.com:8443"),
            ),
            (
                "https://app.example.com./",
                origin("https://app.example.com."),
            ),
            (
                "https://app.example.com.evil.example/",
                origin("https://app.example.com.evil.example"),
            ),
            (
                "https://evil.example/https://app.example.com",
                origin("https://evil.example"),
            ),
            (
                "https://sub.app.example.com/",
                origin("https://sub.app.example.com"),
            ),
            ("https://localhost:3000/", origin("https://localhost:3000")),
            ("http://localhost/", origin("http://localhost")),
            ("http://127.0.0.1:3000/", origin("http://127.0.0.1:3000")),
        ] {
            assert_eq!(redirects().check(url).unwrap_err(), refusal, "{url:?}");
        }
    }

    #[test]
    fn nothing_is_allowed_where_nothing_is_listed() {
        let refusal = PortalRedirects::none().check("https://app.example.com/");
        assert!(
            matches!(refusal, Err(RefusedRedirect::Origin(_))),
            "{refusal:?}"
        );
        let empty: [&str; 0] = [];
        assert_eq!(PortalRedirects::to(empty), Ok(PortalRedirects::none()));
    }

    #[test]
    fn no_more_than_the_origin_is_shown() {
        let url = "https://app.example.com/path?token=do-not-show";
        let shown = format!("{:?}", redirects().check(url).unwrap());
        assert_eq!(shown, "RedirectUrl(https://app.example.com/…)");

        let refusal = PortalRedirects::none().check(url).unwrap_err();
        assert!(refusal.to_string().contains("https://app.example.com is"));
        for url in [
            url,
            "https://ada:do-not-show@a.example/do-not-show",
            "do-not-show:1",
        ] {
            let refusal = PortalRedirects::none().check(url).unwrap_err();
            assert!(!format!("{refusal} {refusal:?}").contains("do-not-show"));
            let refusal = PortalRedirects::to([url]).unwrap_err();
            assert!(!format!("{refusal} {refusal:?}").contains("do-not-show"));
        }
    }

    #[test]
    fn an_origin_is_https_or_on_this_machine() {
        use InvalidOrigin::{Insecure, MoreThanOrigin, Scheme, Unreadable, Wildcard};
        for origin in [
            "https://app.example.com",
            "https://127.0.0.1",
            "http://localhost",
            "http://app.localhost:3000",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:3000",
        ] {
            let allowed = PortalRedirects::to([origin]).unwrap();
            allowed.check(&format!("{origin}/a")).unwrap();
        }
        for (origin, refusal) in [
            ("", Unreadable),
            ("app.example.com", Unreadable),
            ("//app.example.com", Unreadable),
            ("https:app.example.com", Unreadable),
            ("ftp://app.example.com", Scheme),
            ("javascript:alert(1)", Scheme),
            (
                "http://app.example.com",
                Insecure("http://app.example.com".into()),
            ),
            (
                "http://localhost.example.com",
                Insecure("http://localhost.example.com".into()),
            ),
            ("http://0.0.0.0", Insecure("http://0.0.0.0".into())),
            ("http://[::]", Insecure("http://[::]".into())),
            (
                "https://*.example.com",
                Wildcard("https://*.example.com".into()),
            ),
            (
                "https://a.example/path",
                MoreThanOrigin("https://a.example".into()),
            ),
            (
                "https://a.example?",
                MoreThanOrigin("https://a.example".into()),
            ),
            (
                "https://a.example#b",
                MoreThanOrigin("https://a.example".into()),
            ),
            (
                "https://ada@a.example",
                MoreThanOrigin("https://a.example".into()),
            ),
        ] {
            assert_eq!(PortalRedirects::to([origin]), Err(refusal), "{origin:?}");
        }
    }
}
