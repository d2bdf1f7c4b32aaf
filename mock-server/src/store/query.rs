//! Pages: which records, from where, in which order. A page costs what its smallest index yields, not what is stored.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter;
use std::ops::{Bound, Not, RangeInclusive};
use std::sync::Arc;

use super::rows::{Places as _, Rows as _};
use super::table::{PlaceOf, PlacesOf, Table};
use super::{Position, Record};
use crate::domain::page::{Order, Page, PageRequest};

/// Which records a list is to have.
pub(crate) struct Query<'a, R: Record> {
    /// Each a list of keys of which a record has to have at least one.
    pub(crate) filters: Vec<Vec<R::Key>>,
    /// What a record has to satisfy besides, for filters that keys only come close to.
    pub(crate) verify: &'a dyn Fn(&R) -> bool,
    /// The positions among which it has to be, the last one included.
    pub(crate) within: RangeInclusive<Position>,
    /// Where the page is.
    pub(crate) page: &'a PageRequest,
}

/// Every position there is.
pub(crate) const EVERYWHERE: RangeInclusive<Position> = 0..=Position::MAX;

/// Why there is no such page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCursor {
    /// `before` is no id of this kind.
    Before,
    /// `after` is no id of this kind.
    After,
    /// There is a `before` and an `after`.
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

impl Direction {
    fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

impl<R: Record> Table<R> {
    pub(super) fn list(&self, query: &Query<'_, R>) -> Result<Page<R>, BadCursor> {
        let PageRequest {
            before,
            after,
            limit,
            order,
        } = query.page;
        let (before, after, limit, order) = (before.as_deref(), after.as_deref(), *limit, *order);
        let shown = if order == Order::Asc {
            Direction::Up
        } else {
            Direction::Down
        };
        // In the order `normal`, `before` goes the way of the list and `after` against it.
        let (onward, against) = if order == Order::Normal {
            (before, after)
        } else {
            (after, before)
        };
        let (walk, cursor) = match (onward, against) {
            (Some(_), Some(_)) => return Err(BadCursor::Both),
            (Some(id), None) => (shown, Some(id)),
            (None, Some(id)) => (shown.turned(), Some(id)),
            (None, None) => (shown, None),
        };
        let wrong = if before.is_some() {
            BadCursor::Before
        } else {
            BadCursor::After
        };
        let from = cursor
            .map(|id| self.position_of(id).ok_or(wrong))
            .transpose()?;

        let mut walked: Vec<_> = self.matches(query, walk, from).take(limit + 1).collect();
        let more_ahead = walked.len() > limit;
        walked.truncate(limit);
        // Behind the first page there is nothing; behind another there usually is, and its first step finds it.
        let more_behind = from.is_some()
            && walked.first().is_some_and(|first| {
                let from = self.position_of(first.id());
                self.matches(query, walk.turned(), from).next().is_some()
            });
        let (more_at_start, more_at_end) = if walk == shown {
            (more_behind, more_ahead)
        } else {
            (more_ahead, more_behind)
        };
        let mut records = walked;
        if walk != shown {
            records.reverse();
        }
        let id = |more: bool, record: Option<&Arc<R>>| {
            record.filter(|_| more).map(|record| record.id().to_owned())
        };
        let start = id(more_at_start, records.first());
        let end = id(more_at_end, records.last());
        let (before, after) = if order == Order::Normal {
            (end, start)
        } else {
            (start, end)
        };
        Ok(Page {
            items: records,
            before,
            after,
        })
    }

    /// The records that match, one after the other from the position `from` on, which is left out.
    fn matches<'a>(
        &'a self,
        query: &'a Query<'_, R>,
        direction: Direction,
        from: Option<Position>,
    ) -> impl Iterator<Item = Arc<R>> {
        let span = narrowed(&query.within, direction, from);
        self.candidates(&query.filters, direction, span, || {})
            .filter_map(|place| self.rows.get(place))
            .filter(|record| (query.verify)(record))
            .map(Arc::clone)
    }

    /// The places of the records that have a key of every filter. Driven by the filter with the fewest; `visit` is told of
    /// each that is looked at.
    pub(super) fn candidates<'a>(
        &'a self,
        filters: &[Vec<R::Key>],
        direction: Direction,
        span: Span,
        mut visit: impl FnMut() + 'a,
    ) -> Box<dyn Iterator<Item = PlaceOf<R>> + 'a> {
        let Some(range) = span.and_then(|span| self.rows.ends(span)) else {
            return Box::new(iter::empty());
        };
        let mut unions: Vec<Vec<&PlacesOf<R>>> = filters
            .iter()
            .map(|keys| keys.iter().filter_map(|key| self.places_of(key)).collect())
            .collect();
        // The smallest first: it drives, and the others that say no most often are asked before the rest.
        unions.sort_by_cached_key(|union| union.iter().map(|set| set.len()).sum::<u64>());
        let mut unions = unions.into_iter();
        let Some(driver) = unions.next() else {
            let places = self.rows.range(range).inspect(move |_| visit());
            return match direction {
                Direction::Up => Box::new(places),
                Direction::Down => Box::new(places.rev()),
            };
        };
        let unions: Vec<_> = unions.collect();
        let driver = Merge::new(
            driver.into_iter().map(|set| set.range(range.clone())),
            direction,
        );
        Box::new(driver.filter(move |place| {
            visit();
            unions
                .iter()
                .all(|union| union.iter().any(|set| set.contains(*place)))
        }))
    }
}

/// The positions to look at, both ends included; nothing when there are none.
type Span = Option<(Bound<Position>, Bound<Position>)>;

/// What of `within` lies past `from`.
pub(super) fn narrowed(
    within: &RangeInclusive<Position>,
    direction: Direction,
    from: Option<Position>,
) -> Span {
    let (mut first, mut last) = (*within.start(), *within.end());
    match (direction, from) {
        (_, None) => {}
        (Direction::Up, Some(from)) => first = first.max(from.checked_add(1)?),
        (Direction::Down, Some(from)) => last = last.min(from.checked_sub(1)?),
    }
    // An ordered set panics when it is asked for a range that ends before it begins.
    (first <= last).then_some((Bound::Included(first), Bound::Included(last)))
}

/// Several ascending sets as one, in either direction, each place once.
struct Merge<P, I> {
    direction: Direction,
    sets: Vec<I>,
    /// The next place of each set that has one. Going down, places are complemented, so that the least is next.
    heads: BinaryHeap<Reverse<(P, usize)>>,
    last: Option<P>,
}

impl<P: Copy + Ord + Not<Output = P>, I: DoubleEndedIterator<Item = P>> Merge<P, I> {
    fn new(sets: impl Iterator<Item = I>, direction: Direction) -> Self {
        let sets: Vec<_> = sets.collect();
        let mut merge = Self {
            direction,
            heads: BinaryHeap::with_capacity(sets.len()),
            sets,
            last: None,
        };
        for index in 0..merge.sets.len() {
            merge.pull(index);
        }
        merge
    }

    fn pull(&mut self, index: usize) {
        let next = match self.direction {
            Direction::Up => self.sets[index].next(),
            Direction::Down => self.sets[index].next_back().map(|place| !place),
        };
        self.heads.extend(next.map(|place| Reverse((place, index))));
    }
}

impl<P: Copy + Ord + Not<Output = P>, I: DoubleEndedIterator<Item = P>> Iterator for Merge<P, I> {
    type Item = P;

    fn next(&mut self) -> Option<P> {
        loop {
            let Reverse((place, index)) = self.heads.pop()?;
            self.pull(index);
            if self.last != Some(place) {
                self.last = Some(place);
                return Some(if self.direction == Direction::Up {
                    place
                } else {
                    !place
                });
            }
        }
    }
}
