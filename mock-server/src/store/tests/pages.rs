//! Pages: the right ones, and for no more than they have to cost.

use super::*;

/// What a list has to be, by sorting and scanning everything.
pub(super) fn naive(positions: &[Position], page: &PageRequest) -> Page<String> {
    let mut shown: Vec<Position> = positions.to_vec();
    shown.sort_unstable();
    if page.order != Order::Asc {
        shown.reverse();
    }
    let position = |text: &String| crate::domain::ids::ulid_of("org_", text).unwrap().0;
    let (onward, against) = match page.order {
        Order::Normal => (&page.before, &page.after),
        _ => (&page.after, &page.before),
    };
    let comes_after = |one: Position, cursor: Position| {
        if page.order == Order::Asc {
            one > cursor
        } else {
            one < cursor
        }
    };
    let (start, end) = if let Some(cursor) = onward.as_ref().map(position) {
        let start = shown
            .iter()
            .position(|one| comes_after(*one, cursor))
            .unwrap_or(shown.len());
        (start, (start + page.limit).min(shown.len()))
    } else if let Some(cursor) = against.as_ref().map(position) {
        let end = shown
            .iter()
            .position(|one| *one == cursor || comes_after(*one, cursor))
            .unwrap_or(shown.len());
        (end.saturating_sub(page.limit), end)
    } else {
        (0, page.limit.min(shown.len()))
    };
    let part = &shown[start..end];
    let first = part.first().filter(|_| start > 0).map(|one| id(*one));
    let last = part
        .last()
        .filter(|_| end < shown.len())
        .map(|one| id(*one));
    let (before, after) = if page.order == Order::Normal {
        (last, first)
    } else {
        (first, last)
    };
    Page {
        items: part.iter().map(|one| Arc::new(id(*one))).collect(),
        before,
        after,
    }
}

#[test]
fn every_page_is_the_one_that_a_scan_would_give() {
    let count = 17;
    let store = filled(count);
    let three = |n: u128| move |position: &Position| position / 2 % 3 == n;
    let everything: Vec<Position> = (1..=count).map(|number| number * 2).collect();
    let of_three: Vec<_> = everything
        .iter()
        .copied()
        .filter(|one| three(1)(one) || three(2)(one))
        .collect();
    let of_both: Vec<_> = of_three
        .iter()
        .copied()
        .filter(|position| position / 2 % 5 == 4)
        .collect();
    let union = vec![
        domain("three1.example"),
        domain("three2.example"),
        domain("nobody.example"),
    ];
    let cases = [
        (vec![], everything),
        (vec![union.clone()], of_three),
        (vec![union, vec![domain("five4.example")]], of_both),
        (vec![vec![domain("nobody.example")]], vec![]),
        (vec![vec![]], vec![]),
    ];
    let mut compared = 0;
    for (filters, positions) in &cases {
        for order in [Order::Asc, Order::Desc, Order::Normal] {
            for limit in [1, 2, 3, 5, 100] {
                // The odd positions are those of objects that are gone.
                for cursor in std::iter::once(None).chain((0..=2 * count + 3).map(Some)) {
                    for backward in [false, true] {
                        let cursor = cursor.map(id);
                        let (before, after) = if backward {
                            (cursor, None)
                        } else {
                            (None, cursor)
                        };
                        let page = PageRequest {
                            before,
                            after,
                            limit,
                            order,
                        };
                        let got = list(&store, filters, &page).unwrap();
                        let mut want = naive(positions, &page);
                        if page.before.is_none() && page.after.is_none() {
                            want.before = want.before.filter(|_| order == Order::Normal);
                        }
                        let wanted: Vec<_> = want.items.iter().map(ToString::to_string).collect();
                        assert_eq!(ids(&got), wanted, "{page:?}");
                        assert_eq!(
                            (got.before, got.after),
                            (want.before, want.after),
                            "{page:?}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 5_000);
}

#[test]
fn following_a_cursor_visits_everything_once_and_ends_in_both_directions() {
    let store = filled(23);
    for order in [Order::Asc, Order::Desc, Order::Normal] {
        let mut page = PageRequest {
            limit: 4,
            order,
            ..PageRequest::default()
        };
        let mut seen = Vec::new();
        let mut pages = Vec::new();
        loop {
            let part = list(&store, &[], &page).unwrap();
            seen.extend(ids(&part));
            let onward = if order == Order::Normal {
                part.before.clone()
            } else {
                part.after.clone()
            };
            pages.push(ids(&part));
            let Some(onward) = onward else { break };
            page = match order {
                Order::Normal => PageRequest {
                    before: Some(onward),
                    ..page
                },
                _ => PageRequest {
                    after: Some(onward),
                    ..page
                },
            };
        }
        let mut wanted: Vec<_> = (1..=23).map(|number| id(number * 2)).collect();
        if order != Order::Asc {
            wanted.reverse();
        }
        assert_eq!(seen, wanted);
        // And back again, page by page, to the same pages.
        for expected in pages.iter().rev().skip(1) {
            let first = id_after(expected, &seen);
            let (before, after) = if order == Order::Normal {
                (None, Some(first))
            } else {
                (Some(first), None)
            };
            let back = PageRequest {
                before,
                after,
                limit: 4,
                order,
            };
            assert_eq!(&ids(&list(&store, &[], &back).unwrap()), expected);
        }
    }
}

fn id_after(page: &[String], all: &[String]) -> String {
    let last = all.iter().position(|one| Some(one) == page.last()).unwrap();
    all[last + 1].clone()
}

#[test]
fn a_cursor_of_another_kind_or_none_at_all_is_refused() {
    let store = filled(1);
    for bad in [
        "",
        "x",
        "org_",
        "org_test_idp",
        "conn_01J0000000000000000000000A",
        "org_domain_01J0000000000000000000000A",
    ] {
        let before = PageRequest {
            before: Some(bad.into()),
            limit: 1,
            ..PageRequest::default()
        };
        let after = PageRequest {
            after: Some(bad.into()),
            limit: 1,
            ..PageRequest::default()
        };
        assert_eq!(
            list(&store, &[], &before).unwrap_err(),
            BadCursor::Before,
            "{bad}"
        );
        assert_eq!(
            list(&store, &[], &after).unwrap_err(),
            BadCursor::After,
            "{bad}"
        );
    }
    let both = PageRequest {
        before: Some(id(2)),
        after: Some(id(2)),
        limit: 1,
        ..PageRequest::default()
    };
    assert_eq!(list(&store, &[], &both).unwrap_err(), BadCursor::Both);
}

#[test]
fn a_pinned_id_has_its_place_also_after_it_is_gone() {
    let store = filled(3);
    let mut unit = store.begin();
    let pinned = Organization {
        id: OrganizationId::test(),
        ..organization(5, "Pinned", &[])
    };
    unit.insert_pinned(pinned, 5);
    unit.commit();
    let after = PageRequest {
        after: Some(OrganizationId::TEST.into()),
        limit: 10,
        order: Order::Asc,
        ..PageRequest::default()
    };
    assert_eq!(
        ids(&list(
            &store,
            &[],
            &PageRequest {
                limit: 10,
                ..PageRequest::default()
            }
        )
        .unwrap())[1],
        "org_test_idp"
    );
    assert_eq!(ids(&list(&store, &[], &after).unwrap()), [id(6)]);
    let mut unit = store.begin();
    unit.delete::<Organization>(OrganizationId::TEST).unwrap();
    unit.commit();
    assert!(
        store
            .begin()
            .get::<Organization>(OrganizationId::TEST)
            .is_none()
    );
    assert_eq!(ids(&list(&store, &[], &after).unwrap()), [id(6)]);
}

/// How many positions a page of `limit` looks at.
fn visited(
    store: &Store,
    filters: &[Vec<OrganizationKey>],
    from: Option<Position>,
    limit: usize,
) -> usize {
    let unit = store.begin();
    let count = Cell::new(0);
    let visit = || count.set(count.get() + 1);
    let span = narrowed(&EVERYWHERE, Direction::Down, from);
    Organization::table(&unit.tables)
        .candidates(filters, Direction::Down, span, visit)
        .take(limit)
        .for_each(drop);
    count.get()
}

#[test]
fn a_page_looks_at_no_more_when_more_is_stored() {
    let rare = vec![domain("five4.example")];
    for count in [100, 10_000] {
        let store = filled(count);
        assert_eq!(visited(&store, &[], Some(150), 11), 11, "{count}");
        assert_eq!(
            visited(&store, &[vec![domain("three0.example")]], Some(150), 5),
            5,
            "{count}"
        );
        assert_eq!(
            visited(
                &store,
                &[vec![domain("nobody.example")], rare.clone()],
                None,
                11
            ),
            0,
            "{count}"
        );
    }
}

#[test]
fn the_smallest_filter_drives() {
    let store = filled(1_000);
    let mut unit = store.begin();
    unit.insert(organization(3, "Rare", &["three0.example", "rare.example"]));
    unit.commit();
    let (common, rare) = (vec![domain("three0.example")], vec![domain("rare.example")]);
    for filters in [[common.clone(), rare.clone()], [rare, common]] {
        assert_eq!(visited(&store, &filters, None, 10), 1);
    }
}

#[test]
fn a_union_yields_each_record_once_and_no_more_than_it_must() {
    let store = filled(1_000);
    let union = vec![vec![
        domain("three0.example"),
        domain("three1.example"),
        domain("three2.example"),
        domain("five0.example"),
    ]];
    assert_eq!(visited(&store, &union, None, 10), 10);
    let page = PageRequest {
        limit: 100,
        order: Order::Asc,
        ..PageRequest::default()
    };
    let wanted: Vec<_> = (1..=100).map(|number| id(number * 2)).collect();
    assert_eq!(ids(&list(&store, &union, &page).unwrap()), wanted);
}
