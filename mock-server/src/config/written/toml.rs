//! TOML.

use serde_json::Number;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{DEEPEST, Entry, Node, TOO_DEEP, Unreadable, What};

pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let table = DeTable::parse(text).map_err(|error| Unreadable {
        at: error.span().unwrap_or(0..0).start,
        why: error.message().to_owned(),
    })?;
    let what = self::table(table.get_ref(), 0)?;
    Ok(Node {
        start: 0,
        end: text.len(),
        what,
    })
}

fn table(table: &DeTable<'_>, depth: usize) -> Result<What, Unreadable> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        entries.push(Entry {
            key: key.get_ref().clone().into_owned(),
            at: key.span().start,
            value: node(value, depth + 1)?,
        });
    }
    // Tables come in the order of their keys.
    entries.sort_by_key(|entry| entry.at);
    Ok(What::Table(entries))
}

fn node(value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Unreadable> {
    let span = value.span();
    if depth > DEEPEST {
        return Err(Unreadable {
            at: span.start,
            why: TOO_DEEP.to_owned(),
        });
    }
    let what = match value.get_ref() {
        DeValue::String(text) => What::Text(text.clone().into_owned()),
        DeValue::Integer(integer) => number(integer),
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| What::Text(float.to_string()), What::Number)
        }
        DeValue::Boolean(value) => What::Bool(*value),
        DeValue::Datetime(at) => What::Text(at.to_string()),
        DeValue::Array(list) => {
            let nodes = list.iter().map(|value| node(value, depth + 1));
            What::List(nodes.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => table(inner, depth)?,
    };
    Ok(Node {
        start: span.start,
        end: span.end,
        what,
    })
}

/// A number that nothing can hold is left as it is written, which nothing expects.
fn number(integer: &DeInteger<'_>) -> What {
    let (digits, radix) = (integer.as_str(), integer.radix());
    let signed = i64::from_str_radix(digits, radix).map(Number::from);
    let number = signed.or_else(|_| u64::from_str_radix(digits, radix).map(Number::from));
    number.map_or_else(|_| What::Text(digits.to_owned()), What::Number)
}
