//! Sets of numbers of records. Most keys have one record, and a few have very many.

use std::iter::Copied;
use std::ops::RangeInclusive;
use std::{option, slice};

use roaring::RoaringBitmap;
use roaring::bitmap::Iter;

use super::rows::Places;

/// Where a record stands among those of its kind, counted as they came.
pub(crate) type Number = u32;

/// The numbers of the records that have a key; at least one.
#[derive(Debug)]
#[expect(
    clippy::box_collection,
    reason = "a vector in place would make every set half as large again"
)]
pub(crate) enum NumberSet {
    One(Number),
    /// In ascending order. A bitmap of numbers far from each other would take many times as much.
    Few(Box<Vec<Number>>),
    Many(Box<Bitmap>),
}

/// A bitmap and how many numbers it has, which it would have to count.
#[derive(Debug)]
pub(crate) struct Bitmap {
    numbers: RoaringBitmap,
    len: u64,
}

/// How many numbers are few.
const FEW: usize = 128;

impl Places<Number> for NumberSet {
    type Range<'a> = Numbers<'a>;

    fn of(number: Number) -> Self {
        Self::One(number)
    }

    fn len(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Few(numbers) => numbers.len() as u64,
            Self::Many(bitmap) => bitmap.len,
        }
    }

    fn contains(&self, number: Number) -> bool {
        match self {
            Self::One(only) => *only == number,
            Self::Few(numbers) => numbers.binary_search(&number).is_ok(),
            Self::Many(bitmap) => bitmap.numbers.contains(number),
        }
    }

    fn insert(&mut self, number: Number) {
        match self {
            Self::One(only) if *only == number => {}
            Self::One(only) => {
                let numbers = vec![number.min(*only), number.max(*only)];
                *self = Self::Few(Box::new(numbers));
            }
            Self::Few(numbers) => {
                if let Err(place) = numbers.binary_search(&number) {
                    numbers.insert(place, number);
                }
                if numbers.len() > FEW {
                    let bitmap = Bitmap {
                        len: numbers.len() as u64,
                        numbers: numbers.iter().copied().collect(),
                    };
                    *self = Self::Many(Box::new(bitmap));
                }
            }
            Self::Many(bitmap) => {
                bitmap.len += u64::from(bitmap.numbers.insert(number));
            }
        }
    }

    fn without(&mut self, number: Number) -> Option<&mut Self> {
        match self {
            Self::One(only) if *only == number => return None,
            Self::One(_) => {}
            Self::Few(numbers) => {
                if let Ok(place) = numbers.binary_search(&number) {
                    numbers.remove(place);
                }
                if let [only] = numbers[..] {
                    *self = Self::One(only);
                }
            }
            Self::Many(bitmap) => {
                bitmap.len -= u64::from(bitmap.numbers.remove(number));
                // Half as many as made it a bitmap, so that it does not change with every other change.
                if bitmap.len <= FEW as u64 / 2 {
                    *self = Self::Few(Box::new(bitmap.numbers.iter().collect()));
                }
            }
        }
        Some(self)
    }

    fn range(&self, range: RangeInclusive<Number>) -> Numbers<'_> {
        match self {
            Self::One(only) => {
                Numbers::One(Some(*only).filter(|only| range.contains(only)).into_iter())
            }
            Self::Few(numbers) => {
                let start = numbers.partition_point(|number| number < range.start());
                let rest = &numbers[start..];
                let end = rest.partition_point(|number| number <= range.end());
                Numbers::Few(rest[..end].iter().copied())
            }
            Self::Many(bitmap) => Numbers::Many(bitmap.numbers.range(range)),
        }
    }
}

/// Some numbers of a set.
pub(crate) enum Numbers<'a> {
    One(option::IntoIter<Number>),
    Few(Copied<slice::Iter<'a, Number>>),
    Many(Iter<'a>),
}

impl Iterator for Numbers<'_> {
    type Item = Number;

    fn next(&mut self) -> Option<Number> {
        match self {
            Self::One(only) => only.next(),
            Self::Few(numbers) => numbers.next(),
            Self::Many(numbers) => numbers.next(),
        }
    }
}

impl DoubleEndedIterator for Numbers<'_> {
    fn next_back(&mut self) -> Option<Number> {
        match self {
            Self::One(only) => only.next_back(),
            Self::Few(numbers) => numbers.next_back(),
            Self::Many(numbers) => numbers.next_back(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    proptest! {
        #![proptest_config(Config {
            cases: 100,
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..Config::default()
        })]

        #[test]
        fn it_is_the_set_that_a_tree_would_be(
            changes in prop::collection::vec((0..300_u32, 0..3), 0..900),
            spread in 1..100_000_u32,
            (start, end) in (0..300_u32, 0..300_u32),
        ) {
            let mut set = NumberSet::One(0);
            let mut model = BTreeSet::from([0]);
            // It grows at first and shrinks in the end, so that it is of each kind on both ways.
            let half = changes.len() / 2;
            for (index, (number, kind)) in changes.into_iter().enumerate() {
                let number = number * spread;
                if (kind > 0) == (index < half) {
                    set.insert(number);
                    model.insert(number);
                } else if model.len() > 1 || !model.contains(&number) {
                    prop_assert!(set.without(number).is_some());
                    model.remove(&number);
                } else {
                    prop_assert!(set.without(number).is_none());
                }
                prop_assert_eq!(set.len(), model.len() as u64);
                prop_assert_eq!(set.contains(number), model.contains(&number));
            }
            let range = start.min(end) * spread..=start.max(end) * spread;
            let wanted: Vec<_> = model.range(range.clone()).copied().collect();
            prop_assert_eq!(set.range(range.clone()).collect::<Vec<_>>(), &wanted[..]);
            let mut back: Vec<_> = set.range(range).rev().collect();
            back.reverse();
            prop_assert_eq!(back, wanted);
        }
    }
}
