//! What connections and their certificates can be found by.

use crate::domain::certificate::{Certificate, Purpose};
use crate::domain::connection::Connection;
use crate::domain::connection_type::ConnectionType;
use crate::domain::domain_name::DomainName;
use crate::domain::due::{Due, TimedChange};
use crate::domain::ids::{CertificateId, ConnectionId, Id as _, OrganizationId};
use crate::store::names::{self, NameKey};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a connection can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ConnectionKey {
    /// Whose connection it is.
    Organization(OrganizationId),
    /// The same and its external id; one connection has it.
    ExternalId(OrganizationId, Box<str>),
    /// What names it outside the API.
    ExternalKey(Box<str>),
    /// Its type.
    Type(ConnectionType),
    /// One of its domains.
    Domain(DomainName),
    /// A part of its name.
    Name(NameKey),
}

/// What a certificate can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CertificateKey {
    /// Whose certificate it is.
    Connection(ConnectionId),
    /// The same and what it is for.
    Purpose(ConnectionId, Purpose),
}

impl Record for Connection {
    type Key = ConnectionKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = ConnectionId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ConnectionKey> {
        let organization = || self.organization_id.clone();
        let external = self
            .external_id
            .iter()
            .map(|id| ConnectionKey::ExternalId(organization(), id.as_str().into()));
        let domains = self.domains.iter();
        let domains = domains.map(|domain| ConnectionKey::Domain(domain.name.clone()));
        let always = [
            ConnectionKey::Organization(organization()),
            ConnectionKey::ExternalKey(self.external_key.as_str().into()),
            ConnectionKey::Type(self.connection_type),
        ];
        always
            .into_iter()
            .chain(external)
            .chain(domains)
            .chain(names::keys(&self.name).map(ConnectionKey::Name))
            .collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.connections
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.connections
    }
}

impl Record for Certificate {
    type Key = CertificateKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = CertificateId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<CertificateKey> {
        vec![
            CertificateKey::Connection(self.connection_id.clone()),
            CertificateKey::Purpose(self.connection_id.clone(), self.purpose),
        ]
    }

    fn due(&self) -> Option<Due> {
        let (at, _) = self.due()?;
        Some(Due {
            at,
            since: self.added,
            change: TimedChange::CertificateNotice(self.id.clone()),
        })
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.certificates
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.certificates
    }
}
