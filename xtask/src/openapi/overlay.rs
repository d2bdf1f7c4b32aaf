//! OpenAPI Overlay 1.0: actions on a document, each aimed by a `JSONPath` (RFC 9535).

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath};

/// An overlay document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Overlay {
    #[serde(rename = "overlay")]
    version: String,
    #[expect(dead_code, reason = "required by the format, for people")]
    info: Value,
    actions: Vec<Action>,
}

/// One change. Exactly one of `update` and `remove` is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    target: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for people")]
    description: Option<String>,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

impl Overlay {
    /// Reads an overlay document in YAML.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let overlay: Self = yaml_serde::from_str(text)?;
        if !overlay.version.starts_with("1.0.") {
            bail!("overlay version {} is not 1.0", overlay.version);
        }
        Ok(overlay)
    }

    /// Applies every action in order.
    ///
    /// # Errors
    /// Names each action that is malformed or matches nothing: an overlay that no longer fits is to be mended, not skipped.
    pub(crate) fn apply(&self, document: &mut Value) -> Result<()> {
        let failed: Vec<_> = self
            .actions
            .iter()
            .enumerate()
            .filter_map(|(index, action)| {
                let error = action.apply(document).err()?;
                Some(format!(
                    "action {} ({}): {error:#}",
                    index + 1,
                    action.target
                ))
            })
            .collect();
        if !failed.is_empty() {
            bail!("{}", failed.join("\n"));
        }
        Ok(())
    }
}

impl Action {
    fn apply(&self, document: &mut Value) -> Result<()> {
        let path = JsonPath::parse(&self.target)
            .map_err(|error| anyhow::anyhow!("no JSONPath: {error}"))?;
        // Sorted, whatever the order of the query, and each place once.
        let located = path.query_located(document).dedup();
        let places: Vec<_> = located
            .locations()
            .map(NormalizedPath::to_json_pointer)
            .collect();
        if places.is_empty() {
            bail!("matches nothing");
        }
        match (&self.update, self.remove) {
            (Some(update), false) => {
                for place in places {
                    let target = document.pointer_mut(&place).context("gone")?;
                    if let Value::Array(items) = target {
                        items.push(update.clone());
                    } else if target.is_object() && update.is_object() {
                        merge(target, update);
                    } else {
                        bail!("{place} is {}, which cannot be updated", kind(target));
                    }
                }
            }
            // From the last to the first, so that an array's earlier positions stay true.
            (None, true) => places
                .iter()
                .rev()
                .for_each(|place| remove(document, place)),
            _ => bail!("needs either `update` or `remove: true`"),
        }
        Ok(())
    }
}

/// Objects merge, arrays are joined, anything else is replaced.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(existing) => merge(existing, value),
                    None => drop(target.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend_from_slice(update),
        (target, update) => *target = update.clone(),
    }
}

fn remove(document: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.shift_remove(&key)),
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        _ => "a single value",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(mut document: Value, actions: &str) -> Result<Value> {
        let overlay = Overlay::parse(&format!(
            "overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}"
        ))?;
        overlay.apply(&mut document)?;
        Ok(document)
    }

    #[test]
    fn an_update_merges_objects_joins_arrays_and_replaces_the_rest() {
        let document = json!({"a": {"list": [1], "text": "old", "kind": "string", "kept": true}});
        let actions =
            "- target: $.a\n  update: {list: [2], text: new, kind: [string, 'null'], added: 1}";
        assert_eq!(
            applied(document, actions).unwrap(),
            json!({"a": {"list": [1, 2], "text": "new", "kind": ["string", "null"], "kept": true, "added": 1}})
        );
    }

    #[test]
    fn an_update_of_an_array_appends_to_it() {
        assert_eq!(
            applied(json!({"a": [1]}), "- {target: $.a, update: 2}").unwrap(),
            json!({"a": [1, 2]})
        );
    }

    #[test]
    fn removal_takes_every_match_and_nothing_else() {
        let document = json!({"a": [{"n": 1}, {"n": 2}, {"n": 3}], "b~/c": 1});
        assert_eq!(
            applied(document, "- {target: '$.a[?@.n != 2]', remove: true}\n- {target: \"$['b~/c']\", remove: true}").unwrap(),
            json!({"a": [{"n": 2}]})
        );
    }

    #[test]
    fn removal_is_the_same_in_whatever_order_the_target_names() {
        for target in ["$.a[0, 10]", "$.a[10, 0]", "$.a[0, 10, 0]"] {
            let document = json!({"a": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]});
            let actions = format!("- {{target: '{target}', remove: true}}");
            assert_eq!(
                applied(document, &actions).unwrap(),
                json!({"a": [1, 2, 3, 4, 5, 6, 7, 8, 9]}),
                "{target}"
            );
        }
    }

    #[test]
    fn an_action_without_a_match_or_a_meaning_is_named() {
        for (action, complaint) in [
            (
                "- {target: $.gone, remove: true}",
                "action 1 ($.gone): matches nothing",
            ),
            ("- {target: $.a}", "action 1 ($.a): needs either"),
            (
                "- {target: $.a, update: {}, remove: true}",
                "action 1 ($.a): needs either",
            ),
            (
                "- {target: $.a, update: {}}",
                "is a single value, which cannot be updated",
            ),
            ("- {target: a b, remove: true}", "no JSONPath"),
        ] {
            let error = applied(json!({"a": 1}), action).unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn an_unknown_member_or_version_is_refused() {
        assert!(
            Overlay::parse("overlay: 1.0.0\ninfo: {}\nactions: [{target: $, replace: 1}]").is_err()
        );
        assert!(Overlay::parse("overlay: 2.0.0\ninfo: {}\nactions: []").is_err());
    }
}
