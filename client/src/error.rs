use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::attempt::cause;
use crate::response::{Response, ResponseValue};
use crate::retry::is_passing;
use crate::types::{ApiError, ApiErrorDetail};
use crate::{DecodeError, ErrorResponse, InvalidList, InvalidPathSegment, Outcome, codes};

/// Why a call failed.
///
/// What the API answered is in an [`ErrorResponse`]; [`Error::status`], [`Error::code`] and their like reach it
/// whatever the variant. Neither `Debug` nor `Display` shows the API key, a link or a webhook secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The call was not sent: a required argument is missing, or an argument is refused.
    InvalidRequest(String),
    /// 401: the API key is wrong, expired or revoked.
    Unauthorized(ErrorResponse),
    /// 403: the API key may not do this.
    Forbidden(ErrorResponse),
    /// 404: what the call is about does not exist.
    NotFound(ErrorResponse),
    /// 409: what is there stands against it.
    #[non_exhaustive]
    Conflict {
        /// What stands against it, such as `duplicate_endpoint`.
        code: Option<String>,
        /// The answer.
        response: ErrorResponse,
    },
    /// 422, or 400 with a list: arguments are not what the API accepts.
    #[non_exhaustive]
    Validation {
        /// What is wrong, part by part. Some answers list nothing.
        errors: Vec<ApiErrorDetail>,
        /// The answer.
        response: ErrorResponse,
    },
    /// 429: too many requests.
    #[non_exhaustive]
    RateLimited {
        /// How long the API asks to wait.
        retry_after: Option<Duration>,
        /// The answer.
        response: ErrorResponse,
    },
    /// Any other 4xx.
    Refused(ErrorResponse),
    /// 5xx: WorkOS, or something before it, is in trouble.
    Server(ErrorResponse),
    /// Neither a success nor an error: a redirect, most likely from a proxy. Redirects are not followed, for
    /// they would carry the API key elsewhere.
    UnexpectedStatus(ErrorResponse),
    /// No complete answer was received: the connection failed, was cut, or timed out.
    Transport(reqwest::Error),
    /// The API reported success, but the body is not what the operation answers with.
    Decode(DecodeError),
    /// The body of the answer is longer than this client reads.
    #[non_exhaustive]
    BodyTooLarge {
        /// The status of the answer.
        status: StatusCode,
        /// The most that is read, in bytes.
        limit: usize,
        /// WorkOS's name for the request.
        request_id: Option<String>,
    },
    /// A list led back to the page that it came from, and would have no end.
    #[non_exhaustive]
    RepeatedCursor {
        /// The operation, such as `list_organizations`.
        operation: &'static str,
    },
}

impl Error {
    /// What the API answered, unless there was no answer or it was a success that could not be read.
    #[must_use]
    pub fn response(&self) -> Option<&ErrorResponse> {
        match self {
            Self::Unauthorized(response)
            | Self::Forbidden(response)
            | Self::NotFound(response)
            | Self::Conflict { response, .. }
            | Self::Validation { response, .. }
            | Self::RateLimited { response, .. }
            | Self::Refused(response)
            | Self::Server(response)
            | Self::UnexpectedStatus(response) => Some(response),
            Self::InvalidRequest(_)
            | Self::Transport(_)
            | Self::Decode(_)
            | Self::BodyTooLarge { .. }
            | Self::RepeatedCursor { .. } => None,
        }
    }

    /// The status that was answered, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Decode(error) => Some(error.status()),
            Self::BodyTooLarge { status, .. } => Some(*status),
            _ => self.response().map(ErrorResponse::status),
        }
    }

    /// WorkOS's name for the request, to be quoted to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Decode(error) => error.request_id(),
            Self::BodyTooLarge { request_id, .. } => request_id.as_deref(),
            _ => self.response()?.request_id(),
        }
    }

    /// The API's code for what went wrong, such as `organization_not_found`; some of its errors have none.
    /// [`codes`] has names for those that are documented.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.response()?.code()
    }

    /// Whether the API gave this code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code() == Some(code)
    }

    /// The API's sentence about what went wrong. A body without one is described instead.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        Some(self.response()?.message())
    }

    /// What is wrong, part by part. Empty unless the API refused arguments and lists them.
    #[must_use]
    pub fn errors(&self) -> &[ApiErrorDetail] {
        self.response().map_or(&[], ErrorResponse::errors)
    }

    /// The body of the answer as it came, if there was one. That of a [`Error::Decode`] may hold a secret.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Decode(error) => Some(error.body()),
            _ => Some(self.response()?.body()),
        }
    }

    /// How long the API asked to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after()
    }

    /// Whether the organization that the call is about does not exist: of an operation that takes one, or
    /// one that was asked for by its id.
    #[must_use]
    pub fn is_organization_not_found(&self) -> bool {
        let Self::NotFound(response) = self else {
            return false;
        };
        let is_organization = |id: &str| id.starts_with("org_") && !id.starts_with("org_domain_");
        match response.code() {
            Some(codes::ORGANIZATION_NOT_FOUND) => true,
            Some(codes::ENTITY_NOT_FOUND) => response.entity_id().is_some_and(is_organization),
            _ => false,
        }
    }

    /// Whether something that has to be the only one of its kind exists already: an external id, a
    /// domain of the organization, an IT contact, a webhook endpoint's URL.
    #[must_use]
    pub fn is_already_there(&self) -> bool {
        matches!(
            self.code(),
            Some(
                codes::EXTERNAL_ID_ALREADY_USED
                    | codes::EXTERNAL_ID_ALREADY_IN_USE
                    | codes::STRIPE_CUSTOMER_ID_ALREADY_USED
                    | codes::DOMAIN_ALREADY_EXISTS
                    | codes::IT_CONTACT_ALREADY_EXISTS
                    | codes::DUPLICATE_ENDPOINT
                    | codes::SP_SIGNING_CERT_ALREADY_EXISTS
            )
        )
    }

    /// Whether there was no answer in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_timeout())
    }

    /// Whether the same call may succeed later: after 408, 429, 500, 502, 503, 504, a lost connection or a
    /// timeout. It says nothing about whether the call was carried out.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => Outcome::of(error) != Outcome::Untrusted,
            _ => self
                .response()
                .is_some_and(|response| is_passing(response.status())),
        }
    }

    /// How the attempt ended that gave this error.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::InvalidRequest(_) => Outcome::NotSent,
            Self::Transport(error) => Outcome::of(error),
            Self::BodyTooLarge { .. } => Outcome::TooLarge,
            _ => self.status().map_or(Outcome::NotSent, Outcome::Answered),
        }
    }

    // The generated code makes errors of answers by these names. The transport has done so before: only
    // successes get as far.

    #[expect(
        non_snake_case,
        clippy::needless_pass_by_value,
        reason = "the generated code calls it like a variant"
    )]
    pub(crate) fn ErrorResponse(error: ResponseValue<ApiError>) -> Self {
        let body = serde_json::to_vec(&*error).unwrap_or_default();
        let (status, headers) = (error.status(), error.headers().clone());
        ErrorResponse::new(status, headers, body).into()
    }

    #[expect(non_snake_case, reason = "the generated code calls it like a variant")]
    pub(crate) fn UnexpectedResponse(response: Response) -> Self {
        Self::UnexpectedStatus(ErrorResponse::new(
            response.status,
            response.headers,
            response.body,
        ))
    }
}

impl Error {
    /// For the generated code: an argument is none, for this reason.
    pub(crate) fn not_sent(reason: String) -> Self {
        Self::InvalidRequest(refusal(reason))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => {
                write!(f, "the request was not sent: {reason}")?;
            }
            Self::Transport(error) => unanswered(error, f)?,
            Self::Decode(error) => return error.fmt(f),
            Self::UnexpectedStatus(response) => {
                write!(f, "unexpected status {}", response.status())?;
            }
            Self::BodyTooLarge { status, limit, .. } => {
                write!(
                    f,
                    "the body of a {status} answer is longer than {limit} bytes"
                )?;
            }
            Self::RepeatedCursor { operation } => {
                write!(f, "{operation}: a page leads to itself")?;
            }
            _ => {
                if let Some(response) = self.response() {
                    response.fmt(f)?;
                }
            }
        }
        request_of(self.request_id(), f)
    }
}

/// Says why there is no answer. reqwest says it in the last of a chain of sources, which few print.
fn unanswered(error: &reqwest::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("no answer was received")?;
    if let Some(url) = error.url() {
        write!(f, " from {url}")?;
    }
    if error.is_timeout() {
        return f.write_str(": it took too long");
    }
    if error.is_body() || error.is_decode() {
        f.write_str(": it broke off")?;
    }
    write!(f, ": {}", cause(error))
}

/// Adds WorkOS's name for a request to a message.
pub(crate) fn request_of(request_id: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match request_id {
        Some(id) => write!(f, " [request {id}]"),
        None => Ok(()),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The message above has the last of them.
            Self::Transport(error) => error.source(),
            _ => None,
        }
    }
}

impl From<reqwest::Error> for Error {
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
        Self::Transport(error)
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}

/// The generated code says of an argument that it "could not be converted", and drops why; the types
/// whose values can be refused know it.
fn refusal(reason: String) -> String {
    let argument = reason
        .strip_prefix("conversion to `")
        .and_then(|rest| rest.strip_suffix(" failed")?.split_once("` for "));
    let why = match argument {
        Some((target, _)) if target.ends_with("PathSegment") || target.ends_with("Id") => {
            InvalidPathSegment.to_string()
        }
        Some((target, _)) if target.ends_with("CommaSeparated") => InvalidList.to_string(),
        Some(_) => "its value is not of the type expected".to_owned(),
        None => return reason,
    };
    argument.map_or_else(String::new, |(_, name)| format!("{name}: {why}"))
}
