//! The journal of a test's environment.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Error, Expect, TestEnvironment};
use crate::domain::exchange::{Difference, Exchange};
use crate::domain::ids::Id as _;
use crate::service::exchanges::{self, Findings};
use crate::view::exchanges::{DifferenceView, ExchangeView};

/// In the headers of an answer that a fault has given.
const FAULT: &str = "workos-mock-fault";

/// What an environment was asked, as its journal has it: the newest 1,000 requests, unless its settings keep more or fewer.
#[derive(Clone, Copy, Debug)]
pub struct Requests<'e> {
    environment: &'e TestEnvironment,
}

/// A request and what it was answered. Keys, tokens and secrets are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Its id in the journal.
    pub id: String,
    /// What the environment's clock showed when it was answered.
    pub at: Timestamp,
    /// The operation of the API; none for pages of the portal and for what the API does not have.
    pub operation: Option<&'static str>,
    /// The method, in capitals.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query.
    pub query: Option<String>,
    /// The status that was answered.
    pub status: u16,
    /// The body: JSON as it is, anything else as text. Nothing where there was none, or where it was too long to be kept.
    pub body: Option<Value>,
    /// The same of the answer.
    pub answer: Option<Value>,
    /// What was accepted although it is of the past, one sentence each.
    pub warnings: Vec<String>,
}

impl<'e> Requests<'e> {
    pub(super) fn of(environment: &'e TestEnvironment) -> Self {
        Self { environment }
    }

    /// Every request, the newest first.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn all(&self) -> Result<Vec<Request>, Error> {
        self.matching(&Expect::any())
    }

    /// The requests of a kind, the newest first, however many there are.
    ///
    /// # Errors
    /// [`Error::Gone`], [`Error::UnknownOperation`].
    pub fn matching(&self, expect: &Expect) -> Result<Vec<Request>, Error> {
        let found = self.find(expect)?;
        Ok(found.matching.iter().map(|it| Request::new(it)).collect())
    }

    /// Makes sure that there were as many requests of a kind as expected, and returns them, the newest first.
    ///
    /// An expectation that names a status of 400 or more makes such answers expected ones of a strict environment.
    ///
    /// # Errors
    /// [`Error::RequestsDiffer`] with the requests that were nearly so; [`Error::Gone`], [`Error::UnknownOperation`].
    pub fn verify(&self, expect: Expect) -> Result<Vec<Request>, Error> {
        let Findings { matching, near } = self.find(&expect)?;
        if !expect.allowed().allow(matching.len()) {
            let near = near.iter().map(|(exchange, all)| nearly(exchange, all));
            return Err(Error::RequestsDiffer {
                expected: expect.sentence(),
                matched: matching.len(),
                near: near.collect(),
            });
        }
        if expect.expectation.status.is_some() {
            self.environment.expect(expect.expectation);
        }
        Ok(matching.iter().map(|it| Request::new(it)).collect())
    }

    /// Makes answers of a kind expected ones of a strict environment, before they come or after. How many there are is not
    /// looked at.
    ///
    /// # Errors
    /// [`Error::UnknownOperation`].
    pub fn allow(&self, expect: Expect) -> Result<(), Error> {
        expect.check()?;
        self.environment.expect(expect.expectation);
        Ok(())
    }

    /// The requests that were answered with 400 or more although no fault was asked for and neither [`Requests::verify`] nor
    /// [`Requests::allow`] was told to expect it; the newest first.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn unexpected(&self) -> Result<Vec<Request>, Error> {
        let found = self.find(&Expect::any())?;
        let unexpected = found.matching.iter().filter(|exchange| {
            exchange.status >= 400
                && exchange.response.header(FAULT).is_none()
                && !self.environment.expects(exchange)
        });
        Ok(unexpected.map(|exchange| Request::new(exchange)).collect())
    }

    fn find(self, expect: &Expect) -> Result<Findings, Error> {
        expect.check()?;
        let environment = self.environment.current()?;
        Ok(exchanges::find(&environment, &expect.expectation))
    }
}

impl Request {
    fn new(exchange: &Exchange) -> Self {
        let ExchangeView {
            query,
            request,
            response,
            ..
        } = ExchangeView::new(exchange);
        Self {
            id: exchange.id.as_str().to_owned(),
            at: exchange.at,
            operation: exchange.operation,
            method: exchange.method.to_string(),
            path: exchange.path.to_string(),
            query,
            status: exchange.status,
            body: request.body,
            answer: response.body,
            warnings: exchange.warnings.clone(),
        }
    }
}

/// `POST /portal/generate_link was answered with 404: Organization not found: 'org_1'.`
impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, path, status) = (&self.method, &self.path, self.status);
        write!(formatter, "{method} {path} was answered with {status}")?;
        let message = self
            .answer
            .as_ref()
            .and_then(|answer| answer.get("message"));
        match message.and_then(Value::as_str) {
            Some(message) => write!(formatter, ": {message}"),
            None => Ok(()),
        }
    }
}

/// `POST /portal/generate_link: body.intent is "dsync" and not "sso"`
fn nearly(exchange: &Arc<Exchange>, differences: &[Difference]) -> String {
    let differences = differences.iter().map(|difference| {
        let DifferenceView {
            field,
            expected,
            found,
        } = DifferenceView::new(difference);
        match found {
            Some(found) => format!("{field} is {found} and not {expected}"),
            None => format!("{field} is missing and not {expected}"),
        }
    });
    let differences: Vec<_> = differences.collect();
    let (method, path) = (&exchange.method, &exchange.path);
    format!("{method} {path}: {}", differences.join(", "))
}
