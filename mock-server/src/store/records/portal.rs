//! What portal links and sessions can be found by.

use crate::domain::ids::{Id as _, ItContactId, OrganizationId, PortalLinkId, PortalSessionId};
use crate::domain::portal_link::{LinkKind, LinkState, PortalLink};
use crate::domain::portal_session::PortalSession;
use crate::domain::token::SecretHash;
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a portal link can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LinkKey {
    /// Its token; one link has it.
    Token(SecretHash),
    /// The organization it leads into.
    Organization(OrganizationId),
    /// The same and the user it was made for, until it is revoked.
    User(OrganizationId, Box<str>),
    /// The organization whose IT contact it was mailed to.
    Invitation(OrganizationId),
    /// The IT contact that it was mailed to.
    InvitationOf(ItContactId),
}

/// What a portal session can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SessionKey {
    /// The link it came from.
    Link(PortalLinkId),
    /// The organization it is in.
    Organization(OrganizationId),
}

impl Record for PortalLink {
    type Key = LinkKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = PortalLinkId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<LinkKey> {
        let organization = self.organization_id.clone();
        let user = self
            .external_user_id
            .as_deref()
            .filter(|_| !matches!(self.state, LinkState::Revoked { .. }));
        let user = user.map(|user| LinkKey::User(organization.clone(), user.into()));
        let invitation = match &self.kind {
            LinkKind::Direct => Vec::new(),
            LinkKind::Mailed { contact } => vec![
                LinkKey::Invitation(organization.clone()),
                LinkKey::InvitationOf(contact.clone()),
            ],
        };
        let always = [
            LinkKey::Token(self.token),
            LinkKey::Organization(organization),
        ];
        always.into_iter().chain(user).chain(invitation).collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.links
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.links
    }
}

impl Record for PortalSession {
    type Key = SessionKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = PortalSessionId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<SessionKey> {
        vec![
            SessionKey::Link(self.link_id.clone()),
            SessionKey::Organization(self.organization_id.clone()),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.sessions
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.sessions
    }
}
