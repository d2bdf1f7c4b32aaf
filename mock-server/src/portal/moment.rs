//! Instants as people read them.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// An instant, for a machine and for a person, as seen from another one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Moment {
    /// RFC 3339, for `<time datetime>`.
    pub(super) rfc3339: String,
    /// `12 November 2026, 14:32:05 UTC`.
    pub(super) absolute: String,
    /// `in 4 minutes`, `2 hours ago`.
    pub(super) relative: String,
}

impl Moment {
    pub(super) fn new(at: Timestamp, now: Timestamp) -> Self {
        Self {
            rfc3339: at.to_string(),
            absolute: at
                .to_zoned(TimeZone::UTC)
                .strftime("%-d %B %Y, %H:%M:%S UTC")
                .to_string(),
            relative: relative(at.duration_since(now)),
        }
    }
}

/// The distance in the largest unit that fills it at least once, rounded to the nearest whole.
fn relative(distance: SignedDuration) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let seconds = distance.as_millis().unsigned_abs().saturating_add(500) / 1_000;
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    let rounded = |size: u64| (seconds + size / 2) / size;
    // 59 minutes and a half are an hour, so a unit counts from where the one below it would be rounded up to it.
    let unit = UNITS
        .iter()
        .zip(&UNITS[1..])
        .find(|((size, _), (below, _))| rounded(*below) * below >= *size);
    let (size, name) = unit.map_or(UNITS[3], |(unit, _)| *unit);
    let count = rounded(size);
    let plural = if count == 1 { "" } else { "s" };
    match count {
        0 => "just now".to_owned(),
        _ if distance.is_negative() => format!("{count} {name}{plural} ago"),
        _ => format!("in {count} {name}{plural}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(at: &str) -> Moment {
        let instant = |text: &str| text.parse::<Timestamp>().expect("a valid instant");
        Moment::new(instant(at), instant("2026-11-12T14:32:05Z"))
    }

    #[test]
    fn is_written_in_utc() {
        let moment = seen("2026-11-12T14:37:05.250Z");
        assert_eq!(moment.absolute, "12 November 2026, 14:37:05 UTC");
        assert_eq!(moment.rfc3339, "2026-11-12T14:37:05.25Z");
    }

    #[test]
    fn is_named_from_where_the_clock_stands() {
        for (at, words) in [
            ("2026-11-12T14:32:05Z", "just now"),
            ("2026-11-12T14:32:06Z", "in 1 second"),
            ("2026-11-12T14:31:05Z", "1 minute ago"),
            ("2026-11-12T15:31:05Z", "in 59 minutes"),
            ("2026-11-12T15:32:04.900Z", "in 1 hour"),
            ("2026-11-12T14:32:04.900Z", "just now"),
            ("2026-11-12T14:33:35Z", "in 2 minutes"),
            ("2026-11-13T02:31:00Z", "in 12 hours"),
            ("2026-11-12T12:32:05Z", "2 hours ago"),
            ("2026-12-12T14:32:05Z", "in 30 days"),
            ("0001-01-01T00:00:00Z", "739932 days ago"),
        ] {
            assert_eq!(seen(at).relative, words, "{at}");
        }
    }
}
