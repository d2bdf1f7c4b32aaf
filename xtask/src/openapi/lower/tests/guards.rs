use serde_json::json;

use super::super::guards;
use super::*;

/// What the guards say of a lowered document with these component schemas.
fn said(schemas: Value) -> Vec<String> {
    let mut problems = Vec::new();
    guards::check(
        &json!({ "paths": {}, "components": { "schemas": schemas } }),
        &mut problems,
    );
    problems
}

fn said_of_member(member: Value) -> Vec<String> {
    said(json!({ "Thing": { "type": "object", "properties": { "a": member } } }))
}

#[test]
fn nothing_is_said_of_a_sound_document() {
    let schemas = json!({
        "Thing": { "type": "object", "properties": { "state": { "allOf": [{ "$ref": "#/components/schemas/State" }], "nullable": true } } },
        "State": { "type": "string", "enum": ["on", "off"] },
    });
    assert_eq!(said(schemas), Vec::<String>::new());
}

#[test]
fn a_reference_has_to_lead_somewhere() {
    let portal = document(answering(thing()), json!({}));
    let mut problems = Vec::new();
    guards::check(&portal, &mut problems);
    assert_eq!(
        problems,
        ["`$ref` #/components/schemas/Thing leads nowhere"]
    );
}

#[test]
fn names_of_types_are_distinct_and_in_pascal_case() {
    let text = json!({ "type": "string" });
    assert_eq!(
        said(json!({ "FooBar": text, "Foobar": text })),
        ["schemas FooBar and Foobar would become one type"]
    );
    assert_eq!(
        said(json!({ "foo": text })),
        ["schema foo: the name is not in PascalCase"]
    );
    assert_eq!(
        said(json!({ "Foo_Bar": text })),
        ["schema Foo_Bar: the name is not in PascalCase"]
    );
}

#[test]
fn values_have_to_become_variants() {
    let of = |values: Value| said(json!({ "E": { "type": "string", "enum": values } }));
    assert_eq!(of(json!([])), ["schema E: an enum without values"]);
    assert_eq!(of(json!([1])), ["schema E: an enum value that is no text"]);
    assert_eq!(
        of(json!(["a.b_c", "a_b.c"])),
        ["schema E: `a.b_c` and `a_b.c` would become one variant"]
    );
    assert_eq!(
        of(json!(["unknown"])),
        ["schema E: `unknown` cannot be a variant"]
    );
    assert_eq!(of(json!(["?"])), ["schema E: `?` cannot be a variant"]);
    assert_eq!(of(json!(["2fa"])), ["schema E: `2fa` cannot be a variant"]);
    assert_eq!(
        of(json!(["1_MONTH", "Month1"])),
        ["schema E: `1_MONTH` and `Month1` would become one variant"]
    );
    assert_eq!(
        of(json!(["GitHubOAuth", "GithubOAuth"])),
        Vec::<String>::new()
    );
}

#[test]
fn types_without_a_name_are_not_left() {
    assert_eq!(
        said_of_member(json!({ "type": "string", "enum": ["a"] })),
        ["Thing.a: an unnamed type is left"]
    );
    assert_eq!(
        said_of_member(json!({ "oneOf": [] })),
        ["Thing.a: an unnamed type is left"]
    );
    let object = json!({ "type": "object", "properties": {} });
    assert_eq!(
        said_of_member(object),
        ["Thing.a: `properties` is left in an inline schema"]
    );
    let deep = json!({ "type": "array", "items": { "additionalProperties": { "enum": [] } } });
    assert_eq!(
        said_of_member(deep),
        ["Thing.a[][]: an unnamed type is left"]
    );
}

#[test]
fn keywords_that_would_be_lost_are_not_left() {
    assert_eq!(
        said_of_member(json!({ "const": "a" })),
        ["Thing.a: `const` is left in an inline schema"]
    );
    assert_eq!(
        said_of_member(json!({ "type": ["string", "null"] })),
        ["Thing.a: a list of types is left"]
    );
    assert_eq!(said_of_member(json!(true)), ["Thing.a: no schema"]);
}

#[test]
fn operations_are_guarded_too() {
    let object = json!({ "type": "object", "properties": {} });
    let mut operation = answering(object.clone());
    operation["requestBody"] = taking(object.clone())["requestBody"].clone();
    operation["parameters"] = json!([{ "schema": object }]);
    let mut problems = Vec::new();
    guards::check(&document(operation, json!({})), &mut problems);
    let complaint = "POST /things: `properties` is left in an inline schema";
    assert_eq!(problems, [complaint, complaint, complaint]);
}

#[test]
fn a_schema_that_is_not_there_or_only_itself_is_an_error() {
    let missing = json!({ "$ref": "#/components/schemas/Missing" });
    assert_eq!(complaints_about(missing), ["schema Missing: is not there"]);
    let other = json!({ "$ref": "#/components/schemas/Other" });
    let document = document(
        answering(thing()),
        json!({ "Thing": other, "Other": thing() }),
    );
    assert_eq!(
        complaints(&document),
        [
            "schema Other: is nothing but a reference to itself",
            "schema Thing: is nothing but a reference to itself"
        ]
    );
}
