//! What a test in Rust holds in its hands: an environment of its own on a server that others use as well.
//!
//! [`MockServer::shared`](crate::MockServer::shared) is one server for a whole test binary, and
//! [`MockServer::environment`](crate::MockServer::environment) makes an environment on it: with data, a clock, faults, limits, a
//! journal and webhooks of its own, gone when its handle is dropped. Nothing here goes over HTTP; the code under test does.
//!
//! What a test holds of an environment: its [clock](TestEnvironment::clock), the [portal links](TestEnvironment::portal_link) that
//! the app hands out, [faults](TestEnvironment::faults) and [limits](TestEnvironment::limit_rates), [requests](Requests) to hold
//! against what is expected, and [webhooks](Deliveries) to wait for.
//!
//! ```
//! use std::time::Duration;
//! use serde_json::{Value, json};
//! use workos_portal_mock::MockServer;
//! use workos_portal_mock::testing::{ConnectionType, Expect, MadeKind, Sso};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = MockServer::shared()?;
//! let start = "2026-01-01T00:00:00Z".parse()?;
//! let env = mock.environment().seeded(7).clock_at(start).test_organization().strict().create()?;
//!
//! // The code under test, which is given `env.url()` and `env.api_key()`.
//! let asked = json!({"organization": env.organization_id(), "intent": "sso"});
//! let call = reqwest::Client::new().post(format!("{}/portal/generate_link", env.url()));
//! let answer = call.bearer_auth(env.api_key()).json(&asked).send().await?;
//! assert_eq!(answer.status(), 201);
//!
//! env.requests().verify(Expect::operation("generate_portal_link").body(asked).times(1))?;
//!
//! // The customer's admin follows the link, and sets single sign-on up with Okta.
//! let answer: Value = answer.json().await?;
//! let link = env.portal_link(answer["link"].as_str().ok_or("a link")?);
//! let visit = link.with(Sso::new().provider(ConnectionType::OktaSAML)).complete().await?;
//! assert_eq!(visit.first(MadeKind::Connection).ok_or("a connection")?.shown["state"], "active");
//! env.deliveries().wait_idle(Duration::from_secs(5)).await?; // The webhooks of that have arrived.
//! # Ok(())
//! # }
//! ```

mod deliveries;
mod environment;
mod error;
mod expect;
mod faults;
mod portal_links;
mod rate_limits;
mod requests;
mod setups;
mod shared;
mod visits;

pub use self::deliveries::{Deliveries, Delivery, DeliveryState, WebhookEndpoint};
pub use self::environment::{EnvironmentBuilder, TestEnvironment};
pub use self::error::{Error, InvalidValue};
pub use self::expect::Expect;
pub use self::faults::{AddedFault, Damage, Fault, Faults};
pub use self::portal_links::PortalLink;
pub use self::requests::{Request, Requests};
pub use self::setups::{
    BringYourOwnKey, CertificateRenewal, ConnectionType, DirectoryOutcome, DirectoryType,
    DomainOutcome, DomainVerification, Dsync, Identity, KeyOutcome, KeyProvider, LogStream,
    LogStreamDestination, Setup, SignInOutcome, Sso, StreamOutcome,
};
pub use self::visits::{Made, MadeKind, PortalLinkState, PortalVisit, VisitOutcome};
pub use crate::domain::intent::Intent;

pub(crate) use self::environment::Checks;
