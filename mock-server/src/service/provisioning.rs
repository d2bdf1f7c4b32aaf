//! What a provider does to a directory after its first sync: users and groups come, change and go. Each change records its
//! event, and a change of nothing is none.

use std::sync::Arc;

use super::population::{NewGroup, NewUser};
use super::{Work, directories, directory_groups, directory_users, samples};
use crate::domain::Error;
use crate::domain::directory::{Counts, Directory};
use crate::domain::directory_group::{DirectoryGroup, DirectoryGroupEvent, GroupAttributes};
use crate::domain::directory_user::{DirectoryUser, DirectoryUserEvent, UserAttributes, UserState};
use crate::domain::error::{Rule, Violation};
use crate::domain::ids::{DirectoryGroupId, DirectoryId, DirectoryUserId, Id as _};
use crate::environment::Environment;
use crate::store::{DirectoryGroupKey, DirectoryUserKey};

/// Adds a user to a directory. What the provider calls the user is made up unless it is given.
///
/// # Errors
/// There is no such directory, or another of its users has this `idp_id`.
pub(crate) fn add_user(
    environment: &Environment,
    directory: &str,
    new: NewUser,
) -> Result<Arc<DirectoryUser>, Error> {
    let mut work = Work::begin(environment);
    let user = add_user_in(&mut work, directory, new)?;
    work.commit();
    Ok(user)
}

/// As [`add_user`], within other work.
pub(super) fn add_user_in(
    work: &mut Work<'_>,
    directory: &str,
    new: NewUser,
) -> Result<Arc<DirectoryUser>, Error> {
    let directory = directories::find(work, directory)?;
    let NewUser { idp_id, attributes } = new;
    let idp_id = idp_id.unwrap_or_else(|| samples::idp_id(&mut work.random().samples()));
    let key = DirectoryUserKey::IdpId(directory.id.clone(), idp_id.as_str().into());
    if work.find::<DirectoryUser>(&key).is_some() {
        return Err(taken(&idp_id));
    }
    let now = work.at();
    let id = DirectoryUserId::new(work.ulid());
    count(work, &directory.id, |counts| {
        *counts.users_in(attributes.state) += 1;
    });
    let user = work.insert(DirectoryUser {
        id,
        directory_id: directory.id.clone(),
        organization_id: directory.organization_id.clone(),
        idp_id,
        attributes,
        groups: Vec::new(),
        created_at: now,
        updated_at: now,
    });
    work.record(DirectoryUserEvent::Created(Arc::clone(&user)));
    Ok(user)
}

/// Changes the attributes of a user. A user who becomes inactive is deleted, as environments of `WorkOS` do that were made
/// after October 2023: then nothing is returned.
///
/// # Errors
/// There is no such user.
pub(crate) fn update_user(
    environment: &Environment,
    id: &str,
    change: impl FnOnce(&mut UserAttributes),
) -> Result<Option<Arc<DirectoryUser>>, Error> {
    let mut work = Work::begin(environment);
    let mut attributes = directory_users::find(&work, id)?.attributes.clone();
    change(&mut attributes);
    let user = update_user_in(&mut work, id, attributes)?;
    work.commit();
    Ok(user)
}

/// Gives a user new attributes in the place of all it has, as [`update_user`] does, within other work.
pub(super) fn update_user_in(
    work: &mut Work<'_>,
    id: &str,
    attributes: UserAttributes,
) -> Result<Option<Arc<DirectoryUser>>, Error> {
    let before = directory_users::find(work, id)?;
    if before.attributes == attributes {
        return Ok(Some(before));
    }
    let (was, is) = (before.attributes.state, attributes.state);
    let user = DirectoryUser {
        attributes,
        updated_at: work.at(),
        ..DirectoryUser::clone(&before)
    };
    if is == UserState::Inactive && was != UserState::Inactive {
        delete_user(work, &before, Arc::new(user));
        return Ok(None);
    }
    count(work, &user.directory_id, |counts| {
        *counts.users_in(was) -= 1;
        *counts.users_in(is) += 1;
    });
    let user = work.update(user);
    work.record(DirectoryUserEvent::Updated {
        user: Arc::clone(&user),
        before,
    });
    Ok(Some(user))
}

/// Deletes a user. That it leaves its groups is not told besides.
///
/// # Errors
/// There is no such user.
pub(crate) fn remove_user(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    remove_user_in(&mut work, id)?;
    work.commit();
    Ok(())
}

/// As [`remove_user`], within other work.
pub(super) fn remove_user_in(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let user = directory_users::find(work, id)?;
    delete_user(work, &user, Arc::clone(&user));
    Ok(())
}

/// Deletes `user`, of whom the event tells as of `last`.
fn delete_user(work: &mut Work<'_>, user: &DirectoryUser, last: Arc<DirectoryUser>) {
    work.delete::<DirectoryUser>(user.id.as_str());
    count(work, &user.directory_id, |counts| {
        *counts.users_in(user.attributes.state) -= 1;
    });
    work.record(DirectoryUserEvent::Deleted(last));
}

/// Adds a group to a directory, with the users that it lists. What the provider calls the group is made up unless it is given.
///
/// # Errors
/// There is no such directory, another of its groups has this `idp_id`, or somebody listed is not among its users.
pub(crate) fn add_group(
    environment: &Environment,
    directory: &str,
    new: NewGroup,
) -> Result<Arc<DirectoryGroup>, Error> {
    let mut work = Work::begin(environment);
    let group = add_group_in(&mut work, directory, new)?;
    work.commit();
    Ok(group)
}

/// As [`add_group`], within other work.
pub(super) fn add_group_in(
    work: &mut Work<'_>,
    directory: &str,
    new: NewGroup,
) -> Result<Arc<DirectoryGroup>, Error> {
    let directory = directories::find(work, directory)?;
    let NewGroup {
        idp_id,
        attributes,
        members,
    } = new;
    let idp_id = idp_id.unwrap_or_else(|| samples::idp_id(&mut work.random().samples()));
    let key = DirectoryGroupKey::IdpId(directory.id.clone(), idp_id.as_str().into());
    if work.find::<DirectoryGroup>(&key).is_some() {
        return Err(taken(&idp_id));
    }
    let members = listed(work, &directory.id, &members)?;
    let now = work.at();
    let id = DirectoryGroupId::new(work.ulid());
    count(work, &directory.id, |counts| counts.groups += 1);
    let group = work.insert(DirectoryGroup {
        id,
        directory_id: directory.id.clone(),
        organization_id: directory.organization_id.clone(),
        idp_id,
        attributes,
        created_at: now,
        updated_at: now,
    });
    work.record(DirectoryGroupEvent::Created(Arc::clone(&group)));
    for user in members {
        change_membership(work, group.id.as_str(), user.as_str(), true)?;
    }
    Ok(group)
}

/// The users of a directory that a group lists, each by what the provider calls it or by an address.
fn listed(
    work: &Work<'_>,
    directory: &DirectoryId,
    members: &[String],
) -> Result<Vec<DirectoryUserId>, Error> {
    let mut found = Vec::with_capacity(members.len());
    let mut violations = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let idp_id = DirectoryUserKey::IdpId(directory.clone(), member.as_str().into());
        let email = DirectoryUserKey::email(directory.clone(), member);
        let user = work.find::<DirectoryUser>(&idp_id);
        match user.or_else(|| work.find::<DirectoryUser>(&email)) {
            Some(user) => found.push(user.id.clone()),
            None => violations.push(Violation::new(
                format!("members.{at}"),
                Rule::Value,
                format!("No user has '{member}' for an idp_id or an email."),
            )),
        }
    }
    if violations.is_empty() {
        Ok(found)
    } else {
        Err(Error::Invalid(violations))
    }
}

/// Changes the attributes of a group.
///
/// # Errors
/// There is no such group.
pub(crate) fn update_group(
    environment: &Environment,
    id: &str,
    change: impl FnOnce(&mut GroupAttributes),
) -> Result<Arc<DirectoryGroup>, Error> {
    let mut work = Work::begin(environment);
    let before = directory_groups::find(&work, id)?;
    let mut attributes = before.attributes.clone();
    change(&mut attributes);
    if before.attributes == attributes {
        return Ok(before);
    }
    let updated_at = work.at();
    let group = work.update(DirectoryGroup {
        attributes,
        updated_at,
        ..DirectoryGroup::clone(&before)
    });
    work.record(DirectoryGroupEvent::Updated {
        group: Arc::clone(&group),
        before,
    });
    work.commit();
    Ok(group)
}

/// Deletes a group. Its users leave it, which is not told besides.
///
/// # Errors
/// There is no such group.
pub(crate) fn remove_group(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    remove_group_in(&mut work, id)?;
    work.commit();
    Ok(())
}

/// As [`remove_group`], within other work.
pub(super) fn remove_group_in(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let group = directory_groups::find(work, id)?;
    for user in work.find_all::<DirectoryUser>(&DirectoryUserKey::Group(group.id.clone())) {
        let mut user = DirectoryUser::clone(&user);
        user.groups.retain(|id| *id != group.id);
        work.update(user);
    }
    work.delete::<DirectoryGroup>(id);
    count(work, &group.directory_id, |counts| counts.groups -= 1);
    work.record(DirectoryGroupEvent::Deleted(group));
    Ok(())
}

/// Takes a user into a group of the same directory. Whoever is in it already stays.
///
/// # Errors
/// There is no such group, or no such user in its directory.
pub(crate) fn join(environment: &Environment, group: &str, user: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    change_membership(&mut work, group, user, true)?;
    work.commit();
    Ok(())
}

/// Takes a user out of a group. Whoever is not in it stays out.
///
/// # Errors
/// There is no such group, or no such user in its directory.
pub(crate) fn leave(environment: &Environment, group: &str, user: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    change_membership(&mut work, group, user, false)?;
    work.commit();
    Ok(())
}

/// As [`join`] or [`leave`], within other work.
pub(super) fn change_membership(
    work: &mut Work<'_>,
    group: &str,
    user: &str,
    is_member: bool,
) -> Result<(), Error> {
    let group = directory_groups::find(work, group)?;
    let before = directory_users::find(work, user)?;
    if before.directory_id != group.directory_id {
        let message = "The user is in another directory than the group.";
        return Err(Violation::new("user", Rule::Value, message).into());
    }
    if before.groups.contains(&group.id) == is_member {
        return Ok(());
    }
    let mut user = DirectoryUser::clone(&before);
    if is_member {
        user.groups.push(group.id.clone());
    } else {
        user.groups.retain(|id| *id != group.id);
    }
    let user = work.update(user);
    work.record(if is_member {
        DirectoryGroupEvent::UserAdded { group, user }
    } else {
        DirectoryGroupEvent::UserRemoved { group, user }
    });
    Ok(())
}

fn count(work: &mut Work<'_>, directory: &DirectoryId, change: impl FnOnce(&mut Counts)) {
    if let Some(directory) = work.get::<Directory>(directory.as_str()) {
        let mut directory = Directory::clone(&directory);
        change(&mut directory.counts);
        work.update(directory);
    }
}

fn taken(idp_id: &str) -> Error {
    let message = format!("The directory has another one with the idp_id '{idp_id}'.");
    Violation::new("idp_id", Rule::Duplicate, message).into()
}
