//! Records that come in any order, such as events whose positions tell when they occurred. Nothing has to move for one of
//! them; for this, a key takes many times as much as where records come in order.

use std::collections::{BTreeMap, BTreeSet, btree_set};
use std::iter::Copied;
use std::ops::{Bound, RangeInclusive};
use std::sync::Arc;

use super::Position;
use super::rows::{Place, Places, Rows};

/// Records whose places are their positions.
pub(crate) struct AnyOrder<R>(BTreeMap<Position, Arc<R>>);

impl<R> Default for AnyOrder<R> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl Place for Position {
    const ALL: RangeInclusive<Self> = 0..=Self::MAX;
}

impl<R> Rows<R> for AnyOrder<R> {
    type Place = Position;
    type Places = BTreeSet<Position>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, place: Position) -> Option<&Arc<R>> {
        self.0.get(&place)
    }

    fn place_of(&self, position: Position) -> Option<Position> {
        self.0.contains_key(&position).then_some(position)
    }

    fn first(&self) -> Option<Position> {
        self.0.first_key_value().map(|(position, _)| *position)
    }

    fn in_the_way_of(&mut self, _: Position) -> Vec<Position> {
        Vec::new()
    }

    fn place_for(&mut self, position: Position) -> Position {
        position
    }

    fn fits(&self, _: Position, _: Position) -> bool {
        true
    }

    fn put(&mut self, position: Position, _: Position, record: Arc<R>) {
        let before = self.0.insert(position, record);
        debug_assert!(before.is_none(), "an id is given out once");
    }

    fn replace(&mut self, place: Position, record: Arc<R>) -> Option<Arc<R>> {
        self.0.insert(place, record)
    }

    fn take(&mut self, position: Position) -> Option<(Position, Arc<R>)> {
        self.0.remove_entry(&position)
    }

    fn ends(
        &self,
        positions: (Bound<Position>, Bound<Position>),
    ) -> Option<RangeInclusive<Position>> {
        let mut positions = self.0.range(positions).map(|(position, _)| *position);
        let first = positions.next()?;
        Some(first..=positions.next_back().unwrap_or(first))
    }

    fn range(&self, range: RangeInclusive<Position>) -> impl DoubleEndedIterator<Item = Position> {
        self.0.range(range).map(|(position, _)| *position)
    }
}

impl Places<Position> for BTreeSet<Position> {
    type Range<'a> = Copied<btree_set::Range<'a, Position>>;

    fn of(place: Position) -> Self {
        Self::from([place])
    }

    fn len(&self) -> u64 {
        self.len() as u64
    }

    fn contains(&self, place: Position) -> bool {
        self.contains(&place)
    }

    fn insert(&mut self, place: Position) {
        self.insert(place);
    }

    fn without(&mut self, place: Position) -> Option<&mut Self> {
        self.remove(&place);
        (!self.is_empty()).then_some(self)
    }

    fn range(&self, range: RangeInclusive<Position>) -> Self::Range<'_> {
        self.range(range).copied()
    }
}
