//! What a text says, whether it is TOML, YAML or JSON: values with the places where they stand.

mod json;
mod toml;
mod yaml;

use serde_json::{Map, Number, Value};

use super::step::Step;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Yaml,
    Json,
}

impl Format {
    /// The format of a file with such a name; TOML unless the name says something else.
    pub(crate) fn of(path: &std::path::Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("yaml" | "yml") => Self::Yaml,
            Some("json") => Self::Json,
            _ => Self::Toml,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
            Self::Json => "JSON",
        }
    }
}

/// A value, and where it stands: from which byte on, and up to which.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    /// In the order of the text; no key comes twice.
    Table(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// Where the key stands.
    pub(super) at: usize,
    pub(super) value: Node,
}

/// Why a text cannot be read, and at which byte.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) at: usize,
    pub(super) why: String,
}

/// How deeply values may lie in one another.
const DEEPEST: usize = 64;
const TOO_DEEP: &str = "it is nested more deeply than 64 levels";

/// Reads a text.
///
/// # Errors
/// What is wrong with it first, and where.
pub(super) fn parse(text: &str, format: Format) -> Result<Node, Unreadable> {
    match format {
        Format::Toml => self::toml::parse(text),
        Format::Yaml => yaml::parse(text),
        Format::Json => json::parse(text),
    }
}

impl Node {
    /// The same without the places.
    pub(super) fn value(&self) -> Value {
        match &self.what {
            What::Null => Value::Null,
            What::Bool(value) => Value::Bool(*value),
            What::Number(value) => Value::Number(value.clone()),
            What::Text(text) => Value::String(text.clone()),
            What::List(list) => list.iter().map(Self::value).collect(),
            What::Table(entries) => {
                let members = entries.iter();
                let members = members.map(|entry| (entry.key.clone(), entry.value.value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// What is in it a step further.
    pub(super) fn inner(&self, step: &Step) -> Option<&Self> {
        match step {
            Step::Key(key) => self.member(key),
            Step::Index(index) => self.element(*index),
        }
    }

    /// Whether both are a list, or a table, or neither.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let kind = |node: &Self| match node.what {
            What::List(_) => 1,
            What::Table(_) => 2,
            _ => 0,
        };
        kind(self) == kind(other)
    }

    /// What is in it under a key.
    pub(super) fn member(&self, key: &str) -> Option<&Self> {
        let What::Table(entries) = &self.what else {
            return None;
        };
        let mut entries = entries.iter();
        entries
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// What is in it with an index.
    pub(super) fn element(&self, index: usize) -> Option<&Self> {
        let What::List(list) = &self.what else {
            return None;
        };
        list.get(index)
    }
}

#[cfg(test)]
mod tests;
