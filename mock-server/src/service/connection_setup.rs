//! What the portal does to connections: begin one, tell its identity provider, take the provider's values, sign in.

use std::sync::Arc;

use super::{Work, certificates, connections};
use crate::domain::certificate::{Certificate, Purpose, X509};
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_settings::{OidcSettings, SamlSettings, Settings};
use crate::domain::connection_type::{ConnectionType, Protocol};
use crate::domain::ids::{Id as _, OrganizationId, SignInId};
use crate::domain::organization::Organization;
use crate::domain::service_provider::ServiceProvider;
use crate::domain::sign_in::{Email, MOST_SIGN_INS, SignIn, SignInEvent, SignInOutcome};
use crate::environment::Environment;
use crate::store::{CertificateKey, ConnectionKey, SignInKey};

/// The connections of an organization that are not going away, newest first.
pub(super) fn of(work: &Work<'_>, organization: &OrganizationId) -> Vec<Arc<Connection>> {
    let key = ConnectionKey::Organization(organization.clone());
    let mut found = work.find_all::<Connection>(&key);
    found.retain(|connection| connection.state != ConnectionState::Deleting);
    found.reverse();
    found
}

/// Begins a connection of this type: the one that is being set up, if there is one, else a new one. That it is of this
/// type already changes nothing. Nothing when somebody has signed in through it.
pub(super) fn begin(
    work: &mut Work<'_>,
    organization: &Organization,
    present: Option<&Arc<Connection>>,
    kind: ConnectionType,
) -> Option<Arc<Connection>> {
    let connection = match present {
        Some(present)
            if present.connection_type == kind
                && (kind.protocol() != Protocol::Other || present.state.is_set_up()) =>
        {
            return Some(Arc::clone(present));
        }
        Some(present) => {
            let begun = present.begun_anew(kind, work.at())?;
            let key = CertificateKey::Purpose(begun.id.clone(), Purpose::IdpSigning);
            work.delete_all::<Certificate>(&key);
            work.delete_all::<SignIn>(&SignInKey::Connection(begun.id.clone()));
            if kind.protocol() != Protocol::Saml {
                work.delete_all::<Certificate>(&CertificateKey::Connection(begun.id.clone()));
            }
            work.update(begun)
        }
        None => {
            let names = organization.domains.iter();
            let domains = names.map(|domain| domain.name.clone()).collect();
            let state = ConnectionState::Draft;
            let blank = connections::blank(work, organization, kind, None, state, domains);
            work.insert(blank)
        }
    };
    match kind.protocol() {
        Protocol::Saml => {
            certificates::equip_this_side(work, &connection);
            Some(connection)
        }
        Protocol::Oidc => Some(connection),
        // There is nothing to agree on with a provider that is part of the server.
        Protocol::Other => Some(configure(work, &connection, Settings::None)),
    }
}

/// The identity provider is said to know this side's values.
pub(super) fn tell_provider(work: &mut Work<'_>, connection: &Connection) {
    if !connection.is_provider_told {
        let told = Connection {
            is_provider_told: true,
            updated_at: work.at(),
            ..connection.clone()
        };
        work.update(told);
    }
}

/// Takes what a SAML identity provider says of itself. Without certificates, those that are there stay, and one is made up
/// where there is none.
pub(super) fn set_saml(
    work: &mut Work<'_>,
    connection: &Connection,
    settings: SamlSettings,
    idp_signing: Option<Vec<X509>>,
) {
    certificates::equip_this_side(work, connection);
    match idp_signing {
        Some(given) => certificates::replace_idp_signing(work, connection, given),
        None => certificates::make_up_idp_signing(work, connection),
    }
    configure(work, connection, Settings::Saml(Box::new(settings)));
}

/// Takes the settings of an `OpenID` Connect provider.
pub(super) fn set_oidc(work: &mut Work<'_>, connection: &Connection, settings: OidcSettings) {
    configure(work, connection, Settings::Oidc(Box::new(settings)));
}

fn configure(work: &mut Work<'_>, connection: &Connection, settings: Settings) -> Arc<Connection> {
    let configured = connection.configured(settings, work.at());
    if configured == *connection {
        return Arc::new(configured);
    }
    work.update(configured)
}

/// Someone tries to sign in through a connection. The first who succeeds puts it to work; nobody succeeds with an address
/// of a domain that is not the organization's, if it has any.
pub(super) fn sign_in(
    work: &mut Work<'_>,
    organization: &Organization,
    connection: &Connection,
    email: Email,
    wanted: SignInOutcome,
) -> Arc<SignIn> {
    let outcome = match wanted {
        SignInOutcome::Success if !may_sign_in(organization, connection, &email) => {
            SignInOutcome::WrongDomain
        }
        wanted => wanted,
    };
    let key = SignInKey::Connection(connection.id.clone());
    let mut present = work.find_all::<SignIn>(&key);
    while present.len() >= MOST_SIGN_INS {
        let oldest = present.remove(0);
        work.delete::<SignIn>(oldest.id.as_str());
    }
    let sign_in = SignIn {
        id: SignInId::new(work.ulid()),
        connection_id: connection.id.clone(),
        organization_id: connection.organization_id.clone(),
        email,
        outcome,
        at: work.at(),
    };
    let sign_in = work.insert(sign_in);
    work.record(SignInEvent::Started(Arc::clone(&sign_in)));
    if outcome == SignInOutcome::Success {
        connections::put_active(work, connection);
    }
    work.record(SignInEvent::Ended(Arc::clone(&sign_in)));
    sign_in
}

fn may_sign_in(organization: &Organization, connection: &Connection, email: &Email) -> bool {
    let of_connection = connection.domains.iter().map(|domain| &domain.name);
    let of_organization = organization.domains.iter().map(|domain| &domain.name);
    let mut domains = of_connection.chain(of_organization).peekable();
    organization.allow_profiles_outside_organization
        || domains.peek().is_none()
        || domains.any(|domain| domain == email.domain())
}

/// The sign-ins through a connection that are kept, newest first.
pub(super) fn sign_ins(work: &Work<'_>, connection: &Connection) -> Vec<Arc<SignIn>> {
    let mut found = work.find_all::<SignIn>(&SignInKey::Connection(connection.id.clone()));
    found.reverse();
    found
}

/// This side of a SAML connection, as its metadata tells it.
pub(crate) struct PublishedProvider {
    pub(crate) provider: ServiceProvider,
    pub(crate) signing: Vec<Arc<Certificate>>,
    pub(crate) encryption: Vec<Arc<Certificate>>,
}

/// This side of the SAML connection with this external key, if there is one.
pub(crate) fn published(
    environment: &Environment,
    external_key: &str,
    public_url: &str,
) -> Option<PublishedProvider> {
    let work = Work::begin(environment);
    let key = ConnectionKey::ExternalKey(external_key.into());
    let connection = work.find::<Connection>(&key)?;
    (connection.connection_type.protocol() == Protocol::Saml).then(|| PublishedProvider {
        provider: ServiceProvider::of(&connection, &environment.id, public_url),
        signing: certificates::all(&work, &connection, Purpose::SpSigning),
        encryption: certificates::all(&work, &connection, Purpose::SpEncryption),
    })
}
