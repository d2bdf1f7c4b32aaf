//! Bearer tokens with which a provider sends users and groups to a directory by SCIM.

use jiff::Timestamp;

use super::ids::{DirectoryId, DirectoryTokenId, OrganizationId};
use super::token::{SecretHash, Token};

/// How many characters of a token tell it from others.
const SUFFIX: usize = 4;

/// The token of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectoryToken {
    pub(crate) id: DirectoryTokenId,
    pub(crate) hash: SecretHash,
    /// Its last characters.
    pub(crate) suffix: String,
    /// The token itself, until the visitor says that it is copied.
    pub(crate) shown: Option<Token>,
    pub(crate) created_at: Timestamp,
}

impl DirectoryToken {
    pub(crate) fn new(id: DirectoryTokenId, token: Token, now: Timestamp) -> Self {
        let text = token.expose();
        // Tokens are letters and digits of ASCII, and longer than this.
        let suffix = text[text.len() - SUFFIX..].to_owned();
        Self {
            id,
            hash: token.hash(),
            suffix,
            shown: Some(token),
            created_at: now,
        }
    }
}

/// What happened to a token of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectoryTokenEvent {
    pub(crate) what: TokenChange,
    pub(crate) id: DirectoryTokenId,
    pub(crate) directory_id: DirectoryId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) suffix: String,
    /// When the token was made.
    pub(crate) created_at: Timestamp,
}

/// What can happen to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenChange {
    Created,
    Revoked,
}

impl DirectoryTokenEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self.what {
            TokenChange::Created => "dsync.token.created",
            TokenChange::Revoked => "dsync.token.revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::EnvironmentId;

    #[test]
    fn debug_shows_no_more_than_the_suffix() {
        let token = Token::new(&EnvironmentId::new(Ulid(1)), [7; 32]);
        let text = token.expose().to_owned();
        let kept =
            DirectoryToken::new(DirectoryTokenId::new(Ulid(2)), token, Timestamp::UNIX_EPOCH);
        assert!(text.ends_with(&kept.suffix) && kept.suffix.len() == SUFFIX);
        let shown = format!("{kept:?}");
        assert!(!shown.contains(&text[text.len() - 6..]), "{shown}");
    }
}
