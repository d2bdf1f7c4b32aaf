//! A worker in the background that follows the list of events, for an app without webhooks or beside them: it goes on where it
//! stopped, loses nothing, waits when WorkOS is in trouble, and ends on Ctrl-C.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example events_worker
//! ```
//!
//! It tells of everything that happens: these make a link, for example, and do what an administrator would do behind it:
//!
//! ```sh
//! cargo run -p workos-portal --example portal_links -- org_test_idp dsync
//! curl http://127.0.0.1:4100/_mock/portal_links/complete -H 'Content-Type: application/json' \
//!   -d '{"organization": "org_test_idp", "intent": "dsync", "answers": {"users": 3, "groups": 1}}'
//! ```
//!
//! How far it is stands in `events.cursor`, in the folder where it runs; `-- FILE` names another file. Each worker has its own.

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use workos_portal::types::{Event, EventPayload, EventType, PaginationOrder};
use workos_portal::{Client, EventId};

const PAGE: u32 = 100;
const INTERVAL: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What the worker does with events. An app has a database for it.
pub(crate) trait Handler {
    /// Handles an event that may come twice.
    fn handle(&mut self, event: &Event) -> io::Result<()>;
}

pub(crate) struct Worker<H> {
    client: Client,
    /// A file with the id of the last event that was handled.
    cursor: PathBuf,
    last: Option<String>,
    handler: H,
    /// How many looks have failed since the last good one.
    failures: u32,
}

impl<H: Handler> Worker<H> {
    /// A worker that goes on behind the cursor in the file, if there is one.
    pub(crate) fn new(client: Client, cursor: &Path, handler: H) -> io::Result<Self> {
        let last = match fs::read_to_string(cursor) {
            Ok(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            client,
            cursor: cursor.to_owned(),
            last,
            handler,
            failures: 0,
        })
    }

    /// Works until `stop` is over. `wait` passes the time between two looks.
    ///
    /// A look that is under way when it stops is given up; what a look has brought is handled to its end.
    pub(crate) async fn run(
        &mut self,
        wait: impl AsyncFn(Duration),
        stop: impl Future<Output = ()>,
    ) -> Result<(), Box<dyn Error>> {
        let mut stop = pin!(stop);
        loop {
            let look = tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                look = self.look() => look,
            };
            let pause = match look {
                Ok(events) => self.handle(&events)?,
                Err(error) => self.pause_after(error)?,
            };
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                () = wait(pause) => {}
            }
        }
    }

    /// The events behind the last one, the oldest first; at the very first from the oldest that WorkOS still has.
    async fn look(&self) -> Result<Vec<Event>, workos_portal::Error> {
        // An app names those that it handles.
        let mut call = self
            .client
            .list_events()
            .events(EventType::KNOWN.to_vec())
            .order(PaginationOrder::Asc)
            .limit(PAGE);
        if let Some(last) = &self.last {
            call = call.after(last);
        }
        Ok(call.send().await?.into_inner().data)
    }

    /// Handles what has come, and says when to look again.
    ///
    /// The cursor is saved after each event. If the process dies between the two, the event comes again: events come at
    /// least once, and it is the handler that recognises one by its id.
    fn handle(&mut self, events: &[Event]) -> io::Result<Duration> {
        self.failures = 0;
        for event in events {
            self.handler.handle(event)?;
            self.save(event.id.as_str())?;
        }
        let more = events.len() >= PAGE as usize;
        Ok(if more { Duration::ZERO } else { INTERVAL })
    }

    /// Whoever reads the file finds the id from before or this one, and never half of one.
    fn save(&mut self, id: &str) -> io::Result<()> {
        let new = self.cursor.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(id.as_bytes())?;
        file.sync_all()?;
        fs::rename(new, &self.cursor)?;
        self.last = Some(id.to_owned());
        Ok(())
    }

    /// Says how long to wait after a failure that may pass; the client has tried a few times by then. Others are for
    /// somebody to look at: a key that is not good any more, for one.
    fn pause_after(
        &mut self,
        error: workos_portal::Error,
    ) -> Result<Duration, workos_portal::Error> {
        if !error.is_retryable() {
            return Err(error);
        }
        let longer = INTERVAL.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures += 1;
        let pause = error.retry_after().unwrap_or(longer);
        Ok(pause.clamp(INTERVAL, LONGEST_WAIT))
    }
}

/// Tells what happens. It keeps the ids of what it has handled in memory; an app writes each into its database, in the
/// transaction with what the event changes.
pub(crate) struct Teller<W> {
    pub(crate) handled: HashSet<EventId>,
    pub(crate) out: W,
}

impl<W: Write> Handler for Teller<W> {
    fn handle(&mut self, event: &Event) -> io::Result<()> {
        if self.handled.contains(&event.id) {
            return Ok(());
        }
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "Somebody".to_owned());
        let what = match event.payload() {
            Some(Ok(EventPayload::ConnectionActivated(connection))) => {
                format!("single sign-on with {} is live", connection.name)
            }
            Some(Ok(EventPayload::DsyncActivated(directory))) => {
                format!("the directory {} is there", directory.name)
            }
            Some(Ok(EventPayload::DsyncUserCreated(user))) => {
                format!("{} has come", name(&user.name))
            }
            Some(Ok(EventPayload::DsyncUserDeleted(user))) => {
                format!("{} has gone", name(&user.name))
            }
            Some(Ok(EventPayload::DsyncGroupUserAdded(membership))) => {
                format!(
                    "{} is in {}",
                    name(&membership.user.name),
                    membership.group.name
                )
            }
            Some(Ok(_)) => "nothing to do".to_owned(),
            // Skipped, but not unseen: its data is another than this version of the client can read.
            Some(Err(error)) => format!("{} cannot be read: {error}", event.id),
            None => "not known to this version".to_owned(),
        };
        writeln!(self.out, "{}: {what}", event.event)?;
        self.handled.insert(event.id.clone());
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a worker waits by the system's clock"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let cursor = env::args().nth(1);
    let cursor = Path::new(cursor.as_deref().unwrap_or("events.cursor"));
    let teller = Teller {
        handled: HashSet::new(),
        out: io::stdout(),
    };
    let mut worker = Worker::new(Client::from_env()?, cursor, teller)?;
    let stop = async {
        // Without the signal it works on, and Ctrl-C ends the process as ever.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    worker.run(tokio::time::sleep, stop).await
}
