//! The clock of an environment, and the only reader of the system's time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::domain::time::{Now, Turns};

/// The clock that an environment decides by: expiry, windows, timestamps. It runs with the system's, unless it was
/// moved or frozen. Clones are the same clock.
///
/// It may be set back; what had expired by then stays expired.
#[derive(Clone)]
pub struct Clock(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Tells everyone who waits that the clock was moved, stopped or set going.
    moved: watch::Sender<()>,
}

struct State {
    source: Source,
    /// The latest reading that anyone has seen.
    last: Timestamp,
    turns: Arc<Turns>,
}

#[derive(Clone, Copy)]
enum Source {
    /// The system's time plus this much.
    Running(SignedDuration),
    Frozen(Timestamp),
}

/// What a clock can show, for messages.
pub(crate) const YEARS: &str = "the years -9999 to 9999";

/// The clock cannot show the time it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time is out of range: a clock shows {YEARS}")]
pub struct ClockError;

impl Clock {
    /// A clock that shows the system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::with(Source::first(None))
    }

    /// A clock that stands still at `at` until it is moved.
    #[must_use]
    pub fn frozen_at(at: Timestamp) -> Self {
        Self::with(Source::first(Some(at)))
    }

    /// A clock that stands still at `at`, or runs with the system's.
    pub(crate) fn new(at: Option<Timestamp>) -> Self {
        at.map_or_else(Self::system, Self::frozen_at)
    }

    /// Makes it a clock as [`Clock::new`] makes one, which remembers nothing of before.
    pub(crate) fn restart(&self, at: Option<Timestamp>) {
        let mut state = self.lock();
        let source = Source::first(at);
        *state = State {
            source,
            last: source.read(),
            turns: Arc::default(),
        };
        self.tell(state);
    }

    fn with(source: Source) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                source,
                last: source.read(),
                turns: Arc::new(Turns::default()),
            }),
            moved: watch::Sender::default(),
        }))
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.lock().observe()
    }

    /// What the clock shows, and what of the past it has to remember.
    pub(crate) fn reading(&self) -> Now {
        let mut state = self.lock();
        let at = state.observe();
        Now::new(at, Arc::clone(&state.turns))
    }

    /// Moves the clock by `by`, back if that is negative. A running clock runs on from there.
    ///
    /// # Errors
    /// The time is out of range. The clock is then left as it was.
    pub fn advance(&self, by: SignedDuration) -> Result<Timestamp, ClockError> {
        let mut state = self.lock();
        let target = state.observe().checked_add(by).map_err(|_| ClockError)?;
        let shown = state.move_to(target);
        self.tell(state);
        Ok(shown)
    }

    /// Sets the clock to `at`. A running clock runs on from there.
    pub fn set(&self, at: Timestamp) {
        let mut state = self.lock();
        state.observe();
        state.move_to(at);
        self.tell(state);
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let mut state = self.lock();
        let at = state.observe();
        state.source = Source::Frozen(at);
        self.tell(state);
    }

    /// Lets a frozen clock run on from where it stands.
    pub fn resume(&self) {
        let mut state = self.lock();
        let at = state.observe();
        state.source = Source::running_from(at);
        self.tell(state);
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(self.lock().source, Source::Frozen(_))
    }

    /// A watch on the clock, for [`Watch::until`].
    pub(crate) fn watch(&self) -> Watch {
        Watch {
            clock: self.clone(),
            moved: self.0.moved.subscribe(),
        }
    }

    fn tell(&self, state: MutexGuard<'_, State>) {
        drop(state);
        self.0.moved.send_replace(());
    }

    // A panic elsewhere leaves the state whole: every change here is a single assignment.
    fn lock(&self) -> MutexGuard<'_, State> {
        let state = &self.0.state;
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a clock. Every time that it is moved between two waits is noticed by the second.
pub(crate) struct Watch {
    clock: Clock,
    moved: watch::Receiver<()>,
}

impl Watch {
    /// Waits until the clock shows `at`, or until it is moved, stopped or set going, whichever comes first.
    pub(crate) async fn until(&mut self, at: Timestamp) {
        let running = match self.clock.lock().source {
            Source::Frozen(shown) if shown < at => None,
            Source::Frozen(_) => return,
            source @ Source::Running(_) => Some(at.duration_since(source.read())),
        };
        let moved = self.moved.changed();
        match running {
            // The clock holds the sender, so this ends when it is moved and not before.
            None => drop(moved.await),
            Some(wait) => {
                let wait = Duration::try_from(wait).unwrap_or_default();
                tokio::select! {
                    () = pause(wait.min(LONGEST_PAUSE)) => {}
                    _ = moved => {}
                }
            }
        }
    }
}

/// Beyond this, a wait is taken up again: the system's time may be set meanwhile.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Waits in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "a clock that runs is waited for in real time, and so is what a client waits for"
)]
pub(crate) async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}

/// The system's time, for what receivers hold against their own.
pub(crate) fn real_time() -> Timestamp {
    system_time()
}

/// Measures real time.
pub(crate) struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a receiver takes is no matter of an environment's clock"
    )]
    pub(crate) fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

impl State {
    /// Reads the source, and notes when it shows less than it did: the clock was set back, or the system's was.
    fn observe(&mut self) -> Timestamp {
        let at = self.source.read();
        if at < self.last {
            Arc::make_mut(&mut self.turns).push(self.last);
        }
        self.last = at;
        at
    }

    fn move_to(&mut self, at: Timestamp) -> Timestamp {
        self.source = match self.source {
            Source::Frozen(_) => Source::Frozen(at),
            Source::Running(_) => Source::running_from(at),
        };
        self.observe()
    }
}

impl Source {
    fn first(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Running(SignedDuration::ZERO), Self::Frozen)
    }

    fn running_from(at: Timestamp) -> Self {
        Self::Running(at.duration_since(system_time()))
    }

    fn read(self) -> Timestamp {
        match self {
            Self::Frozen(at) => at,
            Self::Running(offset) => {
                let limit = if offset.is_negative() {
                    Timestamp::MIN
                } else {
                    Timestamp::MAX
                };
                system_time().checked_add(offset).unwrap_or(limit)
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the system's time"
)]
fn system_time() -> Timestamp {
    Timestamp::now()
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.is_frozen() {
            "Frozen"
        } else {
            "Running"
        };
        formatter.debug_tuple(name).field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frozen() -> (Clock, Timestamp) {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        (Clock::frozen_at(at), at)
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told_to() {
        let (clock, at) = frozen();
        assert!(clock.is_frozen());
        assert_eq!(clock.now(), at);
        let five = SignedDuration::from_mins(5);
        assert_eq!(clock.advance(five), Ok(at + five));
        assert_eq!(clock.clone().now(), at + five);
        clock.set(at);
        assert_eq!(clock.now(), at);
    }

    #[test]
    fn a_running_clock_runs_on_from_where_it_was_set() {
        let (clock, at) = frozen();
        clock.resume();
        assert!(!clock.is_frozen());
        let later = at + SignedDuration::from_hours(100);
        clock.set(later);
        assert!(clock.now() >= later);
        assert!(clock.now() < later + SignedDuration::from_hours(1));
        clock.freeze();
        let stopped = clock.now();
        assert_eq!(clock.now(), stopped);
    }

    #[test]
    fn the_range_ends_without_a_panic() {
        let (clock, at) = frozen();
        assert_eq!(clock.advance(SignedDuration::MAX), Err(ClockError));
        assert_eq!(clock.now(), at);
        clock.resume();
        clock.set(Timestamp::MAX);
        assert!(clock.now() > at);
        clock.set(Timestamp::MIN);
        assert!(clock.now() < at);
    }

    #[tokio::test]
    async fn a_clock_is_waited_for_until_it_is_there_or_moved() {
        let (clock, at) = frozen();
        let mut watch = clock.watch();
        watch.until(at).await;
        let later = at + SignedDuration::from_hours(1);
        for step in [1, 59] {
            clock.advance(SignedDuration::from_mins(step)).unwrap();
            watch.until(later + SignedDuration::from_hours(9)).await;
        }
        watch.until(later).await;
        clock.resume();
        watch.until(Timestamp::MAX).await;
        watch.until(later).await;
    }

    #[test]
    fn a_reading_remembers_what_was_reached_before_the_clock_was_set_back() {
        let (clock, at) = frozen();
        let begun = clock.reading().moment();
        let deadline = at + SignedDuration::from_mins(5);
        clock.set(deadline);
        clock.set(at);
        assert!(clock.reading().has_reached(deadline, begun));
        assert!(
            !clock
                .reading()
                .has_reached(deadline, clock.reading().moment())
        );
    }
}
