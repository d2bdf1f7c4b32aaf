//! Which part of a list a control call asks for. Lists are newest first.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::page::{Order, PageRequest};

/// How many elements a page has unless the call says otherwise.
const USUAL_LIMIT: u8 = 10;

/// A part of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Paging {
    /// How many, at most; 10 unless it is said.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u8>,
    /// Those that are newer than the one with this id.
    before: Option<String>,
    /// Those that are older than the one with this id.
    after: Option<String>,
}

impl From<Paging> for PageRequest {
    fn from(paging: Paging) -> Self {
        Self {
            limit: paging.limit.unwrap_or(USUAL_LIMIT).into(),
            order: Order::Desc,
            before: paging.before,
            after: paging.after,
        }
    }
}
