//! `/exports`: the files of audit log exports. An address opens its file without a key, and nothing else.
//!
//! Files are written while they are read: a part of the events at a time, with the environment held only while it is looked up.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use csv::{Terminator, WriterBuilder};
use futures_util::stream;
use serde_json::json;

use crate::domain::audit_log::export::AuditLogExport;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::audit_logs::exports::{self, NoFile};
use crate::state::AppState;
use crate::view::audit_logs::{COLUMNS, row};

/// Everything under `/exports`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/exports/{file}", get(fetch).fallback(wrong_method))
        .route("/exports", any(async || Refusal::Unknown))
}

/// Why there is no file.
enum Refusal {
    Unknown,
    Expired,
}

impl From<NoFile> for Refusal {
    fn from(no_file: NoFile) -> Self {
        match no_file {
            NoFile::Unknown => Self::Unknown,
            NoFile::Expired => Self::Expired,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Unknown => (
                StatusCode::NOT_FOUND,
                "export_not_found",
                "This address leads to no export.",
            ),
            Self::Expired => (
                StatusCode::GONE,
                "export_url_expired",
                "This address has expired: fetch the export again for a new one.",
            ),
        };
        (status, Json(json!({ "message": message, "code": code }))).into_response()
    }
}

async fn wrong_method() -> Response {
    let message = json!({ "message": "Method Not Allowed" });
    let allowed = [(ALLOW, "GET, HEAD")];
    (StatusCode::METHOD_NOT_ALLOWED, allowed, Json(message)).into_response()
}

const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/csv; charset=utf-8"),
    (CONTENT_DISPOSITION, "attachment; filename=\"export.csv\""),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

async fn fetch(
    State(state): State<AppState>,
    file: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path(file) = file.map_err(|_| Refusal::Unknown)?;
    let token = file.strip_suffix(".csv").and_then(Token::parse);
    let token = token.ok_or(Refusal::Unknown)?;
    let environment = state.environments.by_token(&token);
    let environment = environment.ok_or(Refusal::Unknown)?;
    let export = exports::open(&environment, &token)?;
    let file = File::new(environment, export);
    Ok((HEADERS, Body::from_stream(stream::iter(file))).into_response())
}

/// A file as far as it has been written.
struct File {
    environment: Arc<Environment>,
    export: Arc<AuditLogExport>,
    next: Part,
}

enum Part {
    Columns,
    /// The events after the one with this id.
    Events(Option<String>),
    End,
}

impl File {
    fn new(environment: Arc<Environment>, export: Arc<AuditLogExport>) -> Self {
        Self {
            environment,
            export,
            next: Part::Columns,
        }
    }
}

impl Iterator for File {
    type Item = Result<Bytes, csv::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match std::mem::replace(&mut self.next, Part::End) {
            Part::Columns => {
                self.next = Part::Events(None);
                Some(written([COLUMNS.map(str::to_owned)]))
            }
            Part::Events(after) => {
                // An organization that is deleted meanwhile has no more events.
                let page = exports::read(&self.environment, &self.export, after).ok()?;
                if page.after.is_some() {
                    self.next = Part::Events(page.after);
                }
                Some(written(page.items.iter().map(|event| row(event))))
            }
            Part::End => None,
        }
    }
}

/// Rows as RFC 4180 has them. Values stand as they are, also those that a spreadsheet takes for a formula: they are what was
/// logged.
fn written(rows: impl IntoIterator<Item = [String; COLUMNS.len()]>) -> Result<Bytes, csv::Error> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map(Bytes::from)
        .map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_the_standard_has_them() {
        let mut row = COLUMNS.map(|_| String::new());
        row[0] = "a,b".to_owned();
        row[1] = "say \"hi\"\r\nthere".to_owned();
        row[2] = "=1+1".to_owned();
        let bytes = written([row]).unwrap();
        assert_eq!(
            bytes,
            "\"a,b\",\"say \"\"hi\"\"\r\nthere\",=1+1,,,,,,,,,\r\n"
        );
    }
}
