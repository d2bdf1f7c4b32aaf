//! Exports of an audit log to a file, and the addresses that the file is fetched from.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::domain::error::Error;
use crate::domain::ids::{AuditLogDownloadId, AuditLogExportId, OrganizationId};
use crate::domain::time::{Moment, Now};
use crate::domain::token::{SecretHash, Token};

/// How long an export is pending. `WorkOS` does not say; an app that does not wait for `ready` is to notice.
pub(crate) const PENDING: SignedDuration = SignedDuration::from_secs(2);
/// How long a finished file is kept. `WorkOS` has the state `expired` and does not say when: ours.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long an address works, as `WorkOS` documents.
pub(crate) const ADDRESS_LIVES: SignedDuration = SignedDuration::from_mins(10);
/// How many months back an export reaches, as `WorkOS` documents.
const REACH_IN_MONTHS: i32 = 3;

/// An export of an organization's audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditLogExport {
    pub(crate) id: AuditLogExportId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) range: Range,
    pub(crate) filter: EventFilter,
    pub(crate) asked: Moment,
    /// What was logged later is not in it.
    pub(crate) sequence: u128,
}

/// Which events are wanted: those that have one of the values in every list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventFilter {
    pub(crate) actions: Vec<String>,
    pub(crate) actor_names: Vec<String>,
    pub(crate) actor_ids: Vec<String>,
    /// Kinds of targets.
    pub(crate) targets: Vec<String>,
}

/// From when to when events occurred; both instants belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

/// What has become of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportState {
    /// The file is being made.
    Pending,
    /// The file can be fetched.
    Ready,
    /// The file is gone.
    Expired,
}

/// An export as it is seen at one time.
#[derive(Clone, Debug)]
pub(crate) struct SeenExport {
    pub(crate) export: Arc<AuditLogExport>,
    pub(crate) state: ExportState,
    /// Since when it is in this state.
    pub(crate) updated_at: Timestamp,
    /// What opens its file, while there is one.
    pub(crate) token: Option<Token>,
}

impl AuditLogExport {
    /// Its state, and since when it is so.
    pub(crate) fn state(&self, now: &Now) -> (ExportState, Timestamp) {
        let ready = self.asked.plus(PENDING);
        let gone = ready.checked_add(KEPT).unwrap_or(Timestamp::MAX);
        if now.has_reached(gone, self.asked) {
            (ExportState::Expired, gone)
        } else if now.has_reached(ready, self.asked) {
            (ExportState::Ready, ready)
        } else {
            (ExportState::Pending, self.asked.at)
        }
    }
}

impl Range {
    /// A range for an export that is asked for at `now`.
    ///
    /// # Errors
    /// It ends before it begins, or begins more than three months ago.
    pub(crate) fn for_export(
        start: Timestamp,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<Self, Error> {
        if end < start {
            return Err(Error::ExportRangeTurned);
        }
        if start < months_before(now) {
            return Err(Error::ExportRangeTooOld);
        }
        Ok(Self { start, end })
    }

    /// Whether it has this instant.
    pub(crate) fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at <= self.end
    }
}

/// The same time of day three calendar months before, in UTC.
fn months_before(now: Timestamp) -> Timestamp {
    let civil: DateTime = TimeZone::UTC.to_datetime(now);
    civil
        .checked_sub(REACH_IN_MONTHS.months())
        .ok()
        .and_then(|civil| TimeZone::UTC.to_timestamp(civil).ok())
        .unwrap_or(Timestamp::MIN)
}

/// An address that the file of an export is fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditLogDownload {
    pub(crate) id: AuditLogDownloadId,
    pub(crate) export_id: AuditLogExportId,
    pub(crate) token: SecretHash,
    pub(crate) issued: Moment,
}

impl AuditLogDownload {
    /// Whether it works no longer, from the instant on at which its ten minutes are over.
    pub(crate) fn is_over(&self, now: &Now) -> bool {
        now.has_reached(self.issued.plus(ADDRESS_LIVES), self.issued)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ulid::Ulid;

    use super::*;
    use crate::domain::time::Turns;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_export_is_ready_and_expires_at_its_instants() {
        let turns = Arc::new(Turns::default());
        let start = at("2026-01-01T00:00:00Z");
        let after = |duration: SignedDuration| Now::new(start + duration, Arc::clone(&turns));
        let export = AuditLogExport {
            id: AuditLogExportId::new(Ulid(1)),
            organization_id: OrganizationId::test(),
            range: Range { start, end: start },
            filter: EventFilter::default(),
            asked: after(SignedDuration::ZERO).moment(),
            sequence: 1,
        };
        let moment = SignedDuration::from_nanos(1);
        for (duration, state, since) in [
            (
                SignedDuration::ZERO,
                ExportState::Pending,
                SignedDuration::ZERO,
            ),
            (PENDING - moment, ExportState::Pending, SignedDuration::ZERO),
            (PENDING, ExportState::Ready, PENDING),
            (PENDING + KEPT - moment, ExportState::Ready, PENDING),
            (PENDING + KEPT, ExportState::Expired, PENDING + KEPT),
        ] {
            assert_eq!(export.state(&after(duration)), (state, start + since));
        }
    }

    #[test]
    fn a_range_reaches_three_calendar_months_back() {
        let now = at("2026-05-31T12:00:00Z");
        let range = |start, end| Range::for_export(at(start), at(end), now);
        assert!(range("2026-02-28T12:00:00Z", "2026-05-31T12:00:00Z").is_ok());
        assert!(range("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z").is_ok());
        assert_eq!(
            range("2026-02-28T11:59:59.999Z", "2026-05-31T12:00:00Z"),
            Err(Error::ExportRangeTooOld)
        );
        assert_eq!(
            range("2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z"),
            Err(Error::ExportRangeTurned)
        );
        assert!(Range::for_export(Timestamp::MIN, now, Timestamp::MIN).is_ok());
    }
}
