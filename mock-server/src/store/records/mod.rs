//! What each kind of record can be found by.

mod audit_logs;
mod byok_keys;
mod connections;
mod deliveries;
mod directories;
mod directory_setups;
mod events;
mod exchanges;
mod it_contacts;
mod log_streams;
mod mails;
mod organizations;
mod portal;
mod sign_ins;
mod webhook_endpoints;

pub(crate) use audit_logs::{
    ActionKey, AuditLogEventKey, DownloadKey, ExportKey, SchemaKey, SettingsKey,
};
pub(crate) use byok_keys::ByokKeyKey;
pub(crate) use connections::{CertificateKey, ConnectionKey};
pub(crate) use deliveries::DeliveryKey;
pub(crate) use directories::{DirectoryGroupKey, DirectoryKey, DirectoryUserKey};
pub(crate) use directory_setups::DirectorySetupKey;
pub(crate) use events::EventKey;
pub(crate) use exchanges::ExchangeKey;
pub(crate) use it_contacts::ItContactKey;
pub(crate) use log_streams::{LogStreamDeliveryKey, LogStreamKey};
pub(crate) use organizations::OrganizationKey;
pub(crate) use portal::{LinkKey, SessionKey};
pub(crate) use sign_ins::SignInKey;
pub(crate) use webhook_endpoints::WebhookEndpointKey;

use super::{Position, Queued};
use crate::domain::delivery::{DeliveryState, QueueId};
use crate::domain::due::{Due, TimedChange};

/// What a delivery waits for, if it does.
fn due(state: DeliveryState, change: impl FnOnce() -> TimedChange) -> Option<Due> {
    let wait = state.wait()?;
    Some(Due {
        at: wait.until,
        since: wait.since,
        change: change(),
    })
}

/// Where a delivery stands in its queue, if its turn has come.
fn queued(
    state: DeliveryState,
    place: Position,
    queue: impl FnOnce() -> QueueId,
) -> Option<Queued> {
    (state == DeliveryState::Due).then(|| Queued {
        queue: queue(),
        place,
    })
}
