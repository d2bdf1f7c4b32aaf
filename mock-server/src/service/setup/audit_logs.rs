//! Audit logs: what was logged, searched and paged through, and files of it.

mod export;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{
    Action, Alert, Cell, Fact, Flow, Given, Made, Next, Overview, Page, Position, Step, Table,
    Tone, Visit,
};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::audit_log::entry::Party;
use crate::domain::audit_log::export::{EventFilter, Range};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};
use crate::domain::ids::Id as _;
use crate::domain::page::{Order, PageRequest};
use crate::service::audit_logs::events::{self, Search};

pub(super) struct AuditLogs;

/// How many events one page of the overview has.
const EVENTS_ON_A_PAGE: usize = 20;

impl Flow for AuditLogs {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        Vec::new()
    }

    fn position(&self, _visit: &Visit<'_>) -> Position {
        Position::Done
    }

    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page> {
        match step {
            "event" => {
                let id = about.text("event_id")?;
                let event = events::get_in(&visit.work, &visit.organization().id, id)?;
                Some(event_page(&event))
            }
            "export" => Some(export::export_page(visit)),
            "file" => export::find(visit, about).map(|export| export::file_page(visit, &export)),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, query: &Answers) -> Overview {
        let mut overview = Overview::new(
            "Your audit log",
            "Who did what in your organization, newest first.",
        );
        overview.search = search_fields();
        overview.actions = vec![Action::new("export", "Export as CSV")];
        let found = match searched(query) {
            Ok(search) => found(visit, &search),
            Err(violations) => {
                overview.violations = violations;
                Ok(empty_table("Nothing was searched for."))
            }
        };
        overview.tables.push(found.unwrap_or_else(|_| {
            overview.alert = Some(Alert::new(
                Tone::Warn,
                "There is no such page of events",
                "The event that it began at may be gone. Search again to see the newest.",
            ));
            empty_table("Nothing is here.")
        }));
        overview.tables.extend(export::table(visit));
        overview
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        match step {
            "export" => export::ask(visit, given.answers),
            "file" => export::fetch(visit, given.answers),
            _ => Ok(Next::Overview),
        }
    }

    fn made(&self, _visit: &Visit<'_>) -> Vec<Made> {
        Vec::new()
    }
}

fn search_fields() -> Vec<Field> {
    let field = |name, label: &'static str, hint: &'static str| {
        Field::new(name, label, Kind::Text).hint(hint).optional()
    };
    vec![
        field("action", "Action", "Such as user.signed_in."),
        field("actor", "Actor", "A name or an id."),
        field("target", "Target", "A type or an id."),
        field("from", "From", "A day, or an instant in UTC."),
        field("to", "To", "A day, or an instant in UTC."),
    ]
}

/// What is searched for, and the page of it.
fn searched(query: &Answers) -> Result<Search, Vec<Violation>> {
    let mut violations = Vec::new();
    let start = instant(query, "from", "From", Side::Start).unwrap_or_else(|violation| {
        violations.push(violation);
        None
    });
    let end = instant(query, "to", "To", Side::End).unwrap_or_else(|violation| {
        violations.push(violation);
        None
    });
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        violations.push(Violation::new("to", Rule::Value, "To lies before From."));
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    let range = (start.is_some() || end.is_some()).then(|| Range {
        start: start.unwrap_or(Timestamp::MIN),
        end: end.unwrap_or(Timestamp::MAX),
    });
    let own = |name| query.text(name).map(str::to_owned);
    Ok(Search {
        filter: EventFilter {
            actions: own("action").into_iter().collect(),
            ..EventFilter::default()
        },
        actor: own("actor"),
        target: own("target"),
        range,
        sequence: None,
        page: PageRequest {
            before: own("before"),
            after: own("after"),
            limit: EVENTS_ON_A_PAGE,
            order: Order::Desc,
        },
    })
}

fn empty_table(empty: &'static str) -> Table {
    Table {
        title: "Events".into(),
        columns: vec![
            "When".into(),
            "Action".into(),
            "Actor".into(),
            "Targets".into(),
            "From".into(),
            "".into(),
        ],
        rows: Vec::new(),
        empty: empty.into(),
        newer: None,
        older: None,
    }
}

/// The page of events that is searched for, and the ways to those around it.
fn found(visit: &Visit<'_>, search: &Search) -> Result<Table, Error> {
    let page = events::search_in(&visit.work, &visit.organization().id, search)?;
    let turned = |name: &'static str, id: &Option<String>| {
        let id = id.as_ref()?;
        Some(repeated(search).with(name, id.as_str()))
    };
    Ok(Table {
        rows: page.items.iter().map(|event| row(event)).collect(),
        newer: turned("before", &page.before),
        older: turned("after", &page.after),
        ..empty_table("No event was found.")
    })
}

/// What has to be asked to search for the same again, from its first page.
fn repeated(search: &Search) -> Answers {
    let range = search.range;
    let start = range
        .map(|range| range.start)
        .filter(|at| *at != Timestamp::MIN);
    let end = range
        .map(|range| range.end)
        .filter(|at| *at != Timestamp::MAX);
    let given = [
        ("action", search.filter.actions.first().cloned()),
        ("actor", search.actor.clone()),
        ("target", search.target.clone()),
        ("from", start.map(|at| at.to_string())),
        ("to", end.map(|at| at.to_string())),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn row(event: &AuditLogEvent) -> Vec<Cell> {
    let entry = &event.entry;
    let targets: Vec<_> = entry.targets.iter().map(called).collect();
    vec![
        Cell::Moment(entry.occurred_at),
        Cell::code(entry.action.as_str()),
        Cell::text(called(&entry.actor)),
        Cell::text(targets.join(", ")),
        Cell::text(entry.context.location.clone()),
        Cell::Action(Action::new("event", "Details").about("event_id", event.id.as_str())),
    ]
}

/// The name of an actor or a target, or its kind and id.
fn called(party: &Party) -> String {
    match &party.name {
        Some(name) if !name.trim().is_empty() => name.clone(),
        _ => format!("{} {}", party.kind, party.id),
    }
}

/// Everything about an event.
fn event_page(event: &Arc<AuditLogEvent>) -> Page {
    let entry = &event.entry;
    let mut page = Page::new(entry.action.clone(), "An event of your audit log.", "");
    let mut facts = vec![
        Fact::new("Id", Cell::code(event.id.to_string())),
        Fact::new("Occurred", Cell::Moment(entry.occurred_at)),
        Fact::new("Logged", Cell::Moment(event.logged.at)),
        Fact::new("Version", Cell::text(event.version.to_string())),
    ];
    facts.extend(party("Actor", &entry.actor));
    for target in &entry.targets {
        facts.extend(party("Target", target));
    }
    facts.push(Fact::new(
        "Location",
        Cell::text(entry.context.location.clone()),
    ));
    let agent = entry.context.user_agent.clone();
    facts.extend(agent.map(|agent| Fact::new("User agent", Cell::text(agent))));
    facts.extend(entry.metadata.as_ref().map(|metadata| {
        let text = serde_json::to_string_pretty(metadata).unwrap_or_default();
        Fact::new("Metadata", Cell::code(text))
    }));
    page.facts = facts;
    page
}

fn party(role: &'static str, party: &Party) -> Vec<Fact> {
    let mut facts = Vec::new();
    let kind = format!("{} {}", party.kind, party.id);
    match &party.name {
        Some(name) if !name.trim().is_empty() => {
            facts.push(Fact::new(role, Cell::text(format!("{name} ({kind})"))));
        }
        _ => facts.push(Fact::new(role, Cell::text(kind))),
    }
    facts.extend(party.metadata.as_ref().map(|metadata| {
        let text = serde_json::to_string_pretty(metadata).unwrap_or_default();
        Fact::new(format!("{role}’s metadata"), Cell::code(text))
    }));
    facts
}

/// Which end of a day an instant is taken from, when only the day is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

/// The instant that is answered, if one is.
fn instant(
    answers: &Answers,
    name: &'static str,
    label: &str,
    side: Side,
) -> Result<Option<Timestamp>, Violation> {
    let Some(text) = answers.text(name) else {
        return Ok(None);
    };
    let read = text.parse::<Timestamp>().ok().or_else(|| day(text, side));
    read.map(Some).ok_or_else(|| {
        let message =
            format!("{label} has to be a day such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z.");
        Violation::new(name, Rule::Format, message)
    })
}

/// The beginning of a day in UTC, or the last instant that is written with its date.
fn day(text: &str, side: Side) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let time = match side {
        Side::Start => day.at(0, 0, 0, 0),
        Side::End => day.at(23, 59, 59, 999_999_999),
    };
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests;
