//! What can happen in the app, with the schemas of its audit log events.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something that can happen in the app.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedAuditLogAction")]
pub struct AuditLogAction {
    /// What it is called, such as `user.signed_in`. No other action is called so.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Its id: `ala_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The versions of its schema, the oldest first.
    #[schemars(length(min = 1))]
    pub versions: Vec<AuditLogVersion>,
    /// When it was made. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl AuditLogAction {
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Option<String>> {
        let versions = self.versions.iter().map(|version| &version.id);
        [&self.id].into_iter().chain(versions)
    }
}

/// A version of what the events of an action have to be like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedAuditLogVersion")]
pub struct AuditLogVersion {
    /// Its id: `als_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The kinds of targets that every event has.
    #[schemars(length(min = 1))]
    pub targets: Vec<AuditLogTarget>,
    /// The JSON Schema of the actor's metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_metadata: Option<Map<String, Value>>,
    /// The JSON Schema of the event's metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// When it was made. Usually when its action was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// A kind of target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedAuditLogTarget")]
pub struct AuditLogTarget {
    /// What it is called, such as `user`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The JSON Schema of its metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
}
