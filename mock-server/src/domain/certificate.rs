//! Certificates of SAML connections, and when they have to be renewed.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::ids::{CertificateId, ConnectionId, OrganizationId};
use super::time::Moment;
pub(crate) use super::x509::{BadCertificate, X509};

/// A certificate of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) id: CertificateId,
    pub(crate) connection_id: ConnectionId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) purpose: Purpose,
    pub(crate) x509: X509,
    /// When it was added to the connection.
    pub(crate) added: Moment,
    /// Whether it came by a renewal in the portal.
    pub(crate) is_renewal: bool,
    /// The next notice of its end, if another is to come.
    pub(crate) notice: Option<Notice>,
}

/// What a certificate is for. Events name it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) enum Purpose {
    /// The identity provider signs its responses with it.
    #[serde(rename = "ResponseSigning")]
    IdpSigning,
    /// Requests to the identity provider are signed with it.
    #[serde(rename = "RequestSigning")]
    SpSigning,
    /// The identity provider encrypts its responses with it.
    #[serde(rename = "ResponseEncryption")]
    SpEncryption,
}

/// How many encryption certificates a connection may have. `WorkOS` has such a limit and does not say which.
pub(crate) const MAX_ENCRYPTION_CERTIFICATES: usize = 5;

/// How long a certificate is valid that is made here. `WorkOS` does not say how long its own are.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(3 * 365 * 24);

/// A notice that a certificate has to be renewed: the number of one in the order of their instants.
///
/// `WorkOS` documents that it gives several before the end and one every seven days after it. Which days those before the
/// end are, and that those after it stop after a year, is decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice(usize);

/// How many days before the end notices are given.
const DAYS_BEFORE: [i64; 6] = [90, 60, 30, 14, 7, 1];
/// How long before the end the first notice is given.
pub(crate) const NOTICE_PERIOD: SignedDuration = SignedDuration::from_hours(24 * DAYS_BEFORE[0]);
/// How many days lie between two notices after the end.
const DAYS_BETWEEN: i64 = 7;
/// The last day after the end on which a notice is given.
const LAST_DAY_AFTER: i64 = 52 * DAYS_BETWEEN;

impl Notice {
    /// The first notice after `now` for a certificate that ends at `end`. What is past is not made up for.
    pub(crate) fn first(end: Timestamp, now: Timestamp) -> Option<Self> {
        let mut notice = Some(Self(0));
        while let Some(one) = notice
            && one.at(end).is_none_or(|at| at <= now)
        {
            notice = one.next();
        }
        notice
    }

    /// How many days are left until the end; not above zero when it has come.
    pub(crate) fn days(self) -> i64 {
        DAYS_BEFORE.get(self.0).copied().unwrap_or_else(|| {
            let number = i64::try_from(self.0 - DAYS_BEFORE.len() + 1).unwrap_or(i64::MAX);
            number.saturating_mul(-DAYS_BETWEEN)
        })
    }

    /// When it is given for a certificate that ends at `end`; nothing when no clock shows that instant.
    pub(crate) fn at(self, end: Timestamp) -> Option<Timestamp> {
        end.checked_sub(SignedDuration::from_hours(24 * self.days()))
            .ok()
    }

    fn next(self) -> Option<Self> {
        let next = Self(self.0 + 1);
        (next.days() >= -LAST_DAY_AFTER).then_some(next)
    }
}

impl Certificate {
    /// When the next notice is given, with how many days are left then.
    pub(crate) fn due(&self) -> Option<(Timestamp, i64)> {
        let notice = self.notice?;
        Some((notice.at(self.x509.not_after)?, notice.days()))
    }

    /// The certificate after its next notice.
    pub(crate) fn noticed(&self) -> Self {
        Self {
            notice: self.notice.and_then(Notice::next),
            ..self.clone()
        }
    }

    /// Whether `other` takes its place: it is for the same and ends later.
    pub(crate) fn is_renewed_by(&self, other: &Self) -> bool {
        other.purpose == self.purpose && other.x509.not_after > self.x509.not_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn days(end: Timestamp, from: Timestamp) -> Vec<i64> {
        let mut days = Vec::new();
        let mut notice = Notice::first(end, from);
        while let Some(one) = notice {
            let left = end.duration_since(one.at(end).unwrap());
            assert_eq!(left, SignedDuration::from_hours(24 * one.days()));
            days.push(one.days());
            notice = one.next();
        }
        days
    }

    #[test]
    fn notices_are_given_before_the_end_and_every_week_after_it() {
        let (begin, end) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let all = days(end, begin);
        assert_eq!(all[..9], [90, 60, 30, 14, 7, 1, -7, -14, -21]);
        assert_eq!(all[57..], [-364], "they end");
    }

    #[test]
    fn what_is_past_is_not_made_up_for() {
        let end = at("2026-02-01T00:00:00Z");
        assert_eq!(days(end, at("2026-01-15T00:00:00Z"))[..3], [14, 7, 1]);
        // At the very instant of a notice it is past.
        assert_eq!(days(end, at("2026-01-18T00:00:00Z"))[..3], [7, 1, -7]);
        assert_eq!(
            days(end, at("2026-01-17T23:59:59.999999999Z"))[..3],
            [14, 7, 1]
        );
        assert_eq!(days(end, at("2026-02-01T00:00:00Z"))[..2], [-7, -14]);
        assert_eq!(Notice::first(end, at("2030-01-01T00:00:00Z")), None);
    }

    #[test]
    fn an_end_beyond_all_clocks_has_no_notices_beyond_them() {
        let told = Notice::first(Timestamp::MAX, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(told.days(), 90);
        let mut last = Some(told);
        while let Some(one) = last {
            if one.at(Timestamp::MAX).is_none() {
                break;
            }
            last = one.next();
        }
        assert_eq!(last.map(Notice::days), Some(-7));
        assert_eq!(
            Notice::first(Timestamp::MIN, Timestamp::MIN).map(Notice::days),
            Some(-7)
        );
    }
}
