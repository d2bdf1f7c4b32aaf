use jiff::SignedDuration;

use super::*;
use crate::domain::form::Kind;
use crate::domain::intent::Intent;
use crate::domain::log_stream::ShownState;
use crate::service::setup::Tone;
use crate::service::setup::tests::Walker;

fn walker() -> Walker {
    Walker::new(Intent::LogStreams)
}

fn shown(walker: &Walker) -> Option<(Destination, ShownState)> {
    let stream = stream(&walker.visit())?;
    Some((stream.destination, stream.state.shown()))
}

/// Answers a step with its samples, and some answers in their place.
fn sampled(walker: &Walker, step: &str, given: &[(&str, &str)]) -> Result<Next, Error> {
    let fields = walker.page(step, &[]).unwrap().fields;
    let all = crate::service::setup::tests::answers(given).or_samples(&fields);
    let all: Vec<_> = all.pairs().collect();
    walker.submit(step, &all)
}

#[test]
fn each_destination_asks_for_its_own_settings_and_takes_its_samples() {
    for destination in Destination::ALL {
        let walker = walker();
        assert_eq!(walker.landing(), Position::At("destination"));
        assert!(!walker.is_reachable("settings") && !walker.can_finish());
        let chosen = [("destination", destination.as_str())];
        walker.submit("destination", &chosen).unwrap();
        assert_eq!(shown(&walker), Some((destination, ShownState::Inactive)));
        assert_eq!(walker.landing(), Position::At("settings"));
        assert!(!walker.is_reachable("activate"));

        let page = walker.page("settings", &[]).unwrap();
        assert!(!page.guide.is_empty() && !page.fields.is_empty());
        assert_eq!(page.copied.is_empty(), destination != Destination::S3);
        let (name, bad) = settings::bad_answer(destination);
        let refused = match sampled(&walker, "settings", &[(name, bad)]) {
            Err(Error::Invalid(violations)) => violations,
            other => panic!("{other:?}"),
        };
        assert_eq!((refused.len(), &*refused[0].field), (1, name));
        assert!(!refused[0].message.contains(bad), "{}", refused[0].message);
        let label = page.fields.iter().find(|field| field.name == name);
        assert!(refused[0].message.starts_with(&*label.unwrap().label));
        assert_eq!(walker.landing(), Position::At("settings"));

        sampled(&walker, "settings", &[]).unwrap();
        assert_eq!(walker.landing(), Position::At("activate"));
        assert!(!walker.can_finish());
        assert_eq!(sampled(&walker, "activate", &[]), Ok(Next::Overview));
        assert_eq!(shown(&walker), Some((destination, ShownState::Active)));
        assert_eq!(walker.position(), Position::Done);
        assert!(walker.can_finish());
        // Nobody is shown a secret again, and what is not a secret stands there.
        let again = walker.page("settings", &[]).unwrap();
        for field in &again.fields {
            let secret = field.kind == Kind::Secret || field.name == "https_headers";
            assert!(!(secret && (field.required || !field.value.is_empty())));
        }
        let kept: Vec<_> = again
            .fields
            .iter()
            .filter_map(|field| Some((field.name, field.value.first()?.as_str())))
            .collect();
        walker.submit("settings", &kept).unwrap();
        assert_eq!(shown(&walker), Some((destination, ShownState::Active)));
    }
}

#[test]
fn required_settings_are_asked_for() {
    let walker = walker();
    walker
        .submit("destination", &[("destination", "AzureSentinel")])
        .unwrap();
    let fields = walker.page("settings", &[]).unwrap().fields;
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    assert_eq!(walker.refused("settings", &[]), names);
    assert_eq!(walker.refused("destination", &[]), ["destination"]);
    let unknown = [("destination", "Elsewhere")];
    assert_eq!(walker.refused("destination", &unknown), ["destination"]);
}

#[test]
fn an_outcome_that_is_none_leaves_the_visitor_at_the_step_and_says_why() {
    for (outcome, state) in [
        ("invalid_credentials", ShownState::Invalid),
        ("error", ShownState::Error),
    ] {
        let walker = walker();
        sampled(&walker, "destination", &[]).unwrap();
        sampled(&walker, "settings", &[]).unwrap();
        let next = sampled(&walker, "activate", &[("first_event", outcome)]);
        assert_eq!(next, Ok(Next::Step("activate", Answers::default())));
        assert_eq!(shown(&walker), Some((Destination::Datadog, state)));
        let alert = walker.page("activate", &[]).unwrap().alert.unwrap();
        assert_eq!(alert.tone, Tone::Bad);
        assert_eq!(walker.overview(&[]).alert, Some(alert));
        assert_eq!(walker.position(), Position::At("activate"));
        assert!(!walker.can_finish());
        let labels: Vec<_> = walker.overview(&[]).actions;
        let labels: Vec<_> = labels.iter().map(|action| &*action.label).collect();
        assert_eq!(labels, ["Try again", "Edit settings", "Pause", "Remove"]);
        // What is corrected is tried again.
        let key = [("datadog_api_key", "00000000000000000000000000000000")];
        let next = sampled(&walker, "settings", &key);
        assert_eq!(next, Ok(Next::Step("activate", Answers::default())));
        sampled(&walker, "activate", &[]).unwrap();
        assert_eq!(walker.position(), Position::Done);
    }
}

#[test]
fn a_stream_is_paused_resumed_and_removed() {
    let mut walker = walker();
    walker.complete(&[]).unwrap();
    walker.come_later(SignedDuration::from_hours(24));
    assert_eq!(walker.landing(), Position::Done);
    for _ in 0..2 {
        assert_eq!(walker.submit("pause", &[]), Ok(Next::Overview));
        let paused = Some((Destination::Datadog, ShownState::Inactive));
        assert_eq!(shown(&walker), paused);
    }
    assert_eq!(walker.landing(), Position::Done);
    assert!(walker.can_finish());
    assert_eq!(&*walker.overview(&[]).actions[0].label, "Resume");
    sampled(&walker, "activate", &[]).unwrap();
    assert_eq!(walker.position(), Position::Done);

    let wrong = [("confirmation", "Remove stream")];
    assert_eq!(walker.refused("remove", &wrong), ["confirmation"]);
    sampled(&walker, "remove", &[("confirmation", "REMOVE STREAM")]).unwrap();
    assert_eq!(shown(&walker), None);
    assert_eq!(walker.landing(), Position::At("destination"));
    for step in ["settings", "activate", "pause", "remove", "nothing"] {
        assert_eq!(walker.page(step, &[]), None, "{step}");
    }
}

#[test]
fn going_back_and_sending_twice_makes_no_second_stream() {
    let walker = walker();
    let id = |walker: &Walker| stream(&walker.visit()).unwrap().id.clone();
    sampled(&walker, "destination", &[]).unwrap();
    let first = id(&walker);
    sampled(&walker, "destination", &[]).unwrap();
    sampled(&walker, "settings", &[]).unwrap();
    sampled(&walker, "settings", &[]).unwrap();
    assert_eq!(walker.position(), Position::At("activate"));
    sampled(&walker, "destination", &[]).unwrap();
    assert_eq!(walker.position(), Position::At("activate"));
    sampled(&walker, "activate", &[]).unwrap();
    sampled(&walker, "activate", &[]).unwrap();
    assert_eq!(id(&walker), first);
    // Another destination is said to take its place, and does.
    let page = walker.page("destination", &[]).unwrap();
    assert_eq!(page.alert.unwrap().tone, Tone::Warn);
    sampled(&walker, "destination", &[("destination", "S3")]).unwrap();
    assert_ne!(id(&walker), first);
    assert_eq!(walker.landing(), Position::At("settings"));
}

#[test]
fn one_call_completes_or_fails_it() {
    let walker = walker();
    let report = walker.complete(&[]).unwrap();
    assert_eq!(report.taken, ["destination", "settings", "activate"]);
    assert!(matches!(report.made.as_slice(), [Made::LogStream(_)]));
    // Done is done.
    let again = walker.complete(&[]).unwrap();
    assert!(again.taken.is_empty());
    // What works fails at its last step, and works again by another call.
    let failed = walker.fail(None).unwrap();
    assert_eq!(failed.position, Some(Position::At("activate")));
    assert_eq!(failed.alert.unwrap().tone, Tone::Bad);
    assert_eq!(
        shown(&walker),
        Some((Destination::Datadog, ShownState::Invalid))
    );
    assert_eq!(walker.complete(&[]).unwrap().taken, ["activate"]);

    let other = Walker::new(Intent::LogStreams);
    let failed = other.fail(Some("settings")).unwrap();
    assert!(failed.alert.unwrap().title.starts_with("API key "));
    assert_eq!(other.landing(), Position::At("settings"));
    let never = other.complete(&[("first_event", "error")]);
    assert!(matches!(never, Err(Error::Invalid(_))));
    assert_eq!(other.landing(), Position::At("settings"));
}

/// A walker whose stream goes to an address that is dialled, before its first event.
fn dialled() -> Walker {
    let walker = walker();
    let destination = [("destination", "GenericHttps")];
    walker.submit("destination", &destination).unwrap();
    let settings = [("https_url", "http://localhost:9/logs")];
    sampled(&walker, "settings", &settings).unwrap();
    walker
}

#[test]
fn where_an_event_can_be_sent_nobody_is_asked_what_becomes_of_it() {
    let walker = dialled();
    let page = walker.page("activate", &[]).unwrap();
    assert_eq!(page.fields.len(), 1);
    assert_eq!(page.fields[0].kind, Kind::Hidden);
    let url = Cell::code("http://localhost:9/logs");
    assert_eq!(page.facts, [Fact::new("Address", url)]);
    let first = |given: &[(&str, &str)]| {
        let answers = crate::service::setup::tests::answers(given);
        LogStreams.to_send(&walker.visit(), "activate", &answers)
    };
    assert!(first(&[]).is_some() && first(&[("first_event", "send")]).is_some());
    // A call that says what comes of it has nothing sent.
    for (outcome, state) in [
        ("error", ShownState::Error),
        ("invalid_credentials", ShownState::Invalid),
        ("active", ShownState::Active),
    ] {
        let given = [("first_event", outcome)];
        assert!(first(&given).is_none());
        walker.submit("activate", &given).unwrap();
        assert_eq!(shown(&walker), Some((Destination::GenericHttps, state)));
    }
    // What was to be sent and was not decides nothing.
    assert_eq!(walker.refused("activate", &[]), ["first_event"]);
    assert_eq!(
        shown(&walker),
        Some((Destination::GenericHttps, ShownState::Active))
    );
}

#[test]
fn an_address_that_is_not_dialled_is_played() {
    let walker = dialled();
    let settings = [("https_url", "https://logs.example.com/audit")];
    sampled(&walker, "settings", &settings).unwrap();
    let page = walker.page("activate", &[]).unwrap();
    assert!(matches!(page.fields[0].kind, Kind::Choice(_)));
    let sent = [("first_event", "send")];
    assert_eq!(walker.refused("activate", &sent), ["first_event"]);
    let to_send = LogStreams.to_send(&walker.visit(), "activate", &Answers::default());
    assert!(to_send.is_none());
}
