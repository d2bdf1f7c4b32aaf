//! Which of WorkOS's documents the client is made of.

use serde_json::Value;

/// The source of what the crate says of it.
///
/// # Errors
/// When the document does not say when it was taken.
pub(crate) fn source(document: &Value) -> Result<String, String> {
    let source = &document["info"]["x-source"];
    let date = source["date"]
        .as_str()
        .ok_or("`info.x-source` has no date")?;
    let commit = source["commit"].as_str();
    Ok(format!(
        "pub(crate) const DATE: &str = {date:?};\npub(crate) const COMMIT: Option<&str> = {commit:?};\n"
    ))
}
