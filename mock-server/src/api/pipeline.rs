//! A request's way: authenticate, meet the fault that a test asks for if one does, count, read, validate, then carry out
//! once.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::call::Call;
use super::contract::validate;
use super::error::ApiError;
use super::operation::Operation;
use super::reply::Reply;
use super::{
    audit_logs, body, canonical, certificates, connections, directories, directory_groups,
    directory_users, events, it_contacts, organization_domains, organizations, portal_links,
    set_request_id, webhook_endpoints,
};
use crate::clock::pause;
use crate::domain::fault::{self, Effect, Strike};
use crate::domain::ids::Id as _;
use crate::domain::permissions::KeyPermissions;
use crate::domain::rate::Scope;
use crate::domain::token::SecretHash;
use crate::environment::Environment;
use crate::idempotency::{Attempt, Outcome};
use crate::journal::Notes;
use crate::service::faults;
use crate::state::AppState;

/// Names the fault in an answer that a test has asked for, so that nobody takes it for a real one.
const FAULT: HeaderName = HeaderName::from_static("workos-mock-fault");
const IDEMPOTENCY_KEY: &str = "idempotency-key";

type Handler = fn(&Call<'_>) -> Result<Reply, ApiError>;

// No wildcard: an operation that is new in the document does not compile until its place is decided.
fn handler(operation: Operation) -> Handler {
    match operation {
        Operation::ListOrganizations => organizations::list,
        Operation::CreateOrganization => organizations::create,
        Operation::GetOrganization => organizations::get,
        Operation::GetOrganizationByExternalId => organizations::get_by_external_id,
        Operation::UpdateOrganization => organizations::update,
        Operation::DeleteOrganization => organizations::delete,
        Operation::GeneratePortalLink => portal_links::generate,
        Operation::RevokePortalLink => portal_links::revoke,
        Operation::ListPortalProviders => portal_links::list_providers,
        Operation::ListConnections => connections::list,
        Operation::CreateConnection => connections::create,
        Operation::GetConnection => connections::get,
        Operation::UpdateConnection => connections::update,
        Operation::DeleteConnection => connections::delete,
        Operation::ListSamlIdpSigningCertificates => certificates::list_idp_signing,
        Operation::CreateSamlIdpSigningCertificate => certificates::create_idp_signing,
        Operation::DeleteSamlIdpSigningCertificate => certificates::delete_idp_signing,
        Operation::ListSamlSpEncryptionCertificates => certificates::list_sp_encryption,
        Operation::CreateSamlSpEncryptionCertificate => certificates::create_sp_encryption,
        Operation::DeleteSamlSpEncryptionCertificate => certificates::delete_sp_encryption,
        Operation::GetSamlSpSigningCertificate => certificates::get_sp_signing,
        Operation::CreateSamlSpSigningCertificate => certificates::create_sp_signing,
        Operation::DeleteSamlSpSigningCertificate => certificates::delete_sp_signing,
        Operation::ListEvents => events::list,
        Operation::ListAuditLogActions => audit_logs::list_actions,
        Operation::ListAuditLogSchemas => audit_logs::list_schemas,
        Operation::CreateAuditLogSchema => audit_logs::create_schema,
        Operation::CreateAuditLogEvent => audit_logs::create_event,
        Operation::CreateAuditLogExport => audit_logs::create_export,
        Operation::GetAuditLogExport => audit_logs::get_export,
        Operation::GetAuditLogConfiguration => audit_logs::get_configuration,
        Operation::GetAuditLogRetention => audit_logs::get_retention,
        Operation::UpdateAuditLogRetention => audit_logs::update_retention,
        Operation::ListItContacts => it_contacts::list,
        Operation::CreateItContact => it_contacts::create,
        Operation::DeleteItContact => it_contacts::delete,
        Operation::InviteItContact => it_contacts::invite,
        Operation::RevokeItContactInvitation => it_contacts::revoke_invitation,
        Operation::ListWebhookEndpoints => webhook_endpoints::list,
        Operation::CreateWebhookEndpoint => webhook_endpoints::create,
        Operation::UpdateWebhookEndpoint => webhook_endpoints::update,
        Operation::DeleteWebhookEndpoint => webhook_endpoints::delete,
        Operation::CreateOrganizationDomain => organization_domains::create,
        Operation::GetOrganizationDomain => organization_domains::get,
        Operation::DeleteOrganizationDomain => organization_domains::delete,
        Operation::VerifyOrganizationDomain => organization_domains::verify,
        Operation::ListDirectories => directories::list,
        Operation::GetDirectory => directories::get,
        Operation::DeleteDirectory => directories::delete,
        Operation::SyncDirectory => directories::sync,
        Operation::ListDirectoryUsers => directory_users::list,
        Operation::GetDirectoryUser => directory_users::get,
        Operation::ListDirectoryGroups => directory_groups::list,
        Operation::GetDirectoryGroup => directory_groups::get,
    }
}

/// Answers one request for `operation`.
pub(super) async fn serve(
    operation: Operation,
    State(state): State<AppState>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some((environment, permissions, key)) = state.authenticate(&parts.headers) else {
        return ApiError::Unauthorized.into_response();
    };
    let id = environment.random.request_id();
    if parts.headers.contains_key(header::ORIGIN) {
        tracing::warn!(
            operation = operation.id(),
            %id,
            "a browser sent an API key: the key is a secret, so the page cannot read the answer"
        );
    }
    let mut notes = Notes {
        environment: Some(Arc::clone(&environment)),
        operation: Some(operation.id()),
        warnings: Vec::new(),
        fault: None,
    };
    let answered = if permissions == KeyPermissions::ReadOnly && operation.method() != Method::GET {
        Answered {
            result: Err(ApiError::Forbidden),
            effect: Effect::default(),
        }
    } else {
        let asked = Asked {
            operation,
            key,
            params,
            parts: &parts,
            body: Sent::Unread(body),
        };
        answer(&state, &environment, asked, &mut notes).await
    };
    let Answered { result, effect } = answered;
    if let Some(latency) = effect.latency {
        pause(latency).await;
    }
    let mut response = result.map_or_else(IntoResponse::into_response, IntoResponse::into_response);
    if let Some(damage) = effect.damage {
        response.extensions_mut().insert(damage);
    }
    if effect.status.is_some()
        && let Some(fault) = &notes.fault
        && let Ok(id) = HeaderValue::from_str(fault.as_str())
    {
        response.headers_mut().insert(FAULT, id);
    }
    tracing::info!(operation = operation.id(), status = response.status().as_u16(), %id, "answered");
    set_request_id(&mut response, id);
    response.extensions_mut().insert(notes);
    response
}

/// A request with the key that it carries.
struct Asked<'a> {
    operation: Operation,
    key: &'a str,
    params: Result<RawPathParams, RawPathParamsRejection>,
    parts: &'a Parts,
    body: Sent,
}

/// What comes of a request, and what a fault does to the answer.
struct Answered {
    result: Result<Reply, ApiError>,
    effect: Effect,
}

/// Meets the fault that a test asks for, if one does; unless that is a status, the operation is carried out all the same.
async fn answer(
    state: &AppState,
    environment: &Environment,
    mut asked: Asked<'_>,
    notes: &mut Notes,
) -> Answered {
    let (operation, parts) = (asked.operation, asked.parts);
    let mut seen = fault::Asked {
        operation: operation.id(),
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        body: None,
    };
    if operation.takes_body() && faults::ask_for_the_body(environment, &seen) {
        asked.body = Sent::Read(asked.body.read(parts, state).await);
    }
    if let Sent::Read(Ok(body)) = &asked.body {
        seen.body = body.as_ref();
    }
    let strike = faults::fire(environment, &seen);
    let effect = strike.map_or_else(Effect::default, |Strike { fault, effect }| {
        notes.fault = Some(fault);
        effect
    });
    let result = match effect.status {
        Some(status) => Err(ApiError::Injected(operation, status, effect.retry_after)),
        None => carry_out(state, environment, asked, &mut notes.warnings).await,
    };
    Answered { result, effect }
}

/// The body of a request, which may have to be read before its turn.
enum Sent {
    Unread(axum::body::Body),
    Read(Result<Option<Value>, ApiError>),
}

impl Sent {
    async fn read(self, parts: &Parts, state: &AppState) -> Result<Option<Value>, ApiError> {
        match self {
            Self::Unread(body) => body::read(&parts.headers, body, state.body_timeout).await,
            Self::Read(read) => read,
        }
    }
}

async fn carry_out(
    state: &AppState,
    environment: &Environment,
    asked: Asked<'_>,
    warnings: &mut Vec<String>,
) -> Result<Reply, ApiError> {
    let Asked {
        operation,
        key,
        params,
        parts,
        body,
    } = asked;
    environment
        .admit(|| scopes(operation, key, parts.uri.query()))
        .map_err(|too_many| ApiError::RateLimited(operation, too_many))?;
    let handler = handler(operation);
    let params = params.map_err(|_| unreadable(parts.uri.path()))?;
    let path: Vec<_> = params.iter().collect();
    let body = if operation.takes_body() {
        body.read(parts, state).await?
    } else {
        None
    };
    let attempt = attempt(operation, key, &parts.headers, &path, body.as_ref());
    let input = validate(operation, &path, parts.uri.query(), &parts.headers, body)?;
    for warning in &input.warnings {
        tracing::warn!(operation = operation.id(), "{warning}");
    }
    warnings.clone_from(&input.warnings);
    let call = Call {
        environment,
        public_url: &state.public_url,
        input,
    };
    let Some((idempotency_key, attempt)) = attempt else {
        return handler(&call);
    };
    match environment
        .responses
        .begin(&attempt, &environment.clock)
        .await
    {
        Outcome::Different => Err(ApiError::IdempotencyKeyReused(idempotency_key)),
        // What was kept was packed here, so it unpacks.
        Outcome::Again(kept) => Reply::unpack(&kept).map_or_else(|| handler(&call), Ok),
        Outcome::First(ticket) => {
            // An operation that was refused has done nothing, so a retry may try again: only what was done is kept.
            let reply = handler(&call)?;
            ticket.keep(
                &reply.pack(),
                environment.random.bytes(),
                &environment.clock.reading(),
            );
            Ok(reply)
        }
    }
}

/// The limits that a request counts against.
fn scopes(operation: Operation, key: &str, query: Option<&str>) -> Vec<Scope> {
    let mut scopes = vec![Scope::All(SecretHash::of(key))];
    match operation {
        Operation::DeleteOrganization => {
            scopes.push(Scope::DeleteOrganization(SecretHash::of(key)));
        }
        Operation::ListDirectoryUsers => {
            let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            let directory = pairs
                .find(|(name, _)| name == "directory")
                .map_or(Cow::Borrowed(""), |(_, id)| id);
            scopes.push(Scope::DirectoryUsers(SecretHash::of(&directory)));
        }
        _ => {}
    }
    scopes
}

fn unreadable(path: &str) -> ApiError {
    ApiError::UnreadablePath(path.rsplit('/').next().unwrap_or_default().to_owned())
}

/// The attempt that a request with an idempotency key is. WorkOS's SDKs send one with every POST.
fn attempt(
    operation: Operation,
    key: &str,
    headers: &HeaderMap,
    path: &[(&str, &str)],
    body: Option<&Value>,
) -> Option<(String, Attempt)> {
    if operation.method() != Method::POST {
        return None;
    }
    // Several headers are one value to HTTP, and bytes beyond ASCII are as good a key as any.
    let values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let values: Vec<_> = values.map(HeaderValue::as_bytes).collect();
    let idempotency_key: String = values
        .join(&b", "[..])
        .into_iter()
        .map(char::from)
        .collect();
    if idempotency_key.is_empty() {
        return None;
    }
    let mut request = String::new();
    for (name, value) in path {
        canonical::write(&Value::from(*name), &mut request);
        canonical::write(&Value::from(*value), &mut request);
    }
    canonical::write(body.unwrap_or(&Value::Object(Map::new())), &mut request);
    let attempt = Attempt::new(operation.id(), key, &idempotency_key, &request);
    Some((idempotency_key, attempt))
}
