//! `/portal/sessions/{id}`: a portal session as a whole, for the browser that holds it: its menu, and its end.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::assets::Frame;
use super::brand::Brand;
use super::cookies;
use super::moment::Moment;
use super::pages::{FinishedPage, Notice, Organization};
use super::respond::{Refused, page, page_with_form, see_other};
use super::setup_pages::{MenuItem, MenuPage};
use super::shell::{Shell, take_form_token};
use super::words;
use crate::domain::answers::Answers;
use crate::domain::ids::Id as _;
use crate::domain::intent::Intent;
use crate::domain::portal_session::{Destination, PortalSession, SessionEnd, SessionState};
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::organizations;
use crate::service::portal_links::{self, SessionError};
use crate::service::setup::{self, Held, Position};
use crate::state::AppState;

/// The largest form that is read.
const LARGEST_FORM: usize = 1024 * 1024;

/// The address of a session.
pub(super) fn path(session: &PortalSession) -> String {
    format!("/portal/sessions/{}", session.id.as_str())
}

/// A session that a request holds, for whatever it is going to do.
pub(super) struct Holder {
    pub(super) id: String,
    pub(super) environment: Arc<Environment>,
    pub(super) secret: Token,
}

impl Holder {
    /// The session of the path, its environment and what the browser shows for it, if the browser holds it.
    pub(super) fn of(state: &AppState, headers: &HeaderMap, id: &str) -> Result<Self, Refused> {
        let found = cookies::held(headers, id).and_then(|secret| {
            let environment = state.environments.by_token(&secret)?;
            Some(Self {
                id: id.to_owned(),
                environment,
                secret,
            })
        });
        found.ok_or_else(|| not_held(state).into())
    }

    /// The visit, if the session is going on.
    pub(super) fn visit<'a>(&'a self, state: &'a AppState) -> Result<Held<'a>, Refused> {
        setup::visit(&self.environment, &state.public_url, &self.id, &self.secret)
            .map_err(|error| over(&self.environment, &error).into())
    }

    /// The answers of a form that one of the session's pages has sent.
    pub(super) async fn form(
        &self,
        state: &AppState,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Answers, Refused> {
        let body = tokio::time::timeout(state.body_timeout, to_bytes(body, LARGEST_FORM));
        let Ok(Ok(bytes)) = body.await else {
            return Err(self.notice(Notice::TooLarge).into());
        };
        let pairs = url::form_urlencoded::parse(&bytes);
        let mut answers: Answers = pairs
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if is_foreign(headers) || !take_form_token(&self.secret, &mut answers) {
            return Err(self.notice(Notice::Foreign).into());
        }
        Ok(answers)
    }

    /// A page that says why there is nothing else to be seen.
    pub(super) fn notice(&self, notice: Notice) -> Response {
        notice_page(&self.environment, notice)
    }
}

/// Sends the visitor to what the session is for, or shows the menu.
pub(super) async fn show(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let holder = Holder::of(&state, &headers, &text(id))?;
    let Held { session, visit } = holder.visit(&state)?;
    if let Some(intent) = session.purpose.single() {
        return Ok(see_other(&format!(
            "{}/{}",
            path(&session),
            intent.as_str()
        )));
    }
    let item = |intent: Intent| {
        let flow = setup::flow(intent);
        MenuItem {
            feature: intent,
            href: format!("{}/{}", path(&session), intent.as_str()),
            // What has no steps is only to be looked at.
            done: flow.landing(&visit) == Position::Done && !flow.steps(&visit).is_empty(),
        }
    };
    let items = session.purpose.menu().into_iter().map(item).collect();
    let template = MenuPage {
        shell: Shell::new(&holder.environment, &session, &visit, &holder.secret),
        heading: words::heading(None),
        lead: words::lead(&session.purpose),
        items,
    };
    Ok(page_with_form(StatusCode::OK, &template))
}

/// Finishes the session and sends the visitor on. Where there is nothing to finish with, the visitor is sent to where
/// there will be.
pub(super) async fn finish(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let holder = Holder::of(&state, &headers, &text(id))?;
    // A session that is over stays so, whoever asks; finishing what is finished leads to the same place.
    if holder.visit(&state).is_ok() {
        holder.form(&state, &headers, body).await?;
        // While the form was read it may have come to its end.
        if let Ok(Held { session, visit }) = holder.visit(&state)
            && let Some(intent) = session.purpose.single()
            && !setup::flow(intent).can_finish(&visit)
        {
            return Ok(see_other(&format!(
                "{}/{}",
                path(&session),
                intent.as_str()
            )));
        }
    }
    Ok(
        match portal_links::finish(&holder.environment, &holder.id, &holder.secret) {
            Ok(Destination::Redirect(url)) => see_other(url.as_str()),
            Ok(Destination::OwnPage) => see_other(&format!("/portal/sessions/{}", holder.id)),
            Err(error) => over(&holder.environment, &error),
        },
    )
}

/// Lets the session's lifetime be over.
pub(super) async fn expire(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let holder = Holder::of(&state, &headers, &text(id))?;
    holder.visit(&state)?;
    holder.form(&state, &headers, body).await?;
    Ok(
        match portal_links::expire(&holder.environment, &holder.id, &holder.secret) {
            Ok(()) => see_other(&format!("/portal/sessions/{}", holder.id)),
            Err(error) => over(&holder.environment, &error),
        },
    )
}

/// What a path names; a path that is no text names nobody's session.
fn text(id: Result<Path<String>, PathRejection>) -> String {
    id.map(|Path(id)| id).unwrap_or_default()
}

fn over(environment: &Environment, error: &SessionError) -> Response {
    let now = environment.clock.now();
    let redirects = &environment.settings.redirects;
    let branding = &environment.settings.branding;
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
                    brand: Brand::new(branding),
                    organization: Organization::new(&organization.name),
                    heading: words::heading(session.purpose.single()),
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
        notice.mailed_page(branding, now)
    } else {
        notice.page(branding, now, way_back)
    };
    page(notice.status(), &shown)
}

fn not_held(state: &AppState) -> Response {
    notice_page(
        &state.environments.default_environment(),
        Notice::SessionNotHeld,
    )
}

fn notice_page(environment: &Environment, notice: Notice) -> Response {
    let shown = notice.page(
        &environment.settings.branding,
        environment.clock.now(),
        None,
    );
    page(notice.status(), &shown)
}

/// Whether the form was sent by a page of another origin. A page of another port is the same site to a browser and its
/// posts carry the cookie; browsers say where a post comes from in a header that no page can set.
fn is_foreign(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}
