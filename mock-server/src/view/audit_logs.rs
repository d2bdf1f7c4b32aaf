//! Actions, schemas, exports and settings of audit logs, and their events as rows of a file.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Time;
use super::log_streams::LogStreamView;
use crate::domain::audit_log::entry::Party;
use crate::domain::audit_log::export::{ExportState, SeenExport};
use crate::domain::audit_log::metadata::MetadataSchema;
use crate::domain::audit_log::retention::Configuration;
use crate::domain::audit_log::{AuditLogAction, AuditLogEvent, AuditLogSchema};
use crate::domain::ids::Id as _;

/// A version of an action's schema.
#[derive(Serialize)]
pub(crate) struct SchemaView<'a> {
    object: &'static str,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<ActorView<'a>>,
    targets: Vec<TargetView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Value>,
    created_at: Time,
}

#[derive(Serialize)]
struct ActorView<'a> {
    metadata: &'a Value,
}

#[derive(Serialize)]
struct TargetView<'a> {
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Value>,
}

impl<'a> SchemaView<'a> {
    pub(crate) fn new(schema: &'a AuditLogSchema) -> Self {
        let rules = &schema.rules;
        let targets = rules.targets.iter().map(|target| TargetView {
            r#type: &target.kind,
            metadata: target.metadata.as_ref().map(MetadataSchema::schema),
        });
        let actor = rules.actor.as_ref().map(MetadataSchema::schema);
        Self {
            object: "audit_log_schema",
            version: schema.version,
            actor: actor.map(|metadata| ActorView { metadata }),
            targets: targets.collect(),
            metadata: rules.metadata.as_ref().map(MetadataSchema::schema),
            created_at: Time(schema.created_at),
        }
    }
}

/// An action with the newest version of its schema.
#[derive(Serialize)]
pub(crate) struct ActionView<'a> {
    object: &'static str,
    name: &'a str,
    schema: SchemaView<'a>,
    created_at: Time,
    updated_at: Time,
}

impl<'a> ActionView<'a> {
    pub(crate) fn new(action: &'a AuditLogAction) -> Self {
        Self {
            object: "audit_log_action",
            name: &action.name,
            schema: SchemaView::new(&action.newest),
            created_at: Time(action.created_at),
            updated_at: Time(action.updated_at),
        }
    }
}

/// An export.
#[derive(Serialize)]
pub(crate) struct ExportView<'a> {
    object: &'static str,
    id: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    created_at: Time,
    updated_at: Time,
}

impl<'a> ExportView<'a> {
    /// `address` makes the address of a file from what opens it.
    pub(crate) fn new(seen: &'a SeenExport, address: impl Fn(&str) -> String) -> Self {
        Self {
            object: "audit_log_export",
            id: seen.export.id.as_str(),
            state: match seen.state {
                ExportState::Pending => "pending",
                ExportState::Ready => "ready",
                ExportState::Expired => "expired",
            },
            url: seen.token.as_ref().map(|token| address(token.expose())),
            created_at: Time(seen.export.asked.at),
            updated_at: Time(seen.updated_at),
        }
    }
}

/// What is configured for an organization's audit log. `log_stream` is absent where there is none.
#[derive(Serialize)]
pub(crate) struct ConfigurationView<'a> {
    organization_id: &'a str,
    retention_period_in_days: u16,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_stream: Option<LogStreamView<'a>>,
}

impl<'a> ConfigurationView<'a> {
    pub(crate) fn new(configuration: &'a Configuration) -> Self {
        Self {
            organization_id: configuration.organization_id.as_str(),
            retention_period_in_days: configuration.retention.days(),
            // Every organization's events are taken.
            state: "active",
            log_stream: configuration.log_stream.as_deref().map(LogStreamView::new),
        }
    }
}

/// The columns of an export's file. `WorkOS` does not document its own.
pub(crate) const COLUMNS: [&str; 12] = [
    "id",
    "occurred_at",
    "action",
    "version",
    "actor_id",
    "actor_type",
    "actor_name",
    "actor_metadata",
    "targets",
    "context_location",
    "context_user_agent",
    "metadata",
];

/// An event as a row of an export's file. Targets and metadata are JSON; what is missing is empty.
pub(crate) fn row(event: &AuditLogEvent) -> [String; COLUMNS.len()] {
    let entry = &event.entry;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let targets: Vec<_> = entry.targets.iter().map(PartyView::new).collect();
    [
        event.id.to_string(),
        format!("{:.3}", entry.occurred_at),
        entry.action.clone(),
        event.version.to_string(),
        entry.actor.id.clone(),
        entry.actor.kind.clone(),
        text(&entry.actor.name),
        json(entry.actor.metadata.as_ref()),
        serde_json::to_string(&targets).unwrap_or_default(),
        entry.context.location.clone(),
        text(&entry.context.user_agent),
        json(entry.metadata.as_ref()),
    ]
}

fn json(metadata: Option<&Map<String, Value>>) -> String {
    metadata
        .and_then(|metadata| serde_json::to_string(metadata).ok())
        .unwrap_or_default()
}

/// An event as log streams carry it.
#[derive(Serialize)]
pub(super) struct EntryView<'a> {
    id: &'a str,
    action: &'a str,
    targets: Vec<PartyView<'a>>,
    actor: PartyView<'a>,
    context: ContextView<'a>,
    occurred_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
}

impl<'a> EntryView<'a> {
    pub(super) fn new(event: &'a AuditLogEvent) -> Self {
        let entry = &event.entry;
        Self {
            id: event.id.as_str(),
            action: &entry.action,
            targets: entry.targets.iter().map(PartyView::new).collect(),
            actor: PartyView::new(&entry.actor),
            context: ContextView {
                location: &entry.context.location,
                user_agent: entry.context.user_agent.as_deref(),
            },
            occurred_at: Time(entry.occurred_at),
            metadata: entry.metadata.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct ContextView<'a> {
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
}

#[derive(Serialize)]
struct PartyView<'a> {
    id: &'a str,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
}

impl<'a> PartyView<'a> {
    fn new(party: &'a Party) -> Self {
        Self {
            id: &party.id,
            r#type: &party.kind,
            name: party.name.as_deref(),
            metadata: party.metadata.as_ref(),
        }
    }
}
