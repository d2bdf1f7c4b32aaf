//! JSON. Of each value that is read, the text is known, and so is its place.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Number};

use super::{DEEPEST, Entry, Node, TOO_DEEP, Unreadable, What};

pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| placed(text, &error))?;
    node(text, raw, 0)
}

/// Where an error is, by its line and column.
fn placed(text: &str, error: &Error) -> Unreadable {
    let lines = text.split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let message = error.to_string();
    let why = message.rsplit_once(" at line ");
    Unreadable {
        at: text.len().min(before + error.column().saturating_sub(1)),
        why: why.map_or(message.as_str(), |(why, _)| why).to_owned(),
    }
}

fn node(text: &str, raw: &RawValue, depth: usize) -> Result<Node, Unreadable> {
    let written = raw.get();
    let start = offset(text, written);
    let wrong = |why: &str| Unreadable {
        at: start,
        why: why.to_owned(),
    };
    if depth > DEEPEST {
        return Err(wrong(TOO_DEEP));
    }
    let what = match written.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = inner(written).map_err(|why| wrong(&why))?;
            What::Table(table(text, members, depth)?)
        }
        Some(b'[') => {
            let Elements(elements) = inner(written).map_err(|why| wrong(&why))?;
            let nodes = elements.into_iter().map(|raw| node(text, raw, depth + 1));
            What::List(nodes.collect::<Result<_, _>>()?)
        }
        Some(b'"') => What::Text(inner(written).map_err(|why| wrong(&why))?),
        Some(b't') => What::Bool(true),
        Some(b'f') => What::Bool(false),
        Some(b'n') => What::Null,
        _ => What::Number(inner::<Number>(written).map_err(|why| wrong(&why))?),
    };
    Ok(Node {
        start,
        end: start + written.len(),
        what,
    })
}

fn table(
    text: &str,
    members: Vec<(&RawValue, &RawValue)>,
    depth: usize,
) -> Result<Vec<Entry>, Unreadable> {
    let mut entries = Vec::with_capacity(members.len());
    let mut seen = std::collections::HashSet::new();
    for (key, value) in members {
        let at = offset(text, key.get());
        let wrong = |why: String| Unreadable { at, why };
        let key: String = inner(key.get()).map_err(wrong)?;
        if !seen.insert(key.clone()) {
            return Err(wrong(format!("the key `{key}` comes twice")));
        }
        let value = node(text, value, depth + 1)?;
        entries.push(Entry { key, at, value });
    }
    Ok(entries)
}

fn inner<'t, T: Deserialize<'t>>(written: &'t str) -> Result<T, String> {
    serde_json::from_str(written).map_err(|error| error.to_string())
}

/// Where `part` of `text` begins.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);
struct Elements<'t>(Vec<&'t RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Elements<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Elements<'de>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }

        deserializer.deserialize_seq(Reader)
    }
}
