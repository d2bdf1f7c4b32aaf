//! Time that can be turned back without bringing anything back to life.
//!
//! A test may set its environment's clock back. What had expired by then stays expired: a [`Now`] knows the latest
//! reading before each turning back, and a [`Moment`] knows how many of them there had been.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// What the clock showed.
    pub(crate) at: Timestamp,
    /// How often the clock had been turned back by then.
    pub(crate) turn: usize,
}

impl Moment {
    /// The instant `lifetime` later; the last there is when that is out of range.
    pub(crate) fn plus(self, lifetime: SignedDuration) -> Timestamp {
        self.at.checked_add(lifetime).unwrap_or(Timestamp::MAX)
    }
}

/// A reading of a clock, with what it needs to keep the past past.
#[derive(Clone, Debug)]
pub(crate) struct Now {
    at: Timestamp,
    turns: Arc<Turns>,
}

impl Now {
    pub(crate) fn new(at: Timestamp, turns: Arc<Turns>) -> Self {
        Self { at, turns }
    }

    /// What the clock shows.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// This moment, to be kept with what begins now.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            at: self.at,
            turn: self.turns.count,
        }
    }

    /// The same with the clock showing `at`, for what happened at that instant and is noticed only now.
    pub(crate) fn shown_at(&self, at: Timestamp) -> Self {
        Self {
            at,
            turns: Arc::clone(&self.turns),
        }
    }

    /// The latest that the clock has shown since it was turned back for the time number `turn`.
    pub(crate) fn latest_since(&self, turn: usize) -> Timestamp {
        self.turns
            .peak_since(turn)
            .map_or(self.at, |peak| peak.max(self.at))
    }

    /// Whether the clock was ever turned back.
    pub(crate) fn was_turned_back(&self) -> bool {
        self.turns.count > 0
    }

    /// Whether `deadline` has come for something that began at `since`: the clock shows it or later, or has done so at
    /// any time since then. The instant itself counts as reached.
    pub(crate) fn has_reached(&self, deadline: Timestamp, since: Moment) -> bool {
        self.latest_since(since.turn) >= deadline
    }
}

/// The readings from which a clock was turned back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns {
    count: usize,
    /// `(turn, reading)`, with only those kept that are later than every one after them: ascending turns, descending
    /// readings.
    peaks: Vec<(usize, Timestamp)>,
}

impl Turns {
    /// Records that the clock was turned back when it showed `from`.
    pub(crate) fn push(&mut self, from: Timestamp) {
        while self.peaks.pop_if(|(_, peak)| *peak <= from).is_some() {}
        self.peaks.push((self.count, from));
        self.count += 1;
    }

    /// The latest reading among the turns from number `turn` on.
    fn peak_since(&self, turn: usize) -> Option<Timestamp> {
        let first = self.peaks.partition_point(|(number, _)| *number < turn);
        self.peaks.get(first).map(|(_, peak)| *peak)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn now(second: i64, turns: &Turns) -> Now {
        Now::new(at(second), Arc::new(turns.clone()))
    }

    #[test]
    fn a_deadline_is_reached_at_its_instant() {
        let turns = Turns::default();
        let since = now(0, &turns).moment();
        assert!(!now(9, &turns).has_reached(at(10), since));
        assert!(now(10, &turns).has_reached(at(10), since));
    }

    #[test]
    fn what_was_reached_stays_so_when_the_clock_is_turned_back() {
        let mut turns = Turns::default();
        let early = now(0, &turns).moment();
        turns.push(at(100));
        let between = now(50, &turns).moment();
        turns.push(at(60));
        let late = now(50, &turns);
        assert!(late.has_reached(at(100), early));
        assert!(!late.has_reached(at(101), early));
        // What began after the first turning back knows only of the second.
        assert!(late.has_reached(at(60), between));
        assert!(!late.has_reached(at(61), between));
        // And what begins now knows of none.
        assert!(!late.has_reached(at(51), late.moment()));
    }

    #[test]
    fn every_peak_agrees_with_a_plain_maximum() {
        let readings = [5, 9, 3, 3, 8, 1, 7, 7, 2, 6];
        let mut turns = Turns::default();
        for reading in readings {
            turns.push(at(reading));
        }
        for turn in 0..=readings.len() {
            let expected = readings[turn..].iter().max().map(|second| at(*second));
            assert_eq!(turns.peak_since(turn), expected, "{turn}");
        }
    }
}
