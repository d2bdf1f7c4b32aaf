//! Domains of organizations, and the proof that one is an organization's own.

use std::sync::Arc;

use jiff::Timestamp;

use super::domain_name::DomainName;
use super::ids::{OrganizationDomainId, OrganizationId};
use super::organization::ClaimKind;

/// A domain of an organization. Several organizations may have the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrganizationDomain {
    pub(crate) id: OrganizationDomainId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) name: DomainName,
    pub(crate) state: DomainState,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// How far the proof has come that the organization owns the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DomainState {
    /// Named by the app in the old way, which counts as verified without a proof.
    LegacyVerified,
    /// Waits for a TXT record at the domain that says `verification_token=<token>`.
    Pending(DnsChallenge),
    /// Verified by the app's word.
    ManuallyVerified,
}

/// What has to appear in the DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DnsChallenge {
    /// Such as `mock-domain-verification-z3kjny`.
    pub(crate) prefix: String,
    /// 25 letters and digits, public by its nature.
    pub(crate) token: String,
}

/// What makes a new domain: ids and challenges, which are random.
pub(crate) trait DomainSource {
    fn id(&mut self) -> OrganizationDomainId;
    fn challenge(&mut self) -> DnsChallenge;
}

/// What happened to a domain, with the domain as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrganizationDomainEvent {
    Created(Arc<OrganizationDomain>),
    /// Something else about it changed than its becoming verified.
    Updated(Arc<OrganizationDomain>),
    Deleted(Arc<OrganizationDomain>),
    Verified(Arc<OrganizationDomain>),
}

impl OrganizationDomainEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "organization_domain.created",
            Self::Updated(_) => "organization_domain.updated",
            Self::Deleted(_) => "organization_domain.deleted",
            Self::Verified(_) => "organization_domain.verified",
        }
    }

    pub(crate) fn domain(&self) -> &OrganizationDomain {
        let (Self::Created(domain)
        | Self::Updated(domain)
        | Self::Deleted(domain)
        | Self::Verified(domain)) = self;
        domain
    }

    /// What happens when a domain comes: it is created, and verified where the app says so.
    pub(super) fn of_new(domain: &Arc<OrganizationDomain>) -> impl Iterator<Item = Self> + use<> {
        let verified = (domain.state == DomainState::ManuallyVerified)
            .then(|| Self::Verified(Arc::clone(domain)));
        [Self::Created(Arc::clone(domain))]
            .into_iter()
            .chain(verified)
    }

    /// What happens when a domain changes from `before` to `after`.
    pub(super) fn of_change(before: &OrganizationDomain, after: &Arc<OrganizationDomain>) -> Self {
        let after = Arc::clone(after);
        if after.is_verified() && !before.is_verified() {
            Self::Verified(after)
        } else {
            Self::Updated(after)
        }
    }
}

impl OrganizationDomain {
    /// Whether it counts as the organization's own.
    pub(crate) fn is_verified(&self) -> bool {
        match self.state {
            DomainState::LegacyVerified | DomainState::ManuallyVerified => true,
            DomainState::Pending(_) => false,
        }
    }

    /// The domain after another claim to it; nothing when that changes nothing.
    pub(super) fn claimed_again(&self, kind: ClaimKind, now: Timestamp) -> Option<Self> {
        let state = match (&self.state, kind) {
            (DomainState::Pending(_), ClaimKind::Legacy) => DomainState::LegacyVerified,
            (DomainState::Pending(_) | DomainState::LegacyVerified, ClaimKind::Verified) => {
                DomainState::ManuallyVerified
            }
            _ => return None,
        };
        Some(Self {
            state,
            updated_at: now,
            ..self.clone()
        })
    }
}
