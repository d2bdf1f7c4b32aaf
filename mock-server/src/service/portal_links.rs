//! Portal links and the sessions they become: issue, open, finish, revoke.

use std::sync::Arc;

use super::{Work, it_contacts, organizations};
use crate::domain::Error;
use crate::domain::error::{Rule, Violation};
use crate::domain::ids::{Id as _, PortalLinkId, PortalSessionId};
use crate::domain::intent::{Intent, Purpose};
use crate::domain::organization::Organization;
use crate::domain::portal_link::{Death, LinkKind, LinkState, PortalLink};
use crate::domain::portal_session::{Destination, PortalSession, SessionEnd, SessionState};
use crate::domain::redirect::RedirectUrl;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::store::{LinkKey, SessionKey, UnitOfWork};

/// A link that is to be issued.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewPortalLink {
    pub(crate) organization: String,
    pub(crate) intent: Option<Intent>,
    pub(crate) return_url: Option<String>,
    pub(crate) success_url: Option<String>,
    pub(crate) external_user_id: Option<String>,
    pub(crate) it_contact_emails: Vec<String>,
}

/// An issued link. Its token is here for the last time: only a hash of it is kept.
#[derive(Clone, Debug)]
pub(crate) struct IssuedLink {
    pub(crate) link: Arc<PortalLink>,
    pub(crate) token: Token,
}

/// An opened link.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// The session that it became.
    pub(crate) session: Arc<PortalSession>,
    /// What the browser has to show from now on; nothing new for the browser that holds the session already.
    pub(crate) secret: Option<Token>,
}

/// Why a link does not open.
#[derive(Clone, Debug)]
pub(crate) enum OpenError {
    /// There is no such link, or its organization was deleted.
    Unknown,
    /// It opens no more.
    Dead {
        /// The link.
        link: Arc<PortalLink>,
        /// Why, and since when.
        death: Death,
    },
}

/// Why a session is not to be had.
#[derive(Clone, Debug)]
pub(crate) enum SessionError {
    /// There is no such session, or the browser does not hold it.
    Unknown,
    /// It is over.
    Over {
        /// The session.
        session: Arc<PortalSession>,
        /// Why, and since when.
        end: SessionEnd,
    },
}

/// Issues a link, and notes the IT contacts that come with it.
///
/// # Errors
/// Addresses that cannot be redirected to, an organization that is not there, or one that cannot have so many IT contacts.
pub(crate) fn generate(environment: &Environment, new: NewPortalLink) -> Result<IssuedLink, Error> {
    let mut violations = Vec::new();
    let mut address = |field: &str, text: Option<String>| {
        let text = text?;
        match RedirectUrl::parse(&text, environment.settings.url_policy) {
            Ok(url) => Some(url),
            Err(error) => {
                violations.push(Violation::new(
                    field,
                    Rule::Value,
                    format!("The address {error}."),
                ));
                None
            }
        }
    };
    let return_url = address("return_url", new.return_url);
    let success_url = address("success_url", new.success_url);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }

    let mut work = Work::begin(environment);
    let now = work.now();
    let organization = work
        .get::<Organization>(&new.organization)
        .ok_or(Error::LinkWithoutOrganization(new.organization))?;
    it_contacts::note(
        &mut work,
        &organization.id,
        new.it_contact_emails,
        "it_contact_emails",
    )?;
    let token = work.token();
    let id = PortalLinkId::new(work.ulid());
    let link = work.insert(PortalLink {
        id,
        organization_id: organization.id.clone(),
        kind: LinkKind::Direct,
        external_user_id: new.external_user_id,
        purpose: Purpose::of(new.intent),
        return_url,
        success_url,
        token: token.hash(),
        issued: now.moment(),
        lifetime: environment.settings.link_ttl,
        state: LinkState::Issued,
    });
    work.commit();
    Ok(IssuedLink { link, token })
}

/// Revokes every link that was made for a user, and ends the sessions they became. None is fine.
///
/// # Errors
/// The organization is not there.
pub(crate) fn revoke(
    environment: &Environment,
    organization: &str,
    external_user_id: &str,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let organization = work
        .get::<Organization>(organization)
        .ok_or_else(|| organizations::not_found(organization))?;
    let key = LinkKey::User(organization.id.clone(), external_user_id.into());
    for link in work.find_all::<PortalLink>(&key) {
        revoke_link(&mut work, &link);
    }
    work.commit();
    Ok(())
}

/// Revokes a link, and ends the sessions it became.
pub(super) fn revoke_link(work: &mut Work<'_>, link: &PortalLink) {
    let now = work.now();
    for session in work.find_all::<PortalSession>(&SessionKey::Link(link.id.clone())) {
        if let Some(revoked) = session.revoke(&now) {
            work.update(revoked);
        }
    }
    if let Some(revoked) = link.revoke(&now, work.settings().link_reuse) {
        work.update(revoked);
    }
}

/// Opens a link into a session. The browser that holds the session of its last opening comes back to that; `held` says
/// what it shows for a session.
///
/// # Errors
/// Why it does not open.
pub(crate) fn open(
    environment: &Environment,
    token: &Token,
    held: impl FnOnce(&PortalSessionId) -> Option<Token>,
) -> Result<Opened, OpenError> {
    let mut work = Work::begin(environment);
    let link = work
        .find::<PortalLink>(&LinkKey::Token(token.hash()))
        .ok_or(OpenError::Unknown)?;
    if let LinkState::Opened { session, .. } = &link.state
        && let Some(session) = work.get::<PortalSession>(session.as_str())
        && held(&session.id).is_some_and(|secret| secret.hash() == session.secret)
        && session.end(&work.now()).is_none()
    {
        return Ok(Opened {
            session,
            secret: None,
        });
    }
    let (session, secret) =
        open_link(&mut work, &link).map_err(|death| OpenError::Dead { link, death })?;
    work.commit();
    Ok(Opened {
        session,
        secret: Some(secret),
    })
}

/// Opens a link into a session, and gives what the browser has to show for it.
pub(super) fn open_link(
    work: &mut Work<'_>,
    link: &PortalLink,
) -> Result<(Arc<PortalSession>, Token), Death> {
    let now = work.now();
    let id = PortalSessionId::new(work.ulid());
    let link = link.open(&now, work.settings().link_reuse, id.clone())?;
    let secret = work.token();
    let link = work.update(link);
    let lifetime = work.settings().session_ttl;
    let session = work.insert(PortalSession {
        id,
        link_id: link.id.clone(),
        organization_id: link.organization_id.clone(),
        kind: link.kind.clone(),
        purpose: link.purpose.clone(),
        return_url: link.return_url.clone(),
        success_url: link.success_url.clone(),
        secret: secret.hash(),
        opened: now.moment(),
        lifetime,
        state: SessionState::Open,
    });
    Ok((session, secret))
}

/// Finishes a session. Doing so again leads to the same place. A setup that was mailed is completed by that, with every
/// session of its link.
///
/// # Errors
/// It is not there, not this browser's, or over for another reason.
pub(crate) fn finish(
    environment: &Environment,
    id: &str,
    secret: &Token,
) -> Result<Destination, SessionError> {
    let mut work = Work::begin(environment);
    let session = held(&work, id, secret)?;
    if let SessionState::Finished { destination, .. } = &session.state {
        return Ok(destination.clone());
    }
    let destination =
        finish_session(&mut work, &session).map_err(|end| SessionError::Over { session, end })?;
    work.commit();
    Ok(destination)
}

/// Finishes a session that is going on, and says where that leads.
pub(super) fn finish_session(
    work: &mut Work<'_>,
    session: &PortalSession,
) -> Result<Destination, SessionEnd> {
    let now = work.now();
    let redirects = &work.settings().redirects;
    let (finished, destination) = session.finish(&now, redirects)?;
    work.update(finished);
    if session.is_mailed() {
        for other in work.find_all::<PortalSession>(&SessionKey::Link(session.link_id.clone())) {
            if let Ok((finished, _)) = other.finish(&now, redirects) {
                work.update(finished);
            }
        }
    }
    let link = work.get::<PortalLink>(session.link_id.as_str());
    if let Some(finished) = link.and_then(|link| link.finish(&now)) {
        work.update(finished);
    }
    Ok(destination)
}

/// Lets the lifetime of a link be over, and that of every session it became.
pub(super) fn expire_link(work: &mut Work<'_>, link: &PortalLink) -> Arc<PortalLink> {
    let now = work.now();
    for session in work.find_all::<PortalSession>(&SessionKey::Link(link.id.clone())) {
        if let Some(expired) = session.expire(&now) {
            work.update(expired);
        }
    }
    work.update(link.expire(&now))
}

/// Lets the lifetime of a session be over.
///
/// # Errors
/// It is not there, not this browser's, or over already.
pub(crate) fn expire(
    environment: &Environment,
    id: &str,
    secret: &Token,
) -> Result<(), SessionError> {
    let mut work = Work::begin(environment);
    let session = held(&work, id, secret)?;
    match session.expire(&work.now()) {
        Some(expired) => drop(work.update(expired)),
        None => {
            if let Some(end) = session.end(&work.now()) {
                return Err(SessionError::Over { session, end });
            }
        }
    }
    work.commit();
    Ok(())
}

pub(super) fn held(
    work: &UnitOfWork<'_>,
    id: &str,
    secret: &Token,
) -> Result<Arc<PortalSession>, SessionError> {
    let session = work.get::<PortalSession>(id).ok_or(SessionError::Unknown)?;
    if secret.hash() == session.secret {
        Ok(session)
    } else {
        Err(SessionError::Unknown)
    }
}
