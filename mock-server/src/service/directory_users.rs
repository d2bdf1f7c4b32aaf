//! Users of directories: find them, with the groups they are in.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Work, directories, directory_groups};
use crate::domain::Error;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::{DirectoryGroupId, Id as _};
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{DirectoryUserKey, EVERYWHERE, Query};

/// Which users are to be listed. A list without a directory and without a group is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListDirectoryUsers {
    pub(crate) page: PageRequest,
    /// Those of this directory.
    pub(crate) directory: Option<String>,
    /// Those in this group.
    pub(crate) group: Option<String>,
    /// The one whom the provider calls so. Wants a directory.
    pub(crate) idp_id: Option<String>,
    /// Those with this address, in any case. Wants a directory.
    pub(crate) email: Option<String>,
}

/// The groups that some users are in.
#[derive(Debug, Default)]
pub(crate) struct Groups(HashMap<DirectoryGroupId, Arc<DirectoryGroup>>);

impl Groups {
    /// The groups of one of the users, in the order of joining.
    pub(crate) fn of<'a>(
        &'a self,
        user: &'a DirectoryUser,
    ) -> impl Iterator<Item = &'a DirectoryGroup> {
        let groups = user.groups.iter().filter_map(|id| self.0.get(id));
        groups.map(AsRef::as_ref)
    }

    fn add(&mut self, work: &Work<'_>, user: &DirectoryUser) {
        for id in &user.groups {
            if !self.0.contains_key(id)
                && let Some(group) = work.get(id.as_str())
            {
                self.0.insert(id.clone(), group);
            }
        }
    }
}

/// The user with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(
    environment: &Environment,
    id: &str,
) -> Result<(Arc<DirectoryUser>, Groups), Error> {
    let work = Work::begin(environment);
    let user = find(&work, id)?;
    let mut groups = Groups::default();
    groups.add(&work, &user);
    Ok((user, groups))
}

/// A page of users.
///
/// # Errors
/// Neither a directory nor a group is given, or none with that id is there; other filters are given without a directory; a
/// cursor is no user's id, or there are two.
pub(crate) fn list(
    environment: &Environment,
    list: &ListDirectoryUsers,
) -> Result<(Page<DirectoryUser>, Groups), Error> {
    check(list)?;
    let work = Work::begin(environment);
    let directory = list.directory.as_deref();
    let directory = directory
        .map(|id| directories::find(&work, id))
        .transpose()?;
    let group = list.group.as_deref();
    let group = group
        .map(|id| directory_groups::find(&work, id))
        .transpose()?;
    let mut filters = Vec::new();
    if let Some(directory) = &directory {
        let id = &directory.id;
        let idp_id = list.idp_id.as_deref();
        let idp_id = idp_id.map(|idp_id| DirectoryUserKey::IdpId(id.clone(), idp_id.into()));
        let email = list.email.as_deref();
        let email = email.map(|email| DirectoryUserKey::email(id.clone(), email));
        filters.extend(idp_id.into_iter().chain(email).map(|key| vec![key]));
        // Whoever is in a group is in its directory, and in no other.
        match &group {
            None => filters.push(vec![DirectoryUserKey::Directory(id.clone())]),
            Some(group) if group.directory_id != *id => filters.push(Vec::new()),
            Some(_) => {}
        }
    }
    if let Some(group) = &group {
        filters.push(vec![DirectoryUserKey::Group(group.id.clone())]);
    }
    let page = work.list(&Query {
        filters,
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })?;
    let mut groups = Groups::default();
    for user in &page.items {
        groups.add(&work, user);
    }
    Ok((page, groups))
}

/// Whether the filters go together. The sentence about the first two is the one that clients have seen from `WorkOS`.
fn check(list: &ListDirectoryUsers) -> Result<(), Error> {
    let mut violations = Vec::new();
    if list.directory.is_none() && list.group.is_none() {
        violations.extend(either("directory", "group"));
    } else if list.directory.is_none() {
        let given = [("idp_id", &list.idp_id), ("email", &list.email)];
        for (field, _) in given.into_iter().filter(|(_, value)| value.is_some()) {
            let message = format!("{field} is looked for in a directory: give directory as well.");
            violations.push(Violation::new(field, Rule::Value, message));
        }
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(violations))
    }
}

/// One of two parameters is missing.
pub(super) fn either(one: &str, other: &str) -> [Violation; 2] {
    let message = format!("Please provide either \"{one}\" or \"{other}\" parameters.");
    [one, other].map(|field| Violation::new(field, Rule::Required, message.clone()))
}

pub(super) fn find(work: &Work<'_>, id: &str) -> Result<Arc<DirectoryUser>, Error> {
    work.get(id).ok_or_else(|| Error::NotFound {
        entity: Entity::DirectoryUser,
        id: id.to_owned(),
    })
}
