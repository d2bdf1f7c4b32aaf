use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::error_body::{normalise, strike_out};
use crate::response::request_id;
use crate::types::{ApiError, ApiErrorDetail};
use crate::{Error, Secret};

/// An answer that is no success: what it says, and the answer itself.
///
/// `Debug` shows neither its headers nor its body. Wherever the body repeats the API key, the key is struck out.
#[derive(Clone)]
pub struct ErrorResponse(Box<Answer>);

#[derive(Clone)]
struct Answer {
    operation: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    error: ApiError,
    retry_after: Option<Duration>,
}

impl ErrorResponse {
    /// Puts an answer together, for tests of code that handles an [`Error`]: `Error::from` makes one of it.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Vec<u8>>) -> Self {
        let no_key = Secret::from("");
        Self::read("", status, headers, body.into(), None, &no_key)
    }

    /// Reads an answer. `asked` is how long its headers ask to wait.
    pub(crate) fn read(
        operation: &'static str,
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
        asked: Option<Duration>,
        api_key: &Secret,
    ) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let error = normalise(status, content_type, &body, api_key);
        let error: ApiError = serde_json::from_value(error).unwrap_or_default();
        let in_body = error
            .retry_after_seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self(Box::new(Answer {
            operation,
            status,
            body: strike_out(body, api_key),
            retry_after: asked.or(in_body),
            headers,
            error,
        }))
    }

    /// The operation that was called, such as `get_organization`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What went wrong, for programs, such as `organization_not_found`. Some errors have no code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let error = &self.0.error;
        error.code.as_deref().or(error.error.as_deref())
    }

    /// What went wrong, for people. A body that does not say it is described instead.
    #[must_use]
    pub fn message(&self) -> &str {
        let error = &self.0.error;
        let texts = [&error.message, &error.error_description, &error.error];
        let text = texts.into_iter().find_map(Option::as_deref);
        text.unwrap_or("no message")
    }

    /// What is wrong, part by part. Empty unless arguments were refused.
    #[must_use]
    pub fn errors(&self) -> &[ApiErrorDetail] {
        &self.0.error.errors
    }

    /// The id that was not found.
    #[must_use]
    pub fn entity_id(&self) -> Option<&str> {
        self.0.error.entity_id.as_deref()
    }

    /// How long the API asks to wait before another attempt: by the header `Retry-After`, in seconds or as
    /// a date, or else by the body.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// WorkOS's name for the request, to be quoted to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.headers)
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body as it came. Empty where it broke off or is longer than 64 KiB.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("code", &self.code())
            .field("message", &self.message())
            .field("errors", &self.errors())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status(), OneLine(self.message()))?;
        match self.code() {
            Some(code) => write!(f, " ({})", OneLine(code)),
            None => Ok(()),
        }
    }
}

/// A text of somebody else's, in which nothing begins another line of a log or moves a terminal.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(char::is_control) {
            let text = part.trim_end_matches(char::is_control);
            write!(f, "{text}{}", part[text.len()..].escape_debug())?;
        }
        Ok(())
    }
}

impl From<ErrorResponse> for Error {
    fn from(response: ErrorResponse) -> Self {
        let status = response.status();
        match status.as_u16() {
            401 => Self::Unauthorized(response),
            403 => Self::Forbidden(response),
            404 => Self::NotFound(response),
            409 => Self::Conflict {
                code: response.code().map(str::to_owned),
                response,
            },
            429 => Self::RateLimited {
                retry_after: response.retry_after(),
                response,
            },
            422 => Self::Validation {
                errors: response.errors().to_vec(),
                response,
            },
            400 if !response.errors().is_empty() => Self::Validation {
                errors: response.errors().to_vec(),
                response,
            },
            _ if status.is_client_error() => Self::Refused(response),
            _ if status.is_server_error() => Self::Server(response),
            _ => Self::UnexpectedStatus(response),
        }
    }
}
