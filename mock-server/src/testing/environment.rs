//! An environment that belongs to a test.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Deliveries, Error, Faults, Requests};
use crate::MockServer;
use crate::clock::Clock;
use crate::config::{DEFAULT_CLIENT_ID, Settings};
use crate::dial::Dialing;
use crate::domain::exchange::{Exchange, Expectation};
use crate::domain::ids::{EnvironmentId, Id as _, OrganizationId};
use crate::environment::{Environment, EnvironmentSpec, Environments};
use crate::seed::Seed;
use crate::service::deliveries::list::left_over;
use crate::service::{environments, snapshots};

/// What is looked at when a handle is dropped.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Checks {
    pub(crate) requests: bool,
    pub(crate) webhooks: bool,
}

/// An environment to be. Unless it is told otherwise it is empty, nothing in it can be foretold, and its clock runs with the
/// system's.
#[derive(Clone, Debug)]
#[must_use = "there is no environment before `create`"]
pub struct EnvironmentBuilder<'s> {
    server: &'s MockServer,
    spec: EnvironmentSpec,
    checks: Checks,
}

/// An environment that belongs to a test: its data, its clock, its faults, its journal, its webhooks. No other environment of
/// the server sees any of it.
///
/// It is gone when the handle is dropped. A strict one ([`EnvironmentBuilder::strict`]) makes the test fail then if there were
/// answers that nobody expected, or webhooks that have not arrived.
#[must_use = "the environment is gone when this value is dropped"]
pub struct TestEnvironment {
    environments: Arc<Environments>,
    id: EnvironmentId,
    url: Arc<str>,
    dialing: Dialing,
    api_key: String,
    client_id: String,
    organization_id: Option<String>,
    clock: Clock,
    checks: Checks,
    /// Whether it is gone with this handle.
    is_owned: bool,
    expected: Mutex<Vec<Expectation>>,
}

impl MockServer {
    /// An environment of one's own on this server, to be made by [`EnvironmentBuilder::create`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mock = workos_portal_mock::MockServer::start().await?;
    /// let (one, other) = (mock.environment().create()?, mock.environment().create()?);
    /// one.clock().freeze();
    /// assert!(!other.clock().is_frozen());
    /// assert_ne!(one.api_key(), other.api_key());
    /// # Ok(())
    /// # }
    /// ```
    pub fn environment(&self) -> EnvironmentBuilder<'_> {
        EnvironmentBuilder {
            server: self,
            spec: EnvironmentSpec {
                client_id: DEFAULT_CLIENT_ID.to_owned(),
                settings: Settings::default(),
                clock: None,
                random_seed: None,
                test_organization: false,
                seed: None,
            },
            checks: Checks::default(),
        }
    }

    /// The environment that the server started with, which stays as long as the server does.
    pub fn default_environment(&self) -> &TestEnvironment {
        &self.default
    }
}

impl EnvironmentBuilder<'_> {
    /// Makes ids and tokens repeatable. The API key is another one every time.
    pub fn seeded(mut self, seed: u64) -> Self {
        self.spec.random_seed = Some(seed);
        self
    }

    /// Holds the clock still at `at` until it is moved.
    pub fn clock_at(mut self, at: Timestamp) -> Self {
        self.spec.clock = Some(at);
        self
    }

    /// Replaces what the environment decides by: lifetimes, limits, redirects and the like.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.spec.settings = settings;
        self
    }

    /// Gives it this client id instead of the usual one.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.spec.client_id = client_id.into();
        self
    }

    /// Starts with an organization: [`TestEnvironment::organization_id`].
    pub fn test_organization(mut self) -> Self {
        self.spec.test_organization = true;
        self
    }

    /// Starts with what `seed` has, and again after a reset. No event tells of it. The clock stands still where the seed says,
    /// unless [`EnvironmentBuilder::clock_at`] says it.
    ///
    /// ```
    /// use workos_portal_mock::MockServer;
    /// use workos_portal_mock::seed::{Directory, Organization, People, Seed};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = MockServer::start().await?;
    /// let environment = server
    ///     .environment()
    ///     .seed(Seed {
    ///         organizations: vec![Organization {
    ///             key: Some("acme".into()),
    ///             name: "Acme".into(),
    ///             ..Organization::default()
    ///         }],
    ///         directories: vec![Directory {
    ///             organization: "acme".into(),
    ///             users: People::Samples(20),
    ///             ..Directory::default()
    ///         }],
    ///         ..Seed::default()
    ///     })
    ///     .create()?;
    /// assert_eq!(environment.snapshot()?.directories.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed(mut self, seed: Seed) -> Self {
        self.spec.seed = Some(Arc::new(seed));
        self
    }

    /// Both [`EnvironmentBuilder::fail_on_unexpected_requests`] and [`EnvironmentBuilder::fail_on_undelivered_webhooks`].
    pub fn strict(self) -> Self {
        self.fail_on_unexpected_requests()
            .fail_on_undelivered_webhooks()
    }

    /// Makes the test fail when the handle is dropped and there were answers of 400 or more that nobody expected; see
    /// [`Requests::unexpected`]. A test that fails anyway is left alone.
    pub fn fail_on_unexpected_requests(mut self) -> Self {
        self.checks.requests = true;
        self
    }

    /// Makes the test fail when the handle is dropped and webhooks are still on their way or wait for their time; see
    /// [`Deliveries::undelivered`]. A test that fails anyway is left alone.
    pub fn fail_on_undelivered_webhooks(mut self) -> Self {
        self.checks.webhooks = true;
        self
    }

    /// Makes the environment.
    ///
    /// # Errors
    /// [`Error::Refused`] when the settings cannot be used, or the server has as many environments as it may.
    pub fn create(self) -> Result<TestEnvironment, Error> {
        let Self {
            server,
            mut spec,
            checks,
        } = self;
        readable(&spec.settings, "settings")?;
        let seed = spec.seed.as_deref();
        let organization = spec.test_organization || seed.is_some_and(Seed::has_test_organization);
        spec.clock = spec.clock.or(seed.and_then(|seed| seed.clock));
        let made = environments::make(&server.environments, spec)?;
        let environments = Arc::clone(&server.environments);
        let reached = (Arc::clone(&server.url), server.dialing.clone());
        let mut handle =
            TestEnvironment::of(environments, &made.environment, reached, made.api_key);
        handle.organization_id = organization.then(|| OrganizationId::TEST.to_owned());
        handle.checks = checks;
        handle.is_owned = true;
        Ok(handle)
    }
}

/// What comes from JSON is checked as it is read, so this is read as well.
///
/// # Errors
/// It cannot be used.
pub(super) fn readable<T: Serialize + DeserializeOwned>(it: &T, name: &str) -> Result<(), Error> {
    let read = serde_json::to_value(it).and_then(serde_json::from_value::<T>);
    let refused = |error| Error::Refused(format!("the {name} cannot be used: {error}"));
    read.map(drop).map_err(refused)
}

impl TestEnvironment {
    /// A handle that leaves the environment when it is dropped.
    pub(crate) fn of(
        environments: Arc<Environments>,
        environment: &Environment,
        (url, dialing): (Arc<str>, Dialing),
        api_key: String,
    ) -> Self {
        Self {
            environments,
            id: environment.id.clone(),
            url,
            dialing,
            api_key,
            client_id: environment.client_id.clone(),
            organization_id: None,
            clock: environment.clock.clone(),
            checks: Checks::default(),
            is_owned: false,
            expected: Mutex::default(),
        }
    }

    /// Sets what is looked at when the handle is dropped.
    pub(crate) fn with(mut self, organization_id: Option<String>, checks: Checks) -> Self {
        self.organization_id = organization_id;
        self.checks = checks;
        self
    }

    /// The environment's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Where the server is reached, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The API key that opens the environment: whoever sends it is in here.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The client id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The organization that the environment starts with, if it starts with one.
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        self.organization_id.as_deref()
    }

    /// The clock, to be moved: it decides when links, sessions and rate windows end, and when webhooks are sent again.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The errors that the test asks for.
    #[must_use]
    pub fn faults(&self) -> Faults<'_> {
        Faults::of(self)
    }

    /// What the environment was asked.
    #[must_use]
    pub fn requests(&self) -> Requests<'_> {
        Requests::of(self)
    }

    /// The webhooks.
    #[must_use]
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries::of(self)
    }

    /// Makes the environment what it was at first: its data, clock, faults, limits, journal. Its keys stay, and with them the
    /// handle; what a strict one was told to expect is forgotten.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn reset(&self) -> Result<(), Error> {
        environments::reset(&self.environments, &self.id).map_err(|_| self.gone())?;
        self.expected().clear();
        Ok(())
    }

    /// What the environment has, as a seed that makes it again: ids and times included, with the secrets of webhook endpoints.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn snapshot(&self) -> Result<Seed, Error> {
        Ok(snapshots::take(&*self.current()?))
    }

    /// Puts a snapshot, or any other seed, in the place of all that the environment has. Its key and settings stay, and what
    /// [`TestEnvironment::reset`] leads back to stays what it was.
    ///
    /// # Errors
    /// [`Error::Refused`] when the seed cannot be used; then nothing has happened. [`Error::Gone`].
    pub fn restore(&self, seed: &Seed) -> Result<(), Error> {
        self.current()?;
        environments::restore(&self.environments, &self.id, seed)?;
        self.expected().clear();
        Ok(())
    }

    /// What a strict environment is held against when it is dropped, now.
    ///
    /// # Errors
    /// [`Error::UnexpectedRequests`], [`Error::Undelivered`], [`Error::Gone`].
    pub fn check(&self) -> Result<(), Error> {
        self.hold_against(Checks {
            requests: true,
            webhooks: true,
        })
    }

    fn hold_against(&self, checks: Checks) -> Result<(), Error> {
        if checks.requests {
            let unexpected = self.requests().unexpected()?;
            if !unexpected.is_empty() {
                let lines = unexpected.iter().map(ToString::to_string);
                return Err(Error::UnexpectedRequests(lines.collect()));
            }
        }
        if checks.webhooks {
            match left_over(&*self.current()?) {
                0 => {}
                count => return Err(Error::Undelivered(count)),
            }
        }
        Ok(())
    }

    /// The environment as it is now: a reset puts another in its place.
    pub(super) fn current(&self) -> Result<Arc<Environment>, Error> {
        let current = self.environments.by_id(&self.id);
        current.ok_or_else(|| self.gone())
    }

    /// What dials out for it.
    pub(super) fn dialing(&self) -> &Dialing {
        &self.dialing
    }

    pub(super) fn expect(&self, expectation: Expectation) {
        self.expected().push(expectation);
    }

    /// Whether the test has said that it expects this.
    pub(super) fn expects(&self, exchange: &Exchange) -> bool {
        let expected = self.expected();
        let mut expected = expected.iter();
        expected.any(|expectation| expectation.differences(exchange).is_empty())
    }

    fn gone(&self) -> Error {
        Error::Gone(self.id.to_string())
    }

    // A panic elsewhere leaves the list whole: every change is a single push.
    fn expected(&self) -> MutexGuard<'_, Vec<Expectation>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TestEnvironment {
    fn drop(&mut self) {
        // A second panic would end the whole process, and hide the first.
        let held = if std::thread::panicking() {
            Ok(())
        } else {
            self.hold_against(self.checks)
        };
        if self.is_owned {
            self.environments.remove(&self.id);
        }
        if let Err(error) = held {
            panic!("the environment is strict: {error}");
        }
    }
}

/// Without the key, which is a secret also where it is a made-up one.
impl fmt::Debug for TestEnvironment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TestEnvironment")
            .field("id", &self.id.as_str())
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
