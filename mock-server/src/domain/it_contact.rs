//! IT contacts: the people of an organization who look after its identity provider.

use jiff::Timestamp;

use super::error::{Rule, Violation};
use super::ids::{ItContactId, OrganizationId};

/// An IT contact of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ItContact {
    pub(crate) id: ItContactId,
    pub(crate) organization_id: OrganizationId,
    /// As it was given; two that differ in case only are the same contact.
    pub(crate) email: String,
    pub(crate) created_at: Timestamp,
}

/// How many IT contacts an organization has at most. Apps that mirror them to `WorkOS` count on this number, and a portal
/// link takes as many addresses.
pub(crate) const MAX_IT_CONTACTS: usize = 20;

/// Refuses a contact that is one too many; `field` is the member that named it.
///
/// # Errors
/// The organization has `count` contacts already, and that is all it can have.
pub(crate) fn check_room(count: usize, field: &str) -> Result<(), Violation> {
    if count < MAX_IT_CONTACTS {
        return Ok(());
    }
    let message = format!("An organization has at most {MAX_IT_CONTACTS} IT contacts.");
    Err(Violation::new(field, Rule::TooMany, message))
}
