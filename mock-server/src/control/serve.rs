//! The way of a control call: whose environment it is about, whether it may, what it says, and who carries it out.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use tokio::task::spawn_blocking;

use super::ENVIRONMENT;
use super::answer::{FieldError, Refusal};
use super::body;
use super::call::Call;
use super::document::document;
use super::route::{MUCH, Route};
use crate::domain::ids::{EnvironmentId, Id as _};
use crate::domain::permissions::KeyPermissions;
use crate::environment::Environment;
use crate::state::AppState;
use crate::validation::{Contract, Plan};

/// Serves `routes`; other methods on their paths are refused in the envelope.
///
/// # Panics
/// When a route has a method that axum cannot route, which is seen as soon as any server starts.
pub(super) fn router(routes: Vec<Route>) -> Router<AppState> {
    let mut paths: Vec<(&'static str, MethodRouter<AppState>)> = Vec::new();
    for route in routes {
        let filter = MethodFilter::try_from(route.method.clone())
            .expect("the control API has common methods only");
        let path = route.path;
        let served = Arc::new(Served {
            route,
            plan: OnceLock::new(),
        });
        let handler = move |state, params, request| async move {
            serve(served, state, params, request).await
        };
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, methods)) => *methods = std::mem::take(methods).on(filter, handler),
            None => paths.push((path, on(filter, handler))),
        }
    }
    paths
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            router.route(path, methods.fallback(async || Refusal::WrongMethod))
        })
}

/// A route with its schema, which is compiled when its first call comes.
struct Served {
    route: Route,
    plan: OnceLock<Plan>,
}

impl Served {
    fn plan(&self) -> &Plan {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        self.plan.get_or_init(|| {
            CONTRACT
                .get_or_init(|| {
                    Contract::new(document())
                        .refusing_unknown_parameters()
                        .naming_what_is_known()
                })
                .plan(self.route.method.as_str(), self.route.path)
                .expect("a test compiles the schema of every operation")
        })
    }
}

async fn serve(
    served: Arc<Served>,
    State(state): State<AppState>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    match answer(&served, state, params, request).await {
        Ok(mut response) => {
            response
                .headers_mut()
                .entry(CACHE_CONTROL)
                .or_insert(HeaderValue::from_static("no-store"));
            response
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(
    served: &Arc<Served>,
    state: AppState,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let carries_key = parts.headers.contains_key(AUTHORIZATION);
    let environment = environment(&state, &parts, carries_key)?;
    let changes = (!parts.method.is_safe()).then(|| Arc::clone(&environment));
    let params = params.map_err(|_| Refusal::NoSuchPath)?;
    let is_long = is_long(&body);
    let body = match served.route.body {
        Some(_) if is_absent(&parts, &body) && served.route.needs_body => {
            let message =
                "A body is needed; an object without members says that nothing is wanted.";
            return Err(Refusal::Invalid(vec![FieldError::new(
                "body", "required", message,
            )]));
        }
        Some(_) if is_absent(&parts, &body) => None,
        Some(_) => Some(body::read(&state, &parts.headers, body, served.route.largest_body).await?),
        None => None,
    };
    let plan_of = Arc::clone(served);
    let check = move || {
        let path: Vec<_> = params.iter().collect();
        plan_of
            .plan()
            .check(&path, parts.uri.query(), &parts.headers, body)
    };
    let input = if is_long {
        // It takes a while, in which this thread has other calls to answer.
        ended(spawn_blocking(check).await)
    } else {
        check()
    };
    let input = input.map_err(Refusal::Rejected)?;
    let call = Call {
        state,
        environment,
        carries_key,
        input,
    };
    let answered = (served.route.handler)(call).await;
    if let Some(changed) = changes {
        // Not everything that a call changes is a unit of work.
        changed.wakeups.tell_change();
    }
    answered
}

/// The environment that a call is about.
fn environment(
    state: &AppState,
    parts: &Parts,
    carries_key: bool,
) -> Result<Arc<Environment>, Refusal> {
    let named = parts.headers.get(ENVIRONMENT);
    if carries_key {
        let (environment, permissions, _) = state
            .authenticate(&parts.headers)
            .ok_or(Refusal::Unauthorized)?;
        if permissions == KeyPermissions::ReadOnly && !parts.method.is_safe() {
            return Err(Refusal::ReadOnlyKey);
        }
        if named.is_some_and(|named| named != environment.id.as_str()) {
            return Err(Refusal::OtherEnvironment);
        }
        return Ok(environment);
    }
    let Some(named) = named else {
        return Ok(state.environments.default_environment());
    };
    let id = named.to_str().ok().and_then(EnvironmentId::parse);
    let environment = id.and_then(|id| state.environments.by_id(&id));
    environment.ok_or_else(|| {
        let name = ENVIRONMENT;
        let message = "There is no environment with this id.";
        Refusal::Invalid(vec![FieldError::new(name.as_str(), "unknown", message)])
    })
}

/// Whether nothing was sent where a body may be.
fn is_absent(parts: &Parts, body: &Body) -> bool {
    use axum::body::HttpBody as _;
    !parts.headers.contains_key(CONTENT_TYPE) && body.is_end_stream()
}

/// Whether a body is longer than those of most calls, or does not say how long it is.
fn is_long(body: &Body) -> bool {
    use axum::body::HttpBody as _;
    let most = body.size_hint().upper();
    most.is_none_or(|most| usize::try_from(most).is_ok_and(|most| most > MUCH))
}

/// What another thread came to.
pub(super) fn ended<T>(ended: Result<T, tokio::task::JoinError>) -> T {
    match ended {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
