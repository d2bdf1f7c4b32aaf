//! Pages of a list, as `WorkOS` asks for them.

use std::sync::Arc;

use serde::Deserialize;

/// Where a page of a list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// The page that ends before the object with this id.
    pub(crate) before: Option<String>,
    /// The page that begins after the object with this id.
    pub(crate) after: Option<String>,
    /// How many objects it has at most.
    pub(crate) limit: usize,
    /// In which order.
    pub(crate) order: Order,
}

/// In which order a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
    /// Newest first, with the cursors the other way round: `before` leads to older objects, `after` to newer ones.
    Normal,
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The objects in the order that was asked for.
    pub(crate) items: Vec<Arc<T>>,
    /// The id to ask for what lies before, if anything does.
    pub(crate) before: Option<String>,
    /// The id to ask for what comes after, if anything does.
    pub(crate) after: Option<String>,
}
