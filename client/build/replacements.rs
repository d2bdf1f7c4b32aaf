//! The components that hand-written types stand in for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::enums::components;
use crate::ids;

/// Component name to the path of the type that replaces it.
pub(crate) fn of(document: &Value) -> Result<BTreeMap<String, String>, String> {
    let mut replacements = BTreeMap::new();
    for (name, schema) in components(document) {
        let path = match name.as_str() {
            "CommaSeparated" => "crate::CommaSeparated".to_owned(),
            "PathSegment" => "crate::PathSegment".to_owned(),
            "SecretString" => "crate::Secret".to_owned(),
            "Event" => "crate::types::Event".to_owned(),
            id if ids::names().any(|name| name == id) => format!("crate::{id}"),
            _ if schema.get("enum").is_some() => format!("crate::types::{name}"),
            _ if name.starts_with("Nullable") => {
                let inner =
                    rust_type(schema).ok_or(format!("{name}: no Rust type for {schema}"))?;
                format!("crate::Nullable<{inner}>")
            }
            _ => continue,
        };
        replacements.insert(name.clone(), path);
    }
    Ok(replacements)
}

/// The Rust type of a simple schema, its own nullability aside.
pub(crate) fn rust_type(schema: &Value) -> Option<String> {
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return rust_type(only);
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/components/schemas/")?;
        let module = if ids::names().any(|id| id == name) {
            "crate"
        } else {
            "crate::types"
        };
        return Some(format!("{module}::{name}"));
    }
    Some(match schema["type"].as_str()? {
        "string" if schema["format"] == "date-time" => "::chrono::DateTime<::chrono::Utc>".into(),
        "string" => "::std::string::String".into(),
        "boolean" => "bool".into(),
        "integer" if schema["format"] == "uint32" => "u32".into(),
        "integer" => "i64".into(),
        "number" => "f64".into(),
        "array" => format!("::std::vec::Vec<{}>", rust_type(&schema["items"])?),
        "object" => {
            let values = rust_type(&schema["additionalProperties"])?;
            format!("::std::collections::BTreeMap<::std::string::String, {values}>")
        }
        _ => return None,
    })
}
