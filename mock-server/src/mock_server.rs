//! A server in the process that tests it.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, watch};
use url::Url;

use crate::clock::Clock;
use crate::config::{Config, KeyConfig};
use crate::control::Hosts;
use crate::dial::Dialing;
use crate::domain::Error;
use crate::domain::ids::OrganizationId;
use crate::domain::reach::Reach;
use crate::environment::{ApiKeySpec, EnvironmentSpec, Environments, Surroundings};
use crate::seed::Seed;
use crate::server::{self, Running};
use crate::service::{deliveries, environments};
use crate::state::AppState;
use crate::testing::{Checks, TestEnvironment};
use crate::wakeups::Wakeup;
use crate::webhooks::Couriers;
use crate::{api, control, damage, exports, journal, portal};

/// How long a request may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// How many may watch environments at one time; each holds a connection.
const MOST_WATCHERS: usize = 100;

/// A mock of the WorkOS Admin Portal API that listens on a port of its own.
///
/// It is listening when `start` returns, and stops when it is dropped. Servers share nothing: as many as there are tests
/// run side by side.
///
/// ```
/// use workos_portal_mock::MockServer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workos_portal_mock::StartError> {
/// let server = MockServer::start().await?;
/// // Give these to the code under test.
/// let (base_url, api_key) = (server.url(), server.api_key());
/// assert!(base_url.starts_with("http://127.0.0.1:"));
/// assert_eq!(api_key, "sk_test_default");
/// # Ok(())
/// # }
/// ```
#[must_use = "the server stops when this value is dropped"]
pub struct MockServer {
    /// Dropped first, so that it is looked at while there is everything.
    pub(crate) default: TestEnvironment,
    running: Running,
    couriers: Couriers,
    stopping: watch::Sender<bool>,
    pub(crate) environments: Arc<Environments>,
    address: SocketAddr,
    pub(crate) url: Arc<str>,
    pub(crate) dialing: Dialing,
}

/// Without the key, which is a secret also where it is a made-up one.
impl fmt::Debug for MockServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockServer")
            .field("url", &self.url)
            .field("client_id", &self.client_id())
            .field("organization_id", &self.organization_id())
            .finish_non_exhaustive()
    }
}

/// Makes a [`MockServer`] with other settings.
///
/// ```
/// use workos_portal_mock::MockServer;
/// use workos_portal_mock::config::{Config, LinkReuse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = MockServer::builder()
///     .config(Config { link_reuse: LinkReuse::UntilExpiry, ..Config::default() })
///     .random_seed(7)
///     .clock_at("2026-01-01T00:00:00Z".parse()?)
///     .start()
///     .await?;
/// server.clock().advance("5 minutes".parse()?)?;
/// assert_eq!(server.clock().now().to_string(), "2026-01-01T00:05:00Z");
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing starts before `start`"]
pub struct MockServerBuilder {
    config: Config,
    listen: SocketAddr,
    checks: Checks,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration cannot be used.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// Something else listens on the address.
    #[error("cannot listen on {0}: the address is already in use")]
    InUse(SocketAddr),
    /// The system does not let us listen on the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where the server was to listen.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system does not let a shared server have threads of its own.
    #[error("cannot start the runtime of a shared server: {0}")]
    Runtime(io::Error),
}

impl MockServer {
    /// Starts a server with the default settings on a free port.
    ///
    /// # Errors
    /// [`StartError`] when there is no port to be had.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A server to be, with the default settings on a free port.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder {
            config: Config::default(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            checks: Checks::default(),
        }
    }

    /// Where the server is reached, without a slash at the end: `http://127.0.0.1:49152`. Portal links begin with it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first API key that opens the environment.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.default.api_key()
    }

    /// The environment's client id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.default.client_id()
    }

    /// The organization that the environment starts with; none when the configuration leaves it out.
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        self.default.organization_id()
    }

    /// The environment's clock, to be moved: it decides when links, sessions and rate windows end.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.default.clock()
    }

    /// How many deliveries are not over: they are being sent, are to be sent now, or wait for their time. A test that expects
    /// everything to have arrived finds none.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        deliveries::list::left_over(&self.environments.default_environment())
    }

    /// Stops taking requests, lets those in flight and the webhooks that are being sent finish for a few seconds, and returns
    /// when nothing is left.
    pub async fn shutdown(self) {
        self.stopping.send_replace(true);
        self.running.stop().await;
        self.couriers.stop().await;
    }

    /// Returns when the server has failed; while it is well, never.
    pub async fn failed(&mut self) {
        self.running.ended().await;
    }
}

impl MockServerBuilder {
    /// Replaces every setting, except where the server listens: that is [`MockServerBuilder::listen`]'s.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Makes ids and tokens repeatable.
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.config.random_seed = Some(seed);
        self
    }

    /// Holds the environment's clock still at `at` until it is moved.
    pub fn clock_at(mut self, at: Timestamp) -> Self {
        self.config.clock = Some(at);
        self
    }

    /// Makes portal links begin with `url`, an http or https address without a path.
    pub fn public_url(mut self, url: Url) -> Self {
        self.config.public_url = Some(url);
        self
    }

    /// Listens on `address` instead of a free port of the loopback interface.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Makes the test fail when the server is dropped or shut down and the environment that it started with has given answers
    /// of 400 or more that nobody expected, or has webhooks that have not arrived; see
    /// [`EnvironmentBuilder::strict`](crate::testing::EnvironmentBuilder::strict).
    pub fn strict(mut self) -> Self {
        self.checks = Checks {
            requests: true,
            webhooks: true,
        };
        self
    }

    /// Starts the server. It is bound when this returns: the first request can follow at once.
    ///
    /// # Errors
    /// [`StartError`] when the settings cannot be used or the address cannot be listened on.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[expect(
        clippy::unused_async,
        reason = "it needs a runtime, and may come to wait for a store"
    )]
    pub async fn start(self) -> Result<MockServer, StartError> {
        let Self {
            config,
            listen,
            checks,
        } = self;
        let violations = config.violations();
        if !violations.is_empty() {
            return Err(StartError::Invalid(
                violations.iter().map(ToString::to_string).collect(),
            ));
        }
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::InUse(listen),
            _ => StartError::Listen {
                address: listen,
                source,
            },
        };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (couriers, wakeups) = unbounded_channel();
        let (stopping, stopped) = watch::channel(false);
        let state = state(&config, address, couriers, stopped)
            .map_err(|error| StartError::Invalid(vec![error.to_string()]))?;
        let environments = Arc::clone(&state.environments);
        let couriers = Couriers::start(
            Arc::clone(&environments),
            wakeups,
            state.dialing.clone(),
            config.environment_idle_ttl,
        );
        let url = Arc::clone(&state.public_url);
        let dialing = state.dialing.clone();
        let api_key = first_open_key(&config, &state).unwrap_or_default();
        let running = server::serve(listener, router(state)).map_err(failed)?;
        let first = environments.default_environment();
        let organization = config.test_organization || config.seed.has_test_organization();
        let organization = organization.then(|| OrganizationId::TEST.to_owned());
        let reached = (Arc::clone(&url), dialing.clone());
        let default = TestEnvironment::of(Arc::clone(&environments), &first, reached, api_key);
        Ok(MockServer {
            default: default.with(organization, checks),
            running,
            couriers,
            stopping,
            environments,
            address,
            url,
            dialing,
        })
    }
}

/// Everything that a server serves.
fn router(state: AppState) -> Router {
    let control = control::router(&state).with_state(state.clone());
    let own = Router::new()
        .merge(portal::router())
        .merge(exports::router())
        .with_state(state.clone());
    api::router(state.clone())
        .merge(own)
        .layer(from_fn_with_state(state, journal::record))
        .layer(from_fn(damage::apply))
        .merge(control)
}

/// # Errors
/// The seed cannot be sown.
fn state(
    config: &Config,
    address: SocketAddr,
    couriers: UnboundedSender<Wakeup>,
    stopping: watch::Receiver<bool>,
) -> Result<AppState, Error> {
    let reach = Reach::new(&config.dial_hosts);
    let public_url = match &config.public_url {
        Some(url) => url.origin().ascii_serialization(),
        None => format!("http://{}", reachable(address)),
    };
    let public_host = config.public_url.as_ref().and_then(Url::host_str);
    let own = public_host.map_or_else(|| host_of(address), ToOwned::to_owned);
    let allowed = config.allow_hosts.iter().map(String::as_str);
    let hosts = Hosts::new(allowed.chain([own.as_str()]));
    let environments = environments::first(
        EnvironmentSpec {
            client_id: config.client_id.clone(),
            settings: config.settings(),
            clock: config.clock.or(config.seed.clock),
            random_seed: config.random_seed,
            test_organization: config.test_organization,
            seed: (config.seed != Seed::default()).then(|| Arc::new(config.seed.clone())),
        },
        config.keys.iter().map(key).collect(),
        Surroundings {
            reach: reach.clone(),
            couriers: Some(couriers),
            most: config.max_environments,
        },
    )?;
    Ok(AppState {
        environments: Arc::new(environments),
        public_url: public_url.into(),
        control_token: config.control_token.clone(),
        hosts,
        dialing: Dialing::new(reach),
        body_timeout: BODY_TIMEOUT,
        watchers: Arc::new(Semaphore::new(MOST_WATCHERS)),
        stopping,
    })
}

fn key(key: &KeyConfig) -> ApiKeySpec {
    ApiKeySpec {
        permissions: key.permissions,
        expires_at: key.expires_at,
        revoked: key.revoked,
        ..ApiKeySpec::new(key.value.expose())
    }
}

fn first_open_key(config: &Config, state: &AppState) -> Option<String> {
    let values = || config.keys.iter().map(|key| key.value.expose());
    let open = values().find(|key| state.environments.by_key(key).is_some());
    open.or_else(|| values().next()).map(ToOwned::to_owned)
}

/// The address to reach a listener by, as a host in an address of the web.
fn host_of(address: SocketAddr) -> String {
    match reachable(address).ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// The address to reach a listener by: one that listens everywhere is reached here.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(here, address.port())
}

#[cfg(test)]
mod tests;
