//! Directories of a seed, with their users and groups.

use std::collections::HashSet;

use rand_chacha::ChaCha20Rng;

use super::super::samples;
use super::Sower;
use super::names::{Kind, Names};
use crate::domain::directory::{Counts, Directory, DirectoryState, DirectoryType};
use crate::domain::directory_group::{DirectoryGroup, GroupAttributes};
use crate::domain::directory_user::{DirectoryUser, UserAttributes, UserEmail};
use crate::domain::error::Rule;
use crate::domain::ids::{DirectoryGroupId, DirectoryId, DirectoryUserId, Id as _};
use crate::seed::{self, People};
use crate::service::directories::EXTERNAL_KEY_LENGTH;

impl Sower<'_> {
    pub(super) fn directories(&mut self, given: &[seed::Directory]) {
        let mut external_keys = HashSet::new();
        for (index, one) in given.iter().enumerate() {
            let at = format!("directories.{index}");
            if let Some(key) = &one.external_key
                && !external_keys.insert(key)
            {
                let message = "another directory of the seed has this external key";
                self.refuse(format!("{at}.external_key"), Rule::Duplicate, message);
            }
            self.directory(&at, one);
        }
    }

    fn directory(&mut self, at: &str, given: &seed::Directory) {
        let organization = self.organization(at, &given.organization);
        let id = self.id(at, given.id.as_deref(), DirectoryId::new);
        let first = || {
            let domains = &organization.as_ref()?.domains;
            Some(domains.first()?.name.as_str().to_owned())
        };
        let domain = given.domain.or_else(first);
        let domain = domain.and_then(|domain| self.domain_name(at, &domain));
        let random = self.ground.random;
        let created_at = given.created_at.unwrap_or(self.at());
        let external_key = given.external_key.clone();
        let name = organization.as_ref().map(|one| one.name.clone());
        let mut directory = Directory {
            id,
            // Where there is none, nothing is kept.
            organization_id: organization
                .map_or_else(crate::domain::ids::OrganizationId::test, |one| {
                    one.id.clone()
                }),
            external_key: external_key
                .unwrap_or_else(|| random.letters_and_digits(EXTERNAL_KEY_LENGTH)),
            kind: given.kind.unwrap_or(DirectoryType::GenericScim),
            state: given.state.unwrap_or(DirectoryState::Linked),
            name: given.name.clone().or(name).unwrap_or_default(),
            domain,
            counts: Counts::default(),
            synced: None,
            created_at,
            updated_at: given.updated_at.unwrap_or(created_at),
        };
        let mut members = Members {
            rng: random.samples(),
            users: Vec::new(),
            groups: Vec::new(),
        };
        self.groups(at, &directory, given, &mut members);
        self.users(at, &directory, given, &mut members);
        self.memberships(at, given, &mut members);
        directory.counts.groups = members.groups.len();
        for user in &members.users {
            *directory.counts.users_in(user.attributes.state) += 1;
        }
        self.crop.directories.push(directory);
        self.crop.users.append(&mut members.users);
        self.crop.groups.append(&mut members.groups);
    }

    fn groups(
        &mut self,
        at: &str,
        directory: &Directory,
        given: &seed::Directory,
        members: &mut Members,
    ) {
        let made = directory.created_at;
        let group = |id, idp_id, attributes, created_at, updated_at| DirectoryGroup {
            id,
            directory_id: directory.id.clone(),
            organization_id: directory.organization_id.clone(),
            idp_id,
            attributes,
            created_at,
            updated_at,
        };
        match &given.groups {
            People::Samples(count) => {
                for number in 0..self.count_samples(format!("{at}.groups"), *count) {
                    let id = DirectoryGroupId::new(self.ulid());
                    let idp_id = samples::idp_id(&mut members.rng);
                    let attributes = samples::group(number);
                    members
                        .groups
                        .push(group(id, idp_id, attributes, made, made));
                }
            }
            People::Given(groups) => {
                let mut idp_ids = HashSet::new();
                for (index, one) in groups.iter().enumerate() {
                    let at = format!("{at}.groups.{index}");
                    let id = self.id(&at, one.id.as_deref(), DirectoryGroupId::new);
                    let idp_id = self.idp_id(&at, one.idp_id.as_ref(), members, &mut idp_ids);
                    let attributes = GroupAttributes {
                        name: one.name.clone(),
                        raw_attributes: one.raw_attributes.clone(),
                    };
                    let created_at = one.created_at.unwrap_or(made);
                    let updated_at = one.updated_at.unwrap_or(created_at);
                    let one = group(id, idp_id, attributes, created_at, updated_at);
                    members.groups.push(one);
                }
            }
        }
    }

    fn users(
        &mut self,
        at: &str,
        directory: &Directory,
        given: &seed::Directory,
        members: &mut Members,
    ) {
        let made = directory.created_at;
        let user = |id, idp_id, attributes, created_at, updated_at| DirectoryUser {
            id,
            directory_id: directory.id.clone(),
            organization_id: directory.organization_id.clone(),
            idp_id,
            attributes,
            groups: Vec::new(),
            created_at,
            updated_at,
        };
        match &given.users {
            People::Samples(count) => {
                let domain = directory.domain.as_ref();
                let domain = domain.map_or("example.com", |domain| domain.as_str());
                let count = self.count_samples(format!("{at}.users"), *count);
                members.users.reserve_exact(count);
                for number in 1..=count {
                    let id = DirectoryUserId::new(self.ulid());
                    let idp_id = samples::idp_id(&mut members.rng);
                    let attributes = samples::user(&mut members.rng, number, domain);
                    members.users.push(user(id, idp_id, attributes, made, made));
                }
            }
            People::Given(users) => {
                let mut idp_ids = HashSet::new();
                for (index, one) in users.iter().enumerate() {
                    let at = format!("{at}.users.{index}");
                    let id = self.id(&at, one.id.as_deref(), DirectoryUserId::new);
                    let idp_id = self.idp_id(&at, one.idp_id.as_ref(), members, &mut idp_ids);
                    let created_at = one.created_at.unwrap_or(made);
                    let updated_at = one.updated_at.unwrap_or(created_at);
                    let attributes = attributes(one);
                    let one = user(id, idp_id, attributes, created_at, updated_at);
                    members.users.push(one);
                }
            }
        }
    }

    /// What the provider calls somebody or something, once in each directory.
    fn idp_id(
        &mut self,
        at: &str,
        given: Option<&String>,
        members: &mut Members,
        known: &mut HashSet<String>,
    ) -> String {
        let Some(given) = given else {
            return samples::idp_id(&mut members.rng);
        };
        if !known.insert(given.clone()) {
            let message = "another one of the directory has this idp_id";
            self.refuse(format!("{at}.idp_id"), Rule::Duplicate, message);
        }
        given.clone()
    }

    fn memberships(&mut self, at: &str, given: &seed::Directory, members: &mut Members) {
        if let People::Samples(_) = given.groups {
            let count = members.groups.len();
            for user in &mut members.users {
                let groups = samples::groups(&mut members.rng, count).into_iter();
                user.groups = groups
                    .map(|index| members.groups[index].id.clone())
                    .collect();
            }
        }
        if let People::Given(users) = &given.users
            && users.iter().any(|user| !user.groups.is_empty())
        {
            let names = group_names(&members.groups);
            for (index, user) in users.iter().enumerate() {
                for (number, name) in user.groups.iter().enumerate() {
                    match names.find(name) {
                        Ok(group) => join(&mut members.users[index], &members.groups[group].id),
                        Err(message) => {
                            let field = format!("{at}.users.{index}.groups.{number}");
                            self.refuse(field, Rule::Value, message);
                        }
                    }
                }
            }
        }
        if let People::Given(groups) = &given.groups
            && groups.iter().any(|group| !group.members.is_empty())
        {
            let names = user_names(&members.users);
            for (index, group) in groups.iter().enumerate() {
                for (number, name) in group.members.iter().enumerate() {
                    match names.find(name) {
                        Ok(user) => join(&mut members.users[user], &members.groups[index].id),
                        Err(message) => {
                            let field = format!("{at}.groups.{index}.members.{number}");
                            self.refuse(field, Rule::Value, message);
                        }
                    }
                }
            }
        }
    }
}

/// Who is in a directory.
struct Members {
    rng: ChaCha20Rng,
    users: Vec<DirectoryUser>,
    groups: Vec<DirectoryGroup>,
}

/// Groups by what a user may call them.
fn group_names(groups: &[DirectoryGroup]) -> Names {
    let mut names = Names::new(Kind::Group);
    for (index, group) in groups.iter().enumerate() {
        names.add_id(&group.idp_id, index);
        names.add_id(group.id.as_str(), index);
    }
    for (index, group) in groups.iter().enumerate() {
        names.add_name(&group.attributes.name, index);
    }
    names
}

/// Users by what a group may call them.
fn user_names(users: &[DirectoryUser]) -> Names {
    let mut names = Names::new(Kind::User);
    for (index, user) in users.iter().enumerate() {
        names.add_id(&user.idp_id, index);
        names.add_id(user.id.as_str(), index);
    }
    for (index, user) in users.iter().enumerate() {
        if let Some(email) = &user.attributes.email {
            names.add_name(email, index);
        }
    }
    names
}

/// Listed twice, in the group once.
fn join(user: &mut DirectoryUser, group: &DirectoryGroupId) {
    if !user.groups.contains(group) {
        user.groups.push(group.clone());
    }
}

/// What a provider says of somebody, with what follows from it.
fn attributes(given: &seed::User) -> UserAttributes {
    let whole = || {
        let names = [&given.first_name, &given.last_name].into_iter().flatten();
        let names: Vec<_> = names.cloned().collect();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let emails = match (&given.emails, &given.email) {
        (Some(emails), _) => emails.iter().map(email).collect(),
        (None, Some(email)) => vec![UserEmail::work(email)],
        (None, None) => Vec::new(),
    };
    UserAttributes {
        email: given.email.clone(),
        first_name: given.first_name.clone(),
        last_name: given.last_name.clone(),
        name: given.name.or_else(whole),
        emails,
        job_title: given.job_title.clone(),
        username: given.username.or_else(|| given.email.clone()),
        state: given.state.unwrap_or_default(),
        raw_attributes: given.raw_attributes.clone(),
        custom_attributes: given.custom_attributes.clone(),
        roles: given.roles.clone(),
    }
}

fn email(given: &seed::Email) -> UserEmail {
    UserEmail {
        primary: given.primary,
        kind: given.kind.clone().unwrap_or_else(|| "work".to_owned()),
        value: given.value.clone(),
    }
}
