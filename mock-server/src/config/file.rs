//! Reads a configuration file, and says precisely where and why it cannot be used.

use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Config;
use super::outline::{Outline, schema_of};

/// A configuration is small; a larger file is the wrong file.
const LARGEST_FILE: u64 = 1024 * 1024;

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

/// Reads the file at `path`.
pub(super) fn load(path: &Path) -> Result<Config, FileError> {
    let unreadable = |reason: String| FileError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(reason(&error)))?
        .len();
    if size > LARGEST_FILE {
        return Err(unreadable("it is larger than 1 MiB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(reason(&error)))?;
    let text =
        String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    parse(&text).map_err(|problems| FileError::Invalid {
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

/// Reads a configuration from TOML.
pub(super) fn parse(text: &str) -> Result<Config, Vec<Problem>> {
    let document = DeTable::parse(text).map_err(|error| {
        vec![problem(
            text,
            error.span().unwrap_or(0..0).start,
            format!("not valid TOML: {}", error.message()),
        )]
    })?;
    let schema = schema_of::<Config>();
    let source = Source {
        text,
        document: &document,
        outline: Outline::new(&schema),
    };
    let mut found = Vec::new();
    source.check_table(
        document.get_ref(),
        document.span(),
        source.outline,
        "",
        &mut found,
    );
    if found.is_empty() {
        match toml::from_str::<Config>(text) {
            Ok(config) => {
                let violations = config.violations();
                if violations.is_empty() {
                    return Ok(config);
                }
                found.extend(
                    violations
                        .into_iter()
                        .map(|violation| (source.start_of(&violation.path), violation.to_string())),
                );
            }
            Err(error) => found.push(source.bad_value(error.span().unwrap_or(0..0))),
        }
    }
    found.sort();
    Err(found
        .into_iter()
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

/// The document beside the schema that it has to follow.
struct Source<'s> {
    text: &'s str,
    document: &'s Spanned<DeTable<'s>>,
    outline: Outline<'s>,
}

/// A place in the file and what is wrong there.
type Finding = (usize, String);

impl<'s> Source<'s> {
    fn check(
        &self,
        value: &Spanned<DeValue<'_>>,
        outline: Outline<'s>,
        path: &str,
        found: &mut Vec<Finding>,
    ) {
        match value.get_ref() {
            DeValue::Table(table) => self.check_table(table, value.span(), outline, path, found),
            DeValue::Array(list) => {
                for (index, element) in list.iter().enumerate() {
                    if let Some(outline) = outline.element() {
                        self.check(element, outline, &format!("{path}[{index}]"), found);
                    }
                }
            }
            _ => {}
        }
    }

    fn check_table(
        &self,
        table: &DeTable<'_>,
        span: Range<usize>,
        outline: Outline<'s>,
        path: &str,
        found: &mut Vec<Finding>,
    ) {
        let before = found.len();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match outline.key(name) {
                Some(outline) => self.check(value, outline, &join(path, name), found),
                None if outline.is_open() => {}
                None => found.push((
                    key.span().start,
                    self.unknown_key(&join(path, name), name, outline),
                )),
            }
        }
        // A key that is missing because it is misspelt has been named already.
        let missing = if found.len() == before {
            outline.required()
        } else {
            Vec::new()
        };
        for key in missing {
            if !table
                .keys()
                .any(|present| present.get_ref().as_ref() == key)
            {
                found.push((span.start, format!("`{}` is missing", join(path, key))));
            }
        }
    }

    fn unknown_key(&self, full: &str, name: &str, outline: Outline<'s>) -> String {
        let siblings: Vec<&str> = outline.keys().into_iter().map(|(key, _)| key).collect();
        let nearest = |candidates: &mut dyn Iterator<Item = String>| {
            candidates
                .map(|path| {
                    (
                        likeness(name, path.rsplit('.').next().unwrap_or_default()),
                        path,
                    )
                })
                .filter(|(likeness, _)| *likeness >= 0.5)
                .max_by(|left, right| left.0.total_cmp(&right.0))
        };
        let beside = nearest(&mut siblings.iter().map(ToString::to_string));
        let anywhere = nearest(&mut self.outline.paths().into_iter());
        let hint = match (beside, anywhere) {
            (Some((here, key)), Some((there, _))) if here >= there => {
                format!("did you mean `{key}`?")
            }
            (_, Some((_, path))) if !path.contains('.') => {
                format!("did you mean `{path}`? It belongs above the first [table].")
            }
            (_, Some((_, path))) => format!("did you mean `{path}`?"),
            _ => format!("valid keys here are {}", quoted(&siblings)),
        };
        format!("unknown key `{full}`; {hint}")
    }

    /// The value that a type refused, found again by where it is.
    fn bad_value(&self, span: Range<usize>) -> Finding {
        let mut place = Place {
            path: String::new(),
            start: span.start,
            end: span.end,
            outline: Some(self.outline),
        };
        descend(self.document.get_ref(), &span, &mut place);
        let expected = place
            .outline
            .map_or_else(|| "another value".to_owned(), Outline::expected);
        let secret = place.outline.is_none_or(Outline::is_secret);
        let shown = self.text.get(place.start..place.end).unwrap_or_default();
        let shown =
            if secret || shown.is_empty() || shown.contains('\n') || shown.chars().count() > 60 {
                String::new()
            } else {
                format!(", found {shown}")
            };
        (
            place.start,
            format!("bad value for `{}`: expected {expected}{shown}", place.path),
        )
    }

    /// Where the value at `path` starts; where the deepest one above it does, if it is left out.
    fn start_of(&self, path: &[Step]) -> usize {
        let mut start = 0;
        let mut table = Some(self.document.get_ref());
        let mut list: Option<&DeArray<'_>> = None;
        for step in path {
            let next = match step {
                Step::Key(key) => table.and_then(|table| table.get(*key)),
                Step::Index(index) => list.and_then(|list| list.get(*index)),
            };
            let Some(value) = next else { break };
            start = value.span().start;
            table = value.get_ref().as_table();
            list = value.get_ref().as_array();
        }
        start
    }
}

/// A step from a table or a list into one of its values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Key(&'static str),
    Index(usize),
}

/// How `path` is written.
pub(super) fn name(path: &[Step]) -> String {
    path.iter().fold(String::new(), |name, step| match step {
        Step::Key(key) => join(&name, key),
        Step::Index(index) => format!("{name}[{index}]"),
    })
}

struct Place<'s> {
    path: String,
    start: usize,
    end: usize,
    outline: Option<Outline<'s>>,
}

/// Follows the values that contain `span` down to the smallest one.
fn descend(table: &DeTable<'_>, span: &Range<usize>, place: &mut Place<'_>) {
    let covers = |value: &Spanned<DeValue<'_>>| {
        value.span().start <= span.start && span.end <= value.span().end
    };
    for (key, value) in table {
        // A table's own span may be its header only, so its values are searched as well.
        let inside = matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
            && reaches(value, span);
        if !covers(value) && !inside {
            continue;
        }
        let name = key.get_ref().as_ref();
        *place = Place {
            path: join(&place.path, name),
            start: value.span().start,
            end: value.span().end,
            outline: place.outline.and_then(|outline| outline.key(name)),
        };
        descend_value(value, span, place);
        return;
    }
}

fn descend_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, place: &mut Place<'_>) {
    match value.get_ref() {
        DeValue::Table(table) => descend(table, span, place),
        DeValue::Array(list) => {
            let found = list.iter().enumerate();
            let mut found = found.filter(|(_, element)| reaches(element, span));
            // Where no list belongs, it is the list that is wrong, not what is in it.
            if let Some(inner) = place.outline.and_then(Outline::element)
                && let Some((index, element)) = found.next()
            {
                let _ = write!(place.path, "[{index}]");
                (place.start, place.end) = (element.span().start, element.span().end);
                place.outline = Some(inner);
                descend_value(element, span, place);
            }
        }
        _ => {}
    }
}

fn reaches(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    let own = value.span().start <= span.start && span.end <= value.span().end;
    own || match value.get_ref() {
        DeValue::Table(table) => table.values().any(|value| reaches(value, span)),
        DeValue::Array(list) => list.iter().any(|value| reaches(value, span)),
        _ => false,
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn quoted(keys: &[&str]) -> String {
    keys.iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn likeness(left: &str, right: &str) -> f64 {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    strsim::normalized_damerau_levenshtein(&plain(left), &plain(right))
}
