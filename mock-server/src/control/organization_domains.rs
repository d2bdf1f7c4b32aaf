//! `/_mock/organization_domains/{id}`: how the search for a domain's DNS record ends, since nobody looks at the DNS here.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::route::Route;
use crate::domain::organization_domain::FailureReason;
use crate::service::organization_domains;
use crate::view::organizations::OrganizationDomainView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/organization_domains/{id}",
            "decide_organization_domain",
            "Ends the search for a domain's DNS record.",
            |call| Box::pin(async move { decide(&call) }),
        )
        .description("Nobody looks at the DNS here. What is decided is told by events, as if it had been found.")
        .names("id", "The domain of an organization, by its id.")
        .body::<Decision>()
        .example("the record is there", r#"{"state": "verified"}"#)
        .example(
            "another organization has proved that the domain is its own",
            r#"{"state": "failed", "reason": "domain_verified_by_other_organization"}"#,
        )
        .answers::<OrganizationDomainView<'static>>(200, "The domain as it is now."),
    ]
}

/// How a search ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DomainDecision")]
pub(super) struct Decision {
    /// Whether the record was found.
    state: Outcome,
    /// Why it failed; only a failure has a reason. Usually `domain_verification_period_expired`.
    reason: Option<FailureReason>,
}

/// Whether a record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DomainOutcome")]
enum Outcome {
    /// It was found.
    Verified,
    /// It was not.
    Failed,
}

fn decide(call: &Call) -> Result<Response, Refusal> {
    let Decision { state, reason } = call.body()?;
    let (environment, id) = (&call.environment, call.path("id"));
    let domain = match (state, reason) {
        (Outcome::Verified, None) => organization_domains::mark_verified(environment, id)?,
        (Outcome::Verified, Some(_)) => {
            let message = "Only a failure has a reason.";
            let error = FieldError::new("reason", "invalid_value", message);
            return Err(Refusal::Invalid(vec![error]));
        }
        (Outcome::Failed, reason) => {
            let reason = reason.unwrap_or(FailureReason::PeriodExpired);
            organization_domains::mark_failed(environment, id, reason)?
        }
    };
    Ok(Json(OrganizationDomainView::new(&domain)).into_response())
}
