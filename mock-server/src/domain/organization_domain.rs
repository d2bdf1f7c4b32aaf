//! Domains of organizations, and the proof that one is an organization's own.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Error;
use super::domain_name::DomainName;
use super::ids::{OrganizationDomainId, OrganizationId};
use super::organization::ClaimKind;
use super::time::Moment;

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
    /// A TXT record is looked for at the domain, which says `verification_token=<token>`.
    Pending(Box<Search>),
    /// The record was found.
    Verified(Box<DnsChallenge>),
    /// Verified by the app's word.
    ManuallyVerified,
    /// The search ended without success.
    Failed(Box<DnsChallenge>),
}

/// A search for a domain's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) challenge: DnsChallenge,
    /// When it began.
    pub(crate) since: Moment,
}

/// How long the record is looked for.
pub(crate) const VERIFICATION_PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why a search ended without success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DomainFailureReason")]
pub(crate) enum FailureReason {
    /// The record did not appear in time.
    #[serde(rename = "domain_verification_period_expired")]
    PeriodExpired,
    /// Another organization has proved that the domain is its own.
    #[serde(rename = "domain_verified_by_other_organization")]
    VerifiedByOther,
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
    VerificationFailed(Arc<OrganizationDomain>, FailureReason),
}

impl OrganizationDomainEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "organization_domain.created",
            Self::Updated(_) => "organization_domain.updated",
            Self::Deleted(_) => "organization_domain.deleted",
            Self::Verified(_) => "organization_domain.verified",
            Self::VerificationFailed(..) => "organization_domain.verification_failed",
        }
    }

    pub(crate) fn domain(&self) -> &OrganizationDomain {
        let (Self::Created(domain)
        | Self::Updated(domain)
        | Self::Deleted(domain)
        | Self::Verified(domain)
        | Self::VerificationFailed(domain, _)) = self;
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
            DomainState::LegacyVerified
            | DomainState::Verified(_)
            | DomainState::ManuallyVerified => true,
            DomainState::Pending(_) | DomainState::Failed(_) => false,
        }
    }

    /// When the search for the record fails, and when it began; nothing when none is going on.
    pub(crate) fn pending(&self) -> Option<(Timestamp, Moment)> {
        match &self.state {
            DomainState::Pending(search) => {
                Some((search.since.plus(VERIFICATION_PERIOD), search.since))
            }
            _ => None,
        }
    }

    /// Begins to look for the record, or begins anew after a failure, with the same token. Nothing when the search is going
    /// on already.
    ///
    /// # Errors
    /// The domain is verified.
    pub(crate) fn verify(&self, now: Moment) -> Result<Option<Self>, Error> {
        match &self.state {
            DomainState::Pending(_) => Ok(None),
            DomainState::Failed(challenge) => {
                let search = Search {
                    challenge: (**challenge).clone(),
                    since: now,
                };
                let state = DomainState::Pending(Box::new(search));
                Ok(Some(self.with(state, now.at)))
            }
            DomainState::LegacyVerified
            | DomainState::Verified(_)
            | DomainState::ManuallyVerified => Err(Error::DomainAlreadyVerified(self.name.clone())),
        }
    }

    /// The domain after its record was found. Nothing when it is not looked for.
    pub(crate) fn found(&self, now: Timestamp) -> Option<Self> {
        match &self.state {
            DomainState::Pending(search) => {
                let challenge = Box::new(search.challenge.clone());
                Some(self.with(DomainState::Verified(challenge), now))
            }
            _ => None,
        }
    }

    /// The domain after the search has failed. Nothing when there is none.
    pub(crate) fn failed(&self, now: Timestamp) -> Option<Self> {
        match &self.state {
            DomainState::Pending(search) => {
                let challenge = Box::new(search.challenge.clone());
                Some(self.with(DomainState::Failed(challenge), now))
            }
            _ => None,
        }
    }

    fn with(&self, state: DomainState, now: Timestamp) -> Self {
        Self {
            state,
            updated_at: now,
            ..self.clone()
        }
    }

    /// The domain after another claim to it; nothing when that changes nothing.
    pub(super) fn claimed_again(&self, kind: ClaimKind, now: Timestamp) -> Option<Self> {
        let state = match (&self.state, kind) {
            (DomainState::Pending(_) | DomainState::Failed(_), ClaimKind::Legacy) => {
                DomainState::LegacyVerified
            }
            (
                DomainState::Pending(_) | DomainState::Failed(_) | DomainState::LegacyVerified,
                ClaimKind::Verified,
            ) => DomainState::ManuallyVerified,
            _ => return None,
        };
        Some(self.with(state, now))
    }
}
