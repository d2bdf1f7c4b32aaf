//! Directories, their users and their groups.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Time;
use crate::domain::directory::{Directory, DirectoryState, DirectoryType};
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::{DirectoryUser, UserEmail, UserState};
use crate::domain::domain_name::DomainName;
use crate::domain::ids::Id as _;
use crate::domain::organization_domain::OrganizationDomain;

/// A directory as the API has it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Directory")]
pub(crate) struct DirectoryView<'a> {
    /// Always `directory`.
    #[schemars(extend("const" = "directory"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization that it is of.
    organization_id: &'a str,
    /// What other systems know it by.
    external_key: &'a str,
    /// Where its people come from.
    #[serde(rename = "type")]
    #[schemars(with = "DirectoryType")]
    kind: &'static str,
    /// How far it is.
    #[schemars(with = "DirectoryState")]
    state: &'static str,
    /// What it is called.
    name: &'a str,
    /// The domain of its people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "&'a str")]
    domain: Option<&'a str>,
    /// How much is in it.
    metadata: Metadata,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

/// How much is in a directory.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DirectoryMetadata")]
struct Metadata {
    /// How many users.
    users: Users,
    /// How many groups.
    groups: usize,
}

/// How many users are in a directory.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DirectoryUserCounts")]
struct Users {
    /// Those that may do something.
    active: usize,
    /// Those that may not.
    inactive: usize,
}

impl<'a> DirectoryView<'a> {
    pub(crate) fn new(directory: &'a Directory) -> Self {
        let counts = directory.counts;
        Self {
            object: "directory",
            id: directory.id.as_str(),
            organization_id: directory.organization_id.as_str(),
            external_key: &directory.external_key,
            kind: directory.kind.as_str(),
            state: directory.state.as_str(),
            name: &directory.name,
            domain: directory.domain.as_ref().map(DomainName::as_str),
            metadata: Metadata {
                users: Users {
                    active: counts.active,
                    inactive: counts.inactive,
                },
                groups: counts.groups,
            },
            created_at: Time(directory.created_at),
            updated_at: Time(directory.updated_at),
        }
    }
}

/// A directory as events have it: with other words for its states, and with domains only when it is activated.
#[derive(Serialize)]
pub(super) struct DirectoryEventView<'a> {
    object: &'static str,
    id: &'a str,
    organization_id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    state: &'static str,
    name: &'a str,
    created_at: Time,
    updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domains: Option<Vec<DomainView<'a>>>,
}

#[derive(Serialize)]
struct DomainView<'a> {
    object: &'static str,
    id: &'a str,
    domain: &'a str,
}

impl<'a> DirectoryEventView<'a> {
    pub(super) fn activated(
        directory: &'a Directory,
        domains: impl Iterator<Item = &'a OrganizationDomain>,
    ) -> Self {
        let domains = domains.map(|domain| DomainView {
            object: "organization_domain",
            id: domain.id.as_str(),
            domain: domain.name.as_str(),
        });
        Self {
            external_key: Some(&directory.external_key),
            domains: Some(domains.collect()),
            ..Self::deleted(directory)
        }
    }

    pub(super) fn deleted(directory: &'a Directory) -> Self {
        Self {
            object: "directory",
            id: directory.id.as_str(),
            organization_id: directory.organization_id.as_str(),
            kind: directory.kind.as_str(),
            state: directory.state.in_events(),
            name: &directory.name,
            created_at: Time(directory.created_at),
            updated_at: Time(directory.updated_at),
            external_key: None,
            domains: None,
        }
    }
}

/// A user of a directory. The API shows the groups besides, events do not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DirectoryUser")]
pub(crate) struct DirectoryUserView<'a> {
    /// Always `directory_user`.
    #[schemars(extend("const" = "directory_user"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The directory that the user is in.
    directory_id: &'a str,
    /// The organization that the directory is of.
    organization_id: &'a str,
    /// What the provider calls the user.
    idp_id: &'a str,
    /// The address that the user is known by.
    email: Option<&'a str>,
    /// The first name.
    first_name: Option<&'a str>,
    /// The last name.
    last_name: Option<&'a str>,
    /// The whole name.
    name: Option<&'a str>,
    /// Every address.
    emails: &'a [UserEmail],
    /// The job title.
    job_title: Option<&'a str>,
    /// The name to sign in with.
    username: Option<&'a str>,
    /// Whether the user may still do anything.
    #[schemars(with = "UserState")]
    state: &'static str,
    /// Everything that the provider says, as it says it.
    raw_attributes: &'a Map<String, Value>,
    /// What the app has asked the admin to map.
    custom_attributes: &'a Map<String, Value>,
    /// The first of the roles, for old clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RoleView<'a>")]
    role: Option<RoleView<'a>>,
    /// The roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<RoleView<'a>>,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
    /// The groups that the user is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<DirectoryGroupView<'a>>")]
    groups: Option<Vec<DirectoryGroupView<'a>>>,
}

/// A role of a user.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Role")]
struct RoleView<'a> {
    /// What it is called in addresses and code.
    slug: &'a str,
}

impl<'a> DirectoryUserView<'a> {
    pub(crate) fn with_groups(
        user: &'a DirectoryUser,
        groups: impl Iterator<Item = &'a DirectoryGroup>,
    ) -> Self {
        Self {
            groups: Some(groups.map(DirectoryGroupView::new).collect()),
            ..Self::of_event(user)
        }
    }

    pub(super) fn of_event(user: &'a DirectoryUser) -> Self {
        let attributes = &user.attributes;
        let roles = || attributes.roles.iter().map(|slug| RoleView { slug });
        Self {
            object: "directory_user",
            id: user.id.as_str(),
            directory_id: user.directory_id.as_str(),
            organization_id: user.organization_id.as_str(),
            idp_id: &user.idp_id,
            email: attributes.email.as_deref(),
            first_name: attributes.first_name.as_deref(),
            last_name: attributes.last_name.as_deref(),
            name: attributes.name.as_deref(),
            emails: &attributes.emails,
            job_title: attributes.job_title.as_deref(),
            username: attributes.username.as_deref(),
            state: attributes.state.as_str(),
            raw_attributes: &attributes.raw_attributes,
            custom_attributes: &attributes.custom_attributes,
            role: roles().next(),
            roles: roles().collect(),
            created_at: Time(user.created_at),
            updated_at: Time(user.updated_at),
            groups: None,
        }
    }
}

/// A group of a directory.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DirectoryGroup")]
pub(crate) struct DirectoryGroupView<'a> {
    /// Always `directory_group`.
    #[schemars(extend("const" = "directory_group"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// What the provider calls the group.
    idp_id: &'a str,
    /// The directory that the group is in.
    directory_id: &'a str,
    /// The organization that the directory is of.
    organization_id: &'a str,
    /// What it is called.
    name: &'a str,
    /// Everything that the provider says, as it says it.
    raw_attributes: &'a Map<String, Value>,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

impl<'a> DirectoryGroupView<'a> {
    pub(crate) fn new(group: &'a DirectoryGroup) -> Self {
        Self {
            object: "directory_group",
            id: group.id.as_str(),
            idp_id: &group.idp_id,
            directory_id: group.directory_id.as_str(),
            organization_id: group.organization_id.as_str(),
            name: &group.attributes.name,
            raw_attributes: &group.attributes.raw_attributes,
            created_at: Time(group.created_at),
            updated_at: Time(group.updated_at),
        }
    }
}

/// An object with what it was before, as events of changes have it.
#[derive(Serialize)]
pub(super) struct ChangedView<T> {
    #[serde(flatten)]
    object: T,
    previous_attributes: Map<String, Value>,
}

impl<T: Serialize> ChangedView<T> {
    pub(super) fn new(before: &T, object: T) -> Self {
        Self {
            previous_attributes: difference(&members(before), &members(&object)),
            object,
        }
    }
}

fn members(object: &impl Serialize) -> Map<String, Value> {
    // Objects are written as objects.
    match serde_json::to_value(object) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// What `after` has changed, as it was before: the members of the object, and those of `custom_attributes` one by one.
/// That it has changed is no change of its own.
fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let mut previous = shallow(before, after);
    previous.retain(|name, _| name != "updated_at");
    if let Some(Value::Object(custom)) = previous.get_mut("custom_attributes")
        && let Some(Value::Object(after)) = after.get("custom_attributes")
    {
        *custom = shallow(custom, after);
    }
    previous
}

/// The members of `before` that are others in `after`, and as `null` those that `before` has not.
fn shallow(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let changed = before
        .iter()
        .filter(|(name, value)| after.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), value.clone()));
    let new = after
        .keys()
        .filter(|name| !before.contains_key(*name))
        .map(|name| (name.clone(), Value::Null));
    changed.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Value {
        let members = |value: &Value| value.as_object().unwrap().clone();
        Value::Object(difference(&members(before), &members(after)))
    }

    #[test]
    fn what_changed_is_told_as_it_was() {
        let before = json!({
            "id": "1", "email": "a@b.example", "emails": [{"value": "a"}], "role": {"slug": "member"}, "updated_at": 1,
            "custom_attributes": {"same": 1, "updated_at": 1, "city": "Oslo", "gone": true, "deep": {"a": 1, "b": 2}},
        });
        let after = json!({
            "id": "1", "email": null, "emails": [{"value": "b"}], "first_name": "Ada", "updated_at": 2,
            "custom_attributes": {"same": 1, "updated_at": 2, "city": "Bergen", "new": {"a": 1}, "deep": {"a": 1, "b": 3}},
        });
        assert_eq!(
            told(&before, &after),
            json!({
                "email": "a@b.example",
                "emails": [{"value": "a"}],
                "role": {"slug": "member"},
                "custom_attributes": {"updated_at": 1, "city": "Oslo", "gone": true, "deep": {"a": 1, "b": 2}, "new": null},
                "first_name": null,
            })
        );
        assert_eq!(told(&before, &before), json!({}));
    }
}
