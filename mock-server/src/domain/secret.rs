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
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A text that somebody has answered who was told the secret, without it: some servers answer with what they were sent. A
    /// header's value is looked for as a whole and without the word before it, such as `Bearer`.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        let after = self.0.split_once(' ').map(|(_, after)| after);
        let mut hidden = text.to_owned();
        for secret in [Some(&*self.0), after].into_iter().flatten() {
            if secret.is_empty() {
                continue;
            }
            hidden = hidden.replace(secret, "[secret]");
            // The text may have been cut in the middle of it.
            let cut = (MEANINGFUL..secret.len()).rev();
            let cut = cut.filter(|length| secret.is_char_boundary(*length));
            if let Some(beginning) = cut
                .map(|length| &secret[..length])
                .find(|beginning| hidden.ends_with(beginning))
            {
                hidden.truncate(hidden.len() - beginning.len());
                hidden.push_str("[secret]");
            }
        }
        hidden
    }
}

/// How much of the beginning of a secret at the end of a text is not by chance.
const MEANINGFUL: usize = 8;

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_not_repeated() {
        let secret = Secret::new("Bearer hush-hush-hush");
        for (text, expected) in [
            ("no", "no"),
            ("you sent Bearer hush-hush-hush!", "you sent [secret]!"),
            (
                "the token hush-hush-hush is none",
                "the token [secret] is none",
            ),
            ("you sent Bearer hush-", "you sent [secret]"),
            ("the token hush-hush-", "the token [secret]"),
            ("hush-h", "hush-h"),
        ] {
            assert_eq!(secret.hidden_in(text), expected);
        }
        assert_eq!(Secret::new("").hidden_in("as it is"), "as it is");
        assert_eq!(Secret::new("é").hidden_in("né"), "n[secret]");
    }
}
