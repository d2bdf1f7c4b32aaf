//! What is said about a violation. Nothing here repeats a value of the request: it may be a secret.

use std::fmt::Write as _;

use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use crate::domain::duration::DURATION;

use super::{known, limits, path::Place, violation::Rule};

/// Options that a sentence lists before it abbreviates.
const LISTED: usize = 12;
/// Options left over from a list that is abbreviated.
const SAMPLE: usize = 6;
/// The longest text that is compared with the options to suggest one.
const MAX_COMPARED: usize = 40;

/// What the patterns of the document's requests mean.
const PATTERNS: [(&str, &str); 14] = [
    (
        r"^[\x00-\x7F]+$",
        "must be made of ASCII characters, at least one",
    ),
    (
        r"^[Hh][Tt][Tt][Pp][Ss]://(([0-9A-Za-z!$&'()*+,;=:._~-]|%[0-9A-Fa-f]{2})*@)?(([0-9A-Za-z!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?([/?]([0-9A-Za-z!$&'()*+,;=:@/?._~-]|%[0-9A-Fa-f]{2})*)?(#([0-9A-Za-z!$&'()*+,;=:@/?._~-]|%[0-9A-Fa-f]{2})*)?$",
        "must be an https URL",
    ),
    (
        "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+([/?#]|$)",
        "must be an absolute http or https URL without a user name",
    ),
    (
        "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+([/?][^#]*)?$",
        "must be an absolute http or https URL without a user name or a fragment",
    ),
    (
        r"^([^\u0000-/:-@\[-`{-\u007f]([^\u0000-,./:-@\[-`{-\u007f]{0,61}[^\u0000-/:-@\[-`{-\u007f])?[.])+[^\u0000-@\[-`{-\u007f]([^\u0000-,./:-@\[-`{-\u007f]{0,61}[^\u0000-/:-@\[-`{-\u007f])?[.]?$",
        "must be a domain name such as example.com",
    ),
    (
        "^org_(test_idp|[0-7][0-9A-HJKMNP-TV-Z]{25})$",
        "must be the id of an organization, which begins with org_",
    ),
    (
        "^conn_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of a connection, which begins with conn_",
    ),
    (
        "^directory_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of a directory, which begins with directory_",
    ),
    (
        "^directory_user_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of a directory user, which begins with directory_user_",
    ),
    (
        "^directory_group_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of a directory group, which begins with directory_group_",
    ),
    (
        "^event_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of an event, which begins with event_",
    ),
    (
        "^ala_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of an audit log action, which begins with ala_",
    ),
    (
        "^als_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of an audit log schema, which begins with als_",
    ),
    (
        "^we_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "must be the id of a webhook endpoint, which begins with we_",
    ),
];

/// `subject` and `predicate` as a sentence.
pub(super) fn sentence(subject: &str, predicate: &str) -> String {
    let stop = if predicate.ends_with('?') { "" } else { "." };
    format!("{subject} {predicate}{stop}")
}

/// The rule that `kind` says is broken, and the end of a sentence about it.
pub(super) fn value(kind: &Kind, instance: &Value, place: &Place<'_>) -> (Rule, String) {
    match kind {
        Kind::Type { kind } => (Rule::InvalidType, must_be_of(types(kind).collect())),
        Kind::Enum { options } => (
            Rule::InvalidValue,
            one_of(
                options.as_array().map_or(&[], Vec::as_slice),
                instance,
                LISTED,
            ),
        ),
        Kind::Constant { expected_value } => (
            Rule::InvalidValue,
            format!("must be {}", plain(expected_value)),
        ),
        Kind::Format { format } => format_of(format),
        Kind::Pattern { pattern } => (
            Rule::NoMatch,
            known::own_words(&place.schemas).unwrap_or_else(|| matching(pattern)),
        ),
        Kind::MinLength { limit: 1 } => (Rule::TooShort, "must not be empty".to_owned()),
        Kind::MinLength { limit } => (
            Rule::TooShort,
            format!("must have at least {}", count(*limit, "character")),
        ),
        Kind::MaxLength { limit } => (
            Rule::TooLong,
            format!("must have at most {}", count(*limit, "character")),
        ),
        Kind::MinItems { limit } => (
            Rule::TooFew,
            format!("must have at least {}", count(*limit, "item")),
        ),
        Kind::MaxItems { limit } => (
            Rule::TooMany,
            format!("must have at most {}", count(*limit, "item")),
        ),
        Kind::AdditionalItems { limit } => (
            Rule::TooMany,
            format!("must have at most {}", count(*limit as u64, "item")),
        ),
        Kind::MinProperties { limit } => (
            Rule::TooFew,
            format!("must have at least {}", count(*limit, "member")),
        ),
        Kind::MaxProperties { limit } => (
            Rule::TooMany,
            format!("must have at most {}", count(*limit, "member")),
        ),
        Kind::Minimum { limit } => (Rule::OutOfRange, range(place, &format!("at least {limit}"))),
        Kind::Maximum { limit } => (Rule::OutOfRange, range(place, &format!("at most {limit}"))),
        Kind::ExclusiveMinimum { limit } => {
            (Rule::OutOfRange, format!("must be greater than {limit}"))
        }
        Kind::ExclusiveMaximum { limit } => {
            (Rule::OutOfRange, format!("must be less than {limit}"))
        }
        Kind::MultipleOf { multiple_of } => (
            Rule::OutOfRange,
            format!("must be a multiple of {multiple_of}"),
        ),
        Kind::Custom { keyword, message } if keyword == limits::KEYWORD => {
            (Rule::OutOfRange, message.clone())
        }
        Kind::UniqueItems => (
            Rule::Duplicate,
            "must not have the same item twice".to_owned(),
        ),
        Kind::UnevaluatedItems { .. } => (Rule::TooMany, "has more items than accepted".to_owned()),
        Kind::FalseSchema => (Rule::Unknown, "is not accepted here".to_owned()),
        Kind::OneOfMultipleValid { .. } => {
            let message = "has several of the accepted forms at once; give only one";
            (Rule::InvalidValue, message.to_owned())
        }
        _ => (
            Rule::InvalidValue,
            "has a value that is not accepted".to_owned(),
        ),
    }
}

/// What is wrong with the name of one of an object's members.
pub(super) fn name(error: &ValidationError<'_>) -> (Rule, String) {
    match error.kind() {
        Kind::MaxLength { limit } => {
            let limit = count(*limit, "character");
            (Rule::TooLong, format!("must have keys of at most {limit}"))
        }
        Kind::MinLength { limit: 1 } => (Rule::TooShort, "must not have an empty key".to_owned()),
        Kind::MinLength { limit } => {
            let limit = count(*limit, "character");
            (
                Rule::TooShort,
                format!("must have keys of at least {limit}"),
            )
        }
        Kind::Pattern { pattern } => (
            Rule::InvalidFormat,
            format!("must have keys that match the pattern {pattern}"),
        ),
        _ => (
            Rule::InvalidValue,
            "has a key that is not accepted".to_owned(),
        ),
    }
}

/// The types that `kind` names.
pub(super) fn types(kind: &TypeKind) -> impl Iterator<Item = JsonType> + use<> {
    let types: Vec<_> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => several.iter().collect(),
    };
    types.into_iter()
}

/// That the value has to be of one of `types`. `null` is passed over unless it is the only one: it is accepted in the place of
/// every optional value, and no one is helped by reading so.
pub(super) fn must_be_of(types: Vec<JsonType>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for kind in types {
        let name = match kind {
            JsonType::Array => "a list",
            JsonType::Boolean => "true or false",
            JsonType::Integer => "an integer",
            JsonType::Null => continue,
            JsonType::Number => "a number",
            JsonType::Object => "an object",
            JsonType::String => "a string",
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => "must be null".to_owned(),
        names => format!("must be {}", or(names)),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn or(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// That a value has to be one of `options`, and which of them `instance` may have been meant to be.
pub(super) fn one_of(options: &[Value], instance: &Value, most: usize) -> String {
    let (listed, rest) = listed(options, most);
    let mut predicate = match (listed.as_slice(), rest) {
        ([only], None) => format!("must be {only}"),
        (few, None) => format!("must be one of {}", few.join(", ")),
        (some, Some(rest)) => format!("must be one of {}, {rest}", some.join(", ")),
    };
    let all: Vec<String> = options.iter().map(plain).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    if let Some(nearest) = nearest(&all, instance) {
        _ = write!(predicate, ". Did you mean {nearest}?");
    }
    predicate
}

/// The options that a sentence lists, all of them up to `most`, and what it says about the rest.
pub(super) fn listed(options: &[Value], most: usize) -> (Vec<String>, Option<String>) {
    let options = options.iter().filter(|option| !option.is_null());
    let mut listed: Vec<String> = options.map(plain).collect();
    if listed.len() <= most {
        return (listed, None);
    }
    let rest = format!("… ({} in all)", listed.len());
    listed.truncate(SAMPLE);
    (listed, Some(rest))
}

/// The option that `instance` is most likely a slip of.
pub(super) fn nearest<'o>(options: &[&'o str], instance: &Value) -> Option<&'o str> {
    let text = instance
        .as_str()
        .filter(|text| text.len() <= MAX_COMPARED)?;
    let distance =
        |option: &&str| strsim::osa_distance(&text.to_lowercase(), &option.to_lowercase());
    let nearest = options.iter().min_by_key(|option| distance(option))?;
    (distance(nearest) <= 2.min(text.len() / 3)).then_some(nearest)
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn count(limit: u64, noun: &str) -> String {
    format!("{limit} {noun}{}", if limit == 1 { "" } else { "s" })
}

/// Both limits, where the document sets both.
fn range(place: &Place<'_>, one: &str) -> String {
    let limit = |keyword: &str| place.schemas.iter().find_map(|schema| schema.get(keyword));
    match (limit("minimum"), limit("maximum")) {
        (Some(least), Some(most)) => format!("must be between {least} and {most}"),
        _ => format!("must be {one}"),
    }
}

/// What a text has to be to match `pattern`.
pub(super) fn matching(pattern: &str) -> String {
    let meaning = PATTERNS.iter().find(|(known, _)| *known == pattern);
    meaning.map_or_else(
        || format!("must match the pattern {pattern}"),
        |(_, meaning)| (*meaning).to_owned(),
    )
}

fn format_of(format: &str) -> (Rule, String) {
    let rule = match format {
        "email" | "idn-email" => Rule::InvalidEmail,
        _ => Rule::InvalidFormat,
    };
    let predicate = match described(format) {
        Some(described) => format!("must be {described}"),
        None => format!("must have the format {format}"),
    };
    (rule, predicate)
}

/// What a text of a format is.
pub(super) fn described(format: &str) -> Option<&'static str> {
    let described = match format {
        "email" | "idn-email" => "an e-mail address",
        "uri" => "an absolute URL, such as https://example.com/path",
        "date-time" => "a date and time, such as 2030-01-31T12:00:00Z",
        "date" => "a date, such as 2030-01-31",
        "hostname" => "a host name, such as example.com",
        "uuid" => "a UUID",
        "regex" => "a regular expression",
        "duration" => DURATION,
        _ => return None,
    };
    Some(described)
}
