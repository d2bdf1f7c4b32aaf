//! Mails, which are kept instead of sent: whoever runs a test reads them in the outbox.

use jiff::Timestamp;

use super::ids::{ItContactId, MailId, OrganizationId};
use super::intent::Intent;
use super::token::Token;

/// How many mails an outbox keeps; the oldest go first.
pub(crate) const MAX_MAILS: usize = 1_000;

/// A mail that invites an IT contact to a setup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) id: MailId,
    /// The address it goes to.
    pub(crate) to: String,
    pub(crate) subject: String,
    /// What opens the setup link. It is kept in plain, because the mail is the only place that has it.
    pub(crate) token: Token,
    pub(crate) organization_id: OrganizationId,
    pub(crate) contact_id: ItContactId,
    /// What the link is for, each once.
    pub(crate) intents: Vec<Intent>,
    pub(crate) created_at: Timestamp,
}
