use serde_json::json;

use super::*;

fn one(schema: Value) -> Value {
    of_request(json!({ "a": schema })).0["a"].clone()
}

#[test]
fn an_optional_list_or_map_can_be_sent_empty() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    assert_eq!(
        one(list),
        json!({ "type": "array", "items": { "type": "string" }, "nullable": true })
    );
    let map = json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } });
    let expected =
        json!({ "type": "object", "additionalProperties": { "type": "string" }, "nullable": true });
    assert_eq!(one(map), expected);
}

#[test]
fn an_optional_scalar_is_left_out_rather_than_null() {
    assert_eq!(
        one(json!({ "type": ["string", "null"], "description": "d" })),
        json!({ "type": "string", "description": "d" })
    );
    assert_eq!(
        one(json!({ "type": "integer" })),
        json!({ "type": "integer" })
    );
}

#[test]
fn what_is_required_keeps_its_null() {
    let members = json!({ "a": { "type": ["string", "null"] }, "b": { "type": "array", "items": { "type": "string" } } });
    let thing_schema = json!({ "type": "object", "properties": members, "required": ["a", "b"] });
    let schemas = components(&document(taking(thing()), json!({ "Thing": thing_schema })));
    let members = json!({
        "a": { "type": "string", "nullable": true },
        "b": { "type": "array", "items": { "type": "string" } },
    });
    assert_eq!(
        schemas["Thing"],
        json!({ "type": "object", "properties": members, "required": ["a", "b"] })
    );
}

#[test]
fn what_null_clears_has_a_type_that_can_say_null() {
    for (schema, name, inner) in [
        (
            json!({ "type": ["string", "null"] }),
            "NullableString",
            json!({ "type": "string" }),
        ),
        (
            json!({ "type": "boolean" }),
            "NullableBoolean",
            json!({ "type": "boolean" }),
        ),
        (
            json!({ "type": "integer" }),
            "NullableInteger",
            json!({ "type": "integer" }),
        ),
        (
            json!({ "type": "string", "format": "date-time" }),
            "NullableTimestamp",
            json!({ "type": "string", "format": "date-time" }),
        ),
        (
            json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } }),
            "NullableMetadata",
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        ),
        (
            json!({ "type": "object" }),
            "NullableObject",
            json!({ "type": "object", "additionalProperties": true }),
        ),
        (
            json!({ "type": "array", "items": { "type": "string" } }),
            "NullableStringList",
            json!({ "type": "array", "items": { "type": "string" } }),
        ),
        (
            json!({ "type": "string", "enum": ["x"], "title": "State", "description": "A state." }),
            "NullableState",
            json!({ "allOf": [{ "$ref": "#/components/schemas/State" }] }),
        ),
    ] {
        let mut schema = schema;
        schema["x-clears-on-null"] = true.into();
        schema["description"] = "Ours.".into();
        let (members, schemas) = of_request(json!({ "a": schema }));
        let expected = json!({ "allOf": [{ "$ref": format!("#/components/schemas/{name}") }], "description": "Ours." });
        assert_eq!(members["a"], expected);
        let mut expected = inner;
        expected["nullable"] = true.into();
        expected["description"] = format!(
            "`{}`, or an explicit `null` that clears it.",
            &name["Nullable".len()..]
        )
        .into();
        assert_eq!(schemas[name], expected);
    }
}

#[test]
fn what_null_clears_needs_a_name() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "integer" }, "x-clears-on-null": true });
    let thing_schema = json!({ "type": "object", "properties": { "a": map } });
    assert_eq!(
        complaints(&document(taking(thing()), json!({ "Thing": thing_schema }))),
        ["schema Thing.a: no name for this type with null"]
    );
}
