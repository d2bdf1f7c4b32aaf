//! Closes a schema: every object in it refuses what it does not declare, however deep it lies.
//!
//! `unevaluatedProperties: false` belongs where an instance is described as a whole: at the top, and at every member and item.
//! In a branch of an `allOf` it would refuse what the other branches declare, and so it would at the root of a component, which
//! a `$ref` may use as such a branch. Both are closed from where they are used.

use serde_json::{Map, Value};

/// Where a schema stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// It describes an instance as a whole.
    Instance,
    /// It describes an instance together with the schemas around it.
    Branch,
}

/// Closes `schema` and everything in it.
pub(super) fn close(schema: &mut Value, position: Position) {
    let Value::Object(schema) = schema else {
        return;
    };
    for keyword in ["properties", "patternProperties"] {
        each_member(schema, keyword, Position::Instance);
    }
    for keyword in [
        "additionalProperties",
        "items",
        "contains",
        "unevaluatedItems",
    ] {
        if let Some(child) = schema.get_mut(keyword) {
            close(child, Position::Instance);
        }
    }
    each_item(schema, "prefixItems", Position::Instance);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        each_item(schema, keyword, Position::Branch);
    }
    for keyword in ["if", "then", "else"] {
        if let Some(child) = schema.get_mut(keyword) {
            close(child, Position::Branch);
        }
    }
    each_member(schema, "dependentSchemas", Position::Branch);
    if position == Position::Instance
        && describes_objects(schema)
        && !schema.contains_key("additionalProperties")
    {
        schema.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
}

fn each_member(schema: &mut Map<String, Value>, keyword: &str, position: Position) {
    if let Some(Value::Object(members)) = schema.get_mut(keyword) {
        for child in members.values_mut() {
            close(child, position);
        }
    }
}

fn each_item(schema: &mut Map<String, Value>, keyword: &str, position: Position) {
    if let Some(Value::Array(items)) = schema.get_mut(keyword) {
        for child in items {
            close(child, position);
        }
    }
}

/// Whether the schema says anything about objects. `{}` accepts whatever there is, and is left so.
fn describes_objects(schema: &Map<String, Value>) -> bool {
    let by_type = match schema.get("type") {
        Some(Value::String(name)) => name == "object",
        Some(Value::Array(names)) => names.iter().any(|name| name == "object"),
        _ => false,
    };
    by_type
        || [
            "properties",
            "patternProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "$ref",
        ]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}
