//! Operations on the certificates of connections.

use axum::http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::certificate::{Certificate, Purpose};
use crate::service::certificates;
use crate::view::connections::{CertificateListView, CertificateView};

#[derive(Deserialize)]
struct CreateBody {
    value: String,
}

pub(super) fn list_idp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    list(call, Purpose::IdpSigning)
}

pub(super) fn list_sp_encryption(call: &Call<'_>) -> Result<Reply, ApiError> {
    list(call, Purpose::SpEncryption)
}

pub(super) fn get_sp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    let certificate = certificates::get_sp_signing(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::OK, &certificate))
}

pub(super) fn create_idp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body: CreateBody = call.body()?;
    let certificate =
        certificates::add_idp_signing(call.environment, call.path("id"), &body.value)?;
    Ok(reply(StatusCode::CREATED, &certificate))
}

pub(super) fn create_sp_encryption(call: &Call<'_>) -> Result<Reply, ApiError> {
    let certificate = certificates::make_sp_encryption(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::CREATED, &certificate))
}

pub(super) fn create_sp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    let certificate = certificates::make_sp_signing(call.environment, call.path("id"))?;
    Ok(reply(StatusCode::CREATED, &certificate))
}

pub(super) fn delete_idp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    let (connection, id) = (call.path("id"), call.path("certificate_id"));
    certificates::delete_idp_signing(call.environment, connection, id)?;
    Ok(Reply::no_content())
}

pub(super) fn delete_sp_encryption(call: &Call<'_>) -> Result<Reply, ApiError> {
    delete_sp(call, Purpose::SpEncryption)
}

pub(super) fn delete_sp_signing(call: &Call<'_>) -> Result<Reply, ApiError> {
    delete_sp(call, Purpose::SpSigning)
}

fn list(call: &Call<'_>, purpose: Purpose) -> Result<Reply, ApiError> {
    let all = certificates::list(call.environment, call.path("id"), purpose)?;
    let view = CertificateListView::new(all.iter().map(AsRef::as_ref));
    Ok(Reply::json(StatusCode::OK, &view))
}

fn delete_sp(call: &Call<'_>, purpose: Purpose) -> Result<Reply, ApiError> {
    let (connection, id) = (call.path("id"), call.path("certificate_id"));
    certificates::delete_sp(call.environment, connection, id, purpose)?;
    Ok(Reply::no_content())
}

fn reply(status: StatusCode, certificate: &Certificate) -> Reply {
    Reply::json(status, &CertificateView::new(certificate))
}
