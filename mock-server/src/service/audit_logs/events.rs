//! Events in audit logs: log and search.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use super::super::{Work, log_streams};
use super::{no_action, organization, retention_of};
use crate::domain::Error;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::export::{EventFilter, Range};
use crate::domain::audit_log::metadata::Mismatch;
use crate::domain::audit_log::{AuditLogAction, AuditLogEvent, AuditLogSchema};
use crate::domain::ids::{AuditLogEventId, Id as _, OrganizationId};
use crate::domain::page::{Order, Page, PageRequest};
use crate::environment::Environment;
use crate::store::{ActionKey, AuditLogEventKey, EVERYWHERE, Position, Query, SchemaKey};

/// Which events of an organization are searched for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) filter: EventFilter,
    /// Those of an actor with this name or id.
    pub(crate) actor: Option<String>,
    /// Those with a target of this kind or with this id.
    pub(crate) target: Option<String>,
    /// Those that occurred in this range.
    pub(crate) range: Option<Range>,
    /// Those that were logged no later than this.
    pub(crate) sequence: Option<u128>,
    /// In the order in which they occurred.
    pub(crate) page: PageRequest,
}

/// Logs an event.
///
/// # Errors
/// The organization or the action is not there, or the event does not fit the action's schema.
pub(crate) fn log(environment: &Environment, id: &str, entry: Entry) -> Result<(), Error> {
    let schema = {
        let work = Work::begin(environment);
        organization(&work, id)?;
        schema_for(&work, &entry)?
    };
    // A version never changes, so nobody waits while the event is held against it.
    schema
        .rules
        .check(&entry)
        .map_err(Error::AuditLogEventMismatch)?;
    let mut work = Work::begin(environment);
    let organization_id = organization(&work, id)?;
    let sequence = work.ulid();
    let event = AuditLogEvent {
        id: AuditLogEventId::new(occurring(entry.occurred_at, sequence)),
        organization_id: organization_id.clone(),
        version: schema.version,
        entry,
        logged: work.now().moment(),
        sequence: sequence.0,
    };
    let event = work.insert(event);
    log_streams::send(&mut work, &event);
    forget_oldest(&mut work, &organization_id)?;
    let max_audit_log_events = environment.settings.max_audit_log_events;
    let full = work.trim::<AuditLogEvent>(max_audit_log_events);
    work.commit();
    if full && !environment.forgets_audit_logs.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            max_audit_log_events,
            "there are more audit log events than are kept: from now on those that occurred first go first"
        );
    }
    Ok(())
}

/// A page of an organization's events.
///
/// # Errors
/// The organization is not there, or a cursor is no event's id, or there are two of them.
pub(crate) fn search(
    environment: &Environment,
    id: &str,
    search: &Search,
) -> Result<Page<AuditLogEvent>, Error> {
    let work = Work::begin(environment);
    let organization = organization(&work, id)?;
    search_in(&work, &organization, search)
}

/// As [`search`], within other work.
pub(in crate::service) fn search_in(
    work: &Work<'_>,
    organization: &OrganizationId,
    search: &Search,
) -> Result<Page<AuditLogEvent>, Error> {
    let retention = retention_of(work, organization).unwrap_or_default();
    let now = work.now();
    let verify = |event: &AuditLogEvent| {
        let range = search.range;
        range.is_none_or(|range| range.contains(event.entry.occurred_at))
            && search.sequence.is_none_or(|last| event.sequence <= last)
            && !retention.is_over(event.logged, &now)
    };
    work.list(&Query {
        filters: filters(organization, search),
        verify: &verify,
        within: search.range.map_or(EVERYWHERE, positions),
        page: &search.page,
    })
}

/// The event with this id in an organization's log, while it is kept.
pub(in crate::service) fn get_in(
    work: &Work<'_>,
    organization: &OrganizationId,
    id: &str,
) -> Option<Arc<AuditLogEvent>> {
    let event = work.get::<AuditLogEvent>(id)?;
    let retention = retention_of(work, organization).unwrap_or_default();
    let is_kept = !retention.is_over(event.logged, &work.now());
    (event.organization_id == *organization && is_kept).then_some(event)
}

/// The version of its action's schema that an event is made for.
fn schema_for(work: &Work<'_>, entry: &Entry) -> Result<Arc<AuditLogSchema>, Error> {
    let action = work.find::<AuditLogAction>(&ActionKey(entry.action.as_str().into()));
    let action = action.ok_or_else(|| no_action(&entry.action))?;
    let Some(version) = entry.version else {
        return Ok(Arc::clone(&action.newest));
    };
    let schema = work.find::<AuditLogSchema>(&SchemaKey::Version(action.id.clone(), version));
    schema.ok_or_else(|| {
        Error::AuditLogEventMismatch(vec![Mismatch {
            instance_path: "/version".to_owned(),
            schema_path: "#/properties/version/maximum".to_owned(),
            keyword: "maximum".to_owned(),
            params: Some(json!({ "comparison": "<=", "limit": action.newest.version })),
            message: format!("must be <= {}", action.newest.version),
        }])
    })
}

/// The ULID of what occurred at `at`: its time is that of the occurrence, the rest is from `unique`.
fn occurring(at: Timestamp, unique: Ulid) -> Ulid {
    Ulid::from_parts(milliseconds(at), unique.random())
}

/// What occurred before 1970 counts as having occurred as it began.
fn milliseconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

/// Positions that hold every event that occurred in `range`.
fn positions(range: Range) -> RangeInclusive<Position> {
    let first = Position::from(milliseconds(range.start)) << 80;
    let past = Position::from(milliseconds(range.end) + 1) << 80;
    first..=past - 1
}

fn filters(organization: &OrganizationId, search: &Search) -> Vec<Vec<AuditLogEventKey>> {
    type Key = fn(OrganizationId, Box<str>) -> AuditLogEventKey;
    let filter = &search.filter;
    let lists: [(&[String], Key); 4] = [
        (&filter.actions, AuditLogEventKey::Action),
        (&filter.actor_names, AuditLogEventKey::ActorName),
        (&filter.actor_ids, AuditLogEventKey::ActorId),
        (&filter.targets, AuditLogEventKey::Target),
    ];
    let given = lists.into_iter().filter(|(values, _)| !values.is_empty());
    let mut filters: Vec<Vec<AuditLogEventKey>> = given
        .map(|(values, key)| {
            let values = values.iter().map(|value| value.as_str().into());
            values
                .map(|value| key(organization.clone(), value))
                .collect()
        })
        .collect();
    let either: [(&Option<String>, [Key; 2]); 2] = [
        (
            &search.actor,
            [AuditLogEventKey::ActorName, AuditLogEventKey::ActorId],
        ),
        (
            &search.target,
            [AuditLogEventKey::Target, AuditLogEventKey::TargetId],
        ),
    ];
    for (value, keys) in either {
        if let Some(value) = value {
            let keys = keys.map(|key| key(organization.clone(), value.as_str().into()));
            filters.push(keys.into());
        }
    }
    if filters.is_empty() {
        filters.push(vec![AuditLogEventKey::Organization(organization.clone())]);
    }
    filters
}

/// Takes the first events of an organization away, as long as they are past their retention. What is past it and not among the
/// first is found no more, and goes when its turn comes.
fn forget_oldest(work: &mut Work<'_>, organization: &OrganizationId) -> Result<(), Error> {
    const AT_ONCE: usize = 16;
    let retention = retention_of(work, organization).unwrap_or_default();
    let now = work.now();
    let first = work.list(&Query {
        filters: vec![vec![AuditLogEventKey::Organization(organization.clone())]],
        verify: &|_| true,
        within: EVERYWHERE,
        page: &PageRequest {
            limit: AT_ONCE,
            order: Order::Asc,
            ..PageRequest::default()
        },
    })?;
    let over = |event: &&Arc<AuditLogEvent>| retention.is_over(event.logged, &now);
    for event in first.items.iter().take_while(over) {
        work.delete::<AuditLogEvent>(event.id.as_str());
    }
    Ok(())
}

/// Takes every event of an organization away that is past its retention.
pub(super) fn forget_old(work: &mut Work<'_>, organization: &OrganizationId) {
    let retention = retention_of(work, organization).unwrap_or_default();
    let now = work.now();
    let key = AuditLogEventKey::Organization(organization.clone());
    for event in work.find_all::<AuditLogEvent>(&key) {
        if retention.is_over(event.logged, &now) {
            work.delete::<AuditLogEvent>(event.id.as_str());
        }
    }
}
