//! What a customer hands over in confidence.

use std::fmt;

/// A key, a token or a password that a customer hands over. `Debug` hides it; reading it takes [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The secret in plain.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "nothing is sent to a destination yet")
    )]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}
