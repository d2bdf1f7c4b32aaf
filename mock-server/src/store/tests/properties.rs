//! Pages, cursors and search against naive models, for whatever inputs come.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::pages::naive;
use super::*;

/// The same cases in every run, so that a failure is one for everybody.
fn settings() -> Config {
    Config {
        cases: 200,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    }
}

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Change {
    /// An organization comes, with some of the domains.
    Insert(u8),
    /// One goes, by its place among those that are there.
    Delete(prop::sample::Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        any::<u8>().prop_map(Change::Insert),
        any::<prop::sample::Index>().prop_map(Change::Delete),
    ];
    vec(change, 0..4)
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Asc), Just(Order::Desc), Just(Order::Normal)]
}

/// Filters by domains: each a list of which an organization has to have one.
fn filters() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(0..4_u8, 0..3), 0..3)
}

fn domain_of(bit: u8) -> String {
    format!("d{bit}.example")
}

/// The store beside a plain map from positions to domains, as bits.
#[derive(Default)]
struct Twins {
    store: Store,
    model: BTreeMap<Position, u8>,
    last: Position,
}

impl Twins {
    fn new(domains: &[u8]) -> Self {
        let mut twins = Self::default();
        for bits in domains {
            twins.apply(&Change::Insert(*bits));
        }
        twins
    }

    fn apply(&mut self, change: &Change) {
        let mut unit = self.store.begin();
        match change {
            Change::Insert(bits) => {
                self.last += 2;
                let names = (0..4).filter(|bit| bits & 1 << bit != 0).map(domain_of);
                let names: Vec<_> = names.collect();
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                unit.insert(organization(self.last, "Any", &names));
                self.model.insert(self.last, *bits);
            }
            Change::Delete(index) if !self.model.is_empty() => {
                let position = *self
                    .model
                    .keys()
                    .nth(index.index(self.model.len()))
                    .unwrap();
                unit.delete::<Organization>(&id(position)).unwrap();
                self.model.remove(&position);
            }
            Change::Delete(_) => {}
        }
        unit.commit();
    }

    fn page(&self, filters: &[Vec<u8>], page: &PageRequest) -> Page<Organization> {
        let keys: Vec<Vec<_>> = filters
            .iter()
            .map(|bits| bits.iter().map(|bit| domain(&domain_of(*bit))).collect())
            .collect();
        list(&self.store, &keys, page).unwrap()
    }

    /// The positions that pass the filters.
    fn matching(&self, filters: &[Vec<u8>]) -> Vec<Position> {
        let passes = |has: u8| {
            filters
                .iter()
                .all(|bits| bits.iter().any(|bit| has & 1 << bit != 0))
        };
        let matching = self.model.iter().filter(|(_, has)| passes(**has));
        matching.map(|(position, _)| *position).collect()
    }
}

/// The page that lies behind `cursor` in the direction of the list, or before it.
fn page_at(cursor: Option<String>, forward: bool, limit: usize, order: Order) -> PageRequest {
    let (before, after) = if forward == (order == Order::Normal) {
        (cursor, None)
    } else {
        (None, cursor)
    };
    PageRequest {
        before,
        after,
        limit,
        order,
    }
}

/// The cursors of a page that lead on and back.
fn cursors(page: &Page<Organization>, order: Order) -> (Option<String>, Option<String>) {
    if order == Order::Normal {
        (page.before.clone(), page.after.clone())
    } else {
        (page.after.clone(), page.before.clone())
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_walk_meets_everything_that_stays_once_whatever_comes_and_goes(
        begin in vec(any::<u8>(), 0..20),
        between in vec(changes(), 30),
        order in order(),
        limit in 1..5_usize,
        filters in filters(),
    ) {
        let mut twins = Twins::new(&begin);
        let at_first = twins.matching(&filters);
        let mut seen = Vec::new();
        let mut cursor = None;
        for changes in &between {
            let request = page_at(cursor, true, limit, order);
            let page = twins.page(&filters, &request);
            let wanted = naive(&twins.matching(&filters), &request);
            let wanted: Vec<_> = wanted.items.iter().map(ToString::to_string).collect();
            prop_assert_eq!(ids(&page), wanted);
            seen.extend(ids(&page));
            cursor = cursors(&page, order).0;
            if cursor.is_none() {
                break;
            }
            for change in changes {
                twins.apply(change);
            }
        }
        let once: BTreeSet<_> = seen.iter().cloned().collect();
        prop_assert_eq!(once.len(), seen.len(), "something came twice");
        if cursor.is_none() {
            for position in twins.matching(&filters) {
                // What comes while a list is read newest first comes before its beginning.
                if order == Order::Asc || at_first.contains(&position) {
                    prop_assert!(once.contains(&id(position)), "{position} was lost");
                }
            }
        }
    }

    #[test]
    fn the_way_back_leads_over_the_same_pages(
        begin in vec(any::<u8>(), 0..30),
        order in order(),
        limit in 1..6_usize,
        filters in filters(),
    ) {
        let twins = Twins::new(&begin);
        let walk = |mut cursor: Option<String>, forward: bool| {
            let mut pages = Vec::new();
            loop {
                let page = twins.page(&filters, &page_at(cursor, forward, limit, order));
                let (on, back) = cursors(&page, order);
                pages.push(ids(&page));
                cursor = if forward { on } else { back.clone() };
                if cursor.is_none() {
                    return pages;
                }
            }
        };
        let there = walk(None, true);
        let [.., last] = there.as_slice() else { unreachable!("there is a first page") };
        if there.len() > 1 {
            let mut back = walk(Some(last[0].clone()), false);
            back.reverse();
            prop_assert_eq!(&back[..], &there[..there.len() - 1]);
        }
    }

    #[test]
    fn a_cursor_is_a_position_whether_or_not_anything_was_ever_there(
        begin in vec(any::<u8>(), 0..20),
        position in prop_oneof![0..50_u128, any::<u128>()],
        forward: bool,
        order in order(),
        limit in 1..5_usize,
    ) {
        let twins = Twins::new(&begin);
        let request = page_at(Some(id(position)), forward, limit, order);
        let wanted = naive(&twins.matching(&[]), &request);
        let wanted: Vec<_> = wanted.items.iter().map(ToString::to_string).collect();
        prop_assert_eq!(ids(&twins.page(&[], &request)), wanted);
    }

    #[test]
    fn any_text_is_a_cursor_or_refused(
        text in prop_oneof![
            any::<String>(),
            "(org_|ORG_|event_)?[0-9A-Za-z]{25,27}",
            "org_[0-9A-HJKMNP-TV-Z]{26}",
        ],
        order in order(),
    ) {
        let twins = Twins::new(&[0, 1, 2]);
        let digits = text.strip_prefix("org_").unwrap_or_default();
        let well_formed = digits.len() == 26
            && digits.starts_with(['0', '1', '2', '3', '4', '5', '6', '7'])
            && digits.bytes().all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte));
        for forward in [false, true] {
            let request = page_at(Some(text.clone()), forward, 2, order);
            let page = list(&twins.store, &[], &request);
            prop_assert_eq!(page.is_ok(), well_formed, "{}", text);
        }
    }

    #[test]
    fn a_search_finds_what_reading_every_name_would(
        names in vec("[abBßİǅσΣς1 ,-]{0,9}", 0..20),
        text in "[abBßİǅσΣς1 ,-]{0,5}",
    ) {
        let store = Store::default();
        let mut unit = store.begin();
        for (position, name) in (1..).zip(&names) {
            unit.insert(organization(position, name, &[]));
        }
        let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
        let wanted = lower(text.trim());
        let is_found = |name: &&String| {
            let name = lower(name);
            let mut words = name.split(|letter: char| !letter.is_alphanumeric());
            match wanted.chars().count() {
                0 => true,
                1 | 2 => words.any(|word| word.starts_with(&wanted)),
                _ => name.contains(&wanted),
            }
        };
        let expected: Vec<_> = names.iter().filter(is_found).collect();

        let search = NameSearch::new(&text);
        let verify = |organization: &Organization| {
            search.as_ref().is_none_or(|search| search.finds(&organization.name))
        };
        let filters = search.iter().flat_map(|search| search.filters(OrganizationKey::Name));
        let page = PageRequest { limit: 100, order: Order::Asc, ..PageRequest::default() };
        let query = Query {
            filters: filters.collect(),
            verify: &verify,
            within: EVERYWHERE,
            page: &page,
        };
        let found = unit.list::<Organization>(&query).unwrap();
        let found: Vec<_> = found.items.iter().map(|found| &found.name).collect();
        prop_assert_eq!(found, expected);
    }
}
