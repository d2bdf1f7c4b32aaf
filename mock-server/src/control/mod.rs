//! `/_mock`: what the mock offers beyond `WorkOS`'s API, to steer it from a test. Of the API's operations it
//! knows only which there are.
//!
//! A call is about the environment whose API key it carries; without one, about the environment that it names, or about the first
//! one. On a server with a control token every call has to show that as well, but for those that only describe. Pages of other origins are refused, and so are calls under a name
//! that is not this server's, so that no web site can reach a developer's server through their browser.

mod answer;
mod body;
mod call;
mod changes;
mod clock;
mod connections;
mod deliveries;
mod directories;
mod directory_members;
mod docs;
mod document;
mod environments;
mod events;
mod faults;
mod hosts;
mod inspector;
mod listing;
mod log_streams;
mod operations;
mod organization_domains;
mod organizations;
mod outbox;
mod people;
mod portal_links;
mod portal_visits;
mod rate_limits;
mod requests;
mod route;
mod serve;
mod snapshots;
mod webhook_endpoints;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use sha2::{Digest, Sha256};

use self::answer::Refusal;
pub(crate) use self::document::document;
pub(crate) use self::hosts::Hosts;
use self::route::Group;
use crate::state::AppState;

/// Where a call shows the control token.
const CONTROL_TOKEN: HeaderName = HeaderName::from_static("workos-mock-control-token");
/// Where a call without a key names the environment that it is about.
const ENVIRONMENT: HeaderName = HeaderName::from_static("workos-mock-environment");

/// Every operation.
fn groups() -> Vec<Group> {
    [worlds(), customers(), traffic(), descriptions()].concat()
}

/// Environments, and what there is of each.
fn worlds() -> Vec<Group> {
    vec![
        Group::new(
            "environments",
            "Worlds of their own, each with its data, its clock and its keys: one for every test.",
            environments::routes(),
        ),
        snapshots::group(),
        Group::new(
            "clock",
            "The time that expiry, windows, retries and retention go by.",
            clock::routes(),
        ),
        Group::new(
            "changes",
            "Word of whatever happens in the environment, as it happens.",
            changes::routes(),
        ),
    ]
}

/// What customers have and do.
fn customers() -> Vec<Group> {
    vec![
        Group::new(
            "organizations",
            "Organizations, each with what it has.",
            organizations::routes(),
        ),
        Group::new(
            "portal links",
            "Portal links with their sessions, and what a person would do with one, done by a call: it goes through the same steps as \
             the pages.",
            [portal_visits::routes(), portal_links::routes()].concat(),
        ),
        Group::new(
            "outbox",
            "The mails that WorkOS would have sent to IT contacts.",
            outbox::routes(),
        ),
        Group::new(
            "organization domains",
            "What the DNS would say.",
            organization_domains::routes(),
        ),
        Group::new(
            "connections",
            "Connections as a test wants them, and people signing in through them.",
            connections::routes(),
        ),
        Group::new(
            "directories",
            "Directories with their users and groups.",
            directories::routes(),
        ),
        Group::new(
            "directory members",
            "What a provider does to a directory after its first sync.",
            directory_members::routes(),
        ),
    ]
}

/// What comes and goes, and what goes wrong with it.
fn traffic() -> Vec<Group> {
    vec![
        Group::new(
            "deliveries",
            "Webhooks on their way: what was sent, what is still to be sent, and again, later or not now.",
            deliveries::routes(),
        ),
        Group::new(
            "webhook endpoints",
            "What deliveries are like on a bad day.",
            webhook_endpoints::routes(),
        ),
        Group::new(
            "log streams",
            "What goes through log streams, and what their destinations make of it.",
            log_streams::routes(),
        ),
        Group::new(
            "faults",
            "What goes wrong on demand: answers that are refused, late, cut or damaged.",
            faults::routes(),
        ),
        Group::new(
            "rate limits",
            "How many requests are answered before a 429.",
            rate_limits::routes(),
        ),
        Group::new(
            "requests",
            "What the environment was asked and what it answered, and whether that is what a test expects.",
            requests::routes(),
        ),
        Group::new(
            "events",
            "What has happened, for whoever looks at it.",
            events::routes(),
        ),
    ]
}

/// What shows and describes the rest.
fn descriptions() -> Vec<Group> {
    vec![
        Group::new(
            "inspector",
            "A page to watch an environment on.",
            inspector::routes(),
        ),
        Group::new(
            "documentation",
            "What is described here, described.",
            docs::routes(),
        ),
    ]
}

/// Everything under `/_mock`.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let routes = groups().into_iter().flat_map(|group| group.routes);
    let routes: Vec<_> = routes.collect();
    let open = routes.iter().filter(|route| route.is_open);
    let guarded = Guarded {
        state: state.clone(),
        open: open.map(|route| route.path).collect(),
    };
    serve::router(routes)
        .route("/_mock/{*path}", any(async || Refusal::NoSuchPath))
        .layer(from_fn_with_state(guarded, guard))
}

/// What is guarded, and what of it only describes.
#[derive(Clone)]
struct Guarded {
    state: AppState,
    /// The paths that are answered without the control token.
    open: Arc<[&'static str]>,
}

async fn guard(State(guarded): State<Guarded>, request: Request, next: Next) -> Response {
    match guarded.admit(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

impl Guarded {
    fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        from_here(&self.state, uri, headers)?;
        if self.open.contains(&uri.path()) {
            Ok(())
        } else {
            with_token(&self.state, headers)
        }
    }
}

/// Whether a call comes under a name of this server, and from no other page than its own.
fn from_here(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
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
    if headers.get_all(ORIGIN).iter().all(is_own) {
        Ok(())
    } else {
        Err(Refusal::ForeignOrigin)
    }
}

/// Whether a call shows the control token, if there is one.
fn with_token(state: &AppState, headers: &HeaderMap) -> Result<(), Refusal> {
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

#[cfg(test)]
mod tests;
