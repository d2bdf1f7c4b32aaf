//! What the seven intents are called in front of a person.

use crate::domain::intent::Purpose;

/// A part of the portal that an intent opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Feature {
    Sso,
    Dsync,
    AuditLogs,
    LogStreams,
    DomainVerification,
    CertificateRenewal,
    BringYourOwnKey,
}

impl Feature {
    /// Every part, in the order of the menu.
    pub(super) const ALL: [Self; 7] = [
        Self::Sso,
        Self::Dsync,
        Self::DomainVerification,
        Self::AuditLogs,
        Self::LogStreams,
        Self::CertificateRenewal,
        Self::BringYourOwnKey,
    ];

    /// Its name, as a heading.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sso => "Single sign-on",
            Self::Dsync => "Directory sync",
            Self::AuditLogs => "Audit logs",
            Self::LogStreams => "Log streams",
            Self::DomainVerification => "Domain verification",
            Self::CertificateRenewal => "Certificate renewal",
            Self::BringYourOwnKey => "Bring your own key",
        }
    }

    /// What it is for, in one sentence.
    pub(super) fn lead(self) -> &'static str {
        match self {
            Self::Sso => {
                "Connect your identity provider, so that people sign in with their work account."
            }
            Self::Dsync => "Connect your directory, so that users and groups stay up to date.",
            Self::AuditLogs => {
                "See who did what in your organization, and take it with you as a file."
            }
            Self::LogStreams => "Send audit events to your own systems as they happen.",
            Self::DomainVerification => "Prove that a domain belongs to your organization.",
            Self::CertificateRenewal => "Replace a signing certificate before it expires.",
            Self::BringYourOwnKey => "Encrypt your organization’s data with a key that you hold.",
        }
    }
}

/// The heading of a portal session; without a feature it opens on the menu.
pub(super) fn heading(feature: Option<Feature>) -> &'static str {
    feature.map_or("Set up your organization", Feature::name)
}

/// The sentence below the heading.
pub(super) fn lead(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Everything => "This link opens every part of the portal.",
        Purpose::One(intent) => Feature::from(*intent).lead(),
        Purpose::Several(_) => "This link opens these parts of the portal.",
    }
}

/// The menu below that, in the order of the portal; nothing for a link that opens on one part.
pub(super) fn menu(purpose: &Purpose) -> Vec<Feature> {
    match purpose {
        Purpose::Everything => Feature::ALL.to_vec(),
        Purpose::One(_) => Vec::new(),
        Purpose::Several(intents) => {
            let named: Vec<_> = intents.iter().copied().map(Feature::from).collect();
            let mut menu = Feature::ALL.to_vec();
            menu.retain(|feature| named.contains(feature));
            menu
        }
    }
}
