//! What a portal link is for.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a portal link is for, as `WorkOS` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Intent {
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

impl Intent {
    /// Every intent, in the order of the menu.
    pub(crate) const ALL: [Self; 7] = [
        Self::Sso,
        Self::Dsync,
        Self::DomainVerification,
        Self::AuditLogs,
        Self::LogStreams,
        Self::CertificateRenewal,
        Self::BringYourOwnKey,
    ];

    /// As `WorkOS` names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sso => "sso",
            Self::Dsync => "dsync",
            Self::AuditLogs => "audit_logs",
            Self::LogStreams => "log_streams",
            Self::DomainVerification => "domain_verification",
            Self::CertificateRenewal => "certificate_renewal",
            Self::BringYourOwnKey => "bring_your_own_key",
        }
    }

    /// The intent of this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.as_str() == name)
    }
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

    /// Whether it opens on this, alone or in a menu.
    pub(crate) fn includes(&self, intent: Intent) -> bool {
        match self {
            Self::Everything => true,
            Self::One(one) => *one == intent,
            Self::Several(several) => several.contains(&intent),
        }
    }

    /// What it opens on, in the order of the menu.
    pub(crate) fn menu(&self) -> Vec<Intent> {
        let mut menu = Intent::ALL.to_vec();
        menu.retain(|intent| self.includes(*intent));
        menu
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
    fn intents_have_the_names_of_the_document() {
        for intent in Intent::ALL {
            let name = serde_json::json!(intent.as_str());
            assert_eq!(serde_json::from_value::<Intent>(name).unwrap(), intent);
            assert_eq!(Intent::parse(intent.as_str()), Some(intent));
        }
        assert_eq!(Intent::parse("banana"), None);
    }

    #[test]
    fn a_menu_has_what_the_purpose_includes() {
        use Intent::{Dsync, LogStreams, Sso};
        assert_eq!(Purpose::Everything.menu(), Intent::ALL);
        assert_eq!(Purpose::One(Dsync).menu(), [Dsync]);
        assert_eq!(Purpose::of([LogStreams, Sso]).menu(), [Sso, LogStreams]);
    }

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
