//! A way through a part of the portal, step by step, in one unit of work.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Brought, Halt, Outcome, Report, Script, organization};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::error::{Rule, Violation};
use crate::domain::form::Kind;
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::portal_link::PortalLink;
use crate::domain::redirect::RedirectUrl;
use crate::service::Work;
use crate::service::setup::{Alert, Flow, Given, Made, Tone, Visit, submit};

/// More steps than any part has; one that asks for more goes in a circle.
const MOST_STEPS: usize = 20;

/// A way through a part, with what was used of the answers.
pub(super) struct Walk<'a> {
    pub(super) visit: Visit<'a>,
    pub(super) link: Arc<PortalLink>,
    script: &'a Script,
    brought: Brought<'a>,
    taken: Vec<&'static str>,
    asked: BTreeSet<&'static str>,
    /// What a visit that begins now would take for its own, because the clock has not moved since it was made.
    pub(super) was_there: Vec<Made>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        work: Work<'a>,
        link: &Arc<PortalLink>,
        public_url: &'a str,
        since: Timestamp,
        script: &'a Script,
        brought: Brought<'a>,
    ) -> Result<Self, Error> {
        let organization = organization(&work, link)?;
        Ok(Self {
            visit: Visit::new(work, organization, public_url, since),
            link: Arc::clone(link),
            script,
            brought,
            taken: Vec::new(),
            asked: BTreeSet::new(),
            was_there: Vec::new(),
        })
    }

    /// Answers a step.
    pub(super) fn take(&mut self, flow: &dyn Flow, step: &'static str) -> Result<(), Halt> {
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
    fn submit(&mut self, flow: &dyn Flow, step: &'static str, first: &Answers) -> Result<(), Halt> {
        let answers = &self.script.answers;
        let page = flow
            .page(&self.visit, step, answers)
            .ok_or_else(|| self.no_such_step(flow))?;
        self.asked
            .extend(page.fields.iter().map(|field| field.name));
        let mut given = answers.or_samples(&page.fields);
        given.replace(first);
        let Brought { fetched, sent } = self.brought;
        if sent.is_none()
            && let Some(first) = flow.to_send(&self.visit, step, &given)
        {
            return Err(Halt::ToSend(Box::new(first)));
        }
        let given = Given {
            answers: &given,
            fetched,
            sent,
        };
        submit(flow, &mut self.visit, step, &page.fields, &given)?;
        Ok(())
    }

    /// The step that is to fail.
    pub(super) fn to_fail(&self, flow: &dyn Flow) -> Result<&'static str, Error> {
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
    pub(super) fn fail(
        &mut self,
        flow: &dyn Flow,
        step: &'static str,
    ) -> Result<Option<Alert>, Halt> {
        let mut first = flow.failure(&self.visit, step).unwrap_or_default();
        self.spare_chosen(flow, step, &mut first);
        match self.submit(flow, step, &first) {
            Ok(()) => {
                let page = flow.page(&self.visit, step, &self.script.answers);
                let overview = || flow.overview(&self.visit, &Answers::default()).alert;
                Ok(page.and_then(|page| page.alert).or_else(overview))
            }
            // The visitor is told beside the field, and nothing of this step stands.
            Err(Halt::Refused(Error::Invalid(violations))) if !first.is_empty() => {
                let first = violations.into_iter().next();
                Ok(first.map(|violation| Alert::new(Tone::Bad, violation.message, "")))
            }
            Err(halt) => Err(halt),
        }
    }

    /// Takes out of `failing` what the script itself has chosen in another way than the good one, which comes first.
    fn spare_chosen(&self, flow: &dyn Flow, step: &str, failing: &mut Answers) {
        let answers = &self.script.answers;
        let page = flow.page(&self.visit, step, answers);
        for field in page.iter().flat_map(|page| &page.fields) {
            if let Kind::Choice(choices) = &field.kind
                && let Some(chosen) = answers.text(field.name)
                && choices.first().is_some_and(|good| good.value != chosen)
            {
                failing.take(field.name);
            }
        }
    }

    /// That every answer was asked for.
    pub(super) fn check_answers(&self) -> Result<(), Error> {
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

    pub(super) fn no_such_step(&self, flow: &dyn Flow) -> Error {
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
    pub(super) fn end(
        self,
        flow: &dyn Flow,
        intent: Intent,
        outcome: Outcome,
        alert: Option<Alert>,
        redirect: Option<RedirectUrl>,
    ) -> Report {
        let visit = self.visit;
        let mut made = flow.made(&visit);
        made.retain(|made| !self.was_there.contains(made));
        let link = visit.work.get(self.link.id.as_str()).unwrap_or(self.link);
        let report = Report {
            outcome,
            organization: visit.organization(),
            intent: Some(intent),
            link,
            taken: self.taken,
            position: Some(flow.position(&visit)),
            alert,
            made,
            redirect,
        };
        visit.work.commit();
        report
    }
}
