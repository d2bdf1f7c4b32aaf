//! What a page of a part says, without how it looks.

use jiff::Timestamp;

use crate::domain::answers::Answers;
use crate::domain::error::Violation;
use crate::domain::form::{Field, Words};

/// How good something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Neutral,
    Good,
    Warn,
    Bad,
}

/// Something that a visitor has to know before all else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) tone: Tone,
    pub(crate) title: Words,
    /// What it means and what to do; may be empty.
    pub(crate) text: Words,
}

impl Alert {
    pub(crate) fn new(tone: Tone, title: impl Into<Words>, text: impl Into<Words>) -> Self {
        Self {
            tone,
            title: title.into(),
            text: text.into(),
        }
    }
}

/// How something is, in a word or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) tone: Tone,
    pub(crate) text: Words,
}

impl Status {
    pub(crate) fn new(tone: Tone, text: impl Into<Words>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }
}

/// A value that the visitor takes elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) label: Words,
    pub(crate) value: String,
    /// What it is for; may be empty.
    pub(crate) note: Words,
}

impl Copied {
    pub(crate) fn new(label: impl Into<Words>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            note: Words::Borrowed(""),
        }
    }

    /// The same with what it is for.
    pub(crate) fn note(self, note: impl Into<Words>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }
}

/// A value to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Words, or what somebody typed.
    Text(Words),
    /// What machines write: an id, an address.
    Code(String),
    Moment(Timestamp),
    Status(Status),
    /// A way to a step of the same part.
    Action(Action),
}

impl Cell {
    pub(crate) fn text(text: impl Into<Words>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    pub(crate) fn status(tone: Tone, text: impl Into<Words>) -> Self {
        Self::Status(Status::new(tone, text))
    }
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: Words,
    pub(crate) value: Cell,
}

impl Fact {
    pub(crate) fn new(label: impl Into<Words>, value: Cell) -> Self {
        Self {
            label: label.into(),
            value,
        }
    }
}

/// A way to a step of the same part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) step: &'static str,
    /// What the step is about; may be empty.
    pub(crate) about: Answers,
    pub(crate) label: Words,
    /// Whether something is lost by it.
    pub(crate) is_dangerous: bool,
}

impl Action {
    pub(crate) fn new(step: &'static str, label: impl Into<Words>) -> Self {
        Self {
            step,
            about: Answers::default(),
            label: label.into(),
            is_dangerous: false,
        }
    }

    /// The same about one of several things.
    pub(crate) fn about(self, name: &'static str, value: impl Into<String>) -> Self {
        Self {
            about: self.about.with(name, value),
            ..self
        }
    }

    /// The same, by which something is lost.
    pub(crate) fn dangerous(self) -> Self {
        Self {
            is_dangerous: true,
            ..self
        }
    }
}

/// Rows under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) title: Words,
    pub(crate) columns: Vec<Words>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What stands there when there are no rows.
    pub(crate) empty: Words,
    /// What has to be searched for to see the rows before and after these.
    pub(crate) newer: Option<Answers>,
    pub(crate) older: Option<Answers>,
}

/// One of several ways to answer a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) action: Action,
    pub(crate) is_current: bool,
}

/// A step, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) title: Words,
    /// What it is about, in a sentence or two.
    pub(crate) lead: Words,
    pub(crate) alert: Option<Alert>,
    /// The ways to answer, of which this page is one; empty when there is one alone.
    pub(crate) ways: Vec<Way>,
    /// What to do elsewhere, one thing after the other.
    pub(crate) guide: Vec<Words>,
    /// What to take there.
    pub(crate) copied: Vec<Copied>,
    /// What is known about it.
    pub(crate) facts: Vec<Fact>,
    pub(crate) fields: Vec<Field>,
    /// What the button says; empty where there is nothing to be sent.
    pub(crate) button: Words,
    /// Whether something is lost by it.
    pub(crate) is_dangerous: bool,
}

impl Page {
    pub(crate) fn new(
        title: impl Into<Words>,
        lead: impl Into<Words>,
        button: impl Into<Words>,
    ) -> Self {
        Self {
            title: title.into(),
            lead: lead.into(),
            alert: None,
            ways: Vec::new(),
            guide: Vec::new(),
            copied: Vec::new(),
            facts: Vec::new(),
            fields: Vec::new(),
            button: button.into(),
            is_dangerous: false,
        }
    }
}

/// What there is, once every step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Overview {
    pub(crate) title: Words,
    pub(crate) lead: Words,
    pub(crate) alert: Option<Alert>,
    pub(crate) status: Option<Status>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) copied: Vec<Copied>,
    /// What can be searched for; nothing when nothing can.
    pub(crate) search: Vec<Field>,
    /// What is wrong with what is searched for.
    pub(crate) violations: Vec<Violation>,
    pub(crate) tables: Vec<Table>,
    pub(crate) actions: Vec<Action>,
}

impl Overview {
    pub(crate) fn new(title: impl Into<Words>, lead: impl Into<Words>) -> Self {
        Self {
            title: title.into(),
            lead: lead.into(),
            alert: None,
            status: None,
            facts: Vec::new(),
            copied: Vec::new(),
            search: Vec::new(),
            violations: Vec::new(),
            tables: Vec::new(),
            actions: Vec::new(),
        }
    }
}
