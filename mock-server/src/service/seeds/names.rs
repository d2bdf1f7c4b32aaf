//! What things of a seed may be called by others in it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Things by what they may be called.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Called>);

enum Called {
    /// By an id, which is its own.
    Surely(usize),
    /// By a name, which others may have.
    Perhaps(usize),
    /// By a name that several have.
    Several,
}

/// Why nothing is meant by a name.
pub(super) enum Unclear {
    Unknown,
    Several,
}

impl Names {
    /// What `id` is the id of. It counts before any name.
    pub(super) fn add_id(&mut self, id: &str, index: usize) {
        self.0.insert(id.to_owned(), Called::Surely(index));
    }

    /// What has a name, once all ids are known.
    pub(super) fn add_name(&mut self, name: String, index: usize) {
        match self.0.entry(name) {
            Entry::Vacant(place) => {
                place.insert(Called::Perhaps(index));
            }
            Entry::Occupied(mut place) => {
                if matches!(place.get(), Called::Perhaps(_)) {
                    place.insert(Called::Several);
                }
            }
        }
    }

    /// What is called so.
    ///
    /// # Errors
    /// Nothing is, or several are.
    pub(super) fn find(&self, name: &str) -> Result<usize, Unclear> {
        match self.0.get(name) {
            Some(Called::Surely(index) | Called::Perhaps(index)) => Ok(*index),
            Some(Called::Several) => Err(Unclear::Several),
            None => Err(Unclear::Unknown),
        }
    }

    /// Everything that anything is called.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
