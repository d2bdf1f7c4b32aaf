//! Objects as `WorkOS` writes them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::domain::ids::Id as _;
use crate::domain::organization::{DomainState, Organization, OrganizationDomain};
use crate::domain::page::Page;

/// A page of a list.
#[derive(Serialize)]
pub(super) struct PageView<T> {
    object: &'static str,
    data: Vec<T>,
    list_metadata: ListMetadata,
}

#[derive(Serialize)]
struct ListMetadata {
    before: Option<String>,
    after: Option<String>,
}

impl<T> PageView<T> {
    pub(super) fn new<'a, R>(page: &'a Page<R>, view: impl Fn(&'a R) -> T) -> Self {
        Self {
            object: "list",
            data: page.items.iter().map(|item| view(item)).collect(),
            list_metadata: ListMetadata {
                before: page.before.clone(),
                after: page.after.clone(),
            },
        }
    }
}

/// An organization.
#[derive(Serialize)]
pub(super) struct OrganizationView<'a> {
    object: &'static str,
    id: &'a str,
    name: &'a str,
    domains: Vec<OrganizationDomainView<'a>>,
    metadata: &'a BTreeMap<String, String>,
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_customer_id: Option<&'a str>,
    allow_profiles_outside_organization: bool,
    created_at: Time,
    updated_at: Time,
}

impl<'a> OrganizationView<'a> {
    pub(super) fn new(organization: &'a Organization) -> Self {
        let domain = |domain| OrganizationDomainView::new(organization, domain);
        Self {
            object: "organization",
            id: organization.id.as_str(),
            name: &organization.name,
            domains: organization.domains.iter().map(domain).collect(),
            metadata: &organization.metadata,
            external_id: organization.external_id.as_deref(),
            stripe_customer_id: organization.stripe_customer_id.as_deref(),
            allow_profiles_outside_organization: organization.allow_profiles_outside_organization,
            created_at: Time(organization.created_at),
            updated_at: Time(organization.updated_at),
        }
    }
}

/// A domain of an organization.
#[derive(Serialize)]
pub(super) struct OrganizationDomainView<'a> {
    object: &'static str,
    id: &'a str,
    organization_id: &'a str,
    domain: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_strategy: Option<&'static str>,
    created_at: Time,
    updated_at: Time,
}

impl<'a> OrganizationDomainView<'a> {
    fn new(organization: &'a Organization, domain: &'a OrganizationDomain) -> Self {
        let (state, strategy, challenge) = match &domain.state {
            DomainState::LegacyVerified => ("legacy_verified", None, None),
            DomainState::Pending(challenge) => ("pending", Some("dns"), Some(challenge)),
            DomainState::ManuallyVerified => ("verified", Some("manual"), None),
        };
        Self {
            object: "organization_domain",
            id: domain.id.as_str(),
            organization_id: organization.id.as_str(),
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

/// ISO 8601 in UTC with milliseconds and `Z`, as `WorkOS` writes times.
struct Time(Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_always_has_milliseconds() {
        for (text, expected) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678Z"),
        ] {
            let written = serde_json::to_value(Time(text.parse().unwrap())).unwrap();
            assert_eq!(written, expected);
        }
    }
}
