//! Every environment of a server, and the keys to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use super::{ApiKey, ApiKeySpec, Environment, EnvironmentSpec};
use crate::clock::{Clock, real_time};
use crate::domain::ids::{ApiKeyId, EnvironmentId};
use crate::domain::permissions::KeyPermissions;
use crate::domain::reach::Reach;
use crate::domain::token::{SecretHash, Token};
use crate::random::Random;
use crate::wakeups::Wakeup;

/// What every environment of a server shares.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// What may be dialled.
    pub(crate) reach: Reach,
    /// Who delivers what is to be delivered.
    pub(crate) couriers: Option<UnboundedSender<Wakeup>>,
    /// How many environments there may be.
    pub(crate) most: usize,
}

/// There are as many environments as a server may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full(pub(crate) usize);

/// What becomes of the clock of an environment that begins anew.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// It begins anew too, and stands still there, or runs with the system's.
    Anew(Option<Timestamp>),
    /// It goes on.
    AsItGoes,
}

/// Every environment of a server, and the keys to them.
#[derive(Debug)]
pub(crate) struct Environments {
    default: EnvironmentId,
    registry: RwLock<Registry>,
    random: Random,
    surroundings: Surroundings,
}

#[derive(Debug, Default)]
struct Registry {
    by_id: BTreeMap<EnvironmentId, Entry>,
    by_key: HashMap<SecretHash, ApiKey>,
}

#[derive(Debug)]
struct Entry {
    environment: Arc<Environment>,
    spec: EnvironmentSpec,
    /// Its keys in the order in which they were made.
    keys: BTreeMap<ApiKeyId, SecretHash>,
    /// When it was last asked for, in real milliseconds.
    used: AtomicI64,
}

impl Environments {
    /// A server's environments, of which there is one to begin with, filled by `fill`.
    ///
    /// # Errors
    /// Those of `fill`.
    pub(crate) fn new<E>(
        spec: EnvironmentSpec,
        keys: Vec<ApiKeySpec>,
        surroundings: Surroundings,
        fill: impl FnOnce(&Environment, &EnvironmentSpec) -> Result<(), E>,
    ) -> Result<Self, E> {
        let random = spec
            .random_seed
            .map_or_else(Random::from_os, Random::seeded);
        let clock = Clock::new(spec.clock);
        let default = EnvironmentId::new(random.ulid(clock.now()));
        let environments = Self {
            default: default.clone(),
            registry: RwLock::default(),
            random,
            surroundings,
        };
        environments.put(&default, spec, clock, keys, fill)?;
        Ok(environments)
    }

    /// Adds an environment that nobody has seen yet, filled by `fill`.
    ///
    /// # Errors
    /// There are too many, or those of `fill`.
    pub(crate) fn add<E: From<Full>>(
        &self,
        spec: EnvironmentSpec,
        keys: Vec<ApiKeySpec>,
        fill: impl FnOnce(&Environment, &EnvironmentSpec) -> Result<(), E>,
    ) -> Result<Arc<Environment>, E> {
        let most = self.surroundings.most;
        if self.read().by_id.len() >= most {
            return Err(Full(most).into());
        }
        let now = self.default_environment().clock.now();
        let id = EnvironmentId::new(self.random.ulid(now));
        let clock = Clock::new(spec.clock);
        self.put(&id, spec, clock, keys, fill)
    }

    fn put<E>(
        &self,
        id: &EnvironmentId,
        spec: EnvironmentSpec,
        clock: Clock,
        keys: Vec<ApiKeySpec>,
        fill: impl FnOnce(&Environment, &EnvironmentSpec) -> Result<(), E>,
    ) -> Result<Arc<Environment>, E> {
        let mut environment = Environment::new(id.clone(), &spec, clock, &self.surroundings);
        fill(&environment, &spec)?;
        environment.open(&self.surroundings);
        let environment = Arc::new(environment);
        tracing::debug!(%id, client_id = environment.client_id, "made an environment");
        let entry = Entry {
            environment: Arc::clone(&environment),
            spec,
            keys: BTreeMap::new(),
            used: AtomicI64::new(real_time().as_millisecond()),
        };
        self.write().by_id.insert(id.clone(), entry);
        for key in keys {
            self.add_key(id, key);
        }
        Ok(environment)
    }

    /// Makes an environment what it was at first: other data, the same keys. `fill` fills it. Whoever is at it still ends
    /// what they are at, and nobody sees that.
    ///
    /// # Errors
    /// Those of `fill`.
    pub(crate) fn reset<E>(
        &self,
        id: &EnvironmentId,
        fill: impl FnOnce(&Environment, &EnvironmentSpec) -> Result<(), E>,
    ) -> Result<Option<Arc<Environment>>, E> {
        let Some((_, spec)) = self.entry(id) else {
            return Ok(None);
        };
        self.replace(id, Start::Anew(spec.clock), fill)
    }

    /// Puts other data in the place of an environment's, filled by `fill`; its keys stay. When `fill` fails, nothing has
    /// happened.
    ///
    /// # Errors
    /// Those of `fill`.
    pub(crate) fn replace<E>(
        &self,
        id: &EnvironmentId,
        start: Start,
        fill: impl FnOnce(&Environment, &EnvironmentSpec) -> Result<(), E>,
    ) -> Result<Option<Arc<Environment>>, E> {
        let Some((before, spec)) = self.entry(id) else {
            return Ok(None);
        };
        let clock = match start {
            Start::Anew(at) => Clock::new(at),
            Start::AsItGoes => before.clock.clone(),
        };
        let mut fresh = Environment::new(id.clone(), &spec, clock, &self.surroundings);
        fill(&fresh, &spec)?;
        before.wakeups.close();
        if let Start::Anew(at) = start {
            before.clock.restart(at);
        }
        fresh.clock = before.clock.clone();
        fresh.open(&self.surroundings);
        let fresh = Arc::new(fresh);
        let mut registry = self.write();
        let created = fresh.clock.reading().moment();
        let registry = &mut *registry;
        let Some(entry) = registry.by_id.get_mut(id) else {
            return Ok(None);
        };
        entry.environment = Arc::clone(&fresh);
        for hash in entry.keys.values() {
            if let Some(key) = registry.by_key.get_mut(hash) {
                key.created = created;
            }
        }
        Ok(Some(fresh))
    }

    fn entry(&self, id: &EnvironmentId) -> Option<(Arc<Environment>, EnvironmentSpec)> {
        let registry = self.read();
        let entry = registry.by_id.get(id)?;
        Some((Arc::clone(&entry.environment), entry.spec.clone()))
    }

    /// Takes an environment away, with its keys. The first one stays.
    pub(crate) fn remove(&self, id: &EnvironmentId) -> Option<Arc<Environment>> {
        if *id == self.default {
            return None;
        }
        let mut registry = self.write();
        let entry = registry.by_id.remove(id)?;
        for hash in entry.keys.values() {
            registry.by_key.remove(hash);
        }
        entry.environment.wakeups.close();
        Some(entry.environment)
    }

    /// Takes every environment away that nobody has asked for since `idle` ago, in real time. The first one stays.
    pub(crate) fn remove_idle(&self, idle: SignedDuration) {
        let since = real_time().saturating_sub(idle).unwrap_or_default();
        let since = since.as_millisecond();
        let idle: Vec<_> = {
            let registry = self.read();
            let entries = registry.by_id.iter();
            let idle = entries.filter(|(_, entry)| entry.used.load(Ordering::Relaxed) < since);
            idle.map(|(id, _)| id.clone()).collect()
        };
        for id in idle {
            self.remove(&id);
        }
    }

    /// The environment that calls without a key are about.
    pub(crate) fn default_environment(&self) -> Arc<Environment> {
        self.by_id(&self.default)
            .expect("the first environment is never taken away")
    }

    /// Whether this is the environment that calls without a key are about.
    pub(crate) fn is_default(&self, id: &EnvironmentId) -> bool {
        *id == self.default
    }

    /// The environment that an API key opens, and what the key may be used for. A key that is unknown, revoked or expired
    /// opens none.
    pub(crate) fn by_key(&self, key: &str) -> Option<(Arc<Environment>, KeyPermissions)> {
        let registry = self.read();
        let key = registry.by_key.get(&SecretHash::of(key))?;
        let entry = registry.by_id.get(&key.environment)?;
        let reading = entry.environment.clock.reading();
        key.is_open(&reading)
            .then(|| (entry.asked_for(), key.spec.permissions))
    }

    /// The environment that made a token, whether or not the token is still good.
    pub(crate) fn by_token(&self, token: &Token) -> Option<Arc<Environment>> {
        self.by_id(token.environment())
    }

    /// The environment with this id.
    pub(crate) fn by_id(&self, id: &EnvironmentId) -> Option<Arc<Environment>> {
        self.read().by_id.get(id).map(Entry::asked_for)
    }

    /// Up to `most` environments that were made after the one with the id `after`, or from the first one on.
    pub(crate) fn page(&self, after: Option<&EnvironmentId>, most: usize) -> Vec<Arc<Environment>> {
        use std::ops::Bound::{Excluded, Unbounded};
        let registry = self.read();
        let from = after.map_or(Unbounded, Excluded);
        let entries = registry.by_id.range((from, Unbounded)).take(most);
        entries
            .map(|(_, entry)| Arc::clone(&entry.environment))
            .collect()
    }

    /// Adds a key to an environment.
    pub(crate) fn add_key(&self, id: &EnvironmentId, spec: ApiKeySpec) -> Option<ApiKey> {
        let mut registry = self.write();
        let registry = &mut *registry;
        let entry = registry.by_id.get_mut(id)?;
        let now = entry.environment.clock.reading();
        let key = ApiKey {
            id: ApiKeyId::new(self.random.ulid(now.at())),
            environment: id.clone(),
            created: now.moment(),
            spec,
        };
        entry.keys.insert(key.id.clone(), key.spec.hash);
        registry.by_key.insert(key.spec.hash, key.clone());
        Some(key)
    }

    /// Lets a key open nothing any more.
    pub(crate) fn revoke_key(&self, id: &EnvironmentId, key: &ApiKeyId) -> Option<ApiKey> {
        let mut registry = self.write();
        let registry = &mut *registry;
        let hash = registry.by_id.get(id)?.keys.get(key)?;
        let key = registry.by_key.get_mut(hash)?;
        key.spec.revoked = true;
        Some(key.clone())
    }

    /// The keys of an environment in the order in which they were made.
    pub(crate) fn keys(&self, id: &EnvironmentId) -> Vec<ApiKey> {
        let registry = self.read();
        let hashes = registry.by_id.get(id).into_iter();
        let hashes = hashes.flat_map(|entry| entry.keys.values());
        hashes
            .filter_map(|hash| registry.by_key.get(hash).cloned())
            .collect()
    }

    /// A source of what is random about environments.
    pub(crate) fn random(&self) -> &Random {
        &self.random
    }

    /// A request id for an answer that no environment gives.
    pub(crate) fn request_id(&self) -> Uuid {
        self.random.request_id()
    }

    // A panic elsewhere leaves the registry whole: what is put in is made before.
    fn read(&self) -> RwLockReadGuard<'_, Registry> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Registry> {
        self.registry
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn asked_for(&self) -> Arc<Environment> {
        self.used
            .store(real_time().as_millisecond(), Ordering::Relaxed);
        Arc::clone(&self.environment)
    }
}
