//! Reading schemas: references, combinations, members.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// References followed from one schema before giving up on it. Only a document that refers in a circle gets this far.
const MAX_HOPS: usize = 16;

/// A schema, its references' targets and the branches of its combinations: everything that may speak about one place.
pub(super) fn expand<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let mut schemas = Vec::new();
    push(document, schema, MAX_HOPS, &mut schemas);
    schemas
}

fn push<'d>(document: &'d Value, schema: &'d Value, hops: usize, into: &mut Vec<&'d Value>) {
    if hops == 0 {
        return;
    }
    into.push(schema);
    if let Some(target) = schema["$ref"]
        .as_str()
        .and_then(|reference| follow(document, reference))
    {
        push(document, target, hops - 1, into);
    }
    for combination in ["allOf", "anyOf", "oneOf"] {
        for branch in schema[combination].as_array().into_iter().flatten() {
            push(document, branch, hops - 1, into);
        }
    }
}

/// The target of a reference into the document.
pub(super) fn follow<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    let (_, fragment) = reference.split_once('#')?;
    document.pointer(&percent_decode_str(fragment).decode_utf8().ok()?)
}

/// The declared members of an object that `schemas` describe, in the document's order.
pub(super) fn properties<'d>(
    schemas: &[&'d Value],
) -> impl Iterator<Item = (&'d String, &'d Value)> {
    schemas
        .iter()
        .filter_map(|schema| schema["properties"].as_object())
        .flat_map(Map::iter)
        .collect::<Vec<_>>()
        .into_iter()
}

/// One declared member with its position among its siblings.
pub(super) fn property<'d>(schemas: &[&'d Value], name: &str) -> Option<(usize, &'d Value)> {
    schemas.iter().find_map(|schema| {
        let members = schema["properties"].as_object()?;
        let member = members.get(name)?;
        Some((members.keys().position(|key| key == name)?, member))
    })
}

/// The schema of members that are not declared by name.
pub(super) fn other_members<'d>(schemas: &[&'d Value]) -> Option<&'d Value> {
    schemas.iter().find_map(|schema| {
        let patterns = schema["patternProperties"].as_object();
        patterns
            .and_then(|patterns| patterns.values().next())
            .or_else(|| schema.get("additionalProperties"))
    })
}

/// The schema of an array's items.
pub(super) fn items<'d>(schemas: &[&'d Value]) -> Option<&'d Value> {
    schemas.iter().find_map(|schema| schema.get("items"))
}

/// Whether one of `schemas` names `kind` as a type.
pub(super) fn allows(schemas: &[&Value], kind: &str) -> bool {
    schemas.iter().any(|schema| match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    })
}

/// Whether one of `schemas` requires the member `name`.
pub(super) fn requires(schemas: &[&Value], name: &str) -> bool {
    schemas.iter().any(|schema| {
        let required = schema["required"].as_array();
        required.is_some_and(|required| required.iter().any(|member| member == name))
    })
}

/// Whether one of `schemas` has the extension or annotation `keyword` set to `true`.
pub(super) fn marked(schemas: &[&Value], keyword: &str) -> bool {
    schemas.iter().any(|schema| schema[keyword] == true)
}
