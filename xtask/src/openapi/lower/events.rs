//! Events: an open envelope that nothing new can break, beside the payloads that are known.

use serde_json::{Map, Value, json};

use super::{Lowering, Usage, to};
use crate::openapi::reference;

impl Lowering<'_> {
    /// A component that is a base object joined with one variant per event name becomes the envelope; the variants
    /// become `EventPayload`, which the client reads from an envelope on demand, and their names `EventType`.
    ///
    /// `None` if `schema` is no such component.
    pub(super) fn events(&mut self, name: &str, schema: &Value) -> Option<Value> {
        let (base, variants) = match schema["allOf"].as_array()?.as_slice() {
            [base, variants] => (base.clone(), variants["oneOf"].as_array()?.clone()),
            _ => return None,
        };
        let mut kinds = Vec::new();
        let mut payloads = Vec::new();
        let mut shared: Option<Map<String, Value>> = None;
        for variant in &variants {
            let variant = self.resolve(variant).clone();
            let kind = variant["properties"]["event"]["const"].as_str()?.to_owned();
            let place = format!("{name}, variant {kind}");
            let data = self.schema(&variant["properties"]["data"], Usage::Response, &place);
            let Some(data) = super::referred(&data).map(to) else {
                self.problem(&place, "its data is no named object");
                continue;
            };
            payloads.push(json!({
                "description": variant["description"],
                "type": "object",
                "properties": { "event": { "type": "string", "enum": [&kind] }, "data": data },
                "required": ["event", "data"],
            }));
            kinds.push(kind);
            let members = variant["properties"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            match &mut shared {
                None => shared = Some(members),
                Some(shared) => shared.retain(|key, member| members.get(key) == Some(member)),
            }
        }
        self.define(
            "EventType",
            json!({ "description": "The name of an event.", "type": "string", "enum": kinds }),
            name,
        );
        self.define(
            "EventPayload",
            json!({ "description": "The data of an event, by its name.", "oneOf": payloads }),
            name,
        );
        Some(self.envelope(name, &base, shared.unwrap_or_default()))
    }

    fn envelope(&mut self, name: &str, base: &Value, shared: Map<String, Value>) -> Value {
        let mut open = base.clone();
        for (member, schema) in shared {
            // Where the base only says "an object", the variants may all say which.
            if reference::schema_name(&schema).is_some() {
                let description = open["properties"][&member]["description"].clone();
                open["properties"][&member] =
                    json!({ "allOf": [schema], "description": description });
            }
        }
        let mut envelope = self.object(&open, Usage::Response, &format!("schema {name}"));
        envelope["properties"]["event"] = json!({ "allOf": [to("EventType")], "description": base["properties"]["event"]["description"] });
        envelope["description"] = self.portal["components"]["schemas"][name]["description"].clone();
        envelope
    }
}
