#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are written where they are used"
)]

use serde_json::{Value, json};

use super::lower;

mod events;
mod guards;
mod operations;
mod properties;
mod requests;
mod schemas;

/// A document with one operation, `POST /things`, and a success without a body unless it says otherwise.
fn document(operation: Value, schemas: Value) -> Value {
    let mut whole = json!({ "responses": { "204": { "description": "Done." } } });
    for (member, value) in operation.as_object().unwrap() {
        whole[member] = value.clone();
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "T", "version": "1" },
        "servers": [],
        "security": [],
        "paths": { "/things": { "post": whole } },
        "components": { "schemas": schemas, "securitySchemes": {} },
    })
}

fn answering(schema: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "responses": { "200": { "description": "A thing.", "content": content } } })
}

fn taking(schema: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "requestBody": { "description": "A thing.", "required": true, "content": content } })
}

fn thing() -> Value {
    json!({ "$ref": "#/components/schemas/Thing" })
}

/// The lowered component schemas of a document.
#[track_caller]
fn components(document: &Value) -> Value {
    lower(document).unwrap()["components"]["schemas"].clone()
}

/// What the members of a response become, and every component.
#[track_caller]
fn of_response(members: Value) -> (Value, Value) {
    let thing_schema = json!({ "type": "object", "properties": members });
    let schemas = components(&document(
        answering(thing()),
        json!({ "Thing": thing_schema }),
    ));
    (schemas["Thing"]["properties"].clone(), schemas)
}

/// What the members of a request become, and every component.
#[track_caller]
fn of_request(members: Value) -> (Value, Value) {
    let thing_schema = json!({ "type": "object", "properties": members });
    let schemas = components(&document(taking(thing()), json!({ "Thing": thing_schema })));
    (schemas["Thing"]["properties"].clone(), schemas)
}

/// Everything that lowering complains about.
#[track_caller]
fn complaints(document: &Value) -> Vec<String> {
    let error = lower(document).unwrap_err().to_string();
    error.lines().map(str::to_owned).collect()
}

/// What lowering complains about one member `a` of a response.
#[track_caller]
fn complaints_about(member: Value) -> Vec<String> {
    let thing_schema = json!({ "type": "object", "properties": { "a": member } });
    complaints(&document(
        answering(thing()),
        json!({ "Thing": thing_schema }),
    ))
}

#[test]
fn the_frame_is_that_of_an_openapi_3_0_document() {
    let mut portal = document(json!({}), json!({}));
    portal["security"] = json!([{ "bearer": [] }]);
    portal["servers"] = json!([{ "url": "https://api.example" }]);
    portal["components"]["securitySchemes"] =
        json!({ "bearer": { "type": "http", "scheme": "bearer" } });
    let client = lower(&portal).unwrap();
    assert_eq!(client["openapi"], "3.0.3");
    for member in ["info", "servers", "security"] {
        assert_eq!(client[member], portal[member]);
    }
    let schemes = &portal["components"]["securitySchemes"];
    assert_eq!(client["components"]["securitySchemes"], *schemes);
    let names: Vec<_> = client["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        names,
        [
            "ApiError",
            "ApiErrorDetail",
            "CommaSeparated",
            "PathSegment",
            "SecretString"
        ]
    );
}
