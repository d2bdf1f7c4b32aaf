//! Fields of a form, ready to be drawn.

use crate::domain::answers::Answers;
use crate::domain::error::Violation;
use crate::domain::form::{Choice, Field, Kind};

/// What a field is drawn as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    Line(&'static str),
    Document,
    Number(u32, u32),
    Radios,
    Select,
    Providers,
    Checkboxes,
    Hidden,
}

/// A field, ready to be drawn.
pub(super) struct FieldView {
    pub(super) name: &'static str,
    pub(super) id: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: Option<String>,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) choices: Vec<ChoiceView>,
    /// The ids of what describes it.
    pub(super) described_by: String,
}

pub(super) struct ChoiceView {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) note: String,
    pub(super) icon: Option<&'static str>,
    pub(super) checked: bool,
}

/// What stands in the fields.
pub(super) enum Filled<'a> {
    /// What is known already.
    Known,
    /// Samples.
    Samples,
    /// What was typed, with what is wrong about it.
    Typed(&'a Answers, &'a [Violation]),
}

impl FieldView {
    /// `find` narrows a list of providers down to those that have it in their names.
    pub(super) fn new(field: &Field, filled: &Filled<'_>, find: Option<&str>) -> Self {
        let values: Vec<String> = match filled {
            Filled::Known => field.value.clone(),
            Filled::Samples if field.sample.is_empty() => field.value.clone(),
            Filled::Samples => field.sample.clone(),
            Filled::Typed(answers, _) => {
                let typed = answers.all(field.name).into_iter();
                typed.map(ToOwned::to_owned).collect()
            }
        };
        let error = match filled {
            Filled::Typed(_, violations) => violations
                .iter()
                .find(|violation| violation.field == field.name)
                .map(|violation| violation.message.clone()),
            Filled::Known | Filled::Samples => None,
        };
        let id = format!("field-{}", field.name);
        let hint = field.hint.to_string();
        let mut described_by = Vec::new();
        if error.is_some() {
            described_by.push(format!("{id}-error"));
        }
        if !hint.is_empty() {
            described_by.push(format!("{id}-hint"));
        }
        Self {
            name: field.name,
            label: field.label.to_string(),
            shape: shape(&field.kind),
            required: field.required,
            value: values.first().cloned().unwrap_or_default(),
            choices: choices(&id, &field.kind, &values, find),
            described_by: described_by.join(" "),
            id,
            hint,
            error,
        }
    }

    /// Where a link to this field leads: to what can be focused first.
    pub(super) fn target(&self) -> &str {
        self.choices
            .first()
            .filter(|_| self.shape != Shape::Select)
            .map_or(&self.id, |choice| &choice.id)
    }
}

fn shape(kind: &Kind) -> Shape {
    match kind {
        Kind::Text | Kind::Phrase(_) => Shape::Line("text"),
        Kind::Secret => Shape::Line("password"),
        // A browser's own check would stand in the way of ours, which says more.
        Kind::Url => Shape::Line("url"),
        Kind::Document => Shape::Document,
        Kind::Number { least, most } => Shape::Number(*least, *most),
        Kind::Choice(_) => Shape::Radios,
        Kind::Select(_) => Shape::Select,
        Kind::Providers(_) => Shape::Providers,
        Kind::Many(_) => Shape::Checkboxes,
        Kind::Hidden => Shape::Hidden,
    }
}

fn choices(id: &str, kind: &Kind, values: &[String], find: Option<&str>) -> Vec<ChoiceView> {
    let (Kind::Choice(choices)
    | Kind::Select(choices)
    | Kind::Providers(choices)
    | Kind::Many(choices)) = kind
    else {
        return Vec::new();
    };
    let find = find.unwrap_or_default().to_lowercase();
    let is_found = |choice: &&Choice| {
        !matches!(kind, Kind::Providers(_)) || choice.label.to_lowercase().contains(&find)
    };
    let view = |(number, choice): (usize, &Choice)| ChoiceView {
        id: format!("{id}-{}", number + 1),
        value: choice.value.to_string(),
        label: choice.label.to_string(),
        note: choice.note.to_string(),
        icon: choice.icon,
        checked: values.iter().any(|value| *value == choice.value),
    };
    let found = choices.iter().filter(is_found).enumerate();
    found.map(view).collect()
}
