//! The changes as text: one line each, breaking ones first, and a last line that counts.

use std::{collections::BTreeSet, io::Write};

use anyhow::Result;
use serde_json::Value;

use super::{Change, rules::Kind};

/// Operations that are named in a line; of further ones only the number is told.
const NAMED: usize = 2;
/// Columns are aligned up to this width.
const WIDEST: usize = 60;

pub(super) fn print(changes: &[Change], out: &mut dyn Write) -> Result<()> {
    let lines: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                mark(change),
                &change.place,
                sentence(change),
                operations(change),
            )
        })
        .collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| {
        lengths
            .filter(|length| *length <= WIDEST)
            .max()
            .unwrap_or(0)
    };
    let places = widest(&mut lines.iter().map(|line| line.1.chars().count()));
    let sentences = widest(&mut lines.iter().map(|line| line.2.chars().count()));
    let breaking = changes.iter().filter(|change| change.breaking).count();
    for (index, (mark, place, sentence, operations)) in lines.iter().enumerate() {
        if index == breaking && index > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{mark:<8}  {place:<places$}  {sentence:<sentences$}  {operations}"
        )?;
    }
    let concerned: BTreeSet<_> = changes
        .iter()
        .flat_map(|change| &change.operations)
        .collect();
    match changes.len() {
        0 => writeln!(out, "no difference for our operations")?,
        all => writeln!(
            out,
            "\n{all} differences in {} operations: {breaking} breaking, {} not",
            concerned.len(),
            all - breaking
        )?,
    }
    Ok(())
}

fn mark(change: &Change) -> &'static str {
    if change.breaking { "breaking" } else { "no" }
}

fn operations(change: &Change) -> String {
    let named: Vec<_> = change
        .operations
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    match change.operations.len() {
        all if all > NAMED => format!("{} and {} more", named.join(", "), all - NAMED),
        _ => named.join(", "),
    }
}

/// What changed, in words.
fn sentence(change: &Change) -> String {
    let (before, after) = (&change.before, &change.after);
    match change.change {
        Kind::Added => format!("added{}", what(after)),
        Kind::Removed => format!("removed{}", what(before)),
        Kind::BecameRequired => "optional → required".to_owned(),
        Kind::BecameOptional => "required → optional".to_owned(),
        Kind::NullAllowed => "may be null now".to_owned(),
        Kind::NullForbidden => "is never null now".to_owned(),
        Kind::Type => format!(
            "type {} → {}",
            list(before, "any", " or "),
            list(after, "any", " or ")
        ),
        Kind::ValuesListed => format!("any value → only {}", list(after, "", ", ")),
        Kind::ValuesOpened => format!("only {} → any value", list(before, "", ", ")),
        Kind::ValuesAdded => format!("new values {}", list(after, "", ", ")),
        Kind::ValuesRemoved => format!("lost values {}", list(before, "", ", ")),
        Kind::ValuesReplaced => format!("{} → {}", list(before, "", ", "), list(after, "", ", ")),
        Kind::VariantsAdded => format!("new variants {}", list(after, "", ", ")),
        Kind::VariantsRemoved => format!("lost variants {}", list(before, "", ", ")),
        Kind::Format => format!("format {} → {}", plain(before), plain(after)),
        Kind::Limit | Kind::Keyword => limit(before, after),
        Kind::OtherMembers => format!(
            "members without a name: {} → {}",
            plain(before),
            plain(after)
        ),
        Kind::Default => format!("default {} → {}", plain(before), plain(after)),
        Kind::Deprecated if *after == true => "is deprecated now".to_owned(),
        Kind::Deprecated => "is no longer deprecated".to_owned(),
        Kind::Renamed => format!("is called {} now", plain(after)),
        Kind::Serialization => format!("is written {} → {}", plain(before), plain(after)),
        Kind::Security | Kind::Servers => format!("{before} → {after}"),
    }
}

/// `, optional string` of a member or parameter; nothing where the place says it all.
fn what(value: &Value) -> String {
    let Some(schema) = value.get("schema") else {
        return String::new();
    };
    let need = if value["required"] == true {
        "required"
    } else {
        "optional"
    };
    format!(", {need} {}", brief(schema))
}

/// A schema in a few words.
fn brief(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return target.rsplit('/').next().unwrap_or(target).to_owned();
    }
    if let Some(value) = schema.get("const") {
        return plain(value);
    }
    if let Some(values) = schema.get("enum") {
        return format!("one of {}", list(values, "", ", "));
    }
    for (keyword, joint) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(branches) = schema[keyword].as_array() {
            return branches.iter().map(brief).collect::<Vec<_>>().join(joint);
        }
    }
    if schema["type"] == "array" {
        return format!("list of {}", brief(&schema["items"]));
    }
    list(&schema["type"], "value", " or ")
}

fn list(value: &Value, nothing: &str, joint: &str) -> String {
    match value {
        Value::Null => nothing.to_owned(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(joint),
        one => plain(one),
    }
}

/// `maxLength 40 → 80`.
fn limit(before: &Value, after: &Value) -> String {
    let keyword = before
        .as_object()
        .or(after.as_object())
        .and_then(|limit| limit.keys().next());
    let keyword = keyword.map_or("", String::as_str);
    format!(
        "{keyword} {} → {}",
        plain(&before[keyword]),
        plain(&after[keyword])
    )
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
