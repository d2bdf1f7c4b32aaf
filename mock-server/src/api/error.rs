//! Errors as the API tells them: the one place that pairs an error with a status, and the one that writes an error's body.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::operation::Operation;
use super::reply::Reply;
use crate::domain::Error;
use crate::domain::audit_log::metadata::Mismatch;
use crate::domain::error::{Rule, Violation};
use crate::domain::rate::TooMany;
use crate::validation::{FieldError, Rejection, Shape};

/// Why a request is not answered as it wishes.
#[derive(Debug)]
pub(super) enum ApiError {
    /// No operation has this path.
    NoSuchRoute,
    /// No operation has this path with this method.
    MethodNotAllowed,
    /// The key is missing, unknown, revoked or expired.
    Unauthorized,
    /// The key may not be used for this.
    Forbidden,
    /// The request comes too early.
    RateLimited(Operation, TooMany),
    /// A test has asked for this status, and perhaps for when to try again.
    Injected(Operation, u16, Option<u32>),
    /// A part of the path is not text; as it was sent.
    UnreadablePath(String),
    /// The body did not come in time.
    BodyTimeout,
    /// The body ended before its end.
    BodyBroken,
    /// The body is larger than anything the API takes.
    BodyTooLarge,
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// The body is not JSON, and how.
    InvalidJson(String),
    /// The request does not satisfy the document.
    Rejected(Rejection),
    /// The idempotency key was used for another request.
    IdempotencyKeyReused(String),
    /// The operation was refused.
    Domain(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl ApiError {
    /// A value that the document allows and the operation cannot accept.
    pub(super) fn invalid(field: &str, rule: Rule, message: &str) -> Self {
        Self::Domain(Violation::new(field, rule, message).into())
    }

    /// The status that tells this error.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchRoute | Self::UnreadablePath(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::RateLimited(..) => StatusCode::TOO_MANY_REQUESTS,
            Self::Injected(_, status, _) => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyBroken | Self::InvalidJson(_) | Self::IdempotencyKeyReused(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Rejected(rejection) => {
                StatusCode::from_u16(rejection.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
            }
            Self::Domain(error) => match error {
                Error::NotFound { .. } | Error::LinkWithoutOrganization(_) => StatusCode::NOT_FOUND,
                Error::Connection(error) if error.is_conflict() => StatusCode::CONFLICT,
                Error::DomainAlreadyVerified(_)
                | Error::ExternalIdTaken(_)
                | Error::StripeCustomerTaken(_)
                | Error::EventsNotNamed
                | Error::AuditLogEventMismatch(_)
                | Error::ExportWithoutOrganization(_)
                | Error::ExportRangeTurned
                | Error::ExportRangeTooOld
                | Error::Connection(_) => StatusCode::BAD_REQUEST,
                Error::DomainAlreadyExists(_)
                | Error::ItContactExists
                | Error::InvitationActive
                | Error::EndpointExists
                | Error::DeliveryUnderWay(_)
                | Error::DefaultEnvironment
                | Error::SyncInProgress(_) => StatusCode::CONFLICT,
                Error::SyncTooSoon { .. } => StatusCode::TOO_MANY_REQUESTS,
                Error::Invalid(_)
                | Error::EndpointUrl(_)
                | Error::TooManyEnvironments(_)
                | Error::TooManyFaults(_)
                | Error::SyncUnsupported(_) => StatusCode::UNPROCESSABLE_ENTITY,
            },
        }
    }

    fn body(&self) -> Value {
        let coded = |code: &str, message: &str| json!({ "message": message, "code": code });
        match self {
            Self::NoSuchRoute => json!({ "message": "Not Found" }),
            Self::MethodNotAllowed => json!({ "message": "Method Not Allowed" }),
            Self::Unauthorized => json!({ "message": "Unauthorized" }),
            Self::Forbidden => json!({ "message": "Forbidden" }),
            Self::RateLimited(operation, _) => rate_limited(*operation),
            Self::Injected(operation, ..) => injected(*operation, self.status()),
            Self::UnreadablePath(segment) => not_found(
                "entity_not_found",
                "The path is not valid UTF-8, so nothing has it for an id.",
                segment,
            ),
            Self::BodyTimeout => coded(
                "request_timeout",
                "The request body did not arrive in time.",
            ),
            Self::BodyBroken => coded("invalid_json", "The request body ended before its end."),
            Self::BodyTooLarge => coded(
                "request_too_large",
                "The request body is larger than 1 MiB.",
            ),
            Self::UnsupportedMediaType => coded(
                "unsupported_media_type",
                "The request body has to be declared as application/json, and not be compressed.",
            ),
            Self::InvalidJson(problem) => {
                coded("invalid_json", &format!("The request body {problem}."))
            }
            // The sentence is the one that clients have seen from WorkOS, which some of them look for.
            Self::IdempotencyKeyReused(key) => json!({
                "message": format!(
                    "Another idempotency key ({key}) with different request parameters was found. \
                     Please use a different idempotency key."
                ),
            }),
            Self::Rejected(rejection) if rejection.errors.is_empty() => {
                coded(&rejection.code, &rejection.message)
            }
            Self::Rejected(rejection) if rejection.shape == Shape::Messages => {
                let messages = rejection.errors.iter().map(|error| error.message.as_str());
                let reason = self.status().canonical_reason().unwrap_or_default();
                json!({ "message": messages.collect::<Vec<_>>(), "error": reason })
            }
            Self::Rejected(rejection) => {
                let errors = rejection.errors.iter().map(field_error);
                validation_failed(&rejection.code, &rejection.message, errors)
            }
            Self::Domain(error) => domain_body(error),
        }
    }
}

fn rate_limited(operation: Operation) -> Value {
    match operation {
        // The one operation whose 429 is a string in WorkOS's document.
        Operation::ListDirectoryUsers => json!("Ratelimited"),
        _ => json!({ "message": "Rate limit exceeded.", "code": "rate_limit_exceeded" }),
    }
}

/// The body that WorkOS has for a status, whatever the reason: most are a message alone.
fn injected(operation: Operation, status: StatusCode) -> Value {
    match status {
        StatusCode::TOO_MANY_REQUESTS => rate_limited(operation),
        StatusCode::REQUEST_TIMEOUT => ApiError::BodyTimeout.body(),
        StatusCode::UNPROCESSABLE_ENTITY => {
            let error = json!({
                "field": "body",
                "code": "injected_fault",
                "message": "This answer was asked for in a test.",
            });
            validation_failed(
                "invalid_request_parameters",
                "Validation failed",
                [error].into_iter(),
            )
        }
        _ => json!({ "message": status.canonical_reason().unwrap_or("Error") }),
    }
}

fn domain_body(error: &Error) -> Value {
    let message = error.to_string();
    let coded = |code: &str| json!({ "message": message, "code": code });
    match error {
        Error::NotFound { id, .. } => not_found("entity_not_found", &message, id),
        Error::LinkWithoutOrganization(id) => not_found("organization_not_found", &message, id),
        Error::ExternalIdTaken(_) => coded("external_id_already_used"),
        Error::StripeCustomerTaken(_) => coded("stripe_customer_id_already_used"),
        Error::ItContactExists => coded("it_contact_already_exists"),
        Error::InvitationActive => coded("it_contact_invitation_already_active"),
        Error::EndpointExists => coded("duplicate_endpoint"),
        Error::DeliveryUnderWay(_) => coded("delivery_under_way"),
        Error::EndpointUrl(_) => coded("invalid_url"),
        Error::DomainAlreadyExists(_) => coded("domain_already_exists"),
        Error::DomainAlreadyVerified(_) => coded("domain_already_verified"),
        Error::TooManyEnvironments(_) => coded("too_many_environments"),
        Error::DefaultEnvironment => coded("default_environment"),
        Error::TooManyFaults(_) => coded("too_many_faults"),
        Error::EventsNotNamed => coded("invalid_events_request"),
        Error::AuditLogEventMismatch(mismatches) => {
            let errors: Vec<_> = mismatches.iter().map(mismatch).collect();
            json!({ "message": message, "code": "invalid_audit_log_event", "errors": errors })
        }
        Error::ExportWithoutOrganization(_) => coded("organization_not_found"),
        Error::ExportRangeTurned | Error::ExportRangeTooOld => {
            coded("invalid_audit_log_export_range_date")
        }
        Error::Connection(error) => coded(error.code()),
        Error::SyncUnsupported(_) => coded("directory_sync_unsupported"),
        Error::SyncInProgress(_) => coded("directory_sync_in_progress"),
        Error::SyncTooSoon {
            retry_after_seconds,
        } => json!({
            "message": message,
            "code": "directory_sync_rate_limited",
            "retry_after_seconds": retry_after_seconds,
        }),
        Error::Invalid(violations) => {
            let errors = violations.iter().map(|violation| {
                json!({ "field": violation.field, "code": code(violation), "message": violation.message })
            });
            validation_failed("invalid_request_parameters", &message, errors)
        }
    }
}

fn mismatch(one: &Mismatch) -> Value {
    let mut told = json!({
        "instancePath": one.instance_path,
        "schemaPath": one.schema_path,
        "keyword": one.keyword,
        "message": one.message,
    });
    if let Some(params) = &one.params {
        told["params"] = params.clone();
    }
    told
}

fn not_found(code: &str, message: &str, id: &str) -> Value {
    json!({ "message": message, "code": code, "entity_id": id })
}

fn validation_failed(code: &str, message: &str, errors: impl Iterator<Item = Value>) -> Value {
    json!({ "message": message, "code": code, "errors": errors.collect::<Vec<_>>() })
}

fn field_error(error: &FieldError) -> Value {
    json!({ "field": error.field, "code": error.code, "message": error.message })
}

/// The path without its indexes, and the rule: `domain_data_domain_invalid_format`.
fn code(violation: &Violation) -> String {
    let rule = match violation.rule {
        Rule::Required => "required",
        Rule::Format => "invalid_format",
        Rule::Value => "invalid_value",
        Rule::Duplicate => "duplicate",
        Rule::TooMany => "too_many",
    };
    let names = violation
        .field
        .split('.')
        .filter(|part| part.parse::<usize>().is_err());
    names.chain([rule]).collect::<Vec<_>>().join("_")
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Reply::json(self.status(), &self.body()).into_response();
        let wait = match &self {
            Self::RateLimited(_, too_many) => Some(too_many.retry_after_seconds()),
            Self::Domain(Error::SyncTooSoon {
                retry_after_seconds,
            }) => Some(*retry_after_seconds),
            Self::Injected(_, _, retry_after) => retry_after.map(i64::from),
            _ => None,
        };
        if let Some(seconds) = wait {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_the_field_without_indexes() {
        let violation = |field: &str, rule| Violation::new(field, rule, "");
        assert_eq!(
            code(&violation("domain_data.0.domain", Rule::Format)),
            "domain_data_domain_invalid_format"
        );
        assert_eq!(
            code(&violation("return_url", Rule::Value)),
            "return_url_invalid_value"
        );
    }

    #[test]
    fn a_missing_organization_is_told_by_kind_and_id() {
        let error = ApiError::from(Error::LinkWithoutOrganization("org_x".into()));
        assert_eq!(error.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            error.body(),
            json!({"message": "Organization not found: 'org_x'.", "code": "organization_not_found", "entity_id": "org_x"})
        );
    }
}
