//! What a schema of metadata refuses, and in which words.

use super::*;

fn compile(schema: Value) -> Result<MetadataSchema, String> {
    MetadataSchema::compile(schema, &mut Budget::new())
}

fn told_of(schema: Value, metadata: &Value) -> Vec<(String, String, String)> {
    let compiled = compile(schema).unwrap();
    let found = compiled.check(metadata.as_object(), "/metadata", "#/m", 100);
    found
        .into_iter()
        .map(|one| (one.instance_path, one.schema_path, one.message))
        .collect()
}

#[test]
fn mismatches_are_told_as_ajv_tells_them() {
    let schema = json!({
        "type": "object",
        "required": ["role"],
        "additionalProperties": false,
        "properties": {
            "role": { "enum": ["admin", "user"] },
            "age": { "type": ["integer", "null"], "minimum": 1 },
            "mail": { "type": "string", "format": "email", "maxLength": 12 },
        },
    });
    let metadata = json!({ "age": 0, "mail": "nobody", "x": 1, "y": 2 });
    let mut told = told_of(schema.clone(), &metadata);
    told.sort();
    let expected = [
        (
            "/metadata",
            "#/m/additionalProperties",
            "must NOT have additional properties",
        ),
        (
            "/metadata",
            "#/m/additionalProperties",
            "must NOT have additional properties",
        ),
        (
            "/metadata",
            "#/m/required",
            "must have required property 'role'",
        ),
        (
            "/metadata/age",
            "#/m/properties/age/minimum",
            "must be >= 1",
        ),
        (
            "/metadata/mail",
            "#/m/properties/mail/format",
            "must match format \"email\"",
        ),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(told, expected);
    assert!(told_of(schema.clone(), &json!({ "role": "admin" })).is_empty());
    assert_eq!(
        told_of(schema, &json!(null)).len(),
        1,
        "nothing counts as empty"
    );
}

#[test]
fn what_is_no_schema_or_costs_too_much_is_refused() {
    let chain = |links: usize| {
        let mut definitions = Map::new();
        for link in 0..links {
            let next = json!({ "$ref": format!("#/definitions/{}", link + 1) });
            definitions.insert(
                link.to_string(),
                json!({ "allOf": [next, next, next, next] }),
            );
        }
        definitions.insert(links.to_string(), json!({}));
        json!({ "definitions": definitions, "$ref": "#/definitions/0" })
    };
    let mut deep = json!({});
    for _ in 0..40 {
        deep = json!({ "not": deep });
    }
    let patterns: Vec<_> = (0..33).map(|_| json!({ "pattern": "a" })).collect();
    for (schema, reason) in [
        (json!({ "type": "strin" }), "is not a valid JSON Schema"),
        (json!({ "properties": [] }), "is not a valid JSON Schema"),
        (json!({ "pattern": "(" }), "is not a valid JSON Schema"),
        (json!({ "pattern": "(?=a)" }), "is not a valid JSON Schema"),
        (
            json!({ "pattern": r"(\w{500}){500}" }),
            "is not a valid JSON Schema",
        ),
        (
            json!({ "$schema": "https://example.com/own" }),
            "is not a valid JSON Schema",
        ),
        (
            json!({ "$ref": "https://example.com/x" }),
            "refers to something",
        ),
        (json!({ "$ref": "#/definitions/x" }), "refers to something"),
        (json!({ "$ref": "#" }), "refers to itself"),
        (json!({ "not": { "$ref": "#" } }), "refers to itself"),
        (json!({ "$id": "https://example.com/x" }), "has $id"),
        (chain(7), "is too large"),
        (deep, "is nested more deeply"),
        (json!({ "allOf": patterns }), "has more than 32 patterns"),
    ] {
        let problem = compile(schema.clone()).unwrap_err();
        assert!(problem.starts_with(reason), "{schema}: {problem}");
    }
}

#[test]
fn references_within_and_newer_drafts_are_good() {
    for schema in [
        json!({ "definitions": { "t": { "type": "string" } }, "additionalProperties": { "$ref": "#/definitions/t" } }),
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": { "t": { "type": "string" } }, "additionalProperties": { "$ref": "#/$defs/t" } }),
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", "patternProperties": { "^a": { "type": "string" } } }),
    ] {
        let compiled = compile(schema).unwrap();
        let check = |metadata: Value| compiled.check(metadata.as_object(), "", "#", 9).len();
        assert_eq!(check(json!({ "a": "x" })), 0);
        assert_eq!(check(json!({ "a": 1 })), 1);
    }
}
