//! What a provider does later: people come, change and go.

use std::sync::Arc;

use super::{Known, MOST_GROUPS, credentials};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::attribute_map;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::{DirectoryUser, UserAttributes, UserEmail, UserState};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Choice, Field, Kind};
use crate::domain::ids::{DirectoryGroupId, Id as _};
use crate::service::population::NewUser;
use crate::service::setup::{Page, Visit};
use crate::service::{directory_setups, provisioning};
use crate::store::{DirectoryGroupKey, DirectoryUserKey};

pub(super) fn add_page(visit: &Visit<'_>, known: &Known) -> Page {
    let mut page = Page::new(
        "Add a sample user",
        "As if somebody were hired: the provider tells of a user whom it did not have before.",
        "Add the user",
    );
    page.fields = fields(visit, known, None);
    page
}

pub(super) fn change_page(visit: &Visit<'_>, known: &Known, about: &Answers) -> Page {
    let Some(user) = user(visit, known, about) else {
        return gone();
    };
    let mut page = Page::new(
        "Change a sample user",
        "As if the provider told of the change.",
        "Save",
    );
    page.fields = fields(visit, known, Some(&user));
    page
}

pub(super) fn remove_page(visit: &Visit<'_>, known: &Known, about: &Answers) -> Page {
    let Some(user) = user(visit, known, about) else {
        return gone();
    };
    let who = user.attributes.email.as_deref().unwrap_or(&user.idp_id);
    let mut page = Page::new(
        "Remove a sample user",
        format!("As if {who} had left: the provider does not have the user any more."),
        "Remove the user",
    );
    page.is_dangerous = true;
    page.fields = vec![Field::new("user_id", "User", Kind::Hidden).value(user.id.as_str())];
    page
}

/// What stands in the place of a page about somebody who is not there.
fn gone() -> Page {
    Page::new(
        "This user is gone",
        "The directory does not have this user any more.",
        "Back to the directory",
    )
}

fn fields(visit: &Visit<'_>, known: &Known, user: Option<&DirectoryUser>) -> Vec<Field> {
    let attributes = user.map(|user| &user.attributes);
    let line = |name, label, value: Option<&String>, sample: &'static str| {
        let field = Field::new(name, label, Kind::Text);
        field.current(value.cloned()).sample(sample)
    };
    let mut fields = vec![
        line(
            "first_name",
            "First name",
            attributes.and_then(|all| all.first_name.as_ref()),
            "Robin",
        )
        .optional(),
        line(
            "last_name",
            "Last name",
            attributes.and_then(|all| all.last_name.as_ref()),
            "Fields",
        )
        .optional(),
        line(
            "email",
            "E-mail address",
            attributes.and_then(|all| all.email.as_ref()),
            "robin.fields@example.com",
        ),
        line(
            "job_title",
            "Job title",
            attributes.and_then(|all| all.job_title.as_ref()),
            "Designer",
        )
        .optional(),
    ];
    let groups = groups(visit, known);
    if !groups.is_empty() {
        let choice = |group: &Arc<DirectoryGroup>| {
            Choice::new(group.id.as_str().to_owned(), group.attributes.name.clone())
        };
        let choices = groups.iter().map(choice).collect();
        let mut field = Field::new("member_of", "Groups", Kind::Many(choices)).optional();
        let joined = user.map_or(&[][..], |user| &user.groups);
        field.value = joined.iter().map(ToString::to_string).collect();
        fields.push(field);
    }
    if let Some(user) = user {
        let choices = vec![
            Choice::new(UserState::Active.as_str(), "Active"),
            Choice::new(UserState::Suspended.as_str(), "Suspended"),
            Choice::new(UserState::Inactive.as_str(), "Inactive")
                .note("The user is deleted, as everybody is who turns inactive."),
        ];
        fields.push(
            Field::new("user_state", "State", Kind::Choice(choices))
                .value(user.attributes.state.as_str()),
        );
        fields.push(Field::new("user_id", "User", Kind::Hidden).value(user.id.as_str()));
    }
    fields
}

/// The groups to choose from; none when there are too many for a page.
fn groups(visit: &Visit<'_>, known: &Known) -> Vec<Arc<DirectoryGroup>> {
    if known.directory.counts.groups > MOST_GROUPS {
        return Vec::new();
    }
    let key = DirectoryGroupKey::Directory(known.directory.id.clone());
    visit.work.find_all(&key)
}

/// The user of the directory whom something is about.
fn user(visit: &Visit<'_>, known: &Known, about: &Answers) -> Option<Arc<DirectoryUser>> {
    let user = visit.work.get::<DirectoryUser>(about.text("user_id")?)?;
    (user.directory_id == known.directory.id).then_some(user)
}

/// What was answered, in the place of what was known.
fn told(before: UserAttributes, answers: &Answers) -> Result<UserAttributes, Error> {
    let text = |name| answers.text(name).map(str::to_owned);
    let email = credentials::address(answers.text("email").unwrap_or_default())
        .map_err(|message| Violation::new("email", Rule::Format, message))?;
    let (first_name, last_name) = (text("first_name"), text("last_name"));
    let names: Vec<_> = first_name.iter().chain(&last_name).cloned().collect();
    let job_title = text("job_title");
    let mut custom_attributes = before.custom_attributes;
    match &job_title {
        Some(title) => drop(custom_attributes.insert("job_title".into(), title.clone().into())),
        None => drop(custom_attributes.remove("job_title")),
    }
    let state = UserState::ALL
        .into_iter()
        .find(|state| answers.text("user_state") == Some(state.as_str()));
    let is_new_address = before.email.as_ref() != Some(&email);
    Ok(UserAttributes {
        emails: if is_new_address {
            vec![UserEmail::work(&email)]
        } else {
            before.emails
        },
        username: if is_new_address && before.username == before.email {
            Some(email.clone())
        } else {
            before.username
        },
        email: Some(email),
        name: (!names.is_empty()).then(|| names.join(" ")),
        first_name,
        last_name,
        job_title,
        state: state.unwrap_or(before.state),
        custom_attributes,
        ..before
    })
}

fn nobody() -> UserAttributes {
    UserAttributes {
        email: None,
        first_name: None,
        last_name: None,
        name: None,
        emails: Vec::new(),
        job_title: None,
        username: None,
        state: UserState::Active,
        raw_attributes: serde_json::Map::new(),
        custom_attributes: serde_json::Map::new(),
        roles: Vec::new(),
    }
}

/// Adds somebody, whose address nobody else in the directory has.
pub(super) fn add(visit: &mut Visit<'_>, known: &Known, answers: &Answers) -> Result<(), Error> {
    let mut attributes = told(nobody(), answers)?;
    let kind = known.directory.kind;
    attributes.username.clone_from(&attributes.email);
    attributes.raw_attributes = attribute_map::raw(kind, &attributes, "");
    directory_setups::map_of(&visit.work, &known.directory).fill(&mut attributes);
    let email = attributes.email.as_deref().unwrap_or_default();
    let key = DirectoryUserKey::email(known.directory.id.clone(), email);
    if let Some(there) = visit.work.find::<DirectoryUser>(&key) {
        // Sent twice, it is the same user.
        if there.attributes == attributes && there.created_at >= visit.since {
            return Ok(());
        }
        let message = "A user of the directory has this address.";
        return Err(Violation::new("email", Rule::Duplicate, message).into());
    }
    let new = NewUser {
        idp_id: None,
        attributes,
    };
    let directory = known.directory.id.as_str();
    let user = provisioning::add_user_in(&mut visit.work, directory, new)?;
    join(visit, known, &user, answers)
}

/// Changes somebody. Whoever is gone already stays gone.
pub(super) fn change(visit: &mut Visit<'_>, known: &Known, answers: &Answers) -> Result<(), Error> {
    let Some(user) = user(visit, known, answers) else {
        return Ok(());
    };
    let mut attributes = told(user.attributes.clone(), answers)?;
    attribute_map::retell(known.directory.kind, &mut attributes);
    let work = &mut visit.work;
    match provisioning::update_user_in(work, user.id.as_str(), attributes)? {
        Some(user) => join(visit, known, &user, answers),
        None => Ok(()),
    }
}

/// Makes somebody a member of the groups that are answered, and of no others, if there are any to choose from.
fn join(
    visit: &mut Visit<'_>,
    known: &Known,
    user: &DirectoryUser,
    answers: &Answers,
) -> Result<(), Error> {
    if groups(visit, known).is_empty() {
        return Ok(());
    }
    let wanted = answers.all("member_of");
    let wanted: Vec<_> = wanted
        .into_iter()
        .filter_map(DirectoryGroupId::parse)
        .collect();
    let work = &mut visit.work;
    for group in user.groups.iter().filter(|group| !wanted.contains(group)) {
        provisioning::change_membership(work, group.as_str(), user.id.as_str(), false)?;
    }
    for group in &wanted {
        provisioning::change_membership(work, group.as_str(), user.id.as_str(), true)?;
    }
    Ok(())
}

/// Removes somebody. Whoever is gone already stays gone.
pub(super) fn remove(visit: &mut Visit<'_>, known: &Known, answers: &Answers) -> Result<(), Error> {
    match user(visit, known, answers) {
        Some(user) => provisioning::remove_user_in(&mut visit.work, user.id.as_str()),
        None => Ok(()),
    }
}
