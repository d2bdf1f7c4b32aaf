//! Organizations, their domains and their IT contacts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::short::{self, Short};

/// An organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedOrganization")]
pub struct Organization {
    /// What the rest of the seed calls it. It is nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub key: Option<String>,
    /// Its id: `org_` and a ULID, or `org_test_idp`. Lists go by ids, so they say what comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is called.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The app's own id of it. No other organization has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Its Stripe customer. No other organization has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stripe_customer_id: Option<String>,
    /// What the app keeps with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Whether people of other domains may be in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_profiles_outside_organization: bool,
    /// Its domains. A name alone is a domain that the app has verified.
    #[serde(
        default,
        deserialize_with = "short::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[schemars(with = "Vec<Short<Domain>>")]
    pub domains: Vec<Domain>,
    /// Its IT contacts, twenty at most. An address alone is one.
    #[serde(
        default,
        deserialize_with = "short::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[schemars(with = "Vec<Short<ItContact>>")]
    pub it_contacts: Vec<ItContact>,
    /// For how many days its audit log is kept, where that is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365, 730, 1095, 1460, 1825, 2190, 2555, 2920, 3285, 3650, null]))]
    pub audit_log_retention_days: Option<u16>,
    /// When it was made. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl Organization {
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Option<String>> {
        let domains = self.domains.iter().map(|domain| &domain.id);
        let contacts = self.it_contacts.iter().map(|contact| &contact.id);
        [&self.id].into_iter().chain(domains).chain(contacts)
    }
}

/// A domain of an organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedDomain")]
pub struct Domain {
    /// Its name, such as `acme.example`.
    #[schemars(length(min = 1))]
    pub domain: String,
    /// Its id: `org_domain_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How far its verification is.
    #[serde(default, skip_serializing_if = "DomainState::is_usual")]
    pub state: DomainState,
    /// How it was verified, if it is. Usually `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_strategy: Option<VerificationStrategy>,
    /// How the name of its DNS record begins. Made up where there is a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_prefix: Option<String>,
    /// What its DNS record says. Made up where there is a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_token: Option<String>,
    /// Since when its DNS record is looked for. Usually since it was made. After 30 days that has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_started_at: Option<Timestamp>,
    /// When it was made. Usually when its organization was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl From<String> for Domain {
    fn from(domain: String) -> Self {
        Self {
            domain,
            ..Self::default()
        }
    }
}

/// How far the verification of a domain is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SeedDomainState")]
pub enum DomainState {
    /// It counts as the organization's own.
    #[default]
    Verified,
    /// It was named in the old way, which counts as verified.
    LegacyVerified,
    /// Its DNS record is looked for.
    Pending,
    /// Its DNS record was not found.
    Failed,
}

impl DomainState {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "what serde asks is a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::Verified
    }
}

/// How a domain was verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SeedVerificationStrategy")]
pub enum VerificationStrategy {
    /// The app said so.
    #[default]
    Manual,
    /// Its DNS record was found.
    Dns,
}

/// An IT contact of an organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedItContact")]
pub struct ItContact {
    /// The address.
    #[schemars(length(min = 1))]
    pub email: String,
    /// Its id: `it_contact_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When it was recorded. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

impl From<String> for ItContact {
    fn from(email: String) -> Self {
        Self {
            email,
            ..Self::default()
        }
    }
}
