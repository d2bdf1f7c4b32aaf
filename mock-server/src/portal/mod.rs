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

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

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

#[cfg(test)]
mod tests;
