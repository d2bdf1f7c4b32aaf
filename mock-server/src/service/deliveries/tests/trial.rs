//! Events that are made up.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::domain::event::MADE;
use crate::service::deliveries::life::lived;
use crate::service::deliveries::trial as trials;
use crate::store::EventKey;

/// The names of the events that the contract has.
fn documented() -> BTreeSet<String> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/portal.json"));
    let document: Value = serde_json::from_str(text).unwrap();
    let variants = &document["components"]["schemas"]["Event"]["allOf"][1]["oneOf"];
    let names = variants.as_array().unwrap().iter().map(|variant| {
        let name = &variant["properties"]["event"]["const"];
        name.as_str().unwrap().to_owned()
    });
    names.collect()
}

#[test]
fn a_life_has_every_event_that_there_is() {
    let world = World::new();
    let life = lived(&world.environment, start(), 1);
    let documented = documented();
    assert!(documented.len() > 30);
    let made: BTreeSet<_> = MADE.into_iter().map(str::to_owned).collect();
    assert_eq!(made, documented);
    for name in &documented {
        let what = life.last(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(what.name(), name);
    }
    assert!(life.last("banana").is_none());
    let work = Work::begin(&world.environment);
    for name in documented {
        let key = EventKey::Name(name.into());
        assert_eq!(work.count::<Event>(&key), 0, "it is lived elsewhere");
    }
}

#[test]
fn a_trial_goes_to_one_endpoint_and_is_no_event() {
    let mut world = World::new();
    let one = world.endpoint(1);
    world.endpoint(2);
    let sent = trials::send(&world.environment, &one, CREATED).unwrap();
    assert_eq!(sent.cause, Cause::Test);
    assert_eq!(sent.endpoint_id.as_str(), one);
    let work = Work::begin(&world.environment);
    assert!(work.get::<Event>(sent.event.id.as_str()).is_none());
    drop(work);
    world.deliver(|| answered(200));
    assert_eq!(world.states(), ["delivered"]);
}

#[test]
fn where_few_events_are_kept_any_can_be_made_up() {
    let world = World::with(Settings {
        max_events: 1,
        ..Settings::default()
    });
    let endpoint = world.endpoint(1);
    for name in [CREATED, DELETED] {
        trials::send(&world.environment, &endpoint, name).unwrap();
    }
    let none = trials::send(&world.environment, &endpoint, "dsync.activated");
    assert!(matches!(none, Err(Error::Invalid(_))));
}
