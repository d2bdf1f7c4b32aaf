mod dialled;

use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::domain::answers::Answers;
use crate::domain::audit_log::rules::RulesInput;
use crate::domain::delivery::{Answer, Attempt, Outcome, QueueId};
use crate::domain::log_stream_delivery::MAX_DELIVERIES;
use crate::domain::page::Order;
use crate::domain::settings::UrlPolicy;
use crate::service::audit_logs::{events, retention, schemas};
use crate::service::deliveries::{self as sending, Parcel};
use crate::service::tests::{environment, start};

const ORGANIZATION: &str = OrganizationId::TEST;

/// An environment whose test organization has an active stream to which nothing is sent.
fn streaming() -> (Arc<Environment>, String) {
    streaming_to(
        Destination::Datadog,
        &[
            ("datadog_region", "US1"),
            ("datadog_api_key", "0123456789abcdef0123456789abcdef"),
        ],
    )
}

/// The same with a stream to an address on this machine.
fn dialling() -> (Arc<Environment>, String) {
    streaming_to(Destination::GenericHttps, &[("https_url", HERE)])
}

const HERE: &str = "http://localhost:9/logs";
const ELSEWHERE: &str = "https://logs.example.com/audit";

fn settings(destination: Destination, answers: &[(&str, &str)]) -> Settings {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let answers: Answers = answers.iter().map(own).collect();
    Settings::read(destination, &answers, None, UrlPolicy::Local).unwrap()
}

fn streaming_to(destination: Destination, answers: &[(&str, &str)]) -> (Arc<Environment>, String) {
    let environment = environment();
    schemas::create(&environment, "a.b", RulesInput::default()).unwrap();
    let mut work = Work::begin(&environment);
    let stream = choose(&mut work, &OrganizationId::test(), destination);
    configure(&mut work, &stream, settings(destination, answers));
    let stream = of(&work, &OrganizationId::test()).unwrap();
    play(&mut work, &stream, Verdict::Taken).unwrap();
    work.commit();
    (environment, stream.id.to_string())
}

/// Says how the destination is reached from now on.
fn reach_by(environment: &Environment, url: &str) {
    let mut work = Work::begin(environment);
    let stream = of(&work, &OrganizationId::test()).unwrap();
    let settings = settings(Destination::GenericHttps, &[("https_url", url)]);
    configure(&mut work, &stream, settings);
    work.commit();
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

fn all(organization: Option<&str>) -> ListDeliveries {
    ListDeliveries {
        page: PageRequest {
            limit: 1_000,
            order: Order::Desc,
            ..PageRequest::default()
        },
        organization_id: organization.map(str::to_owned),
        state: None,
    }
}

/// The actors of what went through, newest first, and how far each is.
fn went(environment: &Environment) -> Vec<(String, &'static str)> {
    let page = deliveries(environment, all(Some(ORGANIZATION))).unwrap();
    let told = |one: &Arc<LogStreamDelivery>| {
        let actor = one.event.entry.actor.id.clone();
        (actor, one.progress.state.as_str())
    };
    page.items.iter().map(told).collect()
}

/// The id of the delivery of what an actor did.
fn id_of(environment: &Environment, actor: &str) -> String {
    let page = deliveries(environment, all(None)).unwrap();
    let found = page
        .items
        .iter()
        .find(|one| one.event.entry.actor.id == actor);
    found.expect("a delivery").id.to_string()
}

/// How far each is, oldest first.
fn states(environment: &Environment) -> Vec<&'static str> {
    let went = went(environment).into_iter().rev();
    went.map(|(_, state)| state).collect()
}

fn queue(id: &str) -> QueueId {
    QueueId::LogStream(LogStreamId::parse(id).unwrap())
}

/// What is sent next, as those who deliver take it.
fn taken(environment: &Environment, id: &str) -> Option<Parcel> {
    sending::take(environment, &queue(id))
}

fn is_answered(environment: &Environment, parcel: &Parcel, status: u16) {
    let attempt = Attempt {
        at: environment.clock.now(),
        url: HERE.into(),
        signature: None,
        took: std::time::Duration::ZERO,
        outcome: Outcome::Answered(Answer {
            status,
            body: "".into(),
            truncated: false,
        }),
    };
    sending::attempted(environment, parcel, attempt);
}

/// Lets what is next be answered with these statuses, one after the other. There has to be something for each.
fn answers(environment: &Environment, id: &str, statuses: &[u16]) {
    for status in statuses {
        let parcel = taken(environment, id).expect("something to be sent");
        is_answered(environment, &parcel, *status);
    }
}

fn after(environment: &Environment, seconds: i64) {
    let by = SignedDuration::from_secs(seconds);
    environment.clock.advance(by).unwrap();
}

fn state(environment: &Environment) -> ShownState {
    stream(environment).unwrap().state.shown()
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
    assert_eq!(went(&environment), [("one".into(), "delivered")]);
}

#[test]
fn what_a_failing_destination_could_not_take_arrives_when_it_works_again() {
    for failing in [ShownState::Error, ShownState::Invalid] {
        let (environment, id) = streaming();
        set_state(&environment, &id, failing).unwrap();
        log(&environment, "one");
        log(&environment, "two");
        assert_eq!(states(&environment), ["blocked", "blocked"]);
        assert_eq!(sending::list::left_over(&environment), 2);
        assert_eq!(stream(&environment).unwrap().last_synced_at, None);
        set_state(&environment, &id, ShownState::Active).unwrap();
        assert_eq!(states(&environment), ["delivered", "delivered"]);
        assert_eq!(stream(&environment).unwrap().last_synced_at, Some(start()));
    }
}

#[test]
fn a_stream_that_sends_nothing_lets_events_go() {
    let (environment, id) = streaming();
    set_state(&environment, &id, ShownState::Error).unwrap();
    log(&environment, "waits");
    set_state(&environment, &id, ShownState::Inactive).unwrap();
    log(&environment, "is not sent");
    set_state(&environment, &id, ShownState::Active).unwrap();
    log(&environment, "two");
    assert_eq!(
        went(&environment),
        [("two".into(), "delivered"), ("waits".into(), "cancelled")]
    );
}

#[test]
fn what_is_sent_again_where_nothing_is_sent_follows_the_stream() {
    let (environment, id) = streaming();
    log(&environment, "one");
    let one = id_of(&environment, "one");
    let again = |state| {
        set_state(&environment, &id, state).unwrap();
        let again = resend(&environment, &one).unwrap();
        again.progress.state.as_str()
    };
    assert_eq!(again(ShownState::Active), "delivered");
    assert_eq!(again(ShownState::Error), "blocked");
    set_state(&environment, &id, ShownState::Active).unwrap();
    assert_eq!(states(&environment), ["delivered"]);
    let none = resend(&environment, "log_stream_delivery_x");
    assert!(matches!(none, Err(Error::NotFound { .. })));
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
    let page = deliveries(&environment, all(None)).unwrap();
    assert!(page.items.is_empty());
    let gone = deliveries(&environment, all(Some(ORGANIZATION)));
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}
