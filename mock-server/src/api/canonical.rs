//! One spelling for each JSON value, so that two bodies that mean the same are the same.

use serde_json::Value;

/// Writes `value` with the members of every object in order.
pub(super) fn write(value: &Value, to: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            to.push('{');
            for (name, value) in members {
                to.push_str(&Value::from(name.as_str()).to_string());
                to.push(':');
                write(value, to);
                to.push(',');
            }
            to.push('}');
        }
        Value::Array(items) => {
            to.push('[');
            for item in items {
                write(item, to);
                to.push(',');
            }
            to.push(']');
        }
        scalar => to.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        let mut written = String::new();
        write(&serde_json::from_str(text).unwrap(), &mut written);
        written
    }

    #[test]
    fn order_and_blanks_make_no_difference_and_anything_else_does() {
        assert_eq!(
            canonical(r#"{"a":1,"b":{"d":[1,2],"c":null}}"#),
            canonical(r#"{ "b":{"c":null,"d":[1,2]}, "a":1}"#)
        );
        for (one, other) in [
            (r#"{"a":1}"#, r#"{"a":"1"}"#),
            ("[1,2]", "[2,1]"),
            ("[[1],2]", "[1,[2]]"),
            (r#"{"a":null}"#, "{}"),
            (r#"["a,b"]"#, r#"["a","b"]"#),
            (r#"{"a":"\",b:"}"#, r#"{"a":"","b":""}"#),
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
