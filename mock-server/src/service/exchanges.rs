//! The journal: what an environment was asked and what it answered, and whether that is what a test expects.

use std::sync::Arc;

use super::Work;
use crate::domain::Error;
use crate::domain::error::Entity;
use crate::domain::exchange::{Difference, Exchange, Expectation};
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{EVERYWHERE, ExchangeKey, Query};

/// Which exchanges are to be listed: those for which all of it is true.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListExchanges {
    pub(crate) page: PageRequest,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
}

/// How many requests are expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

/// What a look at the journal has found.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    /// The requests that are as expected, the newest first.
    pub(crate) matching: Vec<Arc<Exchange>>,
    /// Others that are nearly so, those first that differ least, with what differs.
    pub(crate) near: Vec<(Arc<Exchange>, Vec<Difference>)>,
}

/// How many requests an answer names.
const NAMED: usize = 5;

/// Keeps an exchange; the oldest go when there are too many. It is no operation, so time does not go on by it.
pub(crate) fn record(environment: &Environment, exchange: Exchange) {
    let mut unit = environment.store.begin();
    unit.append(exchange, environment.settings.max_requests);
    unit.commit();
    environment.wakeups.tell_change();
}

/// A page of exchanges.
///
/// # Errors
/// A cursor that is no exchange's id, or two of them.
pub(crate) fn list(
    environment: &Environment,
    list: ListExchanges,
) -> Result<Page<Exchange>, Error> {
    let filters = [
        list.operation.map(|id| ExchangeKey::Operation(id.into())),
        list.method.map(|method| ExchangeKey::Method(method.into())),
        list.path.map(|path| ExchangeKey::Path(path.into())),
        list.status.map(ExchangeKey::Status),
    ];
    Work::begin(environment).list(&Query {
        filters: filters.into_iter().flatten().map(|key| vec![key]).collect(),
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// The exchange with this id.
///
/// # Errors
/// There is none, or not any more.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Exchange>, Error> {
    let exchange = Work::begin(environment).get::<Exchange>(id);
    exchange.ok_or_else(|| Error::NotFound {
        entity: Entity::Request,
        id: id.to_owned(),
    })
}

/// Looks for requests that are as expected. The journal is bounded, so this is.
pub(crate) fn find(environment: &Environment, expectation: &Expectation) -> Findings {
    let work = Work::begin(environment);
    let everything = work.newest::<Exchange>(environment.settings.max_requests);
    drop(work);
    let mut findings = Findings {
        matching: Vec::new(),
        near: Vec::new(),
    };
    for exchange in everything {
        let differences = expectation.differences(&exchange);
        if differences.is_empty() {
            findings.matching.push(exchange);
        } else {
            findings.near.push((exchange, differences));
        }
    }
    // Another operation is not near. Stable, so of those that differ alike the newest comes first.
    let elsewhere = |differences: &[Difference]| {
        let mut fields = differences
            .iter()
            .map(|difference| difference.field.as_str());
        fields.any(|field| matches!(field, "operation" | "method" | "path"))
    };
    findings
        .near
        .retain(|(_, differences)| !elsewhere(differences));
    findings
        .near
        .sort_by_key(|(_, differences)| differences.len());
    findings.near.truncate(NAMED);
    findings
}

impl Times {
    /// Whether so many are as many as expected.
    pub(crate) fn allow(self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }
}
