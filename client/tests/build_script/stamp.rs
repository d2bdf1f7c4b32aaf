//! Which of WorkOS's documents the client says that it is made of.

use serde_json::{Value, json};

#[path = "../../build/document.rs"]
mod document;

fn source(stamp: &Value) -> Result<String, String> {
    document::source(&json!({ "info": { "x-source": stamp } }))
}

#[test]
fn the_document_says_when_and_from_where_it_was_taken() {
    let known = json!({ "date": "2026-01-31", "commit": "7fd8359" });
    assert_eq!(
        source(&known).unwrap(),
        "pub(crate) const DATE: &str = \"2026-01-31\";\npub(crate) const COMMIT: Option<&str> = Some(\"7fd8359\");\n"
    );
    let copied = source(&json!({ "date": "2026-01-31" })).unwrap();
    assert!(
        copied.ends_with("COMMIT: Option<&str> = None;\n"),
        "{copied}"
    );
    let error = source(&json!({ "commit": "7fd8359" })).unwrap_err();
    assert_eq!(error, "`info.x-source` has no date");
}

#[test]
fn the_crate_tells_what_its_document_does() {
    let document: Value = serde_json::from_str(include_str!("../../client.json")).unwrap();
    let stamp = &document["info"]["x-source"];
    assert_eq!(stamp["date"], workos_portal::API_DOCUMENT_DATE);
    assert_eq!(stamp["commit"].as_str(), workos_portal::API_DOCUMENT_COMMIT);
}
