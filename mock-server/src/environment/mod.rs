//! Environments: what an API key opens. Each has its own data, clock, settings, limits and queues.

mod keys;
mod registry;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub(crate) use self::keys::{ApiKey, ApiKeySpec};
pub(crate) use self::registry::{Environments, Full, Start, Surroundings};
use crate::clock::Clock;
use crate::domain::fault::Faults;
use crate::domain::ids::EnvironmentId;
use crate::domain::rate::{RateWindows, Scope, TooMany};
use crate::domain::reach::Reach;
use crate::domain::settings::{RateLimits, Settings};
use crate::idempotency::Responses;
use crate::random::Random;
use crate::seed::Seed;
use crate::store::Store;
use crate::wakeups::Wakeups;

/// An environment. Two of them never see each other's data.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) id: EnvironmentId,
    pub(crate) client_id: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) store: Store,
    pub(crate) responses: Responses,
    pub(crate) faults: Mutex<Faults>,
    /// Whether events have gone to make room for others, which is told once.
    pub(crate) forgets: AtomicBool,
    /// The same of the events of audit logs.
    pub(crate) forgets_audit_logs: AtomicBool,
    /// What may be dialled for it.
    pub(crate) reach: Reach,
    /// Tells those who deliver that there is something to do.
    pub(crate) wakeups: Wakeups,
    limits: Mutex<(RateLimits, RateWindows)>,
}

/// What an environment is like at first, and again after a reset.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentSpec {
    pub(crate) client_id: String,
    pub(crate) settings: Settings,
    /// Where its clock stands still; without one it runs with the system's.
    pub(crate) clock: Option<Timestamp>,
    /// Without one, ids and tokens cannot be guessed.
    pub(crate) random_seed: Option<u64>,
    /// Whether it starts with an organization.
    pub(crate) test_organization: bool,
    /// What it starts with besides. Environments that are made alike share it.
    pub(crate) seed: Option<Arc<Seed>>,
}

impl Environment {
    fn new(
        id: EnvironmentId,
        spec: &EnvironmentSpec,
        clock: Clock,
        surroundings: &Surroundings,
    ) -> Self {
        Self {
            id,
            client_id: spec.client_id.clone(),
            limits: Mutex::new(limited(spec.settings.rate_limits.clone())),
            settings: spec.settings.clone(),
            clock,
            random: spec
                .random_seed
                .map_or_else(Random::from_os, Random::seeded),
            store: Store::default(),
            responses: Responses::default(),
            faults: Mutex::default(),
            forgets: AtomicBool::default(),
            forgets_audit_logs: AtomicBool::default(),
            reach: surroundings.reach.clone(),
            // As long as nobody can find it, nobody is told to look for it.
            wakeups: Wakeups::default(),
        }
    }

    /// Has what is to be delivered from now on delivered.
    fn open(&mut self, surroundings: &Surroundings) {
        self.wakeups = Wakeups::new(surroundings.couriers.clone());
    }

    /// An environment apart, with the settings of this one, in which things can be made up: its clock stands still, nothing is
    /// sent from there, and everything random depends on `seed`.
    pub(crate) fn apart(&self, at: Timestamp, seed: u64) -> Self {
        let spec = EnvironmentSpec {
            client_id: self.client_id.clone(),
            settings: Settings {
                max_events: Settings::default().max_events,
                ..self.settings.clone()
            },
            clock: Some(at),
            random_seed: Some(seed),
            test_organization: false,
            seed: None,
        };
        let surroundings = Surroundings::default();
        Self::new(self.id.clone(), &spec, Clock::frozen_at(at), &surroundings)
    }

    /// Counts a request against the limits of `scopes`, which nobody works out where nothing is limited.
    ///
    /// # Errors
    /// The request comes too early.
    pub(crate) fn admit(&self, scopes: impl FnOnce() -> Vec<Scope>) -> Result<(), TooMany> {
        let (_, windows) = &mut *self.limits();
        if windows.is_off() {
            Ok(())
        } else {
            windows.admit(&scopes(), &self.clock.reading())
        }
    }

    /// Which requests are limited now.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        self.limits().0.clone()
    }

    /// Limits requests otherwise from now on; what was counted so far is forgotten.
    pub(crate) fn limit_rates(&self, limits: RateLimits) {
        *self.limits() = limited(limits);
    }

    fn limits(&self) -> MutexGuard<'_, (RateLimits, RateWindows)> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn limited(limits: RateLimits) -> (RateLimits, RateWindows) {
    let windows = RateWindows::new(limits.limits());
    (limits, windows)
}
