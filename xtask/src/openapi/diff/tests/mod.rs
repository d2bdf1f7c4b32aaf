#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are written where they are used"
)]

use serde_json::json;

use super::*;

mod components;
mod limits;
mod operations;
mod schemas;
mod unions;

fn key(text: &str) -> OperationKey {
    OperationKey::try_from(text.to_owned()).unwrap()
}

/// A document with one operation, `POST /things`.
fn document(operation: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "version": "1" },
        "paths": { "/things": { "post": operation } },
        "components": { "schemas": schemas },
    })
}

fn request(schema: &Value) -> Value {
    json!({ "requestBody": { "content": { "application/json": { "schema": schema } } } })
}

fn response(schema: &Value) -> Value {
    json!({ "responses": { "200": { "content": { "application/json": { "schema": schema } } } } })
}

fn compared(before: &Value, after: &Value) -> Vec<Change> {
    let ours = cut(before, &[key("POST /things")]).unwrap();
    changes(&ours, after, &[key("POST /things")]).unwrap()
}

/// What differs between two versions of `POST /things`, as place, sentence and whether it breaks.
fn operation(before: &Value, after: &Value) -> Vec<(String, String, bool)> {
    told(&compared(
        &document(before, &json!({})),
        &document(after, &json!({})),
    ))
}

fn told(changes: &[Change]) -> Vec<(String, String, bool)> {
    let tell = |change: &Change| {
        (
            change.place.clone(),
            report::sentence(change),
            change.breaking,
        )
    };
    changes.iter().map(tell).collect()
}

fn line(place: &str, sentence: &str, breaking: bool) -> (String, String, bool) {
    (place.to_owned(), sentence.to_owned(), breaking)
}

/// Checks that two schemas differ in one thing, and where that breaks.
#[track_caller]
fn differ(
    before: Value,
    after: Value,
    place: &str,
    sentence: &str,
    in_request: bool,
    in_response: bool,
) {
    assert_eq!(
        operation(&request(&before), &request(&after)),
        [line(&format!("request{place}"), sentence, in_request)]
    );
    assert_eq!(
        operation(&response(&before), &response(&after)),
        [line(&format!("response 200{place}"), sentence, in_response)]
    );
}

fn object(members: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": members, "required": required })
}

const BREAKS: bool = true;
const FINE: bool = false;

#[test]
fn text_is_aligned_grouped_and_counted() {
    let before = document(
        &response(&object(
            json!({ "id": {}, "state": { "enum": ["a"] } }),
            &[],
        )),
        &json!({}),
    );
    let after = document(
        &response(&object(
            json!({ "state": { "enum": ["a", "b"] }, "at": {} }),
            &[],
        )),
        &json!({}),
    );
    let mut text = Vec::new();
    print(&compared(&before, &after), &mut text).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "\
breaking    POST /things  response 200.id     removed, optional value

compatible  POST /things  response 200.at     added, optional value
compatible  POST /things  response 200.state  values added: b

3 differences in 1 operation: 1 breaking, 2 compatible
"
    );
    let mut text = Vec::new();
    print(&[], &mut text).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "no difference for our operations\n"
    );
}

#[test]
fn json_has_a_record_for_each_change() {
    let before = document(
        &response(&json!({ "type": "string", "maxLength": 9 })),
        &json!({}),
    );
    let after = document(
        &response(&json!({ "type": ["string", "null"], "maxLength": 8 })),
        &json!({}),
    );
    assert_eq!(
        serde_json::to_value(compared(&before, &after)).unwrap(),
        json!([
            {
                "breaking": true,
                "operations": ["POST /things"],
                "place": "response 200",
                "change": "null_allowed",
                "before": false,
                "after": true,
            },
            {
                "breaking": false,
                "operations": ["POST /things"],
                "place": "response 200",
                "change": "limit",
                "before": { "maxLength": 9 },
                "after": { "maxLength": 8 },
            },
        ])
    );
}
