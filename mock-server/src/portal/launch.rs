//! `/portal/launch?token=`: where a portal link leads.

use axum::extract::{RawQuery, State};
use axum::http::header::{ALLOW, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::pages::Notice;
use super::respond::{page, see_other};
use super::{cookies, session};
use crate::domain::ids::Id as _;
use crate::domain::portal_link::{Death, LinkState, PortalLink};
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::portal_links::{self, OpenError, Opened};
use crate::state::AppState;

/// Opens the link: the visitor gets the session's cookie and is sent to its page.
pub(super) async fn open(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if is_speculative(&headers) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let unknown = |notice: Notice| {
        let environment = state.environments.default_environment();
        let branding = &environment.settings.branding;
        let shown = notice.page(branding, environment.clock.now(), None);
        page(StatusCode::NOT_FOUND, &shown)
    };
    let Some(text) = token(query.as_deref()) else {
        return unknown(Notice::LinkIncomplete);
    };
    let known =
        Token::parse(&text).and_then(|token| Some((state.environments.by_token(&token)?, token)));
    let Some((environment, token)) = known else {
        return unknown(Notice::LinkUnknown);
    };
    match portal_links::open(&environment, &token, |id| {
        cookies::held(&headers, id.as_str())
    }) {
        Ok(opened) => opened_response(&state, &opened),
        Err(error) => refused(&environment, &error),
    }
}

/// HEAD: the link is there to be opened, and stays unopened.
pub(super) async fn look() -> StatusCode {
    StatusCode::OK
}

pub(super) async fn options() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(ALLOW, "GET, HEAD, OPTIONS")])
}

fn opened_response(state: &AppState, opened: &Opened) -> Response {
    let mut response = see_other(&session::path(&opened.session));
    if let Some(secret) = &opened.secret {
        let https = state.public_url.starts_with("https:");
        match cookies::to_hold(&opened.session.id, secret, https) {
            Ok(cookies) => {
                for cookie in cookies {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
            }
            Err(error) => tracing::error!(%error, "a cookie has a value that no header can carry"),
        }
    }
    response
}

fn refused(environment: &Environment, error: &OpenError) -> Response {
    let branding = &environment.settings.branding;
    let (notice, way_back) = match error {
        OpenError::Unknown => (Notice::LinkUnknown, None),
        OpenError::Dead { link, death } if link.is_mailed() => {
            let notice = notice(link, *death);
            let shown = notice.mailed_page(branding, environment.clock.now());
            return page(notice.status(), &shown);
        }
        OpenError::Dead { link, death } => (notice(link, *death), link.return_url.as_ref()),
    };
    let way_back = way_back.or(environment.settings.redirects.return_url.as_ref());
    page(
        notice.status(),
        &notice.page(branding, environment.clock.now(), way_back),
    )
}

fn notice(link: &PortalLink, death: Death) -> Notice {
    match death {
        Death::Expired { at } => Notice::LinkExpired {
            issued: link.issued.at,
            at,
        },
        Death::Used { at } if matches!(link.state, LinkState::Finished { .. }) => {
            Notice::LinkFinished { at }
        }
        Death::Used { at } => Notice::LinkUsed { at },
        Death::Revoked { at } => Notice::LinkRevoked { at },
    }
}

pub(super) fn token(query: Option<&str>) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query?.as_bytes());
    pairs.find_map(|(name, value)| {
        (name == "token" && !value.is_empty()).then(|| value.into_owned())
    })
}

/// Whether nobody has asked for the page yet: a browser fetches it in case it is wanted, or draws a preview of it.
fn is_speculative(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .into_iter()
        .flat_map(|name| headers.get_all(name))
        .filter_map(|value| value.to_str().ok())
        .map(str::to_ascii_lowercase)
        .any(|value| {
            ["prefetch", "prerender", "preview"]
                .iter()
                .any(|purpose| value.contains(purpose))
        })
}
