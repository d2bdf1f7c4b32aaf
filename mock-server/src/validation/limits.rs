//! `x-duration`: the limits of a duration, which no keyword of JSON Schema can say.
//!
//! `{"above": "PT0S", "to": "P3650D"}`: longer than `above`, at least `from`, at most `to`. What is no duration at all is the
//! matter of the format `duration`.

use jiff::SignedDuration;
use jsonschema::{Keyword, ValidationError, paths::Location};
use serde_json::{Map, Value};

use crate::domain::duration::{NoDuration, duration};

pub(super) const KEYWORD: &str = "x-duration";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Limits {
    above: Option<SignedDuration>,
    from: Option<SignedDuration>,
    to: Option<SignedDuration>,
}

/// Makes the keyword of its value in a schema.
pub(super) fn keyword<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    match Limits::read(value) {
        Some(limits) => Ok(Box::new(limits)),
        None => Err(ValidationError::schema("x-duration has no such limit")),
    }
}

/// Whether `text` is written as a duration is. One that is longer than can be counted is, too.
pub(super) fn is_duration(text: &str) -> bool {
    duration(text) != Err(NoDuration::Malformed)
}

impl Limits {
    fn read(value: &Value) -> Option<Self> {
        let mut limits = Self::default();
        for (name, limit) in value.as_object()? {
            let limit = duration(limit.as_str()?).ok();
            match name.as_str() {
                "above" => limits.above = limit,
                "from" => limits.from = limit,
                "to" => limits.to = limit,
                _ => return None,
            }
            limit?;
        }
        Some(limits)
    }

    fn admit(&self, text: &str) -> bool {
        match duration(text) {
            Err(NoDuration::Malformed) => true,
            Err(NoDuration::OutOfRange) => false,
            Ok(given) => {
                self.above.is_none_or(|above| given > above)
                    && self.from.is_none_or(|from| given >= from)
                    && self.to.is_none_or(|to| given <= to)
            }
        }
    }

    /// The end of a sentence that the place begins.
    fn predicate(&self) -> String {
        let above = self
            .above
            .map(|above| format!("longer than {}", words(above)));
        let from = self.from.map(|from| format!("at least {}", words(from)));
        let to = self.to.map(|to| format!("at most {}", words(to)));
        let all: Vec<_> = [above, from, to].into_iter().flatten().collect();
        format!("must be {}", all.join(" and "))
    }
}

impl<'i> Keyword<'i> for Limits {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(self.predicate()))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.admit(text))
    }
}

/// A duration as a person says it.
fn words(duration: SignedDuration) -> String {
    const DAY: i64 = 24;
    match duration.as_hours() {
        _ if duration.is_zero() => "zero".to_owned(),
        hours if hours % DAY == 0 && SignedDuration::from_hours(hours) == duration => {
            format!("{} days", hours / DAY)
        }
        _ => format!("{duration:#}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn limits_are_read_and_said() {
        let limits = |value| Limits::read(&value).expect("limits");
        let positive = limits(json!({"above": "PT0S", "to": "P3650D"}));
        assert_eq!(
            positive.predicate(),
            "must be longer than zero and at most 3650 days"
        );
        for (text, admitted) in [
            ("PT1S", true),
            ("3650 days", true),
            ("PT0S", false),
            ("-1h", false),
            ("P3651D", false),
            ("P99999999D", false),
            ("soon", true),
        ] {
            assert_eq!(positive.admit(text), admitted, "{text}");
        }
        let short = limits(json!({"from": "PT0S", "to": "PT1M"}));
        assert_eq!(short.predicate(), "must be at least zero and at most 1m");
        assert!(short.admit("PT0S") && short.admit("60s") && !short.admit("61s"));
        for wrong in [
            json!({"below": "PT1S"}),
            json!({"to": "soon"}),
            json!("PT1S"),
        ] {
            assert_eq!(Limits::read(&wrong), None, "{wrong}");
        }
    }
}
