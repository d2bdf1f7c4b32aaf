//! `/_mock`: what the mock offers beyond `WorkOS`'s API, to steer it from a test. Of the API's operations it
//! knows only which there are.
//!
//! A call is about the environment whose API key it carries, or about the first one when it carries none. On a server
//! with a control token every call has to show that as well. Pages of other origins are refused, and so are calls under a name
//! that is not this server's, so that no web site can reach a developer's server through their browser.

mod answer;
mod body;
mod call;
mod clock;
mod connections;
mod deliveries;
mod directories;
mod directory_members;
mod document;
mod environments;
mod faults;
mod hosts;
mod listing;
mod log_streams;
mod members;
mod operations;
mod organization_domains;
mod outbox;
mod portal_links;
mod rate_limits;
mod requests;
mod route;
mod serve;
mod webhook_endpoints;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, patch, post, put};
use sha2::{Digest, Sha256};

use self::answer::Refusal;
pub(crate) use self::hosts::Hosts;
use self::route::Route;
use crate::environment::Environment;
use crate::state::AppState;

/// Where a call shows the control token.
const CONTROL_TOKEN: HeaderName = HeaderName::from_static("workos-mock-control-token");

/// Every operation that has moved to the table.
fn routes() -> Vec<Route> {
    [
        environments::routes(),
        requests::routes(),
        faults::routes(),
        rate_limits::routes(),
    ]
    .concat()
}

/// Everything under `/_mock`.
#[expect(clippy::too_many_lines, reason = "a list of routes")]
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    serve::router(routes())
        .route(
            "/_mock/clock",
            get(clock::show)
                .patch(clock::change)
                .fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/outbox",
            get(outbox::show).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/organization_domains/{id}",
            post(organization_domains::decide).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/connections",
            post(connections::make).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/connections/{id}",
            patch(connections::change).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directories",
            post(directories::create).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directories/{id}/users",
            post(directory_members::add_user).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directories/{id}/groups",
            post(directory_members::add_group).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directory_users/{id}",
            patch(directory_members::change_user)
                .delete(directory_members::remove_user)
                .fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directory_groups/{id}",
            patch(directory_members::change_group)
                .delete(directory_members::remove_group)
                .fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/directory_groups/{id}/users/{user}",
            put(directory_members::join)
                .delete(directory_members::leave)
                .fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/portal_links/complete",
            post(portal_links::complete).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/portal_links/fail",
            post(portal_links::fail).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/portal_links/step",
            post(portal_links::step).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/portal_links/expire",
            post(portal_links::expire).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/log_streams/{id}",
            patch(log_streams::change).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/log_stream_deliveries",
            get(log_streams::deliveries).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/log_stream_deliveries/{id}",
            get(log_streams::delivery).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/log_stream_deliveries/{id}/resend",
            post(log_streams::resend).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries",
            get(deliveries::list).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries/pause",
            post(deliveries::pause).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries/resume",
            post(deliveries::resume).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries/wait",
            post(deliveries::wait).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries/{id}",
            get(deliveries::show).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/deliveries/{id}/resend",
            post(deliveries::resend).fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/webhook_endpoints/{id}/steering",
            get(webhook_endpoints::steering)
                .put(webhook_endpoints::steer)
                .fallback(async || Refusal::WrongMethod),
        )
        .route(
            "/_mock/webhook_endpoints/{id}/test",
            post(webhook_endpoints::test).fallback(async || Refusal::WrongMethod),
        )
        .route("/_mock", any(async || Refusal::NoSuchPath))
        .route("/_mock/{*path}", any(async || Refusal::NoSuchPath))
        .layer(from_fn_with_state(state.clone(), guard))
}

async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match admit(&state, request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn admit(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let host = hosts::named(uri, headers).map_err(|_| Refusal::ForeignHost)?;
    if host.is_some_and(|host| !state.hosts.are_named_by(host)) {
        return Err(Refusal::ForeignHost);
    }
    // A page that came from here under another of this server's names is its own too.
    let own = host.map(|host| format!("http://{host}"));
    let is_own = |origin: &HeaderValue| {
        let named = own.as_ref().is_some_and(|own| origin == own.as_str());
        named || origin == &*state.public_url
    };
    if !headers.get_all(ORIGIN).iter().all(is_own) {
        return Err(Refusal::ForeignOrigin);
    }
    let Some(expected) = &state.control_token else {
        return Ok(());
    };
    let shown = headers.get(CONTROL_TOKEN).ok_or(Refusal::NoControlToken)?;
    // Digests are compared, so the time it takes tells nothing about the token.
    if Sha256::digest(shown.as_bytes()) == Sha256::digest(expected.expose().as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::WrongControlToken)
    }
}

/// The environment that a call is about.
struct Target(Arc<Environment>);

impl FromRequestParts<AppState> for Target {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(Self(state.environments.default_environment()));
        }
        let (environment, _, _) = state
            .authenticate(&parts.headers)
            .ok_or(Refusal::Unauthorized)?;
        Ok(Self(environment))
    }
}

/// The id that a path names.
struct Id(String);

impl FromRequestParts<AppState> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let id = Path::from_request_parts(parts, state).await;
        let Path(id) = id.map_err(|_| Refusal::NoSuchPath)?;
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests;
