//! Connections and their certificates.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::domain::certificate::{Certificate, Purpose};
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_type::ConnectionType;
use crate::domain::ids::Id as _;

/// A connection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Connection")]
pub(crate) struct ConnectionView<'a> {
    /// Always `connection`.
    #[schemars(extend("const" = "connection"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization that it is for.
    organization_id: &'a str,
    /// The identity provider with its protocol.
    connection_type: ConnectionType,
    /// What it is called.
    name: &'a str,
    /// How far it is.
    state: ConnectionState,
    /// The older and coarser form of the state.
    #[schemars(extend("enum" = ["linked", "unlinked"]))]
    status: &'static str,
    /// The domains whose people sign in through it.
    domains: Vec<ConnectionDomainView<'a>>,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

/// A domain whose people sign in through a connection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConnectionDomain")]
struct ConnectionDomainView<'a> {
    /// Always `connection_domain`.
    #[schemars(extend("const" = "connection_domain"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// Its name.
    domain: &'a str,
}

impl<'a> ConnectionView<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self {
            object: "connection",
            id: connection.id.as_str(),
            organization_id: connection.organization_id.as_str(),
            connection_type: connection.connection_type,
            name: &connection.name,
            state: connection.state,
            status: status(connection),
            domains: domains(connection),
            created_at: Time(connection.created_at),
            updated_at: Time(connection.updated_at),
        }
    }
}

fn status(connection: &Connection) -> &'static str {
    if connection.state.is_linked() {
        "linked"
    } else {
        "unlinked"
    }
}

fn domains(connection: &Connection) -> Vec<ConnectionDomainView<'_>> {
    let domains = connection.domains.iter();
    let views = domains.map(|domain| ConnectionDomainView {
        object: "connection_domain",
        id: domain.id.as_str(),
        domain: domain.name.as_str(),
    });
    views.collect()
}

/// A connection as the event of its deletion writes it.
#[derive(Serialize)]
pub(super) struct DeletedConnectionView<'a> {
    object: &'static str,
    id: &'a str,
    state: ConnectionState,
    name: &'a str,
    connection_type: ConnectionType,
    organization_id: &'a str,
    created_at: Time,
    updated_at: Time,
}

impl<'a> DeletedConnectionView<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            object: "connection",
            id: connection.id.as_str(),
            state: connection.state,
            name: &connection.name,
            connection_type: connection.connection_type,
            organization_id: connection.organization_id.as_str(),
            created_at: Time(connection.created_at),
            updated_at: Time(connection.updated_at),
        }
    }
}

/// A connection as other events write it.
#[derive(Serialize)]
pub(super) struct ConnectionEventView<'a> {
    #[serde(flatten)]
    connection: DeletedConnectionView<'a>,
    external_key: &'a str,
    status: &'static str,
    domains: Vec<ConnectionDomainView<'a>>,
}

impl<'a> ConnectionEventView<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            connection: DeletedConnectionView::new(connection),
            external_key: &connection.external_key,
            status: status(connection),
            domains: domains(connection),
        }
    }
}

/// That a certificate has to be renewed.
#[derive(Serialize)]
pub(super) struct RenewalRequiredView<'a> {
    connection: ConnectionReference<'a>,
    certificate: ExpiringCertificate,
    days_until_expiry: i64,
}

#[derive(Serialize)]
struct ConnectionReference<'a> {
    id: &'a str,
    organization_id: &'a str,
}

#[derive(Serialize)]
struct ExpiringCertificate {
    certificate_type: Purpose,
    expiry_date: Time,
    is_expired: bool,
}

impl<'a> RenewalRequiredView<'a> {
    pub(super) fn new(certificate: &'a Certificate, days: i64) -> Self {
        Self {
            connection: ConnectionReference {
                id: certificate.connection_id.as_str(),
                organization_id: certificate.organization_id.as_str(),
            },
            certificate: ExpiringCertificate {
                certificate_type: certificate.purpose,
                expiry_date: Time(certificate.x509.not_after),
                is_expired: days <= 0,
            },
            days_until_expiry: days,
        }
    }
}

/// That a certificate was renewed.
#[derive(Serialize)]
pub(super) struct RenewedView<'a> {
    connection: ConnectionReference<'a>,
    certificate: RenewedCertificate,
    renewed_at: Time,
}

#[derive(Serialize)]
struct RenewedCertificate {
    certificate_type: Purpose,
    expiry_date: Time,
}

impl<'a> RenewedView<'a> {
    pub(super) fn new(certificate: &'a Certificate) -> Self {
        Self {
            connection: ConnectionReference {
                id: certificate.connection_id.as_str(),
                organization_id: certificate.organization_id.as_str(),
            },
            certificate: RenewedCertificate {
                certificate_type: certificate.purpose,
                expiry_date: Time(certificate.x509.not_after),
            },
            renewed_at: Time(certificate.added.at),
        }
    }
}

/// A certificate.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Certificate")]
pub(crate) struct CertificateView<'a> {
    /// What it is for.
    #[schemars(extend("enum" = [
        "saml_idp_signing_certificate",
        "saml_sp_signing_certificate",
        "saml_sp_encryption_certificate",
    ]))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The certificate, in PEM.
    value: &'a str,
    /// When it begins to be valid.
    not_before: Time,
    /// When it ceases to be valid.
    not_after: Time,
    /// When it was added.
    created_at: Time,
}

impl<'a> CertificateView<'a> {
    pub(crate) fn new(certificate: &'a Certificate) -> Self {
        Self {
            object: match certificate.purpose {
                Purpose::IdpSigning => "saml_idp_signing_certificate",
                Purpose::SpSigning => "saml_sp_signing_certificate",
                Purpose::SpEncryption => "saml_sp_encryption_certificate",
            },
            id: certificate.id.as_str(),
            value: &certificate.x509.pem,
            not_before: Time(certificate.x509.not_before),
            not_after: Time(certificate.x509.not_after),
            created_at: Time(certificate.added.at),
        }
    }
}

/// All certificates of a kind; there are no pages of them.
#[derive(Serialize)]
pub(crate) struct CertificateListView<'a> {
    object: &'static str,
    data: Vec<CertificateView<'a>>,
}

impl<'a> CertificateListView<'a> {
    pub(crate) fn new(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        Self {
            object: "list",
            data: certificates.into_iter().map(CertificateView::new).collect(),
        }
    }
}
