//! Component names of our own: OpenAPI Overlay has no way to rename.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

/// Renames component schemas and every reference to them.
///
/// # Errors
/// Names an entry whose schema does not exist (any more), or whose new name is taken.
pub(crate) fn schemas(document: &mut Value, names: &BTreeMap<String, String>) -> Result<()> {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { bail!("no schemas") };
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
                let new = (key == "$ref").then(|| super::reference::schema_name_of(member)).flatten().and_then(|old| names.get(old));
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
