//! The portal: what a customer's admin sees behind a link. Pages are rendered here and work without JavaScript; what they
//! do is in `service`.

mod brand;
mod cookies;
mod fields;
mod icons;
mod launch;
mod moment;
mod pages;
mod service_provider;
mod session;
mod setup;
mod setup_pages;
mod shell;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::middleware::from_fn;
use axum::routing::{get, post};

use crate::domain::token::Token;
use crate::environment::Environment;
use crate::html::{assets, respond};
use crate::state::AppState;

/// The pages under `/portal`, their assets, and the provider icons.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(
            "/portal/launch",
            get(launch::open)
                .head(launch::look)
                .options(launch::options),
        )
        .route("/portal/sessions/{id}", get(session::show))
        .route("/portal/sessions/{id}/finish", post(session::finish))
        .route("/portal/sessions/{id}/expire", post(session::expire))
        .route("/portal/sessions/{id}/{intent}", get(setup::overview))
        .route(
            "/portal/sessions/{id}/{intent}/{step}",
            get(setup::show).post(setup::answer),
        )
        .layer(from_fn(respond::with_headers))
        .merge(assets::router())
        .merge(brand::router())
        .merge(icons::router())
        .merge(service_provider::router())
}

/// The environment whose link a request opens, or whose session it holds.
pub(crate) fn visited(
    state: &AppState,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Arc<Environment>> {
    let path = uri.path().strip_prefix("/portal/")?;
    let token = match path.strip_prefix("sessions/") {
        Some(rest) => cookies::held(headers, rest.split('/').next()?),
        None if path == "launch" => Token::parse(&launch::token(uri.query())?),
        None => None,
    };
    state.environments.by_token(&token?)
}

#[cfg(test)]
mod tests;
