//! Where the records of a kind are kept, and how an index tells them apart.

use std::fmt;
use std::ops::{Bound, Not, RangeInclusive};
use std::sync::Arc;

use super::Position;

/// How an index tells records apart. Places are in the order of the records' positions.
pub(crate) trait Place: Copy + Ord + fmt::Debug + Not<Output = Self> + 'static {
    /// All places there are.
    const ALL: RangeInclusive<Self>;
}

/// The records of a kind by their positions and by their places.
pub(crate) trait Rows<R>: Default {
    /// How an index tells them apart.
    type Place: Place;
    /// What an index has for a key.
    type Places: Places<Self::Place>;

    /// How many there are.
    fn len(&self) -> usize;

    /// The record at a place.
    fn get(&self, place: Self::Place) -> Option<&Arc<R>>;

    /// The place of the record at a position.
    fn place_of(&self, position: Position) -> Option<Self::Place>;

    /// The position of the first record.
    fn first(&self) -> Option<Position>;

    /// The positions of the records that have to be taken out before one is added at `position`, and added behind it again.
    fn in_the_way_of(&mut self, position: Position) -> Vec<Position>;

    /// Gives out a place for a record. None is in its way.
    fn place_for(&mut self, position: Position) -> Self::Place;

    /// Whether a record that was at a place can go back to it.
    fn fits(&self, position: Position, place: Self::Place) -> bool;

    /// Puts a record where none is.
    fn put(&mut self, position: Position, place: Self::Place, record: Arc<R>);

    /// Puts a record in the place of another one.
    fn replace(&mut self, place: Self::Place, record: Arc<R>) -> Option<Arc<R>>;

    /// Takes a record out.
    fn take(&mut self, position: Position) -> Option<(Self::Place, Arc<R>)>;

    /// The places of the first and of the last record at these positions; nothing where there are none.
    fn ends(
        &self,
        positions: (Bound<Position>, Bound<Position>),
    ) -> Option<RangeInclusive<Self::Place>>;

    /// The places in a range that have a record, ascending from the front and descending from the back.
    fn range(
        &self,
        range: RangeInclusive<Self::Place>,
    ) -> impl DoubleEndedIterator<Item = Self::Place>;
}

/// The places of the records that have a key; at least one.
pub(crate) trait Places<P> {
    /// Some of them.
    type Range<'a>: DoubleEndedIterator<Item = P>
    where
        Self: 'a;

    /// A set of one.
    fn of(place: P) -> Self;

    /// How many there are.
    fn len(&self) -> u64;

    /// Whether a place is one of them.
    fn contains(&self, place: P) -> bool;

    /// Adds a place.
    fn insert(&mut self, place: P);

    /// The set without a place; nothing when that was its last one.
    fn without(&mut self, place: P) -> Option<&mut Self>;

    /// The places in a range, ascending from the front and descending from the back.
    fn range(&self, range: RangeInclusive<P>) -> Self::Range<'_>;
}
