//! The records of one kind, with their indexes.

use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap, RandomState};
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use super::rows::{Place as _, Places as _, Rows};
use super::{Position, Record};
use crate::domain::ids;

/// The records of one kind in the order of insertion, and the records of each key.
pub(crate) struct Table<R: Record> {
    pub(super) rows: R::Rows,
    indexes: HashMap<Fingerprint, PlacesOf<R>>,
    fingerprints: Fingerprints,
    /// The positions of ids that carry none. They stay when the record goes, so that its id remains a cursor.
    pinned: HashMap<Box<str>, Position>,
}

/// How an index tells the records of a kind apart.
pub(super) type PlaceOf<R> = <<R as Record>::Rows as Rows<R>>::Place;

/// What an index of a kind has for a key.
pub(super) type PlacesOf<R> = <<R as Record>::Rows as Rows<R>>::Places;

/// What is kept of a key: so much of a hash that two keys never have the same.
type Fingerprint = [u64; 2];

/// Makes fingerprints. The seeds are secret, so nobody can look for two keys that have the same.
#[derive(Default)]
struct Fingerprints([RandomState; 2]);

impl Fingerprints {
    fn of(&self, key: &impl Hash) -> Fingerprint {
        self.0.each_ref().map(|state| state.hash_one(key))
    }
}

/// A record that was taken out, with the place that it had.
pub(super) struct Removed<R: Record> {
    pub(super) record: Arc<R>,
    place: PlaceOf<R>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: R::Rows::default(),
            indexes: HashMap::new(),
            fingerprints: Fingerprints::default(),
            pinned: HashMap::new(),
        }
    }
}

impl<R: Record> Table<R> {
    pub(super) fn get(&self, id: &str) -> Option<Arc<R>> {
        self.at(self.position_of(id)?)
    }

    pub(super) fn at(&self, position: Position) -> Option<Arc<R>> {
        let place = self.rows.place_of(position)?;
        self.rows.get(place).map(Arc::clone)
    }

    pub(super) fn with_key(&self, key: &R::Key) -> impl DoubleEndedIterator<Item = Arc<R>> {
        let places = self.places_of(key).into_iter();
        places
            .flat_map(|places| places.range(PlaceOf::<R>::ALL))
            .filter_map(|place| self.rows.get(place))
            .map(Arc::clone)
    }

    /// The places of the records that have a key; nothing where there are none.
    pub(super) fn places_of(&self, key: &R::Key) -> Option<&PlacesOf<R>> {
        self.indexes.get(&self.fingerprints.of(key))
    }

    /// The position that an id of this kind names, whether or not its record is there.
    pub(super) fn position_of(&self, id: &str) -> Option<Position> {
        ids::ulid_of(R::PREFIX, id)
            .map(|ulid| ulid.0)
            .or_else(|| self.pinned.get(id).copied())
    }

    /// The newest records, no more than `most`, the newest first.
    pub(super) fn newest(&self, most: usize) -> Vec<Arc<R>> {
        let places = self.rows.range(PlaceOf::<R>::ALL).rev();
        let records = places.filter_map(|place| self.rows.get(place));
        records.take(most).map(Arc::clone).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The position of the record that has been there longest.
    pub(super) fn oldest(&self) -> Option<Position> {
        self.rows.first()
    }

    pub(super) fn pin(&mut self, id: &str, position: Position) {
        self.pinned.insert(id.into(), position);
    }

    /// Adds a record.
    pub(super) fn insert(&mut self, position: Position, record: Arc<R>) {
        let mut moving = Vec::new();
        for other in self.rows.in_the_way_of(position) {
            moving.extend(self.remove(other).map(|removed| (other, removed.record)));
        }
        let index = moving.partition_point(|(other, _)| *other < position);
        moving.insert(index, (position, record));
        for (position, record) in moving {
            let place = self.rows.place_for(position);
            self.put(position, place, record);
        }
    }

    /// Puts a record back that was taken out.
    pub(super) fn restore(&mut self, position: Position, removed: Removed<R>) {
        let Removed { record, place } = removed;
        if self.rows.fits(position, place) {
            self.put(position, place, record);
        } else {
            self.insert(position, record);
        }
    }

    fn put(&mut self, position: Position, place: PlaceOf<R>, record: Arc<R>) {
        for key in record.keys() {
            let key = self.fingerprints.of(&key);
            self.index(key, place);
        }
        self.rows.put(position, place, record);
    }

    pub(super) fn remove(&mut self, position: Position) -> Option<Removed<R>> {
        let (place, record) = self.rows.take(position)?;
        for key in record.keys() {
            let key = self.fingerprints.of(&key);
            self.unindex(key, place);
        }
        Some(Removed { record, place })
    }

    /// Removes every record with this key.
    pub(super) fn remove_all(&mut self, key: &R::Key) -> Vec<(Position, Removed<R>)> {
        // Taken first, so that it does not lose them one by one.
        let Some(places) = self.indexes.remove(&self.fingerprints.of(key)) else {
            return Vec::new();
        };
        let records = places
            .range(PlaceOf::<R>::ALL)
            .filter_map(|place| self.rows.get(place));
        let positions: Vec<_> = records
            .filter_map(|record| self.position_of(record.id()))
            .collect();
        let removed = positions.into_iter();
        removed
            .filter_map(|position| Some((position, self.remove(position)?)))
            .collect()
    }

    pub(super) fn replace(&mut self, position: Position, record: Arc<R>) -> Option<Arc<R>> {
        let place = self.rows.place_of(position)?;
        let before = self.rows.get(place)?;
        let keys = |record: &R| -> BTreeSet<_> {
            let keys = record.keys().into_iter();
            keys.map(|key| self.fingerprints.of(&key)).collect()
        };
        let (old, new) = (keys(before), keys(&record));
        for key in old.difference(&new) {
            self.unindex(*key, place);
        }
        for key in new.difference(&old) {
            self.index(*key, place);
        }
        self.rows.replace(place, record)
    }

    fn index(&mut self, key: Fingerprint, place: PlaceOf<R>) {
        match self.indexes.entry(key) {
            Entry::Occupied(places) => places.into_mut().insert(place),
            Entry::Vacant(entry) => {
                entry.insert(PlacesOf::<R>::of(place));
            }
        }
    }

    fn unindex(&mut self, key: Fingerprint, place: PlaceOf<R>) {
        if let Entry::Occupied(mut places) = self.indexes.entry(key)
            && places.get_mut().without(place).is_none()
        {
            places.remove();
        }
    }
}
