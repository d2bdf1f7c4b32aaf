//! `/_mock/log_streams` and `/_mock/log_stream_deliveries`: what went through log streams, and their destinations, as far as
//! a test plays them.

use axum::Json;
use axum::extract::RawQuery;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::members::Members;
use super::{Id, Target};
use crate::domain::log_stream::ShownState;
use crate::domain::page::{Order, PageRequest};
use crate::service::log_streams;
use crate::view::PageView;
use crate::view::log_streams::{DeliveryView, LogStreamView};

/// How many deliveries a page has unless the call says otherwise, and at most.
const USUAL_LIMIT: usize = 10;
const MOST: usize = 100;

/// Shows what went through log streams, newest first.
pub(super) async fn deliveries(
    Target(environment): Target,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = asked(query.as_deref().unwrap_or_default()).map_err(Refusal::Invalid)?;
    let organization = asked.organization_id.as_deref();
    let page = log_streams::deliveries(&environment, organization, &asked.page)?;
    let view = PageView::new(&page, DeliveryView::new);
    Ok(([(CACHE_CONTROL, "no-store")], Json(view)).into_response())
}

/// Puts a stream into a state, as its destination would.
pub(super) async fn change(
    Target(environment): Target,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let wanted = wanted(&body).map_err(Refusal::Invalid)?;
    let stream = log_streams::set_state(&environment, &id, wanted)?;
    Ok(Json(LogStreamView::new(&stream)).into_response())
}

fn wanted(body: &Value) -> Result<ShownState, Vec<FieldError>> {
    let mut errors = Vec::new();
    let state = Members::of(body, "", &["state"], &mut errors).and_then(|mut members| {
        let state = members.one_of("state", &ShownState::ALL, ShownState::as_str);
        members.required("state", state)
    });
    state.filter(|_| errors.is_empty()).ok_or(errors)
}

struct Asked {
    organization_id: Option<String>,
    page: PageRequest,
}

fn asked(query: &str) -> Result<Asked, Vec<FieldError>> {
    let mut asked = Asked {
        organization_id: None,
        page: PageRequest {
            limit: USUAL_LIMIT,
            order: Order::Desc,
            ..PageRequest::default()
        },
    };
    let mut errors = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "organization_id" => asked.organization_id = Some(value),
            "before" => asked.page.before = Some(value),
            "after" => asked.page.after = Some(value),
            "limit" => match value.parse() {
                Ok(limit) if (1..=MOST).contains(&limit) => asked.page.limit = limit,
                _ => {
                    let message = format!("limit must be a whole number from 1 to {MOST}.");
                    errors.push(FieldError::new("limit", "out_of_range", message));
                }
            },
            name => {
                let message = format!(
                    "There is no parameter '{name}'; there are organization_id, limit, before and after."
                );
                errors.push(FieldError::new(name, "unknown", message));
            }
        }
    }
    if errors.is_empty() {
        Ok(asked)
    } else {
        Err(errors)
    }
}
