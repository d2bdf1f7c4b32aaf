use serde_json::json;

use super::*;

/// The lowered `POST /things`.
#[track_caller]
fn lowered(operation: Value) -> Value {
    let portal = document(
        operation,
        json!({ "Thing": { "type": "object", "properties": { "a": { "type": "string" } } } }),
    );
    lower(&portal).unwrap()["paths"]["/things"]["post"].clone()
}

fn parameter(place: &str, schema: Value) -> Value {
    json!({ "parameters": [{ "name": "p", "in": place, "description": "d", "schema": schema }] })
}

fn schema_of(operation: Value) -> Value {
    lowered(operation)["parameters"][0]["schema"].clone()
}

#[test]
fn names_and_words_are_kept_and_the_rest_is_not() {
    let operation = lowered(json!({
        "operationId": "make_thing", "summary": "s", "description": "d", "tags": ["t"], "deprecated": true, "x-own": 1,
    }));
    let error = |words: &str| {
        let schema = json!({ "$ref": "#/components/schemas/ApiError" });
        json!({ "description": words, "content": { "application/json": { "schema": schema } } })
    };
    assert_eq!(
        operation,
        json!({
            "operationId": "make_thing", "summary": "s", "description": "d", "tags": ["t"], "deprecated": true,
            "responses": {
                "2XX": { "description": "Done." },
                "4XX": error("WorkOS refused the request."),
                "5XX": error("WorkOS could not answer."),
            },
        })
    );
}

#[test]
fn ids_in_paths_are_segments() {
    let id = parameter("path", json!({ "type": "string" }));
    assert_eq!(
        schema_of(id),
        json!({ "$ref": "#/components/schemas/PathSegment" })
    );
}

#[test]
fn arrays_in_queries_are_separated_by_commas() {
    let list = |style: &str, explode: bool| {
        let mut operation = parameter(
            "query",
            json!({ "type": "array", "items": { "type": "string" } }),
        );
        operation["parameters"][0]["style"] = style.into();
        operation["parameters"][0]["explode"] = explode.into();
        operation
    };
    assert_eq!(
        schema_of(list("form", false)),
        json!({ "$ref": "#/components/schemas/CommaSeparated" })
    );
    for other in [
        list("form", true),
        list("pipeDelimited", false),
        parameter("query", json!({ "type": "array" })),
    ] {
        assert_eq!(
            complaints(&document(other, json!({}))),
            [
                "POST /things, parameter `p`: an array that is not comma-separated cannot be expressed"
            ]
        );
    }
}

#[test]
fn lists_and_objects_elsewhere_in_parameters_cannot_be_expressed() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let nullable = json!({ "type": ["array", "null"], "items": { "type": "string" } });
    for other in [
        parameter("header", list),
        parameter("query", nullable),
        parameter("query", json!({ "type": "object" })),
    ] {
        assert_eq!(
            complaints(&document(other, json!({}))),
            ["POST /things, parameter `p`: a list or an object cannot be expressed here"]
        );
    }
    assert_eq!(
        complaints(&document(
            parameter("cookie", json!({ "type": "string" })),
            json!({})
        )),
        ["POST /things, parameter `p`: only path, query and header parameters can be expressed"]
    );
}

#[test]
fn numbers_in_queries_are_easy_to_make() {
    let limit = parameter(
        "query",
        json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 10 }),
    );
    assert_eq!(
        schema_of(limit),
        json!({ "type": "integer", "format": "uint32", "minimum": 0 })
    );
}

#[test]
fn other_parameters_are_lowered_as_schemas() {
    let order =
        json!({ "type": "string", "enum": ["asc", "desc"], "title": "Order", "description": "d" });
    let mut operation = parameter("query", order);
    operation["parameters"][0]["required"] = true.into();
    operation["parameters"][0]["deprecated"] = true.into();
    let to_order =
        json!({ "allOf": [{ "$ref": "#/components/schemas/Order" }], "description": "d" });
    assert_eq!(
        lowered(operation)["parameters"],
        json!([{ "name": "p", "in": "query", "description": "d", "required": true, "deprecated": true, "schema": to_order }])
    );
    let header = parameter("header", json!({ "type": "string", "maxLength": 9 }));
    assert_eq!(schema_of(header), json!({ "type": "string" }));
}

#[test]
fn parameters_of_a_path_belong_to_each_of_its_operations() {
    let mut portal = document(json!({}), json!({}));
    portal["components"]["parameters"]["P"] =
        parameter("query", json!({ "type": "string" }))["parameters"][0].clone();
    portal["paths"]["/things"]["parameters"] = json!([{ "$ref": "#/components/parameters/P" }]);
    let lowered = lower(&portal).unwrap();
    assert_eq!(
        lowered["paths"]["/things"],
        json!({ "post": lowered["paths"]["/things"]["post"] }),
        "nothing beside the operation"
    );
    assert_eq!(
        lowered["paths"]["/things"]["post"]["parameters"],
        json!([{ "name": "p", "in": "query", "description": "d", "schema": { "type": "string" } }])
    );
}

#[test]
fn a_body_is_json() {
    assert_eq!(
        lowered(taking(thing()))["requestBody"],
        json!({ "description": "A thing.", "required": true, "content": { "application/json": { "schema": thing() } } })
    );
    let two = json!({ "application/json": { "schema": thing() }, "text/csv": { "schema": { "type": "string" } } });
    let portal = document(
        json!({ "requestBody": { "description": "d", "content": two } }),
        json!({ "Thing": { "type": "object", "properties": {} } }),
    );
    assert_eq!(
        complaints(&portal),
        ["POST /things, request body: only a JSON body can be expressed"]
    );
}

#[test]
fn successes_with_one_body_are_one_success() {
    let mut operation = answering(thing());
    operation["responses"]["201"] = operation["responses"]["200"].clone();
    operation["responses"]["404"] =
        json!({ "description": "Gone.", "content": { "text/plain": {} } });
    let responses = &lowered(operation)["responses"];
    let content = json!({ "application/json": { "schema": thing() } });
    assert_eq!(
        responses["2XX"],
        json!({ "description": "A thing.", "content": content })
    );
    let statuses: Vec<_> = responses.as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["2XX", "4XX", "5XX"]);
}

#[test]
fn successes_with_different_bodies_are_named() {
    let mut operation = answering(json!({ "type": "string" }));
    operation["responses"]["204"] = json!({ "description": "Nothing." });
    assert_eq!(
        complaints(&document(operation, json!({}))),
        ["POST /things: 2 different success bodies; one can be expressed"]
    );
    let portal = document(
        json!({ "responses": { "404": {}, "default": {} } }),
        json!({}),
    );
    assert_eq!(
        complaints(&portal),
        [
            "POST /things: status default cannot be expressed",
            "POST /things: 0 different success bodies; one can be expressed",
        ]
    );
}
