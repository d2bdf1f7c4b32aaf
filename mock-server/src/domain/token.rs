//! Tokens: what opens a portal link or holds a portal session. They name their environment and are kept as a hash.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use ulid::Ulid;

use super::ids::{self, EnvironmentId, Id as _};

/// How many random bytes a token has.
pub(crate) const TOKEN_BYTES: usize = 32;

/// A token in plain. Whoever has it, is let in; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    environment: EnvironmentId,
    text: Box<str>,
}

/// What is kept of a secret: its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SecretHash([u8; 32]);

impl Token {
    /// A token of `environment`, with its randomness.
    pub(crate) fn new(environment: &EnvironmentId, bytes: [u8; TOKEN_BYTES]) -> Self {
        let ulid = &environment.as_str()[EnvironmentId::PREFIX.len()..];
        let text = format!("{ulid}.{}", URL_SAFE_NO_PAD.encode(bytes));
        Self {
            environment: environment.clone(),
            text: text.into(),
        }
    }

    /// Reads what may be a token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (ulid, random) = text.split_once('.')?;
        let ulid: Ulid = ids::ulid_of("", ulid)?;
        if URL_SAFE_NO_PAD.decode(random).ok()?.len() != TOKEN_BYTES {
            return None;
        }
        Some(Self {
            environment: EnvironmentId::new(ulid),
            text: text.into(),
        })
    }

    /// The environment that made the token.
    pub(crate) fn environment(&self) -> &EnvironmentId {
        &self.environment
    }

    /// The token in plain, for the link or the cookie.
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.text)
    }
}

impl SecretHash {
    /// The hash of a secret text.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[hash]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(environment: u128) -> Token {
        Token::new(&EnvironmentId::new(Ulid(environment)), [7; TOKEN_BYTES])
    }

    #[test]
    fn a_token_names_its_environment_and_reads_back() {
        let token = token(1);
        let read = Token::parse(token.expose()).unwrap();
        assert_eq!(read, token);
        assert_eq!(read.hash(), token.hash());
        assert_eq!(read.environment(), &EnvironmentId::new(Ulid(1)));
    }

    #[test]
    fn the_same_randomness_in_two_environments_gives_two_tokens() {
        assert_ne!(token(1).hash(), token(2).hash());
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let token = token(1);
        let shown = format!("{token:?} {:?}", token.hash());
        assert!(shown.contains("environment_"), "{shown}");
        assert!(!shown.contains(&token.expose()[27..]), "{shown}");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in [
            "",
            ".",
            "a.b",
            "01J0000000000000000000000A",
            "01J0000000000000000000000A.",
            "é.é",
        ] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
        let short = "01J0000000000000000000000A.BwcHBwcHBwcHBwcHBwcHBw";
        assert_eq!(Token::parse(short), None);
    }
}
