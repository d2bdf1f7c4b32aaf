//! Where requests have values of enums, so that one this version does not know can be held back.

use std::fmt::Write;

use serde_json::Value;

use crate::operations::operations;

/// The source of the list of places: for each operation, which of its arguments are of which enum.
///
/// # Errors
/// Names an operation whose body has no end.
pub(crate) fn source(document: &Value) -> Result<String, String> {
    let mut source =
        String::from("pub(crate) const CHOICES: &[(&str, &[crate::choices::Choice])] = &[\n");
    for operation in operations(document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let mut places = Places {
            document,
            found: Vec::new(),
        };
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" {
                let name = parameter["name"].as_str().unwrap_or_default();
                places.look(&parameter["schema"], &mut vec!["?", name]);
            }
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        places.look(body, &mut Vec::new());
        if places.found.is_empty() {
            continue;
        }
        let _ = writeln!(source, "({id:?}, &[");
        for (path, name) in places.found {
            if path.len() > MAX_DEPTH {
                return Err(format!("{id}: the body has no end at {path:?}"));
            }
            let (query, path) = match path.split_first() {
                Some((first, rest)) if first == "?" => (true, rest.to_vec()),
                _ => (false, path),
            };
            let _ = writeln!(
                source,
                "crate::choices::Choice {{ query: {query}, path: &{path:?}, is_known: |value| {{
                    !matches!(crate::types::{name}::from(value), crate::types::{name}::Unknown(_))
                }} }},"
            );
        }
        source.push_str("]),\n");
    }
    source.push_str("];\n");
    Ok(source)
}

/// Deeper than any body; one that goes on for ever is found out by it.
const MAX_DEPTH: usize = 16;

struct Places<'a> {
    document: &'a Value,
    found: Vec<(Vec<String>, String)>,
}

impl<'a> Places<'a> {
    fn look(&mut self, schema: &'a Value, path: &mut Vec<&'a str>) {
        if path.len() > MAX_DEPTH {
            self.found.push((owned(path), String::new()));
            return;
        }
        for part in ["allOf", "oneOf", "anyOf"] {
            for branch in schema[part].as_array().into_iter().flatten() {
                self.look(branch, path);
            }
        }
        let reference = schema["$ref"].as_str();
        if let Some(name) = reference.and_then(|name| name.strip_prefix("#/components/schemas/")) {
            let component = &self.document["components"]["schemas"][name];
            if component.get("enum").is_some() {
                self.found.push((owned(path), name.to_owned()));
            } else {
                self.look(component, path);
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            path.push(name);
            self.look(property, path);
            path.pop();
        }
        for (step, part) in [("[]", "items"), ("{}", "additionalProperties")] {
            if schema[part].is_object() {
                path.push(step);
                self.look(&schema[part], path);
                path.pop();
            }
        }
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|&step| step.to_owned()).collect()
}
