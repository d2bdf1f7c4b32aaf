//! Whether and when a call is sent again: pure, given the time and a random number.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::Outcome;

/// How often a call is sent again, and how long the client waits before.
///
/// An answer of 408, 429, 500, 502, 503 or 504, a lost connection and a timeout are worth another attempt.
/// A call that changes something is repeated only where that cannot change it twice: `PUT` and `DELETE`
/// always; a `POST` or `PATCH` when it was answered with 429 or no connection was made, when WorkOS takes an
/// idempotency key for it (events of audit logs), or when
/// [`CallOptions::repeatable`](crate::CallOptions::repeatable) says so. A `DELETE` whose first answer was lost
/// may therefore end in a 404.
///
/// The waits double from one to the next, and each is cut by up to a half at random, so that many clients
/// do not come back at once. Where the API says how long to wait (`Retry-After`, in seconds or as a date),
/// the client waits that long, and up to `initial_delay` longer; where it asks for more than
/// `max_retry_after`, or more than is left of the call's deadline, the call ends at once with that answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_retries: u32,
    initial_delay: Duration,
    max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// 3 retries, after at most 0.5, 1 and 2 seconds; a `Retry-After` of up to 60 seconds is waited for.
    fn default() -> Self {
        Self {
            max_retries: 3,
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Every call is sent once.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// How often a call is sent again after the first time.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest wait before the first retry.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// The longest wait before any retry, unless the API asks for another.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest wait that the API can ask for.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Whether there may be another attempt after `attempt`, counted from 1.
    pub(crate) fn goes_on_after(&self, attempt: u32) -> bool {
        attempt <= self.max_retries
    }

    /// How long to wait after `attempt`, counted from 1; `None` when that is longer than is waited.
    pub(crate) fn wait(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        random: u64,
    ) -> Option<Duration> {
        if let Some(asked) = asked {
            let spread = part(self.initial_delay, random);
            return (asked <= self.max_retry_after).then(|| asked.saturating_add(spread));
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let longest = self
            .initial_delay
            .saturating_mul(doubled)
            .min(self.max_delay);
        Some(longest.saturating_sub(part(longest / 2, random)))
    }
}

/// A random part of `duration`.
fn part(duration: Duration, random: u64) -> Duration {
    let nanoseconds = (duration.as_nanos() >> 16) * u128::from(random >> 48);
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX)).min(duration)
}

/// Whether an attempt that ended like this is worth another. `repeatable` calls do no harm when they are
/// carried out twice.
pub(crate) fn worth_repeating(outcome: Outcome, repeatable: bool) -> bool {
    match outcome {
        // Nothing was carried out.
        Outcome::NotConnected | Outcome::Answered(StatusCode::TOO_MANY_REQUESTS) => true,
        Outcome::TimedOut | Outcome::Broken => repeatable,
        Outcome::Answered(status) => repeatable && is_passing(status),
        Outcome::Untrusted | Outcome::TooLarge | Outcome::NotSent => false,
    }
}

/// Whether a status speaks of a trouble that passes by itself.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// How long the header `Retry-After` asks to wait: whole seconds, or until a date in any of the three
/// forms that RFC 9110 knows. A date that has passed asks for no wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    let date = DateTime::parse_from_rfc2822(value).map(|date| date.naive_utc());
    let date = date
        .or_else(|_| NaiveDateTime::parse_from_str(value, "%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|_| NaiveDateTime::parse_from_str(value, "%a %b %e %H:%M:%S %Y"))
        .ok()?;
    let until = SystemTime::from(date.and_utc());
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn asked(header: &str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, header.parse().unwrap())]);
        // Sun, 06 Nov 1994 08:49:30 GMT
        retry_after(&headers, UNIX_EPOCH + Duration::from_secs(784_111_770))
    }

    #[test]
    fn the_api_asks_in_seconds_or_by_a_date() {
        assert_eq!(retry_after(&HeaderMap::new(), UNIX_EPOCH), None);
        assert_eq!(asked("0"), Some(Duration::ZERO));
        assert_eq!(asked(" 120 "), Some(120 * SECOND));
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(asked(date), Some(7 * SECOND), "{date}");
        }
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:29 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn what_asks_for_nothing_is_ignored() {
        for header in [
            "",
            "soon",
            "-1",
            "+1",
            "1.5",
            "99999999999999999999",
            "Sun, 06 Nov 1994",
        ] {
            assert_eq!(asked(header), None, "{header}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_and_are_spread() {
        let policy = RetryPolicy::default();
        let longest = |attempt| policy.wait(attempt, None, 0).unwrap();
        let shortest = |attempt| policy.wait(attempt, None, u64::MAX).unwrap();
        let waits = [1, 2, 3, 4, 5, 6, u32::MAX].map(|attempt| longest(attempt).as_millis());
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        for attempt in 1..6 {
            let cut = shortest(attempt).as_secs_f64() / longest(attempt).as_secs_f64();
            assert!((0.5..0.501).contains(&cut), "{cut}");
        }
        let middle = policy.wait(5, None, u64::MAX / 2).unwrap();
        assert!((5.99..6.01).contains(&middle.as_secs_f64()), "{middle:?}");
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_or_not_begun() {
        let policy = RetryPolicy::default().max_retry_after(10 * SECOND);
        assert_eq!(policy.wait(1, Some(10 * SECOND), 0), Some(10 * SECOND));
        let spread = policy.wait(4, Some(SECOND), u64::MAX).unwrap();
        assert!((1.49..=1.5).contains(&spread.as_secs_f64()), "{spread:?}");
        let longer = 10 * SECOND + Duration::from_nanos(1);
        assert_eq!(policy.wait(1, Some(longer), 0), None);
    }

    #[test]
    fn no_setting_is_too_long_to_reckon_with() {
        let policy = RetryPolicy::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .max_retry_after(Duration::MAX);
        for random in [0, u64::MAX] {
            for asked in [None, Some(Duration::MAX)] {
                assert!(policy.wait(u32::MAX, asked, random).unwrap() > SECOND);
            }
        }
    }

    #[test]
    fn only_what_cannot_have_happened_is_repeated_without_leave() {
        let all = [
            (Outcome::NotConnected, true, true),
            (Outcome::TimedOut, false, true),
            (Outcome::Broken, false, true),
            (Outcome::TooLarge, false, false),
            (Outcome::NotSent, false, false),
        ];
        for (outcome, writes, reads) in all {
            assert_eq!(worth_repeating(outcome, false), writes, "{outcome:?}");
            assert_eq!(worth_repeating(outcome, true), reads, "{outcome:?}");
        }
        for status in 100..600 {
            let outcome = Outcome::Answered(StatusCode::from_u16(status).unwrap());
            let passing = [408, 429, 500, 502, 503, 504].contains(&status);
            assert_eq!(worth_repeating(outcome, true), passing, "{status}");
            assert_eq!(worth_repeating(outcome, false), status == 429, "{status}");
        }
    }

    #[test]
    fn attempts_are_counted() {
        assert!(!RetryPolicy::none().goes_on_after(1));
        let policy = RetryPolicy::default().max_retries(2);
        assert_eq!(
            [1, 2, 3].map(|n| policy.goes_on_after(n)),
            [true, true, false]
        );
    }
}
