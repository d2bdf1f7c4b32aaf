//! Durations as people write them: in a file, in a flag and in a control call alike.

use std::borrow::Cow;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What a duration looks like, for messages.
pub(crate) const DURATION: &str = r#"a duration such as "PT5M" or "5 minutes""#;

/// The longest duration that anything can be given: far beyond any use, and far from where arithmetic on instants ends.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 3650);

/// Reads an ISO 8601 (`PT5M`, `P30D`) or friendly (`5 minutes`, `1h 30m`) duration. A day is 24 hours; months and years have
/// no fixed length and are refused.
///
/// # Errors
/// It is none, or longer than can be counted.
pub(crate) fn duration(text: &str) -> Result<SignedDuration, NoDuration> {
    let read = |text: &str| {
        text.parse::<Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
    };
    read(text).map_err(|_| match read(&shortened(text)) {
        Ok(_) => NoDuration::OutOfRange,
        Err(_) => NoDuration::Malformed,
    })
}

/// `text` with at most four digits in each whole number: so much of any unit can be counted.
fn shortened(text: &str) -> String {
    let (mut digits, mut fraction) = (0, false);
    let fits = |c: &char| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        fraction = matches!(c, '.' | ',') || fraction && c.is_ascii_digit();
        fraction || digits <= 4
    };
    text.chars().filter(fits).collect()
}

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDuration {
    /// It is not written like one, or has no fixed length.
    Malformed,
    /// It is written like one, and longer than can be counted: about 20,000 years.
    OutOfRange,
}

/// Reads a duration that is longer than nothing. Its schema is that of [`Positive`], which also says how long it may be.
///
/// # Errors
/// A text that is no such duration.
pub(crate) fn positive<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SignedDuration, D::Error> {
    let duration = counted(deserializer)?;
    if duration.is_positive() {
        Ok(duration)
    } else {
        Err(D::Error::custom(format!(
            "the duration {duration} is not longer than nothing"
        )))
    }
}

/// Reads a duration that is not negative. Its schema is that of [`NotNegative`], which also says how long it may be.
///
/// # Errors
/// A text that is no such duration.
pub(crate) fn not_negative<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SignedDuration, D::Error> {
    let duration = counted(deserializer)?;
    if duration.is_negative() {
        return Err(D::Error::custom(format!(
            "the duration {duration} is negative"
        )));
    }
    Ok(duration)
}

fn counted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    match duration(&text) {
        Ok(duration) => Ok(duration),
        Err(NoDuration::OutOfRange) => Err(D::Error::custom(
            "the duration is longer than can be counted",
        )),
        Err(NoDuration::Malformed) => Err(D::Error::custom(format!("expected {DURATION}"))),
    }
}

/// A duration as [`positive`] reads it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Positive(#[serde(deserialize_with = "positive")] pub(crate) SignedDuration);

/// The schema of a duration as [`not_negative`] reads it.
pub(crate) enum NotNegative {}

macro_rules! schemas {
    ($($name:ident: $limit:literal;)+) => {
        $(impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "format": "duration",
                    "x-duration": { $limit: "PT0S", "to": "P3650D" },
                })
            }
        })+
    };
}

// No keyword of JSON Schema limits a duration.
schemas! {
    Positive: "above";
    NotNegative: "from";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_are_read_in_both_notations() {
        for text in ["PT5M", "5m", "5 minutes", "300s", "PT300S"] {
            assert_eq!(duration(text), Ok(SignedDuration::from_mins(5)), "{text}");
        }
        assert_eq!(duration("P30D"), Ok(SignedDuration::from_hours(720)));
        assert_eq!(duration("1 week"), Ok(SignedDuration::from_hours(168)));
        assert_eq!(duration("-PT1H"), Ok(SignedDuration::from_hours(-1)));
    }

    #[test]
    fn durations_without_a_fixed_length_or_sense_are_refused() {
        let too_exact = "PT1.0000000000000000000S";
        for text in [
            "",
            "5",
            "P1M",
            "1 year",
            "soon",
            "PT",
            "P9999999M",
            too_exact,
        ] {
            assert_eq!(duration(text), Err(NoDuration::Malformed), "{text}");
        }
    }

    #[test]
    fn durations_beyond_counting_are_out_of_range() {
        for text in [
            "P99999999D",
            "-P99999999D",
            "P99999999999D",
            "PT999999999999999999H",
            "PT99999999999999999999H",
            "99999999999999999999999999 days",
            "PT9223372036854775807S",
        ] {
            assert_eq!(duration(text), Err(NoDuration::OutOfRange), "{text}");
        }
    }

    #[test]
    fn what_is_given_has_its_sign() {
        let positive = |text| serde_json::from_value::<Positive>(json!(text)).map(|given| given.0);
        let from_zero = |text| not_negative(json!(text));
        assert_eq!(positive("1 day").unwrap(), SignedDuration::from_hours(24));
        assert_eq!(positive("P3650D").unwrap(), LONGEST);
        assert_eq!(from_zero("PT0S").unwrap(), SignedDuration::ZERO);
        for (text, expected) in [
            ("PT0S", "not longer than nothing"),
            ("-PT5M", "not longer than nothing"),
            ("P99999999D", "longer than can be counted"),
            ("soon", "a duration such as"),
        ] {
            let message = positive(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{text}: {message}");
        }
        assert!(from_zero("-PT1S").is_err());
    }
}
