//! What actions, schemas, events, exports and settings of audit logs can be found by.

use crate::domain::audit_log::export::{AuditLogDownload, AuditLogExport};
use crate::domain::audit_log::retention::AuditLogSettings;
use crate::domain::audit_log::{AuditLogAction, AuditLogEvent, AuditLogSchema};
use crate::domain::ids::{
    AuditLogActionId, AuditLogDownloadId, AuditLogEventId, AuditLogExportId, AuditLogSchemaId,
    AuditLogSettingsId, Id as _, OrganizationId,
};
use crate::domain::token::SecretHash;
use crate::store::table::Table;
use crate::store::{AnyOrder, InOrder, Record, Tables};

/// What an action can be found by: its name, which one action has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ActionKey(pub(crate) Box<str>);

/// What a version of a schema can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SchemaKey {
    /// Its action.
    Action(AuditLogActionId),
    /// The same and its number; one schema has it.
    Version(AuditLogActionId, u32),
}

/// What an event in an audit log can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AuditLogEventKey {
    /// Whose log it is in.
    Organization(OrganizationId),
    /// The same and the name of its action.
    Action(OrganizationId, Box<str>),
    /// The same and the id of its actor.
    ActorId(OrganizationId, Box<str>),
    /// The same and the name of its actor.
    ActorName(OrganizationId, Box<str>),
    /// The same and the kind of one of its targets.
    Target(OrganizationId, Box<str>),
    /// The same and the id of one of its targets.
    TargetId(OrganizationId, Box<str>),
}

/// What an export can be found by: whose log it is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ExportKey(pub(crate) OrganizationId);

/// What an address of an export can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DownloadKey {
    /// Its token; one address has it.
    Token(SecretHash),
    /// The export that it leads to.
    Export(AuditLogExportId),
}

/// What settings can be found by: whose they are; an organization has one set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SettingsKey(pub(crate) OrganizationId);

impl Record for AuditLogAction {
    type Key = ActionKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = AuditLogActionId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ActionKey> {
        vec![ActionKey(self.name.as_str().into())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_actions
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_actions
    }
}

impl Record for AuditLogSchema {
    type Key = SchemaKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = AuditLogSchemaId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<SchemaKey> {
        let action = self.action_id.clone();
        vec![
            SchemaKey::Version(action.clone(), self.version),
            SchemaKey::Action(action),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_schemas
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_schemas
    }
}

impl Record for AuditLogEvent {
    type Key = AuditLogEventKey;
    type Rows = AnyOrder<Self>;

    const PREFIX: &'static str = AuditLogEventId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<AuditLogEventKey> {
        let organization = || self.organization_id.clone();
        let actor = &self.entry.actor;
        let mut keys = vec![
            AuditLogEventKey::Organization(organization()),
            AuditLogEventKey::Action(organization(), self.entry.action.as_str().into()),
            AuditLogEventKey::ActorId(organization(), actor.id.as_str().into()),
        ];
        let name = actor.name.as_deref();
        keys.extend(name.map(|name| AuditLogEventKey::ActorName(organization(), name.into())));
        let kinds = self.entry.targets.iter().map(|target| target.kind.as_str());
        keys.extend(kinds.map(|kind| AuditLogEventKey::Target(organization(), kind.into())));
        let ids = self.entry.targets.iter().map(|target| target.id.as_str());
        keys.extend(ids.map(|id| AuditLogEventKey::TargetId(organization(), id.into())));
        keys
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_events
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_events
    }
}

impl Record for AuditLogExport {
    type Key = ExportKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = AuditLogExportId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ExportKey> {
        vec![ExportKey(self.organization_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_exports
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_exports
    }
}

impl Record for AuditLogDownload {
    type Key = DownloadKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = AuditLogDownloadId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DownloadKey> {
        vec![
            DownloadKey::Token(self.token),
            DownloadKey::Export(self.export_id.clone()),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_downloads
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_downloads
    }
}

impl Record for AuditLogSettings {
    type Key = SettingsKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = AuditLogSettingsId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<SettingsKey> {
        vec![SettingsKey(self.organization_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.audit_log_settings
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.audit_log_settings
    }
}
