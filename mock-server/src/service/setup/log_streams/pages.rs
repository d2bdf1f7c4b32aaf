//! The pages of log streams but for the settings.

use std::sync::Arc;

use super::{OUTCOMES, SEND, can_be_paused, has_begun};
use crate::domain::delivery::DeliveryState;
use crate::domain::form::{Choice, Field, Kind};
use crate::domain::log_stream::{Destination, LogStream, StreamState, Trouble};
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::page::{Order, PageRequest};
use crate::service::log_streams;
use crate::service::setup::{Action, Alert, Cell, Fact, Page, Status, Table, Tone, Visit};

/// How many deliveries the overview shows.
const SHOWN: usize = 10;

pub(super) fn destination(stream: Option<&LogStream>) -> Page {
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

pub(super) fn activate(visit: &Visit<'_>, stream: &LogStream) -> Page {
    let name = stream.destination.name();
    let address = dialled(visit, stream);
    let (title, played, sent, button) = match &stream.state {
        StreamState::Paused(_) => (
            format!("Resume the stream to {name}"),
            "Events are sent again as they are logged. Those that were logged meanwhile are not.",
            "An event is posted to the address below. When it arrives, the stream goes on with what is logged from then on.",
            "Resume",
        ),
        StreamState::Error(_) | StreamState::Invalid(_) => (
            format!("Try {name} again"),
            "When an event arrives with the settings as they are now, what waits follows.",
            "An event is posted to the address below, with the settings as they are now. When it arrives, what waits follows.",
            "Try again",
        ),
        StreamState::Unfinished(_) | StreamState::Active(_) => (
            format!("Send a first event to {name}"),
            "When it arrives, the stream is active.",
            "An event is posted to the address below. When that answers with a 2xx status, the stream is active.",
            "Send it",
        ),
    };
    let lead = if address.is_some() { sent } else { played };
    let mut page = Page::new(title, lead, button);
    page.alert = alert(visit, stream);
    if let Some(address) = address {
        page.facts = vec![Fact::new("Address", Cell::code(address))];
        let sent = Field::new("first_event", "What becomes of the event", Kind::Hidden);
        page.fields = vec![sent.value(SEND).optional()];
        return page;
    }
    let choices = OUTCOMES
        .iter()
        .map(|(value, _, label, note)| Choice::new(*value, *label).note(*note));
    page.fields = vec![
        Field::new(
            "first_event",
            "What becomes of the event",
            Kind::Choice(choices.collect()),
        )
        .hint("This server does not dial the destination, so nothing is sent. Choose what it is to answer.")
        .value("active"),
    ];
    page
}

/// The address that events are really sent to, if they are.
fn dialled<'s>(visit: &Visit<'_>, stream: &'s LogStream) -> Option<&'s str> {
    let settings = stream.state.settings()?;
    log_streams::is_dialled(&visit.work, settings).then(|| settings.address())?
}

pub(super) fn pause(stream: &LogStream) -> Page {
    Page::new(
        "Pause the stream",
        format!(
            "{} is sent nothing until the stream is resumed, also not what waits now. All of it stays in the audit log.",
            stream.destination.name()
        ),
        "Pause",
    )
}

pub(super) fn remove(stream: &LogStream) -> Page {
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

pub(super) fn status(stream: &LogStream) -> Status {
    match stream.state {
        StreamState::Unfinished(_) => Status::new(Tone::Neutral, "Not finished"),
        StreamState::Active(_) => Status::new(Tone::Good, "Active"),
        StreamState::Paused(_) => Status::new(Tone::Warn, "Paused"),
        StreamState::Error(_) => Status::new(Tone::Bad, "Failing"),
        StreamState::Invalid(_) => Status::new(Tone::Bad, "Refused"),
    }
}

pub(super) fn alert(visit: &Visit<'_>, stream: &LogStream) -> Option<Alert> {
    let name = stream.destination.name();
    let why = match stream.trouble {
        Some(Trouble::Answered(status)) => format!("It answered {status}. "),
        Some(Trouble::Failed(failure)) => format!("{} ", failure.as_str()),
        None => String::new(),
    };
    match stream.state {
        StreamState::Error(_) => {
            let next = if dialled(visit, stream).is_none()
                || log_streams::has_waiting(&visit.work, stream)
            {
                "It is tried again; events wait until then."
            } else {
                "The next event is tried when it is logged."
            };
            Some(Alert::new(
                Tone::Bad,
                format!("{name} could not take the last event"),
                format!("{why}{next} If it goes on, see whether the destination can be reached."),
            ))
        }
        StreamState::Invalid(_) => {
            let is_about_settings = stream
                .trouble
                .is_some_and(|one| !one.is_about_credentials());
            let title = if is_about_settings {
                format!("{name} takes no events with these settings")
            } else {
                format!("{name} refuses the credentials")
            };
            let text = "Nothing is sent until the settings are right; events wait until then. Correct them, then try again.";
            Some(Alert::new(Tone::Bad, title, format!("{why}{text}")))
        }
        StreamState::Paused(_) => Some(Alert::new(
            Tone::Warn,
            "The stream is paused",
            "Nothing is sent until it is resumed.",
        )),
        StreamState::Unfinished(_) | StreamState::Active(_) => None,
    }
}

pub(super) fn actions(stream: &LogStream) -> Vec<Action> {
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

pub(super) fn deliveries(visit: &Visit<'_>, stream: &LogStream) -> Table {
    let newest = PageRequest {
        limit: SHOWN,
        order: Order::Desc,
        ..PageRequest::default()
    };
    let page = log_streams::deliveries_of(&visit.work, &stream.organization_id, &newest);
    let row = |delivery: &Arc<LogStreamDelivery>| {
        let status = match delivery.progress.state {
            DeliveryState::Delivered => Cell::status(Tone::Good, "Delivered"),
            DeliveryState::Due | DeliveryState::Sending => {
                Cell::status(Tone::Neutral, "On its way")
            }
            DeliveryState::Held(_) | DeliveryState::Waiting(_) | DeliveryState::Blocked => {
                Cell::status(Tone::Warn, "Waits")
            }
            DeliveryState::Failed => Cell::status(Tone::Bad, "Failed"),
            DeliveryState::NotDialled | DeliveryState::Cancelled(_) => {
                Cell::status(Tone::Neutral, "Not sent")
            }
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
