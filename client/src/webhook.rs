//! Webhooks: whether a request comes from WorkOS, and what it tells.
//!
//! WorkOS signs each delivery with the secret of its endpoint: the header `WorkOS-Signature` reads
//! `t=<milliseconds since 1970>, v1=<HMAC-SHA256 of "<t>.<body>" in lower-case hex>`. A [`Verifier`] holds
//! the secrets and checks a delivery against them, over the bytes of the body as they came: a body that
//! was parsed and written again has another signature.
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//! use workos_portal::types::EventType;
//! use workos_portal::webhook::Verifier;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new("whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha")?;
//!
//! let body = br#"{"object":"event","id":"event_1","event":"organization.created","created_at":"2026-01-02T03:04:05.678Z","data":{"name":"Acme"}}"#;
//! let header = "t=1767323045678, v1=d2482c50d3bcd8656cb7bb5414083bd32258280695d9b8cbd569a55eb979b2a3";
//! let now = UNIX_EPOCH + Duration::from_secs(1_767_323_046);
//!
//! let event = verifier.event(body, header, now)?;
//! assert_eq!(event.event, EventType::OrganizationCreated);
//! # Ok(())
//! # }
//! ```
//!
//! The signature of this example was computed apart from this crate:
//!
//! ```sh
//! printf '%s' '1767323045678.{"object":"event",…}' | openssl dgst -sha256 -hmac 'whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha'
//! ```
//!
//! Deliveries come in any order, late, and sometimes twice: remember the ids of the events that you have
//! handled, and answer with a 2xx once an event is stored.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::Secret;
use crate::decode_error::without_values;
use crate::types::Event;

#[cfg(feature = "axum")]
mod extract;
mod signature;

#[cfg(feature = "axum")]
pub use extract::{MAX_BODY, WebhookEvent, WebhookRejection};
pub use signature::{HeaderPart, sign, verify};

/// The name of the header that carries the signature; header names have no case.
pub const SIGNATURE_HEADER: &str = "WorkOS-Signature";

/// How far the time of a signature may be from now unless a [`Verifier`] says otherwise: 180 seconds, as
/// in WorkOS's own SDKs.
pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(180);

/// Which check a delivery failed. No message contains a secret, a signature or a value of the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// There is no signature header, or it is empty.
    #[error("the header {SIGNATURE_HEADER} is missing")]
    MissingHeader,
    /// A part of the signature header is missing or cannot be read.
    #[error("in the header {SIGNATURE_HEADER}, {0}")]
    MalformedHeader(HeaderPart),
    /// No signature is that of the body under one of the secrets: it comes from somebody else, was
    /// changed on its way, or the secret is another endpoint's.
    #[error("no signature matches: the secret is another one, or the body is not what was signed")]
    NoMatch,
    /// The signature is genuine, but older than the tolerance.
    #[error("the delivery was signed {age:?} ago, and {tolerance:?} are tolerated")]
    TooOld {
        /// How long ago it was signed.
        age: Duration,
        /// How long ago it may be.
        tolerance: Duration,
    },
    /// The signature is genuine, but further in the future than the tolerance: a clock is wrong.
    #[error("the delivery was signed {ahead:?} in the future, and {tolerance:?} are tolerated")]
    InFuture {
        /// How far in the future it was signed.
        ahead: Duration,
        /// How far it may be.
        tolerance: Duration,
    },
    /// The delivery is genuine, but its body is no event. The text says where, and shows no value.
    #[error("the body is not an event: {0}")]
    NotAnEvent(String),
}

/// A secret is empty or contains white space, or there is none: under an empty secret anybody can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a webhook secret must not be missing, empty or contain white space")]
pub struct InvalidSecret;

type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// Checks deliveries against the secrets of an endpoint, and reads their events.
///
/// Cloning it is cheap.
#[derive(Clone)]
#[must_use = "a verifier does nothing by itself"]
pub struct Verifier {
    secrets: Arc<[Secret]>,
    tolerance: Duration,
    clock: Arc<Clock>,
}

impl Verifier {
    /// Accepts what is signed with `secret`: the `secret` of a webhook endpoint, as it is.
    ///
    /// # Errors
    /// When the secret is empty or contains white space.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, InvalidSecret> {
        Self::any_of([secret])
    }

    /// Accepts what is signed with any of `secrets`: while one replaces another, both are good.
    ///
    /// # Errors
    /// When there is none, or when one is empty or contains white space.
    pub fn any_of<S: Into<Secret>>(
        secrets: impl IntoIterator<Item = S>,
    ) -> Result<Self, InvalidSecret> {
        let secrets: Arc<[Secret]> = secrets.into_iter().map(Into::into).collect();
        let sound = |secret: &Secret| {
            let secret = secret.expose();
            !secret.is_empty() && !secret.contains(char::is_whitespace)
        };
        if secrets.is_empty() || !secrets.iter().all(sound) {
            return Err(InvalidSecret);
        }
        Ok(Self {
            secrets,
            tolerance: DEFAULT_TOLERANCE,
            clock: Arc::new(system_time),
        })
    }

    /// How far the time of a signature may be from now, in both directions.
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Takes the time from `clock` instead of the system where none is given, for tests.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The event of a delivery that arrives at `now`.
    ///
    /// `payload` is the raw body, `header` the value of [`SIGNATURE_HEADER`], empty where there is none.
    ///
    /// # Errors
    /// Says which check the delivery fails.
    pub fn event(
        &self,
        payload: &[u8],
        header: &str,
        now: SystemTime,
    ) -> Result<Event, WebhookError> {
        signature::check(payload, header, &self.secrets, self.tolerance, now)?;
        serde_json::from_slice(payload)
            .map_err(|error| WebhookError::NotAnEvent(without_values(&error)))
    }

    /// [`Verifier::event`] at the time that the system's clock shows, or that of [`Verifier::clock`].
    ///
    /// # Errors
    /// Says which check the delivery fails.
    pub fn event_now(&self, payload: &[u8], header: &str) -> Result<Event, WebhookError> {
        self.event(payload, header, (self.clock)())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.secrets)
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the system's time here; `Verifier::clock` replaces it"
)]
fn system_time() -> SystemTime {
    SystemTime::now()
}
