//! Webhook endpoints: addresses of the app that events are to be sent to.

use std::fmt;

use jiff::Timestamp;
use url::{Host, Url};

use super::ids::WebhookEndpointId;
use super::redirect::{RedirectUrl, RedirectUrlError};
use super::settings::UrlPolicy;
use super::webhook_steering::Steering;

/// An address of the app that events are to be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebhookEndpoint {
    pub(crate) id: WebhookEndpointId,
    pub(crate) url: EndpointUrl,
    pub(crate) secret: SigningSecret,
    pub(crate) status: EndpointStatus,
    /// The names of the events to send, each once.
    pub(crate) events: Vec<String>,
    /// What a test wants deliveries to be like; `WorkOS` knows no such thing.
    pub(crate) steering: Steering,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl WebhookEndpoint {
    /// Whether anything is sent there.
    pub(crate) fn is_enabled(&self) -> bool {
        self.status == EndpointStatus::Enabled
    }

    /// Whether events with this name are sent there, as long as it is enabled.
    pub(crate) fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|name| name == event)
    }
}

/// Whether events are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointStatus {
    Enabled,
    Disabled,
}

/// What deliveries to an endpoint are signed with. It is kept in plain: `WorkOS` shows it with the endpoint.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SigningSecret(String);

/// How many random characters a signing secret of `WorkOS` has after its prefix.
pub(crate) const SECRET_LENGTH: usize = 25;

impl SigningSecret {
    /// The secret with these random characters.
    pub(crate) fn new(random: &str) -> Self {
        Self(format!("whsec_{random}"))
    }

    /// A secret that is given as a whole.
    pub(crate) fn given(secret: &str) -> Self {
        Self(secret.to_owned())
    }

    /// The secret in plain.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// An address that events can be sent to, kept as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointUrl {
    url: RedirectUrl,
    canonical: Box<str>,
}

/// Why a text is no address to send events to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndpointUrlError {
    /// It is no address of the web.
    #[error("{0}")]
    Address(#[from] RedirectUrlError),
    /// It has a fragment, which is never sent.
    #[error("contains a fragment")]
    Fragment,
    /// It leads over the internet and is not encrypted.
    #[error("is neither https nor on this machine or a private network")]
    Unencrypted,
    /// The internet does not reach it.
    #[error("is on a private network, which the URL policy does not allow")]
    Private,
}

impl EndpointUrl {
    /// Reads an address. `WorkOS` takes https on public hosts only, which is [`UrlPolicy::Production`]; else an app under
    /// test may listen on this machine or a private network, and without encryption there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str, policy: UrlPolicy) -> Result<Self, EndpointUrlError> {
        let given = RedirectUrl::parse(text, policy)?;
        let url = Url::parse(given.as_str()).map_err(|_| RedirectUrlError::NotAbsolute)?;
        if url.fragment().is_some() {
            return Err(EndpointUrlError::Fragment);
        }
        let private = url.host().is_some_and(|host| is_private(&host));
        match policy {
            UrlPolicy::Local if url.scheme() == "http" && !private => {
                Err(EndpointUrlError::Unencrypted)
            }
            UrlPolicy::Production if private => Err(EndpointUrlError::Private),
            UrlPolicy::Local | UrlPolicy::Production => Ok(Self {
                url: given,
                canonical: url.as_str().into(),
            }),
        }
    }

    /// The address as it was given.
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The address in the one spelling that equal addresses share.
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// Whether the internet does not reach a host: this machine, private and link-local addresses, names without a dot (as
/// containers have), and names that are reserved for such uses.
fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => {
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified()
        }
        Host::Ipv6(ip) => ip.to_ipv4_mapped().map_or_else(
            || {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
            },
            |ip| is_private(&Host::Ipv4(ip)),
        ),
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let last = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || ["localhost", "local", "internal", "test"].contains(&last)
        }
    }
}

/// `names` with each name once, in the order of its first.
pub(crate) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut distinct = names;
    distinct.retain(|name| seen.insert(name.clone()));
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_under_test_may_listen_where_the_internet_does_not_reach() {
        for text in [
            "https://app.example/webhooks?a=b",
            "http://localhost:3000/webhooks",
            "http://LOCALHOST.",
            "http://app.localhost",
            "http://app:3000",
            "http://host.docker.internal/",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://10.0.0.1",
            "http://192.168.1.1",
            "http://169.254.0.1",
            "http://[::1]:8080",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://[::ffff:127.0.0.1]",
            "https://[2001:db8::1]",
        ] {
            let url = EndpointUrl::parse(text, UrlPolicy::Local);
            assert_eq!(url.unwrap().as_str(), text);
        }
        for text in [
            "http://app.example",
            "http://8.8.8.8",
            "http://[2001:db8::1]",
            "http://mylocalhost.dev",
        ] {
            assert_eq!(
                EndpointUrl::parse(text, UrlPolicy::Local),
                Err(EndpointUrlError::Unencrypted),
                "{text}"
            );
        }
    }

    #[test]
    fn the_policy_of_production_wants_https_on_a_public_host() {
        let parse = |text| EndpointUrl::parse(text, UrlPolicy::Production);
        assert!(parse("https://app.example").is_ok());
        let https = EndpointUrlError::Address(RedirectUrlError::NotHttps);
        assert_eq!(parse("http://app.example"), Err(https));
        for text in [
            "https://localhost",
            "https://10.1.2.3",
            "https://app",
            "https://[::1]",
        ] {
            assert_eq!(parse(text), Err(EndpointUrlError::Private), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_to_post_to_is_refused() {
        use RedirectUrlError::{Credentials, NotAbsolute, Scheme, Unprintable};
        for (text, why) in [
            ("", NotAbsolute),
            ("/webhooks", NotAbsolute),
            ("file:///etc/passwd", Scheme),
            ("javascript:alert(1)", Scheme),
            ("https://user:word@app.example", Credentials),
            ("https://app.example/a b", Unprintable),
        ] {
            assert_eq!(
                EndpointUrl::parse(text, UrlPolicy::Local),
                Err(EndpointUrlError::Address(why)),
                "{text}"
            );
        }
        assert_eq!(
            EndpointUrl::parse("https://app.example/#top", UrlPolicy::Local),
            Err(EndpointUrlError::Fragment)
        );
    }

    #[test]
    fn equal_addresses_have_one_spelling() {
        let canonical = |text| {
            EndpointUrl::parse(text, UrlPolicy::Local)
                .unwrap()
                .canonical
        };
        assert_eq!(
            canonical("https://APP.example:443"),
            canonical("https://app.example/")
        );
        assert_ne!(
            canonical("https://app.example/a"),
            canonical("https://app.example/a/")
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = SigningSecret::new("abc");
        assert_eq!(secret.expose(), "whsec_abc");
        assert_eq!(format!("{secret:?}"), "[secret]");
    }
}
