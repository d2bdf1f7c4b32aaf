//! What a portal link is for.

use serde::Deserialize;

/// What a portal link is for, as `WorkOS` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Intent {
    /// Set up or manage single sign-on.
    Sso,
    /// Set up or manage a directory.
    Dsync,
    /// Read audit logs.
    AuditLogs,
    /// Set up or manage log streams.
    LogStreams,
    /// Verify a domain.
    DomainVerification,
    /// Renew a connection's certificate.
    CertificateRenewal,
    /// Bring a key of one's own.
    BringYourOwnKey,
}

/// What a portal link opens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A menu of everything that the portal has.
    Everything,
    /// One thing.
    One(Intent),
    /// A menu of several.
    Several(Vec<Intent>),
}

impl Purpose {
    /// The purpose of a link for `intents`, each of them once.
    pub(crate) fn of(intents: impl IntoIterator<Item = Intent>) -> Self {
        let mut distinct = Vec::new();
        for intent in intents {
            if !distinct.contains(&intent) {
                distinct.push(intent);
            }
        }
        match distinct.as_slice() {
            [] => Self::Everything,
            [only] => Self::One(*only),
            _ => Self::Several(distinct),
        }
    }

    /// What it names, each once; nothing for a menu of everything.
    pub(crate) fn intents(&self) -> Vec<Intent> {
        match self {
            Self::Everything => Vec::new(),
            Self::One(intent) => vec![*intent],
            Self::Several(intents) => intents.clone(),
        }
    }

    /// The one thing it is, if it is one.
    pub(crate) fn single(&self) -> Option<Intent> {
        match self {
            Self::One(intent) => Some(*intent),
            Self::Everything | Self::Several(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_has_each_intent_once() {
        use Intent::{Dsync, Sso};
        assert_eq!(Purpose::of([]), Purpose::Everything);
        assert_eq!(Purpose::of([Sso, Sso]), Purpose::One(Sso));
        assert_eq!(
            Purpose::of([Dsync, Sso, Dsync]),
            Purpose::Several(vec![Dsync, Sso])
        );
        assert_eq!(Purpose::of(Some(Sso)).single(), Some(Sso));
        assert_eq!(Purpose::of([Dsync, Sso]).single(), None);
    }
}
