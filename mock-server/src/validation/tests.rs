//! Tests over a small contract that has every rule, and over the real one.

mod answers;
mod document;
mod hostile;
mod known;
mod members;
mod query;
mod rules;

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

use axum::http::HeaderMap;
use serde_json::json;

use super::*;
use crate::api::contract::{plan, validate};
use crate::api::document::document;
use crate::operation::Operation;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let document: Value =
        serde_json::from_str(include_str!("tests/contract.json")).expect("the contract is JSON");
    Contract::new(Box::leak(Box::new(document)))
});

fn test_plan(method: &'static str, path: &'static str) -> &'static Plan {
    type Plans = HashMap<(&'static str, &'static str), &'static Plan>;
    static PLANS: LazyLock<Mutex<Plans>> = LazyLock::new(Mutex::default);
    let mut plans = PLANS.lock().unwrap();
    plans
        .entry((method, path))
        .or_insert_with(|| Box::leak(Box::new(CONTRACT.plan(method, path).unwrap())))
}

fn no_path() -> &'static [(String, String)] {
    &[]
}

/// `GET /things` with a query.
fn list(query: &str) -> Result<Input, Rejection> {
    test_plan("GET", "/things").check(no_path(), Some(query), &HeaderMap::new(), None)
}

/// `PUT /things/{thingId}` with a body.
fn put(body: Value) -> Result<Input, Rejection> {
    let path = [("thingId", "thing_1")];
    let plan = test_plan("PUT", "/things/{thingId}");
    plan.check(&path, None, &HeaderMap::new(), Some(body))
}

/// `PUT /things/{thingId}` with what is required and `members`.
fn put_with(members: Value) -> Result<Input, Rejection> {
    let mut body = json!({ "name": "a", "contacts": ["a@b.co"] });
    let Value::Object(members) = members else {
        panic!("the members are an object");
    };
    body.as_object_mut().unwrap().extend(members);
    put(body)
}

/// The violations as `field code: message` lines.
fn lines(result: Result<Input, Rejection>) -> Vec<String> {
    let rejection = result.expect_err("the request is refused");
    assert_eq!(rejection.status, 422);
    assert_eq!(rejection.code, "invalid_request_parameters");
    assert_eq!(rejection.message, "Validation failed");
    let line = |error: FieldError| format!("{} {}: {}", error.field, error.code, error.message);
    rejection.errors.into_iter().map(line).collect()
}

#[track_caller]
fn refused(result: Result<Input, Rejection>, expected: &[&str]) {
    assert_eq!(lines(result), expected);
}

fn body(result: Result<Input, Rejection>) -> Value {
    result
        .expect("the request is accepted")
        .body
        .expect("the operation reads a body")
}
