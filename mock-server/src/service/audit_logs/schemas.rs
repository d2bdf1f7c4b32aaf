//! Actions and the versions of their schemas.

use std::sync::Arc;

use super::super::Work;
use super::no_action;
use crate::domain::Error;
use crate::domain::audit_log::rules::{Rules, RulesInput};
use crate::domain::audit_log::{AuditLogAction, AuditLogSchema};
use crate::domain::ids::{AuditLogActionId, AuditLogSchemaId};
use crate::domain::page::{Page, PageRequest};
use crate::environment::Environment;
use crate::store::{ActionKey, EVERYWHERE, Query, SchemaKey};

/// Makes the next version of an action's schema, and the action with its first one. Rules that equal the newest make no
/// version: the newest is returned.
///
/// # Errors
/// A metadata schema that is none, or that is too large.
pub(crate) fn create(
    environment: &Environment,
    action: &str,
    rules: RulesInput,
) -> Result<Arc<AuditLogSchema>, Error> {
    // Compiling may take a while, so nobody waits for it.
    let rules = Arc::new(Rules::compile(rules).map_err(Error::Invalid)?);
    let mut work = Work::begin(environment);
    let before = work.find::<AuditLogAction>(&ActionKey(action.into()));
    if let Some(before) = &before
        && before.newest.rules == rules
    {
        return Ok(Arc::clone(&before.newest));
    }
    let now = work.at();
    let action_id = match &before {
        Some(before) => before.id.clone(),
        None => AuditLogActionId::new(work.ulid()),
    };
    let schema = AuditLogSchema {
        id: AuditLogSchemaId::new(work.ulid()),
        action_id: action_id.clone(),
        version: before.as_ref().map_or(0, |before| before.newest.version) + 1,
        rules,
        created_at: now,
    };
    let schema = work.insert(schema);
    match before {
        None => work.insert(AuditLogAction {
            id: action_id,
            name: action.to_owned(),
            newest: Arc::clone(&schema),
            created_at: now,
            updated_at: now,
        }),
        Some(before) => work.update(AuditLogAction {
            newest: Arc::clone(&schema),
            updated_at: now,
            ..AuditLogAction::clone(&before)
        }),
    };
    work.commit();
    Ok(schema)
}

/// A page of the environment's actions.
///
/// # Errors
/// A cursor that is no action's id, or two of them.
pub(crate) fn list_actions(
    environment: &Environment,
    page: &PageRequest,
) -> Result<Page<AuditLogAction>, Error> {
    Work::begin(environment).list(&Query {
        filters: Vec::new(),
        verify: &|_| true,
        within: EVERYWHERE,
        page,
    })
}

/// A page of the versions of an action's schema.
///
/// # Errors
/// There is no such action, or a cursor is no schema's id, or there are two of them.
pub(crate) fn list(
    environment: &Environment,
    action: &str,
    page: &PageRequest,
) -> Result<Page<AuditLogSchema>, Error> {
    let work = Work::begin(environment);
    let found = work.find::<AuditLogAction>(&ActionKey(action.into()));
    let id = found.ok_or_else(|| no_action(action))?.id.clone();
    work.list(&Query {
        filters: vec![vec![SchemaKey::Action(id)]],
        verify: &|_| true,
        within: EVERYWHERE,
        page,
    })
}
