//! What an app tells about one event.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Who did what to which things, when and from where.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Entry {
    /// The name of the action.
    pub(crate) action: String,
    pub(crate) occurred_at: Timestamp,
    pub(crate) actor: Party,
    pub(crate) targets: Vec<Party>,
    pub(crate) context: Context,
    #[serde(default)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// The version of the action's schema that it is made for; the newest when it does not say.
    #[serde(default)]
    pub(crate) version: Option<u32>,
}

/// Who acted, or what was acted upon.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Party {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) metadata: Option<Map<String, Value>>,
}

/// Where something was done from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Context {
    pub(crate) location: String,
    #[serde(default)]
    pub(crate) user_agent: Option<String>,
}
