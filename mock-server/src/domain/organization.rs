//! Organizations, and how requests claim domains for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Error;
use super::domain_name::DomainName;
use super::error::{Rule, Violation};
use super::ids::OrganizationId;
use super::metadata::Metadata;
use super::organization_domain::{
    DomainSource, DomainState, OrganizationDomain, OrganizationDomainEvent, Search,
};
use super::time::Moment;

/// A customer of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields have the names that WorkOS gives them"
)]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    pub(crate) name: String,
    pub(crate) domains: Vec<Arc<OrganizationDomain>>,
    pub(crate) metadata: Metadata,
    pub(crate) external_id: Option<String>,
    pub(crate) stripe_customer_id: Option<String>,
    pub(crate) allow_profiles_outside_organization: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What happened to an organization, with the organization as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrganizationEvent {
    Created(Arc<Organization>),
    /// An attribute of its own changed. Its domains tell of themselves.
    Updated(Arc<Organization>),
    Deleted(Arc<Organization>),
}

impl OrganizationEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "organization.created",
            Self::Updated(_) => "organization.updated",
            Self::Deleted(_) => "organization.deleted",
        }
    }

    pub(crate) fn organization(&self) -> &Organization {
        let (Self::Created(organization)
        | Self::Updated(organization)
        | Self::Deleted(organization)) = self;
        organization
    }
}

/// A domain as a request claims it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DomainClaim {
    pub(crate) name: DomainName,
    pub(crate) kind: ClaimKind,
}

/// How a request claims a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimKind {
    /// `domains: ["example.com"]`.
    Legacy,
    /// `domain_data` with state `pending`.
    Pending,
    /// `domain_data` with state `verified`.
    Verified,
}

/// The domains that a request claims, as it names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DomainInput {
    /// The old list of names, verified without a proof.
    pub(crate) domains: Option<Vec<String>>,
    /// Names with the state each is to have; `true` stands for verified.
    pub(crate) domain_data: Option<Vec<(String, bool)>>,
}

impl DomainInput {
    /// The claims: `domain_data` first, then what only `domains` names; one name once. `None` when neither list is there.
    ///
    /// # Errors
    /// Every name that is no domain or that of a public mail provider, and every name that `domain_data` has with both states.
    pub(crate) fn claims(&self) -> Result<Option<Vec<DomainClaim>>, Vec<Violation>> {
        if self.domains.is_none() && self.domain_data.is_none() {
            return Ok(None);
        }
        let mut seen = BTreeMap::new();
        let mut claims = Vec::new();
        let mut violations = Vec::new();
        let data =
            self.domain_data
                .iter()
                .flatten()
                .enumerate()
                .map(|(index, (text, verified))| {
                    let kind = if *verified {
                        ClaimKind::Verified
                    } else {
                        ClaimKind::Pending
                    };
                    (format!("domain_data.{index}.domain"), text, kind)
                });
        let legacy = self.domains.iter().flatten().enumerate();
        let legacy =
            legacy.map(|(index, text)| (format!("domains.{index}"), text, ClaimKind::Legacy));
        for (field, text, kind) in data.chain(legacy) {
            let name = match DomainName::parse(text) {
                Ok(name) if name.is_public_mail() => {
                    violations.push(Violation::public_mail(field, &name));
                    continue;
                }
                Ok(name) => name,
                Err(error) => {
                    violations.push(Violation::not_a_domain(field, error));
                    continue;
                }
            };
            match seen.get(&name) {
                None => {
                    seen.insert(name.clone(), kind);
                    claims.push(DomainClaim { name, kind });
                }
                Some(first) if *first == kind || kind == ClaimKind::Legacy => {}
                Some(_) => {
                    let message = format!("'{name}' is given twice, with different states.");
                    violations.push(Violation::new(field, Rule::Duplicate, message));
                }
            }
        }
        if violations.is_empty() {
            Ok(Some(claims))
        } else {
            Err(violations)
        }
    }
}

impl Organization {
    /// Makes the claimed domains the organization's: those that are claimed no more go, new ones come, and one that stays
    /// keeps its id. A claim can add a verification, but none takes one away. Returns what happened: first what went.
    pub(crate) fn claim(
        &mut self,
        claims: Vec<DomainClaim>,
        now: Moment,
        source: &mut impl DomainSource,
    ) -> Vec<OrganizationDomainEvent> {
        let before = std::mem::take(&mut self.domains);
        let mut held: BTreeMap<_, _> = before.iter().map(|domain| (&domain.name, domain)).collect();
        let mut events = Vec::new();
        self.domains.reserve_exact(claims.len());
        for claim in claims {
            let domain = match held.remove(&claim.name) {
                None => {
                    let domain = Arc::new(self.new_domain(claim, now, source));
                    events.extend(OrganizationDomainEvent::of_new(&domain));
                    domain
                }
                Some(domain) => match domain.claimed_again(claim.kind, now.at) {
                    None => Arc::clone(domain),
                    Some(changed) => {
                        let changed = Arc::new(changed);
                        events.push(OrganizationDomainEvent::of_change(domain, &changed));
                        changed
                    }
                },
            };
            self.domains.push(domain);
        }
        let gone = before
            .iter()
            .filter(|domain| held.contains_key(&domain.name))
            .map(|domain| OrganizationDomainEvent::Deleted(Arc::clone(domain)));
        gone.chain(events).collect()
    }

    fn new_domain(
        &self,
        claim: DomainClaim,
        now: Moment,
        source: &mut impl DomainSource,
    ) -> OrganizationDomain {
        OrganizationDomain {
            id: source.id(),
            organization_id: self.id.clone(),
            name: claim.name,
            state: match claim.kind {
                ClaimKind::Legacy => DomainState::LegacyVerified,
                ClaimKind::Verified => DomainState::ManuallyVerified,
                ClaimKind::Pending => DomainState::Pending(Box::new(Search {
                    challenge: source.challenge(),
                    since: now,
                })),
            },
            created_at: now.at,
            updated_at: now.at,
        }
    }

    /// Adds a domain that is to be verified by its DNS record.
    ///
    /// # Errors
    /// The organization has the domain.
    pub(crate) fn add_domain(
        &mut self,
        name: DomainName,
        now: Moment,
        source: &mut impl DomainSource,
    ) -> Result<Arc<OrganizationDomain>, Error> {
        if self.domains.iter().any(|domain| domain.name == name) {
            return Err(Error::DomainAlreadyExists(name));
        }
        let claim = DomainClaim {
            name,
            kind: ClaimKind::Pending,
        };
        let domain = Arc::new(self.new_domain(claim, now, source));
        self.domains.push(Arc::clone(&domain));
        Ok(domain)
    }

    /// Puts a domain in the place of the one with its id.
    pub(crate) fn replace_domain(&mut self, changed: &Arc<OrganizationDomain>) {
        for domain in &mut self.domains {
            if domain.id == changed.id {
                *domain = Arc::clone(changed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::OrganizationDomainId;
    use crate::domain::organization_domain::DnsChallenge;
    use crate::domain::time::Now;

    struct Numbers(u128);

    impl DomainSource for Numbers {
        fn id(&mut self) -> OrganizationDomainId {
            self.0 += 1;
            OrganizationDomainId::new(Ulid(self.0))
        }

        fn challenge(&mut self) -> DnsChallenge {
            DnsChallenge {
                prefix: "prefix".into(),
                token: "token".into(),
            }
        }
    }

    fn organization() -> Organization {
        Organization {
            id: OrganizationId::test(),
            name: "Acme".into(),
            domains: Vec::new(),
            metadata: Metadata::default(),
            external_id: None,
            stripe_customer_id: None,
            allow_profiles_outside_organization: false,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn input(domains: &[&str], domain_data: &[(&str, bool)]) -> DomainInput {
        DomainInput {
            domains: Some(domains.iter().map(ToString::to_string).collect()),
            domain_data: Some(
                domain_data
                    .iter()
                    .map(|(name, verified)| (name.to_string(), *verified))
                    .collect(),
            ),
        }
    }

    #[test]
    fn names_are_claimed_once_in_one_spelling() {
        let claims = input(&["B.com", "a.com"], &[("A.com", false), ("a.COM", false)])
            .claims()
            .unwrap()
            .unwrap();
        let told: Vec<_> = claims
            .iter()
            .map(|claim| (claim.name.as_str(), claim.kind))
            .collect();
        assert_eq!(
            told,
            [("a.com", ClaimKind::Pending), ("b.com", ClaimKind::Legacy)]
        );
        assert_eq!(DomainInput::default().claims(), Ok(None));
    }

    #[test]
    fn every_bad_name_is_told_with_its_place() {
        let violations = input(
            &["ok.com", "localhost"],
            &[("a.com", true), ("A.com", false)],
        )
        .claims()
        .unwrap_err();
        let told: Vec<_> = violations
            .iter()
            .map(|one| (one.field.as_str(), one.rule))
            .collect();
        assert_eq!(
            told,
            [
                ("domain_data.1.domain", Rule::Duplicate),
                ("domains.1", Rule::Format)
            ]
        );
    }

    #[test]
    fn claims_replace_the_domains_but_keep_what_stays() {
        let mut organization = organization();
        let mut source = Numbers(0);
        let mut claim = |organization: &mut Organization, input: DomainInput, second| {
            let now = Now::new(Timestamp::from_second(second).unwrap(), Arc::default()).moment();
            let claims = input.claims().unwrap().unwrap();
            let events = organization.claim(claims, now, &mut source);
            let told = |event: &OrganizationDomainEvent| {
                format!("{} {}", event.name(), event.domain().name)
            };
            events.iter().map(told).collect::<Vec<_>>()
        };
        let told = claim(
            &mut organization,
            input(&["old.com"], &[("a.com", false), ("b.com", true)]),
            1,
        );
        assert_eq!(
            told,
            [
                "organization_domain.created a.com",
                "organization_domain.created b.com",
                "organization_domain.verified b.com",
                "organization_domain.created old.com",
            ]
        );
        assert!(matches!(
            organization.domains[0].state,
            DomainState::Pending(_)
        ));
        assert_eq!(organization.domains[1].state, DomainState::ManuallyVerified);
        assert_eq!(organization.domains[2].state, DomainState::LegacyVerified);

        let before = organization.domains.clone();
        let told = claim(
            &mut organization,
            input(&[], &[("b.com", false), ("a.com", true)]),
            2,
        );
        assert_eq!(
            told,
            [
                "organization_domain.deleted old.com",
                "organization_domain.verified a.com",
            ]
        );
        assert_eq!(
            organization.domains[0], before[1],
            "a verification is not taken away"
        );
        assert_eq!(organization.domains[1].id, before[0].id);
        assert_eq!(organization.domains[1].state, DomainState::ManuallyVerified);
        assert_eq!(organization.domains[1].created_at, before[0].created_at);
        assert_eq!(
            organization.domains[1].updated_at,
            Timestamp::from_second(2).unwrap()
        );
        assert_eq!(organization.domains.len(), 2);

        assert_eq!(claim(&mut organization, input(&[], &[]), 3).len(), 2);
        assert_eq!(organization.domains, []);
    }
}
