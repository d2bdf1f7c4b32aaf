//! Where records are kept. One unit of work at a time: what it does stands together, or not at all.
//!
//! Knows nothing of HTTP, of the clock or of operations. Nothing here copies, sorts or scans a collection.

mod names;
mod query;
mod records;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use names::NameSearch;
pub(crate) use query::{BadCursor, EVERYWHERE, Query};
pub(crate) use records::{DirectoryGroupKey, DirectoryKey, DirectoryUserKey};
pub(crate) use records::{EventKey, ItContactKey, LinkKey, OrganizationKey, SessionKey};
use table::Table;

use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::event::Event;
use crate::domain::it_contact::ItContact;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;

/// Where a record stands in the order of insertion: the value of its ULID.
pub(crate) type Position = u128;

/// A kind of thing that is kept.
pub(crate) trait Record: Clone + Sized + 'static {
    /// What it can be found by, besides its id.
    type Key: Clone + Eq + std::hash::Hash + fmt::Debug;

    /// What its ids start with.
    const PREFIX: &'static str;

    /// Its id.
    fn id(&self) -> &str;

    /// Everything it is to be found by. The same key may come twice.
    fn keys(&self) -> Vec<Self::Key>;

    /// Its table.
    #[doc(hidden)]
    fn table(tables: &Tables) -> &Table<Self>;

    /// Its table, to be changed.
    #[doc(hidden)]
    fn table_mut(tables: &mut Tables) -> &mut Table<Self>;
}

/// The records of one environment.
#[derive(Default)]
pub(crate) struct Store(Mutex<Tables>);

/// One table a kind.
#[derive(Default)]
pub(crate) struct Tables {
    organizations: Table<Organization>,
    it_contacts: Table<ItContact>,
    links: Table<PortalLink>,
    sessions: Table<PortalSession>,
    directories: Table<Directory>,
    directory_users: Table<DirectoryUser>,
    directory_groups: Table<DirectoryGroup>,
    events: Table<Event>,
}

/// Takes one change back.
type Undo = Box<dyn FnOnce(&mut Tables)>;

/// What one operation does to the records. Nobody else sees or changes any until it is over; dropped without
/// [`UnitOfWork::commit`], it has done nothing.
pub(crate) struct UnitOfWork<'a> {
    tables: MutexGuard<'a, Tables>,
    undo: Vec<Undo>,
}

impl Store {
    /// Begins a unit of work. It waits for the one that is going on, which never waits for anything itself.
    pub(crate) fn begin(&self) -> UnitOfWork<'_> {
        // A panic inside a unit of work drops it, which undoes it, so the tables are whole.
        let tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        UnitOfWork {
            tables,
            undo: Vec::new(),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Store")
    }
}

impl UnitOfWork<'_> {
    /// The record with this id.
    pub(crate) fn get<R: Record>(&self, id: &str) -> Option<Arc<R>> {
        R::table(&self.tables).get(id)
    }

    /// The first record with this key.
    pub(crate) fn find<R: Record>(&self, key: &R::Key) -> Option<Arc<R>> {
        R::table(&self.tables).with_key(key).next()
    }

    /// Every record with this key, in the order of insertion.
    pub(crate) fn find_all<R: Record>(&self, key: &R::Key) -> Vec<Arc<R>> {
        R::table(&self.tables).with_key(key).collect()
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
        R::table_mut(&mut self.tables).insert(position, Arc::clone(&record));
        self.undo.push(Box::new(move |tables| {
            R::table_mut(tables).remove(position);
        }));
        record
    }

    /// Puts `record` in the place of the one with its id, which has to be there.
    pub(crate) fn update<R: Record>(&mut self, record: R) -> Arc<R> {
        let record = Arc::new(record);
        let table = R::table_mut(&mut self.tables);
        let position = table
            .position_of(record.id())
            .expect("what is updated is there");
        let before = table
            .replace(position, Arc::clone(&record))
            .expect("what is updated is there");
        self.undo.push(Box::new(move |tables| {
            R::table_mut(tables).replace(position, before);
        }));
        record
    }

    /// Takes the record with this id away.
    pub(crate) fn delete<R: Record>(&mut self, id: &str) -> Option<Arc<R>> {
        let table = R::table_mut(&mut self.tables);
        let position = table.position_of(id)?;
        self.delete_at(position)
    }

    fn delete_at<R: Record>(&mut self, position: Position) -> Option<Arc<R>> {
        let record = R::table_mut(&mut self.tables).remove(position)?;
        let before = Arc::clone(&record);
        self.undo.push(Box::new(move |tables| {
            R::table_mut(tables).insert(position, before);
        }));
        Some(record)
    }

    /// Takes every record with this key away, and returns them in the order of insertion.
    pub(crate) fn delete_all<R: Record>(&mut self, key: &R::Key) -> Vec<Arc<R>> {
        let removed = R::table_mut(&mut self.tables).remove_all(key);
        let records = removed.iter().map(|(_, record)| Arc::clone(record));
        let records = records.collect();
        self.undo.push(Box::new(move |tables| {
            let table = R::table_mut(tables);
            for (position, record) in removed {
                table.insert(position, record);
            }
        }));
        records
    }

    /// Adds an event to the journal, of which only the newest `capacity` are kept.
    pub(crate) fn append(&mut self, event: Event, capacity: usize) {
        self.insert(event);
        while self.tables.events.len() > capacity
            && let Some(oldest) = self.tables.events.oldest()
        {
            self.delete_at::<Event>(oldest);
        }
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
