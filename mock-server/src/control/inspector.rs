//! `/_mock/`: a page to watch an environment on. All that it shows and does are calls of this API; the page itself holds nothing
//! of any environment.

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::route::Route;
use crate::html::assets::Frame;
use crate::html::respond;
use crate::operation::{EVENT_NAMES, Operation};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/",
            "get_inspector",
            "Shows the inspector: a page to watch an environment on, and to steer it.",
            |call| Box::pin(async move { Ok(show(&call)) }),
        )
        .open()
        .answers_as::<String>(
            "text/html",
            200,
            "A page whose script makes the calls that are described here.",
        ),
        Route::new(
            Method::GET,
            "/_mock",
            "find_inspector",
            "Leads to the inspector, for whoever leaves the slash out.",
            |_| Box::pin(async { Ok(way()) }),
        )
        .open()
        .answers_nothing(307, "The inspector is at `/_mock/`."),
    ]
}

/// Scripts are this server's own, and so is whatever they ask.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Statuses that somebody may look for.
const STATUSES: [u16; 14] = [
    200, 201, 202, 204, 303, 400, 401, 403, 404, 409, 410, 422, 429, 500,
];

/// The page, which its script fills.
#[derive(Template)]
#[template(path = "inspector.html")]
struct Page {
    frame: Frame,
    /// Whether calls have to show the control token.
    asks_for_token: bool,
    operations: Vec<&'static str>,
    event_names: [&'static str; EVENT_NAMES.len()],
    statuses: [u16; STATUSES.len()],
}

fn show(call: &Call) -> Response {
    let page = Page {
        frame: Frame::new(),
        asks_for_token: call.state.control_token.is_some(),
        operations: Operation::ALL.into_iter().map(Operation::id).collect(),
        event_names: EVENT_NAMES,
        statuses: STATUSES,
    };
    let mut response = respond::page(StatusCode::OK, &page);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    respond::with_headers_of_pages(response)
}

fn way() -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/_mock/")]).into_response()
}
