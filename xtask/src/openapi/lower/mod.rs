//! Lowering: `portal.json` (OpenAPI 3.1, honest) to `client.json` (3.0.3, what progenitor can carry).
//!
//! Each rule answers one limit of the generator, listed with the file it lives in:
//! - [`operations`]: one success and one error body per operation; comma-separated arrays and path segments get types.
//! - [`schemas`]: null, `const`, unions, patterns, limits; every inline type gets its `title` as a name.
//! - [`requests`]: which optional members can be sent as `null` or empty.
//! - [`events`]: one open envelope beside a list of typed payloads.
//! - [`guards`]: what must not be left, since the generator would get it wrong without a word.
//!
//! Whatever no rule can express is an error that names the place.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

mod events;
mod guards;
mod operations;
mod requests;
mod schemas;
#[cfg(test)]
mod tests;

use super::reference;

/// Which way a schema travels: requests and responses have different optional members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usage {
    Request,
    Response,
}

/// The document being built, and what could not be expressed in it.
struct Lowering<'a> {
    portal: &'a Value,
    components: Map<String, Value>,
    /// Which way each component travelled first.
    usages: std::collections::BTreeMap<String, Usage>,
    problems: Vec<String>,
    /// The components that are being joined by `allOf`, the outermost first.
    joining: Vec<String>,
}

/// Lowers a curated document.
///
/// # Errors
/// Names every place that no rule can express.
pub(crate) fn lower(portal: &Value) -> Result<Value> {
    let mut lowering = Lowering {
        portal,
        components: own_components(),
        usages: std::collections::BTreeMap::new(),
        problems: Vec::new(),
        joining: Vec::new(),
    };
    let paths = lowering.paths();
    let Lowering {
        components,
        mut problems,
        ..
    } = lowering;
    let mut client = json!({
        "openapi": "3.0.3",
        "info": portal["info"],
        "servers": portal["servers"],
        "paths": paths,
        "components": { "schemas": components, "securitySchemes": portal["components"]["securitySchemes"] },
        "security": portal["security"],
    });
    if problems.is_empty() {
        sort(&mut client);
        guards::check(&client, &mut problems);
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(client)
}

impl<'a> Lowering<'a> {
    fn problem(&mut self, place: &str, what: &str) {
        self.problems.push(format!("{place}: {what}"));
    }

    /// What a `$ref` leads to, or the value itself.
    fn resolve<'v>(&self, value: &'v Value) -> &'v Value
    where
        'a: 'v,
    {
        let target = value.get("$ref").and_then(Value::as_str);
        target
            .and_then(|target| self.portal.pointer(target.trim_start_matches('#')))
            .unwrap_or(value)
    }

    /// Lowers the component `name` once and answers a reference to it.
    fn component(&mut self, name: &str, usage: Usage) -> Value {
        let reference = to(name);
        match self.usages.get(name) {
            None => {
                self.usages.insert(name.to_owned(), usage);
                let place = format!("schema {name}");
                if self.portal["components"]["schemas"].get(name).is_none() {
                    // It would become a reference to itself.
                    self.problem(&place, "is not there");
                    return reference;
                }
                let schema = self
                    .resolve(&json!({ "$ref": format!("#/components/schemas/{name}") }).clone())
                    .clone();
                let lowered = match self.events(name, &schema) {
                    Some(envelope) => envelope,
                    None => self.schema(&schema, usage, &place),
                };
                self.define(name, lowered, &place);
            }
            // An enum or a map is the same both ways; an object's optional members are not.
            Some(first)
                if *first != usage
                    && self
                        .components
                        .get(name)
                        .is_some_and(|known| known.get("properties").is_some()) =>
            {
                self.problem(
                    &format!("schema {name}"),
                    "is used in requests and in responses; give each its own",
                );
            }
            Some(_) => {}
        }
        reference
    }

    /// Gives `schema` a name. The same name twice must mean the same thing; enums are united, for WorkOS's lists of
    /// one and the same enum differ from place to place.
    fn define(&mut self, name: &str, schema: Value, place: &str) {
        let Some(known) = self.components.get_mut(name) else {
            self.components.insert(name.to_owned(), schema);
            return;
        };
        if let (Some(values), Some(more)) = (
            known.get_mut("enum").and_then(Value::as_array_mut),
            schema["enum"].as_array(),
        ) {
            let added: Vec<_> = more
                .iter()
                .filter(|value| !values.contains(value))
                .cloned()
                .collect();
            values.extend(added);
        } else if undescribed(known) != undescribed(&schema) {
            self.problem(place, &format!("`{name}` already names something else"));
        }
    }
}

/// A reference to a lowered component.
fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What only the lowered document has: types that the client crate writes by hand, and the one error body.
fn own_components() -> Map<String, Value> {
    let own = json!({
        "ApiError": {
            "description": "What WorkOS says when it refuses a request. Every member is optional, for its shapes differ from operation to operation.",
            "type": "object",
            "properties": {
                "message": { "description": "What is wrong, for people.", "type": "string" },
                "code": { "description": "What is wrong, for programs: for example `entity_not_found`.", "type": "string" },
                "error": { "description": "The OAuth error code, where OAuth prescribes it.", "type": "string" },
                "error_description": { "description": "What is wrong, where OAuth prescribes it.", "type": "string" },
                "entity_id": { "description": "The id that was not found.", "type": "string" },
                "retry_after_seconds": { "description": "How long to wait before the next try, in seconds.", "type": "number" },
                "errors": {
                    "description": "What is wrong, part by part.",
                    "type": "array",
                    "items": to("ApiErrorDetail"),
                },
            },
        },
        "ApiErrorDetail": {
            "description": "One violated rule.",
            "type": "object",
            "properties": {
                "code": { "description": "The rule, for programs.", "type": "string" },
                "field": { "description": "The member it concerns, as a dotted path.", "type": "string" },
                "instancePath": { "description": "The member it concerns, as a JSON pointer.", "type": "string" },
                "message": { "description": "What is wrong, for people.", "type": "string" },
            },
        },
        "CommaSeparated": { "description": "Several values in one query parameter, separated by commas.", "type": "string" },
        "PathSegment": { "description": "One segment of a path: an id that cannot change which resource is addressed.", "type": "string" },
        "SecretString": { "description": "Text that is not to be printed.", "type": "string" },
    });
    match own {
        Value::Object(own) => own,
        _ => Map::new(),
    }
}

/// Orders components by name, so that one that moves in the source does not move here.
fn sort(client: &mut Value) {
    if let Some(schemas) = client["components"]["schemas"].as_object_mut() {
        schemas.sort_keys();
    }
}

/// `schema` without its prose, at every level.
fn undescribed(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(key, value)| *key != "description" || value.is_object())
            .map(|(key, value)| (key.clone(), undescribed(value)))
            .collect(),
        Value::Array(items) => items.iter().map(undescribed).collect(),
        other => other.clone(),
    }
}

/// The name of the component that `schema` refers to, alone or as `allOf` of one.
fn referred(schema: &Value) -> Option<&str> {
    reference::schema_name(schema).or_else(|| match schema["allOf"].as_array()?.as_slice() {
        [only] => reference::schema_name(only),
        _ => None,
    })
}
