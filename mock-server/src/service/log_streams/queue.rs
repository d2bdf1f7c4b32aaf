//! The queue of a log stream: what is sent next, what becomes of it, and what that means for the stream and for what waits.

use std::sync::Arc;

use super::super::Work;
use super::is_dialled;
use crate::domain::delivery::{Attempt, DeliveryState, QueueId};
use crate::domain::ids::{Id as _, LogStreamDeliveryId, LogStreamId};
use crate::domain::log_stream::{LogStream, ShownState};
use crate::domain::log_stream_delivery::{LogStreamDelivery, MAX_DELIVERIES, Otherwise};
use crate::store::LogStreamDeliveryKey;

/// Takes what is next to be sent through a stream, with the settings of now.
pub(in crate::service) fn take(
    work: &mut Work<'_>,
    id: &LogStreamId,
) -> Option<Arc<LogStreamDelivery>> {
    let stream = work.get::<LogStream>(id.as_str())?;
    let settings = stream.state.settings()?;
    let delivery = work.first_of::<LogStreamDelivery>(&QueueId::LogStream(id.clone()))?;
    Some(work.update(delivery.sending(settings)))
}

/// Records an attempt, and what follows from it for the stream and for what waits behind it.
pub(in crate::service) fn attempted(
    work: &mut Work<'_>,
    id: &LogStreamDeliveryId,
    attempt: Attempt,
) {
    // Whoever removes a stream removes what is on its way as well.
    let Some(delivery) = work.get::<LogStreamDelivery>(id.as_str()) else {
        return;
    };
    let Some(stream) = work.get::<LogStream>(delivery.stream_id.as_str()) else {
        return;
    };
    let now = work.now();
    let is_taken = attempt.outcome.is_success();
    let is_outdated = stream.state.settings() != Some(&delivery.settings);
    if is_outdated && !is_taken {
        // Nothing is known yet of the settings that the stream has now.
        let again = delivery.attempted(attempt, Otherwise::Block, &now);
        work.update(again);
        arrange(work, stream);
        return;
    }
    let mut after = stream.tried(&attempt.outcome, now.at());
    if is_taken {
        after = after.synced(now.at());
    }
    let otherwise = if after.state.shown() == ShownState::Invalid {
        Otherwise::Block
    } else {
        let tried = delivery.progress.attempts.len() + 1;
        let wait = work.settings().webhooks.retries.wait_after(tried);
        wait.map_or(Otherwise::GiveUp, Otherwise::Wait)
    };
    let delivery = work.update(delivery.attempted(attempt, otherwise, &now));
    let has_moved = after.state.shown() != stream.state.shown();
    let stream = work.update(after);
    if has_moved {
        arrange(work, stream);
    } else {
        if delivery.progress.state.is_over() {
            go_on(work, &stream);
        }
        keep_newest(work, &stream.id);
    }
}

/// Lets a delivery wait no more: its time has come.
pub(in crate::service) fn ready(work: &mut Work<'_>, id: &LogStreamDeliveryId) {
    if let Some(delivery) = work.get::<LogStreamDelivery>(id.as_str()) {
        work.update(delivery.put(DeliveryState::Due));
        work.wake(delivery.queue());
    }
}

/// Puts what is still to be sent where the stream's state and settings have it, after one of them has changed. Returns the
/// stream after that.
pub(super) fn arrange(work: &mut Work<'_>, stream: Arc<LogStream>) -> Arc<LogStream> {
    let shown = stream.state.shown();
    let settings = stream.state.settings();
    let is_dialled = settings.is_some_and(|settings| is_dialled(work, settings));
    let now = work.at();
    let mut is_played = false;
    for delivery in work.find_all::<LogStreamDelivery>(&open(&stream.id)) {
        let state = delivery.progress.state;
        let moved = match (shown, is_dialled) {
            (ShownState::Inactive, _) => delivery.let_go(),
            _ if state == DeliveryState::Sending => continue,
            (ShownState::Active, true) => delivery.put(DeliveryState::Due),
            (ShownState::Active, false) => {
                is_played = true;
                delivery.played(now)
            }
            // What waits for its next attempt keeps its time.
            (ShownState::Error, true) if state.wait().is_some() => continue,
            (ShownState::Error | ShownState::Invalid, _) => delivery.put(DeliveryState::Blocked),
        };
        work.update(moved);
    }
    match (shown, is_dialled) {
        (ShownState::Active, true) => work.wake(QueueId::LogStream(stream.id.clone())),
        (ShownState::Error, true) => go_on(work, &stream),
        _ => {}
    }
    keep_newest(work, &stream.id);
    if is_played {
        work.update(stream.synced(now))
    } else {
        stream
    }
}

/// Lets the first of what waits behind a destination that fails be tried, unless something is.
fn go_on(work: &mut Work<'_>, stream: &LogStream) {
    if stream.state.shown() == ShownState::Error
        && let Some(first) = work.find::<LogStreamDelivery>(&open(&stream.id))
        && first.progress.state == DeliveryState::Blocked
    {
        work.update(first.put(DeliveryState::Due));
        work.wake(first.queue());
    }
}

/// Lets the oldest deliveries of a stream go that are over, until there are no more than are kept.
pub(super) fn keep_newest(work: &mut Work<'_>, id: &LogStreamId) {
    let over = LogStreamDeliveryKey::Over(id.clone());
    while work.count::<LogStreamDelivery>(&over) > MAX_DELIVERIES
        && let Some(oldest) = work.find::<LogStreamDelivery>(&over)
    {
        work.delete::<LogStreamDelivery>(oldest.id.as_str());
    }
}

fn open(id: &LogStreamId) -> LogStreamDeliveryKey {
    LogStreamDeliveryKey::Open(id.clone())
}
