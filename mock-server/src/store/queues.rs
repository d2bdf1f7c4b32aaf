//! What is to be sent, queue by queue, in the order of its places.

use std::collections::{BTreeSet, HashMap};

use super::Position;
use crate::domain::delivery::QueueId;

/// A record's place in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Queued {
    pub(crate) queue: QueueId,
    /// What has a lower place is sent first.
    pub(crate) place: Position,
}

/// The positions of the records that are queued.
#[derive(Default)]
pub(super) struct Queues(HashMap<QueueId, BTreeSet<(Position, Position)>>);

impl Queues {
    pub(super) fn add(&mut self, position: Position, queued: Option<Queued>) {
        if let Some(Queued { queue, place }) = queued {
            self.0.entry(queue).or_default().insert((place, position));
        }
    }

    pub(super) fn remove(&mut self, position: Position, queued: Option<&Queued>) {
        if let Some(Queued { queue, place }) = queued
            && let Some(places) = self.0.get_mut(queue)
        {
            places.remove(&(*place, position));
            if places.is_empty() {
                self.0.remove(queue);
            }
        }
    }

    /// The position of the record that is sent first.
    pub(super) fn first(&self, queue: &QueueId) -> Option<Position> {
        let places = self.0.get(queue)?;
        places.first().map(|(_, position)| *position)
    }

    /// How many records are queued.
    pub(super) fn len(&self, queue: &QueueId) -> usize {
        self.0.get(queue).map_or(0, BTreeSet::len)
    }

    /// Every queue that has something in it.
    pub(super) fn ids(&self) -> impl Iterator<Item = &QueueId> {
        self.0.keys()
    }
}
