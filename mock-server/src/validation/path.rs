//! Where in a request a violation lies, as a person names it.

use serde_json::Value;

use super::{plan::Plan, schema};

/// The longest member name that a field repeats. Declared names are shorter; others are the sender's.
const MAX_NAME: usize = 40;

/// One step down into a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

impl Step {
    pub(super) fn member(name: &str) -> Self {
        Self::Member(name.to_owned())
    }
}

/// Reads a JSON pointer into `request`.
pub(super) fn steps(request: &Value, pointer: &str) -> Vec<Step> {
    let mut here = Some(request);
    let mut steps = Vec::new();
    for token in pointer.split('/').skip(1) {
        let index = token
            .parse()
            .ok()
            .filter(|_| here.is_some_and(Value::is_array));
        if let Some(index) = index {
            steps.push(Step::Item(index));
            here = here.and_then(|value| value.get(index));
        } else {
            let name = token.replace("~1", "/").replace("~0", "~");
            here = here.and_then(|value| value.get(&name));
            steps.push(Step::Member(name));
        }
    }
    steps
}

/// A place in a request, and what the document says about it.
#[derive(Debug)]
pub(super) struct Place<'p> {
    /// The dotted path, a parameter's name, or the part of the request: `body`, `query`.
    pub(super) field: String,
    /// The declared names of `field` in snake case: what a code starts with.
    pub(super) code: String,
    /// Orders places as the document declares them.
    pub(super) rank: Vec<usize>,
    /// The schemas that speak about the place.
    pub(super) schemas: Vec<&'p Value>,
    /// Every `x-violation` on the way, outermost first.
    pub(super) overrides: Vec<&'p Value>,
    /// Whether the place is an item of a list in the query, which has no field of its own.
    pub(super) one_of_many: bool,
}

impl<'p> Place<'p> {
    pub(super) fn find(plan: &'p Plan, steps: &[Step]) -> Self {
        let mut place = Self {
            field: String::new(),
            code: String::new(),
            rank: Vec::new(),
            schemas: schema::expand(plan.document, &plan.root),
            overrides: Vec::new(),
            one_of_many: false,
        };
        let in_body = steps.first() == Some(&Step::member("body"));
        for (depth, step) in steps.iter().enumerate() {
            let found = match step {
                Step::Item(index) => {
                    place.rank.push(*index);
                    if in_body {
                        place.add_to_field(&index.to_string());
                    } else {
                        place.one_of_many = true;
                    }
                    schema::items(&place.schemas)
                }
                Step::Member(name) => {
                    let declared = schema::property(&place.schemas, name);
                    place
                        .rank
                        .push(declared.map_or(usize::MAX, |(position, _)| position));
                    if depth > 0 {
                        place.add_to_field(name);
                        if declared.is_some() {
                            place.add_to_code(name);
                        }
                    }
                    declared
                        .map(|(_, schema)| schema)
                        .or_else(|| schema::other_members(&place.schemas))
                }
            };
            place.schemas =
                found.map_or_else(Vec::new, |found| schema::expand(plan.document, found));
            let overrides = place
                .schemas
                .iter()
                .filter_map(|schema| schema.get("x-violation"));
            place.overrides.extend(overrides);
        }
        let part = match steps.first() {
            Some(Step::Member(part)) => part,
            _ => "body",
        };
        if place.field.is_empty() {
            part.clone_into(&mut place.field);
        }
        if place.code.is_empty() {
            part.clone_into(&mut place.code);
        }
        place
    }

    fn add_to_field(&mut self, name: &str) {
        if !self.field.is_empty() {
            self.field.push('.');
        }
        match name.char_indices().nth(MAX_NAME) {
            Some((end, _)) => {
                self.field.push_str(&name[..end]);
                self.field.push('…');
            }
            None => self.field.push_str(name),
        }
    }

    fn add_to_code(&mut self, name: &str) {
        if !self.code.is_empty() {
            self.code.push('_');
        }
        for (index, character) in name.char_indices() {
            if character.is_ascii_uppercase() && index > 0 && !self.code.ends_with('_') {
                self.code.push('_');
            }
            self.code.push(if character.is_ascii_alphanumeric() {
                character.to_ascii_lowercase()
            } else {
                '_'
            });
        }
    }

    /// What a sentence about the place starts with.
    pub(super) fn subject(&self) -> String {
        match self.field.as_str() {
            part @ ("body" | "query") if self.rank.len() == 1 => format!("The {part}"),
            field if self.one_of_many => format!("Each value of {field}"),
            field => field.to_owned(),
        }
    }
}
