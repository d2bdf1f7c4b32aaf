//! What the seven intents are called in front of a person.

use crate::domain::intent::{Intent, Purpose};

/// What a part of the portal is called.
pub(super) trait Part {
    /// Its name, as a heading.
    fn name(&self) -> &'static str;

    /// What it is for, in one sentence.
    fn lead(&self) -> &'static str;
}

impl Part for Intent {
    fn name(&self) -> &'static str {
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

    fn lead(&self) -> &'static str {
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

/// The heading of a portal session; without an intent it opens on the menu.
pub(super) fn heading(intent: Option<Intent>) -> &'static str {
    intent.map_or("Set up your organization", |intent| intent.name())
}

/// The sentence below the heading.
pub(super) fn lead(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Everything => "This link opens every part of the portal.",
        Purpose::One(intent) => intent.lead(),
        Purpose::Several(_) => "This link opens these parts of the portal.",
    }
}
