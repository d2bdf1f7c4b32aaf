//! Faults: ask for them, list them, take them away, and let them fire.

use std::sync::{Arc, MutexGuard, PoisonError};

use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::fault::{Answer, Fault, Faults, PathPattern};
use crate::domain::ids::FaultId;
use crate::domain::page::Page;
use crate::environment::Environment;

/// A fault that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewFault {
    /// The method of the requests, in capitals.
    pub(crate) method: String,
    pub(crate) path: PathPattern,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u32>,
    pub(crate) times: u32,
}

/// How long a 429 asks to wait unless it is said.
const DEFAULT_RETRY_AFTER: u32 = 1;

/// Adds a fault.
///
/// # Errors
/// There are too many that have not run out.
pub(crate) fn add(environment: &Environment, new: NewFault) -> Result<Fault, Error> {
    let now = environment.clock.now();
    let default = (new.status == 429).then_some(DEFAULT_RETRY_AFTER);
    let fault = Fault {
        id: FaultId::new(environment.random.ulid(now)),
        method: new.method,
        path: new.path,
        status: new.status,
        retry_after: new.retry_after.or(default),
        times: new.times,
        fired: 0,
        created_at: now,
    };
    faults(environment).add(fault.clone())?;
    Ok(fault)
}

/// What a request gets from the oldest fault that means it and has not run out.
pub(crate) fn fire(environment: &Environment, method: &str, path: &str) -> Option<Answer> {
    faults(environment).fire(method, path)
}

/// Every fault, oldest first, also those that have run out.
pub(crate) fn list(environment: &Environment) -> Page<Fault> {
    let all = faults(environment)
        .all()
        .iter()
        .cloned()
        .map(Arc::new)
        .collect();
    Page {
        items: all,
        before: None,
        after: None,
    }
}

/// Takes a fault away.
///
/// # Errors
/// There is none with this id.
pub(crate) fn remove(environment: &Environment, id: &str) -> Result<(), Error> {
    if faults(environment).remove(id) {
        return Ok(());
    }
    Err(Error::NotFound {
        entity: Entity::Fault,
        id: id.to_owned(),
    })
}

/// Takes every fault away.
pub(crate) fn clear(environment: &Environment) {
    faults(environment).clear();
}

fn faults(environment: &Environment) -> MutexGuard<'_, Faults> {
    environment
        .faults
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
