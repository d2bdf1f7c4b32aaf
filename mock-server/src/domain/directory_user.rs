//! Users of directories.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::{DirectoryGroupId, DirectoryId, DirectoryUserId, OrganizationId};

/// A user of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectoryUser {
    pub(crate) id: DirectoryUserId,
    pub(crate) directory_id: DirectoryId,
    pub(crate) organization_id: OrganizationId,
    /// What the provider calls the user; no other user of the directory has it.
    pub(crate) idp_id: String,
    pub(crate) attributes: UserAttributes,
    /// The groups that the user is in, in the order of joining. Joining and leaving leave `updated_at`, as they do at
    /// `WorkOS`.
    pub(crate) groups: Vec<DirectoryGroupId>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What a provider says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserAttributes {
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) emails: Vec<UserEmail>,
    pub(crate) job_title: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) state: UserState,
    pub(crate) raw_attributes: Map<String, Value>,
    pub(crate) custom_attributes: Map<String, Value>,
    /// The slugs of the user's roles. The first is the one that old clients know.
    pub(crate) roles: Vec<String>,
}

/// An address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DirectoryUserEmail")]
pub(crate) struct UserEmail {
    /// Whether it is the main one.
    pub(crate) primary: bool,
    /// What it is for.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The address itself.
    pub(crate) value: Option<String>,
}

impl UserEmail {
    /// The one address of somebody.
    pub(crate) fn work(email: &str) -> Self {
        Self {
            primary: true,
            kind: "work".to_owned(),
            value: Some(email.to_owned()),
        }
    }
}

/// Whether a user may still do anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DirectoryUserState")]
pub enum UserState {
    /// The user may do everything.
    #[default]
    Active,
    /// The user may do nothing for a while.
    Suspended,
    /// The user may do nothing any more.
    Inactive,
}

impl UserState {
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Inactive];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Inactive => "inactive",
        }
    }
}

/// What happened to a user, with the user as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DirectoryUserEvent {
    Created(Arc<DirectoryUser>),
    Updated {
        user: Arc<DirectoryUser>,
        before: Arc<DirectoryUser>,
    },
    Deleted(Arc<DirectoryUser>),
}

impl DirectoryUserEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "dsync.user.created",
            Self::Updated { .. } => "dsync.user.updated",
            Self::Deleted(_) => "dsync.user.deleted",
        }
    }

    pub(crate) fn user(&self) -> &DirectoryUser {
        let (Self::Created(user) | Self::Updated { user, .. } | Self::Deleted(user)) = self;
        user
    }
}
