//! What things of a seed may be called by others in it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::nearest;

/// Things of one kind by what they may be called.
pub(super) struct Names {
    kind: Kind,
    called: HashMap<String, Called>,
}

/// What is called.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// By its name, letter by letter.
    Group,
    /// By an e-mail address, in any case.
    User,
}

enum Called {
    /// By an id, which is its own.
    Surely(usize),
    /// By a name, which others may have.
    Perhaps(usize),
    /// By a name that several have.
    Several,
}

impl Names {
    /// Nothing is called anything yet.
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            called: HashMap::new(),
        }
    }

    /// What `id` is the id of. It counts before any name.
    pub(super) fn add_id(&mut self, id: &str, index: usize) {
        self.called.insert(id.to_owned(), Called::Surely(index));
    }

    /// What has a name, once all ids are known.
    pub(super) fn add_name(&mut self, name: &str, index: usize) {
        match self.called.entry(self.kind.spelt(name)) {
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
    /// Why nothing is meant: nothing is called so, or several are.
    pub(super) fn find(&self, given: &str) -> Result<usize, String> {
        let called = &self.called;
        let (kind, article, name) = self.kind.words();
        let found = called
            .get(given)
            .or_else(|| called.get(&self.kind.spelt(given)));
        match found {
            Some(Called::Surely(index) | Called::Perhaps(index)) => Ok(*index),
            Some(Called::Several) => Err(format!(
                "several {kind}s of the directory have the {name} \"{given}\": give the idp_id or the id"
            )),
            None => {
                let nearest = nearest(called.keys().map(String::as_str), given);
                Err(format!(
                    "no {kind} of the directory has \"{given}\" for an idp_id, an id or {article} {name}{nearest}"
                ))
            }
        }
    }
}

impl Kind {
    /// A name in the one spelling that it is found by.
    fn spelt(self, name: &str) -> String {
        match self {
            Self::Group => name.to_owned(),
            Self::User => name.to_lowercase(),
        }
    }

    /// What one of them is, and what it is called by besides its ids.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Group => ("group", "a", "name"),
            Self::User => ("user", "an", "email"),
        }
    }
}
