//! `curation.toml`: what we take from WorkOS's document, and which one we took it from.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The file, typed, beside its text with comments.
#[derive(Debug)]
pub(crate) struct Curation {
    pub(crate) operations: Vec<OperationKey>,
    pub(crate) schemas: BTreeMap<String, String>,
    pub(crate) source: Provenance,
    document: toml_edit::DocumentMut,
}

/// Which document `upstream.json` was cut from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    pub(crate) url: String,
    #[expect(dead_code, reason = "written by a pull, read by people")]
    commit: Option<String>,
    #[expect(dead_code, reason = "written by a pull, read by people")]
    date: Option<String>,
    pub(crate) sha256: Option<String>,
}

/// An operation by method and path, as people write it: `POST /portal/generate_link`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct OperationKey {
    pub(crate) path: String,
    pub(crate) method: String,
}

impl TryFrom<String> for OperationKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(' ') {
            Some((method, path)) if super::cut::METHODS.contains(&method.to_ascii_lowercase().as_str()) && path.starts_with('/') => {
                Ok(Self { path: path.to_owned(), method: method.to_ascii_lowercase() })
            }
            _ => Err(format!("`{text}` is not a method and a path")),
        }
    }
}

impl std::fmt::Display for OperationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    operations: Vec<OperationKey>,
    source: Provenance,
    #[serde(default)]
    schemas: BTreeMap<String, String>,
}

impl Curation {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let File { operations, source, schemas } = toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self { operations, schemas, source, document: text.parse()? })
    }

    /// Notes which document was taken.
    pub(crate) fn record(&mut self, commit: Option<String>, date: String, sha256: String) -> Result<()> {
        let source = self.document["source"].as_table_mut().context("`source` is not a table")?;
        match commit {
            Some(commit) => source["commit"] = toml_edit::value(commit),
            None => drop(source.remove("commit")),
        }
        source["date"] = toml_edit::value(date);
        source["sha256"] = toml_edit::value(sha256);
        Ok(())
    }

    /// The file's text, comments kept.
    pub(crate) fn text(&self) -> String {
        self.document.to_string()
    }
}
