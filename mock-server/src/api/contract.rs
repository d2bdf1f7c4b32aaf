//! What `portal.json` says of each operation, compiled.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use serde_json::Value;

use super::document::document;
use super::operation::Operation;
use crate::validation::{Contract, Input, Plan, Rejection};

/// Checks path, query, headers and body of a request against `operation`, and types them.
///
/// `path` holds the decoded path parameters, `raw_query` the query string as it was sent (without the `?`). A missing body counts
/// as `{}`. The operation's schema is compiled when its first request comes.
///
/// # Errors
/// A [`Rejection`] with every violation: 422 `invalid_request_parameters`, or what the document's `x-violation` says when it
/// covers them all, or in the status and shape that the operation's `x-violations` says.
pub(crate) fn validate<N: AsRef<str>, V: AsRef<str>>(
    operation: Operation,
    path: &[(N, V)],
    raw_query: Option<&str>,
    headers: &HeaderMap,
    body: Option<Value>,
) -> Result<Input, Rejection> {
    plan(operation).check(path, raw_query, headers, body)
}

pub(crate) fn plan(operation: Operation) -> &'static Plan {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    static PLANS: OnceLock<HashMap<Operation, OnceLock<Plan>>> = OnceLock::new();
    PLANS
        .get_or_init(|| {
            Operation::ALL
                .map(|operation| (operation, OnceLock::new()))
                .into()
        })
        .get(&operation)
        .expect("every operation has its place")
        .get_or_init(|| {
            CONTRACT
                .get_or_init(|| Contract::new(document()))
                .plan(operation.method().as_str(), operation.path())
                .expect("a test compiles the schema of every operation")
        })
}
