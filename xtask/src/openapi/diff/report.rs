//! The changes as text: one line each, breaking ones first, and a last line that counts.

use std::{collections::BTreeSet, io::Write};

use anyhow::Result;
use serde_json::Value;

use super::{Change, rules::Kind};

/// Branches of a union that are named in a place; of further ones only the number is told.
const NAMED: usize = 3;
/// Columns are aligned up to this width.
const WIDEST: usize = 64;

pub(super) fn print(changes: &[Change], out: &mut dyn Write) -> Result<()> {
    let lines: Vec<_> = changes.iter().map(line).collect();
    let width = |column: usize| {
        let lengths = lines.iter().map(|line| line[column].chars().count());
        lengths
            .filter(|length| *length <= WIDEST)
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let breaking = changes.iter().filter(|change| change.breaking).count();
    for (index, [mark, operations, place, sentence]) in lines.iter().enumerate() {
        if index == breaking && index > 0 {
            writeln!(out)?;
        }
        let [marks, all_operations, places] = widths;
        writeln!(
            out,
            "{mark:<marks$}  {operations:<all_operations$}  {place:<places$}  {sentence}"
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
            "\n{all} difference{} in {} operation{}: {breaking} breaking, {} compatible",
            plural(all),
            concerned.len(),
            plural(concerned.len()),
            all - breaking
        )?,
    }
    Ok(())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Mark, operations, place, what changed.
fn line(change: &Change) -> [String; 4] {
    let mark = if change.breaking {
        "breaking"
    } else {
        "compatible"
    };
    let mut operations = change
        .operations
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    if change.operations.len() > 1 {
        operations = format!("{operations} +{}", change.operations.len() - 1);
    }
    [
        mark.to_owned(),
        operations,
        short(&change.place),
        sentence(change),
    ]
}

/// A place in which not more than a few branches of a union are named.
pub(super) fn short(place: &str) -> String {
    let parts = place
        .split_once('(')
        .and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    let Some((before, (branches, after))) = parts else {
        return place.to_owned();
    };
    let branches: Vec<_> = branches.split(", ").collect();
    match branches.len() {
        few if few <= NAMED => place.to_owned(),
        all => format!(
            "{before}({} and {} more){after}",
            branches[..NAMED - 1].join(", "),
            all + 1 - NAMED
        ),
    }
}

/// What changed, in words.
pub(super) fn sentence(change: &Change) -> String {
    let (before, after) = (&change.before, &change.after);
    match change.kind {
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
        Kind::ValuesAdded => format!("values added: {}", list(after, "", ", ")),
        Kind::ValuesRemoved => format!("values removed: {}", list(before, "", ", ")),
        Kind::ValuesReplaced => format!("{} → {}", list(before, "", ", "), list(after, "", ", ")),
        Kind::VariantsAdded => format!("variants added: {}", list(after, "", ", ")),
        Kind::VariantsRemoved => format!("variants removed: {}", list(before, "", ", ")),
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
