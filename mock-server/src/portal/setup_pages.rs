//! The pages of a session, as what each one shows. How they look is in `templates/`.

use askama::Template;
use jiff::Timestamp;

use super::fields::{FieldView, Shape};
use super::moment::Moment;
use super::shell::{FORM_TOKEN, Shell};
use super::words::Part as _;
use crate::domain::answers::Answers;
use crate::domain::intent::Intent;
use crate::service::setup::{Action, Alert, Cell, Copied, Fact, Status, Table, Tone, Way};

/// The parts of the portal to choose from.
#[derive(Template)]
#[template(path = "menu.html")]
pub(super) struct MenuPage {
    pub(super) shell: Shell,
    pub(super) heading: &'static str,
    pub(super) lead: &'static str,
    pub(super) items: Vec<MenuItem>,
}

pub(super) struct MenuItem {
    pub(super) feature: Intent,
    pub(super) href: String,
    pub(super) done: bool,
}

/// One step of a part.
#[derive(Template)]
#[template(path = "step.html")]
pub(super) struct StepPage {
    pub(super) shell: Shell,
    pub(super) feature: Intent,
    pub(super) rail: Vec<RailItem>,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) alert: Option<AlertView>,
    pub(super) ways: Vec<WayView>,
    pub(super) guide: Vec<String>,
    pub(super) copied: Vec<Copied>,
    pub(super) facts: Vec<FactView>,
    pub(super) fields: Vec<FieldView>,
    /// What is wrong and belongs to no field.
    pub(super) general: Vec<String>,
    pub(super) button: String,
    pub(super) is_dangerous: bool,
    pub(super) action: String,
    /// What providers are looked for by.
    pub(super) find: String,
    pub(super) place: Place,
    /// Whether there is something to go back to.
    pub(super) is_landing: bool,
}

impl StepPage {
    /// The fields with something wrong.
    fn wrong(&self) -> impl Iterator<Item = (&str, &str)> {
        let wrong = |field: &FieldView| field.error.is_some() && field.shape != Shape::Hidden;
        self.fields
            .iter()
            .filter(move |field| wrong(field))
            .map(|field| (field.target(), field.error.as_deref().unwrap_or_default()))
    }

    fn has_errors(&self) -> bool {
        !self.general.is_empty() || self.wrong().next().is_some()
    }

    fn has_providers(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.shape == Shape::Providers)
    }
}

/// A step on the rail.
pub(super) struct RailItem {
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) href: Option<String>,
    pub(super) is_current: bool,
    pub(super) is_done: bool,
}

/// What there is, once every step is done.
#[derive(Template)]
#[template(path = "overview.html")]
pub(super) struct OverviewPage {
    pub(super) shell: Shell,
    pub(super) feature: Intent,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) alert: Option<AlertView>,
    pub(super) status: Option<CellView>,
    pub(super) facts: Vec<FactView>,
    pub(super) copied: Vec<Copied>,
    pub(super) search: Vec<FieldView>,
    pub(super) tables: Vec<TableView>,
    pub(super) actions: Vec<ActionView>,
    pub(super) can_finish: bool,
    pub(super) place: Place,
}

/// Where a part is in the portal.
pub(super) struct Place {
    pub(super) root: String,
}

impl Place {
    /// The address of a step.
    pub(super) fn step(&self, step: &str, about: &Answers) -> String {
        self.address(&format!("{}/{step}", self.root), about)
    }

    fn address(&self, path: &str, about: &Answers) -> String {
        debug_assert!(path.starts_with(&self.root));
        if about.is_empty() {
            return path.to_owned();
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(about.pairs());
        format!("{path}?{}", query.finish())
    }

    pub(super) fn actions(&self, actions: &[Action]) -> Vec<ActionView> {
        actions.iter().map(|action| self.action(action)).collect()
    }

    pub(super) fn ways(&self, ways: &[Way]) -> Vec<WayView> {
        let view = |way: &Way| WayView {
            action: self.action(&way.action),
            is_current: way.is_current,
        };
        ways.iter().map(view).collect()
    }

    fn action(&self, action: &Action) -> ActionView {
        ActionView {
            href: self.step(action.step, &action.about),
            label: action.label.to_string(),
            is_dangerous: action.is_dangerous,
        }
    }

    pub(super) fn facts(&self, facts: &[Fact], now: Timestamp) -> Vec<FactView> {
        let view = |fact: &Fact| FactView {
            label: fact.label.to_string(),
            value: self.cell(&fact.value, now),
        };
        facts.iter().map(view).collect()
    }

    fn cell(&self, cell: &Cell, now: Timestamp) -> CellView {
        match cell {
            Cell::Text(text) => CellView::Text(text.to_string()),
            Cell::Code(text) => CellView::Code(text.clone()),
            Cell::Moment(at) => CellView::Moment(Moment::new(*at, now)),
            Cell::Status(status) => CellView::status(status),
            Cell::Action(action) => CellView::Action(self.action(action)),
        }
    }
}

pub(super) struct FactView {
    pub(super) label: String,
    pub(super) value: CellView,
}

pub(super) enum CellView {
    Text(String),
    Code(String),
    Moment(Moment),
    Status { class: &'static str, text: String },
    Action(ActionView),
}

impl CellView {
    pub(super) fn status(status: &Status) -> Self {
        Self::Status {
            class: class(status.tone),
            text: status.text.to_string(),
        }
    }
}

pub(super) struct ActionView {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) is_dangerous: bool,
}

/// One of several ways to answer a step.
pub(super) struct WayView {
    pub(super) action: ActionView,
    pub(super) is_current: bool,
}

pub(super) struct AlertView {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) text: String,
}

impl AlertView {
    pub(super) fn new(alert: &Alert) -> Self {
        Self {
            class: class(alert.tone),
            title: alert.title.to_string(),
            text: alert.text.to_string(),
        }
    }
}

pub(super) struct TableView {
    pub(super) title: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<CellView>>,
    pub(super) empty: String,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

impl TableView {
    pub(super) fn new(table: &Table, place: &Place, now: Timestamp) -> Self {
        let row = |cells: &Vec<Cell>| cells.iter().map(|cell| place.cell(cell, now)).collect();
        let page = |query: &Answers| place.address(&place.root, query);
        Self {
            title: table.title.to_string(),
            columns: table.columns.iter().map(ToString::to_string).collect(),
            rows: table.rows.iter().map(row).collect(),
            empty: table.empty.to_string(),
            newer: table.newer.as_ref().map(page),
            older: table.older.as_ref().map(page),
        }
    }
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neutral",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    }
}
