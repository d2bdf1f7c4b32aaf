//! Which of a provider's attributes fill those of a directory's users.
//!
//! What a provider says of somebody is kept as it came, in `raw_attributes`; an attribute of the provider is a place in there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::directory::DirectoryType;
use super::directory_user::{UserAttributes, UserEmail};

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

/// What an attribute of a provider tells of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Email,
    FirstName,
    LastName,
    FullName,
    Username,
    JobTitle,
    Department,
    EmployeeNumber,
}

/// An attribute of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// What the provider calls it.
    pub(crate) name: &'static str,
    /// Where it stands in what the provider sends: a JSON pointer.
    pointer: &'static str,
    told: Told,
}

const fn source(name: &'static str, pointer: &'static str, told: Told) -> Source {
    Source {
        name,
        pointer,
        told,
    }
}

/// RFC 7643 with its enterprise extension.
const SCIM: &[Source] = &[
    source("emails[primary].value", "/emails/0/value", Told::Email),
    source("name.givenName", "/name/givenName", Told::FirstName),
    source("name.familyName", "/name/familyName", Told::LastName),
    source("displayName", "/displayName", Told::FullName),
    source("userName", "/userName", Told::Username),
    source("title", "/title", Told::JobTitle),
    source(
        "enterprise.department",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
        Told::Department,
    ),
    source(
        "enterprise.employeeNumber",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber",
        Told::EmployeeNumber,
    ),
];

/// The user of Google's Directory API.
const GOOGLE: &[Source] = &[
    source("primaryEmail", "/primaryEmail", Told::Email),
    source("name.givenName", "/name/givenName", Told::FirstName),
    source("name.familyName", "/name/familyName", Told::LastName),
    source("name.fullName", "/name/fullName", Told::FullName),
    source("emails[0].address", "/emails/0/address", Told::Username),
    source(
        "organizations[0].title",
        "/organizations/0/title",
        Told::JobTitle,
    ),
    source(
        "organizations[0].department",
        "/organizations/0/department",
        Told::Department,
    ),
    source(
        "externalIds[0].value",
        "/externalIds/0/value",
        Told::EmployeeNumber,
    ),
];

/// Workday's custom reports, whose columns an administrator names so.
const WORKDAY: &[Source] = &[
    source("Email_Work", "/Email_Work", Told::Email),
    source("First_Name", "/First_Name", Told::FirstName),
    source("Last_Name", "/Last_Name", Told::LastName),
    source("Preferred_Name", "/Preferred_Name", Told::FullName),
    source("User_Name", "/User_Name", Told::Username),
    source("Business_Title", "/Business_Title", Told::JobTitle),
    source("Department", "/Department", Told::Department),
    source("Employee_ID", "/Employee_ID", Told::EmployeeNumber),
];

/// The columns of a file with users.
const FILES: &[Source] = &[
    source("email", "/email", Told::Email),
    source("first_name", "/first_name", Told::FirstName),
    source("last_name", "/last_name", Told::LastName),
    source("full_name", "/full_name", Told::FullName),
    source("username", "/username", Told::Username),
    source("job_title", "/job_title", Told::JobTitle),
    source("department", "/department", Told::Department),
    source("employee_id", "/employee_id", Told::EmployeeNumber),
];

/// HR systems, which name alike what they have.
const HR: &[Source] = &[
    source("workEmail", "/workEmail", Told::Email),
    source("firstName", "/firstName", Told::FirstName),
    source("lastName", "/lastName", Told::LastName),
    source("displayName", "/displayName", Told::FullName),
    source("userName", "/userName", Told::Username),
    source("jobTitle", "/jobTitle", Told::JobTitle),
    source("department", "/department", Told::Department),
    source("employeeNumber", "/employeeNumber", Told::EmployeeNumber),
];

/// The attributes of a provider.
pub(crate) fn sources(kind: DirectoryType) -> &'static [Source] {
    match kind {
        DirectoryType::GoogleWorkspace => GOOGLE,
        DirectoryType::Workday => WORKDAY,
        DirectoryType::Sftp | DirectoryType::SftpWorkday | DirectoryType::S3 => FILES,
        DirectoryType::BambooHr
        | DirectoryType::BreatheHr
        | DirectoryType::CezanneHr
        | DirectoryType::FourthHr
        | DirectoryType::Hibob
        | DirectoryType::PeopleHr
        | DirectoryType::Personio => HR,
        DirectoryType::AzureScim
        | DirectoryType::CyberArkScim
        | DirectoryType::GenericScim
        | DirectoryType::SailPointScim
        | DirectoryType::JumpCloudScim
        | DirectoryType::OktaScim
        | DirectoryType::OneLoginScim
        | DirectoryType::PingFederateScim
        | DirectoryType::RipplingScim => SCIM,
    }
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
    fn names_and_places_are_distinct_and_every_kind_of_thing_is_told_once() {
        for kind in DirectoryType::ALL {
            let all = sources(kind);
            for (at, one) in all.iter().enumerate() {
                for other in &all[..at] {
                    assert!(one.name != other.name && one.pointer != other.pointer);
                    assert!(one.told != other.told, "{kind:?} {one:?}");
                }
            }
            assert_eq!(all.len(), 8);
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
