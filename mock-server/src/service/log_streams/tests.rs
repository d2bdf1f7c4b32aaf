use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::domain::answers::Answers;
use crate::domain::audit_log::rules::RulesInput;
use crate::domain::page::Order;
use crate::domain::settings::UrlPolicy;
use crate::service::audit_logs::{events, retention, schemas};
use crate::service::tests::{environment, start};

const ORGANIZATION: &str = OrganizationId::TEST;

/// An environment whose test organization has an active stream.
fn streaming() -> (Arc<Environment>, String) {
    let environment = environment();
    schemas::create(&environment, "a.b", RulesInput::default()).unwrap();
    let mut work = Work::begin(&environment);
    let stream = choose(&mut work, &OrganizationId::test(), Destination::Datadog);
    let answers = Answers::default()
        .with("datadog_region", "US1")
        .with("datadog_api_key", "0123456789abcdef0123456789abcdef");
    let settings = Settings::read(Destination::Datadog, &answers, None, UrlPolicy::Local).unwrap();
    configure(&mut work, &stream, settings);
    let stream = of(&work, &OrganizationId::test()).unwrap();
    test(&mut work, &stream, TestOutcome::Active).unwrap();
    work.commit();
    (environment, stream.id.to_string())
}

fn log(environment: &Environment, actor: &str) {
    let entry = json!({
        "action": "a.b",
        "occurred_at": start(),
        "actor": { "id": actor, "type": "user" },
        "targets": [],
        "context": { "location": "here" },
    });
    let entry = serde_json::from_value(entry).unwrap();
    events::log(environment, ORGANIZATION, entry).unwrap();
}

/// The actors of what went through, newest first, and whether it was delivered.
fn went(environment: &Environment) -> Vec<(String, bool)> {
    let page = PageRequest {
        limit: 1_000,
        order: Order::Desc,
        ..PageRequest::default()
    };
    let page = deliveries(environment, Some(ORGANIZATION), &page).unwrap();
    let told = |one: &Arc<LogStreamDelivery>| {
        let actor = one.event.entry.actor.id.clone();
        (actor, one.delivered_at.is_some())
    };
    page.items.iter().map(told).collect()
}

fn stream(environment: &Environment) -> Option<Arc<LogStream>> {
    retention::configuration(environment, ORGANIZATION)
        .unwrap()
        .log_stream
}

#[test]
fn an_active_stream_delivers_and_says_when() {
    let (environment, _) = streaming();
    assert_eq!(stream(&environment).unwrap().last_synced_at, None);
    environment
        .clock
        .advance(SignedDuration::from_secs(5))
        .unwrap();
    log(&environment, "one");
    let synced = stream(&environment).unwrap();
    assert_eq!(
        synced.last_synced_at,
        Some(start() + SignedDuration::from_secs(5))
    );
    // Delivering is no change of the stream's own.
    assert_eq!(synced.updated_at, start());
    assert_eq!(went(&environment), [("one".into(), true)]);
}

#[test]
fn what_a_failing_destination_could_not_take_arrives_when_it_works_again() {
    let (environment, id) = streaming();
    set_state(&environment, &id, ShownState::Error).unwrap();
    log(&environment, "one");
    log(&environment, "two");
    assert_eq!(
        went(&environment),
        [("two".into(), false), ("one".into(), false)]
    );
    assert_eq!(stream(&environment).unwrap().last_synced_at, None);
    set_state(&environment, &id, ShownState::Active).unwrap();
    assert!(went(&environment).iter().all(|(_, arrived)| *arrived));
    assert_eq!(stream(&environment).unwrap().last_synced_at, Some(start()));
}

#[test]
fn a_stream_that_sends_nothing_lets_events_go() {
    for state in [ShownState::Inactive, ShownState::Invalid] {
        let (environment, id) = streaming();
        set_state(&environment, &id, state).unwrap();
        log(&environment, "one");
        set_state(&environment, &id, ShownState::Active).unwrap();
        log(&environment, "two");
        assert_eq!(went(&environment), [("two".into(), true)]);
    }
}

#[test]
fn only_the_newest_deliveries_are_kept() {
    let (environment, _) = streaming();
    for number in 0..MAX_DELIVERIES + 3 {
        log(&environment, &number.to_string());
    }
    let went = went(&environment);
    assert_eq!(went.len(), MAX_DELIVERIES);
    assert_eq!(went.last().unwrap().0, "3");
    assert_eq!(went[0].0, (MAX_DELIVERIES + 2).to_string());
}

#[test]
fn another_destination_begins_anew_and_the_same_one_changes_nothing() {
    let (environment, id) = streaming();
    log(&environment, "one");
    let mut work = Work::begin(&environment);
    let same = choose(&mut work, &OrganizationId::test(), Destination::Datadog);
    assert_eq!(same.id.as_str(), id);
    let other = choose(&mut work, &OrganizationId::test(), Destination::S3);
    assert_ne!(other.id.as_str(), id);
    work.commit();
    assert!(went(&environment).is_empty());
    let shown = stream(&environment).unwrap();
    assert_eq!(shown.state.shown(), ShownState::Inactive);
    assert!(set_state(&environment, &id, ShownState::Active).is_err());
    assert!(set_state(&environment, shown.id.as_str(), ShownState::Active).is_err());
}

#[test]
fn a_stream_goes_with_its_organization() {
    let (environment, id) = streaming();
    log(&environment, "one");
    organizations::delete(&environment, ORGANIZATION).unwrap();
    let none = set_state(&environment, &id, ShownState::Inactive);
    assert!(matches!(none, Err(Error::NotFound { .. })));
    let page = deliveries(&environment, None, &PageRequest::default()).unwrap();
    assert!(page.items.is_empty());
    let gone = deliveries(&environment, Some(ORGANIZATION), &PageRequest::default());
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}
