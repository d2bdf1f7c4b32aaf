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
mod unit;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use any_order::AnyOrder;
use due::DueList;
use in_order::InOrder;
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
use rows::Rows;
use table::{Removed, Table};
pub(crate) use unit::UnitOfWork;

use crate::domain::audit_log::export::{AuditLogDownload, AuditLogExport};
use crate::domain::audit_log::retention::AuditLogSettings;
use crate::domain::audit_log::{AuditLogAction, AuditLogEvent, AuditLogSchema};
use crate::domain::byok_key::ByokKey;
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::delivery::Delivery;
use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_setup::DirectorySetup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::due::Due;
use crate::domain::event::Event;
use crate::domain::exchange::Exchange;
use crate::domain::it_contact::ItContact;
use crate::domain::log_stream::LogStream;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::mail::Mail;
use crate::domain::organization::Organization;
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;
use crate::domain::sign_in::SignIn;
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

impl Store {
    /// Begins a unit of work. It waits for the one that is going on, which never waits for anything itself.
    pub(crate) fn begin(&self) -> UnitOfWork<'_> {
        // A panic inside a unit of work drops it, which undoes it, so the tables are whole.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        UnitOfWork::new(tables)
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
