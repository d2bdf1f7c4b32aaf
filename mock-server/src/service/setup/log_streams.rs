//! Log streams: where the events are to go, how that is reached, and a first event to try it with.

mod settings;

use std::sync::Arc;

use super::{
    Action, Alert, Cell, Fact, Flow, Given, Made, Next, Overview, Page, Position, Status, Step,
    Table, Tone, Visit,
};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Choice, Field, Kind};
use crate::domain::log_stream::{
    Destination, LogStream, LogStreamDelivery, StreamState, TestOutcome,
};
use crate::domain::log_stream_settings::Settings;
use crate::domain::page::{Order, PageRequest};
use crate::service::log_streams;

pub(super) struct LogStreams;

/// What comes of the first event.
const OUTCOMES: [(&str, TestOutcome, &str, &str); 3] = [
    (
        "active",
        TestOutcome::Active,
        "It arrives",
        "Events are delivered from now on.",
    ),
    (
        "invalid_credentials",
        TestOutcome::InvalidCredentials,
        "The credentials are refused",
        "The stream is invalid until that is mended.",
    ),
    (
        "error",
        TestOutcome::Error,
        "The destination fails or cannot be reached",
        "Events wait until it works again.",
    ),
];

/// How many deliveries the overview shows.
const SHOWN: usize = 10;

impl Flow for LogStreams {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        vec![
            Step::new("destination", "Choose a destination"),
            Step::new("settings", "Connect it"),
            Step::new("activate", "Send a first event"),
        ]
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        match stream(visit).map(|stream| stream.state.clone()) {
            None => Position::At("destination"),
            Some(StreamState::Unfinished(None)) => Position::At("settings"),
            Some(StreamState::Active(_)) => Position::Done,
            Some(
                StreamState::Unfinished(Some(_))
                | StreamState::Paused(_)
                | StreamState::Error(_)
                | StreamState::Invalid(_),
            ) => Position::At("activate"),
        }
    }

    fn landing(&self, visit: &Visit<'_>) -> Position {
        match stream(visit) {
            Some(stream) if has_begun(&stream) => Position::Done,
            _ => self.position(visit),
        }
    }

    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        stream(visit).is_some_and(|stream| {
            matches!(
                stream.state,
                StreamState::Active(_) | StreamState::Paused(_)
            )
        })
    }

    fn page(&self, visit: &Visit<'_>, step: &str, _about: &Answers) -> Option<Page> {
        let stream = stream(visit);
        match step {
            "destination" => Some(destination_page(stream.as_deref())),
            "settings" => stream.map(|stream| settings::page(&stream)),
            "activate" => stream
                .filter(|stream| stream.state.settings().is_some())
                .map(|stream| activate_page(&stream)),
            "pause" => stream
                .filter(|stream| has_begun(stream))
                .map(|stream| pause_page(&stream)),
            "remove" => stream.map(|stream| remove_page(&stream)),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, _query: &Answers) -> Overview {
        let mut overview = Overview::new(
            "Your log stream",
            "What is logged about your organization is sent on as it happens.",
        );
        // Who has no stream lands on the first step instead.
        let Some(stream) = stream(visit) else {
            return overview;
        };
        overview.alert = alert(&stream);
        overview.status = Some(status(&stream));
        overview.facts = vec![
            Fact::new("Destination", Cell::text(stream.destination.name())),
            Fact::new(
                "Last delivery",
                stream
                    .last_synced_at
                    .map_or(Cell::text("None yet"), Cell::Moment),
            ),
            Fact::new("Set up", Cell::Moment(stream.created_at)),
        ];
        if let Some(settings) = stream.state.settings() {
            let shown = settings::shown(settings).into_iter();
            let facts = shown.map(|(label, value)| Fact::new(label, Cell::code(value)));
            overview.facts.extend(facts);
        }
        overview.tables = vec![deliveries(visit, &stream)];
        overview.actions = actions(&stream);
        overview
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let text = |name| given.answers.text(name).unwrap_or_default();
        let organization = visit.organization().id.clone();
        if step == "destination" {
            let destination = Destination::parse(text("destination")).ok_or_else(|| {
                Violation::new(
                    "destination",
                    Rule::Value,
                    "Choose one of the destinations.",
                )
            })?;
            log_streams::choose(&mut visit.work, &organization, destination);
            return Ok(Next::Step("settings", Answers::default()));
        }
        let stream = stream(visit).ok_or_else(gone)?;
        match step {
            "settings" => {
                let settings = read(visit, &stream, given.answers)?;
                log_streams::configure(&mut visit.work, &stream, settings);
                Ok(Next::Step("activate", Answers::default()))
            }
            "activate" => {
                let outcome = OUTCOMES.iter().find(|one| one.0 == text("first_event"));
                let outcome = outcome.map_or(TestOutcome::Active, |one| one.1);
                let tested = log_streams::test(&mut visit.work, &stream, outcome);
                tested.map_err(|_| gone())?;
                if outcome == TestOutcome::Active {
                    Ok(Next::Overview)
                } else {
                    Ok(Next::Step("activate", Answers::default()))
                }
            }
            "pause" => {
                log_streams::pause(&mut visit.work, &stream);
                Ok(Next::Overview)
            }
            _ => {
                log_streams::remove(&mut visit.work, &organization);
                Ok(Next::Overview)
            }
        }
    }

    fn failure(&self, visit: &Visit<'_>, step: &str) -> Option<Answers> {
        let answers = Answers::default();
        match step {
            "settings" => {
                // Before a destination is chosen, any stands for the one that will be.
                let stream = stream(visit);
                let destination = stream.map_or(Destination::Datadog, |stream| stream.destination);
                let (name, value) = settings::bad_answer(destination);
                Some(answers.with(name, value))
            }
            "activate" => Some(answers.with("first_event", "invalid_credentials")),
            _ => None,
        }
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        stream(visit).map(Made::LogStream).into_iter().collect()
    }
}

fn stream(visit: &Visit<'_>) -> Option<Arc<LogStream>> {
    log_streams::of(&visit.work, &visit.organization().id)
}

/// Whether anything was ever sent, or tried to be.
fn has_begun(stream: &LogStream) -> bool {
    !matches!(stream.state, StreamState::Unfinished(_))
}

fn can_be_paused(stream: &LogStream) -> bool {
    has_begun(stream) && !matches!(stream.state, StreamState::Paused(_))
}

fn destination_page(stream: Option<&LogStream>) -> Page {
    let mut page = Page::new(
        "Where do you keep your logs?",
        "Every event that is logged about your organization is sent there as it happens.",
        "Continue",
    );
    if let Some(stream) = stream.filter(|stream| has_begun(stream)) {
        page.alert = Some(Alert::new(
            Tone::Warn,
            "There is a stream already",
            format!(
                "Another destination takes the place of {}, which is sent nothing from then on.",
                stream.destination.name()
            ),
        ));
    }
    let choices = Destination::ALL
        .into_iter()
        .map(|one| Choice::new(one.as_str(), one.name()).icon(one.icon()));
    page.fields = vec![
        Field::new(
            "destination",
            "Destination",
            Kind::Choice(choices.collect()),
        )
        .current(stream.map(|stream| stream.destination.as_str()))
        .sample(Destination::Datadog.as_str()),
    ];
    page
}

fn activate_page(stream: &LogStream) -> Page {
    let name = stream.destination.name();
    let (title, lead, button) = match &stream.state {
        StreamState::Paused(_) => (
            format!("Resume the stream to {name}"),
            "Events are sent again as they are logged. Those that were logged meanwhile are not.",
            "Resume",
        ),
        StreamState::Error(_) | StreamState::Invalid(_) => (
            format!("Try {name} again"),
            "An event is sent with the settings as they are now.",
            "Try again",
        ),
        StreamState::Unfinished(_) | StreamState::Active(_) => (
            format!("Send a first event to {name}"),
            "When it arrives, the stream is active.",
            "Send it",
        ),
    };
    let mut page = Page::new(title, lead, button);
    page.alert = alert(stream);
    let choices = OUTCOMES
        .iter()
        .map(|(value, _, label, note)| Choice::new(*value, *label).note(*note));
    page.fields = vec![
        Field::new(
            "first_event",
            "What becomes of the event",
            Kind::Choice(choices.collect()),
        )
        .hint("This server sends nothing now. Choose what the destination is to answer.")
        .value("active"),
    ];
    page
}

fn pause_page(stream: &LogStream) -> Page {
    Page::new(
        "Pause the stream",
        format!(
            "{} is sent nothing until the stream is resumed. What is logged meanwhile stays in the audit log.",
            stream.destination.name()
        ),
        "Pause",
    )
}

fn remove_page(stream: &LogStream) -> Page {
    let mut page = Page::new(
        "Remove the stream",
        format!(
            "{} is sent nothing any more, and its settings are forgotten. What was delivered stays there.",
            stream.destination.name()
        ),
        "Remove",
    );
    page.is_dangerous = true;
    page.fields = vec![Field::confirmation("REMOVE STREAM")];
    page
}

fn status(stream: &LogStream) -> Status {
    match stream.state {
        StreamState::Unfinished(_) => Status::new(Tone::Neutral, "Not finished"),
        StreamState::Active(_) => Status::new(Tone::Good, "Active"),
        StreamState::Paused(_) => Status::new(Tone::Warn, "Paused"),
        StreamState::Error(_) => Status::new(Tone::Bad, "Failing"),
        StreamState::Invalid(_) => Status::new(Tone::Bad, "Refused"),
    }
}

fn alert(stream: &LogStream) -> Option<Alert> {
    let name = stream.destination.name();
    match stream.state {
        StreamState::Error(_) => Some(Alert::new(
            Tone::Bad,
            format!("{name} could not take the last event"),
            "It is tried again; events wait until then. If it goes on, see whether the destination can be reached.",
        )),
        StreamState::Invalid(_) => Some(Alert::new(
            Tone::Bad,
            format!("{name} refuses the credentials"),
            "Nothing is sent until the settings are right. Correct them, then try again.",
        )),
        StreamState::Paused(_) => Some(Alert::new(
            Tone::Warn,
            "The stream is paused",
            "Nothing is sent until it is resumed.",
        )),
        StreamState::Unfinished(_) | StreamState::Active(_) => None,
    }
}

fn actions(stream: &LogStream) -> Vec<Action> {
    let mut actions = Vec::new();
    match stream.state {
        StreamState::Error(_) | StreamState::Invalid(_) => {
            actions.push(Action::new("activate", "Try again"));
        }
        StreamState::Paused(_) => actions.push(Action::new("activate", "Resume")),
        StreamState::Unfinished(_) | StreamState::Active(_) => {}
    }
    actions.push(Action::new("settings", "Edit settings"));
    if can_be_paused(stream) {
        actions.push(Action::new("pause", "Pause"));
    }
    actions.push(Action::new("remove", "Remove").dangerous());
    actions
}

fn deliveries(visit: &Visit<'_>, stream: &LogStream) -> Table {
    let newest = PageRequest {
        limit: SHOWN,
        order: Order::Desc,
        ..PageRequest::default()
    };
    let page = log_streams::deliveries_of(&visit.work, &stream.organization_id, &newest);
    let row = |delivery: &Arc<LogStreamDelivery>| {
        let status = match delivery.delivered_at {
            Some(_) => Cell::status(Tone::Good, "Delivered"),
            None => Cell::status(Tone::Warn, "Waits"),
        };
        vec![
            Cell::Moment(delivery.created_at),
            Cell::code(delivery.event.entry.action.as_str()),
            Cell::code(delivery.event.id.to_string()),
            status,
        ]
    };
    Table {
        title: "Lately".into(),
        columns: vec![
            "Sent".into(),
            "Action".into(),
            "Event".into(),
            "State".into(),
        ],
        rows: page.map_or_else(|_| Vec::new(), |page| page.items.iter().map(row).collect()),
        empty: "No event was logged since the stream began.".into(),
        newer: None,
        older: None,
    }
}

/// The settings that are answered, or what is wrong, said beside each field.
fn read(visit: &Visit<'_>, stream: &LogStream, answers: &Answers) -> Result<Settings, Error> {
    let before = stream.state.settings().map(|settings| &**settings);
    let policy = visit.work.settings().url_policy;
    Settings::read(stream.destination, answers, before, policy).map_err(|flaws| {
        let fields = settings::page(stream).fields;
        let violation = |(name, predicate): (&'static str, String)| {
            let label = fields.iter().find(|field| field.name == name);
            let label = label.map_or(name, |field| &*field.label);
            Violation::new(name, Rule::Format, format!("{label} {predicate}."))
        };
        Error::Invalid(flaws.into_iter().map(violation).collect())
    })
}

fn gone() -> Error {
    let message = "The stream is not there any more. Go back to the overview.";
    Violation::new("stream", Rule::Value, message).into()
}

#[cfg(test)]
mod tests;
