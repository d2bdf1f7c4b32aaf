use serde_json::json;

use crate::enums::PAYLOAD_EVENTS;
use crate::types::{Event, EventPayload};

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
}
