//! What a test may want decided otherwise: the settings of an environment.

use std::fmt;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::duration::{NotNegative, Positive, not_negative, positive};
use super::redirect::RedirectUrl;
use super::webhook_settings::WebhookSettings;

/// The settings of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How often a portal link opens.
    pub link_reuse: LinkReuse,
    /// How long a portal link can be opened, counted from its issue. `WorkOS` documents five minutes.
    #[serde(deserialize_with = "positive")]
    #[schemars(with = "Positive")]
    pub link_ttl: SignedDuration,
    /// How long a setup link that is mailed to an IT contact can be opened, counted from its issue. `WorkOS` documents 30
    /// days.
    #[serde(deserialize_with = "positive")]
    #[schemars(with = "Positive")]
    pub setup_link_ttl: SignedDuration,
    /// How long a portal session lives, counted from its opening. `WorkOS` does not document it.
    #[serde(deserialize_with = "positive")]
    #[schemars(with = "Positive")]
    pub session_ttl: SignedDuration,
    /// How many requests are answered before a 429.
    pub rate_limits: RateLimits,
    /// Where the portal leads when a link names no address of its own.
    pub redirects: Redirects,
    /// Which addresses `return_url` and `success_url` may have.
    pub url_policy: UrlPolicy,
    /// Whose portal it is, as its pages show it.
    pub branding: Branding,
    /// How many events are kept; beyond that the oldest go first.
    pub max_events: usize,
    /// How many events of audit logs are kept; those that occurred first go first.
    pub max_audit_log_events: usize,
    /// How many requests the journal keeps; beyond that the oldest go first.
    pub max_requests: usize,
    /// How webhooks are delivered.
    pub webhooks: WebhookSettings,
    /// How old an event has to be before a list of events that is read forwards shows it, on the environment's clock. Users
    /// of `WorkOS` were told of a few seconds.
    #[serde(deserialize_with = "not_negative")]
    #[schemars(with = "NotNegative", extend("x-duration" = { "from": "PT0S", "to": "PT1H" }))]
    pub events_lag: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            link_reuse: LinkReuse::default(),
            link_ttl: SignedDuration::from_mins(5),
            setup_link_ttl: SignedDuration::from_hours(30 * 24),
            session_ttl: SignedDuration::from_mins(60),
            rate_limits: RateLimits::default(),
            redirects: Redirects::default(),
            url_policy: UrlPolicy::default(),
            branding: Branding::default(),
            max_events: 100_000,
            max_audit_log_events: 100_000,
            max_requests: 1_000,
            webhooks: WebhookSettings::default(),
            events_lag: SignedDuration::ZERO,
        }
    }
}

/// Whose portal it is, as its pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Branding {
    /// What the app or its team is called. Default: `Admin Portal`.
    #[schemars(length(min = 1, max = 80))]
    pub name: Option<String>,
    /// The letters of the logo, at most four. Default: the first letter of the name.
    #[schemars(length(min = 1, max = 4))]
    pub logo_text: Option<String>,
    /// The colour of buttons and links, such as `#3a4fd0`. On a background that it cannot be read on it is darkened or
    /// lightened until it can.
    pub accent: Option<Accent>,
}

/// A colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^#[0-9A-Fa-f]{6}$", "x-expected" = "a colour such as \"#3a4fd0\""))]
pub struct Accent(pub [u8; 3]);

impl TryFrom<String> for Accent {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || "expected a colour such as #3a4fd0".to_owned();
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let number = u32::from_str_radix(digits.ok_or_else(wrong)?, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl From<Accent> for String {
    fn from(Accent([red, green, blue]): Accent) -> Self {
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// How often a portal link opens before it is dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkReuse {
    /// Once. The browser that holds the session it became may come back through it.
    #[default]
    SingleUse,
    /// As often as anyone likes until it expires or is revoked; each opening starts a session.
    UntilExpiry,
}

/// Which addresses a redirect may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UrlPolicy {
    /// Absolute `http` and `https` addresses without credentials.
    #[default]
    Local,
    /// The same, but `https` only, which is what `WorkOS` documents for production.
    Production,
}

/// Where the portal leads when a link names no address of its own, as the dashboard of `WorkOS` configures it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Redirects {
    /// Where a visitor returns to. On finishing it gets `success=true` added to its query.
    pub return_url: Option<RedirectUrl>,
    /// Where finishing leads, for the intents that `WorkOS` has a default for.
    pub success_url: SuccessRedirects,
}

/// The default success addresses; each is used as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SuccessRedirects {
    /// After single sign-on has been set up.
    pub sso: Option<RedirectUrl>,
    /// After a directory has been set up.
    pub dsync: Option<RedirectUrl>,
    /// After a log stream has been set up.
    pub log_streams: Option<RedirectUrl>,
}

/// How many requests are answered before a 429: `"off"`, `"production"`, or a table of own limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RateLimits {
    /// One of the named sets.
    Preset(RateLimitPreset),
    /// Limits of one's own.
    Custom(CustomRateLimits),
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::Preset(RateLimitPreset::Off)
    }
}

/// A named set of rate limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RateLimitPreset {
    /// None.
    Off,
    /// Those that `WorkOS` documents: 6,000 requests in 60 seconds and 50 deletions of organizations in 60 seconds for each
    /// API key, 4 requests to `/directory_users` in a second for each directory.
    Production,
}

/// Limits of one's own; what is left out is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomRateLimits {
    /// Over every request, for each API key. `WorkOS` documents it for each IP address; users were told of keys, and on one
    /// machine every client has the same address.
    pub all: Option<RateLimit>,
    /// Over deletions of organizations, for each API key.
    pub delete_organization: Option<RateLimit>,
    /// Over requests to `/directory_users`, for each directory.
    pub directory_users: Option<RateLimit>,
}

/// So many requests in each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How many requests a window allows.
    #[schemars(range(max = 4_294_967_295_u32))]
    pub requests: u32,
    /// How long a window is, counted from its first request on the environment's clock.
    #[serde(deserialize_with = "positive")]
    #[schemars(with = "Positive")]
    pub per: SignedDuration,
}

impl RateLimits {
    /// The limits that are meant.
    pub(crate) fn limits(&self) -> CustomRateLimits {
        let limit = |requests, seconds| {
            Some(RateLimit {
                requests,
                per: SignedDuration::from_secs(seconds),
            })
        };
        match self {
            Self::Preset(RateLimitPreset::Off) => CustomRateLimits::default(),
            Self::Preset(RateLimitPreset::Production) => CustomRateLimits {
                all: limit(6_000, 60),
                delete_organization: limit(50, 60),
                directory_users: limit(4, 1),
            },
            Self::Custom(limits) => limits.clone(),
        }
    }
}

// By hand, because an untagged enum would answer a misspelt key with "did not match any variant".
impl<'de> Deserialize<'de> for RateLimits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RateLimits;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("\"off\", \"production\" or a table of limits")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<RateLimits, E> {
                RateLimitPreset::deserialize(de::value::StrDeserializer::new(value))
                    .map(RateLimits::Preset)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RateLimits, A::Error> {
                CustomRateLimits::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(RateLimits::Custom)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_is_documented() {
        let settings = Settings::default();
        assert_eq!(settings.link_ttl, SignedDuration::from_secs(300));
        assert_eq!(settings.setup_link_ttl, SignedDuration::from_hours(720));
        assert_eq!(settings.session_ttl, SignedDuration::from_secs(3_600));
        assert_eq!(settings.link_reuse, LinkReuse::SingleUse);
        assert_eq!(settings.rate_limits.limits(), CustomRateLimits::default());
    }

    #[test]
    fn rate_limits_are_a_name_or_a_table() {
        let read = serde_json::from_str::<RateLimits>;
        assert_eq!(
            read("\"production\"").unwrap().limits().all,
            Some(RateLimit {
                requests: 6_000,
                per: SignedDuration::from_secs(60)
            })
        );
        let own = read(r#"{"all":{"requests":2,"per":"PT1M"}}"#)
            .unwrap()
            .limits();
        assert_eq!(
            own.all,
            Some(RateLimit {
                requests: 2,
                per: SignedDuration::from_secs(60)
            })
        );
        assert_eq!(own.directory_users, None);
        for (text, expected) in [
            ("\"fast\"", "unknown variant `fast`"),
            (r#"{"al":{}}"#, "unknown field `al`"),
            (
                r#"{"all":{"requests":2,"per":"PT0S"}}"#,
                "not longer than nothing",
            ),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_lifetime_is_longer_than_nothing() {
        for text in [r#"{"link_ttl":"-PT1S"}"#, r#"{"session_ttl":"PT0S"}"#] {
            assert!(serde_json::from_str::<Settings>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_colour_is_six_digits() {
        let read = |text: &str| serde_json::from_str::<Accent>(text);
        assert_eq!(read("\"#3A4fd0\"").unwrap(), Accent([0x3a, 0x4f, 0xd0]));
        for text in ["3a4fd0", "#3a4fd", "#3a4fd00", "#+a4fd0", "#ééé", "red"] {
            assert!(read(&format!("\"{text}\"")).is_err(), "{text}");
        }
        assert_eq!(String::from(Accent([0, 10, 255])), "#000aff");
    }

    #[test]
    fn settings_round_trip() {
        let settings = Settings::default();
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }
}
