//! Units of work, indexes and search.

use super::*;

#[test]
fn what_is_committed_stands_and_what_is_dropped_does_not() {
    let store = filled(3);
    let key = domain("three1.example");
    let mut unit = store.begin();
    unit.insert(organization(100, "New", &["three1.example"]));
    let changed = Organization {
        name: "Changed".into(),
        domains: Vec::new(),
        ..organization(2, "", &[])
    };
    unit.update(changed);
    unit.delete::<Organization>(&id(4)).unwrap();
    assert_eq!(
        unit.find::<Organization>(&key).unwrap().id.to_string(),
        id(100)
    );
    drop(unit);

    let unit = store.begin();
    assert!(unit.get::<Organization>(&id(100)).is_none());
    assert_eq!(unit.get::<Organization>(&id(2)).unwrap().name, "Name 1");
    assert_eq!(unit.get::<Organization>(&id(4)).unwrap().name, "Name 2");
    assert_eq!(
        unit.find::<Organization>(&key).unwrap().id.to_string(),
        id(2)
    );
    assert!(
        unit.find::<Organization>(&OrganizationKey::Name(NameKey::Three(['n', 'e', 'w'])))
            .is_none()
    );
    drop(unit);

    let mut unit = store.begin();
    unit.delete::<Organization>(&id(4)).unwrap();
    assert!(unit.delete::<Organization>(&id(4)).is_none());
    unit.commit();
    assert!(store.begin().get::<Organization>(&id(4)).is_none());
    assert!(
        store
            .begin()
            .find::<Organization>(&domain("three2.example"))
            .is_none()
    );
}

#[test]
fn all_with_one_key_go_at_once_and_come_back_when_it_is_dropped() {
    let store = filled(6);
    let key = domain("three1.example");
    let ids = |records: Vec<Arc<Organization>>| -> Vec<_> {
        records.iter().map(|record| record.id.to_string()).collect()
    };
    let mut unit = store.begin();
    let before = ids(unit.find_all(&key));
    assert!(before.len() > 1);
    assert_eq!(ids(unit.delete_all(&key)), before);
    assert_eq!(ids(unit.delete_all(&key)), [""; 0]);
    assert!(unit.get::<Organization>(&before[0]).is_none());
    drop(unit);

    let mut unit = store.begin();
    assert_eq!(ids(unit.find_all(&key)), before);
    unit.delete_all::<Organization>(&key);
    unit.commit();
    let unit = store.begin();
    assert_eq!(ids(unit.find_all(&key)), [""; 0]);
    assert!(unit.get::<Organization>(&before[0]).is_none());
}

#[test]
fn a_panic_undoes_its_unit_of_work_and_leaves_the_store_usable() {
    let store = filled(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut unit = store.begin();
        unit.delete::<Organization>(&id(2));
        panic!("in the middle of it");
    }));
    assert!(panicked.is_err());
    assert!(store.begin().get::<Organization>(&id(2)).is_some());
}

#[test]
fn an_update_moves_only_what_changed_in_the_index() {
    let store = filled(1);
    let mut unit = store.begin();
    unit.update(organization(2, "Other", &["five1.example", "new.example"]));
    unit.commit();
    let unit = store.begin();
    let has = |key| unit.find::<Organization>(&key).is_some();
    assert!(has(domain("five1.example")));
    assert!(has(domain("new.example")));
    assert!(!has(domain("three1.example")));
    assert!(!has(OrganizationKey::Name(NameKey::Three(['n', 'a', 'm']))));
    assert!(has(OrganizationKey::Name(NameKey::WordPrefix("ot".into()))));
}

#[test]
fn ids_of_the_source_are_positions_in_order() {
    let (store, random) = (Store::default(), Random::seeded(3));
    let mut unit = store.begin();
    let mut wanted = Vec::new();
    for second in [5, 5, 1, 9] {
        let ulid = random.ulid(Timestamp::from_second(second).unwrap());
        wanted.push(OrganizationId::new(ulid).to_string());
        unit.insert(organization(ulid.0, "Any", &[]));
    }
    unit.commit();
    let page = PageRequest {
        limit: 10,
        order: Order::Asc,
        ..PageRequest::default()
    };
    assert_eq!(ids(&list(&store, &[], &page).unwrap()), wanted);
}

#[test]
fn the_journal_keeps_the_newest_and_forgets_with_its_unit() {
    let store = Store::default();
    let created = |number| Event {
        id: EventId::new(Ulid(number)),
        what: OrganizationEvent::Created(Arc::new(organization(2, "Any", &[]))).into(),
        created_at: Timestamp::UNIX_EPOCH,
    };
    let kept = || -> Vec<_> {
        let name = EventKey::Name("organization.created".into());
        let events = store.begin().find_all::<Event>(&name);
        events.iter().map(|event| event.id.clone()).collect()
    };
    let append = |numbers: std::ops::RangeInclusive<u128>| {
        let mut unit = store.begin();
        for number in numbers {
            unit.append(created(number), 3);
        }
        unit
    };
    append(1..=4).commit();
    let last = [2, 3, 4].map(|number| EventId::new(Ulid(number)));
    assert_eq!(kept(), last);
    drop(append(5..=9));
    assert_eq!(kept(), last);
}

#[test]
fn what_comes_out_of_order_stands_in_order_and_keeps_its_keys() {
    let store = filled(5);
    let mut unit = store.begin();
    for position in [3, 1, 7, 9] {
        unit.insert(organization(position, "Between", &["three1.example"]));
    }
    unit.commit();
    let in_order = |filters: &[Vec<OrganizationKey>]| {
        let page = PageRequest {
            limit: 100,
            order: Order::Asc,
            ..PageRequest::default()
        };
        ids(&list(&store, filters, &page).unwrap())
    };
    let expected = |positions: &[Position]| -> Vec<_> {
        positions.iter().map(|position| id(*position)).collect()
    };
    assert_eq!(in_order(&[]), expected(&[1, 2, 3, 4, 6, 7, 8, 9, 10]));
    assert_eq!(
        in_order(&[vec![domain("three1.example")]]),
        expected(&[1, 2, 3, 7, 8, 9])
    );
}

#[test]
fn what_was_deleted_comes_back_to_its_place_also_when_others_came_before_it() {
    let store = filled(5);
    let before: Vec<_> = (1..=5).map(|number| id(number * 2)).collect();
    let mut unit = store.begin();
    unit.delete::<Organization>(&id(4)).unwrap();
    unit.delete::<Organization>(&id(8)).unwrap();
    unit.insert(organization(1, "First", &["three1.example"]));
    unit.insert(organization(100, "Last", &["three1.example"]));
    drop(unit);
    let page = PageRequest {
        limit: 100,
        order: Order::Asc,
        ..PageRequest::default()
    };
    assert_eq!(ids(&list(&store, &[], &page).unwrap()), before);
    let five = [vec![domain("five4.example")]];
    assert_eq!(ids(&list(&store, &five, &page).unwrap()), [id(8)]);
}

#[test]
fn when_every_number_was_given_out_they_are_given_out_anew() {
    let store = filled(5);
    let mut unit = store.begin();
    unit.delete::<Organization>(&id(2)).unwrap();
    unit.commit();
    let mut unit = store.begin();
    Organization::table_mut(&mut unit.tables).rows.exhaust();
    unit.delete::<Organization>(&id(10)).unwrap();
    unit.insert(organization(100, "Last", &["five4.example"]));
    drop(unit);
    let page = PageRequest {
        limit: 100,
        ..PageRequest::default()
    };
    let expected = [10, 8, 6, 4].map(id);
    assert_eq!(ids(&list(&store, &[], &page).unwrap()), expected);
    let five = [vec![domain("five4.example")]];
    assert_eq!(ids(&list(&store, &five, &page).unwrap()), [id(8)]);
}

#[test]
fn it_is_known_when_somebody_waits() {
    let store = Store::default();
    assert!(!store.is_wanted());
    std::thread::scope(|scope| {
        let unit = store.begin();
        assert!(!store.is_wanted());
        let waiting = scope.spawn(|| drop(store.begin()));
        while !store.is_wanted() {
            std::thread::yield_now();
        }
        drop(unit);
        waiting.join().expect("it gets its turn");
    });
    assert!(!store.is_wanted());
}
