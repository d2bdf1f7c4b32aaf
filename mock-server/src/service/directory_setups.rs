//! How directories are set up and kept: what a customer's administrator does to one.

use std::sync::Arc;

use super::population::{NewGroup, Plan, Populace};
use super::{Work, directories, provisioning};
use crate::domain::Error;
use crate::domain::attribute_map::{self, AttributeMap};
use crate::domain::directory::{Counts, Directory, DirectoryState, DirectoryType};
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_setup::{DirectorySetup, LeftOutGroup, SampleSize};
use crate::domain::directory_token::{DirectoryToken, DirectoryTokenEvent, TokenChange};
use crate::domain::directory_user::DirectoryUser;
use crate::domain::ids::{DirectorySetupId, DirectoryTokenId, Id as _, OrganizationId};
use crate::domain::organization::Organization;
use crate::store::{DirectoryGroupKey, DirectoryKey, DirectorySetupKey, DirectoryUserKey};

/// The directory of an organization that is managed: the last one that is not being removed.
pub(super) fn managed(work: &Work<'_>, organization: &OrganizationId) -> Option<Arc<Directory>> {
    let key = DirectoryKey::Organization(organization.clone());
    let directories = work.find_all::<Directory>(&key).into_iter().rev();
    let mut directories = directories.filter(|one| one.state != DirectoryState::Deleting);
    directories.next()
}

/// How a directory is set up, as far as anything is known of it.
pub(super) fn of(work: &Work<'_>, directory: &Directory) -> Option<Arc<DirectorySetup>> {
    work.find(&DirectorySetupKey::Directory(directory.id.clone()))
}

fn change(work: &mut Work<'_>, directory: &Directory, change: impl FnOnce(&mut DirectorySetup)) {
    if let Some(setup) = of(work, directory) {
        let mut setup = DirectorySetup::clone(&setup);
        change(&mut setup);
        work.update(setup);
    } else {
        // A test made the directory, and nothing is known of its setup.
        let id = DirectorySetupId::new(work.ulid());
        let mut setup = DirectorySetup::new(id, directory.id.clone());
        change(&mut setup);
        work.insert(setup);
    }
}

/// Begins to set up a directory. It is validating until its first sync: of the states that the API knows, that is the one
/// for settings that nothing is known of yet; unlinked are directories that were cut off.
pub(super) fn begin(work: &mut Work<'_>, organization: &Organization, kind: DirectoryType) {
    let directory = directories::empty(work, organization, kind, DirectoryState::Validating);
    let directory = work.insert(directory);
    change(work, &directory, |_| {});
    if kind.is_scim() {
        make_token(work, &directory);
    }
}

/// Takes another provider for a directory that is being set up. What was given for the one before is forgotten.
pub(super) fn change_provider(work: &mut Work<'_>, directory: &Directory, kind: DirectoryType) {
    if directory.kind == kind {
        return;
    }
    let now = work.at();
    let directory = work.update(Directory {
        kind,
        state: DirectoryState::Validating,
        updated_at: now,
        ..directory.clone()
    });
    change(work, &directory, |setup| {
        setup.reached_by = Vec::new();
        setup.is_connected = false;
        setup.attributes = None;
    });
    let has_token = of(work, &directory).is_some_and(|setup| setup.token.is_some());
    match (kind.is_scim(), has_token) {
        (true, false) => make_token(work, &directory),
        (false, true) => revoke_token(work, &directory),
        (true, true) | (false, false) => {}
    }
}

/// What an administrator says to reach the provider by, and what comes of it.
pub(super) struct Contact {
    pub(super) reached_by: Vec<(&'static str, String)>,
    pub(super) size: SampleSize,
    pub(super) is_accepted: bool,
}

/// Notes how the provider is reached. When it is, the token is shown no more.
pub(super) fn connect(work: &mut Work<'_>, directory: &Directory, contact: Contact) {
    let state = if contact.is_accepted {
        DirectoryState::Validating
    } else {
        DirectoryState::InvalidCredentials
    };
    let now = work.at();
    let directory = work.update(Directory {
        state,
        updated_at: now,
        ..directory.clone()
    });
    change(work, &directory, |setup| {
        if setup.size.groups != contact.size.groups {
            setup.chosen_groups = None;
        }
        setup.size = contact.size;
        setup.reached_by = contact.reached_by;
        setup.is_connected = contact.is_accepted;
    });
    if contact.is_accepted {
        let token = of(work, &directory).and_then(|setup| setup.token.clone());
        match token {
            Some(_) => hide_token(work, &directory),
            // Of a directory that a test made: the token is there to be seen afterwards.
            None if directory.kind.is_scim() => make_token(work, &directory),
            None => {}
        }
    }
}

/// Chooses which groups are to come, by name.
pub(super) fn choose_groups(work: &mut Work<'_>, directory: &Directory, names: Vec<String>) {
    change(work, directory, |setup| setup.chosen_groups = Some(names));
}

/// Decides what fills the attributes of users. Those who are there already change with it.
///
/// # Errors
/// None that can happen: the users are there.
pub(super) fn map_attributes(
    work: &mut Work<'_>,
    directory: &Directory,
    map: AttributeMap,
) -> Result<(), Error> {
    let before = map_of(work, directory);
    let users = work.find_all::<DirectoryUser>(&DirectoryUserKey::Directory(directory.id.clone()));
    for user in users {
        let mut attributes = user.attributes.clone();
        map.refill(&before, &mut attributes);
        provisioning::update_user_in(work, user.id.as_str(), attributes)?;
    }
    change(work, directory, |setup| setup.attributes = Some(map));
    Ok(())
}

/// What fills the attributes of a directory's users.
pub(super) fn map_of(work: &Work<'_>, directory: &Directory) -> AttributeMap {
    let decided = of(work, directory).and_then(|setup| setup.attributes.clone());
    decided.unwrap_or_else(|| AttributeMap::usual(directory.kind))
}

/// Lets the first sync happen: made-up people, and those of their groups that were chosen.
///
/// # Errors
/// None that can happen: what is made up does not contradict itself.
pub(super) fn sync_first(
    work: &mut Work<'_>,
    directory: &Directory,
    organization: &Organization,
) -> Result<(), Error> {
    let setup = of(work, directory);
    let size = setup.as_ref().map(|setup| setup.size).unwrap_or_default();
    let map = map_of(work, directory);
    let domain = directory.domain.as_ref();
    let mut plan = Plan::new(
        Populace::Samples(size.users),
        Populace::Samples(size.groups),
        domain.map_or("example.com", |domain| domain.as_str()),
        &mut work.random().samples(),
    )
    .map_err(Error::Invalid)?;
    let chosen = setup.and_then(|setup| setup.chosen_groups.clone());
    let left_out = chosen.map_or_else(Vec::new, |names| plan.leave_out(&names));
    for (number, user) in (1_usize..).zip(&mut plan.users) {
        let attributes = &mut user.attributes;
        attributes.raw_attributes =
            attribute_map::raw(directory.kind, attributes, &format!("{number:04}"));
        map.fill(attributes);
    }
    let (had, come) = (directory.counts, plan.counts());
    let now = work.at();
    let directory = work.update(Directory {
        state: DirectoryState::Linked,
        counts: Counts {
            active: had.active + come.active,
            inactive: had.inactive + come.inactive,
            groups: had.groups + come.groups,
        },
        updated_at: now,
        ..directory.clone()
    });
    change(work, &directory, |setup| {
        setup.attributes = Some(map);
        setup.left_out = left_out;
        setup.synced_at = Some(now);
    });
    directories::fill(work, &directory, organization, plan);
    Ok(())
}

/// A group that the provider of a directory has.
pub(super) struct ProvidersGroup {
    pub(super) idp_id: String,
    pub(super) name: String,
    pub(super) is_synced: bool,
}

/// The groups that the provider has, those that are synced first; nothing when there are more than `most`.
pub(super) fn groups(
    work: &Work<'_>,
    directory: &Directory,
    most: usize,
) -> Option<Vec<ProvidersGroup>> {
    let setup = of(work, directory);
    let left_out = setup.as_ref().map_or(&[][..], |setup| &setup.left_out);
    if directory.counts.groups + left_out.len() > most {
        return None;
    }
    let synced = synced_groups(work, directory);
    let synced = synced
        .iter()
        .map(|group| (&group.idp_id, &group.attributes, true));
    let others = left_out
        .iter()
        .map(|group| (&group.idp_id, &group.attributes, false));
    let all = synced
        .chain(others)
        .map(|(idp_id, attributes, is_synced)| ProvidersGroup {
            idp_id: idp_id.clone(),
            name: attributes.name.clone(),
            is_synced,
        });
    Some(all.collect())
}

/// Syncs exactly the groups that the provider calls so. Others go, with who is in them; what comes has its members at once.
///
/// # Errors
/// None that can happen: the groups and the users are there.
pub(super) fn change_groups(
    work: &mut Work<'_>,
    directory: &Directory,
    kept: &[&str],
) -> Result<(), Error> {
    let setup = of(work, directory);
    let left_out = setup.map_or_else(Vec::new, |setup| setup.left_out.clone());
    let (coming, mut left_out): (Vec<_>, Vec<_>) = left_out
        .into_iter()
        .partition(|group| kept.contains(&group.idp_id.as_str()));
    for group in synced_groups(work, directory) {
        if kept.contains(&group.idp_id.as_str()) {
            continue;
        }
        let members = work.find_all::<DirectoryUser>(&DirectoryUserKey::Group(group.id.clone()));
        left_out.push(LeftOutGroup {
            idp_id: group.idp_id.clone(),
            attributes: group.attributes.clone(),
            members: members.iter().map(|user| user.idp_id.clone()).collect(),
        });
        provisioning::remove_group_in(work, group.id.as_str())?;
    }
    for group in coming {
        let taken = DirectoryGroupKey::IdpId(directory.id.clone(), group.idp_id.as_str().into());
        if work.find::<DirectoryGroup>(&taken).is_some() {
            continue;
        }
        let mut members = group.members;
        members.retain(|idp_id| {
            let key = DirectoryUserKey::IdpId(directory.id.clone(), idp_id.as_str().into());
            work.find::<DirectoryUser>(&key).is_some()
        });
        let new = NewGroup {
            idp_id: Some(group.idp_id),
            attributes: group.attributes,
            members,
        };
        provisioning::add_group_in(work, directory.id.as_str(), new)?;
    }
    change(work, directory, |setup| setup.left_out = left_out);
    Ok(())
}

fn synced_groups(work: &Work<'_>, directory: &Directory) -> Vec<Arc<DirectoryGroup>> {
    work.find_all(&DirectoryGroupKey::Directory(directory.id.clone()))
}

/// Gives a directory a new token. The one before lets nobody in any more.
pub(super) fn rotate_token(work: &mut Work<'_>, directory: &Directory) {
    let before = of(work, directory).and_then(|setup| setup.token.clone());
    make_token(work, directory);
    if let Some(before) = before {
        tell(work, directory, &before, TokenChange::Revoked);
    }
}

/// Shows the token of a directory no more.
pub(super) fn hide_token(work: &mut Work<'_>, directory: &Directory) {
    change(work, directory, |setup| {
        if let Some(token) = &mut setup.token {
            token.shown = None;
        }
    });
}

fn make_token(work: &mut Work<'_>, directory: &Directory) {
    let id = DirectoryTokenId::new(work.ulid());
    let token = DirectoryToken::new(id, work.token(), work.at());
    change(work, directory, |setup| setup.token = Some(token.clone()));
    tell(work, directory, &token, TokenChange::Created);
}

fn revoke_token(work: &mut Work<'_>, directory: &Directory) {
    let before = of(work, directory).and_then(|setup| setup.token.clone());
    change(work, directory, |setup| setup.token = None);
    if let Some(before) = before {
        tell(work, directory, &before, TokenChange::Revoked);
    }
}

fn tell(work: &mut Work<'_>, directory: &Directory, token: &DirectoryToken, what: TokenChange) {
    work.record(DirectoryTokenEvent {
        what,
        id: token.id.clone(),
        directory_id: directory.id.clone(),
        organization_id: directory.organization_id.clone(),
        suffix: token.suffix.clone(),
        created_at: token.created_at,
    });
}
