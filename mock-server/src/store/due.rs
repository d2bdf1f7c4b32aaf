//! What changes by itself, in the order of its time.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Position;
use crate::domain::due::{Due, TimedChange};
use crate::domain::time::Now;

/// The changes to come, by how often the clock had been turned back when the wait for each began. Those of one turn are
/// reached in the order of their instants, whatever the clock does.
#[derive(Default)]
pub(super) struct DueList(BTreeMap<usize, BTreeMap<(Timestamp, Position), TimedChange>>);

impl DueList {
    pub(super) fn add(&mut self, position: Position, due: Option<Due>) {
        if let Some(Due { at, since, change }) = due {
            let changes = self.0.entry(since.turn).or_default();
            changes.insert((at, position), change);
        }
    }

    pub(super) fn remove(&mut self, position: Position, due: Option<&Due>) {
        if let Some(Due { at, since, .. }) = due
            && let Some(changes) = self.0.get_mut(&since.turn)
        {
            changes.remove(&(*at, position));
            if changes.is_empty() {
                self.0.remove(&since.turn);
            }
        }
    }

    /// The first change whose time has come, and its time.
    pub(super) fn first(&self, now: &Now) -> Option<(Timestamp, TimedChange)> {
        self.0
            .iter()
            .filter_map(|(turn, changes)| {
                let first = changes.first_key_value()?;
                (now.latest_since(*turn) >= first.0.0).then_some(first)
            })
            .min_by_key(|(place, _)| **place)
            .map(|((at, _), change)| (*at, change.clone()))
    }

    /// The first instant at which a change comes.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let firsts = self.0.values().filter_map(BTreeMap::first_key_value);
        firsts.map(|((at, _), _)| *at).min()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::OrganizationId;
    use crate::domain::time::Turns;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn due(number: u128, at: i64, since: &Now) -> Due {
        Due {
            at: second(at),
            since: since.moment(),
            change: TimedChange::DomainVerification(OrganizationId::new(Ulid(number))),
        }
    }

    #[test]
    fn changes_come_in_the_order_of_their_instants_and_not_before() {
        let mut list = DueList::default();
        let now = |at| Now::new(second(at), Arc::default());
        for (number, at) in [(1, 30), (2, 10), (3, 20)] {
            list.add(number, Some(due(number, at, &now(0))));
        }
        assert_eq!(list.first(&now(9)), None);
        assert_eq!(list.first(&now(10)).unwrap().0, second(10));
        assert_eq!(list.first(&now(99)).unwrap().0, second(10));
        list.remove(2, Some(&due(2, 10, &now(0))));
        assert_eq!(list.first(&now(99)).unwrap().0, second(20));
        list.remove(3, Some(&due(3, 20, &now(0))));
        list.remove(1, Some(&due(1, 30, &now(0))));
        assert!(list.0.is_empty());
    }

    #[test]
    fn what_the_clock_has_shown_counts_for_what_waited_then() {
        let mut list = DueList::default();
        let mut turns = Turns::default();
        let early = Now::new(second(0), Arc::new(turns.clone()));
        list.add(1, Some(due(1, 50, &early)));
        turns.push(second(60));
        let late = Now::new(second(0), Arc::new(turns));
        list.add(2, Some(due(2, 40, &late)));
        assert_eq!(list.first(&late).unwrap().0, second(50));
        list.remove(1, Some(&due(1, 50, &early)));
        assert_eq!(list.first(&late), None);
    }
}
