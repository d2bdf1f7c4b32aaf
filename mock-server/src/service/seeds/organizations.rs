//! Organizations of a seed, with their domains and IT contacts.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::super::organization_domains::Source;
use super::Sower;
use crate::domain::audit_log::retention::{AuditLogSettings, Retention};
use crate::domain::domain_name::DomainName;
use crate::domain::error::Rule;
use crate::domain::ids::{
    AuditLogSettingsId, Id as _, ItContactId, OrganizationDomainId, OrganizationId,
};
use crate::domain::it_contact::{ItContact, MAX_IT_CONTACTS};
use crate::domain::organization::Organization;
use crate::domain::organization_domain::{
    DnsChallenge, DomainSource as _, DomainState, OrganizationDomain, Search,
};
use crate::domain::time::Moment;
use crate::seed::{self, VerificationStrategy};

/// The limits of metadata, as the API has them.
const MOST_METADATA: usize = 50;
const LONGEST_NAME: usize = 40;
const LONGEST_VALUE: usize = 600;
/// How long an external id may be.
const LONGEST_EXTERNAL_ID: usize = 128;

impl Sower<'_> {
    pub(super) fn organizations(&mut self, given: &[seed::Organization]) {
        let mut external_ids = HashSet::new();
        let mut customers = HashSet::new();
        for (index, one) in given.iter().enumerate() {
            let at = format!("organizations.{index}");
            if one.name.is_empty() {
                self.refuse(format!("{at}.name"), Rule::Value, "expected a name");
            }
            if let Some(id) = &one.external_id {
                let fits = (1..=LONGEST_EXTERNAL_ID).contains(&id.len()) && id.is_ascii();
                if !fits {
                    let message = format!("expected 1 to {LONGEST_EXTERNAL_ID} ASCII characters");
                    self.refuse(format!("{at}.external_id"), Rule::Format, message);
                } else if !external_ids.insert(id) {
                    let message = "another organization of the seed has this external id";
                    self.refuse(format!("{at}.external_id"), Rule::Duplicate, message);
                }
            }
            if let Some(id) = &one.stripe_customer_id
                && !customers.insert(id)
            {
                let message = "another organization of the seed has this Stripe customer";
                self.refuse(format!("{at}.stripe_customer_id"), Rule::Duplicate, message);
            }
            self.check_metadata(&at, &one.metadata);
            self.one_organization(&at, one);
        }
    }

    fn check_metadata(&mut self, at: &str, metadata: &BTreeMap<String, String>) {
        let long = |(name, value): (&String, &String)| {
            name.chars().count() > LONGEST_NAME || value.chars().count() > LONGEST_VALUE
        };
        if metadata.len() > MOST_METADATA || metadata.iter().any(long) {
            let message = format!(
                "expected at most {MOST_METADATA} keys of up to {LONGEST_NAME} characters, with values of up to {LONGEST_VALUE}"
            );
            self.refuse(format!("{at}.metadata"), Rule::TooMany, message);
        }
    }

    fn one_organization(&mut self, at: &str, given: &seed::Organization) {
        let id = self.organization_id(at, given.id.as_deref());
        let created_at = given.created_at.unwrap_or(self.at());
        let mut organization = Organization {
            id: id.clone(),
            name: given.name.clone(),
            domains: Vec::new(),
            metadata: given.metadata.clone().into(),
            external_id: given.external_id.clone(),
            stripe_customer_id: given.stripe_customer_id.clone(),
            allow_profiles_outside_organization: given.allow_profiles_outside_organization,
            created_at,
            updated_at: given.updated_at.unwrap_or(created_at),
        };
        let mut names = HashSet::new();
        for (index, domain) in given.domains.iter().enumerate() {
            let at = format!("{at}.domains.{index}");
            let Some(domain) = self.domain(&at, &id, domain, created_at) else {
                continue;
            };
            if !names.insert(domain.name.clone()) {
                let message = "the organization has this domain twice";
                self.refuse(format!("{at}.domain"), Rule::Duplicate, message);
            }
            organization.domains.push(Arc::new(domain));
        }
        self.contacts(at, &id, &given.it_contacts);
        if let Some(days) = given.audit_log_retention_days {
            self.retention(at, &id, days);
        }
        let shared = Arc::new(organization.clone());
        for (name, member) in [(given.key.as_deref(), "key"), (Some(id.as_str()), "id")] {
            let Some(name) = name else { continue };
            let before = self
                .organizations
                .insert(name.to_owned(), Arc::clone(&shared));
            // Two ids that are the same are refused where ids are.
            let is_another = |before: Arc<Organization>| before.id != id;
            if before.is_some_and(|before| member == "key" || is_another(before)) {
                let message = "another organization of the seed has this key or id";
                self.refuse(format!("{at}.{member}"), Rule::Duplicate, message);
            }
        }
        self.crop.organizations.push(organization);
    }

    /// As [`Sower::id`], with the one id that has no ULID.
    fn organization_id(&mut self, at: &str, given: Option<&str>) -> OrganizationId {
        if given == Some(OrganizationId::TEST) {
            self.claim(at, OrganizationId::TEST);
            return OrganizationId::test();
        }
        self.id(at, given, OrganizationId::new)
    }

    fn domain(
        &mut self,
        at: &str,
        organization_id: &OrganizationId,
        given: &seed::Domain,
        made: Timestamp,
    ) -> Option<OrganizationDomain> {
        let id = self.id(at, given.id.as_deref(), OrganizationDomainId::new);
        let created_at = given.created_at.unwrap_or(made);
        let state = self.domain_state(at, given, created_at);
        let name = self.domain_name(at, &given.domain)?;
        if name.is_public_mail() {
            let message = "it belongs to a mail provider, whose users are no organization";
            self.refuse(format!("{at}.domain"), Rule::Value, message);
        }
        Some(OrganizationDomain {
            id,
            organization_id: organization_id.clone(),
            name,
            state: state?,
            created_at,
            updated_at: given.updated_at.unwrap_or(created_at),
        })
    }

    /// Reads the name of a domain, which a text alone may have given.
    pub(super) fn domain_name(&mut self, at: &str, given: &str) -> Option<DomainName> {
        let name = DomainName::parse(given).ok();
        if name.is_none() {
            let message = "expected a domain name such as \"acme.example\"";
            self.refuse(format!("{at}.domain"), Rule::Format, message);
        }
        name
    }

    fn domain_state(
        &mut self,
        at: &str,
        given: &seed::Domain,
        made: Timestamp,
    ) -> Option<DomainState> {
        use seed::DomainState as Given;
        let strategy = given.verification_strategy;
        let is_by_dns = match (given.state, strategy) {
            (Given::Verified, strategy) => strategy == Some(VerificationStrategy::Dns),
            (Given::Pending | Given::Failed, None | Some(VerificationStrategy::Dns)) => true,
            (Given::LegacyVerified, None) => false,
            (Given::Pending | Given::Failed, Some(VerificationStrategy::Manual)) => {
                let message = "a domain whose DNS record is looked for is verified by \"dns\"";
                self.refuse(format!("{at}.verification_strategy"), Rule::Value, message);
                return None;
            }
            (Given::LegacyVerified, Some(_)) => {
                let message = "a domain that is verified in the old way has no strategy";
                self.refuse(format!("{at}.verification_strategy"), Rule::Value, message);
                return None;
            }
        };
        let record = [
            ("verification_prefix", given.verification_prefix.is_some()),
            ("verification_token", given.verification_token.is_some()),
        ];
        let unused = record.into_iter().find(|(_, given)| *given && !is_by_dns);
        if let Some((member, _)) = unused {
            let message = "a domain that is not verified by \"dns\" has no DNS record";
            self.refuse(format!("{at}.{member}"), Rule::Value, message);
        }
        if given.verification_started_at.is_some() && given.state != Given::Pending {
            let message = "only the DNS record of a domain that is \"pending\" is looked for";
            self.refuse(
                format!("{at}.verification_started_at"),
                Rule::Value,
                message,
            );
        }
        if !is_by_dns {
            return Some(match given.state {
                Given::LegacyVerified => DomainState::LegacyVerified,
                _ => DomainState::ManuallyVerified,
            });
        }
        let made_up = Source::new(self.ground.random, self.at()).challenge();
        let challenge = DnsChallenge {
            prefix: given.verification_prefix.clone().unwrap_or(made_up.prefix),
            token: given.verification_token.clone().unwrap_or(made_up.token),
        };
        Some(match given.state {
            Given::Pending => DomainState::Pending(Box::new(Search {
                challenge,
                since: self.moment(given.verification_started_at.unwrap_or(made)),
            })),
            Given::Failed => DomainState::Failed(Box::new(challenge)),
            Given::Verified | Given::LegacyVerified => DomainState::Verified(Box::new(challenge)),
        })
    }

    /// A time that the seed names, as something that began then.
    pub(super) fn moment(&self, at: Timestamp) -> Moment {
        Moment {
            at,
            turn: self.ground.now.moment().turn,
        }
    }

    fn contacts(&mut self, at: &str, organization_id: &OrganizationId, given: &[seed::ItContact]) {
        if given.len() > MAX_IT_CONTACTS {
            let message = format!("expected at most {MAX_IT_CONTACTS} IT contacts");
            self.refuse(format!("{at}.it_contacts"), Rule::TooMany, message);
        }
        let mut emails = HashSet::new();
        for (index, contact) in given.iter().enumerate() {
            let at = format!("{at}.it_contacts.{index}");
            let halves = contact.email.rsplit_once('@');
            if !halves.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) {
                let message = "expected an e-mail address such as \"it@acme.example\"";
                self.refuse(format!("{at}.email"), Rule::Format, message);
            }
            if !emails.insert(contact.email.to_lowercase()) {
                let message = "the organization has this IT contact twice";
                self.refuse(format!("{at}.email"), Rule::Duplicate, message);
            }
            let id = self.id(&at, contact.id.as_deref(), ItContactId::new);
            self.crop.it_contacts.push(ItContact {
                id,
                organization_id: organization_id.clone(),
                email: contact.email.clone(),
                created_at: contact.created_at.unwrap_or(self.at()),
            });
        }
    }

    fn retention(&mut self, at: &str, organization_id: &OrganizationId, days: u16) {
        // Thirty days and so on, up to eleven months; then years.
        let is_offered = days.is_multiple_of(30) && (30..=330).contains(&days)
            || days.is_multiple_of(365) && (365..=3_650).contains(&days);
        match Retention::asked_for(None, Some(days)) {
            Ok(retention) if is_offered => {
                let id = AuditLogSettingsId::new(self.ulid());
                self.crop.retentions.push(AuditLogSettings {
                    id,
                    organization_id: organization_id.clone(),
                    retention,
                });
            }
            _ => {
                let message =
                    "expected 30, 60 and so on up to 330, or 365, 730 and so on up to 3650";
                let field = format!("{at}.audit_log_retention_days");
                self.refuse(field, Rule::Value, message);
            }
        }
    }
}
