//! Faults: ask for them, list them, take them away, and let them fire.

use std::sync::{Arc, MutexGuard, PoisonError};

use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::fault::{Asked, Effect, Fault, Faults, Strike, Target, When};
use crate::domain::ids::FaultId;
use crate::domain::page::Page;
use crate::environment::Environment;

/// A fault that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewFault {
    pub(crate) target: Target,
    pub(crate) effect: Effect,
    pub(crate) when: When,
}

/// How long a 429 asks to wait unless it is said.
const DEFAULT_RETRY_AFTER: u32 = 1;

/// Adds a fault.
///
/// # Errors
/// There are too many that have not run out.
pub(crate) fn add(environment: &Environment, new: NewFault) -> Result<Fault, Error> {
    let now = environment.clock.now();
    let default = (new.effect.status == Some(429)).then_some(DEFAULT_RETRY_AFTER);
    let fault = Fault {
        id: FaultId::new(environment.random.ulid(now)),
        target: new.target,
        effect: Effect {
            retry_after: new.effect.retry_after.or(default),
            ..new.effect
        },
        when: new.when,
        seen: 0,
        fired: 0,
        created_at: now,
    };
    faults(environment).add(fault.clone())?;
    Ok(fault)
}

/// Whether a request's body has to be known to say what it gets.
pub(crate) fn ask_for_the_body(environment: &Environment, asked: &Asked<'_>) -> bool {
    faults(environment).ask_for_the_body(asked)
}

/// What a request gets from the oldest fault that means it and whose turn it is.
pub(crate) fn fire(environment: &Environment, asked: &Asked<'_>) -> Option<Strike> {
    faults(environment).fire(asked)
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
