//! What became of a visit to the portal.

use serde_json::Value;

use super::Intent;
use crate::domain::ids::Id as _;
use crate::domain::portal_link::LinkState;
use crate::service::setup::script::{Outcome, Report};
use crate::service::setup::{Made as Resource, Position};
use crate::view::portal_visits::VisitView;

/// What became of a visit to the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortalVisit {
    /// How it ended.
    pub outcome: VisitOutcome,
    /// The organization that the link is for.
    pub organization_id: String,
    /// The part of the portal; none where the link opens on several and none was named.
    pub intent: Option<Intent>,
    /// How far the link is now.
    pub link: PortalLinkState,
    /// The steps that were taken.
    pub steps: Vec<&'static str>,
    /// The step that comes next; none when all are done.
    pub next_step: Option<&'static str>,
    /// What the page tells the visitor.
    pub problem: Option<String>,
    /// What was made or changed.
    pub made: Vec<Made>,
    /// Where the browser would have gone; none for a page of the portal's own.
    pub redirect_url: Option<String>,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VisitOutcome {
    /// Everything is done.
    Completed,
    /// A step failed.
    Failed,
    /// It stands at a step.
    Stopped,
    /// The link was made to expire.
    Expired,
}

/// How far a portal link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortalLinkState {
    /// Nobody has opened it.
    Issued,
    /// It was opened.
    Opened,
    /// Its visitor has finished.
    Finished,
    /// It was revoked.
    Revoked,
    /// Its lifetime is over.
    Expired,
}

/// Something that a visit has made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Made {
    /// What it is.
    pub kind: MadeKind,
    /// Its id.
    pub id: String,
    /// The same as the API shows it.
    pub shown: Value,
}

/// What a visit can make or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MadeKind {
    /// A connection, for single sign-on.
    Connection,
    /// A certificate of a connection.
    Certificate,
    /// A directory.
    Directory,
    /// A domain of the organization.
    OrganizationDomain,
    /// A log stream.
    LogStream,
    /// A key of the customer's own.
    ByokKey,
}

impl PortalVisit {
    /// The first of this kind that was made or changed.
    #[must_use]
    pub fn first(&self, kind: MadeKind) -> Option<&Made> {
        self.made.iter().find(|made| made.kind == kind)
    }

    pub(super) fn new(report: &Report) -> Self {
        let shown = serde_json::to_value(VisitView::new(report)).unwrap_or_default();
        let made = report.made.iter().enumerate();
        let made = made.map(|(index, resource)| Made::new(resource, shown["made"][index].clone()));
        let outcome = match report.outcome {
            Outcome::Completed => VisitOutcome::Completed,
            Outcome::Failed => VisitOutcome::Failed,
            Outcome::Stopped => VisitOutcome::Stopped,
            Outcome::Expired => VisitOutcome::Expired,
        };
        let link = match report.link.state {
            _ if report.outcome == Outcome::Expired => PortalLinkState::Expired,
            LinkState::Issued => PortalLinkState::Issued,
            LinkState::Opened { .. } => PortalLinkState::Opened,
            LinkState::Finished { .. } => PortalLinkState::Finished,
            LinkState::Revoked { .. } => PortalLinkState::Revoked,
        };
        let next_step = match report.position {
            Some(Position::At(step)) => Some(step),
            Some(Position::Done) | None => None,
        };
        Self {
            outcome,
            organization_id: report.organization.id.as_str().to_owned(),
            intent: report.intent,
            link,
            steps: report.taken.clone(),
            next_step,
            problem: shown["problem"].as_str().map(ToOwned::to_owned),
            made: made.collect(),
            redirect_url: report.redirect.as_ref().map(ToString::to_string),
        }
    }
}

impl Made {
    fn new(resource: &Resource, shown: Value) -> Self {
        let (kind, id) = match resource {
            Resource::Connection(it) => (MadeKind::Connection, it.id.as_str()),
            Resource::Certificate(it) => (MadeKind::Certificate, it.id.as_str()),
            Resource::Directory(it) => (MadeKind::Directory, it.id.as_str()),
            Resource::OrganizationDomain(it) => (MadeKind::OrganizationDomain, it.id.as_str()),
            Resource::LogStream(it) => (MadeKind::LogStream, it.id.as_str()),
            Resource::ByokKey(it) => (MadeKind::ByokKey, it.id.as_str()),
        };
        Self {
            kind,
            id: id.to_owned(),
            shown,
        }
    }
}
