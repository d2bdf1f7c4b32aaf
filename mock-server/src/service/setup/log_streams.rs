//! Log streams: where the events are to go, how that is reached, and a first event to try it with.

mod pages;
mod settings;

use std::sync::Arc;

use super::{Cell, Fact, Flow, Given, Made, Next, Overview, Page, Position, Step, Visit};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::error::{Rule, Violation};
use crate::domain::log_stream::{Destination, LogStream, StreamState, Verdict};
use crate::domain::log_stream_settings::Settings;
use crate::service::log_streams::{self, FirstEvent};

pub(super) struct LogStreams;

/// What comes of the first event where it is chosen.
const OUTCOMES: [(&str, Verdict, &str, &str); 3] = [
    (
        "active",
        Verdict::Taken,
        "It arrives",
        "Events are delivered from now on.",
    ),
    (
        "invalid_credentials",
        Verdict::Refused,
        "The credentials are refused",
        "The stream is invalid until that is mended.",
    ),
    (
        "error",
        Verdict::Failed,
        "The destination fails or cannot be reached",
        "Events wait until it works again.",
    ),
];

/// The answer that has it sent.
const SEND: &str = "send";

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
            "destination" => Some(pages::destination(stream.as_deref())),
            "settings" => stream.map(|stream| settings::page(&stream)),
            "activate" => stream
                .filter(|stream| stream.state.settings().is_some())
                .map(|stream| pages::activate(visit, &stream)),
            "pause" => stream
                .filter(|stream| has_begun(stream))
                .map(|stream| pages::pause(&stream)),
            "remove" => stream.map(|stream| pages::remove(&stream)),
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
        overview.alert = pages::alert(visit, &stream);
        overview.status = Some(pages::status(&stream));
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
        overview.tables = vec![pages::deliveries(visit, &stream)];
        overview.actions = pages::actions(&stream);
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
                let verdict = match (chosen(given.answers), given.sent) {
                    (Some(verdict), _) => {
                        let played = log_streams::play(&mut visit.work, &stream, verdict);
                        played.map_err(|_| gone())?;
                        verdict
                    }
                    (None, Some(sent)) => log_streams::settle(&mut visit.work, &stream, sent)?,
                    (None, None) => return Err(log_streams::changed().into()),
                };
                if verdict == Verdict::Taken {
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

    fn to_send(&self, visit: &Visit<'_>, step: &str, answers: &Answers) -> Option<FirstEvent> {
        if step != "activate" || chosen(answers).is_some() {
            return None;
        }
        FirstEvent::to(&visit.work, &*stream(visit)?)
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

/// What comes of the first event, where that is chosen: on the page where nothing can be sent, by a call anywhere.
fn chosen(answers: &Answers) -> Option<Verdict> {
    let name = answers.text("first_event")?;
    let outcome = OUTCOMES.iter().find(|one| one.0 == name);
    outcome.map(|one| one.1)
}

fn can_be_paused(stream: &LogStream) -> bool {
    has_begun(stream) && !matches!(stream.state, StreamState::Paused(_))
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
