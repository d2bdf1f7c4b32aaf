//! Audit logs: actions with their schemas, events, exports, retention.

pub(crate) mod events;
pub(crate) mod exports;
pub(crate) mod retention;
pub(crate) mod schemas;
#[cfg(test)]
mod tests;

use super::Work;
use crate::domain::Error;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::audit_log::export::{AuditLogDownload, AuditLogExport};
use crate::domain::audit_log::retention::{AuditLogSettings, Retention};
use crate::domain::error::Entity;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::Organization;
use crate::store::{AuditLogEventKey, DownloadKey, ExportKey, SettingsKey, UnitOfWork};

/// Takes everything of an organization's audit log away.
pub(super) fn forget(work: &mut Work<'_>, organization: &OrganizationId) {
    work.delete_all::<AuditLogEvent>(&AuditLogEventKey::Organization(organization.clone()));
    for export in work.delete_all::<AuditLogExport>(&ExportKey(organization.clone())) {
        work.delete_all::<AuditLogDownload>(&DownloadKey::Export(export.id.clone()));
    }
    work.delete_all::<AuditLogSettings>(&SettingsKey(organization.clone()));
}

/// The id of an organization that is there.
fn organization(unit: &UnitOfWork<'_>, id: &str) -> Result<OrganizationId, Error> {
    let organization = unit.get::<Organization>(id);
    organization.map_or_else(
        || Err(super::organizations::not_found(id)),
        |organization| Ok(organization.id.clone()),
    )
}

/// What is set as an organization's retention.
fn retention_of(unit: &UnitOfWork<'_>, organization: &OrganizationId) -> Option<Retention> {
    let settings = unit.find::<AuditLogSettings>(&SettingsKey(organization.clone()));
    settings.map(|settings| settings.retention)
}

fn no_action(name: &str) -> Error {
    Error::NotFound {
        entity: Entity::AuditLogAction,
        id: name.to_owned(),
    }
}
