//! Schemas as a person reads them.

use serde_json::Value;

/// Options that are told where a type is named; more are told where it is described.
const FEW: usize = 6;

/// A piece of a type's description: text, or the name of another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether `text` names a type that the page describes.
    pub(super) is_type: bool,
}

impl Piece {
    fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_type: false,
        }
    }
}

/// A member of an object, or a parameter.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) required: bool,
    pub(super) description: String,
}

/// One of the words that a type consists of.
pub(super) struct Word {
    pub(super) word: String,
    pub(super) description: String,
}

/// A type with a name.
pub(super) struct Type {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) members: Vec<Member>,
    pub(super) words: Vec<Word>,
    /// What it is, where it is neither an object nor words.
    pub(super) pieces: Vec<Piece>,
}

impl Type {
    pub(super) fn new(name: &str, schema: &Value) -> Self {
        let (members, words) = (members(schema), words(schema));
        let is_told = !members.is_empty() || !words.is_empty();
        Self {
            name: name.to_owned(),
            description: text(&schema["description"]),
            members,
            words,
            pieces: if is_told { Vec::new() } else { pieces(schema) },
        }
    }
}

/// The members of an object.
pub(super) fn members(schema: &Value) -> Vec<Member> {
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, schema)| Member {
            name: name.clone(),
            pieces: pieces(schema),
            required: is_required(name),
            description: text(&schema["description"]),
        })
        .collect()
}

/// The words that a value is one of, with what they mean.
fn words(schema: &Value) -> Vec<Word> {
    let word = |value: &Value, description: &Value| {
        value.as_str().map(|word| Word {
            word: word.to_owned(),
            description: text(description),
        })
    };
    let listed = schema["enum"].as_array().into_iter().flatten();
    let branches = schema["oneOf"].as_array().into_iter().flatten();
    let of_branches = branches.flat_map(|branch| {
        let listed = branch["enum"].as_array().into_iter().flatten();
        listed
            .chain(branch.get("const"))
            .filter_map(|value| word(value, &branch["description"]))
            .collect::<Vec<_>>()
    });
    listed
        .filter_map(|value| word(value, &Value::Null))
        .chain(of_branches)
        .collect()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What a value has to be.
pub(super) fn pieces(schema: &Value) -> Vec<Piece> {
    let mut pieces = Vec::new();
    form(schema, &mut pieces);
    let limits = limits(schema);
    if !limits.is_empty() {
        pieces.push(Piece::text(format!(", {}", limits.join(", "))));
    }
    pieces
}

fn form(schema: &Value, into: &mut Vec<Piece>) {
    if let Some(name) = schema["$ref"].as_str() {
        into.push(Piece {
            text: name.rsplit('/').next().unwrap_or(name).to_owned(),
            is_type: true,
        });
        return;
    }
    let words = words(schema);
    if !words.is_empty() && words.len() <= FEW {
        let quoted: Vec<_> = words
            .iter()
            .map(|one| format!("\"{}\"", one.word))
            .collect();
        into.push(Piece::text(quoted.join(" or ")));
        return;
    }
    if let Some(constant) = schema.get("const") {
        into.push(Piece::text(constant.to_string()));
        return;
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(branches) = schema[choice].as_array() {
            for (index, branch) in branches.iter().enumerate() {
                if index > 0 {
                    into.push(Piece::text(" or "));
                }
                form(branch, into);
            }
            return;
        }
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    for (index, kind) in kinds.into_iter().enumerate() {
        if index > 0 {
            into.push(Piece::text(" or "));
        }
        of_kind(kind, schema, into);
    }
}

fn of_kind(kind: &str, schema: &Value, into: &mut Vec<Piece>) {
    match kind {
        "array" => {
            into.push(Piece::text("list of "));
            form(&schema["items"], into);
        }
        "object" => match &schema["additionalProperties"] {
            values @ Value::Object(_) => {
                into.push(Piece::text("names with "));
                form(values, into);
            }
            _ => into.push(Piece::text("any object")),
        },
        "string" => {
            let form = match schema["format"].as_str() {
                Some("duration") => "duration",
                Some("date-time") => "instant",
                Some("uri") => "address",
                _ => "string",
            };
            into.push(Piece::text(form));
        }
        other => into.push(Piece::text(other)),
    }
}

/// What else holds for a value, beside its form.
fn limits(schema: &Value) -> Vec<String> {
    let mut limits = Vec::new();
    let number = |name: &str| schema.get(name).filter(|limit| limit.is_number());
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => limits.push(format!("{least} to {most}")),
        (Some(least), None) => limits.push(format!("at least {least}")),
        (None, Some(most)) => limits.push(format!("at most {most}")),
        (None, None) => {}
    }
    match (
        schema["minLength"].as_u64().unwrap_or(0),
        schema["maxLength"].as_u64(),
    ) {
        (0, None) => {}
        (1, None) => limits.push("not empty".to_owned()),
        (least, None) => limits.push(format!("at least {least} characters")),
        (least, Some(most)) => limits.push(format!("{least} to {most} characters")),
    }
    let duration = |name: &str| schema["x-duration"][name].as_str();
    limits.extend(duration("above").map(|limit| format!("longer than {limit}")));
    limits.extend(duration("from").map(|limit| format!("at least {limit}")));
    limits.extend(duration("to").map(|limit| format!("at most {limit}")));
    let usual = &schema["default"];
    if usual.is_string() || usual.is_number() || usual.is_boolean() {
        limits.push(format!("usually {usual}"));
    }
    limits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_read_as_a_person_says_them() {
        for (schema, expected) in [
            (
                json!({"type": "string", "minLength": 1}),
                "string, not empty",
            ),
            (
                json!({"type": ["integer", "null"], "minimum": 1, "maximum": 100}),
                "integer or null, 1 to 100",
            ),
            (
                json!({"anyOf": [{"$ref": "#/components/schemas/Intent"}, {"type": "null"}]}),
                "<Intent> or null",
            ),
            (
                json!({"type": "array", "items": {"$ref": "#/components/schemas/Role"}}),
                "list of <Role>",
            ),
            (
                json!({"type": "string", "format": "duration", "x-duration": {"above": "PT0S", "to": "P3650D"}, "default": "PT5M"}),
                "duration, longer than PT0S, at most P3650D, usually \"PT5M\"",
            ),
            (
                json!({"oneOf": [{"type": "string", "const": "off"}, {"type": "string", "enum": ["a"]}]}),
                "\"off\" or \"a\"",
            ),
            (json!({"type": "string", "const": "list"}), "\"list\""),
            (
                json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
                "names with boolean",
            ),
            (json!(true), "anything"),
        ] {
            let told: String = pieces(&schema)
                .into_iter()
                .map(|piece| {
                    if piece.is_type {
                        format!("<{}>", piece.text)
                    } else {
                        piece.text
                    }
                })
                .collect();
            assert_eq!(told, expected, "{schema}");
        }
    }
}
