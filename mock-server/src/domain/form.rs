//! What a step of the portal asks for, and what is answered: by a person on a page or by a control call, in the same words.

use std::borrow::Cow;

use super::answers::Answers;
use super::error::{Rule, Violation};

/// Words that are fixed or made up of what is known.
pub(crate) type Words = Cow<'static, str>;

/// How many bytes one answer may have.
const LONGEST_LINE: usize = 4_096;
/// How many bytes a document that is pasted may have.
const LONGEST_DOCUMENT: usize = 256 * 1024;
/// How many values one field may have.
const MOST_VALUES: usize = 1_000;

/// One thing that a step asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Names the answer; distinct within a part of the portal.
    pub(crate) name: &'static str,
    /// What a person calls it.
    pub(crate) label: Words,
    /// What helps to answer; may be empty.
    pub(crate) hint: Words,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// What is answered unless something else is: what was answered before, or what is usual.
    pub(crate) value: Vec<String>,
    /// What stands in for a real answer.
    pub(crate) sample: Vec<String>,
}

/// How a field is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line of text.
    Text,
    /// A line that nobody should read over a shoulder.
    Secret,
    /// An address, absolute, `http` or `https`.
    Url,
    /// A document that is pasted: PEM, XML, JSON.
    Document,
    /// A whole number between the two, both included.
    Number {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// One of several, all in sight.
    Choice(Vec<Choice>),
    /// One of many, in a list that opens.
    Select(Vec<Choice>),
    /// One of many providers, each with an icon.
    Providers(Vec<Choice>),
    /// Any of several.
    Many(Vec<Choice>),
    /// Exactly these words, so that nobody does it by mistake.
    Phrase(&'static str),
    /// Carried along unseen, such as the id of what a form is about.
    Hidden,
}

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: Words,
    pub(crate) label: Words,
    /// More about it; may be empty.
    pub(crate) note: Words,
    /// What the icon of a provider is filed under.
    pub(crate) icon: Option<&'static str>,
}

impl Choice {
    /// A choice without more about it.
    pub(crate) fn new(value: impl Into<Words>, label: impl Into<Words>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: Words::Borrowed(""),
            icon: None,
        }
    }

    /// The same with more about it.
    pub(crate) fn note(self, note: impl Into<Words>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }

    /// The same with an icon.
    pub(crate) fn icon(self, slug: &'static str) -> Self {
        Self {
            icon: Some(slug),
            ..self
        }
    }
}

impl Field {
    /// A field that has to be answered.
    pub(crate) fn new(name: &'static str, label: impl Into<Words>, kind: Kind) -> Self {
        Self {
            name,
            label: label.into(),
            hint: Words::Borrowed(""),
            kind,
            required: true,
            value: Vec::new(),
            sample: Vec::new(),
        }
    }

    /// A field in which exactly these words have to be typed before something is lost.
    pub(crate) fn confirmation(phrase: &'static str) -> Self {
        let hint = format!("Type “{phrase}”.");
        Self::new("confirmation", "Confirmation", Kind::Phrase(phrase)).hint(hint)
    }

    /// The same, which may be left empty.
    pub(crate) fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    /// The same with what helps to answer.
    pub(crate) fn hint(self, hint: impl Into<Words>) -> Self {
        Self {
            hint: hint.into(),
            ..self
        }
    }

    /// The same with what is answered already.
    pub(crate) fn value(self, value: impl Into<String>) -> Self {
        Self {
            value: vec![value.into()],
            ..self
        }
    }

    /// The same with what is answered already, if it is.
    pub(crate) fn current(self, value: Option<impl Into<String>>) -> Self {
        Self {
            value: value.map(Into::into).into_iter().collect(),
            ..self
        }
    }

    /// The same with a sample that stands in for a real answer.
    pub(crate) fn sample(self, sample: impl Into<String>) -> Self {
        Self {
            sample: vec![sample.into()],
            ..self
        }
    }

    fn check(&self, answers: &Answers, violations: &mut Vec<Violation>) {
        let mut wrong = |rule, predicate: &str| {
            let message = format!("{} {predicate}.", self.label);
            violations.push(Violation::new(self.name, rule, message));
        };
        let values = answers.all(self.name);
        if values.is_empty() {
            if self.required {
                wrong(Rule::Required, "is required");
            }
            return;
        }
        let single = !matches!(self.kind, Kind::Many(_));
        if single && values.len() > 1 {
            wrong(Rule::TooMany, "takes one value");
        } else if values.len() > MOST_VALUES {
            wrong(Rule::TooMany, "has too many values");
        }
        let longest = if self.kind == Kind::Document {
            LONGEST_DOCUMENT
        } else {
            LONGEST_LINE
        };
        if values.iter().any(|value| value.len() > longest) {
            wrong(Rule::Value, "is too long");
            return;
        }
        if values
            .iter()
            .any(|value| value.chars().any(|c| c.is_control() && !is_space(c)))
        {
            wrong(Rule::Format, "has characters that cannot be written");
            return;
        }
        match &self.kind {
            Kind::Choice(choices)
            | Kind::Select(choices)
            | Kind::Providers(choices)
            | Kind::Many(choices) => {
                let known = |value: &&str| choices.iter().any(|choice| choice.value == **value);
                if !values.iter().all(known) {
                    wrong(Rule::Value, "is none of the choices");
                }
            }
            Kind::Number { least, most } => {
                let number = values[0].parse::<u32>();
                if !number.is_ok_and(|number| (*least..=*most).contains(&number)) {
                    wrong(
                        Rule::Value,
                        &format!("has to be a whole number from {least} to {most}"),
                    );
                }
            }
            Kind::Phrase(phrase) if values[0] != *phrase => {
                wrong(Rule::Value, &format!("has to be “{phrase}”"));
            }
            Kind::Url if !is_web_address(values[0]) => {
                wrong(
                    Rule::Format,
                    "has to be an address that begins with https:// or http://",
                );
            }
            Kind::Text
            | Kind::Secret
            | Kind::Url
            | Kind::Document
            | Kind::Phrase(_)
            | Kind::Hidden => {}
        }
    }
}

/// What has to hold of every answer, whatever it is about: there, one of the choices, within bounds.
pub(crate) fn check(fields: &[Field], answers: &Answers) -> Vec<Violation> {
    let mut violations = Vec::new();
    for field in fields {
        field.check(answers, &mut violations);
    }
    violations
}

fn is_space(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    fn rules(field: Field, pairs: &[(&str, &str)]) -> Vec<(String, Rule)> {
        let found = check(&[field], &answers(pairs));
        let short = |violation: Violation| (violation.field, violation.rule);
        found.into_iter().map(short).collect()
    }

    #[test]
    fn what_is_blank_is_not_answered() {
        let field = || Field::new("name", "The name", Kind::Text);
        assert_eq!(
            rules(field(), &[("name", " \n")]),
            [("name".into(), Rule::Required)]
        );
        assert!(rules(field().optional(), &[]).is_empty());
        assert!(rules(field(), &[("name", " x ")]).is_empty());
        assert_eq!(answers(&[("name", " x ")]).text("name"), Some("x"));
    }

    #[test]
    fn each_kind_has_its_bounds() {
        let choices = || vec![Choice::new("a", "A"), Choice::new("b", "B")];
        let long = "x".repeat(LONGEST_LINE + 1);
        for (kind, good, bad) in [
            (Kind::Choice(choices()), "a", "c"),
            (Kind::Select(choices()), "b", "A"),
            (Kind::Number { least: 1, most: 5 }, "5", "6"),
            (Kind::Number { least: 1, most: 5 }, "1", "1.5"),
            (Kind::Phrase("DELETE"), "DELETE", "delete"),
            (Kind::Url, "https://idp.example/x", "javascript:alert(1)"),
            (Kind::Url, "http://localhost:1/", "https://a:b@idp.example/"),
            (Kind::Text, "x", long.as_str()),
            (Kind::Text, "x", "a\0b"),
        ] {
            let field = || Field::new("it", "It", kind.clone());
            assert!(rules(field(), &[("it", good)]).is_empty(), "{kind:?}");
            assert_eq!(rules(field(), &[("it", bad)]).len(), 1, "{kind:?}");
        }
    }

    #[test]
    fn one_answer_is_one_answer() {
        let pairs = [("it", "a"), ("it", "b")];
        assert_eq!(
            rules(Field::new("it", "It", Kind::Text), &pairs),
            [("it".into(), Rule::TooMany)]
        );
        let many = Kind::Many(vec![Choice::new("a", "A"), Choice::new("b", "B")]);
        assert!(rules(Field::new("it", "It", many), &pairs).is_empty());
    }
}
