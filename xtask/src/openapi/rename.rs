//! Component names of our own: OpenAPI Overlay has no way to rename.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

/// Renames component schemas and every reference to them.
///
/// # Errors
/// Names an entry whose schema does not exist (any more), or whose new name is taken.
pub(crate) fn schemas(document: &mut Value, names: &BTreeMap<String, String>) -> Result<()> {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        bail!("no schemas")
    };
    for (old, new) in names {
        if !schemas.contains_key(old) {
            bail!("there is no schema `{old}` to rename: remove the entry");
        }
        if schemas.contains_key(new) || names.values().filter(|other| *other == new).count() > 1 {
            bail!("`{old}` cannot become `{new}`: the name is taken");
        }
    }
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| (names.get(&name).cloned().unwrap_or(name), schema))
        .collect();
    redirect(document, names);
    Ok(())
}

fn redirect(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let new = (key == "$ref")
                    .then(|| super::reference::schema_name_of(member))
                    .flatten()
                    .and_then(|old| names.get(old));
                match new {
                    Some(new) => *member = format!("#/components/schemas/{new}").into(),
                    None => redirect(member, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renamed(mut document: Value, names: &[(&str, &str)]) -> Result<Value> {
        let names = names
            .iter()
            .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
            .collect();
        schemas(&mut document, &names)?;
        Ok(document)
    }

    fn document(name: &str) -> Value {
        json!({
            "paths": { "/a": [{ "schema": { "$ref": format!("#/components/schemas/{name}") } }] },
            "components": { "schemas": { name: { "const": "ThingDto" }, "ThingDtoList": {} } },
        })
    }

    #[test]
    fn a_schema_and_its_references_are_renamed_and_nothing_else() {
        let renamed = renamed(document("ThingDto"), &[("ThingDto", "Thing")]).unwrap();
        assert_eq!(renamed, document("Thing"));
        assert_eq!(
            renamed.to_string(),
            document("Thing").to_string(),
            "the order stays"
        );
    }

    #[test]
    fn an_entry_that_cannot_apply_is_named() {
        for (names, complaint) in [
            (
                &[("Gone", "Thing")][..],
                "there is no schema `Gone` to rename: remove the entry",
            ),
            (
                &[("ThingDto", "ThingDtoList")],
                "`ThingDto` cannot become `ThingDtoList`: the name is taken",
            ),
            (
                &[("ThingDto", "Thing"), ("ThingDtoList", "Thing")],
                "`ThingDto` cannot become `Thing`: the name is taken",
            ),
        ] {
            let error = renamed(document("ThingDto"), names).unwrap_err();
            assert_eq!(error.to_string(), complaint);
        }
    }
}
