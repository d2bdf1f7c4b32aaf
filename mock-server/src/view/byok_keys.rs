//! Keys of organizations. The events are `WorkOS`'s; the object is ours, as its API shows none.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::domain::byok_key::{ByokKey, ByokKeyEvent, KeyChange};
use crate::domain::ids::Id as _;

/// What events tell of a key.
#[derive(Serialize)]
pub(super) struct ByokKeyEventView<'a> {
    organization_id: &'a str,
    key_provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
}

impl<'a> ByokKeyEventView<'a> {
    pub(super) fn new(event: &'a ByokKeyEvent) -> Self {
        Self {
            organization_id: event.organization_id.as_str(),
            key_provider: event.provider.as_str(),
            verified: match event.what {
                KeyChange::VerificationCompleted { verified } => Some(verified),
                KeyChange::Deleted => None,
            },
        }
    }
}

/// A key, for whoever made it in the portal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ByokKey")]
pub(super) struct ByokKeyView<'a> {
    /// Always `byok_key`.
    #[schemars(extend("const" = "byok_key"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization whose key it is.
    organization_id: &'a str,
    /// The service that keeps it.
    #[schemars(extend("enum" = ["AWS_KMS", "GCP_KMS", "AZURE_KEY_VAULT"]))]
    key_provider: &'static str,
    /// Whether it can be used, as far as is known.
    #[schemars(extend("enum" = ["pending", "verified", "failed"]))]
    state: &'static str,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

impl<'a> ByokKeyView<'a> {
    pub(super) fn new(key: &'a ByokKey) -> Self {
        Self {
            object: "byok_key",
            id: key.id.as_str(),
            organization_id: key.organization_id.as_str(),
            key_provider: key.provider.as_str(),
            state: key.state.as_str(),
            created_at: Time(key.created_at),
            updated_at: Time(key.updated_at),
        }
    }
}
