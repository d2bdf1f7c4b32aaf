//! Environments: make one, make it what it was at first, take it away; and the keys to it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Work, organizations, seeds};
use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::ids::{ApiKeyId, EnvironmentId, Id};
use crate::domain::permissions::KeyPermissions;
use crate::environment::{
    ApiKey, ApiKeySpec, Environment, EnvironmentSpec, Environments, Full, Start, Surroundings,
};
use crate::seed::Seed;

/// How many random characters a key has after its prefix.
const KEY_LENGTH: usize = 32;

/// An environment that was made, with the key to it, which is never shown again.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) environment: Arc<Environment>,
    pub(crate) api_key: String,
}

/// A server's environments, of which there is one to begin with.
///
/// # Errors
/// Its seed cannot be sown.
pub(crate) fn first(
    spec: EnvironmentSpec,
    keys: Vec<ApiKeySpec>,
    surroundings: Surroundings,
) -> Result<Environments, Error> {
    let environments = Environments::new(spec, keys, surroundings, fill)?;
    wait_for_time(&environments.default_environment());
    Ok(environments)
}

/// Makes an environment with a key of its own.
///
/// # Errors
/// There are too many, or its seed cannot be sown.
pub(crate) fn make(environments: &Environments, spec: EnvironmentSpec) -> Result<Made, Error> {
    let api_key = new_key(environments);
    let is_sown = spec.seed.is_some();
    let keys = vec![ApiKeySpec::new(&api_key)];
    let environment = environments.add(spec, keys, fill)?;
    if is_sown {
        wait_for_time(&environment);
    }
    Ok(Made {
        environment,
        api_key,
    })
}

/// Makes an environment what it was at first. Its keys stay.
///
/// # Errors
/// It is gone.
pub(crate) fn reset(
    environments: &Environments,
    id: &EnvironmentId,
) -> Result<Arc<Environment>, Error> {
    let reset = environments.reset(id, fill)?;
    let environment = reset.ok_or_else(|| not_found(id.as_str()))?;
    wait_for_time(&environment);
    Ok(environment)
}

/// Puts what a seed has in the place of all that an environment has. Its keys and settings stay; its clock stands still where
/// the seed says, or goes on as it goes.
///
/// # Errors
/// It is gone, or the seed cannot be sown; then nothing has happened.
pub(crate) fn restore(
    environments: &Environments,
    id: &EnvironmentId,
    seed: &Seed,
) -> Result<Arc<Environment>, Error> {
    let start = match seed.clock {
        Some(at) => Start::Anew(Some(at)),
        None => Start::AsItGoes,
    };
    let restored = environments.replace(id, start, |environment, _| {
        seeds::sow(environment, seed, "")
    })?;
    let environment = restored.ok_or_else(|| not_found(id.as_str()))?;
    wait_for_time(&environment);
    Ok(environment)
}

/// Takes an environment away.
///
/// # Errors
/// There is none with this id, or it is the one that the server started with.
pub(crate) fn delete(environments: &Environments, id: &str) -> Result<(), Error> {
    let environment = find(environments, id)?;
    environments
        .remove(&environment.id)
        .map(drop)
        .ok_or(Error::DefaultEnvironment)
}

/// The environment with this id.
///
/// # Errors
/// There is none.
pub(crate) fn find(environments: &Environments, id: &str) -> Result<Arc<Environment>, Error> {
    EnvironmentId::parse(id)
        .and_then(|id| environments.by_id(&id))
        .ok_or_else(|| not_found(id))
}

/// Makes another key to an environment, and returns it with its text, which is never shown again.
///
/// # Errors
/// The environment is gone.
pub(crate) fn add_key(
    environments: &Environments,
    id: &EnvironmentId,
    permissions: KeyPermissions,
    expires_at: Option<Timestamp>,
) -> Result<(ApiKey, String), Error> {
    let text = new_key(environments);
    let spec = ApiKeySpec {
        permissions,
        expires_at,
        ..ApiKeySpec::new(&text)
    };
    let key = environments.add_key(id, spec);
    let key = key.ok_or_else(|| not_found(id.as_str()))?;
    Ok((key, text))
}

/// Lets a key open nothing any more.
///
/// # Errors
/// The environment has none with this id.
pub(crate) fn revoke_key(
    environments: &Environments,
    id: &EnvironmentId,
    key: &str,
) -> Result<ApiKey, Error> {
    let revoked = ApiKeyId::parse(key).and_then(|key| environments.revoke_key(id, &key));
    revoked.ok_or_else(|| Error::NotFound {
        entity: Entity::ApiKey,
        id: key.to_owned(),
    })
}

/// What an environment starts with. A seed may have the organization to try things on itself.
fn fill(environment: &Environment, spec: &EnvironmentSpec) -> Result<(), Error> {
    let seed = spec.seed.as_deref();
    if spec.test_organization && !seed.is_some_and(Seed::has_test_organization) {
        organizations::create_test_organization(environment);
    }
    seed.map_or(Ok(()), |seed| seeds::sow(environment, seed, "seed."))
}

/// Has somebody wait for what time will bring to an environment. Before it could be found, nobody did.
fn wait_for_time(environment: &Environment) {
    drop(Work::begin(environment));
}

impl From<Full> for Error {
    fn from(Full(most): Full) -> Self {
        Self::TooManyEnvironments(most)
    }
}

fn new_key(environments: &Environments) -> String {
    let random = environments.random().letters_and_digits(KEY_LENGTH);
    format!("sk_test_{random}")
}

fn not_found(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::Environment,
        id: id.to_owned(),
    }
}
