//! Which part of a list a control call asks for. Lists are newest first.

use std::collections::{HashMap, HashSet};

use super::answer::{FieldError, Refusal};
use super::members::list;
use crate::domain::page::{Order, PageRequest};

/// How many elements a page has unless the call says otherwise, and at most.
const USUAL_LIMIT: usize = 10;
const MOST: usize = 100;

/// A page, and what its elements have to be.
pub(super) struct Listing {
    pub(super) page: PageRequest,
    filters: HashMap<String, String>,
}

impl Listing {
    /// Reads a query, which has `filters` and the parameters of pages, and no others.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn read(query: Option<&str>, filters: &[&str]) -> Result<Self, Refusal> {
        let mut listing = Self {
            page: PageRequest {
                limit: USUAL_LIMIT,
                order: Order::Desc,
                ..PageRequest::default()
            },
            filters: HashMap::new(),
        };
        let mut errors = Vec::new();
        let mut error = |name: &str, rule, message| {
            errors.push(FieldError::new(name, rule, message));
        };
        let mut seen = HashSet::new();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value = value.into_owned();
            if !seen.insert(name.clone().into_owned()) {
                error(&name, "repeated", format!("{name} comes more than once."));
                continue;
            }
            match &*name {
                "before" => listing.page.before = Some(value),
                "after" => listing.page.after = Some(value),
                "limit" => match value.parse() {
                    Ok(limit) if (1..=MOST).contains(&limit) => listing.page.limit = limit,
                    _ => {
                        let message = format!("limit must be a whole number from 1 to {MOST}.");
                        error("limit", "out_of_range", message);
                    }
                },
                name if filters.contains(&name) => {
                    listing.filters.insert(name.to_owned(), value);
                }
                name => {
                    let known = [filters, &["limit", "before", "after"]].concat();
                    let message = format!(
                        "There is no parameter '{name}'; there are {}.",
                        list(&known)
                    );
                    error(name, "unknown", message);
                }
            }
        }
        if errors.is_empty() {
            Ok(listing)
        } else {
            Err(Refusal::Invalid(errors))
        }
    }

    /// What a filter says.
    pub(super) fn filter(&mut self, name: &str) -> Option<String> {
        self.filters.remove(name)
    }
}
