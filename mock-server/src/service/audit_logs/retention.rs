//! How long an organization's audit log is kept, and what is configured for it.

use super::super::{Work, log_streams};
use super::{events, organization, retention_of};
use crate::domain::Error;
use crate::domain::audit_log::retention::{AuditLogSettings, Configuration, Retention};
use crate::domain::ids::AuditLogSettingsId;
use crate::environment::Environment;
use crate::store::SettingsKey;

/// What is set as an organization's retention; nothing where nobody has set any.
///
/// # Errors
/// The organization is not there.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Option<Retention>, Error> {
    let work = Work::begin(environment);
    let organization = organization(&work, id)?;
    Ok(retention_of(&work, &organization))
}

/// Sets an organization's retention. What is older is gone for good, also when the retention is raised again. It may be lowered:
/// `WorkOS` documents no refusal of it.
///
/// # Errors
/// The organization is not there.
pub(crate) fn set(environment: &Environment, id: &str, retention: Retention) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let organization_id = organization(&work, id)?;
    events::forget_old(&mut work, &organization_id);
    let key = SettingsKey(organization_id.clone());
    if let Some(before) = work.find::<AuditLogSettings>(&key) {
        work.update(AuditLogSettings {
            retention,
            ..AuditLogSettings::clone(&before)
        });
    } else {
        let id = AuditLogSettingsId::new(work.ulid());
        work.insert(AuditLogSettings {
            id,
            organization_id: organization_id.clone(),
            retention,
        });
    }
    events::forget_old(&mut work, &organization_id);
    work.commit();
    Ok(())
}

/// What is configured for an organization's audit log.
///
/// # Errors
/// The organization is not there.
pub(crate) fn configuration(environment: &Environment, id: &str) -> Result<Configuration, Error> {
    let work = Work::begin(environment);
    let organization_id = organization(&work, id)?;
    let retention = retention_of(&work, &organization_id).unwrap_or_default();
    Ok(Configuration {
        log_stream: log_streams::of(&work, &organization_id),
        organization_id,
        retention,
    })
}
