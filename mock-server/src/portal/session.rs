//! `/portal/sessions/{id}`: the pages of a portal session, for the browser that holds it.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::assets::Frame;
use super::cookies;
use super::moment::Moment;
use super::pages::{FinishedPage, Notice, Organization, SessionPage};
use super::respond::{page, page_with_form, see_other};
use super::words::{self, Feature};
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::portal_session::{Destination, PortalSession, SessionEnd, SessionState};
use crate::domain::redirect::RedirectUrl;
use crate::domain::settings::LinkReuse;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::organizations;
use crate::service::portal_links::{self, SessionError, SessionView};
use crate::state::AppState;

/// The address of a session's page.
pub(super) fn path(session: &PortalSession) -> String {
    format!("/portal/sessions/{}", session.id.as_str())
}

/// Shows what the session is for.
pub(super) async fn show(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Some((id, environment, secret)) = held(&state, &headers, id) else {
        return not_held(&state);
    };
    match portal_links::session(&environment, &id, &secret) {
        Ok(view) => going_on(&environment, &view),
        Err(error) => over(&environment, &error),
    }
}

/// Finishes the session and sends the visitor on.
pub(super) async fn finish(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Some((id, environment, secret)) = held(&state, &headers, id) else {
        return not_held(&state);
    };
    if is_foreign(&headers) {
        return page(
            Notice::Foreign.status(),
            &Notice::Foreign.page(environment.clock.now(), None),
        );
    }
    match portal_links::finish(&environment, &id, &secret) {
        Ok(Destination::Redirect(url)) => see_other(url.as_str()),
        Ok(Destination::OwnPage) => see_other(&format!("/portal/sessions/{id}")),
        Err(error) => over(&environment, &error),
    }
}

/// The session of the path, its environment and what the browser shows for it, if the browser holds it.
fn held(
    state: &AppState,
    headers: &HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Option<(String, Arc<Environment>, Token)> {
    // A path that is no text is nobody's session.
    let Path(id) = id.ok()?;
    let secret = cookies::held(headers, &id)?;
    let environment = state.environments.by_token(&secret)?;
    Some((id, environment, secret))
}

fn going_on(environment: &Environment, view: &SessionView) -> Response {
    let now = environment.clock.reading();
    let session = &view.session;
    // What finishing would do; nothing is stored.
    let destination = match session.finish(&now, &environment.settings.redirects) {
        Ok((_, Destination::Redirect(url))) => Some(url),
        Ok((_, Destination::OwnPage)) | Err(_) => None,
    };
    let menu = words::menu(&session.purpose);
    let feature = session.purpose.single().map(Feature::from);
    let template = SessionPage {
        frame: Frame::new(),
        organization: Organization::new(&view.organization.name),
        feature,
        heading: words::heading(feature),
        lead: words::lead(&session.purpose),
        menu,
        ends: Moment::new(session.expires_at(), now.at()),
        destination: destination.as_ref().map(RedirectUrl::as_str),
        return_url: view.way_back.as_ref().map(RedirectUrl::as_str),
        finish_path: format!("{}/finish", path(session)),
        single_use: session.is_mailed() || environment.settings.link_reuse == LinkReuse::SingleUse,
        mailed: session.is_mailed(),
    };
    page_with_form(StatusCode::OK, &template)
}

fn over(environment: &Environment, error: &SessionError) -> Response {
    let now = environment.clock.now();
    let redirects = &environment.settings.redirects;
    let (notice, way_back, mailed) = match error {
        SessionError::Unknown => (Notice::SessionNotHeld, None, false),
        SessionError::Over { session, end } => {
            if let SessionState::Finished {
                at,
                destination: Destination::OwnPage,
            } = &session.state
                && let Ok(organization) =
                    organizations::get(environment, session.organization_id.as_str())
            {
                let template = FinishedPage {
                    frame: Frame::new(),
                    organization: Organization::new(&organization.name),
                    heading: words::heading(session.purpose.single().map(Feature::from)),
                    finished: Moment::new(*at, now),
                    mailed: session.is_mailed(),
                };
                return page(StatusCode::OK, &template);
            }
            let notice = match *end {
                SessionEnd::Expired { at } => Notice::SessionExpired { at },
                SessionEnd::Finished { at } => Notice::SessionFinished { at },
                SessionEnd::Revoked { at } => Notice::SessionRevoked { at },
            };
            (notice, session.way_back(redirects), session.is_mailed())
        }
    };
    let shown = if mailed {
        notice.mailed_page(now)
    } else {
        notice.page(now, way_back)
    };
    page(notice.status(), &shown)
}

fn not_held(state: &AppState) -> Response {
    let now = state.environments.default_environment().clock.now();
    page(
        Notice::SessionNotHeld.status(),
        &Notice::SessionNotHeld.page(now, None),
    )
}

/// Whether the form was sent by a page of another origin. A page of another port is the same site to a browser and its
/// posts carry the cookie; browsers say where a post comes from in a header that no page can set.
fn is_foreign(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}

impl From<Intent> for Feature {
    fn from(intent: Intent) -> Self {
        match intent {
            Intent::Sso => Self::Sso,
            Intent::Dsync => Self::Dsync,
            Intent::AuditLogs => Self::AuditLogs,
            Intent::LogStreams => Self::LogStreams,
            Intent::DomainVerification => Self::DomainVerification,
            Intent::CertificateRenewal => Self::CertificateRenewal,
            Intent::BringYourOwnKey => Self::BringYourOwnKey,
        }
    }
}
