//! What a handler is given: a call that has satisfied the document.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::ApiError;
use crate::domain::error::Rule;
use crate::environment::Environment;
use crate::validation::Input;

/// A call that has satisfied the document.
pub(super) struct Call<'a> {
    pub(super) environment: &'a Environment,
    pub(super) public_url: &'a str,
    pub(super) input: Input,
}

impl Call<'_> {
    /// A parameter of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        self.input
            .path
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The query.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        read("query", Value::Object(self.input.query.clone()))
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        read(
            "body",
            self.input
                .body
                .clone()
                .unwrap_or_else(|| Value::Object(Map::new())),
        )
    }
}

/// The document has been satisfied, so this fails only where a handler expects more than the document says.
fn read<T: DeserializeOwned>(part: &str, value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|_| {
        tracing::error!(
            part,
            "a request satisfied the document, but not its handler"
        );
        ApiError::invalid(part, Rule::Value, "This is not what the operation takes.")
    })
}
