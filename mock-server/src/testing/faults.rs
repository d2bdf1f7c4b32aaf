//! Errors that a test asks for.

use super::expect::operation;
use super::{Error, TestEnvironment};
use crate::domain::fault::{Effect, STATUSES, Target, When};
use crate::domain::ids::Id as _;
use crate::service::faults::{self, NewFault};

/// The answers that a test asks for in the place of the real ones.
#[derive(Clone, Copy, Debug)]
pub struct Faults<'e> {
    environment: &'e TestEnvironment,
}

/// An error that the next calls of an operation get; the next one unless it says otherwise. The calls do nothing then.
///
/// ```
/// use workos_portal_mock::testing::Fault;
///
/// let twice = Fault::new("generate_portal_link", 503).times(2);
/// let throttled = Fault::new("list_directory_users", 429).retry_after(30);
/// # let _ = (twice, throttled);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a fault does nothing before it is added"]
pub struct Fault {
    operation: String,
    status: u16,
    retry_after: Option<u32>,
    times: u32,
}

/// A fault that an environment has.
#[derive(Clone, Debug)]
pub struct AddedFault<'e> {
    environment: &'e TestEnvironment,
    id: String,
}

impl Fault {
    /// The operation with this id, such as `generate_portal_link`, is answered with this status and WorkOS's body for it.
    pub fn new(operation: impl Into<String>, status: u16) -> Self {
        Self {
            operation: operation.into(),
            status,
            retry_after: None,
            times: 1,
        }
    }

    /// How many calls get it.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The whole seconds that `Retry-After` asks to wait. A 429 asks for one second unless it is said.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl<'e> Faults<'e> {
    pub(super) fn of(environment: &'e TestEnvironment) -> Self {
        Self { environment }
    }

    /// Adds a fault. Of several for one operation the oldest that has not run out comes first.
    ///
    /// # Errors
    /// [`Error::Refused`] when the status is none that can be asked for, no call would get it, or there are too many faults;
    /// [`Error::UnknownOperation`], [`Error::Gone`].
    pub fn add(&self, fault: Fault) -> Result<AddedFault<'e>, Error> {
        let Fault {
            operation: id,
            status,
            retry_after,
            times,
        } = fault;
        let operation = operation(&id)?;
        if !STATUSES.contains(&status) {
            let known = STATUSES.map(|status| status.to_string()).join(", ");
            let message = format!("a fault has one of the statuses {known}");
            return Err(Error::Refused(message));
        }
        if times == 0 {
            let message = "a fault that no call gets does nothing".to_owned();
            return Err(Error::Refused(message));
        }
        let new = NewFault {
            target: Target {
                operation: Some(operation.id().to_owned()),
                ..Target::default()
            },
            effect: Effect {
                status: Some(status),
                retry_after,
                ..Effect::default()
            },
            when: When::Next(times),
        };
        let added = faults::add(&*self.environment.current()?, new)?;
        Ok(AddedFault {
            environment: self.environment,
            id: added.id.as_str().to_owned(),
        })
    }

    /// Takes every fault away.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn clear(&self) -> Result<(), Error> {
        faults::clear(&*self.environment.current()?);
        Ok(())
    }
}

impl AddedFault<'_> {
    /// How many calls have got it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it was taken away; [`Error::Gone`].
    pub fn fired(&self) -> Result<u32, Error> {
        let all = faults::list(&*self.environment.current()?).items;
        let fault = all.iter().find(|fault| fault.id.as_str() == self.id);
        let gone = || Error::Refused(format!("the fault {} is gone", self.id));
        fault.map(|fault| fault.fired).ok_or_else(gone)
    }

    /// Takes it away.
    ///
    /// # Errors
    /// [`Error::Refused`] when that was done already; [`Error::Gone`].
    pub fn remove(self) -> Result<(), Error> {
        Ok(faults::remove(&*self.environment.current()?, &self.id)?)
    }
}
