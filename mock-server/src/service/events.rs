//! Events: the list of them.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::Timestamp;

use super::Work;
use crate::domain::Error;
use crate::domain::error::{Entity, Rule, Violation};
use crate::domain::event::Event;
use crate::domain::ids::OrganizationId;
use crate::domain::page::{Order, Page, PageRequest};
use crate::domain::time::Now;
use crate::environment::Environment;
use crate::store::{EVERYWHERE, EventKey, Position, Query};

/// Which events are to be listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListEvents {
    pub(crate) page: PageRequest,
    /// Those that have any of these names. A list without one is refused.
    pub(crate) names: Vec<String>,
    /// Those that concern this organization.
    pub(crate) organization_id: Option<String>,
    /// Those of this instant and later.
    pub(crate) range_start: Option<Timestamp>,
    /// Those before this instant.
    pub(crate) range_end: Option<Timestamp>,
}

/// A page of events.
///
/// # Errors
/// No names, a cursor that is no event's id, or two places to begin.
pub(crate) fn list(environment: &Environment, list: ListEvents) -> Result<Page<Event>, Error> {
    if list.names.is_empty() {
        return Err(Error::EventsNotNamed);
    }
    if list.range_start.is_some() && list.page.after.is_some() {
        let message = "A page begins after a cursor or at an instant: give one of the two.";
        return Err(Violation::new("range_start", Rule::Value, message).into());
    }
    // What is no id is no organization's, and has no events.
    let organization = list.organization_id.as_deref().map(OrganizationId::parse);
    let names = list.names.into_iter().map(Cow::Owned);
    let keys = match organization {
        None => names.map(EventKey::Name).collect(),
        Some(None) => Vec::new(),
        Some(Some(id)) => names
            .map(|name| EventKey::OfOrganization(name, id.clone()))
            .collect(),
    };
    let work = Work::begin(environment);
    let (start, end) = (list.range_start, list.range_end);
    let lag = environment.settings.events_lag;
    let youngest = match list.page.order {
        Order::Asc if lag.is_positive() => work.at().saturating_sub(lag).ok(),
        _ => None,
    };
    let verify = |event: &Event| {
        let at = milliseconds(event.created_at);
        start.is_none_or(|start| at >= start)
            && end.is_none_or(|end| at < end)
            && youngest.is_none_or(|youngest| event.created_at <= youngest)
    };
    work.list(&Query {
        filters: vec![keys],
        verify: &verify,
        within: positions(start, end, &work.now()),
        page: &list.page,
    })
}

/// Which events somebody looks at: those for which all of it is true.
#[derive(Clone, Debug, Default)]
pub(crate) struct BrowseEvents {
    pub(crate) page: PageRequest,
    /// Those with this name.
    pub(crate) name: Option<String>,
    /// Those that concern this organization.
    pub(crate) organization_id: Option<String>,
}

/// A page of events for whoever looks at them: of any name, and without a lag.
///
/// # Errors
/// A cursor that is no event's id, or two of them.
pub(crate) fn browse(environment: &Environment, list: BrowseEvents) -> Result<Page<Event>, Error> {
    let organization = list.organization_id.as_deref().map(OrganizationId::parse);
    let key = match (list.name, organization) {
        (None, None) => None,
        (_, Some(None)) => Some(None),
        (Some(name), None) => Some(Some(EventKey::Name(name.into()))),
        (Some(name), Some(Some(id))) => Some(Some(EventKey::OfOrganization(name.into(), id))),
        (None, Some(Some(id))) => Some(Some(EventKey::Organization(id))),
    };
    Work::begin(environment).list(&Query {
        filters: key
            .map(|key| key.into_iter().collect())
            .into_iter()
            .collect(),
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })
}

/// The event with this id.
///
/// # Errors
/// There is none, or not any more.
pub(crate) fn get(environment: &Environment, id: &str) -> Result<Arc<Event>, Error> {
    let event = Work::begin(environment).get::<Event>(id);
    event.ok_or_else(|| Error::NotFound {
        entity: Entity::Event,
        id: id.to_owned(),
    })
}

/// An instant as it is written and compared, in whole milliseconds.
fn milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Positions that hold every event of a range of time. An event's id carries the time it was made at, or a later one when
/// the clock had shown that before it was turned back.
fn positions(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    now: &Now,
) -> RangeInclusive<Position> {
    let position = |at: Timestamp, after: u64| {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Position::from(milliseconds + after) << 80
    };
    let first = start.map_or(0, |start| position(start, 0));
    let last = end
        .filter(|_| !now.was_turned_back())
        .map_or(Position::MAX, |end| position(end, 1));
    first..=last
}
