//! Operations of the Admin Portal: links, and the providers for a picker of one's own.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::intent::Intent;
use crate::domain::provider::PROVIDERS;
use crate::service::portal_links::{self, NewPortalLink};
use crate::view;

#[derive(Deserialize)]
struct GenerateBody {
    organization: String,
    intent: Option<Intent>,
    return_url: Option<String>,
    success_url: Option<String>,
    external_user_id: Option<String>,
    #[serde(default)]
    it_contact_emails: Vec<String>,
}

#[derive(Deserialize)]
struct RevokeBody {
    organization: String,
    external_user_id: String,
}

#[derive(Serialize)]
struct ProviderView {
    provider: &'static str,
    name: &'static str,
    icon_url: String,
    dark_icon_url: String,
}

pub(super) fn generate(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: GenerateBody = call.body()?;
    let new = NewPortalLink {
        organization: body.organization,
        intent: body.intent,
        return_url: body.return_url,
        success_url: body.success_url,
        external_user_id: body.external_user_id,
        it_contact_emails: body.it_contact_emails,
    };
    let issued = portal_links::generate(call.environment, new)?;
    let (link, expires_at) = (&issued.link.id, issued.link.expires_at());
    tracing::info!(%link, organization = %issued.link.organization_id, %expires_at, "issued a portal link");
    let address = view::link(call.public_url, &issued.token);
    Ok(Reply::json(
        StatusCode::CREATED,
        &json!({ "link": address }),
    ))
}

pub(super) fn revoke(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: RevokeBody = call.body()?;
    portal_links::revoke(call.environment, &body.organization, &body.external_user_id)?;
    Ok(Reply::no_content())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is a handler among handlers that can fail"
)]
pub(super) fn list_providers(call: &Call<'_>) -> Result<Reply, ApiError> {
    let icon = |theme, slug| format!("{}/provider-icons/{theme}/{slug}.svg", call.public_url);
    let providers = PROVIDERS.iter().map(|one| ProviderView {
        provider: one.connection_type,
        name: one.name,
        icon_url: icon("light", one.slug),
        dark_icon_url: icon("dark", one.slug),
    });
    Ok(Reply::json(StatusCode::OK, &providers.collect::<Vec<_>>()))
}
