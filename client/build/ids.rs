//! Gives ids types of their own: the document only says in words which id a text is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// What an id begins with, and its type.
const IDS: &[(&str, &str)] = &[
    ("als_", "LogStreamId"),
    ("audit_log_export_", "AuditLogExportId"),
    ("conn_", "ConnectionId"),
    ("directory_", "DirectoryId"),
    ("directory_group_", "DirectoryGroupId"),
    ("directory_token_", "DirectoryTokenId"),
    ("directory_user_", "DirectoryUserId"),
    ("event_", "EventId"),
    ("it_contact_", "ItContactId"),
    ("org_", "OrganizationId"),
    ("org_domain_", "OrganizationDomainId"),
    ("we_", "WebhookEndpointId"),
];

/// Refers to a component of its own wherever the description of a text says with which of these it begins.
///
/// # Errors
/// Names the types that nothing has.
pub(crate) fn mark(document: &mut Value) -> Result<(), String> {
    let mut used = BTreeSet::new();
    // Never by index: that would put a null where there is nothing.
    let schemas = document.pointer_mut("/components/schemas");
    for schema in members(schemas) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if names_an_id(name)
                && property["type"] == "string"
                && let Some(id) = id_in(&property["description"])
                && let Some(property) = property.as_object_mut()
            {
                used.insert(id);
                property.remove("type");
                property.insert("allOf".into(), json!([reference(id)]));
            }
        }
    }
    for path in members(document.get_mut("paths")) {
        for operation in members(Some(path)) {
            let parameters = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default();
                if names_an_id(&name.to_lowercase())
                    && let Some(id) = id_in(&parameter["description"])
                {
                    used.insert(id);
                    parameter["schema"] = reference(id);
                }
            }
        }
    }
    let unused: Vec<_> = names().filter(|id| !used.contains(id)).collect();
    if !unused.is_empty() {
        return Err(format!("nothing has these ids: {unused:?}"));
    }
    for id in used {
        document["components"]["schemas"][id] = json!({ "type": "string" });
    }
    Ok(())
}

fn members(object: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    let members = object.and_then(Value::as_object_mut);
    members.into_iter().flat_map(|members| members.values_mut())
}

/// The types of ids.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    IDS.iter().map(|(_, name)| *name)
}

fn reference(id: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{id}") })
}

fn names_an_id(name: &str) -> bool {
    let others = ["organization", "directory", "group", "user"];
    name.ends_with("id") || others.contains(&name)
}

/// The id that a description speaks of, as in "Id of the organization (`org_…`)".
fn id_in(description: &Value) -> Option<&'static str> {
    let (_, rest) = description.as_str()?.split_once("(`")?;
    let (prefix, _) = rest.split_once("…`")?;
    IDS.iter()
        .find_map(|(known, name)| (*known == prefix).then_some(*name))
}
