//! The API keys of environments.

use jiff::Timestamp;

use super::EnvironmentId;
use crate::domain::ids::ApiKeyId;
use crate::domain::permissions::KeyPermissions;
use crate::domain::time::{Moment, Now};
use crate::domain::token::SecretHash;

/// What an API key is to be. Of the key itself only its hash is kept, and a hint to recognise it by.
#[derive(Clone, Debug)]
pub(crate) struct ApiKeySpec {
    pub(crate) hash: SecretHash,
    /// How it begins and ends.
    pub(crate) hint: Box<str>,
    pub(crate) permissions: KeyPermissions,
    /// The first instant on the environment's clock at which the key opens nothing.
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

/// An API key of an environment.
#[derive(Clone, Debug)]
pub(crate) struct ApiKey {
    pub(crate) id: ApiKeyId,
    pub(crate) environment: EnvironmentId,
    pub(crate) created: Moment,
    pub(crate) spec: ApiKeySpec,
}

/// How many characters of a key are shown at each end.
const SHOWN_FIRST: usize = 8;
const SHOWN_LAST: usize = 4;

impl ApiKeySpec {
    /// What is kept of a key that opens everything for ever.
    pub(crate) fn new(key: &str) -> Self {
        Self {
            hash: SecretHash::of(key),
            hint: hint(key).into(),
            permissions: KeyPermissions::Full,
            expires_at: None,
            revoked: false,
        }
    }
}

/// How a key begins and ends; nothing of one that is too short to hide anything then.
fn hint(key: &str) -> String {
    let length = key.chars().count();
    if length < 2 * (SHOWN_FIRST + SHOWN_LAST) {
        return "…".to_owned();
    }
    let first: String = key.chars().take(SHOWN_FIRST).collect();
    let last: String = key.chars().skip(length - SHOWN_LAST).collect();
    format!("{first}…{last}")
}

impl ApiKey {
    /// Whether the key opens its environment.
    pub(crate) fn is_open(&self, now: &Now) -> bool {
        let over = |at| now.has_reached(at, self.created);
        !self.spec.revoked && !self.spec.expires_at.is_some_and(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_hides_most_of_a_key() {
        assert_eq!(hint("sk_test_abcdefghijklmnopqrstuvwx"), "sk_test_…uvwx");
        assert_eq!(hint("sk_test_default"), "…");
        assert_eq!(hint("ééééééééééééééééééééééééé"), "éééééééé…éééé");
    }
}
