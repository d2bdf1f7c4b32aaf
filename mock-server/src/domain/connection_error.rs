//! Why an operation on a connection or on one of its certificates is refused, by the codes that `WorkOS` has for it.

use super::certificate::BadCertificate;
use super::connection_type::ConnectionType;

/// Why an operation on a connection is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConnectionError {
    #[error(
        "Give either idp_metadata_url or the identity provider's values one by one: idp_entity_id, idp_sso_url and idp_signing_certs."
    )]
    AmbiguousSaml,
    #[error("Give one of saml_options and oidc_options, not both.")]
    BothOptions,
    #[error("client_secret is not used with private_key_jwt.")]
    SecretNotAccepted,
    #[error("client_secret is required by client_secret_basic and client_secret_post.")]
    SecretRequired,
    #[error("A connection of type {0} does not have these options.")]
    TypeConflict(ConnectionType),
    #[error("Connections of type {0} cannot be made by this operation, only SAML and OIDC ones.")]
    TypeNotSupported(ConnectionType),
    #[error("The connection is of type {0}, which cannot be changed.")]
    TypeNotUpdatable(ConnectionType),
    #[error("Give connection_type with the options of its protocol, or the options alone.")]
    NothingGiven,
    #[error("discovery_endpoint has to be an https URL.")]
    DiscoveryNotHttps,
    #[error(
        "saml_options needs idp_metadata_url, or idp_sso_url with at least one certificate in idp_signing_certs."
    )]
    IncompleteSaml,
    #[error("jwt_signing_key_pair is used with private_key_jwt only.")]
    KeyPairNotAccepted,
    #[error("oidc_options is required for a connection of type {0}.")]
    OidcRequired(ConnectionType),
    #[error("saml_options is required for a connection of type {0}.")]
    SamlRequired(ConnectionType),
    /// Which text is no good certificate, and why.
    #[error("{0} {1}.")]
    Certificate(String, BadCertificate),
    #[error("The connection '{0}' is being deleted.")]
    Deleting(String),
    #[error("Another connection of the organization has the external id '{0}'.")]
    ExternalIdTaken(String),
    #[error("The connection is of type {0}, which does not use SAML.")]
    NotSaml(ConnectionType),
    #[error("The connection has no other certificate of its identity provider.")]
    LastCertificate,
    #[error("The connection has a signing certificate: delete it before making another.")]
    SigningCertificateExists,
    #[error("The connection has {0} encryption certificates, which is as many as it may have.")]
    TooManyEncryptionCertificates(usize),
}

impl ConnectionError {
    /// What it is called.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::AmbiguousSaml => "ambiguous_saml_options",
            Self::BothOptions => "both_saml_and_oidc_options_provided",
            Self::SecretNotAccepted => "client_secret_not_accepted",
            Self::SecretRequired => "client_secret_required",
            Self::TypeConflict(_) => "connection_type_conflicts_with_options",
            Self::TypeNotSupported(_) => "connection_type_not_supported",
            Self::TypeNotUpdatable(_) => "connection_type_not_updatable",
            Self::NothingGiven => "connection_type_or_options_required",
            Self::DiscoveryNotHttps => "discovery_endpoint_must_use_https",
            Self::IncompleteSaml => "incomplete_saml_options",
            Self::KeyPairNotAccepted => "key_pair_not_accepted",
            Self::OidcRequired(_) => "oidc_options_required",
            Self::SamlRequired(_) => "saml_options_required",
            Self::Certificate(_, BadCertificate::Expired(_)) => "certificate_expired",
            Self::Certificate(..) => "invalid_certificate",
            Self::Deleting(_) => "connection_deletion_in_progress",
            Self::ExternalIdTaken(_) => "external_id_already_in_use",
            Self::NotSaml(_) => "connection_is_not_saml",
            Self::LastCertificate => "cannot_delete_last_certificate",
            Self::SigningCertificateExists => "sp_signing_cert_already_exists",
            Self::TooManyEncryptionCertificates(_) => "too_many_sp_encryption_certs",
        }
    }

    /// Whether something that is there is in the way.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Deleting(_)
                | Self::ExternalIdTaken(_)
                | Self::SigningCertificateExists
                | Self::TooManyEncryptionCertificates(_)
        )
    }
}
