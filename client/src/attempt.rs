//! What is told about each attempt of a call: to the app's hook, and to `tracing`.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

/// One attempt of a call, for metrics. See
/// [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation, such as `list_organizations`: one of a fixed set of names, so a label for a metric.
    pub operation: &'static str,
    /// 1 for the first attempt of a call.
    pub number: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// WorkOS's name for the request.
    pub request_id: Option<&'a str>,
    /// How long it took, its answer included.
    pub took: Duration,
    /// How long the client waits before the next attempt. `None`: this was the last.
    pub retry_in: Option<Duration>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// There was an answer, good or bad.
    Answered(StatusCode),
    /// No connection was made.
    NotConnected,
    /// The server has no certificate that this machine trusts, so nothing was sent.
    Untrusted,
    /// There was no complete answer in time.
    TimedOut,
    /// The connection was lost before the answer was complete.
    Broken,
    /// The answer is longer than is read.
    TooLarge,
    /// The request could not be sent at all.
    NotSent,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answered(status) => return write!(f, "{}", status.as_u16()),
            Self::NotConnected => "not connected",
            Self::Untrusted => "not trusted",
            Self::TimedOut => "timed out",
            Self::Broken => "connection lost",
            Self::TooLarge => "answer too large",
            Self::NotSent => "not sent",
        })
    }
}

impl Outcome {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            // The error of TLS is hidden behind one of the connection, which has its text.
            if cause(error).contains("certificate") {
                Self::Untrusted
            } else {
                Self::NotConnected
            }
        } else if error.is_timeout() {
            Self::TimedOut
        } else if error.is_builder() {
            Self::NotSent
        } else {
            Self::Broken
        }
    }
}

/// What the last of an error's sources says, or the error itself.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let error: &dyn std::error::Error = error;
    let last = std::iter::successors(Some(error), |error| error.source()).last();
    last.unwrap_or(error).to_string()
}

impl Attempt<'_> {
    /// Writes an event to `tracing`: no address, no header and no body, for those may be secret.
    pub(crate) fn trace(&self) {
        let operation = self.operation;
        let attempt = self.number;
        let outcome = tracing::field::display(self.outcome);
        let request_id = self.request_id;
        let took_ms = milliseconds(self.took);
        if let Some(retry_in) = self.retry_in {
            let retry_in_ms = milliseconds(retry_in);
            tracing::info!(
                operation,
                attempt,
                outcome,
                request_id,
                took_ms,
                retry_in_ms,
                "the call is sent again"
            );
        } else {
            tracing::debug!(
                operation,
                attempt,
                outcome,
                request_id,
                took_ms,
                "the call has ended"
            );
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
