//! What one operation does to the records.

use std::sync::{Arc, MutexGuard};

use jiff::Timestamp;

use super::due::DueList;
use super::query::{BadCursor, Query};
use super::rows::Places as _;
use super::{Position, Record, Tables};
use crate::domain::delivery::QueueId;
use crate::domain::due::TimedChange;
use crate::domain::page::Page;
use crate::domain::time::Now;

/// Takes one change back.
type Undo = Box<dyn FnOnce(&mut Tables)>;

/// What one operation does to the records. Nobody else sees or changes any until it is over; dropped without
/// [`UnitOfWork::commit`], it has done nothing.
pub(crate) struct UnitOfWork<'a> {
    pub(super) tables: MutexGuard<'a, Tables>,
    undo: Vec<Undo>,
}

impl<'a> UnitOfWork<'a> {
    /// Nothing is done yet.
    pub(super) fn new(tables: MutexGuard<'a, Tables>) -> Self {
        Self {
            tables,
            undo: Vec::new(),
        }
    }
}

impl UnitOfWork<'_> {
    /// The record with this id.
    pub(crate) fn get<R: Record>(&self, id: &str) -> Option<Arc<R>> {
        R::table(&self.tables).get(id)
    }

    /// The first records with this key, no more than `most`.
    pub(crate) fn first_with<R: Record>(&self, key: &R::Key, most: usize) -> Vec<Arc<R>> {
        R::table(&self.tables).with_key(key).take(most).collect()
    }

    /// The first record with this key.
    pub(crate) fn find<R: Record>(&self, key: &R::Key) -> Option<Arc<R>> {
        R::table(&self.tables).with_key(key).next()
    }

    /// The latest record with this key.
    pub(crate) fn find_last<R: Record>(&self, key: &R::Key) -> Option<Arc<R>> {
        R::table(&self.tables).with_key(key).next_back()
    }

    /// Every record with this key, in the order of insertion.
    pub(crate) fn find_all<R: Record>(&self, key: &R::Key) -> Vec<Arc<R>> {
        R::table(&self.tables).with_key(key).collect()
    }

    /// The newest records of a kind, no more than `most`, the newest first.
    pub(crate) fn newest<R: Record>(&self, most: usize) -> Vec<Arc<R>> {
        R::table(&self.tables).newest(most)
    }

    /// A page of records.
    ///
    /// # Errors
    /// Which cursor is none.
    pub(crate) fn list<R: Record>(&self, query: &Query<'_, R>) -> Result<Page<R>, BadCursor> {
        R::table(&self.tables).list(query)
    }

    /// Adds a record. Its id has to be new.
    pub(crate) fn insert<R: Record>(&mut self, record: R) -> Arc<R> {
        let table = R::table_mut(&mut self.tables);
        let position = table
            .position_of(record.id())
            .expect("a new id carries its position");
        self.insert_at(record, position)
    }

    /// Adds a record whose id carries no position. The id keeps it, also after the record is gone.
    pub(crate) fn insert_pinned<R: Record>(&mut self, record: R, position: Position) -> Arc<R> {
        R::table_mut(&mut self.tables).pin(record.id(), position);
        self.insert_at(record, position)
    }

    fn insert_at<R: Record>(&mut self, record: R, position: Position) -> Arc<R> {
        let record = Arc::new(record);
        self.tables.put(position, Arc::clone(&record));
        self.undo.push(Box::new(move |tables| {
            tables.take::<R>(position);
        }));
        record
    }

    /// Puts `record` in the place of the one with its id, which has to be there.
    pub(crate) fn update<R: Record>(&mut self, record: R) -> Arc<R> {
        let record = Arc::new(record);
        let position = R::table(&self.tables)
            .position_of(record.id())
            .expect("what is updated is there");
        let before = self
            .tables
            .replace(position, Arc::clone(&record))
            .expect("what is updated is there");
        self.undo.push(Box::new(move |tables| {
            tables.replace(position, before);
        }));
        record
    }

    /// Takes the record with this id away.
    pub(crate) fn delete<R: Record>(&mut self, id: &str) -> Option<Arc<R>> {
        let position = R::table(&self.tables).position_of(id)?;
        self.delete_at(position)
    }

    fn delete_at<R: Record>(&mut self, position: Position) -> Option<Arc<R>> {
        let removed = self.tables.take(position)?;
        let record = Arc::clone(&removed.record);
        self.undo.push(Box::new(move |tables| {
            tables.restore(position, removed);
        }));
        Some(record)
    }

    /// Takes every record with this key away, and returns them in the order of insertion.
    pub(crate) fn delete_all<R: Record>(&mut self, key: &R::Key) -> Vec<Arc<R>> {
        let removed = self.tables.take_all::<R>(key);
        let records = removed
            .iter()
            .map(|(_, removed)| Arc::clone(&removed.record));
        let records = records.collect();
        self.undo.push(Box::new(move |tables| {
            for (position, removed) in removed {
                tables.restore(position, removed);
            }
        }));
        records
    }

    /// Adds a record of a kind of which only the newest `capacity` are kept, such as events. Returns whether others had to
    /// go.
    pub(crate) fn append<R: Record>(&mut self, record: R, capacity: usize) -> bool {
        self.insert(record);
        self.trim::<R>(capacity)
    }

    /// Takes records of a kind away, the first ones first, until there are no more than `capacity`. Returns whether there
    /// were more.
    pub(crate) fn trim<R: Record>(&mut self, capacity: usize) -> bool {
        let full = R::table(&self.tables).len() > capacity;
        while R::table(&self.tables).len() > capacity
            && let Some(oldest) = R::table(&self.tables).oldest()
        {
            self.delete_at::<R>(oldest);
        }
        full
    }

    /// How many records have this key.
    pub(crate) fn count<R: Record>(&self, key: &R::Key) -> usize {
        let places = R::table(&self.tables).places_of(key);
        places.map_or(0, |places| {
            usize::try_from(places.len()).unwrap_or(usize::MAX)
        })
    }

    /// The record that is sent first of a queue.
    pub(crate) fn first_of<R: Record>(&self, queue: &QueueId) -> Option<Arc<R>> {
        let position = self.tables.queues.first(queue)?;
        R::table(&self.tables).at(position)
    }

    /// How many records are in a queue.
    pub(crate) fn queue_len(&self, queue: &QueueId) -> usize {
        self.tables.queues.len(queue)
    }

    /// Every queue that has something to be sent.
    pub(crate) fn queues(&self) -> Vec<QueueId> {
        self.tables.queues.ids().cloned().collect()
    }

    /// The first instant at which time brings a change.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let Tables { due, due_late, .. } = &*self.tables;
        [due, due_late].into_iter().filter_map(DueList::next).min()
    }

    /// The change that time has brought first of all, and its instant; with `late`, of those too that may be noticed late. It
    /// stays until its record says otherwise.
    pub(crate) fn due(&self, now: &Now, late: bool) -> Option<(Timestamp, TimedChange)> {
        let Tables { due, due_late, .. } = &*self.tables;
        let lists = [Some(due), late.then_some(due_late)].into_iter().flatten();
        lists
            .filter_map(|list| list.first(now))
            .min_by_key(|(at, _)| *at)
    }

    /// Makes what was done so far stand, and goes on.
    pub(crate) fn keep(&mut self) {
        self.undo.clear();
    }

    /// Makes it stand.
    pub(crate) fn commit(mut self) {
        let undo = std::mem::take(&mut self.undo);
        // What was taken away is let go when others can go on already: freeing very much takes its time.
        drop(self);
        drop(undo);
    }
}

impl Drop for UnitOfWork<'_> {
    fn drop(&mut self) {
        for undo in self.undo.drain(..).rev() {
            undo(&mut self.tables);
        }
    }
}
