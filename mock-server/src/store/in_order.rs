//! Records that come in the order of their positions, as all but a few do. They are numbered as they come, because a set of
//! small numbers takes a fraction of a set of positions.

use std::array;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::{Bound, RangeBounds as _, RangeInclusive};
use std::sync::Arc;

use super::Position;
use super::numbers::{Number, NumberSet};
use super::rows::{Place, Rows};

/// Records whose places are their numbers. What lies behind one that does come out of order is numbered anew.
///
/// Numbers follow one another, so neighbours share a block, which takes a fraction of a tree of single records.
pub(crate) struct InOrder<R> {
    blocks: BTreeMap<Number, Block<R>>,
    /// The block that starts at a position.
    starts: BTreeMap<Position, Number>,
    /// Greater than every number that was given out.
    next: Number,
    len: usize,
}

/// How many numbers a block has.
const BLOCK: Number = 32;

/// The records of so many numbers; at least one is there.
struct Block<R> {
    /// Not after the first of its records, and after every record of the blocks before it.
    start: Position,
    len: usize,
    rows: Box<Slots<R>>,
}

/// The records and their positions, each where its number says.
struct Slots<R> {
    positions: [Position; BLOCK as usize],
    records: [Option<Arc<R>>; BLOCK as usize],
}

/// Where a number is: its block, and its place there.
fn slot(number: Number) -> (Number, usize) {
    (number / BLOCK, (number % BLOCK) as usize)
}

impl<R> Block<R> {
    fn new(start: Position) -> Self {
        Self {
            start,
            len: 0,
            rows: Box::new(Slots {
                positions: [0; BLOCK as usize],
                records: array::from_fn(|_| None),
            }),
        }
    }

    /// The positions and numbers of its records, if it is block number `index`.
    fn records(&self, index: Number) -> impl DoubleEndedIterator<Item = (Position, Number)> {
        let Slots { positions, records } = &*self.rows;
        (0..BLOCK).filter_map(move |number| {
            let slot = number as usize;
            records[slot].as_ref()?;
            Some((positions[slot], index * BLOCK + number))
        })
    }
}

impl<R> Default for InOrder<R> {
    fn default() -> Self {
        Self {
            blocks: BTreeMap::new(),
            starts: BTreeMap::new(),
            next: 0,
            len: 0,
        }
    }
}

impl Place for Number {
    const ALL: RangeInclusive<Self> = 0..=Self::MAX;
}

impl<R> InOrder<R> {
    /// The block in which a position is, if its record is there.
    fn block_of(&self, position: Position) -> Option<Number> {
        let before = self.starts.range(..=position).next_back();
        before.map(|(_, block)| *block)
    }

    /// Positions from a bound on and their numbers, ascending.
    fn ascending(&self, from: Bound<Position>) -> impl Iterator<Item = (Position, Number)> {
        let first = match from {
            Bound::Included(position) | Bound::Excluded(position) => self.block_of(position),
            Bound::Unbounded => None,
        };
        let blocks = self.blocks.range(first.unwrap_or(0)..);
        blocks
            .flat_map(|(index, block)| block.records(*index))
            .skip_while(move |(position, _)| !(from, Bound::Unbounded).contains(position))
    }

    /// Positions from a bound on and their numbers, descending.
    fn descending(&self, from: Bound<Position>) -> impl Iterator<Item = (Position, Number)> {
        let last = match from {
            Bound::Included(position) | Bound::Excluded(position) => self.block_of(position),
            Bound::Unbounded => Some(Number::MAX),
        };
        let blocks = last
            .into_iter()
            .flat_map(|last| self.blocks.range(..=last).rev());
        blocks
            .flat_map(|(index, block)| block.records(*index).rev())
            .skip_while(move |(position, _)| !(Bound::Unbounded, from).contains(position))
    }

    /// Behaves from now on as if every number but the last had been given out.
    #[cfg(test)]
    pub(super) fn exhaust(&mut self) {
        self.next = Number::MAX;
    }
}

impl<R> Rows<R> for InOrder<R> {
    type Place = Number;
    type Places = NumberSet;

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, place: Number) -> Option<&Arc<R>> {
        let (block, slot) = slot(place);
        self.blocks.get(&block)?.rows.records[slot].as_ref()
    }

    fn place_of(&self, position: Position) -> Option<Number> {
        let index = self.block_of(position)?;
        let mut records = self.blocks.get(&index)?.records(index);
        records
            .find(|(other, _)| *other == position)
            .map(|(_, number)| number)
    }

    fn first(&self) -> Option<Position> {
        let mut records = self.ascending(Bound::Unbounded);
        records.next().map(|(position, _)| position)
    }

    fn in_the_way_of(&mut self, position: Position) -> Vec<Position> {
        let behind = if self.next == Number::MAX {
            self.next = 0;
            Bound::Unbounded
        } else {
            Bound::Excluded(position)
        };
        let later = self.ascending(behind);
        later.map(|(position, _)| position).collect()
    }

    fn place_for(&mut self, _: Position) -> Number {
        let number = self.next;
        self.next += 1;
        number
    }

    fn fits(&self, position: Position, place: Number) -> bool {
        let before = self.descending(Bound::Excluded(position)).next();
        let after = self.ascending(Bound::Included(position)).next();
        before.is_none_or(|(_, before)| before < place)
            && after.is_none_or(|(_, after)| place < after)
            && place < self.next
    }

    fn put(&mut self, position: Position, place: Number, record: Arc<R>) {
        let (index, slot) = slot(place);
        let block = match self.blocks.entry(index) {
            Entry::Vacant(entry) => {
                self.starts.insert(position, index);
                entry.insert(Block::new(position))
            }
            Entry::Occupied(entry) => entry.into_mut(),
        };
        if position < block.start {
            self.starts.remove(&block.start);
            self.starts.insert(position, index);
            block.start = position;
        }
        block.rows.positions[slot] = position;
        let before = block.rows.records[slot].replace(record);
        debug_assert!(before.is_none(), "a number is given out once");
        block.len += 1;
        self.len += 1;
    }

    fn replace(&mut self, place: Number, record: Arc<R>) -> Option<Arc<R>> {
        let (block, slot) = slot(place);
        let slot = self.blocks.get_mut(&block)?.rows.records[slot].as_mut()?;
        Some(std::mem::replace(slot, record))
    }

    fn take(&mut self, position: Position) -> Option<(Number, Arc<R>)> {
        let number = self.place_of(position)?;
        let (index, slot) = slot(number);
        let block = self.blocks.get_mut(&index)?;
        let record = block.rows.records[slot].take()?;
        block.len -= 1;
        self.len -= 1;
        if block.len == 0 {
            self.starts.remove(&block.start);
            self.blocks.remove(&index);
        }
        Some((number, record))
    }

    fn ends(
        &self,
        (first, last): (Bound<Position>, Bound<Position>),
    ) -> Option<RangeInclusive<Number>> {
        let (_, first) = self.ascending(first).next()?;
        let (_, last) = self.descending(last).next()?;
        (first <= last).then_some(first..=last)
    }

    fn range(&self, range: RangeInclusive<Number>) -> impl DoubleEndedIterator<Item = Number> {
        let blocks = slot(*range.start()).0..=slot(*range.end()).0;
        let records = self.blocks.range(blocks);
        records
            .flat_map(|(index, block)| block.records(*index))
            .map(|(_, number)| number)
            .filter(move |number| range.contains(number))
    }
}
