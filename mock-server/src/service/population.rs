//! Who is to be in a new directory: people and groups that are given, or so many made-up ones.

use std::collections::{BTreeSet, HashMap, HashSet};

use rand_chacha::ChaCha20Rng;

use super::samples;
use crate::domain::directory::Counts;
use crate::domain::directory_group::GroupAttributes;
use crate::domain::directory_setup::LeftOutGroup;
use crate::domain::directory_user::UserAttributes;
use crate::domain::error::{Rule, Violation};

/// Those that are given, or so many made-up ones.
#[derive(Clone, Debug)]
pub(crate) enum Populace<T> {
    Samples(usize),
    Given(Vec<T>),
}

/// A user that is given.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    /// What the provider calls the user; made up unless it is given.
    pub(crate) idp_id: Option<String>,
    pub(crate) attributes: UserAttributes,
}

/// A group that is given.
#[derive(Clone, Debug)]
pub(crate) struct NewGroup {
    /// What the provider calls the group; made up unless it is given.
    pub(crate) idp_id: Option<String>,
    pub(crate) attributes: GroupAttributes,
    /// Who is in it, each by what the provider calls the user or by an address.
    pub(crate) members: Vec<String>,
}

/// What a new directory begins with.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) users: Vec<PlannedUser>,
    pub(super) groups: Vec<PlannedGroup>,
}

#[derive(Debug)]
pub(super) struct PlannedUser {
    pub(super) idp_id: String,
    pub(super) attributes: UserAttributes,
    /// The groups by their place in the plan.
    pub(super) groups: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct PlannedGroup {
    pub(super) idp_id: String,
    pub(super) attributes: GroupAttributes,
}

impl Plan {
    /// Made-up groups take in all users, made-up or given; given groups have the members they list.
    ///
    /// # Errors
    /// Every user and group that has the `idp_id` of another, and every member who is not among the users.
    pub(super) fn new(
        users: Populace<NewUser>,
        groups: Populace<NewGroup>,
        domain: &str,
        rng: &mut ChaCha20Rng,
    ) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut users: Vec<_> = match users {
            Populace::Samples(count) => (1..=count)
                .map(|number| PlannedUser {
                    idp_id: samples::idp_id(rng),
                    attributes: samples::user(rng, number, domain),
                    groups: Vec::new(),
                })
                .collect(),
            Populace::Given(users) => users
                .into_iter()
                .map(|user| PlannedUser {
                    idp_id: user.idp_id.unwrap_or_else(|| samples::idp_id(rng)),
                    attributes: user.attributes,
                    groups: Vec::new(),
                })
                .collect(),
        };
        let idp_ids = users.iter().map(|user| user.idp_id.as_str());
        violations.extend(repeated("users", idp_ids));
        let groups: Vec<_> = match groups {
            Populace::Samples(count) => {
                for user in &mut users {
                    user.groups = samples::groups(rng, count);
                }
                (0..count)
                    .map(|number| PlannedGroup {
                        idp_id: samples::idp_id(rng),
                        attributes: samples::group(number),
                    })
                    .collect()
            }
            Populace::Given(groups) => {
                violations.extend(join(&mut users, &groups));
                groups
                    .into_iter()
                    .map(|group| PlannedGroup {
                        idp_id: group.idp_id.unwrap_or_else(|| samples::idp_id(rng)),
                        attributes: group.attributes,
                    })
                    .collect()
            }
        };
        let idp_ids = groups.iter().map(|group| group.idp_id.as_str());
        violations.extend(repeated("groups", idp_ids));
        if violations.is_empty() {
            Ok(Self { users, groups })
        } else {
            Err(violations)
        }
    }
}

impl Plan {
    /// How many users and groups it has.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts {
            groups: self.groups.len(),
            ..Counts::default()
        };
        for user in &self.users {
            *counts.users_in(user.attributes.state) += 1;
        }
        counts
    }

    /// Takes out the groups whose names are not among these, with who is in them.
    pub(super) fn leave_out(&mut self, kept: &[String]) -> Vec<LeftOutGroup> {
        let mut places = Vec::with_capacity(self.groups.len());
        let mut left_out = Vec::new();
        let mut groups = Vec::new();
        for (at, group) in std::mem::take(&mut self.groups).into_iter().enumerate() {
            if kept.contains(&group.attributes.name) {
                places.push(Some(groups.len()));
                groups.push(group);
            } else {
                places.push(None);
                let members = self.users.iter().filter(|user| user.groups.contains(&at));
                left_out.push(LeftOutGroup {
                    members: members.map(|user| user.idp_id.clone()).collect(),
                    idp_id: group.idp_id,
                    attributes: group.attributes,
                });
            }
        }
        self.groups = groups;
        for user in &mut self.users {
            user.groups = user.groups.iter().filter_map(|at| places[*at]).collect();
        }
        left_out
    }
}

/// The names of so many made-up groups.
pub(super) fn sample_group_names(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| samples::group(number).name)
        .collect()
}

fn repeated<'a>(
    list: &str,
    idp_ids: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = Violation> {
    let mut seen = HashSet::new();
    idp_ids
        .enumerate()
        .filter(move |(_, idp_id)| !seen.insert(*idp_id))
        .map(move |(at, idp_id)| {
            let message = format!("'{idp_id}' is given twice.");
            Violation::new(format!("{list}.{at}.idp_id"), Rule::Duplicate, message)
        })
}

/// Makes users the members of the groups that list them. An address that several users have is the first one's.
fn join(users: &mut [PlannedUser], groups: &[NewGroup]) -> Vec<Violation> {
    let mut by_idp_id = HashMap::new();
    let mut by_email = HashMap::new();
    for (at, user) in users.iter().enumerate() {
        by_idp_id.entry(user.idp_id.clone()).or_insert(at);
        if let Some(email) = &user.attributes.email {
            by_email.entry(email.to_lowercase()).or_insert(at);
        }
    }
    let mut violations = Vec::new();
    for (group_at, group) in groups.iter().enumerate() {
        let mut members = BTreeSet::new();
        for (member_at, member) in group.members.iter().enumerate() {
            let user = by_idp_id
                .get(member)
                .or_else(|| by_email.get(&member.to_lowercase()));
            match user {
                // Listed twice, in the group once.
                Some(user) => drop(members.insert(*user)),
                None => violations.push(Violation::new(
                    format!("groups.{group_at}.members.{member_at}"),
                    Rule::Value,
                    format!("No user has '{member}' for an idp_id or an email."),
                )),
            }
        }
        for user in members {
            users[user].groups.push(group_at);
        }
    }
    violations
}
