//! Checks requests against the schemas that an OpenAPI document gives their operations: `portal.json` for the API,
//! `control.json` for `/_mock`.
//!
//! A handler receives an [`Input`] that satisfies the document, so it never repeats a rule that the document states. A request that
//! does not satisfy it becomes a [`Rejection`] that names every violation. Knows nothing of axum, of answers, or of what an
//! operation does.

mod known;
mod limits;
mod message;
mod path;
mod plan;
mod request;
mod schema;
mod settle;
mod trim;
mod violation;

#[cfg(test)]
mod tests;

pub(crate) use self::plan::{Contract, Plan};

use serde_json::{Map, Value};

/// A request that satisfies its operation's schemas. Every part deserialises with [`serde_json::from_value`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Input {
    /// The path's parameters by name, decoded.
    pub(crate) path: Map<String, Value>,
    /// The query's parameters by name, typed as their schemas say. What the document does not know is left out.
    pub(crate) query: Map<String, Value>,
    /// The headers that the document declares, by the name it gives them.
    pub(crate) headers: Map<String, Value>,
    /// The body: an object (empty where none was sent), or nothing for operations that read none. An explicit `null` is left only
    /// where it clears a value (`x-clears-on-null`) or where the member is required.
    pub(crate) body: Option<Value>,
    /// What was accepted although the document has left it behind, one sentence each.
    pub(crate) warnings: Vec<String>,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The answer's `code`.
    pub(crate) code: String,
    /// The answer's `message`.
    pub(crate) message: String,
    /// How the violations are told.
    pub(crate) shape: Shape,
    /// Every violation in the document's order, at most [`MAX_VIOLATIONS`]. Empty when the document's `x-violation` sets the answer,
    /// which then consists of `code` and `message`.
    pub(crate) errors: Vec<FieldError>,
}

/// How violations are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `message`, `code`, and each violation under `errors`.
    #[default]
    Errors,
    /// A sentence for each violation under `message`, and the name of the status under `error`.
    Messages,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldError {
    /// The dotted path into the body (`domain_data.0.state`), the parameter's name, or `body`.
    pub(crate) field: String,
    /// The declared part of `field` in snake case, and the rule: `domain_data_state_required`.
    pub(crate) code: String,
    /// A sentence for a person. Holds no value of the request.
    pub(crate) message: String,
}

/// The most violations that one answer lists.
pub(crate) const MAX_VIOLATIONS: usize = 100;
