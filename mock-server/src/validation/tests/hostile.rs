//! Requests that are made to be expensive: refused, with an answer and a memory that stay small.

use std::fmt::Write as _;

use super::*;
use crate::validation::trim::BUDGET;

#[test]
fn half_a_million_wrong_items() {
    let items: Vec<Value> = vec![json!(1); 500_000];
    let rejection = put_with(json!({ "contacts": items })).unwrap_err();
    assert_eq!(rejection.errors.len(), MAX_VIOLATIONS);
    assert_eq!(rejection.errors[0].code, "contacts_too_many");
}

#[test]
fn a_hundred_thousand_incomplete_objects() {
    let rejection = put_with(json!({ "parts": vec![json!({}); 100_000] })).unwrap_err();
    assert_eq!(rejection.errors.len(), MAX_VIOLATIONS);
    assert_eq!(rejection.errors[99].field, "parts.99.label");
}

#[test]
fn a_hundred_thousand_members() {
    let members: Map<String, Value> = (0..100_000).map(|n| (format!("k{n}"), json!(n))).collect();
    let members = Value::Object(members);
    let accepted = put_with(members.clone()).unwrap();
    assert_eq!(accepted.body.unwrap().as_object().unwrap().len(), 100_002);
    let rejection = put_with(json!({ "metadata": members.clone() })).unwrap_err();
    assert_eq!(rejection.code, "invalid_metadata");
    let rejection = put_with(json!({ "labels": members })).unwrap_err();
    assert_eq!(rejection.errors.len(), MAX_VIOLATIONS);
}

#[test]
fn what_is_required_is_found_behind_many_members() {
    let mut members: Map<String, Value> =
        (0..5000).map(|n| (format!("k{n}"), json!([n]))).collect();
    members.insert("name".to_owned(), json!("a"));
    members.insert("contacts".to_owned(), json!(["nobody"]));
    refused(
        put(Value::Object(members)),
        &["contacts.0 contacts_invalid_email: contacts.0 must be an e-mail address."],
    );
}

#[test]
fn a_violation_after_many_good_items() {
    let mut parts = vec![json!({ "label": "x" }); BUDGET + 100];
    parts.push(json!({}));
    refused(
        put_with(json!({ "parts": parts })),
        &["body body_invalid_value: The body breaks a rule after its first 1000 items."],
    );
}

#[test]
fn deep_nesting() {
    // As deep as the JSON parser lets a body be.
    let mut part = json!({});
    for _ in 0..60 {
        part = json!({ "label": "x", "parts": [part] });
    }
    let rejection = put_with(json!({ "maker": part })).unwrap_err();
    assert_eq!(rejection.errors.len(), 1);
    assert!(rejection.errors[0].field.ends_with(".0.label"));
    let mut list = json!([]);
    for _ in 0..120 {
        list = json!([list]);
    }
    assert_eq!(
        put_with(json!({ "kind": list })).unwrap_err().errors.len(),
        1
    );
}

#[test]
fn long_texts() {
    let long = "a".repeat(1 << 20);
    let rejection = put_with(json!({
        "name": long, "provider": long, "url": long, "host": long, "at": long, "mixed": long, "contacts": [long],
    }))
    .unwrap_err();
    assert_eq!(rejection.errors.len(), 7);
    assert!(format!("{rejection:?}").len() < 2000);
}

#[test]
fn ten_thousand_parameters() {
    let mut query = String::from("order=asc");
    for n in 0..10_000 {
        write!(query, "&p{n}={n}&events={n}&limit={n}").unwrap();
    }
    refused(
        list(&query),
        &["query query_too_many: The query must have at most 1000 parameters."],
    );
}

#[test]
fn a_thousand_parameters_are_read() {
    let mut query = String::from("limit=1");
    for n in 2..=1000 {
        write!(query, "&limit={n}").unwrap();
    }
    refused(
        list(&query),
        &["limit limit_duplicate: limit must be given only once."],
    );
}
