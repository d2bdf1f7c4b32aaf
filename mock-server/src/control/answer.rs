//! How the control API says no: as `WorkOS`'s API does, so that one way of reading errors is enough.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::api;
use crate::domain::Error;
use crate::domain::error::{Rule, Violation};

/// Why a control call is not followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoSuchPath,
    WrongMethod,
    ForeignOrigin,
    NoControlToken,
    WrongControlToken,
    Unauthorized,
    NotJson,
    MalformedJson(String),
    TooLarge,
    TooSlow,
    Invalid(Vec<FieldError>),
    /// The operation was refused, as the API would have refused it.
    Refused(Error),
}

/// How many wrong members an answer names.
const MOST_ERRORS: usize = 100;

/// One member of a body that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct FieldError {
    pub(super) field: String,
    pub(super) code: String,
    pub(super) message: String,
}

impl FieldError {
    /// `field` is a dotted path, and `rule` is what the value breaks; together, without indexes, they make the code.
    pub(super) fn new(field: &str, rule: &str, message: impl Into<String>) -> Self {
        let names = field
            .split('.')
            .filter(|part| part.parse::<usize>().is_err());
        Self {
            field: field.to_owned(),
            code: names.chain([rule]).collect::<Vec<_>>().join("_"),
            message: message.into(),
        }
    }
}

impl From<Violation> for FieldError {
    fn from(violation: Violation) -> Self {
        let rule = match violation.rule {
            Rule::Required => "required",
            Rule::Format => "invalid_format",
            Rule::Value => "invalid_value",
            Rule::Duplicate => "duplicate",
            Rule::TooMany => "too_many",
        };
        Self::new(&violation.field, rule, violation.message)
    }
}

#[derive(Serialize)]
struct Body {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match &self {
            Self::Refused(error) => return api::refused(error.clone()),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, None, "Not Found"),
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, None, "Method Not Allowed"),
            Self::ForeignOrigin => (
                StatusCode::FORBIDDEN,
                Some("foreign_origin"),
                "The control API takes no calls from pages of other origins.",
            ),
            Self::NoControlToken => (
                StatusCode::UNAUTHORIZED,
                Some("control_token_required"),
                "This server asks for its control token in the header WorkOS-Mock-Control-Token.",
            ),
            Self::WrongControlToken => (
                StatusCode::FORBIDDEN,
                Some("control_token_wrong"),
                "This is not the control token of this server.",
            ),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, None, "Unauthorized"),
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Some("unsupported_media_type"),
                "The body has to be JSON, with the content type application/json.",
            ),
            Self::MalformedJson(message) => (
                StatusCode::BAD_REQUEST,
                Some("invalid_json"),
                message.as_str(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                Some("request_too_large"),
                "The body is too large.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                Some("request_timeout"),
                "The body did not arrive in time.",
            ),
            Self::Invalid(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Some("invalid_request_parameters"),
                "Validation failed",
            ),
        };
        let message = message.to_owned();
        let errors = match self {
            Self::Invalid(mut errors) => {
                errors.truncate(MOST_ERRORS);
                errors
            }
            _ => Vec::new(),
        };
        (
            status,
            Json(Body {
                message,
                code,
                errors,
            }),
        )
            .into_response()
    }
}
