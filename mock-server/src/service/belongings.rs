//! What an organization has, of every kind, for who looks at an environment. No operation of `WorkOS`'s API.

use std::sync::Arc;

use super::organizations::{self, ListOrganizations};
use super::{Work, byok_keys, log_streams};
use crate::domain::Error;
use crate::domain::byok_key::ByokKey;
use crate::domain::connection::Connection;
use crate::domain::directory::Directory;
use crate::domain::it_contact::ItContact;
use crate::domain::log_stream::LogStream;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;
use crate::environment::Environment;
use crate::store::{ConnectionKey, DirectoryKey, ItContactKey, LinkKey, SessionKey};

/// An organization and how much it has.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) organization: Arc<Organization>,
    pub(crate) connections: usize,
    pub(crate) directories: usize,
    pub(crate) it_contacts: usize,
    pub(crate) portal_links: usize,
    pub(crate) portal_sessions: usize,
    pub(crate) log_stream: Option<Arc<LogStream>>,
    /// The key that is in use.
    pub(crate) byok_key: Option<Arc<ByokKey>>,
}

/// An organization and what it has, the first of each kind.
#[derive(Clone, Debug)]
pub(crate) struct Belongings {
    pub(crate) summary: Summary,
    pub(crate) connections: Vec<Arc<Connection>>,
    pub(crate) directories: Vec<Arc<Directory>>,
    pub(crate) it_contacts: Vec<Arc<ItContact>>,
}

/// How many of a kind are told.
const TOLD: usize = 100;

/// A page of organizations, each with how much it has.
///
/// # Errors
/// A cursor that is no organization's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: &ListOrganizations,
) -> Result<Page<Summary>, Error> {
    let work = Work::begin(environment);
    let page = organizations::list_in(&work, list)?;
    let summaries = page.items.iter();
    Ok(Page {
        items: summaries
            .map(|organization| Arc::new(summary(&work, organization)))
            .collect(),
        before: page.before,
        after: page.after,
    })
}

/// An organization and what it has.
///
/// # Errors
/// There is none with this id.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Belongings, Error> {
    let work = Work::begin(environment);
    let organization: Arc<Organization> =
        work.get(id).ok_or_else(|| organizations::not_found(id))?;
    let id = || organization.id.clone();
    Ok(Belongings {
        connections: work.first_with(&ConnectionKey::Organization(id()), TOLD),
        directories: work.first_with(&DirectoryKey::Organization(id()), TOLD),
        it_contacts: work.first_with(&ItContactKey::Organization(id()), TOLD),
        summary: summary(&work, &organization),
    })
}

fn summary(work: &Work<'_>, organization: &Arc<Organization>) -> Summary {
    let id = || organization.id.clone();
    Summary {
        connections: work.count::<Connection>(&ConnectionKey::Organization(id())),
        directories: work.count::<Directory>(&DirectoryKey::Organization(id())),
        it_contacts: work.count::<ItContact>(&ItContactKey::Organization(id())),
        portal_links: work.count::<PortalLink>(&LinkKey::Organization(id())),
        portal_sessions: work.count::<PortalSession>(&SessionKey::Organization(id())),
        log_stream: log_streams::of(work, &organization.id),
        byok_key: byok_keys::in_use(work, &organization.id),
        organization: Arc::clone(organization),
    }
}
