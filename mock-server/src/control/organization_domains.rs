//! `/_mock/organization_domains/{id}`: how the search for a domain's DNS record ends, since nobody looks at the DNS here.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::{Id, Target};
use crate::domain::organization_domain::FailureReason;
use crate::service::organization_domains;
use crate::view::organizations::OrganizationDomainView;

/// How a search ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Verified,
    Failed(FailureReason),
}

pub(super) async fn decide(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let outcome = outcome(&body).map_err(|error| Refusal::Invalid(vec![error]))?;
    let domain = match outcome {
        Outcome::Verified => organization_domains::mark_verified(&environment, &id)?,
        Outcome::Failed(reason) => organization_domains::mark_failed(&environment, &id, reason)?,
    };
    Ok(Json(OrganizationDomainView::new(&domain)).into_response())
}

fn outcome(body: &Value) -> Result<Outcome, FieldError> {
    let Some(members) = body.as_object() else {
        let message = "The body must be an object.";
        return Err(FieldError::new("body", "invalid_type", message));
    };
    if let Some(name) = members
        .keys()
        .find(|name| !matches!(name.as_str(), "state" | "reason"))
    {
        let message = format!("There is no member '{name}'; there are state and reason.");
        return Err(FieldError::new(name, "unknown", message));
    }
    let reason = members.get("reason").filter(|reason| !reason.is_null());
    match (members.get("state").and_then(Value::as_str), reason) {
        (Some("verified"), None) => Ok(Outcome::Verified),
        (Some("verified"), Some(_)) => {
            let message = "Only a failure has a reason.";
            Err(FieldError::new("reason", "invalid_value", message))
        }
        (Some("failed"), None) => Ok(Outcome::Failed(FailureReason::PeriodExpired)),
        (Some("failed"), Some(reason)) => FailureReason::deserialize(reason)
            .map(Outcome::Failed)
            .map_err(|_| {
                let message = "reason must be domain_verification_period_expired or \
                               domain_verified_by_other_organization.";
                FieldError::new("reason", "invalid_value", message)
            }),
        _ => {
            let message = "state must be verified or failed.";
            Err(FieldError::new("state", "invalid_value", message))
        }
    }
}
