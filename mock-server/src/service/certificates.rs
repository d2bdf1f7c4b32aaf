//! Certificates of SAML connections: list, add, make, delete, and the notices that they end.

use std::sync::Arc;

use super::{Work, connections};
use crate::domain::Error;
use crate::domain::certificate::{
    Certificate, LIFETIME, MAX_ENCRYPTION_CERTIFICATES, Notice, Purpose, X509,
};
use crate::domain::connection::{Connection, ConnectionEvent};
use crate::domain::connection_error::ConnectionError;
use crate::domain::connection_settings::GivenCertificates;
use crate::domain::connection_type::Protocol;
use crate::domain::error::Entity;
use crate::domain::ids::{CertificateId, Id as _};
use crate::environment::Environment;
use crate::store::CertificateKey;

/// Every certificate of a connection for one purpose, oldest first.
///
/// # Errors
/// There is no connection with this id, or it does not use SAML.
pub(crate) fn list(
    environment: &Environment,
    connection: &str,
    purpose: Purpose,
) -> Result<Vec<Arc<Certificate>>, Error> {
    let work = Work::begin(environment);
    let connection = find_saml(&work, connection)?;
    Ok(all(&work, &connection, purpose))
}

/// The certificate that requests of a connection are signed with.
///
/// # Errors
/// There is no connection with this id, it does not use SAML, or its requests are not signed.
pub(crate) fn get_sp_signing(
    environment: &Environment,
    connection: &str,
) -> Result<Arc<Certificate>, Error> {
    let work = Work::begin(environment);
    let found = find_saml(&work, connection)?;
    let key = CertificateKey::Purpose(found.id.clone(), Purpose::SpSigning);
    work.find(&key).ok_or_else(|| not_found(connection))
}

/// Adds a certificate of the identity provider.
///
/// # Errors
/// There is no connection with this id, it does not use SAML, or the text is no certificate that is still valid.
pub(crate) fn add_idp_signing(
    environment: &Environment,
    connection: &str,
    pem: &str,
) -> Result<Arc<Certificate>, Error> {
    let mut work = Work::begin(environment);
    let connection = find_saml(&work, connection)?;
    let x509 = X509::read(pem, work.at())
        .map_err(|bad| ConnectionError::Certificate("The certificate".to_owned(), bad))?;
    let certificate = add(&mut work, &connection, Purpose::IdpSigning, x509);
    work.commit();
    Ok(certificate)
}

/// Makes the certificate that requests of a connection are signed with.
///
/// # Errors
/// There is no connection with this id, it does not use SAML, is being deleted, or has such a certificate.
pub(crate) fn make_sp_signing(
    environment: &Environment,
    connection: &str,
) -> Result<Arc<Certificate>, Error> {
    let mut work = Work::begin(environment);
    let connection = find_saml(&work, connection)?;
    connections::check_present(&connection)?;
    if !all(&work, &connection, Purpose::SpSigning).is_empty() {
        return Err(ConnectionError::SigningCertificateExists.into());
    }
    let certificate = make(&mut work, &connection, Purpose::SpSigning);
    work.commit();
    Ok(certificate)
}

/// Makes another certificate that responses to a connection may be encrypted with.
///
/// # Errors
/// There is no connection with this id, it does not use SAML, is being deleted, or has as many as it may have.
pub(crate) fn make_sp_encryption(
    environment: &Environment,
    connection: &str,
) -> Result<Arc<Certificate>, Error> {
    let mut work = Work::begin(environment);
    let connection = find_saml(&work, connection)?;
    connections::check_present(&connection)?;
    let present = all(&work, &connection, Purpose::SpEncryption).len();
    if present >= MAX_ENCRYPTION_CERTIFICATES {
        return Err(ConnectionError::TooManyEncryptionCertificates(present).into());
    }
    let certificate = make(&mut work, &connection, Purpose::SpEncryption);
    work.commit();
    Ok(certificate)
}

/// Deletes a certificate of the identity provider.
///
/// # Errors
/// There is no such connection or certificate, it does not use SAML, or the certificate is the last of its kind.
pub(crate) fn delete_idp_signing(
    environment: &Environment,
    connection: &str,
    id: &str,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let connection = find_saml(&work, connection)?;
    find(&work, &connection, id, Purpose::IdpSigning)?;
    if all(&work, &connection, Purpose::IdpSigning).len() == 1 {
        return Err(ConnectionError::LastCertificate.into());
    }
    work.delete::<Certificate>(id);
    work.commit();
    Ok(())
}

/// Deletes a certificate of the service provider. A connection of another protocol has none.
///
/// # Errors
/// There is no such connection or certificate.
pub(crate) fn delete_sp(
    environment: &Environment,
    connection: &str,
    id: &str,
    purpose: Purpose,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let connection = connections::find(&work, connection)?;
    find(&work, &connection, id, purpose)?;
    work.delete::<Certificate>(id);
    work.commit();
    Ok(())
}

/// Gives a new connection its certificates: those that are given, and new ones in the place of the others. That of an
/// identity provider whose metadata would have to be read elsewhere is made up.
pub(super) fn equip(work: &mut Work<'_>, connection: &Connection, given: GivenCertificates) {
    match given.idp_signing {
        Some(given) => {
            for x509 in given {
                add(work, connection, Purpose::IdpSigning, x509);
            }
        }
        None => {
            make(work, connection, Purpose::IdpSigning);
        }
    }
    match given.sp_signing {
        Some(x509) => add(work, connection, Purpose::SpSigning, x509),
        None => make(work, connection, Purpose::SpSigning),
    };
    match given.sp_encryption {
        Some(given) => {
            for x509 in given {
                add(work, connection, Purpose::SpEncryption, x509);
            }
        }
        None => {
            make(work, connection, Purpose::SpEncryption);
        }
    }
}

/// Gives the notice of a certificate whose time has come, unless another certificate has taken its place.
pub(super) fn notice(work: &mut Work<'_>, id: &CertificateId) {
    let Some(certificate) = work.get::<Certificate>(id.as_str()) else {
        return;
    };
    let Some((_, days)) = certificate.due() else {
        return;
    };
    work.update(certificate.noticed());
    let key = CertificateKey::Purpose(certificate.connection_id.clone(), certificate.purpose);
    let others = work.find_all::<Certificate>(&key);
    if !others.iter().any(|other| certificate.is_renewed_by(other)) {
        work.record(ConnectionEvent::CertificateRenewalRequired { certificate, days });
    }
}

fn find_saml(work: &Work<'_>, id: &str) -> Result<Arc<Connection>, Error> {
    let connection = connections::find(work, id)?;
    match connection.connection_type.protocol() {
        Protocol::Saml => Ok(connection),
        Protocol::Oidc | Protocol::Other => {
            Err(ConnectionError::NotSaml(connection.connection_type).into())
        }
    }
}

fn find(
    work: &Work<'_>,
    connection: &Connection,
    id: &str,
    purpose: Purpose,
) -> Result<Arc<Certificate>, Error> {
    work.get::<Certificate>(id)
        .filter(|one| one.connection_id == connection.id && one.purpose == purpose)
        .ok_or_else(|| not_found(id))
}

/// Gives a connection that a setup in the portal has begun the certificates of this side that it lacks.
pub(super) fn equip_this_side(work: &mut Work<'_>, connection: &Connection) {
    for purpose in [Purpose::SpSigning, Purpose::SpEncryption] {
        if all(work, connection, purpose).is_empty() {
            make(work, connection, purpose);
        }
    }
}

/// Puts certificates of the identity provider in the place of those that a connection has; those that it has already stay.
pub(super) fn replace_idp_signing(work: &mut Work<'_>, connection: &Connection, given: Vec<X509>) {
    let present = all(work, connection, Purpose::IdpSigning);
    for one in &present {
        if !given.iter().any(|given| given.is_same(&one.x509)) {
            work.delete::<Certificate>(one.id.as_str());
        }
    }
    for x509 in given {
        if !present.iter().any(|one| one.x509.is_same(&x509)) {
            add(work, connection, Purpose::IdpSigning, x509);
        }
    }
}

/// Makes up a certificate of the identity provider, if a connection has none.
pub(super) fn make_up_idp_signing(work: &mut Work<'_>, connection: &Connection) {
    if all(work, connection, Purpose::IdpSigning).is_empty() {
        make(work, connection, Purpose::IdpSigning);
    }
}

/// Adds certificates of the identity provider that take the place of those that a connection has, which stay until they
/// are removed. Without any, one is made up. Those that it has already are passed over.
pub(super) fn renew(
    work: &mut Work<'_>,
    connection: &Connection,
    given: Option<Vec<X509>>,
) -> Vec<Arc<Certificate>> {
    let present = all(work, connection, Purpose::IdpSigning);
    let given = given.unwrap_or_else(|| vec![new_x509(work, Purpose::IdpSigning)]);
    let is_new = |x509: &X509| !present.iter().any(|one| one.x509.is_same(x509));
    let mut renewed = Vec::new();
    for x509 in given.into_iter().filter(is_new) {
        let certificate = add(work, connection, Purpose::IdpSigning, x509);
        let certificate = work.update(Certificate {
            is_renewal: true,
            ..Certificate::clone(&certificate)
        });
        work.record(ConnectionEvent::CertificateRenewed(Arc::clone(
            &certificate,
        )));
        renewed.push(certificate);
    }
    renewed
}

pub(super) fn all(
    work: &Work<'_>,
    connection: &Connection,
    purpose: Purpose,
) -> Vec<Arc<Certificate>> {
    work.find_all(&CertificateKey::Purpose(connection.id.clone(), purpose))
}

fn make(work: &mut Work<'_>, connection: &Connection, purpose: Purpose) -> Arc<Certificate> {
    let x509 = new_x509(work, purpose);
    add(work, connection, purpose, x509)
}

fn new_x509(work: &Work<'_>, purpose: Purpose) -> X509 {
    let subject = match purpose {
        Purpose::IdpSigning => "A mock identity provider",
        Purpose::SpSigning | Purpose::SpEncryption => "A mock of WorkOS",
    };
    let random = work.random();
    X509::self_signed(subject, work.at(), LIFETIME, || random.bytes())
}

fn add(
    work: &mut Work<'_>,
    connection: &Connection,
    purpose: Purpose,
    x509: X509,
) -> Arc<Certificate> {
    let certificate = Certificate {
        id: CertificateId::new(work.ulid()),
        connection_id: connection.id.clone(),
        organization_id: connection.organization_id.clone(),
        purpose,
        notice: Notice::first(x509.not_after, work.at()),
        x509,
        added: work.now().moment(),
        is_renewal: false,
    };
    work.insert(certificate)
}

fn not_found(id: &str) -> Error {
    Error::NotFound {
        entity: Entity::Certificate,
        id: id.to_owned(),
    }
}
