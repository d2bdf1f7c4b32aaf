use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::error::Category;

use crate::response::{Response, ResponseValue, request_id};
use crate::transport::TransportError;
use crate::types::ApiError;
use crate::{InvalidList, InvalidPathSegment};

/// Why a call failed.
///
/// Neither `Debug` nor `Display` shows the API key, a link or a webhook secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = ApiError> {
    /// The call was not sent: a required argument is missing, or an argument is refused.
    InvalidRequest(String),
    /// No complete answer was received: the connection failed, was cut, or timed out.
    Communication(reqwest::Error),
    /// The API answered with a 4xx or 5xx status. Whatever its body was, the value is filled in from it.
    ErrorResponse(ResponseValue<E>),
    /// The API reported success, but the body is not what the operation answers with.
    #[non_exhaustive]
    InvalidPayload {
        /// The status of the answer.
        status: StatusCode,
        /// WorkOS's name for the request.
        request_id: Option<String>,
        /// The operation, and where its body departs from the type. No value from the body.
        reason: String,
    },
    /// The answer is neither a success nor an error: a redirect, most likely from a proxy. Redirects are
    /// not followed, for they would carry the API key elsewhere.
    #[non_exhaustive]
    UnexpectedStatus {
        /// The status of the answer.
        status: StatusCode,
        /// WorkOS's name for the request.
        request_id: Option<String>,
    },
    /// The body of the answer is longer than this client reads.
    #[non_exhaustive]
    BodyTooLarge {
        /// The status of the answer.
        status: StatusCode,
        /// The most that is read, in bytes.
        limit: usize,
    },
}

impl<E> Error<E> {
    /// The status that was answered, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidRequest(_) | Self::Communication(_) => None,
            Self::ErrorResponse(response) => Some(response.status()),
            Self::InvalidPayload { status, .. }
            | Self::UnexpectedStatus { status, .. }
            | Self::BodyTooLarge { status, .. } => Some(*status),
        }
    }

    /// WorkOS's name for the request, to be quoted to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::ErrorResponse(response) => response.request_id(),
            Self::InvalidPayload { request_id, .. } | Self::UnexpectedStatus { request_id, .. } => {
                request_id.as_deref()
            }
            Self::InvalidRequest(_) | Self::Communication(_) | Self::BodyTooLarge { .. } => None,
        }
    }

    /// What the generated code makes of a status that the document does not declare.
    #[expect(
        non_snake_case,
        clippy::needless_pass_by_value,
        reason = "the generated code calls it like a variant"
    )]
    pub(crate) fn UnexpectedResponse(response: Response) -> Self {
        let request_id = request_id(&response.headers).map(str::to_owned);
        Self::UnexpectedStatus {
            status: response.status,
            request_id,
        }
    }

    pub(crate) fn invalid_payload(response: &Response, error: &serde_json::Error) -> Self {
        Self::InvalidPayload {
            status: response.status,
            request_id: request_id(&response.headers).map(str::to_owned),
            reason: format!("{}: {}", response.operation, without_values(error)),
        }
    }
}

impl Error {
    /// The API's code for what went wrong, such as `organization_not_found`; some of its errors have none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let error = self.api_error()?;
        error.code.as_deref().or(error.error.as_deref())
    }

    /// The API's sentence about what went wrong. A body without one is described instead.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        let error = self.api_error()?;
        error
            .message
            .as_deref()
            .or(error.error_description.as_deref())
            .or(error.error.as_deref())
    }

    /// How long the API asked to wait before the next attempt, where it said so in seconds: in the
    /// header `Retry-After`, or else in the body.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let Self::ErrorResponse(response) = self else {
            return None;
        };
        let header = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let seconds = header.and_then(|value| value.trim().parse().ok());
        seconds
            .map(Duration::from_secs)
            .or_else(|| Duration::try_from_secs_f64(response.retry_after_seconds?).ok())
    }

    fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::ErrorResponse(response) => Some(response),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => {
                write!(f, "the request was not sent: {}", refusal(reason))?;
            }
            Self::Communication(error) => write!(f, "no answer was received: {error}")?,
            Self::ErrorResponse(response) => {
                write!(
                    f,
                    "{}: {}",
                    response.status(),
                    self.message().unwrap_or("no message")
                )?;
                if let Some(code) = self.code() {
                    write!(f, " ({code})")?;
                }
            }
            Self::InvalidPayload { reason, .. } => {
                write!(f, "the answer does not have the expected shape: {reason}")?;
            }
            Self::UnexpectedStatus { status, .. } => write!(f, "unexpected status {status}")?,
            Self::BodyTooLarge { status, limit } => {
                write!(
                    f,
                    "the body of a {status} answer is longer than {limit} bytes"
                )?;
            }
        }
        match self.request_id() {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The message above is reqwest's own; what it does not say is beneath it.
            Self::Communication(error) => error.source(),
            _ => None,
        }
    }
}

impl<E> From<TransportError> for Error<E> {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Http(error) => error.into(),
            TransportError::TooLarge { status, limit } => Self::BodyTooLarge { status, limit },
        }
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(mut error: reqwest::Error) -> Self {
        // A query may hold an e-mail address; an error message gets about.
        if let Some(url) = error.url_mut() {
            url.set_query(None);
        }
        if error.is_builder() {
            let cause = std::error::Error::source(&error);
            return Self::InvalidRequest(
                cause.map_or_else(|| error.to_string(), ToString::to_string),
            );
        }
        Self::Communication(error)
    }
}

impl<E> From<reqwest::header::InvalidHeaderValue> for Error<E> {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}

/// The generated code says of an argument that it "could not be converted", and drops why; the types
/// whose values can be refused know it.
fn refusal(reason: &str) -> Cow<'_, str> {
    let argument = reason
        .strip_prefix("conversion to `")
        .and_then(|rest| rest.strip_suffix(" failed")?.split_once("` for "));
    let why = match argument {
        Some((target, _)) if target.ends_with("PathSegment") => InvalidPathSegment.to_string(),
        Some((target, _)) if target.ends_with("CommaSeparated") => InvalidList.to_string(),
        Some(_) => "its value is not of the type expected".to_owned(),
        None => return reason.into(),
    };
    argument.map_or(reason.into(), |(_, name)| format!("{name}: {why}").into())
}

/// What is wrong with a body, without the value that serde quotes: it may be a secret.
pub(crate) fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let quotes_nothing = matches!(
        error.classify(),
        Category::Syntax | Category::Eof | Category::Io
    ) || text.starts_with("missing field")
        || text.starts_with("duplicate field");
    if quotes_nothing {
        return text;
    }
    let place = format!("at line {} column {}", error.line(), error.column());
    // The last `, expected`: a quoted value may contain one, and then the rest is the type's own words.
    match text.rfind(", expected ") {
        Some(start) => text[start + 2..].to_owned(),
        None => format!("a value is not of its type {place}"),
    }
}
