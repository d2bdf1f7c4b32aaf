//! What a request to the routes asks for.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use reqwest::header::CONTENT_TYPE;

use super::refusal::Refusal;
use crate::OrganizationId;
use crate::limited_body;
use crate::types::PortalIntent;

/// The most that is read of a form, in bytes: three fields, and what an app's own forms add.
const MAX_FORM: usize = 64 * 1024;

/// What was asked for, and by whom.
pub(super) struct Asked<U> {
    pub(super) user: U,
    pub(super) intent: PortalIntent,
    pub(super) form: Form,
}

/// The fields of the form. None of them is trusted.
pub(super) struct Form {
    pub(super) organization: Option<OrganizationId>,
    pub(super) return_url: Option<String>,
    pub(super) success_url: Option<String>,
}

impl<U, S> FromRequest<S> for Asked<U>
where
    U: FromRequestParts<S> + Send,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let intent = RawPathParams::from_request_parts(&mut parts, state).await;
        let intent = intent.ok().and_then(|params| {
            let named = params.iter().find(|(name, _)| *name == "intent");
            named.map(|(_, value)| PortalIntent::from(value))
        });
        let intent = intent
            .filter(|intent| PortalIntent::KNOWN.contains(intent))
            .ok_or_else(|| Refusal::NoIntent.into_response())?;
        let user = U::from_request_parts(&mut parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let form = Form::read(Request::from_parts(parts, body)).await;
        let form = form.map_err(IntoResponse::into_response)?;
        Ok(Self { user, intent, form })
    }
}

impl Form {
    async fn read(request: Request) -> Result<Self, Refusal> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()?.split(';').next());
        let is_form = kind.is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        let body = limited_body::read(request, MAX_FORM).await?;
        // A button of a script has nothing to say, and says so without a type.
        if !is_form && !body.is_empty() {
            return Err(Refusal::NoForm);
        }
        Self::parse(&body)
    }

    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let (mut organization, mut return_url, mut success_url) = (None, None, None);
        for (name, value) in form_urlencoded::parse(body) {
            let field = match &*name {
                "organization" => &mut organization,
                "return_url" => &mut return_url,
                "success_url" => &mut success_url,
                _ => continue,
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(Refusal::Twice);
            }
        }
        // An empty field is one that nobody filled in.
        let filled = |field: Option<String>| field.filter(|value| !value.is_empty());
        let organization = filled(organization).map(OrganizationId::try_from);
        Ok(Self {
            organization: organization
                .transpose()
                .map_err(|_| Refusal::NoOrganization)?,
            return_url: filled(return_url),
            success_url: filled(success_url),
        })
    }
}
