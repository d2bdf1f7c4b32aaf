//! Webhook endpoints.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::config::Secret;

/// An address of the app that events are sent to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeedWebhookEndpoint")]
pub struct WebhookEndpoint {
    /// Where events are sent. No other endpoint has the address.
    #[schemars(length(min = 1))]
    pub endpoint_url: String,
    /// The names of the events that are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// What deliveries are signed with: visible ASCII characters. Usually made up.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "exposed"
    )]
    pub secret: Option<Secret>,
    /// Whether events are sent.
    #[serde(default, skip_serializing_if = "EndpointStatus::is_usual")]
    pub status: EndpointStatus,
    /// Its id: `we_` and a ULID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When it was made. Usually now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed. Usually when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// Whether events are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SeedEndpointStatus")]
pub enum EndpointStatus {
    /// They are.
    #[default]
    Enabled,
    /// They are not.
    Disabled,
}

impl EndpointStatus {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "what serde asks is a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::Enabled
    }
}

/// A snapshot has the secret in plain: what is restored has to sign as before.
#[expect(clippy::ref_option, reason = "what serde gives is a reference")]
fn exposed<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}
