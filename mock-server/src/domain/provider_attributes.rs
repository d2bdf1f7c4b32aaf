//! The attributes that providers of directories have, and what each tells of somebody.

use super::directory::DirectoryType;

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
    pub(super) pointer: &'static str,
    pub(super) told: Told,
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
    source("emails[0].value", "/emails/0/value", Told::Email),
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
