//! Directories, their users and their groups.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Time;
use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::{DirectoryUser, UserEmail};
use crate::domain::domain_name::DomainName;
use crate::domain::ids::Id as _;
use crate::domain::organization_domain::OrganizationDomain;

/// A directory as the API has it.
#[derive(Serialize)]
pub(crate) struct DirectoryView<'a> {
    object: &'static str,
    id: &'a str,
    organization_id: &'a str,
    external_key: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    state: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    metadata: Metadata,
    created_at: Time,
    updated_at: Time,
}

#[derive(Serialize)]
struct Metadata {
    users: Users,
    groups: usize,
}

#[derive(Serialize)]
struct Users {
    active: usize,
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
#[derive(Serialize)]
pub(crate) struct DirectoryUserView<'a> {
    object: &'static str,
    id: &'a str,
    directory_id: &'a str,
    organization_id: &'a str,
    idp_id: &'a str,
    email: Option<&'a str>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    name: Option<&'a str>,
    emails: &'a [UserEmail],
    job_title: Option<&'a str>,
    username: Option<&'a str>,
    state: &'static str,
    raw_attributes: &'a Map<String, Value>,
    custom_attributes: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<RoleView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<RoleView<'a>>,
    created_at: Time,
    updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<DirectoryGroupView<'a>>>,
}

#[derive(Serialize)]
struct RoleView<'a> {
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
#[derive(Serialize)]
pub(crate) struct DirectoryGroupView<'a> {
    object: &'static str,
    id: &'a str,
    idp_id: &'a str,
    directory_id: &'a str,
    organization_id: &'a str,
    name: &'a str,
    raw_attributes: &'a Map<String, Value>,
    created_at: Time,
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
