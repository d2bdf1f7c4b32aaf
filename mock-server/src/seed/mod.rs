//! What an environment starts with: organizations, connections, directories, webhook endpoints and the like.
//!
//! A [`Seed`] is written in the configuration file, under `seed`, or in a file of its own; it is given to an environment that
//! is made, in Rust or by a call; and a snapshot of an environment is one, too. It is the state before a test begins: no event
//! tells of what it makes, and nothing is sent. It is sown as a whole or not at all.
//!
//! ```
//! use workos_portal_mock::seed::Seed;
//!
//! let seed = Seed::from_yaml(
//!     "
//! organizations:
//!   - key: acme
//!     name: Acme
//!     domains: [acme.example]
//! connections:
//!   - organization: acme
//!     connection_type: OktaSAML
//! ",
//! )
//! .expect("a seed");
//! assert_eq!(seed.organizations[0].name, "Acme");
//! // What it names has to be there.
//! let problems = Seed::from_yaml("connections: [{ organization: acme }]").unwrap_err();
//! assert!(problems[0].to_string().starts_with("1:31: "), "{problems:?}");
//! ```

mod audit_log;
mod connection;
mod directory;
mod organization;
mod short;
mod webhook;

use std::path::Path;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::audit_log::{AuditLogAction, AuditLogTarget, AuditLogVersion};
pub use self::connection::{
    AttributeMaps, Certificate, CertificatePurpose, Connection, ConnectionDomain, OidcSettings,
    SamlSettings,
};
pub use self::directory::{Directory, Email, Group, People, Said, User};
pub use self::organization::{Domain, DomainState, ItContact, Organization, VerificationStrategy};
pub use self::webhook::{EndpointStatus, WebhookEndpoint};
use crate::config::file;
use crate::config::step::Step;
use crate::config::written::Format;
use crate::config::{FileError, Problem, Settings};
pub use crate::domain::connection::ConnectionState;
pub use crate::domain::connection_settings::TokenAuthentication;
pub use crate::domain::connection_type::ConnectionType;
pub use crate::domain::directory::{DirectoryState, DirectoryType};
pub use crate::domain::directory_user::UserState;
use crate::domain::error::Violation;
use crate::service::seeds;

/// What an environment starts with. What is left out of one of its objects is made up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// Where the clock stands still, unless that is said beside the seed. Without it, it runs with the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// The organizations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<Organization>,
    /// The connections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection>,
    /// The directories, with their users and groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<Directory>,
    /// The webhook endpoints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook_endpoints: Vec<WebhookEndpoint>,
    /// What can happen in the app, with the schemas of its audit log events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audit_log_actions: Vec<AuditLogAction>,
}

impl Seed {
    /// Reads a seed from a file: YAML or JSON when its name ends so, else TOML.
    ///
    /// # Errors
    /// [`FileError`] with everything that is wrong, each with its place.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        file::load(path.as_ref(), Self::parse)
    }

    /// Reads a seed from TOML text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Toml)
    }

    /// Reads a seed from YAML text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_yaml(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Yaml)
    }

    /// Reads a seed from JSON text.
    ///
    /// # Errors
    /// Every [`Problem`] found, in the order of the text.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse(text, Format::Json)
    }

    fn parse(text: &str, format: Format) -> Result<Self, Vec<Problem>> {
        file::read(text, format, |seed: &Self| {
            // Where it is to go is not known yet: it is held against that once more when it is sown.
            let violations = seed.violations(&Settings::default(), true).into_iter();
            violations
                .map(|violation| (Step::path(&violation.field), violation.message))
                .collect()
        })
    }

    /// What no type can say: what is wrong with it in an environment with such settings, that has the test organization or has
    /// not.
    pub(crate) fn violations(
        &self,
        settings: &Settings,
        test_organization: bool,
    ) -> Vec<Violation> {
        seeds::check(self, settings, test_organization)
    }

    /// What is well-formed and will never come to anything, as sentences.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        seeds::warnings(self)
    }

    /// Whether it has the organization that environments can start with.
    pub(crate) fn has_test_organization(&self) -> bool {
        let mut ids = self.organizations.iter().map(|one| one.id.as_deref());
        ids.any(|id| id == Some(crate::domain::ids::OrganizationId::TEST))
    }

    /// Every id that it names, of whatever kind.
    pub(crate) fn pinned(&self) -> impl Iterator<Item = &str> {
        let organizations = self.organizations.iter().flat_map(Organization::pinned);
        let connections = self.connections.iter().flat_map(Connection::pinned);
        let directories = self.directories.iter().flat_map(Directory::pinned);
        let endpoints = self.webhook_endpoints.iter().map(|one| &one.id);
        let actions = self
            .audit_log_actions
            .iter()
            .flat_map(AuditLogAction::pinned);
        let all = organizations.chain(connections).chain(directories);
        let all = all.chain(endpoints).chain(actions);
        all.filter_map(Option::as_deref)
    }
}
