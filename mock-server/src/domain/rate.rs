//! Rate limits: so many requests in a window that begins with its first.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::settings::{CustomRateLimits, RateLimit};
use super::time::{Moment, Now};
use super::token::SecretHash;

/// What a window counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// Every request with one API key.
    All(SecretHash),
    /// Deletions of organizations with one API key.
    DeleteOrganization(SecretHash),
    /// Requests to `/directory_users` for one directory, named by its hash.
    DirectoryUsers(SecretHash),
}

/// The request comes too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// After how long the window is over; at least a moment.
    pub(crate) retry_after: SignedDuration,
}

impl TooMany {
    /// The wait in whole seconds, rounded up, as the `Retry-After` header has it.
    pub(crate) fn retry_after_seconds(self) -> i64 {
        let rest = i64::from(self.retry_after.subsec_nanos() > 0);
        (self.retry_after.as_secs() + rest).max(1)
    }
}

/// The windows of one environment.
#[derive(Debug, Default)]
pub(crate) struct RateWindows {
    limits: CustomRateLimits,
    windows: HashMap<Scope, Window>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    begun: Moment,
    count: u32,
}

/// How many windows are kept before those that are over are let go.
const MAX_WINDOWS: usize = 1_024;

impl RateWindows {
    pub(crate) fn new(limits: CustomRateLimits) -> Self {
        Self {
            limits,
            windows: HashMap::new(),
        }
    }

    /// Whether anything is limited at all.
    pub(crate) fn is_off(&self) -> bool {
        self.limits == CustomRateLimits::default()
    }

    /// Counts a request in each of `scopes`, unless one of them is full; then it counts in none.
    ///
    /// # Errors
    /// [`TooMany`], with the longest wait.
    pub(crate) fn admit(&mut self, scopes: &[Scope], now: &Now) -> Result<(), TooMany> {
        let limited: Vec<_> = scopes
            .iter()
            .filter_map(|scope| Some((*scope, self.limit(*scope)?)))
            .collect();
        let full = limited
            .iter()
            .filter_map(|(scope, limit)| self.wait(*scope, *limit, now));
        if let Some(retry_after) = full.max() {
            return Err(TooMany { retry_after });
        }
        self.forget(now);
        for (scope, limit) in limited {
            let fresh = Window {
                begun: now.moment(),
                count: 0,
            };
            let window = self.windows.entry(scope).or_insert(fresh);
            if window.is_over(limit, now) {
                *window = fresh;
            }
            window.count += 1;
        }
        Ok(())
    }

    fn limit(&self, scope: Scope) -> Option<RateLimit> {
        match scope {
            Scope::All(_) => self.limits.all,
            Scope::DeleteOrganization(_) => self.limits.delete_organization,
            Scope::DirectoryUsers(_) => self.limits.directory_users,
        }
    }

    /// How long a request has to wait, if it has to.
    fn wait(&self, scope: Scope, limit: RateLimit, now: &Now) -> Option<SignedDuration> {
        if limit.requests == 0 {
            return Some(limit.per);
        }
        let window = self.windows.get(&scope)?;
        let full = window.count >= limit.requests && !window.is_over(limit, now);
        full.then(|| window.end(limit).duration_since(now.at()))
    }

    fn forget(&mut self, now: &Now) {
        if self.windows.len() >= MAX_WINDOWS {
            let limits = self.limits.clone();
            let kept = Self::new(limits);
            self.windows.retain(|scope, window| {
                kept.limit(*scope)
                    .is_some_and(|limit| !window.is_over(limit, now))
            });
        }
    }
}

impl Window {
    fn end(self, limit: RateLimit) -> Timestamp {
        self.begun.plus(limit.per)
    }

    /// A window that begins later than the clock shows is over too: the clock was set back, and a wait until then
    /// would be longer than any window.
    fn is_over(self, limit: RateLimit, now: &Now) -> bool {
        now.at() < self.begun.at || now.has_reached(self.end(limit), self.begun)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::time::Turns;

    const LIMIT: RateLimit = RateLimit {
        requests: 2,
        per: SignedDuration::from_secs(10),
    };

    fn now(millisecond: i64) -> Now {
        Now::new(
            Timestamp::from_millisecond(millisecond).unwrap(),
            Arc::new(Turns::default()),
        )
    }

    fn all() -> Scope {
        Scope::All(SecretHash::of("key"))
    }

    fn windows() -> RateWindows {
        RateWindows::new(CustomRateLimits {
            all: Some(LIMIT),
            ..CustomRateLimits::default()
        })
    }

    #[test]
    fn a_window_fills_and_opens_again_at_its_end() {
        let mut windows = windows();
        let mut admit = |at| windows.admit(&[all()], &now(at));
        assert_eq!(admit(1_000), Ok(()));
        assert_eq!(admit(5_000), Ok(()));
        assert_eq!(admit(5_500).unwrap_err().retry_after_seconds(), 6);
        assert_eq!(admit(10_999).unwrap_err().retry_after_seconds(), 1);
        assert_eq!(admit(11_000), Ok(()));
        assert_eq!(admit(11_000), Ok(()));
        assert_eq!(admit(11_000).unwrap_err().retry_after_seconds(), 10);
    }

    #[test]
    fn each_key_has_windows_of_its_own() {
        let mut windows = windows();
        let mut admit = |key| windows.admit(&[Scope::All(SecretHash::of(key))], &now(0));
        for key in ["one", "two", "one", "two"] {
            assert_eq!(admit(key), Ok(()));
        }
        assert!(admit("one").is_err());
        assert_eq!(admit("three"), Ok(()));
    }

    #[test]
    fn what_is_not_limited_is_never_refused() {
        let mut windows = RateWindows::default();
        assert!(windows.is_off());
        for _ in 0..10_000 {
            assert_eq!(windows.admit(&[all()], &now(0)), Ok(()));
        }
        assert!(windows.windows.is_empty());
    }

    #[test]
    fn a_refused_request_counts_nowhere() {
        let limits = CustomRateLimits {
            all: Some(RateLimit {
                requests: 3,
                ..LIMIT
            }),
            delete_organization: Some(RateLimit {
                requests: 1,
                ..LIMIT
            }),
            directory_users: None,
        };
        let mut windows = RateWindows::new(limits);
        let delete = Scope::DeleteOrganization(SecretHash::of("key"));
        assert_eq!(windows.admit(&[all(), delete], &now(0)), Ok(()));
        for _ in 0..5 {
            assert!(windows.admit(&[all(), delete], &now(0)).is_err());
        }
        assert_eq!(windows.admit(&[all()], &now(0)), Ok(()));
        assert_eq!(windows.admit(&[all()], &now(0)), Ok(()));
        assert!(windows.admit(&[all()], &now(0)).is_err());
    }

    #[test]
    fn setting_the_clock_back_shortens_a_wait_instead_of_stretching_it() {
        let mut windows = windows();
        let late = now(1_000_000);
        for _ in 0..2 {
            windows.admit(&[all()], &late).unwrap();
        }
        assert!(windows.admit(&[all()], &late).is_err());
        let mut turns = Turns::default();
        turns.push(late.at());
        let back = Now::new(now(0).at(), Arc::new(turns));
        assert_eq!(windows.admit(&[all()], &back), Ok(()));
    }

    #[test]
    fn windows_that_are_over_are_let_go() {
        let limits = CustomRateLimits {
            directory_users: Some(LIMIT),
            ..CustomRateLimits::default()
        };
        let mut windows = RateWindows::new(limits);
        for number in 0..5_000_i64 {
            let scope = Scope::DirectoryUsers(SecretHash::of(&number.to_string()));
            windows.admit(&[scope], &now(number * 100)).unwrap();
        }
        assert!(windows.windows.len() <= MAX_WINDOWS);
    }

    #[test]
    fn a_limit_of_nothing_admits_nothing() {
        let none = RateLimit {
            requests: 0,
            ..LIMIT
        };
        let mut windows = RateWindows::new(CustomRateLimits {
            all: Some(none),
            ..CustomRateLimits::default()
        });
        assert_eq!(
            windows
                .admit(&[all()], &now(0))
                .unwrap_err()
                .retry_after_seconds(),
            10
        );
    }
}
