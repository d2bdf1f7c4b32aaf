//! `$ref`s: what a part of a document reaches.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::Value;

/// Calls `visit` with every `$ref` below `value`.
pub(crate) fn each<'a>(value: &'a Value, visit: &mut dyn FnMut(&'a str)) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                visit(target);
            }
            members.values().for_each(|member| each(member, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, visit)),
        _ => {}
    }
}

/// The component that a `$ref` names, as its section and name.
pub(crate) fn component(target: &str) -> Option<(&str, &str)> {
    target.strip_prefix("#/components/")?.split_once('/')
}

/// The name of the component schema that `schema` is nothing but a reference to.
pub(crate) fn schema_name(schema: &Value) -> Option<&str> {
    schema_name_of(schema.get("$ref")?)
}

/// The name of the component schema that a `$ref`'s value leads to.
pub(crate) fn schema_name_of(target: &Value) -> Option<&str> {
    target.as_str()?.strip_prefix("#/components/schemas/")
}

/// Every component that `value` reaches, as section and name.
///
/// # Errors
/// Names a reference that leads nowhere.
pub(crate) fn reached(document: &Value, value: &Value) -> Result<BTreeSet<(String, String)>> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        let mut targets = Vec::new();
        each(value, &mut |target| targets.push(target));
        for target in targets {
            let found = component(target).zip(document.pointer(target.trim_start_matches('#')));
            let Some(((section, name), value)) = found else {
                bail!("`$ref` {target} leads nowhere")
            };
            if reached.insert((section.to_owned(), name.to_owned())) {
                waiting.push(value);
            }
        }
    }
    Ok(reached)
}

/// Drops every component that no operation reaches. Security schemes are referred to by name and stay.
pub(crate) fn prune(document: &mut Value) -> Result<()> {
    let reached = reached(document, &document["paths"])?;
    let Some(components) = document["components"].as_object_mut() else {
        return Ok(());
    };
    for (section, members) in components
        .iter_mut()
        .filter(|(section, _)| *section != "securitySchemes")
    {
        if let Some(members) = members.as_object_mut() {
            members.retain(|name, _| reached.contains(&(section.clone(), name.clone())));
        }
    }
    components.retain(|_, members| {
        members
            .as_object()
            .is_none_or(|members| !members.is_empty())
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_read_from_references() {
        assert_eq!(
            component("#/components/responses/Gone"),
            Some(("responses", "Gone"))
        );
        assert_eq!(component("other.json#/Gone"), None);
        assert_eq!(
            schema_name(&json!({ "$ref": "#/components/schemas/A" })),
            Some("A")
        );
        assert_eq!(
            schema_name(&json!({ "$ref": "#/components/responses/A" })),
            None
        );
        assert_eq!(schema_name(&json!({ "type": "string" })), None);
    }

    #[test]
    fn what_is_reached_is_reached_through_anything_and_once() {
        let to =
            |section: &str, name: &str| json!({ "$ref": format!("#/components/{section}/{name}") });
        let document = json!({
            "paths": { "/a": { "get": { "responses": { "200": to("responses", "R") } } } },
            "components": {
                "responses": { "R": { "content": [to("schemas", "A")] }, "Unused": to("schemas", "B") },
                "schemas": { "A": { "items": to("schemas", "A") }, "B": {} },
                "securitySchemes": { "bearer": {} },
                "headers": { "Unused": {} },
            },
        });
        let found = reached(&document, &document["paths"]).unwrap();
        let expected = [("responses", "R"), ("schemas", "A")]
            .map(|(section, name)| (section.to_owned(), name.to_owned()));
        assert_eq!(found, expected.into());
        let mut pruned = document.clone();
        prune(&mut pruned).unwrap();
        assert_eq!(
            pruned["components"],
            json!({
                "responses": { "R": document["components"]["responses"]["R"] },
                "schemas": { "A": document["components"]["schemas"]["A"] },
                "securitySchemes": { "bearer": {} },
            })
        );
    }

    #[test]
    fn a_reference_to_nothing_is_an_error() {
        for target in ["#/components/schemas/Gone", "#/paths", "other.yaml"] {
            let document = json!({ "paths": { "$ref": target } });
            let error = reached(&document, &document["paths"]).unwrap_err();
            assert_eq!(error.to_string(), format!("`$ref` {target} leads nowhere"));
        }
    }
}
