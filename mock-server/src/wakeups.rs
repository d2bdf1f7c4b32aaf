//! Tells those who deliver that there is something to do, without knowing who they are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use crate::domain::delivery::QueueId;
use crate::domain::ids::{EnvironmentId, WebhookEndpointId};

/// Something to be done for an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wakeup {
    pub(crate) environment: EnvironmentId,
    pub(crate) job: Job,
}

/// What is to be done, until there is no more of it. Of each job there is one at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Job {
    /// Send what is in a queue.
    Send(QueueId),
    /// Cancel the rest of what is not to be sent any more to an endpoint.
    Cancel(WebhookEndpointId),
    /// Let happen what time brings, when its time has come.
    KeepTime,
}

/// The jobs of one environment that somebody is at.
#[derive(Debug, Default)]
pub(crate) struct Wakeups {
    /// Who takes jobs; where nobody does, nothing is delivered.
    couriers: Option<UnboundedSender<Wakeup>>,
    /// The jobs that are taken, and whether there is more to do than when they were.
    taken: Mutex<HashMap<Job, bool>>,
    /// The instant that is waited for.
    alarm: Mutex<Option<Timestamp>>,
    /// Tells who keeps time that another instant is to be waited for.
    alarm_set: Notify,
    /// How often anything has changed so far.
    changes: AtomicU64,
    /// Tells that something has changed.
    changed: Notify,
    /// Nothing is sent as long as this stands.
    paused: AtomicBool,
    /// Nothing is done any more.
    closed: AtomicBool,
}

impl Wakeups {
    /// Jobs go to `couriers`.
    pub(crate) fn new(couriers: Option<UnboundedSender<Wakeup>>) -> Self {
        Self {
            couriers,
            ..Self::default()
        }
    }

    /// Has a job done, and done again if somebody is at it.
    pub(crate) fn wake(&self, environment: &EnvironmentId, job: Job) {
        let Some(couriers) = &self.couriers else {
            return;
        };
        if self.is_closed() {
            return;
        }
        let mut taken = lock(&self.taken);
        if let Some(more) = taken.get_mut(&job) {
            *more = true;
            return;
        }
        let wakeup = Wakeup {
            environment: environment.clone(),
            job: job.clone(),
        };
        // A server that stops takes no more.
        if couriers.send(wakeup).is_ok() {
            taken.insert(job, false);
        }
    }

    /// Whether there is more to do than when the job was begun or this was last asked. If not, nobody is at it any more.
    pub(crate) fn goes_on(&self, job: &Job) -> bool {
        let mut taken = lock(&self.taken);
        match taken.get_mut(job) {
            Some(more) if *more => {
                *more = false;
                true
            }
            _ => {
                taken.remove(job);
                false
            }
        }
    }

    /// Nobody is at a job any more, whether or not it is done.
    pub(crate) fn give_up(&self, job: &Job) {
        lock(&self.taken).remove(job);
    }

    /// Has somebody wait for `next`, the first instant at which time brings something.
    pub(crate) fn set_alarm(&self, environment: &EnvironmentId, next: Option<Timestamp>) {
        let mut alarm = lock(&self.alarm);
        if *alarm == next {
            return;
        }
        *alarm = next;
        drop(alarm);
        if next.is_some() {
            self.wake(environment, Job::KeepTime);
        }
        self.alarm_set.notify_one();
    }

    /// The instant that is waited for.
    pub(crate) fn alarm(&self) -> Option<Timestamp> {
        lock(&self.alarm).filter(|_| !self.is_closed())
    }

    /// Returns when another instant is to be waited for.
    pub(crate) async fn alarm_set(&self) {
        self.alarm_set.notified().await;
    }

    /// Tells that something has changed: a delivery has got further, a request has come, somebody has done something.
    pub(crate) fn tell_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// How often anything has changed so far, for [`Wakeups::changed_since`].
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Returns when something has changed since there had been so many changes.
    pub(crate) async fn changed_since(&self, changes: u64) {
        loop {
            // From here on a change is noticed.
            let next = self.changed.notified();
            if self.changes() != changes {
                return;
            }
            next.await;
        }
    }

    /// Ends everything: the environment is gone, or another has taken its place.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.alarm_set.notify_one();
        self.tell_change();
    }

    /// Whether nothing is done any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Stops sending, or goes on with it.
    pub(crate) fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::SeqCst);
    }

    /// Whether nothing is to be sent, because a test wants that.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::SeqCst)
    }

    /// Whether nothing may be sent now.
    pub(crate) fn holds_back(&self) -> bool {
        self.is_paused() || self.is_closed()
    }
}

// A panic elsewhere leaves these whole: every change is a single assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_job_is_taken_once_and_done_again_if_there_is_more() {
        let (sender, mut receiver) = unbounded_channel();
        let wakeups = Wakeups::new(Some(sender));
        let id = EnvironmentId::new(Ulid(1));
        let mut taken = || receiver.try_recv().ok().map(|wakeup| wakeup.job);
        wakeups.wake(&id, Job::KeepTime);
        assert_eq!(taken(), Some(Job::KeepTime));
        wakeups.wake(&id, Job::KeepTime);
        wakeups.wake(&id, Job::KeepTime);
        assert_eq!(taken(), None);
        assert!(wakeups.goes_on(&Job::KeepTime));
        assert!(!wakeups.goes_on(&Job::KeepTime));
        wakeups.wake(&id, Job::KeepTime);
        assert_eq!(taken(), Some(Job::KeepTime));
        wakeups.give_up(&Job::KeepTime);
        assert!(!wakeups.goes_on(&Job::KeepTime));
    }

    #[test]
    fn where_nobody_takes_jobs_none_is_noted() {
        let wakeups = Wakeups::default();
        let id = EnvironmentId::new(Ulid(1));
        wakeups.wake(&id, Job::KeepTime);
        assert!(!wakeups.goes_on(&Job::KeepTime));
        let (sender, receiver) = unbounded_channel();
        drop(receiver);
        let stopped = Wakeups::new(Some(sender));
        stopped.wake(&id, Job::KeepTime);
        assert!(lock(&stopped.taken).is_empty());
    }

    #[tokio::test]
    async fn another_alarm_is_noticed() {
        let (sender, mut receiver) = unbounded_channel();
        let wakeups = Wakeups::new(Some(sender));
        let id = EnvironmentId::new(Ulid(1));
        wakeups.set_alarm(&id, None);
        assert!(receiver.try_recv().is_err());
        let at = Timestamp::from_second(9).unwrap();
        wakeups.set_alarm(&id, Some(at));
        assert!(receiver.try_recv().is_ok());
        wakeups.alarm_set().await;
        assert_eq!(wakeups.alarm(), Some(at));
    }
}
