//! Objects and events as `WorkOS` writes them: pure functions from what the domain has to what is sent, by the API and in
//! webhooks alike.

pub(crate) mod audit_logs;
pub(crate) mod belongings;
mod byok_keys;
pub(crate) mod connections;
pub(crate) mod deliveries;
pub(crate) mod directories;
mod directory_tokens;
pub(crate) mod events;
pub(crate) mod exchanges;
pub(crate) mod faults;
pub(crate) mod it_contacts;
mod javascript;
pub(crate) mod log_streams;
pub(crate) mod organizations;
pub(crate) mod portal_links;
pub(crate) mod portal_visits;
mod sign_ins;
pub(crate) mod webhook_endpoints;

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::domain::page::Page;
use crate::domain::token::Token;

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub(crate) struct PageView<T> {
    /// Always `list`.
    #[schemars(extend("const" = "list"))]
    object: &'static str,
    /// The elements of the page.
    data: Vec<T>,
    /// How to go on.
    list_metadata: ListMetadata,
}

/// Where the pages on both sides begin.
#[derive(Serialize, JsonSchema)]
struct ListMetadata {
    /// Where the page before ends; nothing on the first one.
    before: Option<String>,
    /// Where the next page begins; nothing on the last one.
    after: Option<String>,
}

impl<T> PageView<T> {
    pub(crate) fn new<'a, R>(page: &'a Page<R>, view: impl Fn(&'a R) -> T) -> Self {
        Self {
            object: "list",
            data: page.items.iter().map(|item| view(item)).collect(),
            list_metadata: ListMetadata {
                before: page.before.clone(),
                after: page.after.clone(),
            },
        }
    }
}

/// The address that a portal link's token opens.
pub(crate) fn link(public_url: &str, token: &Token) -> String {
    format!("{public_url}/portal/launch?token={}", token.expose())
}

/// ISO 8601 in UTC with milliseconds and `Z`, as `WorkOS` writes times.
pub(crate) struct Time(pub(crate) Timestamp);

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_always_has_milliseconds() {
        for (text, expected) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678Z"),
        ] {
            let written = serde_json::to_value(Time(text.parse().unwrap())).unwrap();
            assert_eq!(written, expected);
        }
    }
}
