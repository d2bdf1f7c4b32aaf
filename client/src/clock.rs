//! The only readers of the system's time and randomness on the way of a call.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use tokio::time::{self, Instant};

/// Where a client reads the time, and how it waits between two attempts.
///
/// A client has the system's clock unless [`ClientBuilder::clock`](crate::ClientBuilder::clock) gives it
/// another: one that does not wait, in tests. Timeouts of sockets run on real time in any case.
pub trait Clock: Send + Sync + 'static {
    /// The time of day. `Retry-After` may name one.
    fn now(&self) -> SystemTime;

    /// The time since some instant that stays the same. It never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The system's clock. It waits on tokio's timer, which a test can pause.
pub(crate) struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the system's clock")]
    pub(crate) fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the system's clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the system's clock")]
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(time::sleep(duration))
    }
}

/// 64 bits that nobody expects, out of the keys that the standard library draws for its hash maps: enough
/// to spread waits and to tell idempotency keys apart, without a crate for it. No secret is made of them.
pub(crate) fn system_random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn random_numbers_differ_in_all_their_bits() {
        let numbers: Vec<u64> = (0..1000).map(|_| system_random()).collect();
        assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), 1000);
        assert_eq!(numbers.iter().fold(0, |seen, number| seen | number), !0);
        assert_eq!(numbers.iter().fold(!0, |seen, number| seen & number), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_system_s_clock_waits_on_tokio_s_timer() {
        let clock = SystemClock::new();
        let before = clock.elapsed();
        clock.sleep(Duration::from_secs(3600)).await;
        let waited = clock.elapsed().checked_sub(before).unwrap();
        assert!((3600..3601).contains(&waited.as_secs()), "{waited:?}");
    }
}
