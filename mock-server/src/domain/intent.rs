//! What a portal link is for.

use serde::Deserialize;

/// What a portal link is for, as `WorkOS` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Intent {
    /// Set up or manage single sign-on.
    Sso,
    /// Set up or manage a directory.
    Dsync,
    /// Read audit logs.
    AuditLogs,
    /// Set up or manage log streams.
    LogStreams,
    /// Verify a domain.
    DomainVerification,
    /// Renew a connection's certificate.
    CertificateRenewal,
    /// Bring a key of one's own.
    BringYourOwnKey,
}
