//! Operations on IT contacts.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::intent::Intent;
use crate::service::it_contacts;
use crate::view::PageView;
use crate::view::it_contacts::ItContactView;

#[derive(Deserialize)]
struct CreateBody {
    email: String,
}

#[derive(Deserialize)]
struct InviteBody {
    intents: Vec<ItContactIntent>,
}

/// What an IT contact can be invited to, which has names of its own.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ItContactIntent {
    Sso,
    DirectorySync,
    LogStreams,
    DomainVerification,
    BringYourOwnKey,
}

impl From<ItContactIntent> for Intent {
    fn from(intent: ItContactIntent) -> Self {
        match intent {
            ItContactIntent::Sso => Self::Sso,
            ItContactIntent::DirectorySync => Self::Dsync,
            ItContactIntent::LogStreams => Self::LogStreams,
            ItContactIntent::DomainVerification => Self::DomainVerification,
            ItContactIntent::BringYourOwnKey => Self::BringYourOwnKey,
        }
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let contacts = it_contacts::list(call.environment, call.path("id"))?;
    Ok(Reply::json(
        StatusCode::OK,
        &PageView::new(&contacts, ItContactView::new),
    ))
}

pub(super) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let contact = it_contacts::create(call.environment, call.path("id"), body.email)?;
    Ok(Reply::json(
        StatusCode::CREATED,
        &ItContactView::new(&contact),
    ))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Reply, ApiError> {
    it_contacts::delete(call.environment, call.path("id"), call.path("contact_id"))?;
    Ok(Reply::no_content())
}

pub(super) fn invite(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: InviteBody = call.body()?;
    let intents = body.intents.into_iter().map(Intent::from).collect();
    let (organization, contact) = (call.path("id"), call.path("contact_id"));
    it_contacts::invite(call.environment, organization, contact, intents)?;
    tracing::info!(
        organization,
        contact,
        "mailed a setup link: see GET /_mock/outbox"
    );
    Ok(Reply::no_content())
}

pub(super) fn revoke_invitation(call: &Call<'_>) -> Result<Reply, ApiError> {
    it_contacts::revoke_invitation(call.environment, call.path("id"), call.path("contact_id"))?;
    Ok(Reply::no_content())
}
