//! The order in which people read: an operation's name before its parameters, statuses by number.

use serde_json::{Map, Value};

use super::cut::METHODS;

const OPERATION: [&str; 7] = [
    "operationId",
    "summary",
    "description",
    "tags",
    "parameters",
    "requestBody",
    "responses",
];

/// Puts the members of operations, and components, into their reading order. Nothing is added or lost.
pub(crate) fn arrange(document: &mut Value) {
    for item in document["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        for (_, operation) in item
            .as_object_mut()
            .into_iter()
            .flatten()
            .filter(|(key, _)| METHODS.contains(&key.as_str()))
        {
            let Some(members) = operation.as_object_mut() else {
                continue;
            };
            lead(members, &OPERATION);
            if let Some(responses) = members.get_mut("responses").and_then(Value::as_object_mut) {
                responses.sort_keys();
            }
        }
    }
    for schema in document["components"]["schemas"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        if let Some(members) = schema.as_object_mut() {
            lead(members, &["description", "type"]);
        }
    }
    for section in document["components"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        if let Some(section) = section.as_object_mut() {
            section.sort_keys();
        }
    }
    if let Some(members) = document.as_object_mut() {
        lead(
            members,
            &[
                "openapi",
                "info",
                "servers",
                "security",
                "tags",
                "paths",
                "components",
            ],
        );
    }
}

/// Moves `keys` to the front, in this order.
fn lead(members: &mut Map<String, Value>, keys: &[&str]) {
    let mut rest = std::mem::take(members);
    for key in keys {
        if let Some(value) = rest.shift_remove(*key) {
            members.insert((*key).to_owned(), value);
        }
    }
    members.extend(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn names_come_first_and_statuses_rise() {
        let mut document = json!({"components": {"schemas": {"B": {"type": "string", "description": "b"}, "A": {}}}, "paths": {"/a": {"get": {
            "responses": {"404": {}, "200": {}}, "x-more": 1, "operationId": "a",
        }}}});
        let before = document.clone();
        super::arrange(&mut document);
        assert_eq!(document, before, "nothing is added or lost");
        let text = document.to_string();
        assert_eq!(
            text,
            r#"{"paths":{"/a":{"get":{"operationId":"a","responses":{"200":{},"404":{}},"x-more":1}}},"components":{"schemas":{"A":{},"B":{"description":"b","type":"string"}}}}"#
        );
    }
}
