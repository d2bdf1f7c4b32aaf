//! Keys of organizations. The events are `WorkOS`'s; the object is ours, as its API shows none.

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
#[derive(Serialize)]
pub(super) struct ByokKeyView<'a> {
    object: &'static str,
    id: &'a str,
    organization_id: &'a str,
    key_provider: &'static str,
    state: &'static str,
    created_at: Time,
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
