//! How the control API says no: as `WorkOS`'s API does, so that one way of reading errors is enough.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api;
use crate::domain::Error;
use crate::domain::error::{Rule, Violation};
use crate::validation::{self, Rejection};

/// Why a control call is not followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoSuchPath,
    WrongMethod,
    ForeignOrigin,
    ForeignHost,
    NoControlToken,
    WrongControlToken,
    Unauthorized,
    /// The key is only to read with.
    ReadOnlyKey,
    /// The key is another environment's.
    OtherEnvironment,
    NotJson,
    MalformedJson(String),
    TooLarge,
    TooSlow,
    /// As many watch as may.
    TooManyWatchers,
    Invalid(Vec<FieldError>),
    /// The call does not satisfy the document.
    Rejected(Rejection),
    /// The operation was refused, as the API would have refused it.
    Refused(Error),
}

/// How many wrong members an answer names.
const MOST_ERRORS: usize = 100;

/// One thing that is wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct FieldError {
    /// The dotted path of a member, with indexes; the name of a parameter; or `body`.
    pub(super) field: String,
    /// What is wrong, for a program: the names in the path and the rule that is broken.
    pub(super) code: String,
    /// What is wrong and what is allowed, as a sentence.
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

impl From<validation::FieldError> for FieldError {
    fn from(error: validation::FieldError) -> Self {
        Self {
            field: error.field,
            code: error.code,
            message: error.message,
        }
    }
}

/// Why a call was refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(super) struct ErrorBody {
    /// Why, as a sentence.
    message: String,
    /// Why, for a program; some refusals have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    code: Option<&'static str>,
    /// What is wrong with the call, member by member.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
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
            Self::ForeignHost => (
                StatusCode::FORBIDDEN,
                Some("foreign_host"),
                "The control API answers under this machine's names, the public URL's and those of --allow-host.",
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
            Self::ReadOnlyKey => (
                StatusCode::FORBIDDEN,
                Some("read_only_key"),
                "This key may only read.",
            ),
            Self::OtherEnvironment => (
                StatusCode::FORBIDDEN,
                Some("other_environment"),
                "This key is another environment's.",
            ),
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
            Self::TooManyWatchers => (
                StatusCode::TOO_MANY_REQUESTS,
                Some("too_many_watchers"),
                "As many watch this server as may.",
            ),
            Self::Invalid(_) | Self::Rejected(_) => (
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
            Self::Rejected(rejection) => rejection.errors.into_iter().map(Into::into).collect(),
            _ => Vec::new(),
        };
        (
            status,
            Json(ErrorBody {
                message,
                code,
                errors,
            }),
        )
            .into_response()
    }
}
