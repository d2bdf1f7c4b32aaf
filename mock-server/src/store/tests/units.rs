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
        unit.find::<Organization>(&OrganizationKey::Trigram(['n', 'e', 'w']))
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
    assert!(!has(OrganizationKey::Trigram(['n', 'a', 'm'])));
    assert!(has(OrganizationKey::WordPrefix("ot".into())));
}

#[test]
fn a_search_asks_for_trigrams_or_for_the_beginning_of_words() {
    let trigram = |text: &str| {
        let letters: Vec<char> = text.chars().collect();
        vec![OrganizationKey::Trigram([
            letters[0], letters[1], letters[2],
        ])]
    };
    assert_eq!(search_keys("  "), None);
    assert_eq!(
        search_keys(" ÄC"),
        Some((
            vec![vec![OrganizationKey::WordPrefix("äc".into())]],
            "äc".into()
        ))
    );
    let (filters, text) = search_keys("Acme").unwrap();
    assert_eq!(
        (filters, text.as_str()),
        (vec![trigram("acm"), trigram("cme")], "acme")
    );
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
