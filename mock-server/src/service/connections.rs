//! Connections: create, find, change, delete, list, and what becomes of them when people sign in.

use std::sync::Arc;

use super::{Change, Work, certificates, organizations};
use crate::domain::Error;
use crate::domain::certificate::Certificate;
use crate::domain::connection::{
    AttributeMapChanges, AttributeMaps, Connection, ConnectionDomain, ConnectionEvent,
    ConnectionState, read_domains,
};
use crate::domain::connection_changes::{OidcChanges, SamlChanges};
use crate::domain::connection_error::ConnectionError;
use crate::domain::connection_settings::{
    GivenCertificates, NewOidc, NewSaml, NewSettings, Settings,
};
use crate::domain::connection_type::ConnectionType;
use crate::domain::domain_name::DomainName;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::{ConnectionDomainId, ConnectionId, OrganizationId};
use crate::domain::organization::Organization;
use crate::domain::page::{Page, PageRequest};
use crate::domain::sign_in::SignIn;
use crate::environment::Environment;
use crate::store::{CertificateKey, ConnectionKey, EVERYWHERE, NameSearch, Query, SignInKey};

/// A connection that is to be made by its settings.
pub(crate) struct NewConnection {
    pub(crate) organization_id: String,
    pub(crate) name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) connection_type: Option<ConnectionType>,
    pub(crate) attribute_maps: AttributeMapChanges,
    pub(crate) saml: Option<NewSaml>,
    pub(crate) oidc: Option<NewOidc>,
}

/// A connection as a test wants it to be, whatever its settings would have to be.
pub(crate) struct MadeConnection {
    pub(crate) organization_id: String,
    pub(crate) connection_type: ConnectionType,
    pub(crate) name: Option<String>,
    pub(crate) state: ConnectionState,
    /// Those of the organization when there is no list.
    pub(crate) domains: Option<Vec<String>>,
}

/// What is to be changed of a connection.
#[derive(Default)]
pub(crate) struct ConnectionChanges {
    pub(crate) name: Option<String>,
    pub(crate) external_id: Change<String>,
    pub(crate) connection_type: Option<ConnectionType>,
    pub(crate) attribute_maps: AttributeMapChanges,
    pub(crate) saml: Option<SamlChanges>,
    pub(crate) oidc: Option<OidcChanges>,
}

/// Which connections are to be listed.
#[derive(Default)]
pub(crate) struct ListConnections {
    pub(crate) page: PageRequest,
    pub(crate) connection_type: Option<ConnectionType>,
    /// Those that have this domain.
    pub(crate) domain: Option<String>,
    pub(crate) organization_id: Option<String>,
    /// Those whose name contains this, in any case; one or two characters are looked for where words begin.
    pub(crate) search: Option<String>,
}

/// What creating a connection came to.
#[derive(Debug)]
pub(crate) enum Created {
    New(Arc<Connection>),
    /// One with this external id was there.
    Present(Arc<Connection>),
}

/// Makes a connection by its settings, which waits for its first sign-in then. When the organization has one with the
/// external id, it is that one.
///
/// # Errors
/// The settings do not go together, there is no such organization, or its connection with the external id is of another
/// type or being deleted.
pub(crate) fn create(environment: &Environment, new: NewConnection) -> Result<Created, Error> {
    let (kind, settings) = NewSettings::choose(new.connection_type, new.saml, new.oidc)?;
    let mut work = Work::begin(environment);
    let organization = find_organization(&work, &new.organization_id)?;
    if let Some(external_id) = &new.external_id
        && let Some(present) = with_external_id(&work, &organization.id, external_id)
    {
        check_present(&present)?;
        return if present.connection_type == kind {
            Ok(Created::Present(present))
        } else {
            Err(ConnectionError::ExternalIdTaken(external_id.clone()).into())
        };
    }
    let (settings, given) = settings.check(work.at())?;
    let mut attribute_maps = AttributeMaps::default();
    attribute_maps.merge(new.attribute_maps);
    let names = organization.domains.iter();
    let domains = names.map(|domain| domain.name.clone()).collect();
    let connection = Connection {
        external_id: new.external_id,
        settings,
        attribute_maps,
        ..blank(
            &work,
            &organization,
            kind,
            new.name,
            ConnectionState::Validating,
            domains,
        )
    };
    let connection = work.insert(connection);
    if matches!(connection.settings, Settings::Saml(_)) {
        certificates::equip(&mut work, &connection, given);
    }
    work.commit();
    Ok(Created::New(connection))
}

/// Makes a connection as a test wants it. One that is active tells so, as if someone had just signed in.
///
/// # Errors
/// There is no such organization, a domain is none, or the state does not go with the type.
pub(crate) fn make(
    environment: &Environment,
    made: MadeConnection,
) -> Result<Arc<Connection>, Error> {
    let pending = made.connection_type == ConnectionType::Pending;
    if pending != (made.state == ConnectionState::RequiresType) {
        let message = "A connection is of type Pending exactly while its state is requires_type.";
        return Err(Violation::new("state", Rule::Value, message).into());
    }
    let domains = made
        .domains
        .as_deref()
        .map(read_domains)
        .transpose()
        .map_err(Error::Invalid)?;
    let mut work = Work::begin(environment);
    let organization = find_organization(&work, &made.organization_id)?;
    let domains = domains.unwrap_or_else(|| {
        let names = organization.domains.iter();
        names.map(|domain| domain.name.clone()).collect()
    });
    let active = made.state == ConnectionState::Active;
    let state = if active {
        ConnectionState::Validating
    } else {
        made.state
    };
    let connection = blank(
        &work,
        &organization,
        made.connection_type,
        made.name,
        state,
        domains,
    );
    let mut connection = work.insert(connection);
    if state.is_set_up() && matches!(connection.settings, Settings::Saml(_)) {
        certificates::equip(&mut work, &connection, GivenCertificates::default());
    }
    if active {
        connection = put_active(&mut work, &connection).unwrap_or(connection);
    }
    work.commit();
    Ok(connection)
}

/// The connection with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Connection>, Error> {
    find(&Work::begin(environment), id)
}

/// Changes a connection. No event tells of it; `WorkOS` has none for that.
///
/// # Errors
/// There is none with this id, it is being deleted, its type would change, its settings no longer go together, or another
/// connection of the organization has the external id.
pub(crate) fn update(
    environment: &Environment,
    id: &str,
    changes: ConnectionChanges,
) -> Result<Arc<Connection>, Error> {
    let mut work = Work::begin(environment);
    let before = find(&work, id)?;
    check_present(&before)?;
    let kind = before.connection_type;
    if changes.connection_type.is_some_and(|wanted| wanted != kind) {
        return Err(ConnectionError::TypeNotUpdatable(kind).into());
    }
    let mut connection = Connection::clone(&before);
    connection
        .settings
        .change(kind, changes.saml, changes.oidc)?;
    connection.attribute_maps.merge(changes.attribute_maps);
    if let Some(name) = changes.name {
        connection.name = name;
    }
    changes.external_id.apply(&mut connection.external_id);
    if let Some(external_id) = &connection.external_id
        && let Some(holder) = with_external_id(&work, &connection.organization_id, external_id)
        && holder.id != connection.id
    {
        return Err(ConnectionError::ExternalIdTaken(external_id.clone()).into());
    }
    if connection == *before {
        return Ok(before);
    }
    connection.updated_at = work.at();
    let connection = work.update(connection);
    work.commit();
    Ok(connection)
}

/// Deletes a connection with its certificates.
///
/// # Errors
/// There is none with this id.
pub(crate) fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    delete_in(&mut work, id)?;
    work.commit();
    Ok(())
}

/// Deletes a connection with its certificates.
pub(super) fn delete_in(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let connection = find(work, id)?;
    work.delete::<Connection>(id);
    end(work, connection);
    Ok(())
}

/// Deletes the connections of an organization.
pub(super) fn delete_of(work: &mut Work<'_>, organization: &OrganizationId) {
    let key = ConnectionKey::Organization(organization.clone());
    for connection in work.delete_all::<Connection>(&key) {
        end(work, connection);
    }
}

/// Someone has signed in through the connection, so it is active from now on. That it is already changes nothing.
///
/// # Errors
/// There is none with this id, or nobody can sign in through it.
pub(crate) fn activate(environment: &Environment, id: &str) -> Result<Arc<Connection>, Error> {
    let mut work = Work::begin(environment);
    let before = find(&work, id)?;
    if before.state == ConnectionState::Active {
        return Ok(before);
    }
    let connection = put_active(&mut work, &before).ok_or_else(|| {
        let message = "Nobody can sign in through a connection that is not set up.";
        Violation::new("state", Rule::Value, message)
    })?;
    work.commit();
    Ok(connection)
}

/// The connection signs nobody in from now on. That it does not already changes nothing.
///
/// # Errors
/// There is none with this id, or nobody has signed in through it so far.
pub(crate) fn deactivate(environment: &Environment, id: &str) -> Result<Arc<Connection>, Error> {
    let mut work = Work::begin(environment);
    let before = find(&work, id)?;
    if before.state == ConnectionState::Inactive {
        return Ok(before);
    }
    let after = before.deactivated(work.at()).ok_or_else(|| {
        let message = "Only an active connection can become inactive.";
        Violation::new("state", Rule::Value, message)
    })?;
    let connection = work.update(after);
    work.record(ConnectionEvent::Deactivated(Arc::clone(&connection)));
    work.commit();
    Ok(connection)
}

/// A page of connections.
///
/// # Errors
/// A cursor that is no connection's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: &ListConnections,
) -> Result<Page<Connection>, Error> {
    let mut filters = Vec::new();
    if let Some(kind) = list.connection_type {
        filters.push(vec![ConnectionKey::Type(kind)]);
    }
    // What is no domain is no connection's domain either, and the same goes for ids.
    if let Some(text) = &list.domain {
        let name = DomainName::parse(text).ok();
        filters.push(name.map(ConnectionKey::Domain).into_iter().collect());
    }
    if let Some(text) = &list.organization_id {
        let id = OrganizationId::parse(text);
        filters.push(id.map(ConnectionKey::Organization).into_iter().collect());
    }
    let search = list.search.as_deref().and_then(NameSearch::new);
    if let Some(search) = &search {
        filters.extend(search.filters(ConnectionKey::Name));
    }
    let verify = |connection: &Connection| {
        search
            .as_ref()
            .is_none_or(|search| search.finds(&connection.name))
    };
    Work::begin(environment).list(&Query {
        filters,
        verify: &verify,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// The connection with this id.
pub(super) fn find(work: &Work<'_>, id: &str) -> Result<Arc<Connection>, Error> {
    work.get(id).ok_or_else(|| Error::NotFound {
        entity: Entity::Connection,
        id: id.to_owned(),
    })
}

/// That a connection is not being deleted.
pub(super) fn check_present(connection: &Connection) -> Result<(), ConnectionError> {
    if connection.state == ConnectionState::Deleting {
        return Err(ConnectionError::Deleting(connection.id.to_string()));
    }
    Ok(())
}

fn find_organization(work: &Work<'_>, id: &str) -> Result<Arc<Organization>, Error> {
    work.get(id).ok_or_else(|| organizations::not_found(id))
}

fn with_external_id(
    work: &Work<'_>,
    organization: &OrganizationId,
    external_id: &str,
) -> Option<Arc<Connection>> {
    work.find(&ConnectionKey::ExternalId(
        organization.clone(),
        external_id.into(),
    ))
}

/// How many characters an external key has.
pub(super) const EXTERNAL_KEY_LENGTH: usize = 16;

/// A new connection without settings of its own.
pub(super) fn blank(
    work: &Work<'_>,
    organization: &Organization,
    connection_type: ConnectionType,
    name: Option<String>,
    state: ConnectionState,
    domains: Vec<DomainName>,
) -> Connection {
    let id = ConnectionId::new(work.ulid());
    let domain = |name| ConnectionDomain {
        id: ConnectionDomainId::new(work.ulid()),
        name,
    };
    Connection {
        id,
        organization_id: organization.id.clone(),
        external_key: work.random().letters_and_digits(EXTERNAL_KEY_LENGTH),
        external_id: None,
        connection_type,
        name: name.unwrap_or_else(|| organization.name.clone()),
        state,
        domains: domains.into_iter().map(domain).collect(),
        settings: Settings::blank(connection_type),
        attribute_maps: AttributeMaps::default(),
        is_provider_told: false,
        created_at: work.at(),
        updated_at: work.at(),
    }
}

/// Puts a connection to work; nothing when it is already, or cannot be.
pub(super) fn put_active(work: &mut Work<'_>, before: &Connection) -> Option<Arc<Connection>> {
    let after = before.activated(work.at())?;
    let connection = work.update(after);
    work.record(ConnectionEvent::Activated(Arc::clone(&connection)));
    Some(connection)
}

/// Takes away what a connection owned that is gone, and tells of its end.
fn end(work: &mut Work<'_>, connection: Arc<Connection>) {
    work.delete_all::<Certificate>(&CertificateKey::Connection(connection.id.clone()));
    work.delete_all::<SignIn>(&SignInKey::Connection(connection.id.clone()));
    if let Some(event) = connection.deletion() {
        work.record(event);
    }
}
