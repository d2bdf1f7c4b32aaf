//! The contract: `portal.json`, embedded.

use std::sync::LazyLock;

use serde_json::Value;

/// The text of `portal.json` as it stands in the repository.
pub(crate) const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/portal.json"));

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(TEXT).expect("portal.json is JSON, for the build script has read it")
});

/// The document, parsed once; its members keep the order of the text.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}
