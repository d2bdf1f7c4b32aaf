//! Sends what is due, queue by queue, and lets time bring what it brings. Knows nothing of the API, the portal or `/_mock`.
//!
//! What is to be sent, and when, is decided by `service`; here it is only carried out. Each queue has one task while there is
//! something in it, so its deliveries go one after the other, and none waits for another queue. How long a receiver may take
//! is about sockets, so that is real time.

mod entry;
mod send;
mod sign;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use entry::send_first;
use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::clock::pause;
use crate::dial::Dialing;
use crate::domain::ids::WebhookEndpointId;
use crate::environment::{Environment, Environments};
use crate::service::deliveries;
use crate::wakeups::{Job, Wakeup};

/// How many deliveries are on their way at one time, whatever the number of queues: each takes a connection.
const AT_ONCE: usize = 256;
/// How often it is looked for idle environments, at most and at least.
const SHORTEST_ROUND: Duration = Duration::from_millis(100);
const LONGEST_ROUND: Duration = Duration::from_secs(60);
/// How long others have their turn between two steps of something long.
const A_TURN: Duration = Duration::from_millis(1);
/// How long deliveries in flight are waited for on stopping.
const GRACE: Duration = Duration::from_secs(5);

/// Those who deliver. Dropping them ends what they are at.
#[derive(Debug)]
pub(crate) struct Couriers {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// What every task has at hand.
#[derive(Clone)]
struct Round {
    dialing: Dialing,
    slots: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl Couriers {
    /// Sets them to work on what they are woken for. Environments that nobody has asked for in so much real time are taken away.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub(crate) fn start(
        environments: Arc<Environments>,
        wakeups: UnboundedReceiver<Wakeup>,
        dialing: Dialing,
        idle: Option<SignedDuration>,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let round = Round {
            dialing,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            stopped,
        };
        Self {
            stop,
            task: tokio::spawn(run(environments, wakeups, round, idle)),
        }
    }

    /// Begins nothing more, and returns when what is in flight has arrived, or after a few seconds.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Err(error) = (&mut self.task).await {
            tracing::error!(%error, "delivering has failed");
        }
    }
}

impl Drop for Couriers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    environments: Arc<Environments>,
    mut wakeups: UnboundedReceiver<Wakeup>,
    round: Round,
    idle: Option<SignedDuration>,
) {
    let mut jobs = JoinSet::new();
    let mut stopped = round.stopped.clone();
    if let Some(idle) = idle {
        let mut stopped = stopped.clone();
        let environments = Arc::clone(&environments);
        jobs.spawn(async move {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = take_idle_ones_away(&environments, idle) => {}
            }
        });
    }
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => break,
            wakeup = wakeups.recv() => {
                let Some(Wakeup { environment, job }) = wakeup else { break };
                if let Some(environment) = environments.by_id(&environment) {
                    jobs.spawn(carry_out(round.clone(), environment, job));
                }
            }
            Some(ended) = jobs.join_next() => tell(ended),
        }
    }
    let rest = async {
        while let Some(ended) = jobs.join_next().await {
            tell(ended);
        }
    };
    // What is still in flight then ends with this task.
    if tokio::time::timeout(GRACE, rest).await.is_err() {
        tracing::warn!("the server stops while webhooks are being delivered");
    }
}

/// Takes environments away that nobody has asked for in so much real time, at the latest a minute after it is over.
async fn take_idle_ones_away(environments: &Environments, idle: SignedDuration) {
    let between = Duration::try_from(idle / 4).unwrap_or_default();
    loop {
        pause(between.clamp(SHORTEST_ROUND, LONGEST_ROUND)).await;
        environments.remove_idle(idle);
    }
}

fn tell(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a task that delivers has failed");
    }
}

/// A job that somebody is at; when they end, however that comes about, another can begin it.
struct Taken {
    environment: Arc<Environment>,
    job: Job,
}

impl Taken {
    fn goes_on(&self) -> bool {
        self.environment.wakeups.goes_on(&self.job)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.environment.wakeups.give_up(&self.job);
        }
    }
}

async fn carry_out(mut round: Round, environment: Arc<Environment>, job: Job) {
    let taken = Taken { environment, job };
    match &taken.job {
        Job::KeepTime => {
            let mut stopped = round.stopped.clone();
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = keep_time(&taken) => {}
            }
        }
        Job::Cancel(endpoint) => cancel(&round, &taken, endpoint).await,
        Job::Send(_) => while round.send_next(&taken).await {},
    }
}

impl Round {
    /// Sends what is next in a queue. Returns whether there may be more.
    async fn send_next(&mut self, taken: &Taken) -> bool {
        let Taken { environment, job } = taken;
        let Job::Send(queue) = job else {
            return false;
        };
        let Ok(_slot) = self.slots.acquire().await else {
            return false;
        };
        if *self.stopped.borrow() {
            return false;
        }
        let Some(parcel) = deliveries::take(environment, queue) else {
            return taken.goes_on();
        };
        let attempt = send::send(&self.dialing, environment, &parcel).await;
        deliveries::attempted(environment, &parcel, attempt);
        true
    }
}

/// Cancels what is left to be cancelled at an endpoint, and begins anew if that changes meanwhile.
async fn cancel(round: &Round, taken: &Taken, endpoint: &WebhookEndpointId) {
    let mut last = None;
    while !*round.stopped.borrow() {
        last = deliveries::cancel::go_on(&taken.environment, endpoint, last);
        if last.is_none() && !taken.goes_on() {
            break;
        }
        let_others_go_first(&taken.environment).await;
    }
}

/// Lets those have their turn in between who wait for the environment's records, and other tasks.
async fn let_others_go_first(environment: &Environment) {
    if environment.store.is_wanted() {
        pause(A_TURN).await;
    } else {
        tokio::task::yield_now().await;
    }
}

/// Waits for the instants at which time brings something, one after the other, until there is none.
async fn keep_time(taken: &Taken) {
    let Environment { clock, wakeups, .. } = &*taken.environment;
    loop {
        // From here on, whatever moves the clock ends the wait.
        let mut watch = clock.watch();
        deliveries::keep_time(&taken.environment);
        // Very much at one instant happens in several steps.
        let_others_go_first(&taken.environment).await;
        match wakeups.alarm() {
            Some(at) => tokio::select! {
                () = watch.until(at) => {}
                () = wakeups.alarm_set() => {}
            },
            None if taken.goes_on() => {}
            None => break,
        }
    }
}

#[cfg(test)]
mod tests;
