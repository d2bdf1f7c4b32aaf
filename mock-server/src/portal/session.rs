//! `/portal/sessions/{id}`: the pages of a portal session, for the browser that holds it.

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
    let id = readable(id);
    let held = cookies::held(&headers, &id)
        .and_then(|secret| Some((state.environments.by_token(&secret)?, secret)));
    let Some((environment, secret)) = held else {
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
    let id = readable(id);
    let held = cookies::held(&headers, &id)
        .and_then(|secret| Some((state.environments.by_token(&secret)?, secret)));
    let Some((environment, secret)) = held else {
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

/// The id of the path; one that is no text is nobody's.
fn readable(id: Result<Path<String>, PathRejection>) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

fn going_on(environment: &Environment, view: &SessionView) -> Response {
    let now = environment.clock.reading();
    let session = &view.session;
    // What finishing would do; nothing is stored.
    let destination = match session.finish(&now, &environment.settings.redirects) {
        Ok((_, Destination::Redirect(url))) => Some(url),
        Ok((_, Destination::OwnPage)) | Err(_) => None,
    };
    let feature = session.intent.map(Feature::from);
    let template = SessionPage {
        frame: Frame::new(),
        organization: Organization::new(&view.organization.name),
        feature,
        heading: words::heading(feature),
        lead: words::lead(feature),
        ends: Moment::new(session.expires_at(), now.at()),
        destination: destination.as_ref().map(RedirectUrl::as_str),
        return_url: view.way_back.as_ref().map(RedirectUrl::as_str),
        finish_path: format!("{}/finish", path(session)),
        single_use: environment.settings.link_reuse == LinkReuse::SingleUse,
    };
    page_with_form(StatusCode::OK, &template)
}

fn over(environment: &Environment, error: &SessionError) -> Response {
    let now = environment.clock.now();
    let redirects = &environment.settings.redirects;
    let (notice, way_back) = match error {
        SessionError::Unknown => (Notice::SessionNotHeld, None),
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
                    heading: words::heading(session.intent.map(Feature::from)),
                    finished: Moment::new(*at, now),
                };
                return page(StatusCode::OK, &template);
            }
            let notice = match *end {
                SessionEnd::Expired { at } => Notice::SessionExpired { at },
                SessionEnd::Finished { at } => Notice::SessionFinished { at },
                SessionEnd::Revoked { at } => Notice::SessionRevoked { at },
            };
            (notice, session.way_back(redirects))
        }
    };
    page(notice.status(), &notice.page(now, way_back))
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
