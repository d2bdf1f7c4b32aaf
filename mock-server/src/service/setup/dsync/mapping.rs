//! Which of the provider's attributes fill those of users.

use super::{Known, providers};
use crate::domain::answers::Answers;
use crate::domain::attribute_map::{AttributeMap, Target};
use crate::domain::directory::DirectoryType;
use crate::domain::form::{Choice, Field, Kind};
use crate::domain::provider_attributes::sources;
use crate::service::directory_setups;
use crate::service::setup::{Page, Visit};

/// What is chosen to fill an attribute with nothing.
const NOTHING: &str = "nothing";

/// The fields, with what they fill and what a person calls it.
const FIELDS: [(&str, Target, &str); 6] = [
    ("email_from", Target::Email, "E-mail address"),
    ("first_name_from", Target::FirstName, "First name"),
    ("last_name_from", Target::LastName, "Last name"),
    ("username_from", Target::Username, "User name"),
    ("job_title_from", Target::JobTitle, "Job title"),
    ("department_from", Target::Department, "Department"),
];

pub(super) fn page(visit: &Visit<'_>, known: &Known, button: &'static str) -> Page {
    let directory = &known.directory;
    let map = directory_setups::map_of(&visit.work, directory);
    let mut page = Page::new(
        "Map the attributes",
        format!(
            "Choose which attribute of {} fills which attribute of your users.",
            providers::name(directory.kind)
        ),
        button,
    );
    let field = |(name, target, label): (&'static str, Target, &'static str)| {
        let mut choices: Vec<_> = sources(directory.kind)
            .iter()
            .map(|source| Choice::new(source.name, source.name))
            .collect();
        if target != Target::Email {
            choices.push(Choice::new(NOTHING, "Leave it empty"));
        }
        Field::new(name, label, Kind::Select(choices)).value(map.name(target).unwrap_or(NOTHING))
    };
    page.fields = FIELDS.map(field).to_vec();
    page
}

/// The map that was answered.
pub(super) fn read(kind: DirectoryType, answers: &Answers) -> AttributeMap {
    let named = FIELDS
        .iter()
        .filter_map(|(name, target, _)| Some((*target, answers.text(name)?)));
    AttributeMap::named(kind, named)
}
