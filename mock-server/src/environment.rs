//! Environments: what an API key opens. Each has its own data, clock, settings and limits.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use crate::clock::Clock;
use crate::domain::fault::Faults;
use crate::domain::ids::EnvironmentId;
use crate::domain::rate::{RateWindows, Scope, TooMany};
use crate::domain::reach::Reach;
use crate::domain::settings::Settings;
use crate::domain::time::Moment;
use crate::domain::token::{SecretHash, Token};
use crate::idempotency::Responses;
use crate::random::Random;
use crate::store::Store;
use crate::wakeups::{Wakeup, Wakeups};

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
    windows: Mutex<RateWindows>,
}

/// What an environment is to be like.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentSpec {
    pub(crate) client_id: String,
    pub(crate) keys: Vec<ApiKeySpec>,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    /// Without one, ids and tokens cannot be guessed.
    pub(crate) random_seed: Option<u64>,
    /// What may be dialled for it.
    pub(crate) reach: Reach,
    /// Who delivers what is to be delivered.
    pub(crate) couriers: Option<UnboundedSender<Wakeup>>,
}

/// An API key of an environment; of the key itself only its hash is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiKeySpec {
    pub(crate) hash: SecretHash,
    /// The first instant on the environment's clock at which the key opens nothing.
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

/// Every environment of a server, and the keys to them.
#[derive(Debug)]
pub(crate) struct Environments {
    default: Arc<Environment>,
    registry: RwLock<Registry>,
    random: Random,
}

#[derive(Debug, Default)]
struct Registry {
    by_id: HashMap<EnvironmentId, Arc<Environment>>,
    by_key: HashMap<SecretHash, ApiKey>,
}

#[derive(Debug)]
struct ApiKey {
    environment: Arc<Environment>,
    created: Moment,
    expires_at: Option<Timestamp>,
    revoked: bool,
}

impl Environment {
    fn new(random: &Random, spec: EnvironmentSpec) -> Self {
        Self {
            id: EnvironmentId::new(random.ulid(spec.clock.now())),
            client_id: spec.client_id,
            windows: Mutex::new(RateWindows::new(spec.settings.rate_limits.limits())),
            settings: spec.settings,
            clock: spec.clock,
            random: spec
                .random_seed
                .map_or_else(Random::from_os, Random::seeded),
            store: Store::default(),
            responses: Responses::default(),
            faults: Mutex::default(),
            forgets: AtomicBool::default(),
            forgets_audit_logs: AtomicBool::default(),
            reach: spec.reach,
            wakeups: Wakeups::new(spec.couriers),
        }
    }

    /// An environment apart, with the settings of this one, in which things can be made up: its clock stands still, nothing is
    /// sent from there, and everything random depends on `seed`.
    pub(crate) fn apart(&self, at: Timestamp, seed: u64) -> Self {
        Self::new(
            &Random::seeded(seed),
            EnvironmentSpec {
                client_id: self.client_id.clone(),
                keys: Vec::new(),
                settings: Settings {
                    max_events: Settings::default().max_events,
                    ..self.settings.clone()
                },
                clock: Clock::frozen_at(at),
                random_seed: Some(seed),
                reach: Reach::default(),
                couriers: None,
            },
        )
    }

    /// Counts a request against the limits of `scopes`.
    ///
    /// # Errors
    /// The request comes too early.
    pub(crate) fn admit(&self, scopes: &[Scope]) -> Result<(), TooMany> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.is_off() {
            Ok(())
        } else {
            windows.admit(scopes, &self.clock.reading())
        }
    }
}

impl Environments {
    /// A server's environments, of which there is one to begin with.
    pub(crate) fn new(default: EnvironmentSpec) -> Self {
        let random = default
            .random_seed
            .map_or_else(Random::from_os, Random::seeded);
        let mut registry = Registry::default();
        let default = registry.add(&random, default);
        Self {
            default,
            registry: RwLock::new(registry),
            random,
        }
    }

    /// The environment that calls without a key are about.
    pub(crate) fn default_environment(&self) -> &Arc<Environment> {
        &self.default
    }

    /// The environment that an API key opens. A key that is unknown, revoked or expired opens none.
    pub(crate) fn by_key(&self, key: &str) -> Option<Arc<Environment>> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let key = registry.by_key.get(&SecretHash::of(key))?;
        let over = |at| key.environment.clock.reading().has_reached(at, key.created);
        let open = !key.revoked && !key.expires_at.is_some_and(over);
        open.then(|| Arc::clone(&key.environment))
    }

    /// The environment that made a token, whether or not the token is still good.
    pub(crate) fn by_token(&self, token: &Token) -> Option<Arc<Environment>> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry.by_id.get(token.environment()).map(Arc::clone)
    }

    /// The environment with this id.
    pub(crate) fn by_id(&self, id: &EnvironmentId) -> Option<Arc<Environment>> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry.by_id.get(id).map(Arc::clone)
    }

    /// A request id for an answer that no environment gives.
    pub(crate) fn request_id(&self) -> Uuid {
        self.random.request_id()
    }
}

impl Registry {
    fn add(&mut self, random: &Random, spec: EnvironmentSpec) -> Arc<Environment> {
        let keys = spec.keys.clone();
        let environment = Arc::new(Environment::new(random, spec));
        let created = environment.clock.reading().moment();
        for ApiKeySpec {
            hash,
            expires_at,
            revoked,
        } in keys
        {
            let environment = Arc::clone(&environment);
            self.by_key.insert(
                hash,
                ApiKey {
                    environment,
                    created,
                    expires_at,
                    revoked,
                },
            );
        }
        self.by_id
            .insert(environment.id.clone(), Arc::clone(&environment));
        tracing::debug!(id = %environment.id, client_id = environment.client_id, "made an environment");
        environment
    }
}
