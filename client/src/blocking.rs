//! Calls without `async`: [`Wait::wait`] waits for any of them where it stands, and
//! [`ListStream::blocking_iter`] gives what a list has, one after another.
//!
//! ```no_run
//! use workos_portal::Client;
//! use workos_portal::blocking::Wait;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let organization = client.get_organization().id("org_01").send().wait()?;
//! println!("{}", organization.name);
//!
//! let users = client.list_directory_users().directory("directory_01").stream();
//! for user in users.blocking_iter() {
//!     println!("{}", user?.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How it waits
//!
//! The first wait of a process starts a thread, `workos-portal`, which runs for as long as the process does and
//! looks after the sockets and timers of all that is waited for. Everything else happens on the threads that
//! wait. As many as like may do so at once, with one client or with several; what they have borrowed stays
//! theirs, and nothing has to be [`Send`]. A process that forks has to do so before its first wait.
//!
//! Calls that are waited for have connections of their own, which are open for as long as that thread runs.
//! Those of awaited calls are not used for them, since nobody would look after one whose runtime has ended, or
//! whose thread is just waiting.
//!
//! # In async code
//!
//! It works, and blocks the thread: whatever else has that thread to run on stands still, so on a runtime of one
//! thread nothing that is waited for may depend on another task. Code that has to wait, within code that must
//! not, is for `tokio::task::spawn_blocking`.

use std::fmt;
use std::future::pending;
use std::io;
use std::iter::FusedIterator;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{self, Context, Poll, Waker};
use std::thread::{self, Thread, ThreadId};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::task::unconstrained;

use crate::{Error, ListStream};

/// After how long a thread of a runtime looks whether it was forgotten.
///
/// Tokio keeps some wakes until the thread that waits for them has nothing else to do (`yield_now`), which is
/// never while it waits here.
const FORGOTTEN: Duration = Duration::from_millis(10);

/// Waits for a future on the thread that asks. It is there for every future, those of other crates as well.
///
/// ```no_run
/// use workos_portal::blocking::Wait;
///
/// # fn run(client: workos_portal::Client) -> Result<(), workos_portal::Error> {
/// let organizations = client.list_organizations().search("acme").stream().all().wait()?;
/// # let _ = organizations;
/// # Ok(())
/// # }
/// ```
pub trait Wait: Future + Sized {
    /// What the future gives. Until then the thread is blocked; see the [module](self).
    ///
    /// # Panics
    /// When the future does, with its own panic. When the thread of the first wait cannot be started; the next
    /// wait tries that again. And on that very thread, which would wait for itself: there run tasks that a
    /// future spawns while it is waited for, and what `tracing` is told about connections.
    fn wait(self) -> Self::Output {
        let background = Background::get();
        assert!(
            thread::current().id() != background.thread,
            "`wait` was called on the thread that all waits depend on: it would never end"
        );
        let in_runtime = Handle::try_current().is_ok();
        let _here = background.handle.enter();
        let bell = Arc::new(Bell {
            waits: thread::current(),
            rung: AtomicBool::new(false),
        });
        let waker = Waker::from(bell.clone());
        let mut context = Context::from_waker(&waker);
        // The budget of the task that waits must not run out, since only its runtime would fill it again.
        let mut future = pin!(unconstrained(self));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            bell.wait(in_runtime);
        }
    }
}

impl<F: Future> Wait for F {}

/// Wakes a thread that waits.
struct Bell {
    waits: Thread,
    /// Whether it was rung since it was last waited for. The thread's own token is no proof: others give and
    /// take it too.
    rung: AtomicBool,
}

impl Bell {
    fn wait(&self, in_runtime: bool) {
        while !self.rung.swap(false, Ordering::Acquire) {
            if in_runtime {
                thread::park_timeout(FORGOTTEN);
                return;
            }
            thread::park();
        }
    }
}

impl task::Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rung.swap(true, Ordering::Release) {
            self.waits.unpark();
        }
    }
}

/// The runtime of all that is waited for, and the thread that it is on.
struct Background {
    handle: Handle,
    thread: ThreadId,
}

static BACKGROUND: OnceLock<Background> = OnceLock::new();

impl Background {
    fn get() -> &'static Self {
        BACKGROUND.get_or_init(|| {
            Self::start().unwrap_or_else(|error| {
                panic!("the thread that waits depend on cannot be started: {error}")
            })
        })
    }

    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let thread = thread::Builder::new().name("workos-portal".to_owned());
        let thread = thread.spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(Self {
            handle,
            thread: thread.thread().id(),
        })
    }
}

/// Whether this runs in something that is waited for.
pub(crate) fn is_waited_for() -> bool {
    BACKGROUND.get().is_some_and(|background| {
        Handle::try_current().is_ok_and(|here| here.id() == background.handle.id())
    })
}

/// The items or pages of a list; see [`ListStream::blocking_iter`].
#[must_use = "nothing is asked for until the iterator is read"]
pub struct Iter<'a, T>(Option<ListStream<'a, T>>);

impl<'a, T> ListStream<'a, T> {
    /// What the list has, for a loop without `async`. Each page is waited for when the one before it has been
    /// read; the first error ends it.
    ///
    /// ```no_run
    /// # fn run(client: workos_portal::Client) -> Result<(), workos_portal::Error> {
    /// for organization in client.list_organizations().stream().blocking_iter() {
    ///     println!("{}", organization?.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn blocking_iter(self) -> Iter<'a, T> {
        Iter(Some(self))
    }
}

impl<T> Iterator for Iter<'_, T> {
    type Item = Result<T, Error>;

    /// # Panics
    /// As [`Wait::wait`] does.
    fn next(&mut self) -> Option<Self::Item> {
        let next = self.0.as_mut()?.next().wait();
        if !matches!(next, Some(Ok(_))) {
            self.0 = None;
        }
        next
    }
}

impl<T> FusedIterator for Iter<'_, T> {}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}
