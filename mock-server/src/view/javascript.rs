//! JSON as JavaScript's `JSON.stringify` writes it, and the same JSON as nobody does.
//!
//! Receivers that parse a webhook and write it again before they check its signature get the same bytes of the first, and
//! other bytes of the second.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use serde_json::{Serializer, Value};

use crate::random::Seeded;

/// `value` as JavaScript would write it: compact, with its numbers, and nothing escaped that need not be.
pub(crate) fn stringify(value: &impl Serialize) -> String {
    let text = written(value, Compact);
    if !may_name_a_number(&text) {
        return text;
    }
    let mut value = serde_json::to_value(value).expect("a view is always JSON");
    arrange(&mut value);
    written(&value, Compact)
}

/// Whether a member's name begins with a digit, and maybe where none does.
fn may_name_a_number(text: &str) -> bool {
    let mut places = text.as_bytes().windows(3);
    places.any(|place| matches!(place, [b'{' | b',', b'"', b'0'..=b'9']))
}

/// Puts members in the order in which JavaScript has them: first those whose names are indexes, then the others as they came.
fn arrange(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(arrange),
        Value::Object(members) => {
            members.values_mut().for_each(arrange);
            let (mut indexes, names): (Vec<_>, Vec<_>) = std::mem::take(members)
                .into_iter()
                .partition(|(name, _)| index(name).is_some());
            indexes.sort_by_key(|(name, _)| index(name));
            members.extend(indexes.into_iter().chain(names));
        }
        _ => {}
    }
}

/// The index that a name is to JavaScript, if it is one: a number as it would write it itself, below 2³² - 1.
fn index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    (index < u32::MAX && index.to_string() == name).then_some(index)
}

/// `value` with white space and escapes that depend on `seed`.
pub(crate) fn oddly(value: &impl Serialize, seed: u64) -> String {
    written(value, Odd(Seeded::new(seed)))
}

fn written(value: &impl Serialize, formatter: impl Formatter) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    // What is written here are objects with text for names, so it is JSON, which is text.
    value
        .serialize(&mut serializer)
        .expect("a view is always JSON");
    String::from_utf8(bytes).expect("JSON is text")
}

struct Compact;

impl Formatter for Compact {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        number(writer, value)
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        integer(writer, value)
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        integer(writer, value)
    }
}

struct Odd(Seeded);

const SPACES: [&str; 6] = ["", "", " ", "\n", "\t", "\r\n   "];
/// One character in so many is escaped.
const ESCAPED: usize = 6;

impl Odd {
    fn space<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(SPACES[self.0.below(SPACES.len())].as_bytes())
    }

    /// `mark` with white space on both sides.
    fn spaced<W: ?Sized + Write>(&mut self, writer: &mut W, mark: &[u8]) -> io::Result<()> {
        self.space(writer)?;
        writer.write_all(mark)?;
        self.space(writer)
    }
}

impl Formatter for Odd {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        number(writer, value)
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        integer(writer, value)
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        integer(writer, value)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for character in fragment.chars() {
            if character == '/' {
                writer.write_all(b"\\/")?;
            } else if self.0.below(ESCAPED) == 0 {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04X}")?;
                }
            } else {
                write!(writer, "{character}")?;
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let character = match escape {
            CharEscape::Quote => b'"',
            CharEscape::ReverseSolidus => b'\\',
            CharEscape::Solidus => b'/',
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => b'\n',
            CharEscape::CarriageReturn => b'\r',
            CharEscape::Tab => b'\t',
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(writer, "\\u{character:04x}")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.spaced(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.spaced(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first {
            return Ok(());
        }
        self.spaced(writer, b",")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.spaced(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.spaced(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.begin_array_value(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.spaced(writer, b":")
    }
}

/// JavaScript has one kind of number. What it cannot tell apart is written alike.
fn number<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    writer.write_all(ryu_js::Buffer::new().format(value).as_bytes())
}

/// The largest integer up to which JavaScript has all of them.
const SAFE: i128 = 1 << 53;

fn integer<W: ?Sized + Write>(writer: &mut W, value: impl Into<i128>) -> io::Result<()> {
    let value = value.into();
    if (-SAFE..=SAFE).contains(&value) {
        return write!(writer, "{value}");
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "that is what JavaScript loses too"
    )]
    number(writer, value as f64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// `node -e 'console.log(JSON.stringify(JSON.parse(process.argv[1])))'` makes the second of the first.
    #[test]
    fn it_is_what_javascript_writes() {
        for (text, expected) in [
            ("1.0", "1"),
            ("-0.0", "0"),
            ("1e21", "1e+21"),
            ("1e20", "100000000000000000000"),
            ("0.0000001", "1e-7"),
            ("0.000001", "0.000001"),
            ("9007199254740993", "9007199254740992"),
            ("18446744073709551615", "18446744073709552000"),
            ("-9007199254740995", "-9007199254740996"),
            ("0.1", "0.1"),
            (
                r#" {"a" : [ 1 , null,true ], "b":{}, "c":[]} "#,
                r#"{"a":[1,null,true],"b":{},"c":[]}"#,
            ),
            (
                r#"{"b":1,"10":[{"x":{},"1":"a"}],"02":2,"2":3,"-1":4,"1.5":5,"+3":6,"4294967295":7,"4294967294":8,"0":9}"#,
                r#"{"0":9,"2":3,"10":[{"1":"a","x":{}}],"4294967294":8,"b":1,"02":2,"-1":4,"1.5":5,"+3":6,"4294967295":7}"#,
            ),
            (
                r#""\u00e9\/\u2028\u007f\u0001\ud83e\udd80\"\\\n""#,
                "\"é/\u{2028}\u{7f}\\u0001🦀\\\"\\\\\\n\"",
            ),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(stringify(&value), expected, "{text}");
        }
    }

    #[test]
    fn odd_json_is_the_same_json_in_other_bytes() {
        let value = json!({
            "name": "Zoë / 株式会社 🦀 \"quoted\"\n\t\u{1}\\",
            "list": [1, 2.5, [], {}, null, true],
            "url": "https://app.example/a",
        });
        for seed in 0..200 {
            let text = oddly(&value, seed);
            assert_ne!(text, stringify(&value));
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            assert_eq!(text, oddly(&value, seed));
        }
        assert_ne!(oddly(&value, 1), oddly(&value, 2));
    }
}
