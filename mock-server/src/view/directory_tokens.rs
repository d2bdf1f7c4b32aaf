//! Bearer tokens of directories, as events tell of them.

use serde::Serialize;

use super::Time;
use crate::domain::directory_token::DirectoryTokenEvent;
use crate::domain::ids::Id as _;

/// A token, which is never shown itself.
#[derive(Serialize)]
pub(super) struct DirectoryTokenView<'a> {
    object: &'static str,
    id: &'a str,
    directory_id: &'a str,
    organization_id: &'a str,
    token_suffix: &'a str,
    created_at: Time,
}

impl<'a> DirectoryTokenView<'a> {
    pub(super) fn new(event: &'a DirectoryTokenEvent) -> Self {
        Self {
            object: "directory_token",
            id: event.id.as_str(),
            directory_id: event.directory_id.as_str(),
            organization_id: event.organization_id.as_str(),
            token_suffix: &event.suffix,
            created_at: Time(event.created_at),
        }
    }
}
