//! Groups of directories.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::directory_user::DirectoryUser;
use super::ids::{DirectoryGroupId, DirectoryId, OrganizationId};

/// A group of a directory. Who is in it is told by the users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectoryGroup {
    pub(crate) id: DirectoryGroupId,
    pub(crate) directory_id: DirectoryId,
    pub(crate) organization_id: OrganizationId,
    /// What the provider calls the group; no other group of the directory has it.
    pub(crate) idp_id: String,
    pub(crate) attributes: GroupAttributes,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What a provider says of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupAttributes {
    pub(crate) name: String,
    pub(crate) raw_attributes: Map<String, Value>,
}

/// What happened to a group, with the group as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DirectoryGroupEvent {
    Created(Arc<DirectoryGroup>),
    Updated {
        group: Arc<DirectoryGroup>,
        before: Arc<DirectoryGroup>,
    },
    /// It is gone; that its users left it is not told besides.
    Deleted(Arc<DirectoryGroup>),
    UserAdded {
        group: Arc<DirectoryGroup>,
        user: Arc<DirectoryUser>,
    },
    UserRemoved {
        group: Arc<DirectoryGroup>,
        user: Arc<DirectoryUser>,
    },
}

impl DirectoryGroupEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "dsync.group.created",
            Self::Updated { .. } => "dsync.group.updated",
            Self::Deleted(_) => "dsync.group.deleted",
            Self::UserAdded { .. } => "dsync.group.user_added",
            Self::UserRemoved { .. } => "dsync.group.user_removed",
        }
    }

    pub(crate) fn group(&self) -> &DirectoryGroup {
        let (Self::Created(group)
        | Self::Updated { group, .. }
        | Self::Deleted(group)
        | Self::UserAdded { group, .. }
        | Self::UserRemoved { group, .. }) = self;
        group
    }
}
