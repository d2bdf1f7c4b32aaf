//! Sign-ins through connections, as far as the portal shows and makes them.

use std::sync::Arc;

use jiff::Timestamp;

use super::domain_name::DomainName;
use super::ids::{ConnectionId, OrganizationId, SignInId};

/// How many sign-ins of a connection are kept; the oldest go first.
pub(crate) const MOST_SIGN_INS: usize = 50;

/// Someone has tried to sign in through a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) id: SignInId,
    pub(crate) connection_id: ConnectionId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) email: Email,
    pub(crate) outcome: SignInOutcome,
    pub(crate) at: Timestamp,
}

/// What came of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInOutcome {
    /// The identity provider vouched for the person.
    Success,
    /// The identity provider refused the person.
    Denied,
    /// The person's e-mail address is of a domain that is not the organization's.
    WrongDomain,
    /// The identity provider did not answer.
    Timeout,
}

impl SignInOutcome {
    /// Every outcome.
    pub(crate) const ALL: [Self; 4] = [
        Self::Success,
        Self::Denied,
        Self::WrongDomain,
        Self::Timeout,
    ];

    /// What it is called.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::WrongDomain => "wrong_domain",
            Self::Timeout => "timeout",
        }
    }

    /// The outcome of this name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What is told of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignInEvent {
    /// Somebody was sent to the identity provider. Nobody knows yet what comes of it.
    Started(Arc<SignIn>),
    /// It came to its end.
    Ended(Arc<SignIn>),
}

impl SignInEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "authentication.sso_started",
            Self::Ended(sign_in) => match sign_in.outcome {
                SignInOutcome::Success => "authentication.sso_succeeded",
                SignInOutcome::Denied | SignInOutcome::WrongDomain => "authentication.sso_failed",
                SignInOutcome::Timeout => "authentication.sso_timed_out",
            },
        }
    }

    /// The sign-in that it is about.
    pub(crate) fn sign_in(&self) -> &SignIn {
        match self {
            Self::Started(sign_in) | Self::Ended(sign_in) => sign_in,
        }
    }
}

/// An e-mail address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Email {
    text: Box<str>,
    domain: DomainName,
}

impl Email {
    /// Reads an e-mail address, if `text` is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, domain) = text.rsplit_once('@')?;
        let is_plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !"@,;<>()[]\"\\".contains(c);
        let fits = !name.is_empty() && name.len() <= 64 && name.chars().all(is_plain);
        let domain = DomainName::parse(domain).ok().filter(|_| fits)?;
        Some(Self {
            text: text.into(),
            domain,
        })
    }

    /// The address, as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The part after the `@`.
    pub(crate) fn domain(&self) -> &DomainName {
        &self.domain
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        let read = Email::parse("Ada.L+sso@Example.COM").unwrap();
        assert_eq!(read.as_str(), "Ada.L+sso@Example.COM");
        assert_eq!(read.domain().as_str(), "example.com");
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "a da@example.com",
            "a@b@example.com",
            "<a>@example.com",
            "ada@exa mple.com",
        ] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
        assert_eq!(
            Email::parse(&format!("{}@example.com", "a".repeat(65))),
            None
        );
    }

    #[test]
    fn outcomes_read_back() {
        for one in SignInOutcome::ALL {
            assert_eq!(SignInOutcome::parse(one.as_str()), Some(one));
        }
        assert_eq!(SignInOutcome::parse("Success"), None);
    }
}
