//! What an operation of the control API is given: a call that has satisfied its document.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::{FieldError, Refusal};
use crate::environment::Environment;
use crate::state::AppState;
use crate::validation::Input;

/// A call that has satisfied the document.
pub(super) struct Call {
    pub(super) state: AppState,
    /// The environment that it is about.
    pub(super) environment: Arc<Environment>,
    /// Whether it carries a key, and so may do nothing to any other environment.
    pub(super) carries_key: bool,
    pub(super) input: Input,
}

impl Call {
    /// A parameter of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        let value = self.input.path.get(name);
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// The query.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        read("query", Value::Object(self.input.query.clone()))
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let body = self.input.body.clone();
        read("body", body.unwrap_or_else(|| Value::Object(Map::new())))
    }

    /// The body, which may be long: it is read once.
    pub(super) fn take_body<T: DeserializeOwned>(&mut self) -> Result<T, Refusal> {
        let body = self.input.body.take();
        read("body", body.unwrap_or_else(|| Value::Object(Map::new())))
    }
}

/// The document has been satisfied, so this fails only where a type says more than its schema can.
fn read<T: DeserializeOwned>(part: &str, value: Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string().replace('[', ".").replace(']', "");
        let field = match path.as_str() {
            "." => part,
            path => path,
        };
        // What the reader says may repeat the value, which may be a secret.
        let message = format!("{field} has a value that cannot be used.");
        Refusal::Invalid(vec![FieldError::new(field, "invalid_value", message)])
    })
}
