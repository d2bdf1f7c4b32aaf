//! Pages as responses, and the headers that every one of them carries.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

/// Scripts, frames and requests to elsewhere are out; what is left is our stylesheet and our favicon.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// As [`POLICY`], for a page with a form. Chromium holds `form-action` against every redirect that follows the post, and
/// an app may redirect on from its success address to anywhere, so every web address is let through. Where the form
/// itself goes is not open to injection: the page is made of escaped text.
const POLICY_WITH_FORM: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'self' http: https:; frame-ancestors 'self'";

/// What every response of the portal carries, unless it says otherwise. The links hold tokens: nothing is kept, and no
/// other site learns the address. `WorkOS` forbids foreign frames in the same two ways.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_FRAME_OPTIONS, "SAMEORIGIN"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

pub(crate) async fn with_headers(request: Request, next: Next) -> Response {
    with_headers_of_pages(next.run(request).await)
}

/// The same response with the headers of pages, where it does not say otherwise.
pub(crate) fn with_headers_of_pages(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A page without a form.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page with a form.
pub(crate) fn page_with_form(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page(status, template);
    response.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY_WITH_FORM),
    );
    response
}

/// What is answered in the place of what was asked for.
pub(crate) struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// 303 to `location`, which has to be visible ASCII.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(error) => {
            tracing::error!(%error, "a redirect has an address that no header can carry");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
