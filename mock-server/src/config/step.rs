//! The way from the top of a configuration to one of its values.

use std::borrow::Cow;

/// A step from a table or a list into one of its values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Key(Cow<'static, str>),
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(Cow::Owned(key.to_owned()))
    }
}

impl Step {
    /// A key that is known when this is compiled.
    pub(crate) const fn key(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }

    /// The steps of a dotted path, in which numbers are indexes.
    pub(crate) fn path(dotted: &str) -> Vec<Self> {
        let parts = dotted.split('.').filter(|part| !part.is_empty());
        parts
            .map(|part| part.parse().map_or_else(|_| Self::from(part), Self::Index))
            .collect()
    }
}

/// How `path` is written.
pub(crate) fn name(path: &[Step]) -> String {
    path.iter().fold(String::new(), |name, step| match step {
        Step::Key(key) => join(&name, key),
        Step::Index(index) => format!("{name}[{index}]"),
    })
}

pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
