//! What goes wrong in a test.

use std::fmt;

use crate::domain;

/// What goes wrong in a test. `Debug` says the same as `Display`, because that is what a test prints that ends with `?`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server does not do what it was asked to. The sentence says why.
    #[error("{0}")]
    Refused(String),
    /// Values cannot be accepted.
    #[error("{}", sentences(.0))]
    Invalid(
        /// Each of them.
        Vec<InvalidValue>,
    ),
    /// There is no such thing. The sentence says what was looked for.
    #[error("{0}")]
    NotFound(String),
    /// The environment with this id was deleted.
    #[error("the environment {0} is gone")]
    Gone(String),
    /// The API has no operation with this id.
    #[error("there is no operation `{given}`; the nearest is `{nearest}`")]
    UnknownOperation {
        /// What was asked for.
        given: String,
        /// The id that is most like it.
        nearest: &'static str,
    },
    /// There were more requests of a kind than expected, or fewer.
    #[error("expected {expected}, found {matched}{}", listed(.near))]
    RequestsDiffer {
        /// How many of what kind.
        expected: String,
        /// How many there were.
        matched: usize,
        /// Requests to the same place that were otherwise, one line each, with what differs. Secrets are hidden.
        near: Vec<String>,
    },
    /// Webhooks were still being sent when the time was over.
    #[error("deliveries are still under way: {count}{}", listed(.first))]
    StillUnderWay {
        /// How many.
        count: usize,
        /// The first of them, one line each.
        first: Vec<String>,
    },
    /// A strict environment has answered with errors that nobody expected.
    #[error("unexpected answers: {}{}", .0.len(), listed(.0))]
    UnexpectedRequests(
        /// The requests, one line each.
        Vec<String>,
    ),
    /// Webhooks of a strict environment have neither arrived nor been given up.
    #[error("undelivered webhooks: {0}; `deliveries().wait_idle(..)` waits for them")]
    Undelivered(
        /// How many.
        usize,
    ),
}

/// A value that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidValue {
    /// Where it stands: `link`, `answers.domain`, or the name of a field on a page of the portal.
    pub field: String,
    /// What is wrong with it, as a sentence.
    pub message: String,
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Each on a line of its own.
fn listed(lines: &[String]) -> String {
    let before = if lines.is_empty() { "" } else { "\n  " };
    format!("{before}{}", lines.join("\n  "))
}

fn sentences(values: &[InvalidValue]) -> String {
    let sentences: Vec<_> = values.iter().map(|value| value.message.as_str()).collect();
    sentences.join(" ")
}

impl From<domain::Error> for Error {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Invalid(violations) => {
                let values = violations.into_iter().map(|violation| InvalidValue {
                    field: violation.field,
                    message: violation.message,
                });
                Self::Invalid(values.collect())
            }
            missing @ domain::Error::NotFound { .. } => Self::NotFound(missing.to_string()),
            refused => Self::Refused(refused.to_string()),
        }
    }
}
