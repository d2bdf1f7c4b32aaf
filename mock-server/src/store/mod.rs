//! Where records are kept. One unit of work at a time: what it does stands together, or not at all.
//!
//! Knows nothing of HTTP, of the clock or of operations. Nothing here copies, sorts or scans a collection.

mod any_order;
mod due;
mod in_order;
mod names;
mod numbers;
mod query;
mod queues;
mod records;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use any_order::AnyOrder;
use due::DueList;
use in_order::InOrder;
use jiff::Timestamp;
pub(crate) use names::NameSearch;
pub(crate) use query::{BadCursor, EVERYWHERE, Query};
pub(crate) use queues::Queued;
use queues::Queues;
pub(crate) use records::{
    ActionKey, AuditLogEventKey, ByokKeyKey, CertificateKey, ConnectionKey, DeliveryKey,
    DirectoryGroupKey, DirectoryKey, DirectorySetupKey, DirectoryUserKey, DownloadKey, EventKey,
    ExchangeKey, ExportKey, ItContactKey, LinkKey, LogStreamDeliveryKey, LogStreamKey,
    OrganizationKey, SchemaKey, SessionKey, SettingsKey, SignInKey, WebhookEndpointKey,
};
use rows::{Places as _, Rows};
use table::{Removed, Table};

use crate::domain::audit_log::export::{AuditLogDownload, AuditLogExport};
use crate::domain::audit_log::retention::AuditLogSettings;
use crate::domain::audit_log::{AuditLogAction, AuditLogEvent, AuditLogSchema};
use crate::domain::byok_key::ByokKey;
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::delivery::{Delivery, QueueId};
use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_setup::DirectorySetup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::due::{Due, TimedChange};
use crate::domain::event::Event;
use crate::domain::exchange::Exchange;
use crate::domain::it_contact::ItContact;
use crate::domain::log_stream::LogStream;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::mail::Mail;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;
use crate::domain::sign_in::SignIn;
use crate::domain::time::Now;
use crate::domain::webhook_endpoint::WebhookEndpoint;

/// Where a record stands in the order of insertion: the value of its ULID.
pub(crate) type Position = u128;

/// A kind of thing that is kept.
pub(crate) trait Record: Clone + Sized + 'static {
    /// What it can be found by, besides its id.
    type Key: Clone + Eq + std::hash::Hash + fmt::Debug;

    /// How its records are kept: [`InOrder`] unless their ids say something else than when they were made.
    type Rows: Rows<Self>;

    /// What its ids start with.
    const PREFIX: &'static str;

    /// Its id.
    fn id(&self) -> &str;

    /// Everything it is to be found by. The same key may come twice.
    fn keys(&self) -> Vec<Self::Key>;

    /// When it changes by itself, if it does.
    fn due(&self) -> Option<Due> {
        None
    }

    /// Its place among what is to be sent, if it is to be.
    fn queued(&self) -> Option<Queued> {
        None
    }

    /// Its table.
    #[doc(hidden)]
    fn table(tables: &Tables) -> &Table<Self>;

    /// Its table, to be changed.
    #[doc(hidden)]
    fn table_mut(tables: &mut Tables) -> &mut Table<Self>;
}

/// The records of one environment.
#[derive(Default)]
pub(crate) struct Store {
    tables: Mutex<Tables>,
    /// How many wait for their turn.
    waiting: AtomicUsize,
}

/// One table a kind.
#[derive(Default)]
pub(crate) struct Tables {
    organizations: Table<Organization>,
    it_contacts: Table<ItContact>,
    connections: Table<Connection>,
    certificates: Table<Certificate>,
    sign_ins: Table<SignIn>,
    links: Table<PortalLink>,
    sessions: Table<PortalSession>,
    directories: Table<Directory>,
    directory_users: Table<DirectoryUser>,
    directory_groups: Table<DirectoryGroup>,
    directory_setups: Table<DirectorySetup>,
    byok_keys: Table<ByokKey>,
    events: Table<Event>,
    audit_log_actions: Table<AuditLogAction>,
    audit_log_schemas: Table<AuditLogSchema>,
    audit_log_events: Table<AuditLogEvent>,
    audit_log_exports: Table<AuditLogExport>,
    audit_log_downloads: Table<AuditLogDownload>,
    audit_log_settings: Table<AuditLogSettings>,
    log_streams: Table<LogStream>,
    log_stream_deliveries: Table<LogStreamDelivery>,
    mails: Table<Mail>,
    webhook_endpoints: Table<WebhookEndpoint>,
    deliveries: Table<Delivery>,
    exchanges: Table<Exchange>,
    due: DueList,
    /// What is due and may be noticed late.
    due_late: DueList,
    queues: Queues,
}

impl Tables {
    fn put<R: Record>(&mut self, position: Position, record: Arc<R>) {
        self.note(position, &*record);
        R::table_mut(self).insert(position, record);
    }

    fn take<R: Record>(&mut self, position: Position) -> Option<Removed<R>> {
        let removed = R::table_mut(self).remove(position)?;
        self.forget(position, &*removed.record);
        Some(removed)
    }

    fn take_all<R: Record>(&mut self, key: &R::Key) -> Vec<(Position, Removed<R>)> {
        let all = R::table_mut(self).remove_all(key);
        for (position, removed) in &all {
            self.forget(*position, &*removed.record);
        }
        all
    }

    fn restore<R: Record>(&mut self, position: Position, removed: Removed<R>) {
        self.note(position, &*removed.record);
        R::table_mut(self).restore(position, removed);
    }

    fn replace<R: Record>(&mut self, position: Position, record: Arc<R>) -> Option<Arc<R>> {
        let (due, queued) = (record.due(), record.queued());
        let before = R::table_mut(self).replace(position, record)?;
        self.forget(position, &*before);
        self.await_time(position, due);
        self.queues.add(position, queued);
        Some(before)
    }

    /// Notes what a record that is put in waits for.
    fn note<R: Record>(&mut self, position: Position, record: &R) {
        self.await_time(position, record.due());
        self.queues.add(position, record.queued());
    }

    fn await_time(&mut self, position: Position, due: Option<Due>) {
        let late = due.as_ref().is_some_and(|due| due.change.may_be_late());
        let list = if late {
            &mut self.due_late
        } else {
            &mut self.due
        };
        list.add(position, due);
    }

    /// Forgets what a record that is taken out waited for.
    fn forget<R: Record>(&mut self, position: Position, record: &R) {
        let due = record.due();
        self.due.remove(position, due.as_ref());
        self.due_late.remove(position, due.as_ref());
        self.queues.remove(position, record.queued().as_ref());
    }
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
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        UnitOfWork {
            tables,
            undo: Vec::new(),
        }
    }

    /// Whether anybody waits for their turn. The lock goes to whoever takes it first, so who works in many steps lets others go
    /// first.
    pub(crate) fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
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
