use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::EventId;
use crate::enums::PAYLOAD_EVENTS;
use crate::types::{EventContext, EventPayload, EventType};

/// Something that happened in the environment: an item of the events list, or the body of a webhook.
///
/// It is open: whatever its type, and whatever members come with it, it is read, and written again as it
/// came. [`Event::payload`] and [`Event::context`] look at the parts that this version knows.
///
/// In tests, make one from JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Always `event`.
    #[serde(default = "object")]
    pub object: String,
    /// Id of the event (`event_…`). Webhooks may come twice; the id stays, so use it to recognise an
    /// event that you have handled.
    pub id: EventId,
    /// Name of the event, such as `dsync.user.created`.
    pub event: EventType,
    /// What the event is about, in a shape that its name decides.
    pub data: Map<String, Value>,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// What is known about how the event came about, as it was sent.
    #[serde(
        default,
        deserialize_with = "kept",
        skip_serializing_if = "Option::is_none"
    )]
    pub context: Option<Value>,
    /// Members that this version does not know, as they were sent.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Event {
    /// The event's `data` as a type, for the events that have one.
    ///
    /// `None` is an event that this version does not know; `data` has it as it was sent.
    ///
    /// # Errors
    /// When a known event's data has changed its shape beyond what its type can hold. `data` still has it.
    #[must_use]
    pub fn payload(&self) -> Option<Result<EventPayload, serde_json::Error>> {
        let name = self.event.as_str();
        PAYLOAD_EVENTS
            .contains(&name)
            .then(|| serde_json::from_value(json!({ "event": name, "data": self.data })))
    }

    /// The event's `context` as a type: who caused it, for example. `None` where nothing is known.
    ///
    /// # Errors
    /// When it has changed its shape beyond what the type can hold. The member still has it.
    #[must_use]
    pub fn context(&self) -> Option<Result<EventContext, serde_json::Error>> {
        let context = self.context.as_ref().filter(|context| !context.is_null())?;
        Some(EventContext::deserialize(context))
    }
}

fn object() -> String {
    "event".to_owned()
}

/// A member that is there, be it `null`: an `Option` alone would take that for absent.
fn kept<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
