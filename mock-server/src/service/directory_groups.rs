//! Groups of directories: find them.

use std::sync::Arc;

use super::{Work, directories, directory_users};
use crate::domain::Error;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::error::Entity;
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{DirectoryGroupKey, EVERYWHERE, Query};

/// Which groups are to be listed. A list without a directory and without a user is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListDirectoryGroups {
    pub(crate) page: PageRequest,
    /// Those of this directory.
    pub(crate) directory: Option<String>,
    /// Those that this user is in.
    pub(crate) user: Option<String>,
}

/// The group with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<DirectoryGroup>, Error> {
    find(&Work::begin(environment), id)
}

/// A page of groups.
///
/// # Errors
/// Neither a directory nor a user is given, or none with that id is there; a cursor is no group's id, or there are two.
pub(crate) fn list(
    environment: &Environment,
    list: &ListDirectoryGroups,
) -> Result<Page<DirectoryGroup>, Error> {
    if list.directory.is_none() && list.user.is_none() {
        let violations = directory_users::either("directory", "user");
        return Err(Error::Invalid(violations.to_vec()));
    }
    let work = Work::begin(environment);
    let directory = list.directory.as_deref();
    let directory = directory
        .map(|id| directories::find(&work, id))
        .transpose()?;
    let user = list.user.as_deref();
    let user = user
        .map(|id| directory_users::find(&work, id))
        .transpose()?;
    // A user's groups are in the user's directory, and in no other.
    let keys = match (directory, user) {
        (Some(directory), Some(user)) if user.directory_id != directory.id => Vec::new(),
        (_, Some(user)) => user
            .groups
            .iter()
            .cloned()
            .map(DirectoryGroupKey::Id)
            .collect(),
        (directory, None) => directory
            .iter()
            .map(|directory| DirectoryGroupKey::Directory(directory.id.clone()))
            .collect(),
    };
    let filters = vec![keys];
    work.list(&Query {
        filters,
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })
}

pub(super) fn find(work: &Work<'_>, id: &str) -> Result<Arc<DirectoryGroup>, Error> {
    work.get(id).ok_or_else(|| Error::NotFound {
        entity: Entity::DirectoryGroup,
        id: id.to_owned(),
    })
}
