//! How a directory is set up: what the API does not show of it.

use jiff::Timestamp;

use super::attribute_map::AttributeMap;
use super::directory_group::GroupAttributes;
use super::directory_token::DirectoryToken;
use super::ids::{DirectoryId, DirectorySetupId};

/// How a directory is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectorySetup {
    pub(crate) id: DirectorySetupId,
    pub(crate) directory_id: DirectoryId,
    /// What a provider that sends by SCIM shows.
    pub(crate) token: Option<DirectoryToken>,
    /// What was given to reach the provider by, as label and value; secrets are not kept.
    pub(crate) reached_by: Vec<(&'static str, String)>,
    /// Whether the provider can be reached, as far as is known.
    pub(crate) is_connected: bool,
    pub(crate) size: SampleSize,
    /// The groups that are to come, by name; nothing until they are chosen.
    pub(crate) chosen_groups: Option<Vec<String>>,
    /// Nothing until it is decided.
    pub(crate) attributes: Option<AttributeMap>,
    /// The groups of the provider that are not synced.
    pub(crate) left_out: Vec<LeftOutGroup>,
    /// When the first sync was.
    pub(crate) synced_at: Option<Timestamp>,
}

/// How many people and groups the made-up directory of a provider has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SampleSize {
    pub(crate) users: usize,
    pub(crate) groups: usize,
}

impl Default for SampleSize {
    /// Five people in two groups.
    fn default() -> Self {
        Self {
            users: 5,
            groups: 2,
        }
    }
}

/// A group that the provider has and the directory has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOutGroup {
    pub(crate) idp_id: String,
    pub(crate) attributes: GroupAttributes,
    /// Who is in it, by what the provider calls them.
    pub(crate) members: Vec<String>,
}

impl DirectorySetup {
    /// That of a directory of which nothing is known but its type.
    pub(crate) fn new(id: DirectorySetupId, directory_id: DirectoryId) -> Self {
        Self {
            id,
            directory_id,
            token: None,
            reached_by: Vec::new(),
            is_connected: false,
            size: SampleSize::default(),
            chosen_groups: None,
            attributes: None,
            left_out: Vec::new(),
            synced_at: None,
        }
    }

    /// What was given under a label.
    pub(crate) fn given(&self, label: &str) -> Option<&str> {
        let mut given = self.reached_by.iter();
        let found = given.find(|(known, _)| *known == label);
        found.map(|(_, value)| value.as_str())
    }
}
