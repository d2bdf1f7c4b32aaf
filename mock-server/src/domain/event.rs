//! Events: what happened in an environment, each with what it is about as it was then.

use jiff::Timestamp;

use super::byok_key::ByokKeyEvent;
use super::connection::ConnectionEvent;
use super::directory::DirectoryEvent;
use super::directory_group::DirectoryGroupEvent;
use super::directory_token::DirectoryTokenEvent;
use super::directory_user::DirectoryUserEvent;
use super::ids::{EventId, OrganizationId};
use super::organization::OrganizationEvent;
use super::organization_domain::OrganizationDomainEvent;
use super::sign_in::SignInEvent;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) what: Happening,
    pub(crate) created_at: Timestamp,
}

/// What can happen: one family of events for each kind of thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Organization(OrganizationEvent),
    OrganizationDomain(OrganizationDomainEvent),
    Connection(ConnectionEvent),
    Directory(DirectoryEvent),
    DirectoryUser(DirectoryUserEvent),
    DirectoryGroup(DirectoryGroupEvent),
    DirectoryToken(DirectoryTokenEvent),
    ByokKey(ByokKeyEvent),
    SignIn(SignInEvent),
}

/// The names of all that can happen.
pub(crate) const MADE: [&str; 31] = [
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.deleted",
    "organization_domain.verified",
    "organization_domain.verification_failed",
    "connection.activated",
    "connection.deactivated",
    "connection.deleted",
    "connection.saml_certificate_renewal_required",
    "connection.saml_certificate_renewed",
    "dsync.activated",
    "dsync.deleted",
    "dsync.user.created",
    "dsync.user.updated",
    "dsync.user.deleted",
    "dsync.group.created",
    "dsync.group.updated",
    "dsync.group.deleted",
    "dsync.group.user_added",
    "dsync.group.user_removed",
    "dsync.token.created",
    "dsync.token.revoked",
    "vault.byok_key.verification_completed",
    "vault.byok_key.deleted",
    "authentication.sso_started",
    "authentication.sso_succeeded",
    "authentication.sso_failed",
    "authentication.sso_timed_out",
];

impl Happening {
    /// The name of the event, such as `organization.created`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Organization(event) => event.name(),
            Self::OrganizationDomain(event) => event.name(),
            Self::Connection(event) => event.name(),
            Self::Directory(event) => event.name(),
            Self::DirectoryUser(event) => event.name(),
            Self::DirectoryGroup(event) => event.name(),
            Self::DirectoryToken(event) => event.name(),
            Self::ByokKey(event) => event.name(),
            Self::SignIn(event) => event.name(),
        }
    }

    /// The organization that it concerns.
    pub(crate) fn organization_id(&self) -> &OrganizationId {
        match self {
            Self::Organization(event) => &event.organization().id,
            Self::OrganizationDomain(event) => &event.domain().organization_id,
            Self::Connection(event) => event.organization_id(),
            Self::Directory(event) => &event.directory().organization_id,
            Self::DirectoryUser(event) => &event.user().organization_id,
            Self::DirectoryGroup(event) => &event.group().organization_id,
            Self::DirectoryToken(event) => &event.organization_id,
            Self::ByokKey(event) => &event.organization_id,
            Self::SignIn(event) => &event.sign_in().organization_id,
        }
    }
}

impl From<OrganizationEvent> for Happening {
    fn from(event: OrganizationEvent) -> Self {
        Self::Organization(event)
    }
}

impl From<OrganizationDomainEvent> for Happening {
    fn from(event: OrganizationDomainEvent) -> Self {
        Self::OrganizationDomain(event)
    }
}

impl From<ConnectionEvent> for Happening {
    fn from(event: ConnectionEvent) -> Self {
        Self::Connection(event)
    }
}

impl From<DirectoryEvent> for Happening {
    fn from(event: DirectoryEvent) -> Self {
        Self::Directory(event)
    }
}

impl From<DirectoryUserEvent> for Happening {
    fn from(event: DirectoryUserEvent) -> Self {
        Self::DirectoryUser(event)
    }
}

impl From<DirectoryGroupEvent> for Happening {
    fn from(event: DirectoryGroupEvent) -> Self {
        Self::DirectoryGroup(event)
    }
}

impl From<DirectoryTokenEvent> for Happening {
    fn from(event: DirectoryTokenEvent) -> Self {
        Self::DirectoryToken(event)
    }
}

impl From<ByokKeyEvent> for Happening {
    fn from(event: ByokKeyEvent) -> Self {
        Self::ByokKey(event)
    }
}

impl From<SignInEvent> for Happening {
    fn from(event: SignInEvent) -> Self {
        Self::SignIn(event)
    }
}
