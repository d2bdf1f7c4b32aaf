//! How long an organization's audit log is kept.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::error::{Rule, Violation};
use crate::domain::ids::{AuditLogSettingsId, OrganizationId};
use crate::domain::log_stream::LogStream;
use crate::domain::time::{Moment, Now};

/// What is set for an organization's audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditLogSettings {
    pub(crate) id: AuditLogSettingsId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) retention: Retention,
}

/// What is configured for an organization's audit log.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    pub(crate) organization_id: OrganizationId,
    /// What is set, or else what holds without it.
    pub(crate) retention: Retention,
    /// The stream that carries the events elsewhere.
    pub(crate) log_stream: Option<Arc<LogStream>>,
}

/// How long events are kept, counted from when they were logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retention {
    days: u16,
}

impl Default for Retention {
    /// Thirty days, the shorter of the two periods of `WorkOS`'s document.
    fn default() -> Self {
        Self { days: 30 }
    }
}

impl Retention {
    /// The retention that a request asks for, in exactly one of two forms: `6_MONTHS`, `1_YEAR` or days.
    ///
    /// # Errors
    /// Neither form, both, or a period that there is not.
    pub(crate) fn asked_for(period: Option<&str>, days: Option<u16>) -> Result<Self, Violation> {
        let one_of = "Give retention_period or retention_period_in_days, and not both.";
        match (period, days) {
            (Some(period), None) => Self::named(period).ok_or_else(|| {
                let message = "retention_period is none that can be chosen.";
                Violation::new("retention_period", Rule::Value, message)
            }),
            (None, Some(days)) => Ok(Self { days }),
            (None, None) => Err(Violation::new("retention_period", Rule::Required, one_of)),
            (Some(_), Some(_)) => {
                let field = "retention_period_in_days";
                Err(Violation::new(field, Rule::Value, one_of))
            }
        }
    }

    /// A month has 30 days and a year 365, as in the older form.
    fn named(period: &str) -> Option<Self> {
        let (count, unit) = period.split_once('_')?;
        let days = match unit {
            "MONTH" | "MONTHS" => 30,
            "YEAR" | "YEARS" => 365,
            _ => return None,
        };
        let days = count.parse::<u16>().ok()?.checked_mul(days)?;
        Some(Self { days })
    }

    pub(crate) fn days(self) -> u16 {
        self.days
    }

    /// Whether an event that was logged at `logged` is gone. It is from the instant on at which its days are over.
    pub(crate) fn is_over(self, logged: Moment, now: &Now) -> bool {
        now.has_reached(self.end(logged), logged)
    }

    fn end(self, logged: Moment) -> Timestamp {
        logged.plus(SignedDuration::from_hours(24 * i64::from(self.days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Turns;

    #[test]
    fn both_forms_mean_the_same_days() {
        for (period, days) in [
            ("1_MONTH", 30),
            ("11_MONTHS", 330),
            ("1_YEAR", 365),
            ("10_YEARS", 3_650),
        ] {
            let named = Retention::asked_for(Some(period), None).unwrap();
            assert_eq!(named, Retention::asked_for(None, Some(days)).unwrap());
        }
    }

    #[test]
    fn exactly_one_form_is_taken() {
        let told = |period, days| {
            let violation = Retention::asked_for(period, days).unwrap_err();
            (violation.field, violation.rule)
        };
        assert_eq!(
            told(None, None),
            ("retention_period".into(), Rule::Required)
        );
        assert_eq!(
            told(Some("1_YEAR"), Some(30)),
            ("retention_period_in_days".into(), Rule::Value)
        );
        for period in ["", "YEAR", "1_DAY", "x_YEARS", "9999_YEARS"] {
            assert_eq!(told(Some(period), None).0, "retention_period", "{period}");
        }
    }

    #[test]
    fn an_event_is_gone_at_the_instant_its_days_are_over() {
        let turns = Arc::new(Turns::default());
        let now = |second| Now::new(Timestamp::from_second(second).unwrap(), Arc::clone(&turns));
        let logged = now(0).moment();
        let month = 30 * 24 * 60 * 60;
        assert!(!Retention::default().is_over(logged, &now(month - 1)));
        assert!(Retention::default().is_over(logged, &now(month)));
    }
}
