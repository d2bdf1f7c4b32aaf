//! Optional members of requests: left out, sent empty, or sent as `null`.

use serde_json::{Value, json};

use super::{Lowering, referred, to};

impl Lowering<'_> {
    /// The generator leaves out `None` and empty lists. Where an explicit `null` says something, the member gets a
    /// type that can say it; where an empty list does, the list becomes optional.
    pub(super) fn optional_in_request(
        &mut self,
        property: &Value,
        mut lowered: Value,
        place: &str,
    ) -> Value {
        if property["x-clears-on-null"] == true {
            return self.clearable(lowered, place);
        }
        if lowered["type"] == "array" || lowered["type"] == "object" {
            lowered["nullable"] = true.into();
        } else if let Some(members) = lowered.as_object_mut() {
            members.shift_remove("nullable");
        }
        lowered
    }

    fn clearable(&mut self, mut lowered: Value, place: &str) -> Value {
        let description = lowered["description"].clone();
        let Some(inner) = inner_name(&lowered) else {
            self.problem(place, "no name for this type with null");
            return json!({});
        };
        if let Some(members) = lowered.as_object_mut() {
            members.insert("nullable".to_owned(), true.into());
            members.shift_remove("deprecated");
            members.insert(
                "description".to_owned(),
                format!("`{inner}`, or an explicit `null` that clears it.").into(),
            );
        }
        let name = format!("Nullable{inner}");
        self.define(&name, lowered, place);
        json!({ "allOf": [to(&name)], "description": description })
    }
}

/// What the type within `Nullable…` is called.
fn inner_name(lowered: &Value) -> Option<String> {
    if let Some(name) = referred(lowered) {
        return Some(name.to_owned());
    }
    match lowered["type"].as_str()? {
        "string" if lowered["format"] == "date-time" => Some("Timestamp".to_owned()),
        "string" => Some("String".to_owned()),
        "boolean" => Some("Boolean".to_owned()),
        "integer" => Some("Integer".to_owned()),
        "array" => Some(format!("{}List", inner_name(&lowered["items"])?)),
        "object" if lowered["additionalProperties"]["type"] == "string" => {
            Some("Metadata".to_owned())
        }
        "object" if lowered["additionalProperties"] == true => Some("Object".to_owned()),
        _ => None,
    }
}
