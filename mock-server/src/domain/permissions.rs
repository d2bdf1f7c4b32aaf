//! What an API key may be used for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an API key may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyPermissions {
    /// Everything.
    #[default]
    Full,
    /// What changes nothing; anything else is answered 403.
    ReadOnly,
}
