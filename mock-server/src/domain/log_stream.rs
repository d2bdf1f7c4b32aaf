//! Log streams: where the events of an organization's audit log are sent as they are logged.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::delivery::{Failure, Outcome};
use super::ids::{LogStreamId, OrganizationId};
use super::log_stream_settings::Settings;

/// The stream of an organization, which has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogStream {
    pub(crate) id: LogStreamId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) destination: Destination,
    pub(crate) state: StreamState,
    /// What the destination last did that was not to take an event, if that is what put the stream into its state.
    pub(crate) trouble: Option<Trouble>,
    pub(crate) last_synced_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What kind of thing takes the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// Datadog's intake of logs.
    Datadog,
    /// The HTTP event collector of a Splunk of the customer's own.
    Splunk,
    /// A bucket of S3.
    S3,
    /// A bucket of Google Cloud Storage.
    GoogleCloudStorage,
    /// A data collection endpoint of Microsoft Sentinel.
    AzureSentinel,
    /// A server of the customer's own.
    GenericHttps,
    /// A table of Snowflake.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShownState {
    /// Events are delivered.
    Active,
    /// It is not finished, or was stopped.
    Inactive,
    /// The destination fails, and is tried again.
    Error,
    /// The destination refuses the credentials or the settings.
    Invalid,
}

/// What a destination says to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It takes it.
    Taken,
    /// It refuses the credentials or another of the settings, so trying again is of no use.
    Refused,
    /// It cannot be reached, or fails.
    Failed,
}

/// What a destination did instead of taking an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It answered with this status.
    Answered(u16),
    /// It gave no whole answer.
    Failed(Failure),
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
    #[cfg(test)]
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

impl Verdict {
    /// What an attempt to deliver an event says. Any 2xx takes it. `WorkOS` documents that failures which can be retried are
    /// told from bad credentials and bad settings, not how: 401 and 403 are about credentials; 404, 405 and 410, and a
    /// redirect for good, about the address; 415 about the format. Everything else may work another time.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        match outcome {
            outcome if outcome.is_success() => Self::Taken,
            Outcome::Answered(answer) => match answer.status {
                301 | 308 | 401 | 403 | 404 | 405 | 410 | 415 => Self::Refused,
                _ => Self::Failed,
            },
            Outcome::Failed(_) | Outcome::NotDialled => Self::Failed,
        }
    }
}

impl Trouble {
    /// What an attempt says that did not deliver its event.
    pub(crate) fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            outcome if outcome.is_success() => None,
            Outcome::Answered(answer) => Some(Self::Answered(answer.status)),
            Outcome::Failed(failure) => Some(Self::Failed(*failure)),
            Outcome::NotDialled => None,
        }
    }

    /// Whether it was about the credentials.
    pub(crate) fn is_about_credentials(self) -> bool {
        matches!(self, Self::Answered(401 | 403))
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
            trouble: None,
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
        Self {
            trouble: self.trouble,
            ..self.with(state, now)
        }
    }

    /// The stream after a first event was sent, from whatever state.
    ///
    /// # Errors
    /// It has no settings.
    pub(crate) fn tested(&self, verdict: Verdict, now: Timestamp) -> Result<Self, NoWay> {
        let settings = Arc::clone(self.state.settings().ok_or(NoWay::WithoutSettings)?);
        let state = match verdict {
            Verdict::Taken => StreamState::Active(settings),
            Verdict::Refused => StreamState::Invalid(settings),
            Verdict::Failed => StreamState::Error(settings),
        };
        Ok(self.with(state, now))
    }

    /// The stream after an event was tried with its present settings. One that sends nothing stays as it is; one failure does
    /// not become the other.
    pub(crate) fn tried(&self, outcome: &Outcome, now: Timestamp) -> Self {
        let to = match (&self.state, Verdict::of(outcome)) {
            (StreamState::Unfinished(_) | StreamState::Paused(_), _) => return self.clone(),
            (_, Verdict::Taken) => ShownState::Active,
            (StreamState::Active(_), Verdict::Refused) => ShownState::Invalid,
            (StreamState::Active(_), Verdict::Failed) => ShownState::Error,
            (StreamState::Error(_) | StreamState::Invalid(_), _) => self.state.shown(),
        };
        Self {
            trouble: Trouble::of(outcome),
            ..self.moved(to, now).unwrap_or_else(|_| self.clone())
        }
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
            (_, ShownState::Active) => self.tested(Verdict::Taken, now),
            (ShownState::Active, ShownState::Error) => self.tested(Verdict::Failed, now),
            (ShownState::Active, ShownState::Invalid) => self.tested(Verdict::Refused, now),
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
            trouble: None,
            updated_at: now,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
