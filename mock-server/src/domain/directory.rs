//! Directories: an organization's employees, as an identity provider or an HR system tells of them.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Error;
use super::directory_user::UserState;
use super::domain_name::DomainName;
use super::ids::{DirectoryId, Id as _, OrganizationId};
use super::organization_domain::OrganizationDomain;
use super::time::{Moment, Now};

/// A directory of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) id: DirectoryId,
    pub(crate) organization_id: OrganizationId,
    /// 16 random letters and digits that name the directory outside the API.
    pub(crate) external_key: String,
    pub(crate) kind: DirectoryType,
    pub(crate) state: DirectoryState,
    pub(crate) name: String,
    pub(crate) domain: Option<DomainName>,
    /// How many users and groups it has.
    pub(crate) counts: Counts,
    /// When it was last synced by hand.
    pub(crate) synced: Option<Moment>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// How many users and groups a directory has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Users who are active.
    pub(crate) active: usize,
    /// Users who are inactive or suspended.
    pub(crate) inactive: usize,
    pub(crate) groups: usize,
}

impl Counts {
    /// The number that a user in this state counts in.
    pub(crate) fn users_in(&mut self, state: UserState) -> &mut usize {
        match state {
            UserState::Active => &mut self.active,
            UserState::Suspended | UserState::Inactive => &mut self.inactive,
        }
    }
}

/// How far a directory has come. The API and events have two words for some of the states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryState {
    /// It syncs.
    #[default]
    Linked,
    /// Its settings are being checked.
    Validating,
    /// The provider refuses its credentials.
    InvalidCredentials,
    /// It is disconnected.
    Unlinked,
    /// It is being removed.
    Deleting,
}

impl DirectoryState {
    #[cfg(test)]
    const ALL: [Self; 5] = [
        Self::Linked,
        Self::Validating,
        Self::InvalidCredentials,
        Self::Unlinked,
        Self::Deleting,
    ];

    /// The word of the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Validating => "validating",
            Self::InvalidCredentials => "invalid_credentials",
            Self::Unlinked => "unlinked",
            Self::Deleting => "deleting",
        }
    }

    /// The word of events.
    pub(crate) fn in_events(self) -> &'static str {
        match self {
            Self::Linked => "active",
            Self::Unlinked => "inactive",
            Self::Validating | Self::InvalidCredentials | Self::Deleting => self.as_str(),
        }
    }
}

/// Where a directory's users come from, by the name that `WorkOS` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryType {
    /// `azure scim v2.0`.
    AzureScim,
    /// `bamboohr`.
    BambooHr,
    /// `breathe hr`.
    BreatheHr,
    /// `cezanne hr`.
    CezanneHr,
    /// `cyberark scim v2.0`.
    CyberArkScim,
    /// `fourth hr`.
    FourthHr,
    /// `generic scim v2.0`.
    GenericScim,
    /// `gsuite directory`.
    GoogleWorkspace,
    /// `hibob`.
    Hibob,
    /// `sailpoint scim v2.0`.
    SailPointScim,
    /// `jump cloud scim v2.0`.
    JumpCloudScim,
    /// `okta scim v2.0`.
    OktaScim,
    /// `onelogin scim v2.0`.
    OneLoginScim,
    /// `people hr`.
    PeopleHr,
    /// `personio`.
    Personio,
    /// `pingfederate scim v2.0`.
    PingFederateScim,
    /// `rippling scim v2.0`.
    RipplingScim,
    /// `s3`.
    S3,
    /// `sftp`.
    Sftp,
    /// `sftp workday`.
    SftpWorkday,
    /// `workday`.
    Workday,
}

impl DirectoryType {
    pub(crate) const ALL: [Self; 21] = [
        Self::AzureScim,
        Self::BambooHr,
        Self::BreatheHr,
        Self::CezanneHr,
        Self::CyberArkScim,
        Self::FourthHr,
        Self::GenericScim,
        Self::GoogleWorkspace,
        Self::Hibob,
        Self::SailPointScim,
        Self::JumpCloudScim,
        Self::OktaScim,
        Self::OneLoginScim,
        Self::PeopleHr,
        Self::Personio,
        Self::PingFederateScim,
        Self::RipplingScim,
        Self::S3,
        Self::Sftp,
        Self::SftpWorkday,
        Self::Workday,
    ];

    /// The words of `WorkOS`, spaces included.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AzureScim => "azure scim v2.0",
            Self::BambooHr => "bamboohr",
            Self::BreatheHr => "breathe hr",
            Self::CezanneHr => "cezanne hr",
            Self::CyberArkScim => "cyberark scim v2.0",
            Self::FourthHr => "fourth hr",
            Self::GenericScim => "generic scim v2.0",
            Self::GoogleWorkspace => "gsuite directory",
            Self::Hibob => "hibob",
            Self::SailPointScim => "sailpoint scim v2.0",
            Self::JumpCloudScim => "jump cloud scim v2.0",
            Self::OktaScim => "okta scim v2.0",
            Self::OneLoginScim => "onelogin scim v2.0",
            Self::PeopleHr => "people hr",
            Self::Personio => "personio",
            Self::PingFederateScim => "pingfederate scim v2.0",
            Self::RipplingScim => "rippling scim v2.0",
            Self::S3 => "s3",
            Self::Sftp => "sftp",
            Self::SftpWorkday => "sftp workday",
            Self::Workday => "workday",
        }
    }

    /// Whether the provider sends its users and groups by SCIM, showing a token of ours.
    pub(crate) fn is_scim(self) -> bool {
        matches!(
            self,
            Self::AzureScim
                | Self::CyberArkScim
                | Self::GenericScim
                | Self::SailPointScim
                | Self::JumpCloudScim
                | Self::OktaScim
                | Self::OneLoginScim
                | Self::PingFederateScim
                | Self::RipplingScim
        )
    }
}

impl Serialize for DirectoryType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DirectoryType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        let found = Self::ALL.into_iter().find(|one| one.as_str() == name);
        found.ok_or_else(|| D::Error::custom("there is no such type of directory"))
    }
}

impl JsonSchema for DirectoryType {
    fn schema_name() -> Cow<'static, str> {
        "DirectoryType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "enum": Self::ALL.map(Self::as_str),
            "description": "Where a directory's users come from, by the name that WorkOS gives it.",
        })
    }
}

/// What happened to a directory, with the directory as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DirectoryEvent {
    /// It began to sync, for an organization with these domains.
    Activated {
        directory: Arc<Directory>,
        domains: Vec<Arc<OrganizationDomain>>,
    },
    /// It is gone with its users and groups, which tell nothing of themselves. Its state is the last it had.
    Deleted(Arc<Directory>),
}

impl DirectoryEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Activated { .. } => "dsync.activated",
            Self::Deleted(_) => "dsync.deleted",
        }
    }

    pub(crate) fn directory(&self) -> &Directory {
        let (Self::Activated { directory, .. } | Self::Deleted(directory)) = self;
        directory
    }
}

/// How long a sync by hand runs. Ours: `WorkOS` says only that it queues one.
const SYNC_RUNS: SignedDuration = SignedDuration::from_secs(10);
/// How long after a sync by hand there can be no other; documented.
const SYNC_COOLDOWN: SignedDuration = SignedDuration::from_mins(5);

impl Directory {
    /// Begins a sync by hand. It runs for ten seconds; the next one can begin five minutes after this one.
    ///
    /// # Errors
    /// The directory's type or state does not allow one, one is running, or the last one was too short a time ago.
    pub(crate) fn sync(&mut self, now: &Now) -> Result<(), Error> {
        if self.kind != DirectoryType::GoogleWorkspace {
            return Err(Error::SyncUnsupported(
                "Only Google Workspace directories can be synced by hand.",
            ));
        }
        if !matches!(
            self.state,
            DirectoryState::Linked | DirectoryState::Validating
        ) {
            return Err(Error::SyncUnsupported(
                "Only directories that are linked or validating can be synced by hand.",
            ));
        }
        // A sync later than the clock shows is over: the clock was set back, and the wait would be longer than any.
        if let Some(last) = self.synced.filter(|last| last.at <= now.at()) {
            if !now.has_reached(last.plus(SYNC_RUNS), last) {
                return Err(Error::SyncInProgress(self.id.as_str().to_owned()));
            }
            let again = last.plus(SYNC_COOLDOWN);
            if !now.has_reached(again, last) {
                let wait = again.duration_since(now.at());
                let rest = i64::from(wait.subsec_nanos() > 0);
                return Err(Error::SyncTooSoon {
                    retry_after_seconds: (wait.as_secs() + rest).max(1),
                });
            }
        }
        self.synced = Some(now.moment());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::time::Turns;

    fn directory() -> Directory {
        Directory {
            id: DirectoryId::new(Ulid(1)),
            organization_id: OrganizationId::test(),
            external_key: "key".into(),
            kind: DirectoryType::GoogleWorkspace,
            state: DirectoryState::Linked,
            name: "Acme".into(),
            domain: None,
            counts: Counts::default(),
            synced: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn now(millisecond: i64, turns: &Turns) -> Now {
        let at = Timestamp::from_millisecond(millisecond).unwrap();
        Now::new(at, Arc::new(turns.clone()))
    }

    fn too_soon(retry_after_seconds: i64) -> Result<(), Error> {
        Err(Error::SyncTooSoon {
            retry_after_seconds,
        })
    }

    #[test]
    fn a_sync_runs_ten_seconds_and_is_the_only_one_for_five_minutes() {
        let turns = Turns::default();
        let mut directory = directory();
        let running = Err(Error::SyncInProgress(directory.id.as_str().into()));
        for (millisecond, expected) in [
            (0, Ok(())),
            (0, running.clone()),
            (9_999, running),
            (10_000, too_soon(290)),
            (10_001, too_soon(290)),
            (299_999, too_soon(1)),
            (300_000, Ok(())),
        ] {
            assert_eq!(
                directory.sync(&now(millisecond, &turns)),
                expected,
                "{millisecond}"
            );
        }
    }

    #[test]
    fn a_clock_set_back_makes_no_wait_longer() {
        let mut turns = Turns::default();
        let mut directory = directory();
        directory.sync(&now(600_000, &turns)).unwrap();
        turns.push(Timestamp::from_millisecond(600_000).unwrap());
        assert_eq!(directory.sync(&now(0, &turns)), Ok(()));
    }

    #[test]
    fn only_some_directories_are_synced_by_hand() {
        let turns = Turns::default();
        for kind in DirectoryType::ALL {
            for state in DirectoryState::ALL {
                let mut directory = Directory {
                    kind,
                    state,
                    ..directory()
                };
                let expected = kind == DirectoryType::GoogleWorkspace
                    && matches!(state, DirectoryState::Linked | DirectoryState::Validating);
                assert_eq!(directory.sync(&now(0, &turns)).is_ok(), expected);
            }
        }
    }
}
