//! Users and groups as control calls give them: of a directory that is made, or one by one.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::directory_group::GroupAttributes;
use crate::domain::directory_user::{UserAttributes, UserEmail, UserState};
use crate::service::population::{NewGroup, NewUser};

/// A user, as the provider of a directory describes one.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewDirectoryUser", deny_unknown_fields)]
pub(super) struct User {
    /// What the provider calls the user. Usually made up.
    #[schemars(length(min = 1))]
    idp_id: Option<String>,
    #[serde(flatten)]
    attributes: Attributes,
}

/// What the provider of a directory says of a user.
#[expect(
    clippy::struct_field_names,
    reason = "the fields have the names that WorkOS gives them"
)]
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "DirectoryUserChange", deny_unknown_fields)]
pub(super) struct Attributes {
    /// The address that the user is known by.
    #[schemars(length(min = 1))]
    email: Option<String>,
    /// The first name.
    #[schemars(length(min = 1))]
    first_name: Option<String>,
    /// The last name.
    #[schemars(length(min = 1))]
    last_name: Option<String>,
    /// The whole name. Usually the first and the last one.
    #[schemars(length(min = 1))]
    name: Option<String>,
    /// Every address. Usually `email` alone, for work.
    emails: Option<Vec<Email>>,
    /// The job title.
    #[schemars(length(min = 1))]
    job_title: Option<String>,
    /// The name to sign in with. Usually `email`.
    #[schemars(length(min = 1))]
    username: Option<String>,
    /// Whether the user may still do anything. Usually `active`. Whoever turns `inactive` is deleted.
    state: Option<UserState>,
    /// Everything that the provider says, as it says it.
    raw_attributes: Option<Map<String, Value>>,
    /// What the app has asked the admin to map.
    custom_attributes: Option<Map<String, Value>>,
    /// The role that old clients know; it is the first of `roles`.
    role: Option<Role>,
    /// The roles.
    roles: Option<Vec<Role>>,
}

/// An address of a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDirectoryUserEmail")]
struct Email {
    /// Whether it is the main one. Usually not.
    primary: Option<bool>,
    /// What it is for. Usually `work`.
    #[serde(rename = "type")]
    #[schemars(length(min = 1))]
    kind: Option<String>,
    /// The address itself.
    #[schemars(length(min = 1))]
    value: Option<String>,
}

/// A role of a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRole")]
struct Role {
    /// What it is called in addresses and code.
    #[schemars(length(min = 1))]
    slug: String,
}

/// A group, as the provider of a directory describes one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDirectoryGroup")]
pub(super) struct Group {
    /// What the provider calls the group. Usually made up.
    #[schemars(length(min = 1))]
    idp_id: Option<String>,
    /// What it is called.
    #[schemars(length(min = 1))]
    name: String,
    /// Everything that the provider says, as it says it.
    raw_attributes: Option<Map<String, Value>>,
    /// Who is in it, each by `idp_id` or by `email`.
    members: Option<Vec<Known>>,
}

/// Somebody by `idp_id` or by `email`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("x-expected" = "the idp_id or the email of a user"))]
struct Known(String);

/// What becomes of a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DirectoryGroupChange")]
pub(super) struct GroupChange {
    /// What it is called from now on.
    #[schemars(length(min = 1))]
    name: Option<String>,
    /// What the provider says of it from now on.
    raw_attributes: Option<Map<String, Value>>,
}

impl User {
    pub(super) fn into_new(self) -> NewUser {
        let mut user = UserAttributes {
            email: None,
            first_name: None,
            last_name: None,
            name: None,
            emails: Vec::new(),
            job_title: None,
            username: self.attributes.email.clone(),
            state: UserState::Active,
            raw_attributes: Map::new(),
            custom_attributes: Map::new(),
            roles: Vec::new(),
        };
        self.attributes.apply(&mut user);
        NewUser {
            idp_id: self.idp_id,
            attributes: user,
        }
    }
}

impl Attributes {
    /// Takes over what is said, and what follows from it.
    pub(super) fn apply(self, user: &mut UserAttributes) {
        let names = self.first_name.is_some() || self.last_name.is_some();
        let one = self.email.as_deref().map(UserEmail::work);
        let emails = self
            .emails
            .map(|emails| emails.into_iter().map(Email::into_email).collect());
        if let Some(emails) = emails.or(one.map(|one| vec![one])) {
            user.emails = emails;
        }
        set(&mut user.email, self.email);
        set(&mut user.first_name, self.first_name);
        set(&mut user.last_name, self.last_name);
        if self.name.is_none() && names {
            let names = [&user.first_name, &user.last_name].into_iter().flatten();
            user.name = Some(names.cloned().collect::<Vec<_>>().join(" "));
        }
        set(&mut user.name, self.name);
        set(&mut user.job_title, self.job_title);
        set(&mut user.username, self.username);
        if let Some(state) = self.state {
            user.state = state;
        }
        if let Some(raw_attributes) = self.raw_attributes {
            user.raw_attributes = raw_attributes;
        }
        if let Some(custom_attributes) = self.custom_attributes {
            user.custom_attributes = custom_attributes;
        }
        if self.role.is_some() || self.roles.is_some() {
            let first = self.role.map(|role| role.slug);
            let others = self.roles.into_iter().flatten().map(|role| role.slug);
            let others: Vec<_> = others.filter(|slug| first.as_ref() != Some(slug)).collect();
            user.roles = first.into_iter().chain(others).collect();
        }
    }
}

fn set(member: &mut Option<String>, said: Option<String>) {
    if said.is_some() {
        *member = said;
    }
}

impl Email {
    fn into_email(self) -> UserEmail {
        UserEmail {
            primary: self.primary.unwrap_or_default(),
            kind: self.kind.unwrap_or_else(|| "work".to_owned()),
            value: self.value,
        }
    }
}

impl Group {
    pub(super) fn into_new(self) -> NewGroup {
        NewGroup {
            idp_id: self.idp_id,
            attributes: GroupAttributes {
                name: self.name,
                raw_attributes: self.raw_attributes.unwrap_or_default(),
            },
            members: {
                let members = self.members.into_iter().flatten();
                members.map(|Known(name)| name).collect()
            },
        }
    }
}

impl GroupChange {
    /// Takes over what is said.
    pub(super) fn apply(self, group: &mut GroupAttributes) {
        if let Some(name) = self.name {
            group.name = name;
        }
        if let Some(raw_attributes) = self.raw_attributes {
            group.raw_attributes = raw_attributes;
        }
    }
}
