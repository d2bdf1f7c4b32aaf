//! What the tests of the parts share: visits of the test organization, on an environment with a still clock.

use super::script::{self, Brought, Halt, Named, Report, Script};
use super::*;
use crate::domain::ids::OrganizationId;
use crate::service::portal_links::{self as links, NewPortalLink};
use crate::service::tests::environment;

/// An organization whose admin visits one part of the portal.
pub(super) struct Walker {
    pub(super) environment: Arc<Environment>,
    pub(super) organization: String,
    intent: Intent,
    /// When the visitor came.
    pub(super) since: Timestamp,
}

impl Walker {
    pub(super) fn new(intent: Intent) -> Self {
        let environment = environment();
        let since = environment.clock.now();
        Self {
            environment,
            organization: OrganizationId::TEST.to_owned(),
            intent,
            since,
        }
    }

    /// The same part, visited for another organization.
    pub(super) fn elsewhere(&self, organization: &str) -> Self {
        Self {
            environment: Arc::clone(&self.environment),
            organization: organization.to_owned(),
            intent: self.intent,
            since: self.since,
        }
    }

    /// Lets time go by, and the visitor come anew.
    pub(super) fn come_later(&mut self, by: jiff::SignedDuration) {
        self.environment.clock.advance(by).unwrap();
        self.since = self.environment.clock.now();
    }

    pub(super) fn visit(&self) -> Visit<'_> {
        let work = Work::begin(&self.environment);
        let organization = work.get(&self.organization).unwrap();
        Visit::new(work, organization, "https://portal.example", self.since)
    }

    pub(super) fn position(&self) -> Position {
        flow(self.intent).position(&self.visit())
    }

    pub(super) fn landing(&self) -> Position {
        flow(self.intent).landing(&self.visit())
    }

    pub(super) fn can_finish(&self) -> bool {
        flow(self.intent).can_finish(&self.visit())
    }

    pub(super) fn is_reachable(&self, step: &str) -> bool {
        flow(self.intent).is_reachable(&self.visit(), step)
    }

    pub(super) fn page(&self, step: &str, about: &[(&str, &str)]) -> Option<Page> {
        flow(self.intent).page(&self.visit(), step, &answers(about))
    }

    pub(super) fn overview(&self, query: &[(&str, &str)]) -> Overview {
        flow(self.intent).overview(&self.visit(), &answers(query))
    }

    /// Answers a step as a page does; what is refused changes nothing.
    pub(super) fn submit(&self, step: &str, given: &[(&str, &str)]) -> Result<Next, Error> {
        let answers = answers(given);
        let flow = flow(self.intent);
        let mut visit = self.visit();
        let page = flow.page(&visit, step, &answers).expect("a page");
        let given = Given {
            answers: &answers,
            fetched: None,
            sent: None,
        };
        let next = submit(flow, &mut visit, step, &page.fields, &given)?;
        visit.work.commit();
        Ok(next)
    }

    /// The fields that refuse the answers to a step.
    pub(super) fn refused(&self, step: &str, given: &[(&str, &str)]) -> Vec<String> {
        match self.submit(step, given) {
            Err(Error::Invalid(violations)) => {
                violations.into_iter().map(|one| one.field).collect()
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    /// A script for a new link.
    pub(super) fn script(&self, step: Option<&str>, given: &[(&str, &str)]) -> Script {
        let new = NewPortalLink {
            organization: self.organization.clone(),
            intent: Some(self.intent),
            ..NewPortalLink::default()
        };
        let issued = links::generate(&self.environment, new).unwrap();
        Script {
            link: Named::Token(issued.token.expose().to_owned()),
            intent: None,
            step: step.map(str::to_owned),
            answers: answers(given),
        }
    }

    pub(super) fn complete(&self, given: &[(&str, &str)]) -> Result<Report, Error> {
        let script = self.script(None, given);
        let brought = Brought::default();
        script::complete(
            &self.environment,
            "https://portal.example",
            &script,
            brought,
        )
        .map_err(refused)
    }

    pub(super) fn fail(&self, step: Option<&str>) -> Result<Report, Error> {
        let script = self.script(step, &[]);
        let brought = Brought::default();
        script::fail(
            &self.environment,
            "https://portal.example",
            &script,
            brought,
        )
        .map_err(refused)
    }
}

/// The error of a script that has nothing to send.
fn refused(halt: Halt) -> Error {
    match halt {
        Halt::Refused(error) => error,
        Halt::ToSend(first) => panic!("not sent: {first:?}"),
    }
}

pub(super) fn answers(pairs: &[(&str, &str)]) -> Answers {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}
