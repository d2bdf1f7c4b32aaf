//! Why an operation is refused. Knows nothing of statuses; the API pairs each with one.

use super::domain_name::NotADomain;

/// Why an operation is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// Nothing of this kind has this id.
    #[error("{} not found: '{id}'.", .entity.name())]
    NotFound {
        /// The kind that was looked for.
        entity: Entity,
        /// What it was looked for by.
        id: String,
    },
    /// A portal link was asked for an organization that is not there.
    #[error("Organization not found: '{0}'.")]
    LinkWithoutOrganization(String),
    /// Another organization has this external id.
    #[error("The external id '{0}' is already used by another organization.")]
    ExternalIdTaken(String),
    /// Another organization has this Stripe customer.
    #[error("The Stripe customer id '{0}' is already used by another organization.")]
    StripeCustomerTaken(String),
    /// Events were asked for without saying which. The sentence is the one that clients have seen from `WorkOS`.
    #[error(
        "One or more event names (e.g. dsync.user.created) must be provided using the events parameter."
    )]
    EventsNotNamed,
    /// A directory of this type or in this state cannot be synced by hand.
    #[error("{0}")]
    SyncUnsupported(&'static str),
    /// A sync of the directory is running.
    #[error("A sync of the directory '{0}' is already running.")]
    SyncInProgress(String),
    /// The directory was synced by hand a short time ago.
    #[error("A directory can be synced by hand once in five minutes.")]
    SyncTooSoon {
        /// How long to wait, in whole seconds, rounded up; at least one.
        retry_after_seconds: i64,
    },
    /// The input is well formed, but these values cannot be accepted.
    #[error("Validation failed")]
    Invalid(Vec<Violation>),
}

/// A kind of thing that can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    /// An organization.
    Organization,
    /// A directory.
    Directory,
    /// A user of a directory.
    DirectoryUser,
    /// A group of a directory.
    DirectoryGroup,
}

impl Entity {
    fn name(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Directory => "Directory",
            Self::DirectoryUser => "Directory User",
            Self::DirectoryGroup => "Directory Group",
        }
    }
}

/// One value that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The dotted path of the value, with indexes: `domain_data.0.domain`.
    pub(crate) field: String,
    /// What rule it breaks.
    pub(crate) rule: Rule,
    /// The same as a sentence.
    pub(crate) message: String,
}

/// The rules that only the domain can check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The value is missing.
    Required,
    /// The text is not written as such a value is.
    Format,
    /// The value is not one that is accepted here.
    Value,
    /// The value is there twice, and the two disagree.
    Duplicate,
}

impl Violation {
    pub(crate) fn new(field: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule,
            message: message.into(),
        }
    }

    pub(crate) fn not_a_domain(field: String, error: NotADomain) -> Self {
        let message = format!("{field} {error}.");
        Self::new(field, Rule::Format, message)
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}
