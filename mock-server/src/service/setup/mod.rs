//! The parts of the portal, one for each intent: what they ask for step by step, and what the answers do. Pages and control
//! calls both go this way, so that a person, a browser test and a script end in the same resources and events.
//!
//! How far a part is can be told from its resources alone. Nothing is noted in a session, so a visitor can reload, go back,
//! open a second tab or come another day.

mod audit_logs;
mod bring_your_own_key;
mod certificate_renewal;
mod domain_verification;
mod dsync;
mod identity;
mod log_streams;
mod page;
pub(crate) mod script;
mod sso;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;

pub(crate) use self::page::{
    Action, Alert, Cell, Copied, Fact, Overview, Page, Status, Table, Tone, Way,
};
use super::Work;
use super::log_streams::{FirstEvent, Sent};
use super::portal_links::{self, SessionError};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::byok_key::ByokKey;
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::directory::Directory;
use crate::domain::form::{Field, Words, check};
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::log_stream::LogStream;
use crate::domain::organization::Organization;
use crate::domain::organization_domain::OrganizationDomain;
use crate::domain::portal_session::PortalSession;
use crate::domain::token::Token;
use crate::environment::Environment;

/// A step that stands on the rail of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Names it, in addresses and control calls.
    pub(crate) name: &'static str,
    /// What a person calls it.
    pub(crate) title: Words,
}

impl Step {
    pub(crate) fn new(name: &'static str, title: impl Into<Words>) -> Self {
        Self {
            name,
            title: title.into(),
        }
    }
}

/// How far a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// This step is the next.
    At(&'static str),
    /// Every step is done; what there is can be looked at and changed.
    Done,
}

/// Where a visitor is sent after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// To the step that follows.
    Onward,
    /// To a page of the part, with a query.
    Step(&'static str, Answers),
    /// To what there is.
    Overview,
    /// To the file of an export, which this opens.
    File(Token),
}

/// What was read at an address that a visitor gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// The host is one that this server does not dial, so the address is taken as given.
    NotDialled,
    /// Why nothing was read, as the rest of a sentence: `it answered 404`.
    Failed(String),
    /// The text that was there.
    Text(String),
}

/// What is answered to a step.
pub(crate) struct Given<'a> {
    pub(crate) answers: &'a Answers,
    /// What stood at the address that [`Flow::address`] names; nothing when there is no such address, or it is a sample.
    pub(crate) fetched: Option<&'a Fetched>,
    /// What came of the event that [`Flow::to_send`] names; nothing when there was none to be sent.
    pub(crate) sent: Option<&'a Sent>,
}

/// Something that a part has made or changed, for whoever wants to see it as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Connection(Arc<Connection>),
    Certificate(Arc<Certificate>),
    Directory(Arc<Directory>),
    OrganizationDomain(Arc<OrganizationDomain>),
    LogStream(Arc<LogStream>),
    ByokKey(Arc<ByokKey>),
}

/// A visit to one part of the portal, in one unit of work.
pub(crate) struct Visit<'a> {
    pub(crate) work: Work<'a>,
    /// The organization as it was when the visit began.
    organization: Arc<Organization>,
    /// Where this server is reached, without a slash at the end.
    pub(crate) public_url: &'a str,
    /// When the visitor came; what was changed later was changed on this visit.
    pub(crate) since: Timestamp,
}

impl<'a> Visit<'a> {
    /// A visit to `organization`, whose visitor came at `since`.
    pub(crate) fn new(
        work: Work<'a>,
        organization: Arc<Organization>,
        public_url: &'a str,
        since: Timestamp,
    ) -> Self {
        Self {
            work,
            organization,
            public_url,
            since,
        }
    }

    /// The organization as it is now.
    pub(crate) fn organization(&self) -> Arc<Organization> {
        let now = self.work.get(self.organization.id.as_str());
        now.unwrap_or_else(|| Arc::clone(&self.organization))
    }
}

/// A part of the portal.
pub(crate) trait Flow: Sync {
    /// The steps on the rail, in order. Some depend on earlier answers.
    fn steps(&self, visit: &Visit<'_>) -> Vec<Step>;

    /// How far it is.
    fn position(&self, visit: &Visit<'_>) -> Position;

    /// The page of a step, on the rail or off it; `about` says what it is about, where there are several things.
    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page>;

    /// What there is, once every step is done; `query` is what is searched for.
    fn overview(&self, visit: &Visit<'_>, query: &Answers) -> Overview;

    /// The address among the answers whose content it wants to see.
    fn address<'g>(&self, _answers: &'g Answers) -> Option<&'g str> {
        None
    }

    /// The event that is sent before a step is taken, because what comes of it decides.
    fn to_send(&self, _visit: &Visit<'_>, _step: &str, _answers: &Answers) -> Option<FirstEvent> {
        None
    }

    /// Takes the answers to a step, which have passed [`check`]. An outcome such as a sign-in that is denied is no error: it
    /// is noted, and the position stays.
    ///
    /// # Errors
    /// Answers that cannot be accepted, each with its field.
    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error>;

    /// The answers that make a step fail, where one can; they are submitted in the place of the samples.
    fn failure(&self, _visit: &Visit<'_>, _step: &str) -> Option<Answers> {
        None
    }

    /// Where a visitor lands who comes to this part: at the next step, or at what there is.
    fn landing(&self, visit: &Visit<'_>) -> Position {
        self.position(visit)
    }

    /// Whether a step can be gone to: it is off the rail, or no step before it is still to be done.
    fn is_reachable(&self, visit: &Visit<'_>, step: &str) -> bool {
        let Position::At(at) = self.position(visit) else {
            return true;
        };
        let steps = self.steps(visit);
        let place = |name: &str| steps.iter().position(|step| step.name == name);
        match (place(step), place(at)) {
            (Some(step), Some(at)) => step <= at,
            _ => true,
        }
    }

    /// Whether a visitor has something to finish with.
    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        self.position(visit) == Position::Done
    }

    /// What it has made so far.
    fn made(&self, visit: &Visit<'_>) -> Vec<Made>;
}

/// The part that an intent opens.
pub(crate) fn flow(intent: Intent) -> &'static dyn Flow {
    match intent {
        Intent::DomainVerification => &domain_verification::DomainVerification,
        Intent::AuditLogs => &audit_logs::AuditLogs,
        Intent::LogStreams => &log_streams::LogStreams,
        Intent::Dsync => &dsync::Dsync,
        Intent::BringYourOwnKey => &bring_your_own_key::BringYourOwnKey,
        Intent::Sso => &sso::Sso,
        Intent::CertificateRenewal => &certificate_renewal::CertificateRenewal,
    }
}

/// A visit as the browser that holds its session makes it.
pub(crate) struct Held<'a> {
    pub(crate) session: Arc<PortalSession>,
    pub(crate) visit: Visit<'a>,
}

/// The visit of a session that is going on, for the browser that holds it.
///
/// # Errors
/// The session is not there, not this browser's, or over.
pub(crate) fn visit<'a>(
    environment: &'a Environment,
    public_url: &'a str,
    id: &str,
    secret: &Token,
) -> Result<Held<'a>, SessionError> {
    let work = Work::begin(environment);
    let session = portal_links::held(&work, id, secret)?;
    if let Some(end) = session.end(&work.now()) {
        return Err(SessionError::Over { session, end });
    }
    let organization = work
        .get::<Organization>(session.organization_id.as_str())
        .ok_or(SessionError::Unknown)?;
    let visit = Visit::new(work, organization, public_url, session.opened.at);
    Ok(Held { session, visit })
}

/// What becomes of a step that is submitted.
pub(crate) fn submit(
    flow: &dyn Flow,
    visit: &mut Visit<'_>,
    step: &str,
    fields: &[Field],
    given: &Given<'_>,
) -> Result<Next, Error> {
    let violations = check(fields, given.answers);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    flow.submit(visit, step, given)
}

/// Where a visitor goes who has done a step.
pub(crate) fn after(flow: &dyn Flow, visit: &Visit<'_>, step: &str) -> Position {
    let position = flow.position(visit);
    let Position::At(at) = position else {
        return Position::Done;
    };
    let steps = flow.steps(visit);
    let next = steps
        .iter()
        .skip_while(|one| one.name != step)
        .nth(1)
        .map(|step| step.name);
    match next {
        Some(next) if flow.is_reachable(visit, next) => Position::At(next),
        _ => Position::At(at),
    }
}
