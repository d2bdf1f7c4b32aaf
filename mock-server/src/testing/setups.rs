//! What an admin answers in the portal.

use super::Intent;
use crate::config::Secret;
use crate::domain::answers::Answers;
pub use crate::domain::byok_key::KeyProvider;
pub use crate::domain::connection_type::ConnectionType;
pub use crate::domain::directory::DirectoryType;
pub use crate::domain::log_stream::Destination as LogStreamDestination;
pub use crate::domain::sign_in::SignInOutcome;

/// Which part of the portal is gone through, and what is answered there. There are samples, or what is usual, for everything that
/// is not answered.
///
/// Each part has a type of its own that becomes one: [`Sso`], [`Dsync`], [`DomainVerification`], [`LogStream`],
/// [`CertificateRenewal`], [`BringYourOwnKey`]. What those do not name is answered by [`Setup::answer`]. `Debug` shows the names
/// of what is answered alone.
///
/// ```
/// use workos_portal_mock::testing::{Intent, LogStream, LogStreamDestination, Setup};
///
/// let audit_logs = Setup::of(Intent::AuditLogs);
/// let splunk = LogStream::new().destination(LogStreamDestination::Splunk);
/// let splunk = Setup::from(splunk).answer("splunk_url", "http://localhost:8088/services/collector");
/// # let _ = (audit_logs, splunk);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a setup does nothing before a link is gone through with it"]
pub struct Setup {
    pub(super) intent: Option<Intent>,
    pub(super) answers: Answers,
}

impl Setup {
    /// This part of the portal, with nothing answered.
    pub fn of(intent: Intent) -> Self {
        Self {
            intent: Some(intent),
            answers: Answers::default(),
        }
    }

    /// Answers a field by its name on the page. Fields that take several answers get one more.
    ///
    /// A name that no step asks for is refused when the link is gone through, with the names that are asked for.
    pub fn answer(mut self, name: impl Into<String>, answer: impl Into<String>) -> Self {
        self.answers = self.answers.with(name, answer);
        self
    }
}

/// A part of the portal with answers of its own: a type, its intent, and a method for each answer.
macro_rules! part {
    ($(#[$attribute:meta])* $name:ident: $intent:ident {
        $($(#[$about:meta])* $method:ident($given:ident: $type:ty) => $field:literal: $text:expr;)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[must_use = "it does nothing before a link is gone through with it"]
        pub struct $name(Setup);

        impl $name {
            /// Nothing answered.
            pub fn new() -> Self {
                Self(Setup::of(Intent::$intent))
            }

            $($(#[$about])*
            pub fn $method(self, $given: $type) -> Self {
                Self(self.0.answer($field, $text))
            })*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<$name> for Setup {
            fn from(part: $name) -> Self {
                part.0
            }
        }
    };
}

part! {
    /// Single sign-on: a provider, its values, and a sign-in.
    Sso: Sso {
        /// Chooses the provider: one that connects by SAML or `OpenID` Connect, or [`ConnectionType::TestIdp`].
        provider(provider: ConnectionType) => "provider": provider.as_str();
        /// The address of the person who tries to sign in.
        email(email: impl Into<String>) => "email": email;
        /// What comes of the sign-in. Setting up is only complete with [`SignInOutcome::Success`]; the others are for
        /// [`PortalLink::fail`](super::PortalLink::fail).
        sign_in(outcome: SignInOutcome) => "outcome": outcome.as_str();
    }
}

part! {
    /// Directory sync: a provider and its people, whom the mock makes up.
    Dsync: Dsync {
        /// Chooses the provider.
        provider(provider: DirectoryType) => "provider": provider.as_str();
        /// How many people there are.
        users(users: u32) => "users": users.to_string();
        /// How many groups there are.
        groups(groups: u32) => "groups": groups.to_string();
        /// What comes of the first contact. Setting up is only complete with [`DirectoryOutcome::Valid`]; the other is for
        /// [`PortalLink::fail`](super::PortalLink::fail).
        outcome(outcome: DirectoryOutcome) => "outcome": outcome.as_str();
    }
}

part! {
    /// The verification of a domain.
    DomainVerification: DomainVerification {
        /// The domain.
        domain(domain: impl Into<String>) => "domain": domain;
        /// What the DNS has. Setting up is only complete with [`DomainOutcome::Found`]; the others are for
        /// [`PortalLink::fail`](super::PortalLink::fail).
        outcome(outcome: DomainOutcome) => "outcome": outcome.as_str();
    }
}

part! {
    /// A log stream: a destination, its settings, and a first event.
    LogStream: LogStreams {
        /// Chooses the destination.
        destination(destination: LogStreamDestination) => "destination": destination.as_str();
        /// Where [`LogStreamDestination::GenericHttps`] takes events. On this machine it is really sent to.
        https_url(url: impl Into<String>) => "https_url": url;
        /// What comes of the first event, where it is not really sent. Setting up is only complete with
        /// [`StreamOutcome::Active`]; the others are for [`PortalLink::fail`](super::PortalLink::fail).
        first_event(outcome: StreamOutcome) => "first_event": outcome.as_str();
    }
}

part! {
    /// The renewal of a connection's certificate.
    CertificateRenewal: CertificateRenewal {
        /// The connection, where there are several.
        connection(id: impl Into<String>) => "connection_id": id;
    }
}

part! {
    /// A key of the customer's own.
    BringYourOwnKey: BringYourOwnKey {
        /// Chooses the service that keeps the key.
        provider(provider: KeyProvider) => "provider": provider.as_str();
        /// What comes of trying the key out. Setting up is only complete with [`KeyOutcome::Success`]; the other is for
        /// [`PortalLink::fail`](super::PortalLink::fail).
        outcome(outcome: KeyOutcome) => "outcome": outcome.as_str();
    }
}

impl Sso {
    /// What the provider says of itself.
    pub fn identity(self, identity: Identity) -> Self {
        Self(identity.answer(self.0))
    }
}

impl CertificateRenewal {
    /// What the provider says of itself now, with the new certificate.
    pub fn identity(self, identity: Identity) -> Self {
        Self(identity.answer(self.0))
    }
}

impl Dsync {
    /// The groups that are synced, of those that the provider has; all unless some are named.
    pub fn synced_groups<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let answer = |setup: Setup, name| setup.answer("synced_groups", name);
        Self(names.into_iter().fold(self.0, answer))
    }
}

/// What an identity provider says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// SAML metadata at this address, which is read where it is on this machine or on a host that the configuration allows.
    MetadataUrl(String),
    /// SAML metadata as it stands.
    MetadataXml(String),
    /// SAML values one by one.
    Values {
        /// The entity id.
        entity_id: String,
        /// Where sign-ins begin.
        sso_url: String,
        /// The certificate, in PEM.
        certificate: String,
    },
    /// What an `OpenID` Connect provider gives.
    OpenIdConnect {
        /// The client id.
        client_id: String,
        /// The client secret.
        client_secret: Secret,
        /// The address of its discovery document.
        discovery_endpoint: String,
    },
}

impl Identity {
    fn answer(self, setup: Setup) -> Setup {
        let pairs = match self {
            Self::MetadataUrl(url) => {
                vec![("source", "metadata_url".into()), ("metadata_url", url)]
            }
            Self::MetadataXml(xml) => {
                vec![("source", "metadata_xml".into()), ("metadata_xml", xml)]
            }
            Self::Values {
                entity_id,
                sso_url,
                certificate,
            } => vec![
                ("source", "values".into()),
                ("idp_entity_id", entity_id),
                ("idp_sso_url", sso_url),
                ("certificate", certificate),
            ],
            Self::OpenIdConnect {
                client_id,
                client_secret,
                discovery_endpoint,
            } => vec![
                ("client_id", client_id),
                ("client_secret", client_secret.expose().to_owned()),
                ("discovery_endpoint", discovery_endpoint),
            ],
        };
        let answer = |setup: Setup, (name, value): (&str, String)| setup.answer(name, value);
        pairs.into_iter().fold(setup, answer)
    }
}

/// What comes of something that the mock only plays: an enum and the word of each on its page.
macro_rules! outcomes {
    ($(#[$attribute:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl $name {
            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

outcomes! {
    /// What comes of the first contact with a directory's provider.
    DirectoryOutcome {
        /// It is connected.
        Valid = "valid",
        /// The credentials are refused.
        InvalidCredentials = "invalid_credentials",
    }
}

outcomes! {
    /// What a look into the DNS finds.
    DomainOutcome {
        /// The record is there.
        Found = "found",
        /// It is not there yet.
        NotYet = "not_yet",
        /// Another organization has proved the domain to be its own.
        VerifiedByOtherOrganization = "verified_by_other_organization",
        /// It was looked for as long as it is looked for.
        PeriodExpired = "period_expired",
    }
}

outcomes! {
    /// What the destination of a log stream says to the first event.
    StreamOutcome {
        /// It takes it.
        Active = "active",
        /// It refuses the credentials.
        InvalidCredentials = "invalid_credentials",
        /// It cannot take it.
        Error = "error",
    }
}

outcomes! {
    /// What comes of trying a key out.
    KeyOutcome {
        /// It can be used.
        Success = "success",
        /// It cannot.
        Failure = "failure",
    }
}
