//! `curation.toml`: what we take from WorkOS's document, and which one we took it from.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};

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
    commit: Option<String>,
    date: Option<String>,
    pub(crate) sha256: Option<String>,
}

impl Provenance {
    /// What the documents that are made of it say of it. Its own version has been the same since the first.
    pub(crate) fn stamp(&self) -> Value {
        let known = [("date", &self.date), ("commit", &self.commit)];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)));
        json!(known.collect::<BTreeMap<_, _>>())
    }
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
            Some((method, path))
                if super::cut::METHODS.contains(&method.to_ascii_lowercase().as_str())
                    && path.starts_with('/') =>
            {
                Ok(Self {
                    path: path.to_owned(),
                    method: method.to_ascii_lowercase(),
                })
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
        let File {
            operations,
            source,
            schemas,
        } = toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self {
            operations,
            schemas,
            source,
            document: text.parse()?,
        })
    }

    /// Notes which document was taken.
    pub(crate) fn record(
        &mut self,
        commit: Option<String>,
        date: String,
        sha256: String,
    ) -> Result<()> {
        let source = self.document["source"]
            .as_table_mut()
            .context("`source` is not a table")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Kept.
operations = [\"GET /things\", \"post /things/{id}\"]

[source] # kept, too
url = \"https://host/spec.yaml\"
commit = \"old\"

[schemas]
ThingDto = \"Thing\"
";

    fn read(text: &str) -> Result<Curation> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Curation::read(file.path())
    }

    #[test]
    fn the_file_is_read() {
        let curation = read(TEXT).unwrap();
        let operations: Vec<_> = curation
            .operations
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(operations, ["GET /things", "POST /things/{id}"]);
        assert_eq!(curation.schemas["ThingDto"], "Thing");
        assert_eq!(curation.source.url, "https://host/spec.yaml");
        assert_eq!(curation.source.sha256, None);
        assert_eq!(curation.text(), TEXT);
    }

    #[test]
    fn a_record_leaves_the_rest_as_it_was() {
        let mut curation = read(TEXT).unwrap();
        curation
            .record(
                Some("new".to_owned()),
                "2026-01-02".to_owned(),
                "00ff".to_owned(),
            )
            .unwrap();
        let noted = "commit = \"new\"\ndate = \"2026-01-02\"\nsha256 = \"00ff\"\n";
        let expected = TEXT.replace("commit = \"old\"\n", noted);
        assert_eq!(curation.text(), expected);
        curation
            .record(None, "2026-01-02".to_owned(), "00ff".to_owned())
            .unwrap();
        assert_eq!(curation.text(), expected.replace("commit = \"new\"\n", ""));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (from, to, complaint) in [
            (
                "GET /things",
                "FETCH /things",
                "`FETCH /things` is not a method and a path",
            ),
            (
                "GET /things",
                "GET things",
                "`GET things` is not a method and a path",
            ),
            (
                "GET /things",
                "/things",
                "`/things` is not a method and a path",
            ),
            ("[schemas]", "[schema]", "unknown field `schema`"),
            ("commit =", "branch =", "unknown field `branch`"),
            ("operations =", "operation =", "unknown field `operation`"),
            ("[source]", "[source", "TOML parse error"),
        ] {
            let error = format!("{:#}", read(&TEXT.replace(from, to)).unwrap_err());
            assert!(error.contains(complaint), "{error}");
        }
    }
}
