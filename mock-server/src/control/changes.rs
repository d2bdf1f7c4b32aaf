//! `/_mock/changes`: word that something has changed, for who shows an environment. What has changed, other calls tell.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::answer::Refusal;
use super::call::Call;
use super::clock::Reading;
use super::route::Route;
use crate::clock::{Watch, pause};
use crate::environment::Environment;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/changes",
            "watch_changes",
            "Tells whenever anything in the environment has changed, as server-sent events.",
            |call| Box::pin(async move { watch(call) }),
        )
        .description(
            "The event `change` comes at once, and again after changes, at most five times a second however many there are. Its data \
             is what the clock shows; what has changed, other calls tell. The event `end` is the last: the environment was reset, \
             or taken away.",
        )
        .answers_as::<String>("text/event-stream", 200, "The events, for as long as the connection stands.")
        .refuses(&[(429, "As many watch this server as may.")]),
    ]
}

/// What lies between two events at least, in real time.
const BETWEEN: Duration = Duration::from_millis(200);

/// Somebody who watches an environment.
struct Watcher {
    environment: Arc<Environment>,
    clock: Watch,
    stopping: watch::Receiver<bool>,
    /// How often anything had changed at the last event; nothing before the first.
    told: Option<u64>,
    has_ended: bool,
    /// One of the places that there are.
    _place: OwnedSemaphorePermit,
}

fn watch(call: Call) -> Result<Response, Refusal> {
    let place = Arc::clone(&call.state.watchers).try_acquire_owned();
    let watcher = Watcher {
        clock: call.environment.clock.watch(),
        environment: call.environment,
        stopping: call.state.stopping,
        told: None,
        has_ended: false,
        _place: place.map_err(|_| Refusal::TooManyWatchers)?,
    };
    Ok(Sse::new(watcher.events())
        .keep_alive(KeepAlive::new())
        .into_response())
}

impl Watcher {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut watcher| async move {
            let event = watcher.next().await?;
            Some((Ok(event), watcher))
        })
    }

    /// The next event; nothing when there is none any more.
    async fn next(&mut self) -> Option<Event> {
        if self.has_ended {
            return None;
        }
        if let Some(told) = self.told {
            let wakeups = &self.environment.wakeups;
            let changed = async {
                pause(BETWEEN).await;
                tokio::select! {
                    () = wakeups.changed_since(told) => {}
                    () = self.clock.until(Timestamp::MAX) => {}
                }
            };
            tokio::select! {
                () = changed => {}
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
        self.told = Some(self.environment.wakeups.changes());
        self.has_ended = self.environment.wakeups.is_closed();
        let event = Event::default().event(if self.has_ended { "end" } else { "change" });
        event.json_data(Reading::of(&self.environment.clock)).ok()
    }
}
