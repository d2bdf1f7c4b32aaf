//! What a check has found.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// It may be wrong, or is going to be.
    Warning,
    /// It does not work like this, or is not safe.
    Failure,
}

/// One thing that was looked at. No text of it holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// The check, for programs.
    pub(super) check: &'static str,
    pub(super) level: Level,
    /// What was found.
    pub(super) message: String,
    /// Where: `path:line`, or a path.
    pub(super) places: Vec<String>,
    /// What to do about it.
    pub(super) fix: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            message: message.into(),
            places: Vec::new(),
            fix: None,
        }
    }

    pub(super) fn warning(
        check: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warning,
            fix: Some(fix.into()),
            ..Self::ok(check, message)
        }
    }

    pub(super) fn failure(
        check: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Failure,
            ..Self::warning(check, message, fix)
        }
    }

    pub(super) fn at(mut self, places: impl IntoIterator<Item = String>) -> Self {
        self.places.extend(places);
        self
    }
}

/// Everything that was found, and how much of each level.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) findings: Vec<Finding>,
    pub(super) summary: Summary,
}

/// How many findings there are of each level.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) ok: usize,
    pub(super) warnings: usize,
    pub(super) failures: usize,
}

impl Report {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        let count = |level| {
            let of_level = findings.iter().filter(|finding| finding.level == level);
            of_level.count()
        };
        let summary = Summary {
            ok: count(Level::Ok),
            warnings: count(Level::Warning),
            failures: count(Level::Failure),
        };
        Self { findings, summary }
    }

    pub(super) fn failed(&self) -> bool {
        self.summary.failures > 0
    }
}
