//! One attempt to bring an event of an audit log to the destination of a log stream.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::Stopwatch;
use crate::dial::{Dialing, Letter, post};
use crate::domain::delivery::{Attempt, Outcome};
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::environment::Environment;
use crate::service::log_streams::{FirstEvent, Sent};
use crate::view::log_streams::{Said, outgoing};

/// Sends the event that a destination is tried with, and returns what came of it. The visitor waits for that, so it goes ahead
/// of everything that is queued.
pub(crate) async fn send_first(
    dialing: &Dialing,
    environment: &Environment,
    first: FirstEvent,
) -> Sent {
    let attempt = send(dialing, environment, first.delivery()).await;
    first.sent(attempt)
}

/// Tries to deliver an event.
pub(super) async fn send(
    dialing: &Dialing,
    environment: &Environment,
    delivery: &LogStreamDelivery,
) -> Attempt {
    let request = outgoing(delivery);
    let at = environment.clock.now();
    let timeout = environment.settings.webhooks.timeout;
    let stopwatch = Stopwatch::start();
    let outcome = post(
        dialing,
        Letter {
            url: &request.url,
            headers: headers(&request.headers),
            body: request.body,
            timeout: Duration::try_from(timeout).unwrap_or_default(),
        },
    )
    .await;
    let took = stopwatch.elapsed();
    tracing::debug!(
        delivery = %delivery.id,
        log_stream = %delivery.stream_id,
        action = delivery.event.entry.action,
        success = outcome.is_success(),
        "tried to deliver an event of an audit log"
    );
    Attempt {
        at,
        url: request.url.into(),
        signature: None,
        took,
        outcome: without_secrets(outcome, delivery),
    }
}

fn headers(told: &[(&str, Said<'_>)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, said) in told {
        let value = match said {
            Said::Openly(text) => HeaderValue::from_str(text),
            Said::Secretly("", secret) => HeaderValue::from_str(secret.expose()),
            Said::Secretly(word, secret) => {
                HeaderValue::from_str(&format!("{word} {}", secret.expose()))
            }
            // Nothing is sent whose headers need something from elsewhere.
            Said::Signed(_) => continue,
        };
        // Both were held against what a header can be when they were given.
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(mut value)) = (name, value) {
            value.set_sensitive(!matches!(said, Said::Openly(_)));
            headers.insert(name, value);
        }
    }
    headers
}

/// Some servers answer with what they were sent; what is shown of an answer has no secret.
fn without_secrets(outcome: Outcome, delivery: &LogStreamDelivery) -> Outcome {
    let Outcome::Answered(mut answer) = outcome else {
        return outcome;
    };
    for secret in delivery.settings.sent_secrets() {
        answer.body = secret.hidden_in(&answer.body).into();
    }
    Outcome::Answered(answer)
}
