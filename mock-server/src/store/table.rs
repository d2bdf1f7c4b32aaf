//! The records of one kind, with their indexes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::{Position, Record};
use crate::domain::ids;

/// The records of one kind in the order of insertion, and the positions of each key.
pub(crate) struct Table<R: Record> {
    pub(super) rows: BTreeMap<Position, Arc<R>>,
    pub(super) indexes: HashMap<R::Key, BTreeSet<Position>>,
    /// The positions of ids that carry none. They stay when the record goes, so that its id remains a cursor.
    pinned: HashMap<Box<str>, Position>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            indexes: HashMap::new(),
            pinned: HashMap::new(),
        }
    }
}

impl<R: Record> Table<R> {
    pub(super) fn get(&self, id: &str) -> Option<Arc<R>> {
        self.rows.get(&self.position_of(id)?).map(Arc::clone)
    }

    pub(super) fn with_key(&self, key: &R::Key) -> impl DoubleEndedIterator<Item = Arc<R>> {
        let positions = self.indexes.get(key).into_iter().flatten();
        positions
            .filter_map(|position| self.rows.get(position))
            .map(Arc::clone)
    }

    /// The position that an id of this kind names, whether or not its record is there.
    pub(super) fn position_of(&self, id: &str) -> Option<Position> {
        ids::ulid_of(R::PREFIX, id)
            .map(|ulid| ulid.0)
            .or_else(|| self.pinned.get(id).copied())
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The position of the record that has been there longest.
    pub(super) fn oldest(&self) -> Option<Position> {
        self.rows.first_key_value().map(|(position, _)| *position)
    }

    pub(super) fn pin(&mut self, id: &str, position: Position) {
        self.pinned.insert(id.into(), position);
    }

    pub(super) fn insert(&mut self, position: Position, record: Arc<R>) {
        for key in record.keys() {
            self.indexes.entry(key).or_default().insert(position);
        }
        let before = self.rows.insert(position, record);
        debug_assert!(before.is_none(), "an id is given out once");
    }

    pub(super) fn remove(&mut self, position: Position) -> Option<Arc<R>> {
        let record = self.rows.remove(&position)?;
        for key in record.keys() {
            self.unindex(&key, position);
        }
        Some(record)
    }

    /// Removes every record with this key.
    pub(super) fn remove_all(&mut self, key: &R::Key) -> Vec<(Position, Arc<R>)> {
        // Taken first, so that it does not lose them one by one.
        let positions = self.indexes.remove(key).unwrap_or_default();
        let mut removed = Vec::with_capacity(positions.len());
        for position in positions {
            if let Some(record) = self.rows.remove(&position) {
                for other in record.keys() {
                    self.unindex(&other, position);
                }
                removed.push((position, record));
            }
        }
        removed
    }

    pub(super) fn replace(&mut self, position: Position, record: Arc<R>) -> Option<Arc<R>> {
        let before = self.rows.get(&position)?;
        let old: HashSet<_> = before.keys().into_iter().collect();
        let new: HashSet<_> = record.keys().into_iter().collect();
        for key in old.difference(&new) {
            self.unindex(key, position);
        }
        for key in new.difference(&old) {
            self.indexes
                .entry(key.clone())
                .or_default()
                .insert(position);
        }
        self.rows.insert(position, record)
    }

    fn unindex(&mut self, key: &R::Key, position: Position) {
        if let Some(positions) = self.indexes.get_mut(key) {
            positions.remove(&position);
            if positions.is_empty() {
                self.indexes.remove(key);
            }
        }
    }
}
