//! One attempt: the body, its signature, and what the receiver says to it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::entry;
use super::sign::signature;
use crate::clock::{Stopwatch, real_time};
use crate::dial::{Dialing, Letter, post};
use crate::domain::delivery::{Attempt, Outcome};
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::domain::webhook_steering::{SignatureStyle, TimestampStyle};
use crate::environment::Environment;
use crate::service::deliveries::Parcel;
use crate::view::deliveries::body;

const SIGNATURE: HeaderName = HeaderName::from_static("workos-signature");
/// How far from the present a signature is that is to be too old, or to come too early.
const TOO_FAR: SignedDuration = SignedDuration::from_mins(10);

/// Tries to deliver a parcel.
pub(super) async fn send(dialing: &Dialing, environment: &Environment, parcel: &Parcel) -> Attempt {
    let (delivery, endpoint) = match parcel {
        Parcel::Webhook { delivery, endpoint } => (delivery, endpoint),
        Parcel::LogEntry(delivery) => return entry::send(dialing, environment, delivery).await,
    };
    let body = body(delivery);
    let at = environment.clock.now();
    let signature = signed(endpoint, at, real_time(), &body);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(Ok(signature)) = signature.as_deref().map(HeaderValue::from_str) {
        headers.insert(SIGNATURE, signature);
    }
    let timeout = environment.settings.webhooks.timeout;
    let stopwatch = Stopwatch::start();
    let outcome = post(
        dialing,
        Letter {
            url: endpoint.url.as_str(),
            headers,
            body,
            timeout: Duration::try_from(timeout).unwrap_or_default(),
        },
    )
    .await;
    tracing::debug!(
        delivery = %delivery.id,
        endpoint = %endpoint.id,
        event = delivery.event.what.name(),
        success = outcome.is_success(),
        "tried to deliver a webhook"
    );
    Attempt {
        at,
        url: endpoint.url.as_str().into(),
        signature: signature
            .filter(|_| outcome != Outcome::NotDialled)
            .map(Into::into),
        took: stopwatch.elapsed(),
        outcome,
    }
}

/// The header that an endpoint is to see, if it is to see one.
fn signed(
    endpoint: &WebhookEndpoint,
    clock: Timestamp,
    real: Timestamp,
    body: &str,
) -> Option<String> {
    let at = match endpoint.steering.timestamp {
        TimestampStyle::Current => real,
        TimestampStyle::Old => real.saturating_sub(TOO_FAR).unwrap_or(real),
        TimestampStyle::Future => real.saturating_add(TOO_FAR).unwrap_or(real),
        TimestampStyle::Clock => clock,
    };
    let secret = endpoint.secret.expose();
    match endpoint.steering.signature {
        SignatureStyle::Valid => Some(signature(secret, at, body)),
        SignatureStyle::Invalid => Some(signature(&format!("{secret}_of_another"), at, body)),
        SignatureStyle::Malformed => Some(format!("t={}", at.as_millisecond())),
        SignatureStyle::Missing => None,
    }
}
