//! Files of an audit log: what they are to have, and the way to them.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{Side, instant};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::audit_log::export::{AuditLogExport, EventFilter, ExportState};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};
use crate::domain::ids::Id as _;
use crate::service::audit_logs::exports::{self, NewExport};
use crate::service::setup::{Action, Alert, Cell, Fact, Next, Page, Status, Table, Tone, Visit};

/// How many exports the overview shows.
const SHOWN: usize = 5;
/// How far back a range begins unless somebody says otherwise.
const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The page on which a file is asked for. The fields have the names of the API.
pub(super) fn export_page(visit: &Visit<'_>) -> Page {
    let now = visit.work.at();
    let month_ago = now.checked_sub(USUAL).unwrap_or(now);
    let several = |name, label: &'static str, hint: &'static str| {
        Field::new(name, label, Kind::Text).hint(hint).optional()
    };
    let mut page = Page::new(
        "Export as CSV",
        "A file of the events of a time, of at most the past three months.",
        "Make the file",
    );
    page.fields = vec![
        Field::new("range_start", "From", Kind::Text)
            .hint("A day such as 2026-01-31, or an instant in UTC such as 2026-01-31T09:30:00Z.")
            .value(format!("{month_ago:.0}")),
        Field::new("range_end", "To", Kind::Text)
            .hint("Likewise. A day counts to its end.")
            .value(format!("{now:.0}")),
        several(
            "actions",
            "Actions",
            "Several are separated by commas. Without any, the file has them all.",
        ),
        several(
            "actor_names",
            "Names of actors",
            "Separated by commas. A name with a comma stands in double quotes.",
        ),
        several("actor_ids", "Ids of actors", "Separated by commas."),
        several("targets", "Types of targets", "Separated by commas."),
    ];
    page
}

/// Asks for a file.
pub(super) fn ask(visit: &mut Visit<'_>, answers: &Answers) -> Result<Next, Error> {
    let mut violations = Vec::new();
    let mut at = |name, label, side| {
        let read = instant(answers, name, label, side);
        read.unwrap_or_else(|violation| {
            violations.push(violation);
            None
        })
    };
    let start = at("range_start", "From", Side::Start);
    let end = at("range_end", "To", Side::End);
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Error::Invalid(violations));
    };
    let organization = visit.organization();
    let new = NewExport {
        organization: organization.id.as_str().to_owned(),
        start,
        end,
        filter: EventFilter {
            actions: listed(answers, "actions"),
            actor_names: listed(answers, "actor_names"),
            actor_ids: listed(answers, "actor_ids"),
            targets: listed(answers, "targets"),
        },
    };
    let export = match again(visit, &new)? {
        Some(export) => export,
        None => exports::create_in(&mut visit.work, new).map_err(beside_the_field)?,
    };
    let about = Answers::default().with("export_id", export.id.as_str());
    Ok(Next::Step("file", about))
}

/// The file that was asked for in the same words and is still being made: a form that is sent twice makes one.
fn again(visit: &Visit<'_>, new: &NewExport) -> Result<Option<Arc<AuditLogExport>>, Error> {
    let now = visit.work.now();
    let newest = exports::newest(&visit.work, &visit.organization().id, 1)?;
    let same = newest.items.into_iter().find(|export| {
        let range = (export.range.start, export.range.end);
        range == (new.start, new.end)
            && export.filter == new.filter
            && export.state(&now).0 == ExportState::Pending
    });
    Ok(same)
}

/// The export that a page is about, if it is the organization's.
pub(super) fn find(visit: &Visit<'_>, about: &Answers) -> Option<Arc<AuditLogExport>> {
    let export = visit.work.get::<AuditLogExport>(about.text("export_id")?)?;
    (export.organization_id == visit.organization().id).then_some(export)
}

/// The page of a file, which opens it once it is there.
pub(super) fn file_page(visit: &Visit<'_>, export: &AuditLogExport) -> Page {
    let (state, since) = export.state(&visit.work.now());
    let (lead, button) = match state {
        ExportState::Pending => (
            "The file is being made, which takes two seconds of this server’s clock.",
            "Look again",
        ),
        ExportState::Ready => (
            "The file has what was logged when it was asked for.",
            "Download the file",
        ),
        ExportState::Expired => ("The file was kept for a week.", ""),
    };
    let mut page = Page::new("Your file", lead, button);
    if state == ExportState::Expired {
        page.alert = Some(Alert::new(
            Tone::Warn,
            "The file is gone",
            "Ask for a new one from the overview.",
        ));
    }
    page.facts = vec![
        Fact::new("State", Cell::Status(status(state))),
        Fact::new("Since", Cell::Moment(since)),
        Fact::new("From", Cell::Moment(export.range.start)),
        Fact::new("To", Cell::Moment(export.range.end)),
    ];
    let lists = [
        ("Actions", &export.filter.actions),
        ("Names of actors", &export.filter.actor_names),
        ("Ids of actors", &export.filter.actor_ids),
        ("Types of targets", &export.filter.targets),
    ];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let lists = lists.map(|(label, values)| Fact::new(label, Cell::text(values.join(", "))));
    page.facts.extend(lists);
    page.fields = vec![Field::new("export_id", "Export", Kind::Hidden).value(export.id.as_str())];
    page
}

/// Opens the file of an export; while it is being made, shows how far it is.
pub(super) fn fetch(visit: &mut Visit<'_>, answers: &Answers) -> Result<Next, Error> {
    let export = find(visit, answers).ok_or_else(|| {
        let message = "There is no such file.";
        Violation::new("export_id", Rule::Value, message)
    })?;
    if export.state(&visit.work.now()).0 == ExportState::Ready {
        return Ok(Next::File(exports::address_of(&mut visit.work, &export)));
    }
    let about = Answers::default().with("export_id", export.id.as_str());
    Ok(Next::Step("file", about))
}

/// The newest files, where there are any.
pub(super) fn table(visit: &Visit<'_>) -> Option<Table> {
    let now = visit.work.now();
    let newest = exports::newest(&visit.work, &visit.organization().id, SHOWN).ok()?;
    let row = |export: &Arc<AuditLogExport>| {
        let (state, _) = export.state(&now);
        let label = match state {
            ExportState::Ready => "Download",
            ExportState::Pending | ExportState::Expired => "Look",
        };
        vec![
            Cell::Moment(export.range.start),
            Cell::Moment(export.range.end),
            Cell::Status(status(state)),
            Cell::Action(Action::new("file", label).about("export_id", export.id.as_str())),
        ]
    };
    let rows: Vec<_> = newest.items.iter().map(row).collect();
    (!rows.is_empty()).then(|| Table {
        title: "Files".into(),
        columns: vec!["From".into(), "To".into(), "State".into(), "".into()],
        rows,
        empty: "".into(),
        newer: None,
        older: None,
    })
}

fn status(state: ExportState) -> Status {
    match state {
        ExportState::Pending => Status::new(Tone::Warn, "Being made"),
        ExportState::Ready => Status::new(Tone::Good, "Ready"),
        ExportState::Expired => Status::new(Tone::Neutral, "Gone"),
    }
}

/// Values that are separated by commas; one with a comma stands in double quotes.
fn listed(answers: &Answers, name: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut is_quoted = false;
    for c in answers.text(name).unwrap_or_default().chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => values.push(String::new()),
            c => {
                if let Some(value) = values.last_mut() {
                    value.push(c);
                }
            }
        }
    }
    let values = values.iter().map(|value| value.trim());
    values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the range is refused for, said where it was typed.
fn beside_the_field(error: Error) -> Error {
    match error {
        Error::ExportRangeTurned => {
            Violation::new("range_end", Rule::Value, "To lies before From.").into()
        }
        Error::ExportRangeTooOld => Violation::new(
            "range_start",
            Rule::Value,
            "From lies more than three months back.",
        )
        .into(),
        error => error,
    }
}
