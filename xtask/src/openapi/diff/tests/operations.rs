use serde_json::json;

use super::*;

#[test]
fn parameters_are_known_by_place_and_name() {
    let with = |parameters: Value| json!({ "parameters": parameters });
    let query = |required: bool| json!({ "in": "query", "name": "limit", "required": required, "schema": { "type": "integer" } });
    let none = with(json!([]));
    let (optional, required) = (with(json!([query(false)])), with(json!([query(true)])));
    assert_eq!(
        operation(&none, &optional),
        [line("query limit", "added, optional integer", FINE)]
    );
    assert_eq!(
        operation(&none, &required),
        [line("query limit", "added, required integer", BREAKS)]
    );
    assert_eq!(
        operation(&optional, &none),
        [line("query limit", "removed, optional integer", BREAKS)]
    );
    assert_eq!(
        operation(&optional, &required),
        [line("query limit", "optional → required", BREAKS)]
    );
    let header = |name: &str, kind: &str| {
        with(json!([{ "in": "header", "name": name, "schema": { "type": kind } }]))
    };
    assert_eq!(
        operation(&header("Key", "string"), &header("key", "string")),
        []
    );
    assert_eq!(
        operation(&header("Key", "string"), &header("key", "integer")),
        [line("header key", "type string → integer", BREAKS)]
    );
    let list = |explode: Value| {
        with(
            json!([{ "in": "query", "name": "ids", "explode": explode, "schema": { "type": "array" } }]),
        )
    };
    assert_eq!(operation(&list(Value::Null), &list(json!(true))), []);
    let changes = operation(&list(json!(true)), &list(json!(false)));
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].0.as_str(), changes[0].2), ("query ids", BREAKS));
}

#[test]
fn parameters_of_the_path_count_as_the_operations_own() {
    let parameter = json!([{ "in": "query", "name": "q", "schema": { "type": "string" } }]);
    let own = document(&json!({ "parameters": parameter }), &json!({}));
    let mut shared = document(&json!({}), &json!({}));
    shared["paths"]["/things"]["parameters"] = parameter;
    assert_eq!(compared(&own, &shared), []);
}

#[test]
fn bodies_come_and_go() {
    let none = json!({});
    let body = |required: bool| {
        let mut operation = request(&json!({}));
        operation["requestBody"]["required"] = required.into();
        operation
    };
    assert_eq!(
        operation(&none, &body(false)),
        [line("request", "added", FINE)]
    );
    assert_eq!(
        operation(&none, &body(true)),
        [line("request", "added", BREAKS)]
    );
    assert_eq!(
        operation(&body(false), &none),
        [line("request", "removed", BREAKS)]
    );
    assert_eq!(
        operation(&body(false), &body(true)),
        [line("request", "optional → required", BREAKS)]
    );
    let csv = json!({ "requestBody": { "content": { "text/csv": {} } } });
    assert_eq!(
        operation(&body(false), &csv),
        [
            line("request application/json", "removed", BREAKS),
            line("request text/csv", "added", FINE)
        ]
    );
}

#[test]
fn statuses_come_and_go() {
    let with = |statuses: &[&str]| {
        let response = |status: &&str| ((*status).to_owned(), json!({ "description": "" }));
        json!({ "responses": statuses.iter().map(response).collect::<serde_json::Map<_, _>>() })
    };
    let told = |before: &[&str], after: &[&str]| operation(&with(before), &with(after));
    assert_eq!(
        told(&["200", "202"], &["200"]),
        [line("response 202", "removed", BREAKS)]
    );
    assert_eq!(
        told(&["200"], &["200", "202"]),
        [line("response 202", "added", FINE)]
    );
    assert_eq!(
        told(&["200", "404"], &["200"]),
        [line("response 404", "removed", FINE)]
    );
    assert_eq!(
        told(&["200"], &["200", "404"]),
        [line("response 404", "added", FINE)]
    );
    let (before, mut after) = (response(&json!({})), response(&json!({})));
    after["responses"]["202"] = json!({ "description": "" });
    assert_eq!(
        operation(&before, &after),
        [line("response 202", "added", BREAKS)]
    );
}

#[test]
fn headers_of_responses_are_compared() {
    let with = |headers: Value| json!({ "responses": { "429": { "description": "", "headers": headers } } });
    let header = |kind: &str| with(json!({ "Retry-After": { "schema": { "type": kind } } }));
    let place = "response 429 header retry-after";
    assert_eq!(
        operation(&with(json!({})), &header("integer")),
        [line(place, "added, optional integer", FINE)]
    );
    assert_eq!(
        operation(&header("integer"), &with(json!({}))),
        [line(place, "removed, optional integer", BREAKS)]
    );
    assert_eq!(
        operation(&header("integer"), &header("string")),
        [line(place, "type integer → string", BREAKS)]
    );
}

#[test]
fn deprecation_security_and_servers_concern_the_operation() {
    let (none, old) = (json!({}), json!({ "deprecated": true }));
    assert_eq!(
        operation(&none, &old),
        [line("operation", "is deprecated now", FINE)]
    );
    let secured = json!({ "security": [{ "bearer": [] }] });
    let changes = operation(&none, &secured);
    assert_eq!(
        changes,
        [line("security", r#"[] → [{"bearer":[]}]"#, BREAKS)]
    );
    let before = document(&none, &json!({}));
    let mut after = before.clone();
    after["servers"] = json!([{ "url": "https://other.example" }]);
    let changes = told(&compared(&before, &after));
    assert_eq!(
        changes,
        [line(
            "servers",
            r#"[] → [{"url":"https://other.example"}]"#,
            BREAKS
        )]
    );
}

fn tagged(operations: &[(&str, &str)]) -> Value {
    let mut document = json!({ "openapi": "3.1.0", "info": {}, "paths": {} });
    for (path, tag) in operations {
        document["paths"][path] = json!({ "get": { "tags": [tag] } });
    }
    document
}

#[test]
fn missing_ones_break_and_new_ones_under_our_tags_are_news() {
    let before = tagged(&[("/a", "ours"), ("/b", "ours"), ("/e", "ours")]);
    let after = tagged(&[("/a", "ours"), ("/c", "ours"), ("/d", "theirs")]);
    let keys = [key("GET /a"), key("GET /b"), key("GET /e")];
    let changes = changes(&cut(&before, &keys).unwrap(), &after, &keys).unwrap();
    assert_eq!(
        told(&changes),
        [
            line("operation", "removed", BREAKS),
            line("operation", "removed", BREAKS),
            line("operation", "added", FINE)
        ]
    );
    assert_eq!(changes[0].operations, [key("GET /b")].into());
    assert_eq!(changes[1].operations, [key("GET /e")].into());
    assert_eq!(changes[2].operations, [key("GET /c")].into());
}

#[test]
fn one_that_is_named_but_not_pulled_yet_is_news() {
    let document = tagged(&[("/a", "ours"), ("/d", "theirs")]);
    let ours = cut(&document, &[key("GET /a")]).unwrap();
    let changes = changes(&ours, &document, &[key("GET /a"), key("GET /d")]).unwrap();
    assert_eq!(told(&changes), [line("operation", "added", FINE)]);
}

#[test]
fn a_reference_that_leads_nowhere_is_an_error() {
    let before = document(&json!({}), &json!({}));
    let after = document(
        &response(&json!({ "$ref": "#/components/schemas/Gone" })),
        &json!({}),
    );
    let ours = cut(&before, &[key("POST /things")]).unwrap();
    let error = changes(&ours, &after, &[key("POST /things")]).unwrap_err();
    assert!(
        format!("{error:#}").contains("#/components/schemas/Gone"),
        "{error:#}"
    );
}
