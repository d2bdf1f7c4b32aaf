//! Log streams: where the events of an organization's audit log are sent as they are logged.

use std::sync::Arc;

use jiff::Timestamp;

use super::audit_log::AuditLogEvent;
use super::ids::{LogStreamDeliveryId, LogStreamId, OrganizationId};
use super::log_stream_settings::Settings;

/// How many deliveries are kept of a stream; the oldest go first.
pub(crate) const MAX_DELIVERIES: usize = 100;

/// The stream of an organization, which has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogStream {
    pub(crate) id: LogStreamId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) destination: Destination,
    pub(crate) state: StreamState,
    pub(crate) last_synced_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What kind of thing takes the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Datadog,
    Splunk,
    S3,
    GoogleCloudStorage,
    AzureSentinel,
    GenericHttps,
    Snowflake,
}

/// How far a stream is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StreamState {
    /// The destination is chosen; nothing was sent yet.
    Unfinished(Option<Arc<Settings>>),
    /// Events are delivered.
    Active(Arc<Settings>),
    /// An admin has stopped it.
    Paused(Arc<Settings>),
    /// The destination could not take the last events, and is tried again.
    Error(Arc<Settings>),
    /// The destination refuses the credentials or the settings, and is not tried again.
    Invalid(Arc<Settings>),
}

/// A state as `WorkOS` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownState {
    Active,
    Inactive,
    Error,
    Invalid,
}

/// What comes of sending a first event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestOutcome {
    /// The destination takes it.
    Active,
    /// The destination refuses the credentials.
    InvalidCredentials,
    /// The destination cannot be reached, or fails.
    Error,
}

/// Why a stream does not get into a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoWay {
    /// Nobody has said yet how the destination is reached.
    #[error("has no settings yet, so nothing can be sent")]
    WithoutSettings,
    /// What sends nothing cannot fail.
    #[error("sends nothing while it is inactive, so no delivery can fail")]
    Inactive,
    /// One failure does not become another.
    #[error("fails in another way already; let it become active first")]
    FailsAlready,
}

/// An event on its way to a destination.
#[derive(Clone, Debug)]
pub(crate) struct LogStreamDelivery {
    pub(crate) id: LogStreamDeliveryId,
    pub(crate) stream_id: LogStreamId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) event: Arc<AuditLogEvent>,
    /// How the destination was reached when the event was logged.
    pub(crate) settings: Arc<Settings>,
    pub(crate) created_at: Timestamp,
    /// When the destination took it; nothing while it is still to be tried again.
    pub(crate) delivered_at: Option<Timestamp>,
}

impl Destination {
    /// Every kind, in the order in which they are offered.
    pub(crate) const ALL: [Self; 7] = [
        Self::Datadog,
        Self::Splunk,
        Self::S3,
        Self::GoogleCloudStorage,
        Self::AzureSentinel,
        Self::GenericHttps,
        Self::Snowflake,
    ];

    /// Its name in `WorkOS`'s API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Datadog => "Datadog",
            Self::Splunk => "Splunk",
            Self::S3 => "S3",
            Self::GoogleCloudStorage => "GoogleCloudStorage",
            Self::AzureSentinel => "AzureSentinel",
            Self::GenericHttps => "GenericHttps",
            Self::Snowflake => "Snowflake",
        }
    }

    /// The kind with this name in the API.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// What a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Datadog => "Datadog",
            Self::Splunk => "Splunk",
            Self::S3 => "Amazon S3",
            Self::GoogleCloudStorage => "Google Cloud Storage",
            Self::AzureSentinel => "Microsoft Sentinel",
            Self::GenericHttps => "Generic HTTPS",
            Self::Snowflake => "Snowflake",
        }
    }

    /// What its icon is filed under.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Datadog => "datadog",
            Self::Splunk => "splunk",
            Self::S3 => "s3",
            Self::GoogleCloudStorage => "google-cloud",
            Self::AzureSentinel => "microsoft",
            Self::GenericHttps => "generic-https",
            Self::Snowflake => "snowflake",
        }
    }
}

impl ShownState {
    pub(crate) const ALL: [Self; 4] = [Self::Active, Self::Inactive, Self::Error, Self::Invalid];

    /// Its name in `WorkOS`'s API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Error => "error",
            Self::Invalid => "invalid",
        }
    }
}

impl StreamState {
    /// The state as `WorkOS` names it: what is unfinished or paused is inactive.
    pub(crate) fn shown(&self) -> ShownState {
        match self {
            Self::Unfinished(_) | Self::Paused(_) => ShownState::Inactive,
            Self::Active(_) => ShownState::Active,
            Self::Error(_) => ShownState::Error,
            Self::Invalid(_) => ShownState::Invalid,
        }
    }

    /// How the destination is reached, once somebody has said so.
    pub(crate) fn settings(&self) -> Option<&Arc<Settings>> {
        match self {
            Self::Unfinished(settings) => settings.as_ref(),
            Self::Active(settings)
            | Self::Paused(settings)
            | Self::Error(settings)
            | Self::Invalid(settings) => Some(settings),
        }
    }
}

impl LogStream {
    /// A stream whose destination is chosen and no more.
    pub(crate) fn new(
        id: LogStreamId,
        organization_id: OrganizationId,
        destination: Destination,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            organization_id,
            destination,
            state: StreamState::Unfinished(None),
            last_synced_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The stream with other settings, in the state that it was in.
    pub(crate) fn configured(&self, settings: Settings, now: Timestamp) -> Self {
        let settings = Arc::new(settings);
        let state = match self.state {
            StreamState::Unfinished(_) => StreamState::Unfinished(Some(settings)),
            StreamState::Active(_) => StreamState::Active(settings),
            StreamState::Paused(_) => StreamState::Paused(settings),
            StreamState::Error(_) => StreamState::Error(settings),
            StreamState::Invalid(_) => StreamState::Invalid(settings),
        };
        self.with(state, now)
    }

    /// The stream after a first event was sent, from whatever state.
    ///
    /// # Errors
    /// It has no settings.
    pub(crate) fn tested(&self, outcome: TestOutcome, now: Timestamp) -> Result<Self, NoWay> {
        let settings = Arc::clone(self.state.settings().ok_or(NoWay::WithoutSettings)?);
        let state = match outcome {
            TestOutcome::Active => StreamState::Active(settings),
            TestOutcome::InvalidCredentials => StreamState::Invalid(settings),
            TestOutcome::Error => StreamState::Error(settings),
        };
        Ok(self.with(state, now))
    }

    /// The stream after an admin has stopped it. What is unfinished has not begun.
    pub(crate) fn paused(&self, now: Timestamp) -> Self {
        match &self.state {
            StreamState::Unfinished(_) | StreamState::Paused(_) => self.clone(),
            StreamState::Active(settings)
            | StreamState::Error(settings)
            | StreamState::Invalid(settings) => {
                self.with(StreamState::Paused(Arc::clone(settings)), now)
            }
        }
    }

    /// The stream after it got into a state by itself, along the ways that `WorkOS` documents. It is the same when it is in
    /// that state.
    ///
    /// # Errors
    /// No way leads there.
    pub(crate) fn moved(&self, to: ShownState, now: Timestamp) -> Result<Self, NoWay> {
        let from = self.state.shown();
        match (from, to) {
            _ if from == to => Ok(self.clone()),
            (_, ShownState::Inactive) => Ok(self.paused(now)),
            (_, ShownState::Active) => self.tested(TestOutcome::Active, now),
            (ShownState::Active, ShownState::Error) => self.tested(TestOutcome::Error, now),
            (ShownState::Active, ShownState::Invalid) => {
                self.tested(TestOutcome::InvalidCredentials, now)
            }
            (ShownState::Inactive, _) => Err(NoWay::Inactive),
            (ShownState::Error | ShownState::Invalid, _) => Err(NoWay::FailsAlready),
        }
    }

    /// The stream after events were delivered.
    pub(crate) fn synced(&self, now: Timestamp) -> Self {
        Self {
            last_synced_at: Some(now),
            ..self.clone()
        }
    }

    fn with(&self, state: StreamState, now: Timestamp) -> Self {
        Self {
            state,
            updated_at: now,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::log_stream_settings::DatadogSettings;
    use crate::domain::secret::Secret;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn stream() -> LogStream {
        LogStream::new(
            LogStreamId::new(Ulid(1)),
            OrganizationId::test(),
            Destination::Datadog,
            at(0),
        )
    }

    fn settings() -> Settings {
        Settings::Datadog(DatadogSettings {
            region: "US1",
            api_key: Secret::new("hush"),
        })
    }

    fn in_state(state: ShownState) -> LogStream {
        let active = stream()
            .configured(settings(), at(1))
            .tested(TestOutcome::Active, at(2))
            .unwrap();
        active.moved(state, at(3)).unwrap()
    }

    #[test]
    fn only_the_documented_ways_are_gone() {
        use ShownState::{Active, Error, Inactive, Invalid};
        for (from, to, expected) in [
            (Active, Error, Ok(Error)),
            (Active, Invalid, Ok(Invalid)),
            (Active, Inactive, Ok(Inactive)),
            (Error, Active, Ok(Active)),
            (Error, Inactive, Ok(Inactive)),
            (Error, Invalid, Err(NoWay::FailsAlready)),
            (Invalid, Active, Ok(Active)),
            (Invalid, Inactive, Ok(Inactive)),
            (Invalid, Error, Err(NoWay::FailsAlready)),
            (Inactive, Active, Ok(Active)),
            (Inactive, Error, Err(NoWay::Inactive)),
            (Inactive, Invalid, Err(NoWay::Inactive)),
        ] {
            let moved = in_state(from).moved(to, at(9));
            assert_eq!(
                moved.as_ref().map(|stream| stream.state.shown()),
                expected.as_ref().map(|state| *state),
                "{from:?} {to:?}"
            );
            if let Ok(moved) = moved {
                assert_eq!(moved.updated_at, at(9));
            }
        }
        for state in ShownState::ALL {
            let stream = in_state(state);
            assert_eq!(stream.moved(state, at(9)), Ok(stream));
        }
    }

    #[test]
    fn nothing_is_sent_without_settings() {
        let unfinished = stream();
        assert_eq!(unfinished.state.shown(), ShownState::Inactive);
        assert_eq!(
            unfinished.moved(ShownState::Active, at(1)),
            Err(NoWay::WithoutSettings)
        );
        for outcome in [TestOutcome::Active, TestOutcome::Error] {
            let tested = unfinished.tested(outcome, at(1));
            assert_eq!(tested, Err(NoWay::WithoutSettings));
        }
        assert_eq!(unfinished.paused(at(1)), unfinished);
    }

    #[test]
    fn other_settings_leave_the_state_and_print_no_secret() {
        for state in ShownState::ALL {
            let stream = in_state(state).configured(settings(), at(5));
            assert_eq!(stream.state.shown(), state);
            assert!(!format!("{stream:?}").contains("hush"));
        }
    }

    #[test]
    fn every_destination_reads_back() {
        for one in Destination::ALL {
            assert_eq!(Destination::parse(one.as_str()), Some(one));
        }
        assert_eq!(Destination::parse("datadog"), None);
    }
}
