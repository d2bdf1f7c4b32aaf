//! What changes by itself when its time has come.

use jiff::Timestamp;

use super::ids::{CertificateId, DeliveryId, LogStreamDeliveryId, OrganizationId};
use super::time::Moment;

/// A change that time brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimedChange {
    /// The verification of a domain of this organization fails.
    DomainVerification(OrganizationId),
    /// A notice is given that this certificate has to be renewed.
    CertificateNotice(CertificateId),
    /// This delivery waits no more.
    Delivery(DeliveryId),
    /// This delivery of a log stream waits no more.
    LogStreamDelivery(LogStreamDeliveryId),
}

impl TimedChange {
    /// Whether it may be noticed late: there can be very many at one instant, and nothing else depends on them.
    pub(crate) fn may_be_late(&self) -> bool {
        matches!(self, Self::Delivery(_))
    }
}

/// When a thing changes by itself, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The first instant at which it has changed.
    pub(crate) at: Timestamp,
    /// When the wait for it began.
    pub(crate) since: Moment,
    pub(crate) change: TimedChange,
}
