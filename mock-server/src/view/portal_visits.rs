//! What became of a visit to the portal without a browser. Ours: `WorkOS` has no such thing.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use super::byok_keys::ByokKeyView;
use super::connections::{CertificateView, ConnectionView};
use super::directories::DirectoryView;
use super::log_streams::LogStreamView;
use super::organizations::OrganizationDomainView;
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::portal_link::LinkState;
use crate::domain::redirect::RedirectUrl;
use crate::service::setup::script::{Outcome, Report};
use crate::service::setup::{Made, Position};

/// What became of a visit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortalVisit")]
pub(crate) struct VisitView<'a> {
    /// Always `portal_visit`.
    #[schemars(extend("const" = "portal_visit"))]
    object: &'static str,
    /// How it ended.
    #[schemars(extend("enum" = ["completed", "failed", "expired", "stopped"]))]
    outcome: &'static str,
    /// The organization that the link is for.
    organization_id: &'a str,
    /// The part of the portal; null where the link opens on several and none was named.
    #[schemars(with = "Option<Intent>")]
    intent: Option<&'static str>,
    /// The link as it is now.
    link: LinkView,
    /// The steps that were taken.
    steps: &'a [&'static str],
    /// The step that comes next; null when all are done.
    next_step: Option<&'static str>,
    /// What the page tells the visitor.
    problem: Option<String>,
    /// What was made or changed, as the API shows it.
    made: Vec<MadeView<'a>>,
    /// Where the browser would have gone; null for a page of the portal's own.
    redirect_url: Option<&'a str>,
}

/// A portal link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortalVisitLink")]
struct LinkView {
    /// How far it is.
    #[schemars(extend("enum" = ["expired", "issued", "opened", "finished", "revoked"]))]
    state: &'static str,
    /// When its lifetime ends.
    expires_at: Time,
}

/// What was made or changed; `object` says what it is.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "PortalVisitMade")]
enum MadeView<'a> {
    Connection(Box<ConnectionView<'a>>),
    Certificate(Box<CertificateView<'a>>),
    Directory(Box<DirectoryView<'a>>),
    Domain(Box<OrganizationDomainView<'a>>),
    /// In the API a stream is a member of something else and does not say what it is.
    LogStream {
        /// Always `log_stream`.
        #[schemars(extend("const" = "log_stream"))]
        object: &'static str,
        #[serde(flatten)]
        stream: LogStreamView<'a>,
    },
    ByokKey(Box<ByokKeyView<'a>>),
}

impl<'a> VisitView<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        let outcome = match report.outcome {
            Outcome::Completed => "completed",
            Outcome::Failed => "failed",
            Outcome::Expired => "expired",
            Outcome::Stopped => "stopped",
        };
        let state = match report.link.state {
            _ if report.outcome == Outcome::Expired => "expired",
            LinkState::Issued => "issued",
            LinkState::Opened { .. } => "opened",
            LinkState::Finished { .. } => "finished",
            LinkState::Revoked { .. } => "revoked",
        };
        let next_step = match report.position {
            Some(Position::At(step)) => Some(step),
            Some(Position::Done) | None => None,
        };
        let problem = report.alert.as_ref().map(|alert| {
            let text = format!("{}. {}", alert.title.trim_end_matches('.'), alert.text);
            text.trim_end().to_owned()
        });
        Self {
            object: "portal_visit",
            outcome,
            organization_id: report.organization.id.as_str(),
            intent: report.intent.map(Intent::as_str),
            link: LinkView {
                state,
                expires_at: Time(report.link.expires_at()),
            },
            steps: &report.taken,
            next_step,
            problem,
            made: report.made.iter().map(made).collect(),
            redirect_url: report.redirect.as_ref().map(RedirectUrl::as_str),
        }
    }
}

fn made(made: &Made) -> MadeView<'_> {
    match made {
        Made::Connection(connection) => {
            MadeView::Connection(Box::new(ConnectionView::new(connection)))
        }
        Made::Certificate(certificate) => {
            MadeView::Certificate(Box::new(CertificateView::new(certificate)))
        }
        Made::Directory(directory) => MadeView::Directory(Box::new(DirectoryView::new(directory))),
        Made::OrganizationDomain(domain) => {
            MadeView::Domain(Box::new(OrganizationDomainView::new(domain)))
        }
        Made::LogStream(stream) => MadeView::LogStream {
            object: "log_stream",
            stream: LogStreamView::new(stream),
        },
        Made::ByokKey(key) => MadeView::ByokKey(Box::new(ByokKeyView::new(key))),
    }
}
