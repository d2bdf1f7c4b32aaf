//! Which page of a list a query asks for.

use serde::Deserialize;

use crate::domain::page::{Order, PageRequest};

/// The parameters that every list takes; to be flattened into those of its own.
#[derive(Deserialize)]
pub(super) struct PageQuery {
    before: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
    order: Option<Order>,
}

/// How many objects a page has unless a query says otherwise.
const DEFAULT_LIMIT: usize = 10;

impl PageQuery {
    /// The page that is meant, newest first unless the query says otherwise.
    pub(super) fn newest_first(self) -> PageRequest {
        self.or(Order::Desc)
    }

    /// The page that is meant, oldest first unless the query says otherwise.
    pub(super) fn oldest_first(self) -> PageRequest {
        self.or(Order::Asc)
    }

    fn or(self, order: Order) -> PageRequest {
        PageRequest {
            before: self.before,
            after: self.after,
            limit: self.limit.unwrap_or(DEFAULT_LIMIT),
            order: self.order.unwrap_or(order),
        }
    }
}
