//! Which of a provider's attributes fill those of a directory's users.
//!
//! What a provider says of somebody is kept as it came, in `raw_attributes`; an attribute of the provider is a place in there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::directory::DirectoryType;
use super::directory_user::{UserAttributes, UserEmail};
use super::provider_attributes::{Source, Told, sources};

/// An attribute of users that a provider's attribute fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Email,
    FirstName,
    LastName,
    Username,
    JobTitle,
    Department,
}

impl Target {
    pub(crate) const ALL: [Self; 6] = [
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::Username,
        Self::JobTitle,
        Self::Department,
    ];
}

/// Which attribute of the provider fills which of a user's. What is not in it stays empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttributeMap(BTreeMap<Target, Source>);

impl AttributeMap {
    /// The usual one of a provider.
    pub(crate) fn usual(kind: DirectoryType) -> Self {
        let usual = |target| match target {
            Target::Email => Told::Email,
            Target::FirstName => Told::FirstName,
            Target::LastName => Told::LastName,
            Target::Username => Told::Username,
            Target::JobTitle => Told::JobTitle,
            Target::Department => Told::Department,
        };
        let filled = Target::ALL.into_iter().filter_map(|target| {
            let source = sources(kind).iter().find(|one| one.told == usual(target));
            Some((target, *source?))
        });
        Self(filled.collect())
    }

    /// The one that fills each of these from the provider's attribute of that name; names that the provider does not have
    /// fill nothing.
    pub(crate) fn named<'a>(
        kind: DirectoryType,
        names: impl IntoIterator<Item = (Target, &'a str)>,
    ) -> Self {
        let filled = names.into_iter().filter_map(|(target, name)| {
            let source = sources(kind).iter().find(|one| one.name == name);
            Some((target, *source?))
        });
        Self(filled.collect())
    }

    /// What fills an attribute.
    pub(crate) fn name(&self, target: Target) -> Option<&'static str> {
        self.0.get(&target).map(|source| source.name)
    }

    /// Whether it is another one than `before` about an attribute.
    fn differs(&self, before: &Self, target: Target) -> bool {
        self.0.get(&target) != before.0.get(&target)
    }

    /// Fills every attribute of somebody from what the provider said.
    pub(crate) fn fill(&self, attributes: &mut UserAttributes) {
        for target in Target::ALL {
            self.fill_one(target, attributes);
        }
    }

    /// Fills the attributes that `before` filled from elsewhere. Of whom the provider said nothing, nothing changes.
    pub(crate) fn refill(&self, before: &Self, attributes: &mut UserAttributes) {
        if attributes.raw_attributes.is_empty() {
            return;
        }
        for target in Target::ALL {
            if self.differs(before, target) {
                self.fill_one(target, attributes);
            }
        }
    }

    fn fill_one(&self, target: Target, attributes: &mut UserAttributes) {
        let source = self.0.get(&target);
        let told = source.and_then(|source| find(&attributes.raw_attributes, source.pointer));
        match target {
            Target::Email => {
                attributes.emails = told.iter().map(|email| UserEmail::work(email)).collect();
                attributes.email = told;
            }
            Target::FirstName => attributes.first_name = told,
            Target::LastName => attributes.last_name = told,
            Target::Username => attributes.username = told,
            Target::JobTitle => {
                custom(attributes, "job_title", told.as_deref());
                attributes.job_title = told;
            }
            Target::Department => custom(attributes, "department_name", told.as_deref()),
        }
    }
}

fn custom(attributes: &mut UserAttributes, name: &str, told: Option<&str>) {
    match told {
        Some(text) => drop(
            attributes
                .custom_attributes
                .insert(name.to_owned(), Value::from(text)),
        ),
        None => drop(attributes.custom_attributes.remove(name)),
    }
}

/// What a provider of this type sends about somebody with these attributes and this number.
pub(crate) fn raw(
    kind: DirectoryType,
    attributes: &UserAttributes,
    employee_number: &str,
) -> Map<String, Value> {
    let mut raw = Value::Object(Map::new());
    for source in sources(kind) {
        let told = match source.told {
            Told::EmployeeNumber => Some(employee_number),
            told => is(told, attributes),
        };
        if let Some(told) = told {
            set(&mut raw, source.pointer, told);
        }
    }
    match raw {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Lets a provider of this type say of somebody what the attributes are now, where it said anything before.
pub(crate) fn retell(kind: DirectoryType, attributes: &mut UserAttributes) {
    let mut raw = Value::Object(std::mem::take(&mut attributes.raw_attributes));
    for source in sources(kind) {
        if let Some(place) = raw.pointer_mut(source.pointer)
            && source.told != Told::EmployeeNumber
        {
            *place = is(source.told, attributes).map_or(Value::Null, Value::from);
        }
    }
    if let Value::Object(members) = raw {
        attributes.raw_attributes = members;
    }
}

/// What an attribute of a provider tells, as far as the attributes of a user have it.
fn is(told: Told, attributes: &UserAttributes) -> Option<&str> {
    match told {
        Told::Email => attributes.email.as_deref(),
        Told::FirstName => attributes.first_name.as_deref(),
        Told::LastName => attributes.last_name.as_deref(),
        Told::FullName => attributes.name.as_deref(),
        Told::Username => attributes.username.as_deref(),
        Told::JobTitle => attributes.job_title.as_deref(),
        Told::Department => attributes
            .custom_attributes
            .get("department_name")
            .and_then(Value::as_str),
        Told::EmployeeNumber => None,
    }
}

fn find(raw: &Map<String, Value>, pointer: &str) -> Option<String> {
    let mut names = pointer.split('/').skip(1);
    let first = raw.get(names.next()?)?;
    let rest: String = names.flat_map(|name| ["/", name]).collect();
    Some(first.pointer(&rest)?.as_str()?.to_owned())
}

/// Puts text at a pointer, whose numbers are all nought: lists of one.
fn set(value: &mut Value, pointer: &str, text: &str) {
    let mut place = value;
    for name in pointer.split('/').skip(1) {
        if name == "0" {
            if !place.is_array() {
                *place = Value::Array(vec![Value::Null]);
            }
            place = &mut place[0];
        } else {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[name];
        }
    }
    *place = Value::from(text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::directory_user::UserState;

    fn ada() -> UserAttributes {
        UserAttributes {
            email: Some("ada@acme.example".into()),
            first_name: Some("Ada".into()),
            last_name: Some("Lovelace".into()),
            name: Some("Ada Lovelace".into()),
            emails: vec![UserEmail::work("ada@acme.example")],
            job_title: Some("Engineer".into()),
            username: Some("ada".into()),
            state: UserState::Active,
            raw_attributes: Map::new(),
            custom_attributes: json!({"job_title": "Engineer", "department_name": "Research"})
                .as_object()
                .cloned()
                .unwrap(),
            roles: Vec::new(),
        }
    }

    #[test]
    fn the_usual_map_gives_back_what_the_provider_was_told() {
        for kind in DirectoryType::ALL {
            let mut told = ada();
            told.raw_attributes = raw(kind, &ada(), "7");
            let mut filled = UserAttributes {
                email: None,
                first_name: None,
                last_name: None,
                emails: Vec::new(),
                job_title: None,
                username: None,
                custom_attributes: Map::new(),
                ..told.clone()
            };
            AttributeMap::usual(kind).fill(&mut filled);
            assert_eq!(filled, told, "{kind:?}");
        }
    }

    #[test]
    fn scim_is_nested_as_its_schema_has_it() {
        let sent = raw(DirectoryType::OktaScim, &ada(), "7");
        assert_eq!(
            Value::Object(sent),
            json!({
                "emails": [{"value": "ada@acme.example"}],
                "name": {"givenName": "Ada", "familyName": "Lovelace"},
                "displayName": "Ada Lovelace",
                "userName": "ada",
                "title": "Engineer",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                    {"department": "Research", "employeeNumber": "7"},
            })
        );
    }

    #[test]
    fn a_provider_says_anew_what_it_said_before_and_nothing_more() {
        let kind = DirectoryType::OktaScim;
        let mut user = ada();
        user.raw_attributes = json!({"userName": "ada", "name": {"givenName": "Ada"}, "more": 1})
            .as_object()
            .cloned()
            .unwrap();
        user.first_name = None;
        user.username = Some("al".into());
        retell(kind, &mut user);
        assert_eq!(
            Value::Object(user.raw_attributes),
            json!({"userName": "al", "name": {"givenName": null}, "more": 1})
        );
    }

    #[test]
    fn only_what_is_filled_from_elsewhere_changes() {
        let kind = DirectoryType::BambooHr;
        let before = AttributeMap::usual(kind);
        let after = AttributeMap::named(
            kind,
            [
                (Target::Email, "workEmail"),
                (Target::FirstName, "firstName"),
                (Target::LastName, "lastName"),
                (Target::Username, "employeeNumber"),
                (Target::JobTitle, "nothing of the kind"),
            ],
        );
        let mut user = ada();
        user.raw_attributes = raw(kind, &ada(), "7");
        user.first_name = Some("Countess".into());
        after.refill(&before, &mut user);
        assert_eq!(user.first_name.as_deref(), Some("Countess"));
        assert_eq!(user.username.as_deref(), Some("7"));
        assert_eq!((user.job_title, user.custom_attributes.len()), (None, 0));
        // Of whom the provider said nothing, nothing changes.
        let mut unknown = ada();
        after.refill(&before, &mut unknown);
        assert_eq!(unknown, ada());
    }
}
