//! Audit logs: what an app tells about its users, for their organizations to read.

pub(crate) mod entry;
pub(crate) mod export;
pub(crate) mod metadata;
pub(crate) mod retention;
pub(crate) mod rules;

use std::sync::Arc;

use jiff::Timestamp;

use self::entry::Entry;
use self::rules::Rules;
use super::ids::{AuditLogActionId, AuditLogEventId, AuditLogSchemaId, OrganizationId};
use super::time::Moment;

/// Something that can happen in the app.
#[derive(Clone, Debug)]
pub(crate) struct AuditLogAction {
    pub(crate) id: AuditLogActionId,
    pub(crate) name: String,
    /// What its events have to be like now.
    pub(crate) newest: Arc<AuditLogSchema>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// One version of what the events of an action have to be like. It never changes.
#[derive(Clone, Debug)]
pub(crate) struct AuditLogSchema {
    pub(crate) id: AuditLogSchemaId,
    pub(crate) action_id: AuditLogActionId,
    /// Counted from 1 within the action.
    pub(crate) version: u32,
    pub(crate) rules: Arc<Rules>,
    pub(crate) created_at: Timestamp,
}

/// An event in an organization's audit log.
#[derive(Clone, Debug)]
pub(crate) struct AuditLogEvent {
    /// Events sort by their ids, and so by when they occurred.
    pub(crate) id: AuditLogEventId,
    pub(crate) organization_id: OrganizationId,
    /// The version of the schema that it was held against.
    pub(crate) version: u32,
    pub(crate) entry: Entry,
    /// When it was logged, which retention counts from.
    pub(crate) logged: Moment,
    /// Where it stands among everything of the environment in the order of logging.
    pub(crate) sequence: u128,
}
