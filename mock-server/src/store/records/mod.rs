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
