//! IT contacts and the mails to them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Time, link};
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::it_contact::ItContact;
use crate::domain::mail::Mail;

/// An IT contact. It never changes, so it was last changed when it was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ItContact")]
pub(crate) struct ItContactView<'a> {
    /// Always `it_contact`.
    #[schemars(extend("const" = "it_contact"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// Its address.
    email: &'a str,
    /// When it was made.
    created_at: Time,
    /// As `created_at`.
    updated_at: Time,
}

impl<'a> ItContactView<'a> {
    pub(crate) fn new(contact: &'a ItContact) -> Self {
        Self {
            object: "it_contact",
            id: contact.id.as_str(),
            email: &contact.email,
            created_at: Time(contact.created_at),
            updated_at: Time(contact.created_at),
        }
    }
}

/// A mail with the link that it carries.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mail")]
pub(crate) struct MailView<'a> {
    /// Always `mail`.
    #[schemars(extend("const" = "mail"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The address that it is for.
    to: &'a str,
    /// Its subject.
    subject: &'a str,
    /// The setup link that it carries.
    link: String,
    /// The organization that is to be set up.
    organization_id: &'a str,
    /// The IT contact that it is for.
    contact_id: &'a str,
    /// The parts of the portal that the link opens on, as invitations name them.
    intents: Vec<&'static str>,
    /// When it was sent.
    created_at: Time,
}

impl<'a> MailView<'a> {
    pub(crate) fn new(mail: &'a Mail, public_url: &str) -> Self {
        Self {
            object: "mail",
            id: mail.id.as_str(),
            to: &mail.to,
            subject: &mail.subject,
            link: link(public_url, &mail.token),
            organization_id: mail.organization_id.as_str(),
            contact_id: mail.contact_id.as_str(),
            intents: mail.intents.iter().copied().map(intent_name).collect(),
            created_at: Time(mail.created_at),
        }
    }
}

/// An intent as it is named to IT contacts, who have a word of their own for directories.
fn intent_name(intent: Intent) -> &'static str {
    match intent {
        Intent::Sso => "sso",
        Intent::Dsync => "directory_sync",
        Intent::AuditLogs => "audit_logs",
        Intent::LogStreams => "log_streams",
        Intent::DomainVerification => "domain_verification",
        Intent::CertificateRenewal => "certificate_renewal",
        Intent::BringYourOwnKey => "bring_your_own_key",
    }
}
