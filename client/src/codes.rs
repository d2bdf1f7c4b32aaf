//! The codes by which the API says what went wrong, where it documents them: for
//! [`Error::has_code`](crate::Error::has_code) and [`Error::code`](crate::Error::code).
//!
//! The API may answer with others; so codes are texts, and these are names for some.

macro_rules! codes {
    ($($(#[$attribute:meta])+ $name:ident = $value:literal,)+) => {
        $(
            $(#[$attribute])+
            pub const $name: &str = $value;
        )+

        /// Every code that has a name here.
        pub const ALL: &[&str] = &[$($name,)+];
    };
}

codes! {
    /// The organization does not exist.
    ORGANIZATION_NOT_FOUND = "organization_not_found",
    /// The object does not exist; [`ErrorResponse::entity_id`](crate::ErrorResponse::entity_id) says which.
    ENTITY_NOT_FOUND = "entity_not_found",
    /// Too many requests in a short time.
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded",
    /// Arguments break rules; [`ErrorResponse::errors`](crate::ErrorResponse::errors) lists them.
    INVALID_REQUEST_PARAMETERS = "invalid_request_parameters",
    /// The body is no JSON.
    INVALID_JSON = "invalid_json",
    /// The metadata of an organization breaks its rules.
    INVALID_METADATA = "invalid_metadata",
    /// Another organization has the external id.
    EXTERNAL_ID_ALREADY_USED = "external_id_already_used",
    /// Another organization has the id of the Stripe customer.
    STRIPE_CUSTOMER_ID_ALREADY_USED = "stripe_customer_id_already_used",
    /// The organization has the domain already.
    DOMAIN_ALREADY_EXISTS = "domain_already_exists",
    /// The domain is verified already.
    DOMAIN_ALREADY_VERIFIED = "domain_already_verified",
    /// The organization has an IT contact with the e-mail address.
    IT_CONTACT_ALREADY_EXISTS = "it_contact_already_exists",
    /// The IT contact has an invitation that is still good.
    IT_CONTACT_INVITATION_ALREADY_ACTIVE = "it_contact_invitation_already_active",
    /// A webhook endpoint with the URL exists.
    DUPLICATE_ENDPOINT = "duplicate_endpoint",
    /// Webhooks cannot be sent to the URL.
    INVALID_URL = "invalid_url",
    /// The list of events has to be asked for by names of events.
    INVALID_EVENTS_REQUEST = "invalid_events_request",
    /// The event does not fit the schema of its action.
    INVALID_AUDIT_LOG_EVENT = "invalid_audit_log_event",
    /// The range of an export begins too early.
    INVALID_AUDIT_LOG_EXPORT_RANGE_DATE = "invalid_audit_log_export_range_date",
    /// Directories of this type cannot be synced by hand.
    DIRECTORY_SYNC_UNSUPPORTED = "directory_sync_unsupported",
    /// The directory is being synced.
    DIRECTORY_SYNC_IN_PROGRESS = "directory_sync_in_progress",
    /// The directory was synced a short time ago.
    DIRECTORY_SYNC_RATE_LIMITED = "directory_sync_rate_limited",
    /// Another connection of the organization has the external id.
    EXTERNAL_ID_ALREADY_IN_USE = "external_id_already_in_use",
    /// The connection is being deleted.
    CONNECTION_DELETION_IN_PROGRESS = "connection_deletion_in_progress",
    /// The connection does not use SAML.
    CONNECTION_IS_NOT_SAML = "connection_is_not_saml",
    /// Connections of this type cannot be made by the API.
    CONNECTION_TYPE_NOT_SUPPORTED = "connection_type_not_supported",
    /// Connections of this type cannot be changed by the API.
    CONNECTION_TYPE_NOT_UPDATABLE = "connection_type_not_updatable",
    /// The type of connection and the options that are given belong to different protocols.
    CONNECTION_TYPE_CONFLICTS_WITH_OPTIONS = "connection_type_conflicts_with_options",
    /// Neither the type of connection nor its options are given.
    CONNECTION_TYPE_OR_OPTIONS_REQUIRED = "connection_type_or_options_required",
    /// The options are those of SAML and of OIDC.
    BOTH_SAML_AND_OIDC_OPTIONS_PROVIDED = "both_saml_and_oidc_options_provided",
    /// Options of SAML are missing.
    SAML_OPTIONS_REQUIRED = "saml_options_required",
    /// Options of OIDC are missing.
    OIDC_OPTIONS_REQUIRED = "oidc_options_required",
    /// The identity provider is described in two ways.
    AMBIGUOUS_SAML_OPTIONS = "ambiguous_saml_options",
    /// The identity provider is not described in full.
    INCOMPLETE_SAML_OPTIONS = "incomplete_saml_options",
    /// The identity provider's metadata could not be read.
    IDP_METADATA_FETCH_FAILED = "idp_metadata_fetch_failed",
    /// The identity provider's address for signing in cannot be used.
    INVALID_IDP_SSO_URL = "invalid_idp_sso_url",
    /// The address of the discovery document is not https.
    DISCOVERY_ENDPOINT_MUST_USE_HTTPS = "discovery_endpoint_must_use_https",
    /// The way of authentication needs a client secret.
    CLIENT_SECRET_REQUIRED = "client_secret_required",
    /// The way of authentication has no client secret.
    CLIENT_SECRET_NOT_ACCEPTED = "client_secret_not_accepted",
    /// The way of authentication has no key pair.
    KEY_PAIR_NOT_ACCEPTED = "key_pair_not_accepted",
    /// The text is no PEM-encoded X.509 certificate.
    INVALID_CERTIFICATE = "invalid_certificate",
    /// The certificate has expired.
    CERTIFICATE_EXPIRED = "certificate_expired",
    /// It is the connection's only certificate.
    CANNOT_DELETE_LAST_CERTIFICATE = "cannot_delete_last_certificate",
    /// The connection has a signing certificate; it has to be deleted first.
    SP_SIGNING_CERT_ALREADY_EXISTS = "sp_signing_cert_already_exists",
    /// The connection has as many encryption certificates as it can; one has to be deleted first.
    TOO_MANY_SP_ENCRYPTION_CERTS = "too_many_sp_encryption_certs",
}
