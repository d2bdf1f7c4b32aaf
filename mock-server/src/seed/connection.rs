//! Connections, with their settings and certificates.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::short::{self, Short};
use super::{ConnectionState, ConnectionType, TokenAuthentication};

/// A connection between an organization and its identity provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedConnection")]
pub struct Connection {
    /// The organization that it is for: its key or its id.
    #[schemars(length(min = 1))]
    pub organization: String,
    /// Its id: `conn_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What names it outside the API. Usually made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub external_key: Option<String>,
    /// The app's own id of it. No other connection of the organization has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub external_id: Option<String>,
    /// The identity provider with its protocol. Usually `GenericSAML`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_type: Option<ConnectionType>,
    /// What it is called. Usually as the organization is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How far it is. Usually `active`, and `requires_type` for a connection of the type `Pending`, which has no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConnectionState>,
    /// The domains whose people sign in through it. Usually those of the organization. A name alone is one.
    #[serde(
        default,
        deserialize_with = "short::some_list",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Vec<Short<ConnectionDomain>>>")]
    pub domains: Option<Vec<ConnectionDomain>>,
    /// Its settings, if it uses SAML. They are taken as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml: Option<SamlSettings>,
    /// Its settings, if it uses `OpenID` Connect. They are taken as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcSettings>,
    /// Its certificates, if it uses SAML. Usually one is made up for each purpose once it is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Vec<Certificate>>,
    /// Which attributes of the identity provider fill which fields of a profile.
    #[serde(default, skip_serializing_if = "AttributeMaps::is_empty")]
    pub attribute_maps: AttributeMaps,
    /// Whether the identity provider is said to know this side's values, as far as a setup in the portal is concerned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_provider_told: bool,
    /// When it was made. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl Connection {
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Option<String>> {
        let domains = self.domains.iter().flatten().map(|domain| &domain.id);
        let certificates = self.certificates.iter().flatten();
        let certificates = certificates.map(|certificate| &certificate.id);
        [&self.id].into_iter().chain(domains).chain(certificates)
    }
}

/// A domain whose people sign in through a connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedConnectionDomain")]
pub struct ConnectionDomain {
    /// Its name, such as `acme.example`.
    #[schemars(length(min = 1))]
    pub domain: String,
    /// Its id: `conn_domain_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl From<String> for ConnectionDomain {
    fn from(domain: String) -> Self {
        Self { domain, id: None }
    }
}

/// The settings of a connection that uses SAML.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SeedSamlSettings")]
pub struct SamlSettings {
    /// Where the identity provider's values are read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp_metadata_url: Option<String>,
    /// What the identity provider calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp_entity_id: Option<String>,
    /// Where the identity provider signs people in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp_sso_url: Option<String>,
    /// Where the identity provider sends its responses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acs_url: Option<String>,
    /// What this side calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sp_entity_id: Option<String>,
}

/// The settings of a connection that uses `OpenID` Connect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SeedOidcSettings")]
pub struct OidcSettings {
    /// Where the discovery document is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discovery_endpoint: Option<String>,
    /// The issuer that the discovery document names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What the identity provider calls this side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Where the identity provider sends people back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// Whether codes are bound to who asked for them. Usually they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pkce: Option<bool>,
    /// How the token endpoint is authenticated to. Usually `client_secret_basic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_authentication_method: Option<TokenAuthentication>,
    /// How ID tokens are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signature_algorithm: Option<String>,
    /// Whether the provider is asked for more about a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetch_user_info: Option<bool>,
}

/// A certificate of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedCertificate")]
pub struct Certificate {
    /// What it is for.
    pub purpose: CertificatePurpose,
    /// The certificate in PEM. One that has expired will do, so that its renewal can be tried.
    #[schemars(length(min = 1))]
    pub pem: String,
    /// Its id: `conn_cert_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it came by a renewal in the portal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_renewal: bool,
    /// When it was added. Usually when its connection was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SeedCertificatePurpose")]
pub enum CertificatePurpose {
    /// The identity provider signs its responses with it.
    IdpSigning,
    /// Requests to the identity provider are signed with it.
    SpSigning,
    /// The identity provider encrypts its responses with it.
    SpEncryption,
}

/// Which attributes of the identity provider fill which fields of a profile, where that differs from the type's usual ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SeedAttributeMaps")]
pub struct AttributeMaps {
    /// By the field's name; with `null` the field stays empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub standard: BTreeMap<String, Option<String>>,
    /// By the attribute's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, String>,
}

impl AttributeMaps {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
