//! Directories: make, find, sync by hand, delete.

use std::sync::Arc;

use super::Work;
use super::organizations;
use super::population::{NewGroup, NewUser, Plan, Populace};
use crate::domain::Error;
use crate::domain::directory::{Counts, Directory, DirectoryEvent, DirectoryState, DirectoryType};
use crate::domain::directory_group::{DirectoryGroup, DirectoryGroupEvent};
use crate::domain::directory_setup::DirectorySetup;
use crate::domain::directory_user::{DirectoryUser, DirectoryUserEvent};
use crate::domain::domain_name::DomainName;
use crate::domain::error::Entity;
use crate::domain::ids::{DirectoryGroupId, DirectoryId, DirectoryUserId, Id as _, OrganizationId};
use crate::domain::organization::Organization;
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{
    DirectoryGroupKey, DirectoryKey, DirectorySetupKey, DirectoryUserKey, EVERYWHERE, NameSearch,
    Query,
};

/// How many characters an external key of `WorkOS` has.
pub(super) const EXTERNAL_KEY_LENGTH: usize = 16;

/// A directory that is to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewDirectory {
    pub(crate) organization_id: String,
    /// The organization's, unless it is given.
    pub(crate) name: Option<String>,
    /// The organization's first, unless it is given.
    pub(crate) domain: Option<DomainName>,
    pub(crate) kind: DirectoryType,
    pub(crate) state: DirectoryState,
    pub(crate) users: Populace<NewUser>,
    pub(crate) groups: Populace<NewGroup>,
}

/// Which directories are to be listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListDirectories {
    pub(crate) page: PageRequest,
    /// Those of this organization.
    pub(crate) organization_id: Option<String>,
    /// Those with this domain.
    pub(crate) domain: Option<String>,
    /// Those whose name contains this, in any case; one or two characters are looked for where words begin.
    pub(crate) search: Option<String>,
}

/// Makes a directory with its users and groups, as if it were set up and had its first sync: a linked one is activated, then
/// come the users, the groups, and who is in which.
///
/// # Errors
/// There is no such organization, two users or two groups have one name at the provider, or a group lists somebody who is
/// not among the users.
pub(crate) fn create(
    environment: &Environment,
    new: NewDirectory,
) -> Result<Arc<Directory>, Error> {
    let organization = organizations::get(environment, &new.organization_id)?;
    let domain = new
        .domain
        .or_else(|| Some(organization.domains.first()?.name.clone()));
    let plan = Plan::new(
        new.users,
        new.groups,
        domain
            .as_ref()
            .map_or("example.com", |domain| domain.as_str()),
        &mut environment.random.samples(),
    )
    .map_err(Error::Invalid)?;

    let mut work = Work::begin(environment);
    // It may have gone while the plan was made.
    let organization = work
        .get::<Organization>(organization.id.as_str())
        .ok_or_else(|| organizations::not_found(&new.organization_id))?;
    let directory = Directory {
        name: new.name.unwrap_or_else(|| organization.name.clone()),
        domain,
        counts: plan.counts(),
        ..empty(&work, &organization, new.kind, new.state)
    };
    let directory = work.insert(directory);
    fill(&mut work, &directory, &organization, plan);
    work.commit();
    Ok(directory)
}

/// A new directory of an organization, which is not there yet.
pub(super) fn empty(
    work: &Work<'_>,
    organization: &Organization,
    kind: DirectoryType,
    state: DirectoryState,
) -> Directory {
    Directory {
        id: DirectoryId::new(work.ulid()),
        organization_id: organization.id.clone(),
        external_key: work.random().letters_and_digits(EXTERNAL_KEY_LENGTH),
        kind,
        state,
        name: organization.name.clone(),
        domain: organization.domains.first().map(|first| first.name.clone()),
        counts: Counts::default(),
        synced: None,
        created_at: work.at(),
        updated_at: work.at(),
    }
}

/// The first sync of a directory whose counts have it already: activates a linked one, then adds what a plan has.
pub(super) fn fill(
    work: &mut Work<'_>,
    directory: &Arc<Directory>,
    organization: &Organization,
    plan: Plan,
) {
    if directory.state == DirectoryState::Linked {
        work.record(DirectoryEvent::Activated {
            directory: Arc::clone(directory),
            domains: organization.domains.clone(),
        });
    }
    populate(work, directory, plan);
}

fn populate(work: &mut Work<'_>, directory: &Directory, plan: Plan) {
    let now = work.at();
    let group_ids: Vec<_> = plan
        .groups
        .iter()
        .map(|_| DirectoryGroupId::new(work.ulid()))
        .collect();
    let mut members = vec![Vec::new(); group_ids.len()];
    for user in plan.users {
        let id = DirectoryUserId::new(work.ulid());
        let record = work.insert(DirectoryUser {
            id,
            directory_id: directory.id.clone(),
            organization_id: directory.organization_id.clone(),
            idp_id: user.idp_id,
            attributes: user.attributes,
            groups: user
                .groups
                .iter()
                .map(|at| group_ids[*at].clone())
                .collect(),
            created_at: now,
            updated_at: now,
        });
        for at in user.groups {
            members[at].push(Arc::clone(&record));
        }
        work.record(DirectoryUserEvent::Created(record));
    }
    let mut groups = Vec::with_capacity(group_ids.len());
    for (group, id) in plan.groups.into_iter().zip(group_ids) {
        let record = work.insert(DirectoryGroup {
            id,
            directory_id: directory.id.clone(),
            organization_id: directory.organization_id.clone(),
            idp_id: group.idp_id,
            attributes: group.attributes,
            created_at: now,
            updated_at: now,
        });
        work.record(DirectoryGroupEvent::Created(Arc::clone(&record)));
        groups.push(record);
    }
    for (group, members) in groups.iter().zip(members) {
        for user in members {
            work.record(DirectoryGroupEvent::UserAdded {
                group: Arc::clone(group),
                user,
            });
        }
    }
}

/// The directory with this id.
///
/// # Errors
/// There is none.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Directory>, Error> {
    find(&Work::begin(environment), id)
}

/// A page of directories.
///
/// # Errors
/// A cursor that is no directory's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: &ListDirectories,
) -> Result<Page<Directory>, Error> {
    let mut filters = Vec::new();
    if let Some(id) = &list.organization_id {
        // What is no id is no organization's, and has no directories.
        let id = OrganizationId::parse(id);
        filters.push(id.map(DirectoryKey::Organization).into_iter().collect());
    }
    if let Some(domain) = &list.domain {
        let domain = DomainName::parse(domain).ok();
        filters.push(domain.map(DirectoryKey::Domain).into_iter().collect());
    }
    let search = list.search.as_deref().and_then(NameSearch::new);
    if let Some(search) = &search {
        filters.extend(search.filters(DirectoryKey::Name));
    }
    let verify = |directory: &Directory| {
        search
            .as_ref()
            .is_none_or(|search| search.finds(&directory.name))
    };
    Work::begin(environment).list(&Query {
        filters,
        verify: &verify,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// Begins a sync by hand. Nothing comes of it here: what is in a directory comes from the portal and from tests.
///
/// # Errors
/// There is no such directory, its type or state does not allow a sync by hand, or there was one a short time ago.
pub(crate) fn sync(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let mut directory = Directory::clone(&*find(&work, id)?);
    directory.sync(&work.now())?;
    work.update(directory);
    work.commit();
    Ok(())
}

/// Deletes a directory with its users and groups, of which only the directory tells.
///
/// # Errors
/// There is none with this id.
pub(crate) fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let directory = find(&work, id)?;
    remove(&mut work, &directory);
    work.commit();
    Ok(())
}

/// Deletes every directory of an organization.
pub(super) fn remove_all(work: &mut Work<'_>, organization: &OrganizationId) {
    let key = DirectoryKey::Organization(organization.clone());
    for directory in work.find_all::<Directory>(&key) {
        remove(work, &directory);
    }
}

pub(super) fn remove(work: &mut Work<'_>, directory: &Directory) {
    let id = &directory.id;
    work.delete_all::<DirectorySetup>(&DirectorySetupKey::Directory(id.clone()));
    work.delete_all::<DirectoryUser>(&DirectoryUserKey::Directory(id.clone()));
    work.delete_all::<DirectoryGroup>(&DirectoryGroupKey::Directory(id.clone()));
    if let Some(directory) = work.delete::<Directory>(id.as_str()) {
        work.record(DirectoryEvent::Deleted(directory));
    }
}

pub(super) fn find(work: &Work<'_>, id: &str) -> Result<Arc<Directory>, Error> {
    work.get(id).ok_or_else(|| Error::NotFound {
        entity: Entity::Directory,
        id: id.to_owned(),
    })
}
