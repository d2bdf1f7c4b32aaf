//! Operations on audit logs.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Call;
use super::error::ApiError;
use super::paging::PageQuery;
use super::reply::Reply;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::export::{EventFilter, SeenExport};
use crate::domain::audit_log::retention::Retention;
use crate::domain::audit_log::rules::RulesInput;
use crate::service::audit_logs::exports::NewExport;
use crate::service::audit_logs::{events, exports, retention, schemas};
use crate::view::PageView;
use crate::view::audit_logs::{ActionView, ConfigurationView, ExportView, SchemaView};

#[derive(Deserialize)]
struct SchemaBody {
    actor: Option<ActorSchema>,
    targets: Vec<TargetSchema>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct ActorSchema {
    metadata: Value,
}

#[derive(Deserialize)]
struct TargetSchema {
    r#type: String,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct EventBody {
    organization_id: String,
    event: Entry,
}

#[derive(Deserialize)]
struct ExportBody {
    organization_id: String,
    range_start: Timestamp,
    range_end: Timestamp,
    actions: Option<Vec<String>>,
    actors: Option<Vec<String>>,
    actor_names: Option<Vec<String>>,
    actor_ids: Option<Vec<String>>,
    targets: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct RetentionBody {
    retention_period: Option<String>,
    retention_period_in_days: Option<u16>,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

#[derive(Serialize)]
struct RetentionView {
    retention_period_in_days: Option<u16>,
}

pub(super) fn list_actions(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: PageQuery = call.query()?;
    let page = schemas::list_actions(call.environment, &query.newest_first())?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, ActionView::new),
    ))
}

pub(super) fn list_schemas(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query: PageQuery = call.query()?;
    let action = call.path("actionName");
    let page = schemas::list(call.environment, action, &query.newest_first())?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&page, SchemaView::new),
    ))
}

pub(super) fn create_schema(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: SchemaBody = call.body()?;
    let targets = body.targets.into_iter();
    let rules = RulesInput {
        actor: body.actor.map(|actor| actor.metadata),
        targets: targets
            .map(|target| (target.r#type, target.metadata))
            .collect(),
        metadata: body.metadata,
    };
    let schema = schemas::create(call.environment, call.path("actionName"), rules)?;
    Ok(Reply::json(StatusCode::CREATED, &SchemaView::new(&schema)))
}

pub(super) fn create_event(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: EventBody = call.body()?;
    events::log(call.environment, &body.organization_id, body.event)?;
    Ok(Reply::json(StatusCode::OK, &Success { success: true }))
}

pub(super) fn create_export(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: ExportBody = call.body()?;
    let mut actor_names = body.actor_names.unwrap_or_default();
    actor_names.extend(body.actors.unwrap_or_default());
    let new = NewExport {
        organization: body.organization_id,
        start: body.range_start,
        end: body.range_end,
        filter: EventFilter {
            actions: body.actions.unwrap_or_default(),
            actor_names,
            actor_ids: body.actor_ids.unwrap_or_default(),
            targets: body.targets.unwrap_or_default(),
        },
    };
    let seen = exports::create(call.environment, new)?;
    Ok(export(call, StatusCode::CREATED, &seen))
}

pub(super) fn get_export(call: &Call<'_>) -> Result<Reply, ApiError> {
    let seen = exports::get(call.environment, call.path("auditLogExportId"))?;
    Ok(export(call, StatusCode::OK, &seen))
}

fn export(call: &Call<'_>, status: StatusCode, seen: &SeenExport) -> Reply {
    let address = |token: &str| format!("{}/exports/{token}.csv", call.public_url);
    Reply::json(status, &ExportView::new(seen, address))
}

pub(super) fn get_configuration(call: &Call<'_>) -> Result<Reply, ApiError> {
    let configuration = retention::configuration(call.environment, call.path("id"))?;
    Ok(Reply::json(
        StatusCode::OK,
        &ConfigurationView::new(&configuration),
    ))
}

pub(super) fn get_retention(call: &Call<'_>) -> Result<Reply, ApiError> {
    let retention = retention::get(call.environment, call.path("id"))?;
    Ok(retention_reply(retention))
}

pub(super) fn update_retention(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: RetentionBody = call.body()?;
    let period = body.retention_period.as_deref();
    let retention = Retention::asked_for(period, body.retention_period_in_days)
        .map_err(crate::domain::Error::from)?;
    retention::set(call.environment, call.path("id"), retention)?;
    Ok(retention_reply(Some(retention)))
}

fn retention_reply(retention: Option<Retention>) -> Reply {
    let view = RetentionView {
        retention_period_in_days: retention.map(Retention::days),
    };
    Reply::json(StatusCode::OK, &view)
}
