//! WorkOS's HTTP API. Knows nothing of the store, of the portal's pages or of the control API.

mod audit_logs;
mod body;
mod call;
mod canonical;
mod certificates;
mod connections;
pub(crate) mod contract;
mod directories;
mod directory_groups;
mod directory_users;
pub(crate) mod document;
mod error;
mod events;
mod it_contacts;
mod organization_domains;
mod organizations;
mod paging;
mod pipeline;
mod portal_links;
mod reply;
#[cfg(test)]
mod tests;
mod webhook_endpoints;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use error::ApiError;
use operation::Operation;

use crate::domain::Error;
use crate::operation;
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every operation of the document and `GET /health`, and an answer in WorkOS's envelope for whatever else is asked.
///
/// # Panics
/// When the document has an operation with a method that axum cannot route, which a test rules out.
pub(crate) fn router(state: AppState) -> Router {
    let operations = Operation::ALL
        .iter()
        .fold(Router::new(), |router, &operation| {
            let method = MethodFilter::try_from(operation.method())
                .expect("the document has common methods only");
            let handler = async move |state, params, request| {
                pipeline::serve(operation, state, params, request).await
            };
            router.route(operation.path(), on(method, handler))
        });
    operations
        .route("/health", get(health))
        .fallback(async || ApiError::NoSuchRoute)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(middleware::from_fn_with_state(state.clone(), identify))
        .with_state(state)
}

/// The answer to an operation that was refused.
pub(crate) fn refused(error: Error) -> Response {
    ApiError::from(error).into_response()
}

/// Whether the server answers; asks for no key, so that scripts can wait for it.
async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Gives every answer a request id, where its environment has not.
async fn identify(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.headers().contains_key(REQUEST_ID) {
        set_request_id(&mut response, state.environments.request_id());
    }
    response
}

fn set_request_id(response: &mut Response, id: Uuid) {
    let mut buffer = Uuid::encode_buffer();
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut buffer)) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}
