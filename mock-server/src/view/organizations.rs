//! Organizations and their domains.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::domain::ids::Id as _;
use crate::domain::metadata::Metadata;
use crate::domain::organization::Organization;
use crate::domain::organization_domain::{DomainState, OrganizationDomain};

/// An organization.
#[derive(Serialize)]
pub(crate) struct OrganizationView<'a> {
    object: &'static str,
    id: &'a str,
    name: &'a str,
    domains: Vec<OrganizationDomainView<'a>>,
    metadata: &'a Metadata,
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_customer_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_profiles_outside_organization: Option<bool>,
    created_at: Time,
    updated_at: Time,
}

impl<'a> OrganizationView<'a> {
    pub(crate) fn new(organization: &'a Organization) -> Self {
        Self {
            allow_profiles_outside_organization: Some(
                organization.allow_profiles_outside_organization,
            ),
            ..Self::of_event(organization)
        }
    }

    /// As events write it, which leave one old attribute out.
    pub(super) fn of_event(organization: &'a Organization) -> Self {
        let domains = organization.domains.iter();
        Self {
            object: "organization",
            id: organization.id.as_str(),
            name: &organization.name,
            domains: domains
                .map(|domain| OrganizationDomainView::new(domain))
                .collect(),
            metadata: &organization.metadata,
            external_id: organization.external_id.as_deref(),
            stripe_customer_id: organization.stripe_customer_id.as_deref(),
            allow_profiles_outside_organization: None,
            created_at: Time(organization.created_at),
            updated_at: Time(organization.updated_at),
        }
    }
}

/// A domain of an organization.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrganizationDomain")]
pub(crate) struct OrganizationDomainView<'a> {
    /// Always `organization_domain`.
    #[schemars(extend("const" = "organization_domain"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization that says it is its own.
    organization_id: &'a str,
    /// Its name.
    domain: &'a str,
    /// How far its verification is.
    #[schemars(extend("enum" = ["legacy_verified", "pending", "verified", "failed"]))]
    state: &'static str,
    /// The name of the DNS record, before the domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "&'a str")]
    verification_prefix: Option<&'a str>,
    /// What the DNS record says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "&'a str")]
    verification_token: Option<&'a str>,
    /// How it is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "&'a str", extend("enum" = ["dns", "manual"]))]
    verification_strategy: Option<&'static str>,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

impl<'a> OrganizationDomainView<'a> {
    pub(crate) fn new(domain: &'a OrganizationDomain) -> Self {
        let (state, strategy, challenge) = match &domain.state {
            DomainState::LegacyVerified => ("legacy_verified", None, None),
            DomainState::Pending(search) => ("pending", Some("dns"), Some(&search.challenge)),
            DomainState::Verified(challenge) => ("verified", Some("dns"), Some(&**challenge)),
            DomainState::Failed(challenge) => ("failed", Some("dns"), Some(&**challenge)),
            DomainState::ManuallyVerified => ("verified", Some("manual"), None),
        };
        Self {
            object: "organization_domain",
            id: domain.id.as_str(),
            organization_id: domain.organization_id.as_str(),
            domain: domain.name.as_str(),
            state,
            verification_prefix: challenge.map(|challenge| challenge.prefix.as_str()),
            verification_token: challenge.map(|challenge| challenge.token.as_str()),
            verification_strategy: strategy,
            created_at: Time(domain.created_at),
            updated_at: Time(domain.updated_at),
        }
    }
}
