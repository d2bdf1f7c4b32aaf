//! Faults of a test's environment.

use std::time::Duration;

use super::expect::operation;
use super::{Error, TestEnvironment};
use crate::domain::fault;
use crate::domain::fault::{Effect, LONGEST_RETRY_AFTER, LONGEST_WAIT, STATUSES, When};
use crate::domain::ids::Id as _;
use crate::fault_targets::Wanted;
use crate::service::faults::{self, NewFault};

/// What goes wrong in an environment because a test asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Faults<'e> {
    environment: &'e TestEnvironment,
}

/// Something that goes wrong with requests of a kind: the next one, unless it says otherwise.
///
/// With a status nothing is done. Without one the operation is carried out, and only its answer comes late or damaged, so that a
/// client that tries again meets what it has already done.
///
/// ```
/// use std::time::Duration;
/// use workos_portal_mock::testing::{Damage, Fault};
///
/// let twice = Fault::new("generate_portal_link", 503).times(2);
/// let throttled = Fault::new("list_directory_users", 429).retry_after(30).every(3);
/// let late = Fault::request("GET", "/organizations/{id}").latency(Duration::from_millis(200)).always();
/// let cut = Fault::resource("org_01EHZNVPK3SFK441A1RGBFSHRT").damage(Damage::TruncatedBody);
/// # let _ = (twice, throttled, late, cut);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a fault does nothing before it is added"]
pub struct Fault {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    resource: Option<String>,
    status: Option<u16>,
    retry_after: Option<u32>,
    latency: Option<Duration>,
    damage: Option<Damage>,
    when: When,
}

/// How an answer is damaged on its way. One without a body only the connection's reset can damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// Its body comes in pieces, spread over this much real time.
    SlowBody(Duration),
    /// It declares its whole length, half of its body comes, and then the connection ends.
    TruncatedBody,
    /// The connection is reset before anything of it has come.
    ConnectionReset,
    /// It is declared as HTML.
    WrongContentType,
}

/// A fault that an environment has.
#[derive(Clone, Debug)]
pub struct AddedFault<'e> {
    environment: &'e TestEnvironment,
    id: String,
}

impl Fault {
    /// Requests for the operation with this id, such as `generate_portal_link`, are answered with this status and WorkOS's body
    /// for it.
    pub fn new(operation: impl Into<String>, status: u16) -> Self {
        Self::operation(operation).status(status)
    }

    /// Requests for the operation with this id.
    pub fn operation(id: impl Into<String>) -> Self {
        Self {
            operation: Some(id.into()),
            ..Self::nothing()
        }
    }

    /// Requests with this method to this path, or to one like it: `/organizations/{id}`.
    pub fn request(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method: Some(method.into()),
            path: Some(path.into()),
            ..Self::nothing()
        }
    }

    /// Requests that name this id: as a segment of the path, as a value of the query, or as a text anywhere in the body.
    pub fn resource(id: impl Into<String>) -> Self {
        Self::nothing().naming(id)
    }

    fn nothing() -> Self {
        Self {
            operation: None,
            method: None,
            path: None,
            resource: None,
            status: None,
            retry_after: None,
            latency: None,
            damage: None,
            when: When::Next(1),
        }
    }

    /// Of these, only requests that name this id; see [`Fault::resource`].
    pub fn naming(mut self, id: impl Into<String>) -> Self {
        self.resource = Some(id.into());
        self
    }

    /// They are answered with this status and WorkOS's body for it.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The whole seconds that `Retry-After` asks to wait. A 429 asks for one second unless it is said.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The answer comes this much later, in real time.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// The answer is damaged.
    pub fn damage(mut self, damage: Damage) -> Self {
        self.damage = Some(damage);
        self
    }

    /// For so many of the next requests.
    pub fn times(mut self, times: u32) -> Self {
        self.when = When::Next(times);
        self
    }

    /// Each time that so many have come, for the last of them, until it is taken away: with 3, for the third, the sixth and so
    /// on.
    pub fn every(mut self, number: u32) -> Self {
        self.when = When::Every(number);
        self
    }

    /// For every request until it is taken away.
    pub fn always(mut self) -> Self {
        self.when = When::Always;
        self
    }

    fn read(self) -> Result<NewFault, Error> {
        let refused = |message: &str| Err(Error::Refused(message.to_owned()));
        let operation = self.operation.as_deref().map(operation).transpose()?;
        if self
            .status
            .is_some_and(|status| !STATUSES.contains(&status))
        {
            let known = STATUSES.map(|status| status.to_string()).join(", ");
            return refused(&format!("a fault has one of the statuses {known}"));
        }
        if matches!(self.when, When::Next(0) | When::Every(0)) {
            return refused("a fault that no call gets does nothing");
        }
        let over = match self.damage {
            Some(Damage::SlowBody(over)) => Some(over),
            _ => None,
        };
        let is_a_wait = |wait: &Duration| !wait.is_zero() && *wait <= LONGEST_WAIT;
        if !self.latency.iter().chain(&over).all(is_a_wait) {
            return refused("a fault takes longer than nothing and at most a minute");
        }
        match (self.status, self.retry_after) {
            (None, Some(_)) => return refused("`retry_after` goes with a status"),
            (_, Some(seconds)) if seconds > LONGEST_RETRY_AFTER => {
                return refused("`retry_after` is a day at most");
            }
            (None, None) if self.latency.is_none() && self.damage.is_none() => {
                return refused("a fault has a status, a latency or a damage");
            }
            _ => {}
        }
        let wanted = Wanted {
            operation,
            method: self.method,
            path: self.path,
            resource: self.resource,
        };
        Ok(NewFault {
            target: wanted.read().map_err(crate::domain::Error::from)?,
            effect: Effect {
                status: self.status,
                retry_after: self.retry_after,
                latency: self.latency,
                damage: self.damage.map(Into::into),
            },
            when: self.when,
        })
    }
}

impl From<Damage> for fault::Damage {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::SlowBody(over) => Self::SlowBody(over),
            Damage::TruncatedBody => Self::TruncatedBody,
            Damage::ConnectionReset => Self::ConnectionReset,
            Damage::WrongContentType => Self::WrongContentType,
        }
    }
}

impl<'e> Faults<'e> {
    pub(super) fn of(environment: &'e TestEnvironment) -> Self {
        Self { environment }
    }

    /// Adds a fault. Of several that mean a request the oldest whose turn it is takes it, and younger ones do not see it.
    ///
    /// # Errors
    /// [`Error::Refused`] when nothing would go wrong or nothing that can, or there are too many faults; [`Error::Invalid`] when
    /// no request could be meant; [`Error::UnknownOperation`], [`Error::Gone`].
    pub fn add(&self, fault: Fault) -> Result<AddedFault<'e>, Error> {
        let added = faults::add(&*self.environment.current()?, fault.read()?)?;
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
    /// How many requests that it means have come to it, which are those that no older fault took.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was taken away; [`Error::Gone`].
    pub fn seen(&self) -> Result<u32, Error> {
        self.look(|fault| fault.seen)
    }

    /// For how many of them it has fired.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was taken away; [`Error::Gone`].
    pub fn fired(&self) -> Result<u32, Error> {
        self.look(|fault| fault.fired)
    }

    fn look(&self, at: impl Fn(&fault::Fault) -> u32) -> Result<u32, Error> {
        let all = faults::list(&*self.environment.current()?).items;
        let fault = all.iter().find(|fault| fault.id.as_str() == self.id);
        let gone = || Error::NotFound(format!("the fault {} is gone", self.id));
        fault.map(|fault| at(fault)).ok_or_else(gone)
    }

    /// Takes it away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when that was done already; [`Error::Gone`].
    pub fn remove(self) -> Result<(), Error> {
        Ok(faults::remove(&*self.environment.current()?, &self.id)?)
    }
}
