//! How webhooks are delivered: how often, how long, in which order.

use std::fmt;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::duration::{Positive, positive};

/// How the webhooks of an environment are delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// When a delivery that failed is tried again, on the environment's clock: `"staging"`, `"production"`, `"off"`, or a list
    /// of waits.
    pub retries: RetrySchedule,
    /// How long a receiver has for its whole answer, in real time. `WorkOS` does not document it.
    #[serde(deserialize_with = "positive")]
    #[schemars(with = "Positive", extend("x-duration" = { "above": "PT0S", "to": "PT10M" }))]
    pub timeout: SignedDuration,
    /// Whether a delivery that failed holds up the ones behind it.
    pub ordering: DeliveryOrdering,
    /// How many deliveries are kept after they are over; beyond that the oldest go first. What is still to be sent is always
    /// kept.
    pub max_deliveries: usize,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            retries: RetrySchedule::default(),
            timeout: SignedDuration::from_secs(5),
            ordering: DeliveryOrdering::default(),
            max_deliveries: 10_000,
        }
    }
}

/// Whether a delivery that failed holds up the ones behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOrdering {
    /// It does not: first attempts are made in order, and what failed comes later.
    #[default]
    Relaxed,
    /// It does, until it is delivered or given up.
    Strict,
}

/// When a delivery that failed is tried again: a named schedule, or the waits after each attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RetrySchedule {
    /// One of the named schedules.
    Preset(RetryPreset),
    /// The waits of one's own, the one after the first attempt first. No wait, no retry.
    Custom(#[schemars(with = "Vec<Positive>", length(max = 100))] Vec<SignedDuration>),
}

/// A named schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetryPreset {
    /// No retries.
    Off,
    /// 6 attempts within 5 minutes and 10 seconds. `WorkOS` documents "minutes" for its staging environments.
    Staging,
    /// 6 attempts within 3 days, each wait four times the one before, as `WorkOS` documents for production.
    Production,
}

/// The waits of [`RetryPreset::Staging`], in seconds.
const STAGING: [i64; 5] = [10, 20, 40, 80, 160];
/// The waits of [`RetryPreset::Production`], in seconds: 3 days less 40 seconds in all.
const PRODUCTION: [i64; 5] = [760, 3_040, 12_160, 48_640, 194_560];

impl Default for RetrySchedule {
    fn default() -> Self {
        Self::Preset(RetryPreset::Staging)
    }
}

impl RetrySchedule {
    /// How long to wait after so many attempts; nothing when that was the last one.
    pub(crate) fn wait_after(&self, attempts: usize) -> Option<SignedDuration> {
        let index = attempts.checked_sub(1)?;
        let seconds = match self {
            Self::Preset(RetryPreset::Off) => None,
            Self::Preset(RetryPreset::Staging) => STAGING.get(index),
            Self::Preset(RetryPreset::Production) => PRODUCTION.get(index),
            Self::Custom(waits) => return waits.get(index).copied(),
        };
        seconds.copied().map(SignedDuration::from_secs)
    }
}

// By hand, because an untagged enum would answer a misspelt name with "did not match any variant".
impl<'de> Deserialize<'de> for RetrySchedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RetrySchedule;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(
                    "\"staging\", \"production\", \"off\" or a list of waits such as [\"10s\", \"1m\"]",
                )
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<RetrySchedule, E> {
                RetryPreset::deserialize(de::value::StrDeserializer::new(value))
                    .map(RetrySchedule::Preset)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RetrySchedule, A::Error> {
                let mut waits = Vec::new();
                while let Some(Positive(wait)) = seq.next_element()? {
                    waits.push(wait);
                }
                Ok(RetrySchedule::Custom(waits))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RetrySchedule, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn waits(schedule: &RetrySchedule) -> Vec<i64> {
        let waits = (1..).map_while(|attempts| schedule.wait_after(attempts));
        waits.map(|wait| wait.as_secs()).collect()
    }

    #[test]
    fn the_schedules_are_those_that_are_documented() {
        assert_eq!(waits(&read("\"off\"").unwrap()), [0; 0]);
        let staging = waits(&read("\"staging\"").unwrap());
        assert!(staging.len() == 5 && staging.iter().sum::<i64>() < 600);
        let production = waits(&read("\"production\"").unwrap());
        assert_eq!(production.len(), 5);
        assert!(
            production
                .windows(2)
                .all(|pair| pair[1] == 4 * pair[0] && pair[0] > 0)
        );
        let three_days = 3 * 24 * 60 * 60;
        let total: i64 = production.iter().sum();
        assert!((three_days - 60..=three_days).contains(&total));
        assert_eq!(RetrySchedule::default().wait_after(0), None);
    }

    #[test]
    fn waits_of_ones_own_are_a_list() {
        assert_eq!(waits(&read(r#"["PT1S","2m"]"#).unwrap()), [1, 120]);
        assert_eq!(waits(&read("[]").unwrap()), [0; 0]);
        for (text, expected) in [
            ("\"fast\"", "unknown variant `fast`"),
            ("[\"PT0S\"]", "not longer than nothing"),
            ("[\"soon\"]", ""),
            ("5", "or a list of waits"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn settings_round_trip() {
        let settings = WebhookSettings {
            retries: read(r#"["PT1S"]"#).unwrap(),
            ..WebhookSettings::default()
        };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<WebhookSettings>(&text).unwrap(),
            settings
        );
    }
}
