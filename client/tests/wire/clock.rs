//! A clock that does not wait.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use workos_portal::Clock;

/// Stands at one time of day, and moves on by what is waited.
#[derive(Clone, Default)]
pub(crate) struct TestClock {
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl TestClock {
    /// Every wait so far.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Clock for TestClock {
    /// Sun, 06 Nov 1994 08:49:30 GMT
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(784_111_770)
    }

    fn elapsed(&self) -> Duration {
        self.waits().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.waits.lock().unwrap().push(duration);
        Box::pin(ready(()))
    }
}
