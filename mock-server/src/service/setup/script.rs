//! A visit without a browser: what a person would do on the pages, done in one go. It stands as a whole, or not at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Alert, Fetched, Flow, Given, Made, Position, Tone, Visit, flow, submit};
use crate::domain::Error;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::form::Answers;
use crate::domain::ids::Id as _;
use crate::domain::intent::{Intent, Purpose};
use crate::domain::organization::Organization;
use crate::domain::portal_link::{Death, LinkState, PortalLink};
use crate::domain::portal_session::{Destination, PortalSession};
use crate::domain::redirect::RedirectUrl;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::portal_links::{expire_link, finish_session, open_link};
use crate::service::{Work, organizations};
use crate::store::LinkKey;

/// What names a link.
pub(crate) enum Named {
    /// Its token.
    Token(String),
    /// The organization that it leads into; the last one that can still be used.
    Organization(String),
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

/// More steps than any part has; one that asks for more goes in a circle.
const MOST_STEPS: usize = 20;

/// Goes through the part that a link opens and finishes the session. The link is opened by that unless it has been.
///
/// # Errors
/// The link cannot be used, it opens on several parts and none is named, or answers cannot be accepted.
pub(crate) fn complete(
    environment: &Environment,
    public_url: &str,
    script: &Script,
    fetched: Option<&Fetched>,
) -> Result<Report, Error> {
    let mut work = Work::begin(environment);
    let link = usable(&work, script)?;
    let (flow, intent) = part(&link.purpose, script.intent)?;
    let session = match live_session(&work, &link) {
        Some(session) => session,
        None => open_link(&mut work, &link).map_err(dead)?.0,
    };
    let mut walk = Walk::new(work, &link, public_url, session.opened.at, script, fetched)?;
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
    fetched: Option<&Fetched>,
) -> Result<Report, Error> {
    let work = Work::begin(environment);
    let link = usable(&work, script)?;
    let (flow, intent) = part(&link.purpose, script.intent)?;
    let since = since(&work, &link);
    let mut walk = Walk::new(work, &link, public_url, since, script, fetched)?;
    loop {
        match flow.position(&walk.visit) {
            Position::At(step) if script.step.as_deref() == Some(step) => break,
            Position::At(step) => walk.take(flow, step)?,
            Position::Done => return Err(walk.no_such_step(flow)),
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
    fetched: Option<&Fetched>,
) -> Result<Report, Error> {
    let work = Work::begin(environment);
    let link = usable(&work, script)?;
    let (flow, intent) = part(&link.purpose, script.intent)?;
    let since = since(&work, &link);
    let mut walk = Walk::new(work, &link, public_url, since, script, fetched)?;
    let step = loop {
        let target = walk.to_fail(flow)?;
        match flow.position(&walk.visit) {
            Position::At(step) if step != target => walk.take(flow, step)?,
            Position::At(_) | Position::Done => break target,
        }
    };
    let alert = walk.fail(flow, step)?;
    let back = live_session(&walk.visit.work, &link)
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

/// A way through a part, with what was used of the answers.
struct Walk<'a> {
    visit: Visit<'a>,
    link: Arc<PortalLink>,
    script: &'a Script,
    fetched: Option<&'a Fetched>,
    taken: Vec<&'static str>,
    asked: BTreeSet<&'static str>,
}

impl<'a> Walk<'a> {
    fn new(
        work: Work<'a>,
        link: &Arc<PortalLink>,
        public_url: &'a str,
        since: Timestamp,
        script: &'a Script,
        fetched: Option<&'a Fetched>,
    ) -> Result<Self, Error> {
        let organization = organization(&work, link)?;
        Ok(Self {
            visit: Visit::new(work, organization, public_url, since),
            link: Arc::clone(link),
            script,
            fetched,
            taken: Vec::new(),
            asked: BTreeSet::new(),
        })
    }

    /// Answers a step.
    fn take(&mut self, flow: &dyn Flow, step: &'static str) -> Result<(), Error> {
        if self.taken.len() >= MOST_STEPS || self.taken.last() == Some(&step) {
            let why = flow
                .page(&self.visit, step, &self.script.answers)
                .and_then(|page| page.alert);
            let why = why.map_or_else(String::new, |alert| {
                format!(" {}. {}", alert.title, alert.text)
            });
            let message = format!("The step '{step}' is not done by these answers.{why}");
            return Err(Violation::new("answers", Rule::Value, message.trim_end()).into());
        }
        self.submit(flow, step, &Answers::default())?;
        self.taken.push(step);
        Ok(())
    }

    /// Submits a step with `first`, then with what is answered, then with samples.
    fn submit(
        &mut self,
        flow: &dyn Flow,
        step: &'static str,
        first: &Answers,
    ) -> Result<(), Error> {
        let answers = &self.script.answers;
        let page = flow
            .page(&self.visit, step, answers)
            .ok_or_else(|| self.no_such_step(flow))?;
        self.asked
            .extend(page.fields.iter().map(|field| field.name));
        let mut given = answers.or_samples(&page.fields);
        given.replace(first);
        let given = Given {
            answers: &given,
            fetched: self.fetched,
        };
        submit(flow, &mut self.visit, step, &page.fields, &given).map(drop)
    }

    /// The step that is to fail.
    fn to_fail(&self, flow: &dyn Flow) -> Result<&'static str, Error> {
        let steps = flow.steps(&self.visit);
        let wanted = |name: &str| {
            let step = self.script.step.as_deref();
            step.is_none_or(|step| step == name) && flow.failure(&self.visit, name).is_some()
        };
        let found = steps.iter().rev().find(|step| wanted(step.name));
        found.map(|step| step.name).ok_or_else(|| {
            let can_fail = |name: &&str| flow.failure(&self.visit, name).is_some();
            let names = steps.iter().map(|step| step.name).filter(can_fail);
            let names: Vec<_> = names.collect();
            let message = if names.is_empty() {
                "Nothing can fail in this part of the portal.".to_owned()
            } else {
                format!("The steps that can fail are {}.", names.join(", "))
            };
            Violation::new("step", Rule::Value, message).into()
        })
    }

    /// Lets a step fail, and says what the visitor is told.
    fn fail(&mut self, flow: &dyn Flow, step: &'static str) -> Result<Option<Alert>, Error> {
        let first = flow.failure(&self.visit, step).unwrap_or_default();
        match self.submit(flow, step, &first) {
            Ok(()) => {
                let page = flow.page(&self.visit, step, &self.script.answers);
                let overview = || flow.overview(&self.visit, &Answers::default()).alert;
                Ok(page.and_then(|page| page.alert).or_else(overview))
            }
            // The visitor is told beside the field, and nothing of this step stands.
            Err(Error::Invalid(violations)) if !first.is_empty() => {
                let first = violations.into_iter().next();
                Ok(first.map(|violation| Alert::new(Tone::Bad, violation.message, "")))
            }
            Err(error) => Err(error),
        }
    }

    /// That every answer was asked for.
    fn check_answers(&self) -> Result<(), Error> {
        let unasked = |name: &&str| !self.asked.contains(name);
        let violations: Vec<_> = self
            .script
            .answers
            .names()
            .filter(unasked)
            .map(|name| {
                let asked: Vec<_> = self.asked.iter().copied().collect();
                let asked = if asked.is_empty() {
                    "no step was left to be answered".to_owned()
                } else {
                    format!("they ask for {}", asked.join(", "))
                };
                let message =
                    format!("None of the steps that were taken asks for '{name}'; {asked}.");
                Violation::new(format!("answers.{name}"), Rule::Value, message)
            })
            .collect();
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(violations))
        }
    }

    fn no_such_step(&self, flow: &dyn Flow) -> Error {
        let steps = flow.steps(&self.visit);
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        let message = match names.as_slice() {
            [] => "This part of the portal has no steps.".to_owned(),
            names => format!(
                "There is no such step still to be done; the steps are {}.",
                names.join(", ")
            ),
        };
        Violation::new("step", Rule::Value, message).into()
    }

    /// Makes it stand.
    fn end(
        self,
        flow: &dyn Flow,
        intent: Intent,
        outcome: Outcome,
        alert: Option<Alert>,
        redirect: Option<RedirectUrl>,
    ) -> Report {
        let visit = self.visit;
        let link = visit.work.get(self.link.id.as_str()).unwrap_or(self.link);
        let report = Report {
            outcome,
            organization: visit.organization(),
            intent: Some(intent),
            link,
            taken: self.taken,
            position: Some(flow.position(&visit)),
            alert,
            made: flow.made(&visit),
            redirect,
        };
        visit.work.commit();
        report
    }
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

/// When the visitor of a link came, or comes.
fn since(work: &Work<'_>, link: &PortalLink) -> Timestamp {
    live_session(work, link).map_or(work.at(), |session| session.opened.at)
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
