//! JSON as this server reads it: every text can be stored, and nothing is said twice.
//!
//! The JSON standard leaves open what two members with one name mean (RFC 8259, section 4), and databases that keep text cannot
//! keep U+0000. Both are mistakes of whoever sends them, so both are refused, by whoever reads a body.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Error, Map, Number, Value};

/// The longest name of a member that an error repeats.
const MAX_NAME: usize = 40;

/// Reads a document.
///
/// # Errors
/// It is no JSON, or nested more deeply than 128 levels; or, as a data error ([`Error::is_data`]), an object of it has a member
/// twice, or a text of it has U+0000.
pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str::<Strict>(text).map(|Strict(value)| value)
}

/// Why a body is not read, as the end of a sentence that begins with "The body".
pub(crate) fn problem(error: &Error) -> String {
    if error.is_data() {
        error.to_string()
    } else {
        format!("is not valid JSON: {error}")
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

fn storable<E: serde::de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        return Err(E::custom("has the character U+0000"));
    }
    Ok(())
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        storable(text)?;
        Ok(text.into())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Value, E> {
        storable(&text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            storable(&name)?;
            // Looked up first, or the name would have to be kept for the error.
            if object.contains_key(&name) {
                let name: String = name.chars().take(MAX_NAME).collect();
                return Err(A::Error::custom(format_args!(
                    "has the member '{name}' twice"
                )));
            }
            let Strict(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_sent() {
        for text in [
            "null",
            "[true,false,null]",
            r#"{"b":1,"a":-2,"c":1.5,"d":18446744073709551615}"#,
            r#"{"a":{"a":[{"a":"ä😀\u0001"}]},"__proto__":{}}"#,
        ] {
            assert_eq!(
                parse(text).unwrap(),
                serde_json::from_str::<Value>(text).unwrap()
            );
        }
        let order = parse(r#"{"z":1,"a":2}"#).unwrap();
        assert_eq!(order.to_string(), r#"{"z":1,"a":2}"#);
    }

    #[test]
    fn what_is_refused_says_why_and_where() {
        let told = |text: &str| problem(&parse(text).unwrap_err());
        assert_eq!(
            told(r#"{"name":"a","name":"b"}"#),
            "has the member 'name' twice at line 1 column 18"
        );
        assert_eq!(
            told(r#"{"a":[{"b":1,"\u0062":2}]}"#),
            "has the member 'b' twice at line 1 column 21"
        );
        assert_eq!(
            told(r#"{"a":"x\u0000"}"#),
            "has the character U+0000 at line 1 column 14"
        );
        assert_eq!(
            told(r#"{"\u0000":1}"#),
            "has the character U+0000 at line 1 column 9"
        );
        assert!(told("{").starts_with("is not valid JSON: EOF"));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(
            told(&deep),
            "is not valid JSON: recursion limit exceeded at line 1 column 128"
        );
        let long = "n".repeat(100);
        assert!(told(&format!(r#"{{"{long}":1,"{long}":2}}"#)).len() < 100);
    }
}
