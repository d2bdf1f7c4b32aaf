//! A visit without a browser: what a person would do on the pages, done in one go. It stands as a whole, or not at all.

mod walk;

use std::fmt;
use std::sync::Arc;

use url::Url;

use self::walk::Walk;
use super::{Alert, Fetched, FirstEvent, Flow, Made, Position, Sent, flow};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::ids::Id as _;
use crate::domain::intent::{Intent, Purpose};
use crate::domain::organization::Organization;
use crate::domain::portal_link::{Death, LinkState, PortalLink};
use crate::domain::portal_session::{Destination, PortalSession};
use crate::domain::redirect::RedirectUrl;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::portal_links::{expire_link, finish_session, open_link};
use crate::service::{Work, log_streams, organizations};
use crate::store::LinkKey;

/// What names a link.
#[derive(Clone)]
pub(crate) enum Named {
    /// Its token.
    Token(String),
    /// The organization that it leads into; the last one that can still be used.
    Organization(String),
}

/// Without the token, which opens the link.
impl fmt::Debug for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(_) => formatter.write_str("Token([secret])"),
            Self::Organization(id) => formatter.debug_tuple("Organization").field(id).finish(),
        }
    }
}

impl Named {
    /// What an address of a link names; what is no such address is taken for a token.
    pub(crate) fn link(link: &str) -> Self {
        let url = Url::parse(link).ok();
        let token = url.and_then(|url| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(name, value)| (name == "token").then(|| value.into_owned()))
        });
        Self::Token(token.unwrap_or_else(|| link.to_owned()))
    }
}

/// What is to be done.
pub(crate) struct Script {
    pub(crate) link: Named,
    /// Which part of the portal; has to be said where the link opens on several.
    pub(crate) intent: Option<Intent>,
    /// The step to stop at or to fail at.
    pub(crate) step: Option<String>,
    /// What is answered in the place of samples.
    pub(crate) answers: Answers,
}

/// What was done.
pub(crate) struct Report {
    pub(crate) outcome: Outcome,
    pub(crate) organization: Arc<Organization>,
    pub(crate) intent: Option<Intent>,
    pub(crate) link: Arc<PortalLink>,
    /// The steps that were taken, in order.
    pub(crate) taken: Vec<&'static str>,
    /// Where the part stands.
    pub(crate) position: Option<Position>,
    /// What the page would tell the visitor.
    pub(crate) alert: Option<Alert>,
    pub(crate) made: Vec<Made>,
    /// Where the browser would have gone; nothing when that is a page of ours.
    pub(crate) redirect: Option<RedirectUrl>,
}

/// What a script came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The part is done and the session finished.
    Completed,
    /// A step failed.
    Failed,
    /// The link and what it became are expired.
    Expired,
    /// The part stands at a step.
    Stopped,
}

/// What was brought from elsewhere before a script runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Brought<'a> {
    /// What stood at the address that [`Flow::address`] names.
    pub(crate) fetched: Option<&'a Fetched>,
    /// What came of the event that the script was halted by.
    pub(crate) sent: Option<&'a Sent>,
}

/// Why a script comes to nothing.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It cannot be done.
    Refused(Error),
    /// This has to be sent before it can be done: once it is, the same script goes through.
    ToSend(Box<FirstEvent>),
}

impl Halt {
    /// The same as an error; what was still to be sent after something was is something else than that.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::ToSend(_) => log_streams::changed().into(),
        }
    }
}

impl<E: Into<Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// Goes through the part that a link opens and finishes the session. The link is opened by that unless it has been.
///
/// # Errors
/// The link cannot be used, it opens on several parts and none is named, or answers cannot be accepted.
pub(crate) fn complete(
    environment: &Environment,
    public_url: &str,
    script: &Script,
    brought: Brought<'_>,
) -> Result<Report, Halt> {
    let (mut walk, flow, intent) = begin(environment, public_url, script, brought)?;
    let session = match live_session(&walk.visit.work, &walk.link) {
        Some(session) => session,
        None => open_link(&mut walk.visit.work, &walk.link).map_err(dead)?.0,
    };
    while let Position::At(step) = flow.position(&walk.visit) {
        walk.take(flow, step)?;
    }
    walk.check_answers()?;
    if !flow.can_finish(&walk.visit) {
        let message = "There is nothing to finish with yet.";
        return Err(Violation::new("intent", Rule::Value, message).into());
    }
    let destination = finish_session(&mut walk.visit.work, &session)
        .map_err(|_| Violation::new("link", Rule::Value, "Its session is over."))?;
    let redirect = match destination {
        Destination::Redirect(url) => Some(url),
        Destination::OwnPage => None,
    };
    Ok(walk.end(flow, intent, Outcome::Completed, None, redirect))
}

/// Goes through the part that a link opens up to a step, and leaves it there. The link is not opened by that.
///
/// # Errors
/// As for [`complete`], or there is no such step on the way.
pub(crate) fn stop_at(
    environment: &Environment,
    public_url: &str,
    script: &Script,
    brought: Brought<'_>,
) -> Result<Report, Halt> {
    let (mut walk, flow, intent) = begin(environment, public_url, script, brought)?;
    loop {
        match flow.position(&walk.visit) {
            Position::At(step) if script.step.as_deref() == Some(step) => break,
            Position::At(step) => walk.take(flow, step)?,
            Position::Done => return Err(walk.no_such_step(flow).into()),
        }
    }
    walk.check_answers()?;
    Ok(walk.end(flow, intent, Outcome::Stopped, None, None))
}

/// Goes through the part that a link opens up to a step, and lets that fail; without one, the last that can. The link is
/// not opened by that.
///
/// # Errors
/// As for [`stop_at`], or nothing can fail.
pub(crate) fn fail(
    environment: &Environment,
    public_url: &str,
    script: &Script,
    brought: Brought<'_>,
) -> Result<Report, Halt> {
    let (mut walk, flow, intent) = begin(environment, public_url, script, brought)?;
    let step = loop {
        let target = walk.to_fail(flow)?;
        match flow.position(&walk.visit) {
            Position::At(step) if step != target => walk.take(flow, step)?,
            Position::At(_) | Position::Done => break target,
        }
    };
    let alert = walk.fail(flow, step)?;
    let link = &walk.link;
    let back = live_session(&walk.visit.work, link)
        .map_or_else(
            || link.return_url.clone(),
            |session| session.return_url.clone(),
        )
        .or_else(|| environment.settings.redirects.return_url.clone());
    Ok(walk.end(flow, intent, Outcome::Failed, alert, back))
}

/// Lets the lifetime of a link be over, and that of the session it became.
///
/// # Errors
/// There is no such link.
pub(crate) fn expire(environment: &Environment, script: &Script) -> Result<Report, Error> {
    let mut work = Work::begin(environment);
    let link = usable(&work, script)?;
    let organization = organization(&work, &link)?;
    let link = expire_link(&mut work, &link);
    work.commit();
    Ok(Report {
        outcome: Outcome::Expired,
        organization,
        intent: script.intent.or(link.purpose.single()),
        taken: Vec::new(),
        position: None,
        alert: None,
        made: Vec::new(),
        redirect: None,
        link,
    })
}

/// Finds the link and the part, and begins the way through it.
fn begin<'a>(
    environment: &'a Environment,
    public_url: &'a str,
    script: &'a Script,
    brought: Brought<'a>,
) -> Result<(Walk<'a>, &'static dyn Flow, Intent), Error> {
    let work = Work::begin(environment);
    let link = usable(&work, script)?;
    let (flow, intent) = part(&link.purpose, script.intent)?;
    let session = live_session(&work, &link);
    let since = session
        .as_ref()
        .map_or(work.at(), |session| session.opened.at);
    let mut walk = Walk::new(work, &link, public_url, since, script, brought)?;
    if session.is_none() {
        walk.was_there = flow.made(&walk.visit);
    }
    Ok((walk, flow, intent))
}

fn part(purpose: &Purpose, intent: Option<Intent>) -> Result<(&'static dyn Flow, Intent), Error> {
    let intent = match (intent, purpose.single()) {
        (Some(intent), _) if !purpose.includes(intent) => {
            let message = format!("The link does not open on {}.", intent.as_str());
            return Err(Violation::new("intent", Rule::Value, message).into());
        }
        (Some(intent), _) | (None, Some(intent)) => intent,
        (None, None) => {
            let names: Vec<_> = purpose.menu().into_iter().map(Intent::as_str).collect();
            let message = format!("The link opens on a menu; say which: {}.", names.join(", "));
            return Err(Violation::new("intent", Rule::Required, message).into());
        }
    };
    Ok((flow(intent), intent))
}

/// The link that a script names: one that can be opened, or whose session is going on.
fn usable(work: &Work<'_>, script: &Script) -> Result<Arc<PortalLink>, Error> {
    let reuse = work.settings().link_reuse;
    let death = |link: &PortalLink| match live_session(work, link) {
        Some(_) => None,
        None => link.death(&work.now(), reuse),
    };
    match &script.link {
        Named::Token(text) => {
            let token = Token::parse(text).map(|token| LinkKey::Token(token.hash()));
            let link = token.and_then(|key| work.find::<PortalLink>(&key));
            let link = link.ok_or(Violation::new(
                "link",
                Rule::Value,
                "There is no link with this token.",
            ))?;
            match death(&link) {
                None => Ok(link),
                Some(death) => Err(dead(death)),
            }
        }
        Named::Organization(id) => {
            let organization = work
                .get::<Organization>(id)
                .ok_or_else(|| organizations::not_found(id))?;
            let mut links =
                work.find_all::<PortalLink>(&LinkKey::Organization(organization.id.clone()));
            links.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
            let fits = |link: &&Arc<PortalLink>| {
                script
                    .intent
                    .is_none_or(|intent| link.purpose.includes(intent))
                    && death(link).is_none()
            };
            let found = links.iter().rev().find(fits).map(Arc::clone);
            found.ok_or_else(|| Error::NotFound {
                entity: Entity::PortalLink,
                id: match script.intent {
                    Some(intent) => format!("{id}, {}", intent.as_str()),
                    None => id.clone(),
                },
            })
        }
    }
}

fn live_session(work: &Work<'_>, link: &PortalLink) -> Option<Arc<PortalSession>> {
    let LinkState::Opened { session, .. } = &link.state else {
        return None;
    };
    let session = work.get::<PortalSession>(session.as_str())?;
    session.end(&work.now()).is_none().then_some(session)
}

fn organization(work: &Work<'_>, link: &PortalLink) -> Result<Arc<Organization>, Error> {
    let id = link.organization_id.as_str();
    work.get(id).ok_or_else(|| organizations::not_found(id))
}

fn dead(death: Death) -> Error {
    let message = match death {
        Death::Expired { at } => format!("The link expired at {at:.0}."),
        Death::Used { at } => format!("The link was used at {at:.0}."),
        Death::Revoked { at } => format!("The link was revoked at {at:.0}."),
    };
    Violation::new("link", Rule::Value, message).into()
}
