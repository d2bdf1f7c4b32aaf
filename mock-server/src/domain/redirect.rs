//! Addresses that the portal sends a visitor to.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use url::Url;

use super::settings::UrlPolicy;

/// An absolute `http` or `https` address without credentials, kept as it was given. It is visible ASCII, so it can
/// stand in a header.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct RedirectUrl(String);

/// Why a text is no address to redirect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUrlError {
    /// It is relative, or no URL.
    #[error("is not an absolute URL")]
    NotAbsolute,
    /// It has a control character or a space in it.
    #[error("contains a space or a control character")]
    Unprintable,
    /// Its scheme is not a web address's.
    #[error("is neither http nor https")]
    Scheme,
    /// It has a user name or a password in it.
    #[error("contains credentials")]
    Credentials,
    /// It is not `https`, and the policy wants that.
    #[error("is not https, which the URL policy asks for")]
    NotHttps,
}

impl RedirectUrl {
    /// Reads an address and holds it against `policy`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, policy: UrlPolicy) -> Result<Self, RedirectUrlError> {
        // The parser drops tabs and line breaks and trims, so such an address would not be the one it stands for.
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(RedirectUrlError::Unprintable);
        }
        let url = Url::parse(text).map_err(|_| RedirectUrlError::NotAbsolute)?;
        match (url.scheme(), policy) {
            ("https", _) | ("http", UrlPolicy::Local) => {}
            ("http", UrlPolicy::Production) => return Err(RedirectUrlError::NotHttps),
            _ => return Err(RedirectUrlError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectUrlError::Credentials);
        }
        // `https:example.com` and `https:\\example.com` parse, but only because browsers forgive them.
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("https://") && !lower.starts_with("http://") {
            return Err(RedirectUrlError::NotAbsolute);
        }
        Ok(Self(if text.is_ascii() {
            text.to_owned()
        } else {
            url.into()
        }))
    }

    /// The address, visible ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with `success=true` added to its query.
    pub(crate) fn with_success(&self) -> Self {
        let Ok(mut url) = Url::parse(&self.0) else {
            return self.clone();
        };
        url.query_pairs_mut().append_pair("success", "true");
        Self(url.into())
    }
}

impl fmt::Display for RedirectUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RedirectUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text, UrlPolicy::Local)
            .map_err(|error| de::Error::custom(format!("the address {text:?} {error}")))
    }
}

impl JsonSchema for RedirectUrl {
    fn schema_name() -> Cow<'static, str> {
        "RedirectUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "uri",
            "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+([/?#]|$)",
            "description": "An absolute http or https address.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_web_address_is_refused() {
        use RedirectUrlError::*;
        for (text, expected) in [
            ("", NotAbsolute),
            ("/done", NotAbsolute),
            ("//evil.example/x", NotAbsolute),
            ("https:example.com", NotAbsolute),
            ("https:\\\\example.com", NotAbsolute),
            ("https://", NotAbsolute),
            ("javascript:alert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("ftp://example.com", Scheme),
            ("https://user:word@example.com", Credentials),
            ("https://user@example.com", Credentials),
            ("https://example.com/a b", Unprintable),
            ("https://example.com/\r\nSet-Cookie: a=b", Unprintable),
            (" https://example.com", Unprintable),
        ] {
            assert_eq!(
                RedirectUrl::parse(text, UrlPolicy::Local),
                Err(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_policy_of_production_refuses_http() {
        let text = "http://localhost:3000/done";
        assert!(RedirectUrl::parse(text, UrlPolicy::Local).is_ok());
        assert_eq!(
            RedirectUrl::parse(text, UrlPolicy::Production),
            Err(RedirectUrlError::NotHttps)
        );
    }

    #[test]
    fn an_address_stays_as_it_was_given() {
        let parse = |text| RedirectUrl::parse(text, UrlPolicy::Local).unwrap();
        assert_eq!(parse("https://app.example").as_str(), "https://app.example");
        assert_eq!(
            parse("HTTPS://App.Example/É").as_str(),
            "https://app.example/%C3%89"
        );
    }

    #[test]
    fn success_joins_the_query() {
        let with = |text| {
            RedirectUrl::parse(text, UrlPolicy::Local)
                .unwrap()
                .with_success()
                .0
        };
        assert_eq!(with("https://a.example"), "https://a.example/?success=true");
        assert_eq!(
            with("https://a.example/x?b=%20c#d"),
            "https://a.example/x?b=%20c&success=true#d"
        );
    }
}
