//! Audit logs on an environment with a still clock.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::json;

use super::events::{self, Search};
use super::exports::{self, NewExport, NoFile};
use super::{retention, schemas};
use crate::domain::Error;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::export::{EventFilter, ExportState, PENDING};
use crate::domain::audit_log::retention::Retention;
use crate::domain::audit_log::rules::RulesInput;
use crate::domain::ids::{Id as _, OrganizationId};
use crate::domain::page::{Order, PageRequest};
use crate::domain::settings::Settings;
use crate::environment::Environment;
use crate::service::tests::{environment, environment_with, start};

const ORGANIZATION: &str = OrganizationId::TEST;

fn configured(settings: Settings) -> Arc<Environment> {
    let environment = environment_with(settings);
    schemas::create(&environment, "a.b", RulesInput::default()).unwrap();
    environment
}

fn entry(actor: &str, occurred_at: Timestamp) -> Entry {
    serde_json::from_value(json!({
        "action": "a.b",
        "occurred_at": occurred_at,
        "actor": { "id": actor, "type": "user" },
        "targets": [],
        "context": { "location": "here" },
    }))
    .unwrap()
}

fn log(environment: &Environment, actor: &str, second: i64) {
    let occurred_at = start() + SignedDuration::from_secs(second);
    events::log(environment, ORGANIZATION, entry(actor, occurred_at)).unwrap();
}

/// The actors of the events on a page, and the cursors at its ends.
fn page(
    environment: &Environment,
    page: PageRequest,
) -> (Vec<String>, Option<String>, Option<String>) {
    let search = Search {
        page,
        ..Search::default()
    };
    let page = events::search(environment, ORGANIZATION, &search).unwrap();
    let actors = page.items.iter().map(|event| event.entry.actor.id.clone());
    (actors.collect(), page.before, page.after)
}

fn actors(environment: &Environment) -> Vec<String> {
    let all = PageRequest {
        limit: 100,
        order: Order::Asc,
        ..PageRequest::default()
    };
    page(environment, all).0
}

fn days(count: u16) -> Retention {
    Retention::asked_for(None, Some(count)).unwrap()
}

fn pass(environment: &Environment, count: i32) {
    let by = SignedDuration::from_hours(24 * i64::from(count));
    environment.clock.advance(by).unwrap();
}

#[test]
fn events_are_paged_in_the_order_in_which_they_occurred() {
    let environment = configured(Settings::default());
    for (actor, second) in [("c", 3), ("a", 1), ("d", 3), ("b", 2)] {
        log(&environment, actor, second);
    }
    assert_eq!(actors(&environment), ["a", "b", "c", "d"]);
    let two = |before, after| PageRequest {
        before,
        after,
        limit: 2,
        order: Order::Desc,
    };
    let (first, none, after) = page(&environment, two(None, None));
    assert_eq!((first, none), (vec!["d".to_owned(), "c".to_owned()], None));
    let (second, before, none) = page(&environment, two(None, after));
    assert_eq!((second, none), (vec!["b".to_owned(), "a".to_owned()], None));
    assert_eq!(page(&environment, two(before, None)).0, ["d", "c"]);
}

#[test]
fn no_more_events_are_kept_than_configured() {
    let environment = configured(Settings {
        max_audit_log_events: 2,
        ..Settings::default()
    });
    for (actor, second) in [("b", 2), ("a", 1), ("c", 3)] {
        log(&environment, actor, second);
    }
    assert_eq!(actors(&environment), ["b", "c"]);
}

#[test]
fn what_a_lower_retention_takes_is_gone_for_good() {
    let environment = configured(Settings::default());
    retention::set(&environment, ORGANIZATION, days(365)).unwrap();
    log(&environment, "old", 0);
    pass(&environment, 31);
    log(&environment, "new", -1);
    assert_eq!(actors(&environment), ["new", "old"]);
    retention::set(&environment, ORGANIZATION, days(30)).unwrap();
    retention::set(&environment, ORGANIZATION, days(365)).unwrap();
    assert_eq!(actors(&environment), ["new"]);
    pass(&environment, 364);
    assert_eq!(actors(&environment), ["new"]);
    pass(&environment, 1);
    assert!(actors(&environment).is_empty());
    // The next event takes along what is past.
    environment.clock.set(start());
    assert!(actors(&environment).is_empty(), "nothing comes back");
    log(&environment, "last", 0);
    assert_eq!(actors(&environment), ["last"]);
}

#[test]
fn nothing_is_found_of_organizations_that_are_not_there() {
    let environment = environment();
    let missing = |error: Error| matches!(error, Error::NotFound { .. });
    let search = events::search(&environment, "org_x", &Search::default());
    assert!(missing(search.unwrap_err()));
    assert!(missing(retention::get(&environment, "org_x").unwrap_err()));
    let entry = entry("a", start());
    let unknown = events::log(&environment, ORGANIZATION, entry).unwrap_err();
    assert_eq!(unknown.to_string(), "Audit Log Action not found: 'a.b'.");
}

#[test]
fn an_address_that_expired_stays_so_when_the_clock_is_turned_back() {
    let environment = configured(Settings::default());
    log(&environment, "a", 0);
    let new = NewExport {
        organization: ORGANIZATION.to_owned(),
        start: start(),
        end: start(),
        filter: EventFilter::default(),
    };
    let asked = exports::create(&environment, new).unwrap();
    assert_eq!(asked.state, ExportState::Pending);
    environment.clock.advance(PENDING).unwrap();
    let seen = exports::get(&environment, asked.export.id.as_str()).unwrap();
    let token = seen.token.unwrap();
    let export = exports::open(&environment, &token).unwrap();
    let page = exports::read(&environment, &export, None).unwrap();
    assert_eq!((page.items.len(), page.after), (1, None));
    environment
        .clock
        .advance(SignedDuration::from_mins(10))
        .unwrap();
    assert_eq!(
        exports::open(&environment, &token).unwrap_err(),
        NoFile::Expired
    );
    environment.clock.set(start());
    assert_eq!(
        exports::open(&environment, &token).unwrap_err(),
        NoFile::Expired
    );
    let still = exports::get(&environment, asked.export.id.as_str()).unwrap();
    assert_eq!(still.state, ExportState::Ready, "what was ready stays so");
}

proptest! {
    // The same cases in every run, so that a failure is one for everybody.
    #![proptest_config(Config {
        cases: 100,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn events_that_are_logged_in_any_order_are_read_in_the_order_in_which_they_occurred(
        seconds in prop::collection::vec((0..30_i64, 0..3_usize), 0..25),
        kept in 1..30_usize,
        limit in 1..6_usize,
        ascending: bool,
        wanted in 0..3_usize,
    ) {
        const ACTORS: [&str; 3] = ["a", "b", "c"];
        let environment = configured(Settings { max_audit_log_events: kept, ..Settings::default() });
        let mut model = BTreeSet::new();
        for (number, (second, actor)) in seconds.iter().enumerate() {
            // A millisecond of its own, as what occurred in the same one has no order that a model could tell.
            let at = second * 1_000 + i64::try_from(number).unwrap();
            let occurred_at = start() + SignedDuration::from_millis(at);
            events::log(&environment, ORGANIZATION, entry(ACTORS[*actor], occurred_at)).unwrap();
            model.insert((occurred_at, ACTORS[*actor]));
            if model.len() > kept {
                model.pop_first();
            }
        }
        let mut expected: Vec<_> = model.into_iter().filter(|(_, actor)| *actor == ACTORS[wanted]).collect();
        if !ascending {
            expected.reverse();
        }
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let search = Search {
                filter: EventFilter { actor_ids: vec![ACTORS[wanted].to_owned()], ..EventFilter::default() },
                page: PageRequest {
                    after,
                    limit,
                    order: if ascending { Order::Asc } else { Order::Desc },
                    ..PageRequest::default()
                },
                ..Search::default()
            };
            let page = events::search(&environment, ORGANIZATION, &search).unwrap();
            found.extend(page.items.iter().map(|event| (event.entry.occurred_at, ACTORS[wanted])));
            after = page.after;
            if after.is_none() {
                break;
            }
        }
        prop_assert_eq!(found, expected);
    }
}
