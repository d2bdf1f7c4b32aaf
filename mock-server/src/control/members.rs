//! Reads the members of a body, and collects everything that is wrong with them.

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::answer::FieldError;
use crate::config::values::{self, NoDuration};

/// An object of a body. A member that is `null` is as good as missing.
pub(super) struct Members<'a> {
    object: &'a Map<String, Value>,
    /// The dotted path of the object, with a dot at the end unless it is the body.
    path: String,
    errors: &'a mut Vec<FieldError>,
}

impl<'a> Members<'a> {
    /// The members of `value`, which has no others than `names`. `path` is empty for the body itself.
    pub(super) fn of(
        value: &'a Value,
        path: &str,
        names: &[&str],
        errors: &'a mut Vec<FieldError>,
    ) -> Option<Self> {
        let Some(object) = value.as_object() else {
            let (field, what) = match path {
                "" => ("body", "The body"),
                path => (path, path),
            };
            let message = format!("{what} must be an object.");
            errors.push(FieldError::new(field, "invalid_type", message));
            return None;
        };
        let path = match path {
            "" => String::new(),
            path => format!("{path}."),
        };
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            let message = format!("There is no member '{name}'; there are {}.", list(names));
            errors.push(FieldError::new(
                &format!("{path}{name}"),
                "unknown",
                message,
            ));
        }
        Some(Self {
            object,
            path,
            errors,
        })
    }

    /// The member as it is.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// A member that has to be there.
    pub(super) fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if self.get(name).is_none() {
            self.wrong(name, "required", "is required");
        }
        value
    }

    /// Text of at least one character.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) if text.is_empty() => {
                self.wrong(name, "too_short", "must not be empty");
                None
            }
            Value::String(text) => Some(text.clone()),
            _ => {
                self.wrong(name, "invalid_type", "must be text");
                None
            }
        }
    }

    /// One of several words.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(name)?;
        let found = all.iter().copied().find(|one| word(*one) == text);
        if found.is_none() {
            let words: Vec<_> = all.iter().map(|one| word(*one)).collect();
            self.wrong(
                name,
                "invalid_value",
                &format!("must be one of {}", list(&words)),
            );
        }
        found
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        if !value.is_boolean() {
            self.wrong(name, "invalid_type", "must be true or false");
        }
        value.as_bool()
    }

    /// A whole number in a range.
    pub(super) fn integer(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.get(name)?;
        if !value.is_i64() && !value.is_u64() {
            self.wrong(name, "invalid_type", "must be a whole number");
            return None;
        }
        let number = value.as_u64().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            let message = format!("must be from {least} to {most}");
            self.wrong(name, "out_of_range", &message);
        }
        number
    }

    /// A duration that is not negative and no longer than `longest`.
    pub(super) fn duration(
        &mut self,
        name: &str,
        longest: SignedDuration,
    ) -> Option<SignedDuration> {
        let text = self.text(name)?;
        match values::duration(&text) {
            Err(NoDuration::Malformed) => {
                let message = format!("must be {}", values::DURATION);
                self.wrong(name, "invalid_format", &message);
                None
            }
            Ok(duration) if !duration.is_negative() && duration <= longest => Some(duration),
            Ok(_) | Err(NoDuration::OutOfRange) => {
                let message = format!("must be from zero to {longest:#}");
                self.wrong(name, "out_of_range", &message);
                None
            }
        }
    }

    /// Says what is wrong with a member: `predicate` is the rest of a sentence that its name begins.
    pub(super) fn wrong(&mut self, name: &str, rule: &str, predicate: &str) {
        let field = format!("{}{name}", self.path);
        let message = format!("{field} {predicate}.");
        self.errors.push(FieldError::new(&field, rule, message));
    }
}

/// `a, b and c`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
