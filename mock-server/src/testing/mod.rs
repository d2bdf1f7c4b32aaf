//! What a test in Rust holds in its hands: an environment of its own on a server that others use as well.
//!
//! [`MockServer::shared`](crate::MockServer::shared) is one server for a whole test binary, and
//! [`MockServer::environment`](crate::MockServer::environment) makes an environment on it: with data, a clock, faults, limits, a
//! journal and webhooks of its own, gone when its handle is dropped. Nothing here goes over HTTP; the code under test does.
//!
//! ```
//! use serde_json::json;
//! use workos_portal_mock::MockServer;
//! use workos_portal_mock::testing::Expect;
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
//! env.clock().advance("5 minutes".parse()?)?; // Now the link has expired.
//! # Ok(())
//! # }
//! ```

mod deliveries;
mod environment;
mod error;
mod expect;
mod faults;
mod requests;
mod shared;

pub use self::deliveries::{Deliveries, Delivery, DeliveryState, WebhookEndpoint};
pub use self::environment::{EnvironmentBuilder, TestEnvironment};
pub use self::error::Error;
pub use self::expect::Expect;
pub use self::faults::{AddedFault, Fault, Faults};
pub use self::requests::{Request, Requests};

pub(crate) use self::environment::Checks;
