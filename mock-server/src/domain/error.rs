//! Why an operation is refused. Knows nothing of statuses; the API pairs each with one.

use super::audit_log::metadata::Mismatch;
use super::connection_error::ConnectionError;
use super::domain_name::{DomainName, NotADomain};
use super::webhook_endpoint::EndpointUrlError;

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
    /// The organization has an IT contact with this address.
    #[error("The organization already has an IT contact with this e-mail address.")]
    ItContactExists,
    /// The organization has an invitation that is neither completed, revoked nor expired.
    #[error("The organization already has an active invitation to a setup.")]
    InvitationActive,
    /// Another webhook endpoint has this address.
    #[error("Another webhook endpoint already has this URL.")]
    EndpointExists,
    /// A delivery is being sent, or is to be sent now.
    #[error("The delivery '{0}' is still under way.")]
    DeliveryUnderWay(String),
    /// Events cannot be sent to this address.
    #[error("The endpoint URL {0}.")]
    EndpointUrl(#[from] EndpointUrlError),
    /// The organization has this domain.
    #[error("The organization already has the domain '{0}'.")]
    DomainAlreadyExists(DomainName),
    /// Nothing is left to be verified.
    #[error("The domain '{0}' is already verified.")]
    DomainAlreadyVerified(DomainName),
    /// There are as many environments as a server may have.
    #[error("There are {0} environments, and no more may be; delete some of them.")]
    TooManyEnvironments(usize),
    /// The environment that the server started with cannot be deleted.
    #[error("The environment that the server started with cannot be deleted; reset it instead.")]
    DefaultEnvironment,
    /// As many faults are waiting as an environment keeps.
    #[error("There are {0} faults that have not run out; delete some of them.")]
    TooManyFaults(usize),
    /// Events were asked for without saying which. The sentence is the one that clients have seen from `WorkOS`.
    #[error(
        "One or more event names (e.g. dsync.user.created) must be provided using the events parameter."
    )]
    EventsNotNamed,
    /// An event of an audit log does not fit its action's schema. The sentence is the one of `WorkOS`'s document.
    #[error("Invalid Audit Log event.")]
    AuditLogEventMismatch(Vec<Mismatch>),
    /// An export was asked for an organization that is not there.
    #[error("Organization not found: '{0}'.")]
    ExportWithoutOrganization(String),
    /// An export was asked for a range that ends before it begins.
    #[error("range_end lies before range_start.")]
    ExportRangeTurned,
    /// An export was asked for a range that begins too long ago.
    #[error("range_start lies more than three months back.")]
    ExportRangeTooOld,
    /// An operation on a connection is refused.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
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
    /// An action of the audit logs.
    AuditLogAction,
    /// An export of an audit log.
    AuditLogExport,
    /// An IT contact of an organization.
    ItContact,
    /// A webhook endpoint.
    WebhookEndpoint,
    /// A delivery to a webhook endpoint.
    Delivery,
    /// An environment.
    Environment,
    /// An API key of an environment.
    ApiKey,
    /// A fault.
    Fault,
    /// An event.
    Event,
    /// A request in the journal.
    Request,
    /// A domain of an organization.
    OrganizationDomain,
    /// A connection.
    Connection,
    /// A certificate of a connection.
    Certificate,
    /// A directory.
    Directory,
    /// A user of a directory.
    DirectoryUser,
    /// A group of a directory.
    DirectoryGroup,
    /// A log stream.
    LogStream,
    /// A portal link.
    PortalLink,
}

impl Entity {
    fn name(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::AuditLogAction => "Audit Log Action",
            Self::AuditLogExport => "Audit Log Export",
            Self::ItContact => "IT Contact",
            Self::WebhookEndpoint => "Webhook Endpoint",
            Self::Delivery => "Delivery",
            Self::Environment => "Environment",
            Self::ApiKey => "API Key",
            Self::Fault => "Fault",
            Self::Event => "Event",
            Self::Request => "Request",
            Self::OrganizationDomain => "Organization Domain",
            Self::Connection => "Connection",
            Self::Certificate => "Certificate",
            Self::Directory => "Directory",
            Self::DirectoryUser => "Directory User",
            Self::DirectoryGroup => "Directory Group",
            Self::LogStream => "Log Stream",
            Self::PortalLink => "Portal Link",
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
    /// There has to be a value.
    Required,
    /// The text is not written as such a value is.
    Format,
    /// The value is not one that is accepted here.
    Value,
    /// The value is there twice, and the two disagree.
    Duplicate,
    /// There are more of them than there can be.
    TooMany,
}

impl Violation {
    pub(crate) fn new(field: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule,
            message: message.into(),
        }
    }

    pub(crate) fn public_mail(field: impl Into<String>, name: &DomainName) -> Self {
        let message =
            format!("'{name}' belongs to a mail provider, whose users are no organization.");
        Self::new(field, Rule::Value, message)
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
