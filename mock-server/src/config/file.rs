//! Reads configuration files, and says precisely where and why one cannot be used.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::outline::{Outline, schema_of};
use super::source::{Found, Source};
use super::step::{Step, name};
use super::written::{self, Format, What};

/// Seeds can be long; a larger file is the wrong file.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// How many problems are told of.
pub(super) const MOST_PROBLEMS: usize = 100;

/// Why a configuration file cannot be used. `Display` gives one line per problem: file, line, column, and what is wrong.
/// It never contains the value of a key or of the control token.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read at all.
    #[error("cannot read the configuration file {}: {reason}", path.display())]
    Unreadable {
        /// The file, as it was named.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// The file was read, and what it says cannot be used.
    #[error("{}", lines(path, problems))]
    Invalid {
        /// The file, as it was named.
        path: PathBuf,
        /// Each problem, in the order of the file.
        problems: Vec<Problem>,
    },
}

/// One thing that is wrong in a configuration file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters from 1.
    pub column: usize,
    /// What is wrong and what is expected.
    pub message: String,
}

fn lines(path: &Path, problems: &[Problem]) -> String {
    let mut text = String::new();
    for (index, problem) in problems.iter().enumerate() {
        let separator = if index == 0 { "" } else { "\n" };
        let _ = write!(text, "{separator}{}:{problem}", path.display());
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Reads the file at `path`, whose name tells the format, as `parse` reads its text.
pub(crate) fn load<T>(
    path: &Path,
    parse: impl FnOnce(&str, Format) -> Result<T, Vec<Problem>>,
) -> Result<T, FileError> {
    let unreadable = |reason: String| FileError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(reason(&error)))?
        .len();
    if size > LARGEST_FILE {
        return Err(unreadable("it is larger than 32 MiB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(reason(&error)))?;
    let text =
        String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    parse(&text, Format::of(path)).map_err(|problems| FileError::Invalid {
        path: path.to_owned(),
        problems,
    })
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// Reads a `T` that `check` finds nothing wrong with. What `check` finds has its place from the top.
///
/// # Errors
/// Everything that is wrong, in the order of the text. What a `T` means is looked at once it is one.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
    text: &str,
    format: Format,
    check: impl FnOnce(&T) -> Vec<(Vec<Step>, String)>,
) -> Result<T, Vec<Problem>> {
    let mut root = written::parse(text, format).map_err(|unreadable| {
        let name = format.name();
        let message = format!("not valid {name}: {}", unreadable.why);
        vec![problem(text, unreadable.at, message)]
    })?;
    if let What::Null = root.what {
        root.what = What::Table(Vec::new());
    }
    if let What::Table(entries) = &mut root.what {
        // Editors look here for the schema.
        entries.retain(|entry| entry.key != "$schema");
    }
    let schema = schema_of::<T>();
    let source = Source {
        text,
        format,
        root: &root,
        outline: Outline::new(&schema),
    };
    let mut found = Found::default();
    source.check(&root, source.outline, &mut Vec::new(), &mut found);
    let value = source.read::<T>(&mut found);
    if let Some(value) = value
        && found.problems.is_empty()
    {
        for (path, message) in check(&value) {
            let at = source.node_at(&path).start;
            found.add(at, format!("bad value for `{}`: {message}", name(&path)));
        }
        if found.problems.is_empty() {
            return Ok(value);
        }
    }
    found.problems.sort();
    found.problems.truncate(MOST_PROBLEMS);
    let problems = found.problems.into_iter();
    Err(problems
        .map(|(start, message)| problem(text, start, message))
        .collect())
}

fn problem(text: &str, offset: usize, message: String) -> Problem {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Problem {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
    }
}
