//! Seeds: what an environment starts with, made before anybody can see it.
//!
//! A seed is made into records first, by the rules that hold for what an app makes, and nothing is kept unless all of them
//! do. Then they are put in by one unit of work. No event tells of them.

mod connections;
mod directories;
mod names;
mod organizations;
mod others;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use ulid::Ulid;

use super::{Work, certificates, organizations as making};
use crate::domain::Error;
use crate::domain::audit_log::retention::AuditLogSettings;
use crate::domain::audit_log::{AuditLogAction, AuditLogSchema};
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::connection_settings::GivenCertificates;
use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::error::{Rule, Violation};
use crate::domain::event::MADE;
use crate::domain::ids::{Id, OrganizationId, ulid_of};
use crate::domain::it_contact::ItContact;
use crate::domain::organization::Organization;
use crate::domain::settings::Settings;
use crate::domain::time::Now;
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::environment::Environment;
use crate::random::Random;
use crate::seed::Seed;
use crate::store::{Record, UnitOfWork};

/// How many violations are told of.
const MOST_VIOLATIONS: usize = 100;
/// How many users and groups a seed has made up at most.
const MOST_SAMPLES: u64 = 200_000;
/// The last instant that an id may name, in milliseconds: the end of the year 9999. After it there are ids enough.
const LAST_INSTANT: u64 = 253_402_300_799_999;

/// Makes what a seed has in an environment that nobody can see yet. Each violation begins with `prefix`.
///
/// # Errors
/// Everything that is wrong with it. Nothing is made then.
pub(crate) fn sow(environment: &Environment, seed: &Seed, prefix: &str) -> Result<(), Error> {
    let mut work = Work::begin(environment);
    let ground = Ground {
        random: &environment.random,
        settings: &environment.settings,
        now: work.now(),
        test: work.get(OrganizationId::TEST),
        with_samples: true,
    };
    if let Some(last) = seed.pinned().filter_map(ulid_in).max() {
        environment.random.go_on_after(last);
    }
    let crop = Crop::of(seed, &ground).map_err(|violations| {
        let told = violations.into_iter().map(|violation| {
            let field = format!("{prefix}{}", violation.field);
            let stop = if violation.message.ends_with(['?', '.']) {
                ""
            } else {
                "."
            };
            let message = format!("{field}: {}{stop}", violation.message);
            Violation::new(field, violation.rule, message)
        });
        Error::Invalid(told.collect())
    })?;
    crop.plant(&mut work);
    work.commit();
    for warning in warnings(seed) {
        tracing::warn!("{warning}");
    }
    Ok(())
}

/// What is wrong with a seed for an environment with such settings, that has the test organization or has not.
pub(crate) fn check(seed: &Seed, settings: &Settings, test_organization: bool) -> Vec<Violation> {
    let random = Random::seeded(0);
    let now = Now::new(seed.clock.unwrap_or(Timestamp::UNIX_EPOCH), Arc::default());
    let has_own = seed.has_test_organization();
    let test = (test_organization && !has_own)
        .then(|| Arc::new(making::test_organization(&random, now.moment())));
    let ground = Ground {
        random: &random,
        settings,
        now,
        test,
        with_samples: false,
    };
    Crop::of(seed, &ground).err().unwrap_or_default()
}

/// What of a seed will never come to anything.
pub(crate) fn warnings(seed: &Seed) -> Vec<String> {
    let mut warnings = Vec::new();
    for (index, endpoint) in seed.webhook_endpoints.iter().enumerate() {
        for event in &endpoint.events {
            if !MADE.contains(&event.as_str()) {
                warnings.push(format!(
                    "webhook_endpoints.{index}.events: this server never makes the event {event}"
                ));
            }
        }
        if endpoint.events.is_empty() {
            warnings.push(format!(
                "webhook_endpoints.{index}.events: nothing is ever sent to an endpoint without events"
            ));
        }
    }
    warnings.truncate(MOST_VIOLATIONS);
    warnings
}

/// What a seed falls on.
struct Ground<'a> {
    random: &'a Random,
    settings: &'a Settings,
    now: Now,
    /// The organization that is there before.
    test: Option<Arc<Organization>>,
    /// Whether samples are made up; a check needs none.
    with_samples: bool,
}

/// The records that a seed makes.
#[derive(Default)]
struct Crop {
    organizations: Vec<Organization>,
    it_contacts: Vec<ItContact>,
    retentions: Vec<AuditLogSettings>,
    connections: Vec<Connection>,
    /// Those that are to get certificates of their own.
    to_be_equipped: Vec<Connection>,
    certificates: Vec<Certificate>,
    directories: Vec<Directory>,
    users: Vec<DirectoryUser>,
    groups: Vec<DirectoryGroup>,
    endpoints: Vec<WebhookEndpoint>,
    schemas: Vec<AuditLogSchema>,
    actions: Vec<AuditLogAction>,
}

impl Crop {
    fn of(seed: &Seed, ground: &Ground<'_>) -> Result<Self, Vec<Violation>> {
        let mut sower = Sower {
            ground,
            crop: Self::default(),
            found: Vec::new(),
            ids: HashSet::new(),
            organizations: HashMap::new(),
            samples: 0,
        };
        if let Some(test) = &ground.test {
            let id = OrganizationId::TEST.to_owned();
            sower.organizations.insert(id, Arc::clone(test));
        }
        sower.organizations(&seed.organizations);
        sower.connections(&seed.connections);
        sower.directories(&seed.directories);
        sower.webhook_endpoints(&seed.webhook_endpoints);
        sower.audit_log_actions(&seed.audit_log_actions);
        let Sower {
            crop, mut found, ..
        } = sower;
        if found.is_empty() {
            return Ok(crop);
        }
        found.truncate(MOST_VIOLATIONS);
        Err(found)
    }

    fn plant(self, work: &mut Work<'_>) {
        plant_organizations(work, self.organizations);
        plant(work, self.it_contacts);
        plant(work, self.retentions);
        plant(work, self.connections);
        plant(work, self.certificates);
        plant(work, self.directories);
        plant(work, self.users);
        plant(work, self.groups);
        plant(work, self.endpoints);
        plant(work, self.schemas);
        plant(work, self.actions);
        for connection in self.to_be_equipped {
            certificates::equip(work, &connection, GivenCertificates::default());
        }
    }
}

/// Puts records in, in the order of their ids: out of it, each would have to be put before others.
fn plant<R: Record>(unit: &mut UnitOfWork<'_>, mut records: Vec<R>) {
    records.sort_by(|one, other| one.id().cmp(other.id()));
    for record in records {
        unit.insert(record);
    }
}

/// The same of organizations. The one whose id names no place comes before the one that it stands before in the seed.
fn plant_organizations(work: &mut Work<'_>, organizations: Vec<Organization>) {
    let ulid = |one: &Organization| ulid_of(OrganizationId::PREFIX, one.id.as_str());
    let placed: HashSet<_> = organizations.iter().filter_map(ulid).collect();
    let test = organizations.iter().position(|one| ulid(one).is_none());
    let next = test.and_then(|at| organizations[at..].iter().find_map(ulid));
    let before = next.and_then(|next| next.0.checked_sub(1).map(Ulid));
    let place = before.filter(|place| !placed.contains(place));
    let (test, others): (Vec<_>, Vec<_>) = organizations
        .into_iter()
        .partition(|one| ulid(one).is_none());
    plant(work, others);
    for organization in test {
        let place = place.unwrap_or_else(|| work.ulid());
        work.insert_pinned(organization, place.0);
    }
}

/// Makes records of a seed, and notes what is wrong with it.
struct Sower<'a> {
    ground: &'a Ground<'a>,
    crop: Crop,
    found: Vec<Violation>,
    /// Every id that the seed names.
    ids: HashSet<String>,
    /// By their keys and by their ids.
    organizations: HashMap<String, Arc<Organization>>,
    samples: u64,
}

impl Sower<'_> {
    fn refuse(&mut self, field: impl Into<String>, rule: Rule, message: impl Into<String>) {
        // As many are told of; the rest would only take memory.
        if self.found.len() < MOST_VIOLATIONS {
            self.found.push(Violation::new(field, rule, message));
        }
    }

    fn at(&self) -> Timestamp {
        self.ground.now.at()
    }

    fn ulid(&self) -> Ulid {
        self.ground.random.ulid(self.at())
    }

    /// The id that is given, or a new one.
    fn id<I: Id>(&mut self, at: &str, given: Option<&str>, new: impl Fn(Ulid) -> I) -> I {
        let Some(text) = given else {
            return new(self.ulid());
        };
        let soon = |id: &I| {
            ulid_of(I::PREFIX, id.as_str()).is_none_or(|ulid| ulid.timestamp_ms() <= LAST_INSTANT)
        };
        if let Some(id) = I::parse(text).filter(soon) {
            self.claim(at, text);
            return id;
        }
        let example = new(Ulid::from_parts(1_767_225_600_000, 1));
        let message = format!("expected an id such as \"{}\"", example.as_str());
        self.refuse(format!("{at}.id"), Rule::Format, message);
        new(self.ulid())
    }

    /// Notes that there is something with this id.
    fn claim(&mut self, at: &str, id: &str) {
        if !self.ids.insert(id.to_owned()) {
            let message = format!("another object of the seed has the id \"{id}\"");
            self.refuse(format!("{at}.id"), Rule::Duplicate, message);
        }
    }

    /// The organization that something names.
    fn organization(&mut self, at: &str, named: &str) -> Option<Arc<Organization>> {
        if let Some(organization) = self.organizations.get(named) {
            return Some(Arc::clone(organization));
        }
        let nearest = nearest(self.organizations.keys().map(String::as_str), named);
        let message = format!("no organization has the key or the id \"{named}\"{nearest}");
        self.refuse(format!("{at}.organization"), Rule::Value, message);
        None
    }

    /// Notes that so many are to be made up, which are too many at some time.
    fn count_samples(&mut self, field: String, count: u32) -> usize {
        let before = self.samples;
        self.samples = before.saturating_add(u64::from(count));
        if count > 100_000 {
            self.refuse(field, Rule::TooMany, "expected at most 100000");
        } else if self.samples > MOST_SAMPLES && before <= MOST_SAMPLES {
            let message = format!("expected at most {MOST_SAMPLES} samples in the whole seed");
            self.refuse(field, Rule::TooMany, message);
        } else if self.ground.with_samples && self.samples <= MOST_SAMPLES {
            return usize::try_from(count).unwrap_or(0);
        }
        0
    }
}

/// The end of a sentence that asks for the name that is most like `given`, if one is like it at all; else it lists them.
fn nearest<'n>(names: impl Iterator<Item = &'n str>, given: &str) -> String {
    const LISTED: usize = 10;
    // Of very many names the rest would take too long.
    let mut names: Vec<_> = names.take(1_000).collect();
    names.sort_unstable();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(name, given);
    let like = names.iter().map(|name| (likeness(name), *name));
    let best = like.max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((likeness, name)) if likeness >= 0.5 => format!("; did you mean \"{name}\"?"),
        Some(_) if names.len() <= LISTED => {
            let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
            format!("; there are {}", names.join(", "))
        }
        Some(_) => String::new(),
        None => "; there are none".to_owned(),
    }
}

/// The ULID at the end of an id.
fn ulid_in(id: &str) -> Option<Ulid> {
    let (prefix, _) = id.rsplit_once('_')?;
    ulid_of(&id[..=prefix.len()], id).filter(|ulid| ulid.timestamp_ms() <= LAST_INSTANT)
}
