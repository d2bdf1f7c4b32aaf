//! What the hand-written code has to know of operations.

use serde_json::Value;

/// The source of the list of operations that WorkOS deduplicates by a key.
pub(crate) fn source(document: &Value) -> String {
    let deduplicated: Vec<&str> = operations(document)
        .filter(|operation| takes_idempotency_key(operation))
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    format!("pub(crate) const TAKE_IDEMPOTENCY_KEY: &[&str] = &{deduplicated:?};\n")
}

/// The document's operations.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values())
        .filter_map(Value::as_object)
        .flat_map(|path| path.values())
        .filter(|operation| operation.get("operationId").is_some())
}

fn takes_idempotency_key(operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.into_iter().any(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["in"] == "header" && name.eq_ignore_ascii_case("idempotency-key")
    })
}
