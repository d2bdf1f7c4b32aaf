//! What directories, their users and their groups can be found by.

use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::domain_name::DomainName;
use crate::domain::ids::{DirectoryGroupId, DirectoryId, DirectoryUserId, Id as _, OrganizationId};
use crate::store::names::{self, NameKey};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What a directory can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DirectoryKey {
    /// Whose directory it is.
    Organization(OrganizationId),
    /// Its domain.
    Domain(DomainName),
    /// A part of its name.
    Name(NameKey),
}

/// What a user of a directory can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DirectoryUserKey {
    /// The directory.
    Directory(DirectoryId),
    /// A group that the user is in.
    Group(DirectoryGroupId),
    /// What the provider calls the user; one user of the directory has it.
    IdpId(DirectoryId, Box<str>),
    /// The user's address in lower case.
    Email(DirectoryId, Box<str>),
}

impl DirectoryUserKey {
    /// The key of an address, in whatever case it is written.
    pub(crate) fn email(directory: DirectoryId, email: &str) -> Self {
        Self::Email(directory, email.to_lowercase().into())
    }
}

/// What a group of a directory can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DirectoryGroupKey {
    /// The directory.
    Directory(DirectoryId),
    /// What the provider calls the group; one group of the directory has it.
    IdpId(DirectoryId, Box<str>),
    /// Its id, for lists of the groups that somebody is in.
    Id(DirectoryGroupId),
}

impl Record for Directory {
    type Key = DirectoryKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = DirectoryId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DirectoryKey> {
        let domain = self.domain.iter().cloned().map(DirectoryKey::Domain);
        let name = names::keys(&self.name).map(DirectoryKey::Name);
        [DirectoryKey::Organization(self.organization_id.clone())]
            .into_iter()
            .chain(domain)
            .chain(name)
            .collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.directories
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.directories
    }
}

impl Record for DirectoryUser {
    type Key = DirectoryUserKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = DirectoryUserId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DirectoryUserKey> {
        let directory = &self.directory_id;
        let idp_id = DirectoryUserKey::IdpId(directory.clone(), self.idp_id.as_str().into());
        let email = self.attributes.email.as_deref();
        let email = email.map(|email| DirectoryUserKey::email(directory.clone(), email));
        [DirectoryUserKey::Directory(directory.clone()), idp_id]
            .into_iter()
            .chain(email)
            .chain(self.groups.iter().cloned().map(DirectoryUserKey::Group))
            .collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.directory_users
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.directory_users
    }
}

impl Record for DirectoryGroup {
    type Key = DirectoryGroupKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = DirectoryGroupId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DirectoryGroupKey> {
        let directory = &self.directory_id;
        vec![
            DirectoryGroupKey::Directory(directory.clone()),
            DirectoryGroupKey::IdpId(directory.clone(), self.idp_id.as_str().into()),
            DirectoryGroupKey::Id(self.id.clone()),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.directory_groups
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.directory_groups
    }
}
