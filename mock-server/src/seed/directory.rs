//! Directories, with their users and groups.

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{DirectoryState, DirectoryType, UserState, short};

/// A directory of an organization, synced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedDirectory")]
pub struct Directory {
    /// The organization that it is for: its key or its id.
    #[schemars(length(min = 1))]
    pub organization: String,
    /// Its id: `directory_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What names it outside the API. Usually made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub external_key: Option<String>,
    /// Where its people come from. Usually `generic scim v2.0`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<DirectoryType>,
    /// How far it is. Usually `linked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DirectoryState>,
    /// What it is called. Usually as the organization is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The domain of its people. Usually the organization's first; with `null` it has none.
    #[serde(default, skip_serializing_if = "Said::is_usual")]
    pub domain: Said,
    /// Its users: how many are made up, or each of them. Usually none.
    #[serde(default, skip_serializing_if = "People::is_nobody")]
    pub users: People<User>,
    /// Its groups: how many are made up, or each of them. Usually none. Made-up groups take in all users.
    #[serde(default, skip_serializing_if = "People::is_nobody")]
    pub groups: People<Group>,
    /// When it was made. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl Directory {
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Option<String>> {
        let users = self.users.given().iter().map(|user| &user.id);
        let groups = self.groups.given().iter().map(|group| &group.id);
        [&self.id].into_iter().chain(users).chain(groups)
    }
}

/// How many of them are made up, or each of them.
#[derive(Clone, Debug, PartialEq)]
pub enum People<T> {
    /// So many samples, which depend on the environment's random seed alone; at most 100,000.
    Samples(u32),
    /// Exactly these.
    Given(Vec<T>),
}

impl<T> Default for People<T> {
    fn default() -> Self {
        Self::Samples(0)
    }
}

impl<T> People<T> {
    /// Those that are given.
    pub(crate) fn given(&self) -> &[T] {
        match self {
            Self::Samples(_) => &[],
            Self::Given(people) => people,
        }
    }

    fn is_nobody(&self) -> bool {
        match self {
            Self::Samples(count) => *count == 0,
            Self::Given(people) => people.is_empty(),
        }
    }
}

impl<T: Serialize> Serialize for People<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Samples(count) => count.serialize(serializer),
            Self::Given(people) => people.serialize(serializer),
        }
    }
}

// By hand, because an untagged enum would not say which of them is wrong.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for People<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let people = short::count_or_list(deserializer)?;
        Ok(people.map_or_else(Self::Given, Self::Samples))
    }
}

impl<T: JsonSchema> JsonSchema for People<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}s", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({
            "description": "How many of them are made up, or each of them.",
            "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": 100_000 },
                { "type": "array", "items": one },
            ],
        })
    }
}

/// What is usual unless it is said; and nothing can be said, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// What follows from the rest.
    #[default]
    Usual,
    /// Nothing, written `null`.
    Nothing,
    /// This.
    Text(String),
}

impl Said {
    fn is_usual(&self) -> bool {
        *self == Self::Usual
    }

    /// What is meant, where `usual` is what follows from the rest.
    pub(crate) fn or_else(&self, usual: impl FnOnce() -> Option<String>) -> Option<String> {
        match self {
            Self::Usual => usual(),
            Self::Nothing => None,
            Self::Text(text) => Some(text.clone()),
        }
    }

    /// That it is `value`, or nothing.
    pub(crate) fn exactly(value: Option<&str>) -> Self {
        value.map_or(Self::Nothing, Self::from)
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Usual | Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.map_or(Self::Nothing, Self::Text))
    }
}

impl JsonSchema for Said {
    fn schema_name() -> Cow<'static, str> {
        "Said".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "null"] })
    }
}

/// A user, as the provider of a directory describes one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SeedUser")]
pub struct User {
    /// Its id: `directory_user_` and a ULID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the provider calls the user. Usually made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp_id: Option<String>,
    /// The address that the user is known by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The whole name. Usually the first and the last one; with `null` there is none.
    #[serde(skip_serializing_if = "Said::is_usual")]
    pub name: Said,
    /// Every address. Usually `email` alone, for work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emails: Option<Vec<Email>>,
    /// The job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// The name to sign in with. Usually `email`; with `null` there is none.
    #[serde(skip_serializing_if = "Said::is_usual")]
    pub username: Said,
    /// Whether the user may still do anything. Usually `active`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<UserState>,
    /// Everything that the provider says, as it says it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub raw_attributes: Map<String, Value>,
    /// What the app has asked the admin to map.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_attributes: Map<String, Value>,
    /// The slugs of the roles. The first is the one that old clients know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The groups that the user is in, in the order of joining: each by `idp_id`, `id` or name. Groups can list their members
    /// as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// When the user was made. Usually when the directory was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the user was last changed. Usually when the user was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// An address of a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SeedUserEmail")]
pub struct Email {
    /// Whether it is the main one. Usually not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
    /// What it is for. Usually `work`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The address itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A group, as the provider of a directory describes one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedGroup")]
pub struct Group {
    /// Its id: `directory_group_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the provider calls the group. Usually made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idp_id: Option<String>,
    /// What it is called.
    pub name: String,
    /// Everything that the provider says, as it says it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub raw_attributes: Map<String, Value>,
    /// Who is in it, each by `idp_id`, `id` or `email`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// When it was made. Usually when the directory was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}
