//! Directory sync: the provider, how it is reached, the groups and the attributes; then the first sync.

mod credentials;
mod mapping;
mod overview;
mod pages;
mod people;
mod providers;

use std::sync::Arc;

use super::{Flow, Given, Made, Next, Overview, Page, Position, Step, Visit};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::directory::{Directory, DirectoryState};
use crate::domain::directory_setup::{DirectorySetup, SampleSize};
use crate::service::directory_setups::{self, Contact};
use crate::service::{directories, population};

pub(super) struct Dsync;

/// The steps on the rail, in order.
const STEPS: [(&str, &str); 5] = [
    ("provider", "Choose a provider"),
    ("credentials", "Connect it"),
    ("groups", "Choose groups"),
    ("attributes", "Map attributes"),
    ("sync", "First sync"),
];

/// More groups than this are not chosen from on a page.
const MOST_GROUPS: usize = 500;

/// The directory and how it is set up.
struct Known {
    directory: Arc<Directory>,
    setup: Option<Arc<DirectorySetup>>,
}

impl Known {
    fn of(visit: &Visit<'_>) -> Option<Self> {
        let directory = directory_setups::managed(&visit.work, &visit.organization().id)?;
        let setup = directory_setups::of(&visit.work, &directory);
        Some(Self { directory, setup })
    }

    /// The step that comes next, until the directory is synced.
    fn next(&self) -> Position {
        let setup = self.setup.as_deref();
        match self.directory.state {
            DirectoryState::Linked | DirectoryState::Unlinked | DirectoryState::Deleting => {
                Position::Done
            }
            DirectoryState::InvalidCredentials => Position::At("credentials"),
            DirectoryState::Validating => {
                let is_connected = setup.is_some_and(|setup| setup.is_connected);
                let has_groups = setup.is_some_and(|setup| setup.chosen_groups.is_some());
                let has_map = setup.is_some_and(|setup| setup.attributes.is_some());
                Position::At(match (is_connected, has_groups, has_map) {
                    (false, _, _) => "credentials",
                    (true, false, _) => "groups",
                    (true, true, false) => "attributes",
                    (true, true, true) => "sync",
                })
            }
        }
    }

    fn size(&self) -> SampleSize {
        self.setup
            .as_ref()
            .map(|setup| setup.size)
            .unwrap_or_default()
    }
}

impl Flow for Dsync {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        STEPS.map(|(name, title)| Step::new(name, title)).to_vec()
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        Known::of(visit).map_or(Position::At("provider"), |known| known.next())
    }

    fn is_reachable(&self, visit: &Visit<'_>, step: &str) -> bool {
        let place = |name: &str| STEPS.iter().position(|(step, _)| *step == name);
        match (place(step), self.position(visit)) {
            (Some(step), Position::At(at)) => place(at).is_some_and(|at| step <= at),
            (None, Position::Done) => true,
            // What is set up is changed beside the rail, and what is not has nothing to be changed.
            (Some(_), Position::Done) => false,
            (None, Position::At(_)) => step == "reset" && Known::of(visit).is_some(),
        }
    }

    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page> {
        if !self.is_reachable(visit, step) {
            return None;
        }
        let known = Known::of(visit);
        if step == "provider" {
            return Some(pages::provider(known.as_ref()));
        }
        let known = known?;
        match step {
            "credentials" => Some(pages::credentials(visit, &known)),
            "groups" => Some(pages::groups(&known)),
            "attributes" => Some(mapping::page(visit, &known, "Continue")),
            "sync" => Some(pages::sync(&known)),
            "edit_attributes" => Some(mapping::page(visit, &known, "Save")),
            "edit_groups" => pages::edit_groups(visit, &known),
            "rotate_token" => pages::rotate_token(&known),
            "token" => pages::token(visit, &known),
            "add_user" => Some(people::add_page(visit, &known)),
            "change_user" => Some(people::change_page(visit, &known, about)),
            "remove_user" => Some(people::remove_page(visit, &known, about)),
            "reset" => Some(pages::reset(&known)),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, query: &Answers) -> Overview {
        match Known::of(visit) {
            Some(known) => overview::of(visit, &known, query),
            None => Overview::new("Your directory", "There is no directory yet."),
        }
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let answers = given.answers;
        let known = Known::of(visit);
        if step == "provider" {
            choose_provider(visit, known.as_ref(), answers);
            return Ok(Next::Onward);
        }
        let Some(known) = known else {
            return Ok(Next::Overview);
        };
        let directory = &known.directory;
        let work = &mut visit.work;
        match step {
            "credentials" => return connect(visit, &known, answers),
            "groups" => {
                let names = owned(&answers.all("synced_groups"));
                directory_setups::choose_groups(work, directory, names);
                return Ok(Next::Onward);
            }
            "attributes" => {
                let map = mapping::read(directory.kind, answers);
                directory_setups::map_attributes(work, directory, map)?;
                return Ok(Next::Onward);
            }
            "sync" => {
                let organization = visit.organization();
                directory_setups::sync_first(&mut visit.work, directory, &organization)?;
            }
            "edit_attributes" => {
                let map = mapping::read(directory.kind, answers);
                directory_setups::map_attributes(work, directory, map)?;
            }
            "edit_groups" => {
                let kept = answers.all("kept_groups");
                directory_setups::change_groups(work, directory, &kept)?;
            }
            "rotate_token" => {
                // Sent twice, the token in question is not the one in use any more.
                if answers.text("token_id") == pages::token_id(&known).as_deref() {
                    directory_setups::rotate_token(work, directory);
                }
                return Ok(Next::Step("token", Answers::default()));
            }
            "token" => directory_setups::hide_token(work, directory),
            "add_user" => people::add(visit, &known, answers)?,
            "change_user" => people::change(visit, &known, answers)?,
            "remove_user" => people::remove(visit, &known, answers)?,
            _ => directories::remove(work, directory),
        }
        Ok(Next::Overview)
    }

    fn failure(&self, visit: &Visit<'_>, step: &str) -> Option<Answers> {
        let answers = Answers::default();
        let can_fail = step == "credentials" && self.position(visit) != Position::Done;
        can_fail.then(|| answers.with("outcome", "invalid_credentials"))
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        let known = Known::of(visit).map(|known| known.directory);
        let made = known.filter(|directory| directory.updated_at >= visit.since);
        made.map(Made::Directory).into_iter().collect()
    }
}

fn choose_provider(visit: &mut Visit<'_>, known: Option<&Known>, answers: &Answers) {
    let Some(provider) = answers.text("provider").and_then(providers::parse) else {
        return;
    };
    if let Some(known) = known {
        directory_setups::change_provider(&mut visit.work, &known.directory, provider.kind);
    } else {
        let organization = visit.organization();
        directory_setups::begin(&mut visit.work, &organization, provider.kind);
    }
}

fn connect(visit: &mut Visit<'_>, known: &Known, answers: &Answers) -> Result<Next, Error> {
    let way = pages::way(&known.directory);
    let fields = credentials::fields(way, None);
    let reached_by = credentials::read(&fields, answers).map_err(Error::Invalid)?;
    let usual = SampleSize::default();
    let number = |name, usual| {
        let number = answers.number(name).and_then(|it| usize::try_from(it).ok());
        number.unwrap_or(usual)
    };
    let is_accepted = answers.text("outcome") == Some("valid");
    let contact = Contact {
        reached_by,
        size: SampleSize {
            users: number("users", usual.users),
            groups: number("groups", usual.groups),
        },
        is_accepted,
    };
    directory_setups::connect(&mut visit.work, &known.directory, contact);
    Ok(if is_accepted {
        Next::Onward
    } else {
        Next::Step("credentials", Answers::default())
    })
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The names of the groups that are to come.
fn coming_groups(known: &Known) -> Vec<String> {
    population::sample_group_names(known.size().groups)
}
