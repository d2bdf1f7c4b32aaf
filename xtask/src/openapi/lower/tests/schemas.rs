use serde_json::json;

use super::*;

fn one(schema: Value) -> Value {
    of_response(json!({ "a": schema })).0["a"].clone()
}

#[test]
fn scalars_keep_their_type_and_lose_their_limits() {
    for kind in ["string", "boolean", "integer", "number"] {
        assert_eq!(one(json!({ "type": kind })), json!({ "type": kind }));
    }
    let limited = json!({ "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a", "format": "email" });
    assert_eq!(one(limited), json!({ "type": "string" }));
    let date = json!({ "type": "string", "format": "date-time", "description": "When.", "deprecated": true });
    assert_eq!(one(date.clone()), date);
}

#[test]
fn a_secret_is_a_type_that_does_not_print() {
    let secret = json!({ "type": "string", "format": "password" });
    assert_eq!(
        one(secret),
        json!({ "$ref": "#/components/schemas/SecretString" })
    );
    let described = json!({ "type": "string", "format": "password", "description": "Hidden." });
    let expected = json!({ "allOf": [{ "$ref": "#/components/schemas/SecretString" }], "description": "Hidden." });
    assert_eq!(one(described), expected);
}

#[test]
fn null_becomes_a_flag_however_it_is_said() {
    let nullable = json!({ "type": "string", "nullable": true });
    for schema in [
        json!({ "type": ["string", "null"] }),
        json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "anyOf": [{ "type": ["string", "null"] }] }),
        json!({ "allOf": [{ "type": ["string", "null"] }] }),
    ] {
        assert_eq!(one(schema.clone()), nullable, "{schema}");
    }
}

#[test]
fn a_constant_is_a_default() {
    assert_eq!(
        one(json!({ "type": "string", "const": "thing" })),
        json!({ "type": "string", "default": "thing" })
    );
}

#[test]
fn an_inline_enum_is_named_by_its_title() {
    let (members, schemas) = of_response(json!({
        "a": { "type": ["string", "null"], "enum": ["on", "off", null], "title": "State", "description": "What it does." },
    }));
    let to_state = json!({ "$ref": "#/components/schemas/State" });
    assert_eq!(
        members["a"],
        json!({ "allOf": [to_state], "nullable": true, "description": "What it does." })
    );
    assert_eq!(
        schemas["State"],
        json!({ "type": "string", "enum": ["on", "off"], "description": "What it does." })
    );
}

#[test]
fn enums_of_one_title_are_united() {
    let state = |values: Value| json!({ "type": "string", "enum": values, "title": "State", "description": "A state." });
    let (_, schemas) =
        of_response(json!({ "a": state(json!(["x", "y"])), "b": state(json!(["y", "z"])) }));
    assert_eq!(schemas["State"]["enum"], json!(["x", "y", "z"]));
}

#[test]
fn an_inline_object_is_named_by_its_title() {
    let inner = |kind: &str| {
        json!({
            "type": "object", "title": "Inner", "description": "Within.",
            "properties": { "b": { "type": kind } }, "required": ["b"],
        })
    };
    let (members, schemas) =
        of_response(json!({ "a": { "type": "array", "items": inner("string") } }));
    let items =
        json!({ "allOf": [{ "$ref": "#/components/schemas/Inner" }], "description": "Within." });
    assert_eq!(members["a"], json!({ "type": "array", "items": items }));
    let properties = json!({ "b": { "type": "string" } });
    let expected = json!({ "type": "object", "properties": properties, "required": ["b"], "description": "Within." });
    assert_eq!(schemas["Inner"], expected);
    let twice =
        json!({ "type": "object", "properties": { "a": inner("string"), "b": inner("integer") } });
    assert_eq!(
        complaints(&document(answering(thing()), json!({ "Thing": twice }))),
        ["schema Thing.b: `Inner` already names something else"]
    );
}

#[test]
fn what_has_no_name_is_named_in_the_complaint() {
    let object = json!({ "type": "object", "description": "d", "properties": { "b": { "type": "string" } } });
    assert_eq!(
        complaints_about(object),
        ["schema Thing.a: an inline type needs a `title` to be named by"]
    );
    let undescribed = json!({ "type": "string", "enum": ["x"], "title": "X" });
    assert_eq!(
        complaints_about(undescribed),
        ["schema Thing.a: an inline type needs a description"]
    );
}

#[test]
fn a_reference_keeps_its_description_and_its_null() {
    let schemas = |a: Value| {
        let thing_schema = json!({ "type": "object", "properties": { "a": a } });
        let part = json!({ "type": "object", "properties": { "b": { "type": "string" } } });
        components(&document(
            answering(thing()),
            json!({ "Thing": thing_schema, "Part": part }),
        ))
    };
    let to_part = json!({ "$ref": "#/components/schemas/Part" });
    assert_eq!(
        schemas(to_part.clone())["Thing"]["properties"]["a"],
        to_part
    );
    let described = json!({ "$ref": "#/components/schemas/Part", "description": "d" });
    let expected = json!({ "allOf": [to_part], "description": "d" });
    assert_eq!(schemas(described)["Thing"]["properties"]["a"], expected);
    let nullable = json!({ "anyOf": [to_part, { "type": "null" }] });
    let expected = json!({ "allOf": [to_part], "nullable": true });
    assert_eq!(schemas(nullable)["Thing"]["properties"]["a"], expected);
}

#[test]
fn a_response_requires_what_is_never_null_nor_constant() {
    let thing_schema = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string" },
            "object": { "type": "string", "const": "thing" },
            "end": { "type": ["string", "null"] },
            "extra": { "type": "string" },
        },
        "required": ["object", "id", "end"],
    });
    let schemas = components(&document(
        answering(thing()),
        json!({ "Thing": thing_schema }),
    ));
    assert_eq!(schemas["Thing"]["required"], json!(["id"]));
}

#[test]
fn maps_keep_the_type_of_their_values() {
    let any = json!({ "type": "object", "additionalProperties": true });
    for schema in [
        json!({ "type": "object" }),
        json!({ "type": "object", "additionalProperties": {} }),
        json!({ "type": "object", "additionalProperties": true, "maxProperties": 50 }),
    ] {
        assert_eq!(one(schema), any);
    }
    let text = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    for schema in [
        json!({ "type": "object", "additionalProperties": { "type": "string", "maxLength": 9 }, "propertyNames": { "maxLength": 40 } }),
        json!({ "type": "object", "patternProperties": { "^a$": { "type": "string" } }, "additionalProperties": false }),
    ] {
        assert_eq!(one(schema), text);
    }
    let several = json!({ "type": "object", "patternProperties": { "^a$": {}, "^b$": {} }, "additionalProperties": false });
    assert_eq!(
        complaints_about(several),
        ["schema Thing.a: several patterns for member names cannot be expressed"]
    );
}

#[test]
fn members_with_and_without_names_do_not_mix() {
    let member = || json!({ "b": { "type": "string" } });
    for schema in [
        json!({ "type": "object", "title": "A", "description": "d", "properties": member(), "additionalProperties": { "type": "string" } }),
        json!({ "type": "object", "title": "A", "description": "d", "properties": member(), "patternProperties": { "^c$": { "type": "string" } } }),
    ] {
        assert_eq!(
            complaints_about(schema),
            ["schema Thing.a: members with and without names in one object cannot be expressed"]
        );
    }
}

#[test]
fn objects_joined_by_all_of_are_one_object() {
    let listing = json!({
        "allOf": [
            { "type": "object", "properties": { "object": { "const": "list" } }, "required": ["object"] },
            { "$ref": "#/components/schemas/Page" },
        ],
    });
    let page = json!({ "type": "object", "properties": { "after": { "type": "string" } }, "required": ["after"] });
    let schemas = components(&document(
        answering(thing()),
        json!({ "Thing": listing, "Page": page }),
    ));
    let properties =
        json!({ "object": { "type": "string", "default": "list" }, "after": { "type": "string" } });
    assert_eq!(
        schemas["Thing"],
        json!({ "type": "object", "properties": properties, "required": ["after"] })
    );
    let mixed = json!({ "allOf": [{ "type": "object", "properties": {} }, { "type": "string" }] });
    assert_eq!(
        complaints(&document(answering(thing()), json!({ "Thing": mixed }))),
        ["schema Thing: only objects can be joined by `allOf`"]
    );
}

#[test]
fn a_union_of_scalars_is_an_untagged_enum() {
    let union = json!({
        "title": "Any", "description": "One of three.",
        "anyOf": [{ "type": "string", "maxLength": 500 }, { "type": "number" }, { "type": "boolean" }],
    });
    let (members, schemas) =
        of_response(json!({ "a": { "type": "object", "additionalProperties": union } }));
    let to_any = json!({ "allOf": [{ "$ref": "#/components/schemas/Any" }], "description": "One of three." });
    assert_eq!(
        members["a"],
        json!({ "type": "object", "additionalProperties": to_any })
    );
    let kinds = json!([{ "type": "string" }, { "type": "number" }, { "type": "boolean" }]);
    assert_eq!(
        schemas["Any"],
        json!({ "oneOf": kinds, "description": "One of three." })
    );
    let objects = json!({ "title": "Any", "description": "d", "oneOf": [{ "type": "string" }, { "type": "object" }] });
    assert_eq!(
        complaints_about(objects),
        ["schema Thing.a: a union of anything but scalars cannot be expressed"]
    );
}

#[test]
fn what_cannot_be_expressed_is_named() {
    for (schema, complaint) in [
        (
            json!(true),
            "`true` and `false` cannot be expressed as a schema here",
        ),
        (json!({}), "a schema without a type cannot be expressed"),
        (
            json!({ "type": ["string", "integer"] }),
            "a schema without a type cannot be expressed",
        ),
        (
            json!({ "type": "string", "not": {} }),
            "unknown keyword `not`",
        ),
        (
            json!({ "const": 1 }),
            "a constant that is no text cannot be expressed",
        ),
    ] {
        assert_eq!(
            complaints_about(schema),
            [format!("schema Thing.a: {complaint}")]
        );
    }
}

#[test]
fn a_component_travels_one_way() {
    let part = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let mut both = answering(thing());
    both["requestBody"] = taking(thing())["requestBody"].clone();
    assert_eq!(
        complaints(&document(both.clone(), json!({ "Thing": part }))),
        ["schema Thing: is used in requests and in responses; give each its own"]
    );
    let list = json!({ "type": "string", "enum": ["a"] });
    assert_eq!(
        components(&document(both, json!({ "Thing": list })))["Thing"]["enum"],
        json!(["a"])
    );
}

#[test]
fn a_component_that_contains_itself_is_lowered_once() {
    let part = json!({ "type": "object", "properties": { "next": thing() } });
    let schemas = components(&document(answering(thing()), json!({ "Thing": part })));
    assert_eq!(schemas["Thing"]["properties"]["next"], thing());
}

#[test]
fn an_old_spelling_is_not_offered() {
    let (members, _) = of_request(
        json!({ "new": { "type": "string" }, "old": { "type": "string", "x-legacy": true } }),
    );
    assert_eq!(members, json!({ "new": { "type": "string" } }));
}

#[test]
fn a_schema_that_is_joined_with_itself_is_an_error() {
    let again = json!({ "allOf": [thing(), thing()], "title": "Again", "description": "D." });
    assert_eq!(
        complaints_about(again),
        ["schema Thing.a.a: `Thing` is joined with itself by `allOf`"]
    );
}
