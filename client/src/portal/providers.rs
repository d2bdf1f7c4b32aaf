//! The providers for a picker, kept for a day.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

use crate::transport::is_waited_for;
use crate::types::PortalProvider;
use crate::{Client, Error};

/// How long a list of providers is good: 24 hours.
pub const PROVIDERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an old list is served, after it could not be replaced, until that is tried again: 5 minutes.
pub const PROVIDERS_RETRIED: Duration = Duration::from_secs(5 * 60);

type List = Arc<[PortalProvider]>;
type Fetch = Pin<Box<dyn Future<Output = Result<List, Arc<Error>>> + Send>>;

/// The identity providers with their names and icons, for a picker of your own; asked for once a day.
///
/// A list is kept for [`PROVIDERS_KEPT`]. Whoever asks after that waits for a new one, all of them for one
/// and the same call. When it fails, the old list is served for another [`PROVIDERS_RETRIED`], however old
/// it is, and the log says why: a picker with yesterday's icons is better than none. Without an old list
/// everybody who waited gets the error, and the next to ask tries again.
///
/// Clones share what is kept. Time is that of the client's [`Clock`](crate::Clock).
#[derive(Clone)]
pub struct Providers {
    client: Client,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    list: Option<List>,
    /// The time of the client's clock until which the list is served without a call.
    until: Duration,
    /// The call that is on its way, for as long as somebody waits for it: one that is awaited, and one that a
    /// thread is blocked for, which nobody would go on with for the other.
    fetches: [Option<WeakShared<Fetch>>; 2],
}

impl Providers {
    /// Nothing is kept at first.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            kept: Arc::default(),
        }
    }

    /// All providers, in the order in which to show them.
    ///
    /// # Errors
    /// When they were never had and cannot be had now. The error is shared by all who waited.
    pub async fn list(&self) -> Result<List, Arc<Error>> {
        let which = usize::from(is_waited_for());
        let fetch = {
            let mut kept = self.lock();
            match &kept.list {
                Some(list) if self.now() < kept.until => return Ok(list.clone()),
                _ => {}
            }
            let on_its_way = kept.fetches[which].as_ref().and_then(WeakShared::upgrade);
            on_its_way.unwrap_or_else(|| {
                let fetch: Shared<Fetch> = self.clone().fetch(which).boxed().shared();
                kept.fetches[which] = fetch.downgrade();
                fetch
            })
        };
        fetch.await
    }

    async fn fetch(self, which: usize) -> Result<List, Arc<Error>> {
        let answer = self.client.list_portal_providers().send().await;
        let mut kept = self.lock();
        kept.fetches[which] = None;
        let error = match answer {
            Ok(answer) => {
                let list = List::from(answer.into_inner());
                kept.list = Some(list.clone());
                kept.until = self.now() + PROVIDERS_KEPT;
                return Ok(list);
            }
            Err(error) => error,
        };
        let Some(list) = kept.list.clone() else {
            return Err(Arc::new(error));
        };
        kept.until = self.now() + PROVIDERS_RETRIED;
        tracing::warn!(%error, "the list of portal providers is out of date");
        Ok(list)
    }

    fn now(&self) -> Duration {
        self.client.inner.clock().elapsed()
    }

    // What is kept is whole whenever the lock is free, also after a panic.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Providers").finish_non_exhaustive()
    }
}
