//! IT contacts: record, list, delete, and invite to a setup by a mail that lands in the outbox.

use std::sync::Arc;

use super::{Work, organizations, portal_links};
use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::ids::{Id as _, ItContactId, MailId, OrganizationId, PortalLinkId};
use crate::domain::intent::{Intent, Purpose};
use crate::domain::it_contact::{ItContact, MAX_IT_CONTACTS, check_room};
use crate::domain::mail::{MAX_MAILS, Mail};
use crate::domain::organization::Organization;
use crate::domain::page::{Order, Page, PageRequest};
use crate::domain::portal_link::{LinkKind, LinkState, PortalLink};
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::store::{EVERYWHERE, ItContactKey, LinkKey, Query, UnitOfWork};

/// Every IT contact of an organization, newest first.
///
/// # Errors
/// The organization is not there.
pub(crate) fn list(
    environment: &Environment,
    organization: &str,
) -> Result<Page<ItContact>, Error> {
    let work = Work::begin(environment);
    let organization = organization_of(&work, organization)?;
    work.list(&Query {
        filters: vec![vec![ItContactKey::Organization(organization.id.clone())]],
        verify: &|_| true,
        within: EVERYWHERE,
        page: &whole(MAX_IT_CONTACTS),
    })
}

/// Records an IT contact. Nothing is sent.
///
/// # Errors
/// The organization is not there, has this contact, or has as many as it can have.
pub(crate) fn create(
    environment: &Environment,
    organization: &str,
    email: String,
) -> Result<Arc<ItContact>, Error> {
    let mut work = Work::begin(environment);
    let organization = organization_of(&work, organization)?;
    if find(&work, &organization.id, &email).is_some() {
        return Err(Error::ItContactExists);
    }
    let contact = add(&mut work, &organization.id, email, "email")?;
    work.commit();
    Ok(contact)
}

/// Records those of `emails` that are not yet contacts of the organization; `field` is the member that named them.
///
/// # Errors
/// The organization would have more than it can have.
pub(super) fn note(
    work: &mut Work<'_>,
    organization: &OrganizationId,
    emails: Vec<String>,
    field: &str,
) -> Result<(), Error> {
    for email in emails {
        if find(work, organization, &email).is_none() {
            add(work, organization, email, field)?;
        }
    }
    Ok(())
}

/// Removes an IT contact, and revokes the invitation that was mailed to it.
///
/// # Errors
/// The organization is not there, or does not have this contact.
pub(crate) fn delete(
    environment: &Environment,
    organization: &str,
    contact: &str,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let (_, contact) = contact_of(&work, organization, contact)?;
    revoke_last(&mut work, &LinkKey::InvitationOf(contact.id.clone()));
    work.delete::<ItContact>(contact.id.as_str());
    work.commit();
    Ok(())
}

/// Mails an IT contact a link to set up `intents`.
///
/// # Errors
/// The organization is not there, does not have this contact, or has an active invitation.
pub(crate) fn invite(
    environment: &Environment,
    organization: &str,
    contact: &str,
    intents: Vec<Intent>,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let (organization, contact) = contact_of(&work, organization, contact)?;
    let (now, settings) = (work.now(), &environment.settings);
    // Only the latest can be active: there is none after one that is.
    let latest = work.find_last::<PortalLink>(&LinkKey::Invitation(organization.id.clone()));
    if latest.is_some_and(|link| link.death(&now, settings.link_reuse).is_none()) {
        return Err(Error::InvitationActive);
    }
    let token = Token::new(&environment.id, environment.random.bytes());
    let purpose = Purpose::of(intents);
    let link = PortalLink {
        id: PortalLinkId::new(work.ulid()),
        organization_id: organization.id.clone(),
        kind: LinkKind::Mailed {
            contact: contact.id.clone(),
        },
        external_user_id: None,
        purpose: purpose.clone(),
        return_url: None,
        success_url: None,
        token: token.hash(),
        issued: now.moment(),
        lifetime: settings.setup_link_ttl,
        state: LinkState::Issued,
    };
    work.insert(link);
    let mail = Mail {
        id: MailId::new(work.ulid()),
        to: contact.email.clone(),
        subject: format!("Set up {}", organization.name),
        token,
        organization_id: organization.id.clone(),
        contact_id: contact.id.clone(),
        intents: purpose.intents(),
        created_at: work.at(),
    };
    work.append(mail, MAX_MAILS);
    work.commit();
    Ok(())
}

/// Revokes the active invitation of an organization, whichever of its contacts it was mailed to, and ends the sessions it
/// became. None is fine.
///
/// # Errors
/// The organization is not there, or does not have this contact.
pub(crate) fn revoke_invitation(
    environment: &Environment,
    organization: &str,
    contact: &str,
) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let (organization, _) = contact_of(&work, organization, contact)?;
    revoke_last(&mut work, &LinkKey::Invitation(organization.id.clone()));
    work.commit();
    Ok(())
}

/// The mails of the outbox, newest first.
pub(crate) fn outbox(environment: &Environment) -> Page<Mail> {
    let mails = Work::begin(environment).list(&Query {
        filters: Vec::new(),
        verify: &|_| true,
        within: EVERYWHERE,
        page: &whole(MAX_MAILS),
    });
    mails.expect("without a cursor there is none that could be wrong")
}

/// The one page of a list that has no more than `limit`.
fn whole(limit: usize) -> PageRequest {
    PageRequest {
        limit,
        order: Order::Desc,
        ..PageRequest::default()
    }
}

fn add(
    work: &mut Work<'_>,
    organization: &OrganizationId,
    email: String,
    field: &str,
) -> Result<Arc<ItContact>, Error> {
    let contacts = work.find_all::<ItContact>(&ItContactKey::Organization(organization.clone()));
    check_room(contacts.len(), field)?;
    let contact = ItContact {
        id: ItContactId::new(work.ulid()),
        organization_id: organization.clone(),
        email,
        created_at: work.at(),
    };
    Ok(work.insert(contact))
}

fn revoke_last(work: &mut Work<'_>, key: &LinkKey) {
    if let Some(link) = work.find_last::<PortalLink>(key) {
        portal_links::revoke_link(work, &link);
    }
}

fn find(
    work: &UnitOfWork<'_>,
    organization: &OrganizationId,
    email: &str,
) -> Option<Arc<ItContact>> {
    work.find(&ItContactKey::Email(
        organization.clone(),
        email.to_lowercase().into(),
    ))
}

fn organization_of(work: &UnitOfWork<'_>, id: &str) -> Result<Arc<Organization>, Error> {
    work.get(id).ok_or_else(|| organizations::not_found(id))
}

fn contact_of(
    work: &UnitOfWork<'_>,
    organization: &str,
    id: &str,
) -> Result<(Arc<Organization>, Arc<ItContact>), Error> {
    let organization = organization_of(work, organization)?;
    let contact = work
        .get::<ItContact>(id)
        .filter(|contact| contact.organization_id == organization.id)
        .ok_or_else(|| Error::NotFound {
            entity: Entity::ItContact,
            id: id.to_owned(),
        })?;
    Ok((organization, contact))
}
