//! One operation under way: a unit of work with the time it happens at and the events it records.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use ulid::Ulid;

use super::{certificates, deliveries, log_streams, organization_domains};
use crate::domain::Error;
use crate::domain::delivery::QueueId;
use crate::domain::due::TimedChange;
use crate::domain::error::{Rule, Violation};
use crate::domain::event::{Event, Happening};
use crate::domain::ids::{EnvironmentId, EventId};
use crate::domain::page::Page;
use crate::domain::reach::Reach;
use crate::domain::settings::Settings;
use crate::domain::time::Now;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::random::Random;
use crate::store::{BadCursor, Query, Record, UnitOfWork};
use crate::wakeups::Job;

/// How many changes that may be noticed late happen in one unit of work.
const MOST_LATE: usize = 1_000;

/// What one operation does, all at one time. Dropped without [`Work::commit`], it has done nothing.
pub(crate) struct Work<'a> {
    environment: &'a Environment,
    unit: UnitOfWork<'a>,
    now: Now,
    /// What is to be done when this is committed.
    jobs: Vec<Job>,
}

impl<'a> Work<'a> {
    /// Begins an operation, after what time has brought since the last one. The clock is read when the environment's records are held, so that what is recorded later is
    /// never earlier.
    pub(crate) fn begin(environment: &'a Environment) -> Self {
        let unit = environment.store.begin();
        let mut work = Self {
            environment,
            unit,
            now: environment.clock.reading(),
            jobs: Vec::new(),
        };
        work.settle();
        work
    }

    /// Lets every change happen whose time has come, each at its own instant. They stand whatever becomes of the operation. Of
    /// those that may be noticed late, what is left is for the units of work that follow.
    fn settle(&mut self) {
        let now = self.now.clone();
        let mut late = 0;
        while let Some((at, change)) = self.unit.due(&now, late < MOST_LATE) {
            self.now = now.shown_at(at);
            late += usize::from(change.may_be_late());
            match change {
                TimedChange::DomainVerification(id) => organization_domains::expire(self, &id),
                TimedChange::CertificateNotice(id) => certificates::notice(self, &id),
                TimedChange::Delivery(id) => deliveries::ready(self, &id),
                TimedChange::LogStreamDelivery(id) => log_streams::ready(self, &id),
            }
        }
        self.now = now;
        self.unit.keep();
        self.announce();
    }

    /// Tells those who deliver what there is to do. They get at it when this unit of work is over.
    fn announce(&mut self) {
        let Environment { id, wakeups, .. } = self.environment;
        wakeups.set_alarm(id, self.unit.next_due());
        for job in self.jobs.drain(..) {
            wakeups.wake(id, job);
        }
    }

    /// Whether there is anything that time has brought and that is not noticed yet.
    pub(crate) fn is_late(&self) -> bool {
        self.unit.due(&self.now, true).is_some()
    }

    /// Has what is in a queue sent, once this is committed.
    pub(crate) fn wake(&mut self, queue: QueueId) {
        self.begin_job(Job::Send(queue));
    }

    /// Has something done, once this is committed.
    pub(crate) fn begin_job(&mut self, job: Job) {
        if !self.jobs.contains(&job) {
            self.jobs.push(job);
        }
    }

    /// When it happens, with what is needed to keep the past past.
    pub(crate) fn now(&self) -> Now {
        self.now.clone()
    }

    /// When it happens.
    pub(crate) fn at(&self) -> Timestamp {
        self.now.at()
    }

    /// The source of what is random.
    pub(crate) fn random(&self) -> &'a Random {
        &self.environment.random
    }

    /// What the environment decides by.
    pub(crate) fn settings(&self) -> &'a Settings {
        &self.environment.settings
    }

    /// What makes the next id; events have theirs from elsewhere.
    pub(crate) fn ulid(&self) -> Ulid {
        self.environment.random.ulid(self.at())
    }

    /// What may be dialled.
    pub(crate) fn reach(&self) -> &'a Reach {
        &self.environment.reach
    }

    /// The environment that it happens in.
    pub(crate) fn environment_id(&self) -> &'a EnvironmentId {
        &self.environment.id
    }

    /// A new token of the environment.
    pub(crate) fn token(&self) -> Token {
        Token::new(&self.environment.id, self.environment.random.bytes())
    }

    /// Records that something happened.
    pub(crate) fn record(&mut self, what: impl Into<Happening>) {
        let event = Event {
            id: EventId::new(self.environment.random.event_ulid(self.at())),
            what: what.into(),
            created_at: self.at(),
        };
        let event = self.unit.insert(event);
        deliveries::fan_out(self, &event);
        let max_events = self.environment.settings.max_events;
        if self.unit.trim::<Event>(max_events)
            && !self.environment.forgets.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                max_events,
                "there are more events than are kept: from now on the oldest go first"
            );
        }
    }

    /// A page of records.
    ///
    /// # Errors
    /// A cursor that is no id of this kind, or two of them.
    pub(crate) fn list<R: Record>(&self, query: &Query<'_, R>) -> Result<Page<R>, Error> {
        self.unit
            .list(query)
            .map_err(|cursor| bad_cursor(R::PREFIX, cursor))
    }

    /// Makes it stand.
    pub(crate) fn commit(mut self) {
        self.announce();
        let Self {
            environment, unit, ..
        } = self;
        unit.commit();
        // Whoever waits for deliveries or watches the environment looks again.
        environment.wakeups.tell_change();
    }
}

impl<'a> Deref for Work<'a> {
    type Target = UnitOfWork<'a>;

    fn deref(&self) -> &UnitOfWork<'a> {
        &self.unit
    }
}

impl<'a> DerefMut for Work<'a> {
    fn deref_mut(&mut self) -> &mut UnitOfWork<'a> {
        &mut self.unit
    }
}

fn bad_cursor(prefix: &str, cursor: BadCursor) -> Error {
    let no_id = || format!("The cursor has to be an id that begins with {prefix}.");
    let (field, message) = match cursor {
        BadCursor::Before => ("before", no_id()),
        BadCursor::After => ("after", no_id()),
        BadCursor::Both => (
            "after",
            "A page lies before one cursor or after one: give one of the two.".to_owned(),
        ),
    };
    Violation::new(field, Rule::Value, message).into()
}
