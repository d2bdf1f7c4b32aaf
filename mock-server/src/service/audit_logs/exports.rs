//! Exports: ask, look, fetch.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::Work;
use super::events::{self, Search};
use super::organization;
use crate::domain::Error;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::audit_log::export::{
    AuditLogDownload, AuditLogExport, EventFilter, ExportState, Range, SeenExport,
};
use crate::domain::error::Entity;
use crate::domain::ids::{AuditLogDownloadId, AuditLogExportId, Id as _, OrganizationId};
use crate::domain::page::{Order, Page, PageRequest};
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::store::{DownloadKey, EVERYWHERE, ExportKey, Query};

/// How many addresses work at once at most; the oldest go first.
const MAX_ADDRESSES: usize = 10_000;
/// How many events are read at once while a file is written.
const READ_AT_ONCE: usize = 256;

/// An export that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewExport {
    pub(crate) organization: String,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) filter: EventFilter,
}

/// Why a file cannot be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoFile {
    /// The address was never given out, or its export is gone.
    Unknown,
    /// The address works no longer.
    Expired,
}

/// Asks for an export of what an organization's audit log has now.
///
/// # Errors
/// The organization is not there, or the range is turned or begins too long ago.
pub(crate) fn create(environment: &Environment, new: NewExport) -> Result<SeenExport, Error> {
    let mut work = Work::begin(environment);
    let export = create_in(&mut work, new)?;
    let (state, updated_at) = export.state(&work.now());
    work.commit();
    Ok(SeenExport {
        export,
        state,
        updated_at,
        token: None,
    })
}

/// As [`create`], within other work.
pub(in crate::service) fn create_in(
    work: &mut Work<'_>,
    new: NewExport,
) -> Result<Arc<AuditLogExport>, Error> {
    let organization_id = organization(work, &new.organization)
        .map_err(|_| Error::ExportWithoutOrganization(new.organization.clone()))?;
    let range = Range::for_export(new.start, new.end, work.at())?;
    let (ulid, asked) = (work.ulid(), work.now().moment());
    Ok(work.insert(AuditLogExport {
        id: AuditLogExportId::new(ulid),
        organization_id,
        range,
        filter: new.filter,
        asked,
        sequence: ulid.0,
    }))
}

/// An export, with a new address when it is ready.
///
/// # Errors
/// There is none with this id.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<SeenExport, Error> {
    let mut work = Work::begin(environment);
    let export = work
        .get::<AuditLogExport>(id)
        .ok_or_else(|| Error::NotFound {
            entity: Entity::AuditLogExport,
            id: id.to_owned(),
        })?;
    let (state, updated_at) = export.state(&work.now());
    let token = (state == ExportState::Ready).then(|| address_of(&mut work, &export));
    work.commit();
    Ok(SeenExport {
        export,
        state,
        updated_at,
        token,
    })
}

/// What opens the file of an export from now on, for ten minutes.
pub(in crate::service) fn address_of(work: &mut Work<'_>, export: &AuditLogExport) -> Token {
    let (token, now) = (work.token(), work.now());
    let key = DownloadKey::Export(export.id.clone());
    if let Some(first) = work.find::<AuditLogDownload>(&key)
        && first.is_over(&now)
    {
        work.delete::<AuditLogDownload>(first.id.as_str());
    }
    let id = AuditLogDownloadId::new(work.ulid());
    work.insert(AuditLogDownload {
        id,
        export_id: export.id.clone(),
        token: token.hash(),
        issued: now.moment(),
    });
    work.trim::<AuditLogDownload>(MAX_ADDRESSES);
    token
}

/// The newest exports of an organization's log.
pub(in crate::service) fn newest(
    work: &Work<'_>,
    organization: &OrganizationId,
    limit: usize,
) -> Result<Page<AuditLogExport>, Error> {
    work.list(&Query {
        filters: vec![vec![ExportKey(organization.clone())]],
        verify: &|_| true,
        within: EVERYWHERE,
        page: &PageRequest {
            limit,
            order: Order::Desc,
            ..PageRequest::default()
        },
    })
}

/// The export whose file an address opens.
///
/// # Errors
/// The address opens none.
pub(crate) fn open(
    environment: &Environment,
    token: &Token,
) -> Result<Arc<AuditLogExport>, NoFile> {
    let work = Work::begin(environment);
    let key = DownloadKey::Token(token.hash());
    let download = work.find::<AuditLogDownload>(&key).ok_or(NoFile::Unknown)?;
    if download.is_over(&work.now()) {
        return Err(NoFile::Expired);
    }
    let export = work.get::<AuditLogExport>(download.export_id.as_str());
    export.ok_or(NoFile::Unknown)
}

/// The next events of an export's file, in the order in which they occurred: those after the one with the id `after`. The
/// environment is held only while they are read.
///
/// # Errors
/// The organization is gone.
pub(crate) fn read(
    environment: &Environment,
    export: &AuditLogExport,
    after: Option<String>,
) -> Result<Page<AuditLogEvent>, Error> {
    let search = Search {
        filter: export.filter.clone(),
        actor: None,
        target: None,
        range: Some(export.range),
        sequence: Some(export.sequence),
        page: PageRequest {
            before: None,
            after,
            limit: READ_AT_ONCE,
            order: Order::Asc,
        },
    };
    events::search(environment, export.organization_id.as_str(), &search)
}
