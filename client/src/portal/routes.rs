//! The routes of an axum app.

mod asked;
mod refusal;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::middleware::{map_request, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use reqwest::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use reqwest::{Method, StatusCode};

use self::asked::{Asked, Form};
use self::refusal::Refusal;
use super::same_site::is_foreign;
use super::{AdminPortal, LinkError, RedirectUrl, RefusedRedirect};
use crate::OrganizationId;
use crate::types::PortalIntent;

type Told<U, T> = Arc<dyn Fn(&U) -> Option<T> + Send + Sync>;

/// `POST /admin-portal/{intent}` for axum 0.8: a form with one button that leads into the portal.
///
/// `U` is the app's own extractor of whoever is signed in; where nobody is, its rejection is the answer. The
/// form may have the fields `organization`, `return_url` and `success_url`, and any others, which are left
/// alone. Without an organization it is [`PortalRoutes::own_organization`].
///
/// ```
/// use axum::Router;
/// use axum::extract::FromRequestParts;
/// use axum::http::{StatusCode, request::Parts};
/// use workos_portal::portal::{AdminPortal, PortalRedirects, PortalRoutes};
/// use workos_portal::{Client, OrganizationId};
///
/// #[derive(Clone)]
/// struct User { id: String, organization: OrganizationId, is_admin: bool }
///
/// impl<S: Sync> FromRequestParts<S> for User {
///     type Rejection = StatusCode;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
///         // Look the session up.
/// #       let _ = (parts, state);
///         Err(StatusCode::UNAUTHORIZED)
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = AdminPortal::new(
/// #   Client::builder().api_key("sk_test_default").base_url("http://127.0.0.1:4100").build()?,
/// #   /*
///     Client::from_env()?,
/// #   */
///     PortalRedirects::to(["https://app.example.com"])?,
///     |user: User, organization: OrganizationId| async move {
///         user.is_admin && user.organization == organization
///     },
/// );
/// let routes = PortalRoutes::new(portal)
///     .own_organization(|user| Some(user.organization.clone()))
///     .external_user_id(|user| Some(user.id.clone()))
///     .return_url("https://app.example.com/settings")?;
///
/// let app: Router = Router::new().merge(routes.into_router());
/// # Ok(())
/// # }
/// ```
///
/// ```html
/// <form method="post" action="/admin-portal/sso"><button>Set up single sign-on</button></form>
/// ```
///
/// What it answers, always with `Cache-Control: no-store` and `Referrer-Policy: no-referrer`:
///
/// | Status | When |
/// | --- | --- |
/// | 303 | the link is made; `Location` has it |
/// | 400 | no organization is named, or one twice; a URL is not to be gone back to; the form broke off |
/// | 403 | the user may not; or the form was sent by another site |
/// | 404 | there is no such intent |
/// | 405 | anything but `POST` |
/// | 413, 415 | the body is too long, or no form |
/// | 500 | the app's own check failed |
/// | 502 | WorkOS refuses the call: its key, or what the app believes of the organization, is wrong |
/// | 503 | WorkOS cannot be reached or asks to wait; `Retry-After` as it says |
///
/// The text says no more than the status. Why a link was not made is told to `tracing`, with WorkOS's request
/// id, and without links, keys and whole URLs.
///
/// A form of another site is known by `Sec-Fetch-Site` or, of older browsers, by `Origin`. Pages of the origins
/// in [`PortalRedirects`](super::PortalRedirects) are the app's own. What has neither header is no browser.
#[must_use = "routes do nothing until they are part of a router"]
pub struct PortalRoutes<U> {
    portal: AdminPortal<U>,
    own_organization: Told<U, OrganizationId>,
    external_user_id: Told<U, String>,
    return_url: Option<RedirectUrl>,
    success_url: Option<RedirectUrl>,
}

impl<U: Send + Sync + 'static> PortalRoutes<U> {
    /// Routes that make the links of `portal`.
    pub fn new(portal: AdminPortal<U>) -> Self {
        Self {
            portal,
            own_organization: Arc::new(|_| None),
            external_user_id: Arc::new(|_| None),
            return_url: None,
            success_url: None,
        }
    }

    /// Takes the organization from the user where the form names none. Whether the user may open its portal
    /// is asked all the same.
    pub fn own_organization(
        mut self,
        told: impl Fn(&U) -> Option<OrganizationId> + Send + Sync + 'static,
    ) -> Self {
        self.own_organization = Arc::new(told);
        self
    }

    /// Notes your own id of the user with each link, so that they can be revoked when the user leaves.
    pub fn external_user_id(
        mut self,
        told: impl Fn(&U) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.external_user_id = Arc::new(told);
        self
    }

    /// Where the portal's way back leads, unless the form says otherwise.
    ///
    /// # Errors
    /// When the portal's [`PortalRedirects`](super::PortalRedirects) refuse it.
    pub fn return_url(mut self, url: &str) -> Result<Self, RefusedRedirect> {
        self.return_url = Some(self.portal.redirects().check(url)?);
        Ok(self)
    }

    /// Where a finished setup leads, unless the form says otherwise.
    ///
    /// # Errors
    /// When the portal's [`PortalRedirects`](super::PortalRedirects) refuse it.
    pub fn success_url(mut self, url: &str) -> Result<Self, RefusedRedirect> {
        self.success_url = Some(self.portal.redirects().check(url)?);
        Ok(self)
    }

    /// The routes, to be merged into the app's or nested under a path.
    pub fn into_router<S>(self) -> Router<S>
    where
        U: FromRequestParts<S>,
        S: Clone + Send + Sync + 'static,
    {
        let routes = Arc::new(self);
        let own = routes.portal.redirects().clone();
        let answer = move |Asked { user, intent, form }: Asked<U>| {
            let routes = routes.clone();
            async move { routes.answer(&user, intent, form).await }
        };
        // Before anybody is looked up, so that another site learns nothing from how long that takes.
        let guard = move |request: Request| {
            let foreign = request.method() == Method::POST && is_foreign(&request, &own);
            async move {
                if foreign {
                    tracing::info!("another site asked for a portal link");
                    return Err(Refusal::Foreign);
                }
                Ok(request)
            }
        };
        let route = post(answer)
            .layer(map_request(guard))
            .layer(map_response(unkept));
        Router::new().route("/admin-portal/{intent}", route)
    }

    async fn answer(
        &self,
        user: &U,
        intent: PortalIntent,
        form: Form,
    ) -> Result<Response, Refusal> {
        let organization = form.organization.or_else(|| (self.own_organization)(user));
        let organization = organization.ok_or(Refusal::NoOrganization)?;
        let name = intent.as_str().to_owned();
        let mut request = self.portal.link(user, &organization, intent);
        let own = |url: &Option<RedirectUrl>| url.as_ref().map(|url| url.as_str().to_owned());
        if let Some(url) = form.return_url.or_else(|| own(&self.return_url)) {
            request = request.return_url(url);
        }
        if let Some(url) = form.success_url.or_else(|| own(&self.success_url)) {
            request = request.success_url(url);
        }
        if let Some(id) = (self.external_user_id)(user) {
            request = request.external_user_id(id);
        }
        let link = match request.send().await {
            Ok(link) => link,
            Err(error) => {
                log(&error, &organization, &name);
                return Err(Refusal::of(&error));
            }
        };
        let location = link.link.expose();
        let leads_out = location.starts_with("https://") || location.starts_with("http://");
        let Some(mut location) = HeaderValue::try_from(location).ok().filter(|_| leads_out) else {
            tracing::error!("WorkOS answered with a portal link that cannot be gone to");
            return Err(Refusal::BadGateway);
        };
        location.set_sensitive(true);
        Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
    }
}

/// Tells the log why no link was made: what an app's operators have to look at as an error or a warning, what
/// visitors do as information.
fn log(error: &LinkError, organization: &OrganizationId, intent: &str) {
    let organization = organization.as_str();
    match error {
        LinkError::Denied | LinkError::Redirect { .. } => {
            tracing::info!(organization, intent, %error, "no portal link was made");
        }
        LinkError::Unchecked(cause) => {
            tracing::error!(organization, intent, %cause, "no portal link was made: {error}");
        }
        LinkError::Call(call) => {
            if let Some(answer) = call.response() {
                // Without its sentence, which may repeat what was sent.
                tracing::error!(
                    organization,
                    intent,
                    status = answer.status().as_u16(),
                    code = answer.code(),
                    request_id = answer.request_id(),
                    "no portal link was made: WorkOS refuses the call"
                );
            } else {
                tracing::error!(organization, intent, %error, "no portal link was made");
            }
        }
    }
}

/// Keeps an answer to whom it is for.
async fn unkept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

impl<U> fmt::Debug for PortalRoutes<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalRoutes")
            .field("portal", &self.portal)
            .field("return_url", &self.return_url)
            .field("success_url", &self.success_url)
            .finish_non_exhaustive()
    }
}
