//! Organizations with what they have, as `/_mock` shows them. Ours: `WorkOS` shows each kind by itself.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use super::byok_keys::ByokKeyView;
use super::connections::ConnectionView;
use super::directories::DirectoryView;
use super::it_contacts::ItContactView;
use super::log_streams::LogStreamView;
use super::organizations::OrganizationDomainView;
use crate::domain::ids::Id as _;
use crate::service::belongings::{Belongings, Summary};

/// An organization and how much it has.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrganizationSummary")]
pub(crate) struct SummaryView<'a> {
    /// Always `organization`.
    #[schemars(extend("const" = "organization"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// What it is called.
    name: &'a str,
    /// The app's own id for it.
    external_id: Option<&'a str>,
    /// Its domains.
    domains: Vec<OrganizationDomainView<'a>>,
    /// How many connections it has.
    connection_count: usize,
    /// How many directories it has.
    directory_count: usize,
    /// How many IT contacts it has.
    it_contact_count: usize,
    /// How many portal links were made for it.
    portal_link_count: usize,
    /// How many portal sessions these became.
    portal_session_count: usize,
    /// Where the events of its audit log go to.
    log_stream: Option<LogStreamView<'a>>,
    /// The key of its own that is in use.
    byok_key: Option<ByokKeyView<'a>>,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

/// An organization and what it has: the first hundred of each kind.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrganizationBelongings")]
pub(crate) struct BelongingsView<'a> {
    #[serde(flatten)]
    summary: SummaryView<'a>,
    /// Its connections.
    connections: Vec<ConnectionView<'a>>,
    /// Its directories.
    directories: Vec<DirectoryView<'a>>,
    /// Its IT contacts.
    it_contacts: Vec<ItContactView<'a>>,
}

impl<'a> SummaryView<'a> {
    pub(crate) fn new(summary: &'a Summary) -> Self {
        let organization = &*summary.organization;
        let domains = organization.domains.iter();
        Self {
            object: "organization",
            id: organization.id.as_str(),
            name: &organization.name,
            external_id: organization.external_id.as_deref(),
            domains: domains
                .map(|domain| OrganizationDomainView::new(domain))
                .collect(),
            connection_count: summary.connections,
            directory_count: summary.directories,
            it_contact_count: summary.it_contacts,
            portal_link_count: summary.portal_links,
            portal_session_count: summary.portal_sessions,
            log_stream: summary.log_stream.as_deref().map(LogStreamView::new),
            byok_key: summary.byok_key.as_deref().map(ByokKeyView::new),
            created_at: Time(organization.created_at),
            updated_at: Time(organization.updated_at),
        }
    }
}

impl<'a> BelongingsView<'a> {
    pub(crate) fn new(belongings: &'a Belongings) -> Self {
        let connections = belongings.connections.iter();
        let directories = belongings.directories.iter();
        let contacts = belongings.it_contacts.iter();
        Self {
            summary: SummaryView::new(&belongings.summary),
            connections: connections.map(|one| ConnectionView::new(one)).collect(),
            directories: directories.map(|one| DirectoryView::new(one)).collect(),
            it_contacts: contacts.map(|one| ItContactView::new(one)).collect(),
        }
    }
}
