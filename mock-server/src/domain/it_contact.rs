//! IT contacts: the people of an organization who look after its identity provider.

use jiff::Timestamp;

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
