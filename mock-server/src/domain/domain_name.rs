//! Names of domains, in the one spelling that two of them are compared by.

use std::fmt;

use url::Host;

/// A domain name: lower case, international names in punycode, no trailing dot.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DomainName(Box<str>);

/// What the names look like that [`DomainName::parse`] can read, for schemas. It reads fewer.
pub(crate) const PATTERN: &str = r"^([^\u0000-/:-@\[-`{-\u007f]([^\u0000-,./:-@\[-`{-\u007f]{0,61}[^\u0000-/:-@\[-`{-\u007f])?[.])+[^\u0000-@\[-`{-\u007f]([^\u0000-,./:-@\[-`{-\u007f]{0,61}[^\u0000-/:-@\[-`{-\u007f])?[.]?$";

/// The text does not name a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a domain name such as example.com")]
pub(crate) struct NotADomain;

/// Mail providers where anyone can have an address, in the order of the alphabet.
const PUBLIC_MAIL: [&str; 42] = [
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "inbox.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "rocketmail.com",
    "t-online.de",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
];

impl DomainName {
    /// Reads a domain name of at least two labels.
    ///
    /// # Errors
    /// [`NotADomain`]: an address, a URL, a single label, or a label that is empty, too long or has other characters
    /// than letters, digits and hyphens.
    pub(crate) fn parse(text: &str) -> Result<Self, NotADomain> {
        let text = text.strip_suffix('.').unwrap_or(text);
        // The host parser takes percent-encoding apart, which a domain name does not have.
        if text.contains('%') {
            return Err(NotADomain);
        }
        let Ok(Host::Domain(name)) = Host::parse(text) else {
            return Err(NotADomain);
        };
        let good = name.len() <= 253 && name.contains('.') && name.split('.').all(is_label);
        if good {
            Ok(Self(name.into()))
        } else {
            Err(NotADomain)
        }
    }

    /// Whether it is the domain of a mail provider, where anyone can have an address.
    pub(crate) fn is_public_mail(&self) -> bool {
        PUBLIC_MAIL.binary_search(&self.as_str()).is_ok()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Display for DomainName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for DomainName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_domain_has_one_spelling() {
        for (text, expected) in [
            ("example.com", "example.com"),
            ("Example.COM.", "example.com"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("a-1.b.co", "a-1.b.co"),
        ] {
            assert_eq!(
                DomainName::parse(text).map(|name| name.to_string()),
                Ok(expected.to_owned())
            );
        }
    }

    #[test]
    fn mail_providers_are_known_in_any_spelling() {
        assert!(PUBLIC_MAIL.is_sorted());
        for text in PUBLIC_MAIL {
            assert!(DomainName::parse(text).unwrap().is_public_mail(), "{text}");
        }
        let is_public = |text| DomainName::parse(text).unwrap().is_public_mail();
        assert!(is_public("GMail.com."));
        assert!(!is_public("mail.gmail.com") && !is_public("example.com"));
    }

    #[test]
    fn what_names_no_domain_is_refused() {
        let long_label = format!("{}.com", "a".repeat(64));
        let long_name = format!("{}com", "abcdefgh.".repeat(30));
        for text in [
            "",
            ".",
            "..",
            "localhost",
            "com.",
            "-a.com",
            "a-.com",
            "a..com",
            ".com",
            "a b.com",
            "a_b.com",
            "*.a.com",
            "https://a.com",
            "a.com/x",
            "a.com:80",
            "a@b.com",
            "127.0.0.1",
            "0x7f.1",
            "[::1]",
            "a%2ecom.x",
            "a\0.com",
            long_label.as_str(),
            long_name.as_str(),
        ] {
            assert_eq!(DomainName::parse(text), Err(NotADomain), "{text:?}");
        }
    }
}
