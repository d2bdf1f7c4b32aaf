//! The operations of WorkOS's API that `portal.json` describes, and the names of its events.
//!
//! The enum is written by `build.rs`, so that a `match` without a wildcard stops compiling as soon as the document gains an
//! operation.

include!(concat!(env!("OUT_DIR"), "/operation.rs"));

impl Operation {
    /// The operation with this id.
    ///
    /// # Errors
    /// The API has none; the one whose id is most like it.
    pub(crate) fn named(id: &str) -> Result<Self, Self> {
        let likeness = |operation: Self| strsim::jaro_winkler(operation.id(), id);
        let mut nearest = Self::ALL[0];
        for operation in Self::ALL {
            if operation.id() == id {
                return Ok(operation);
            }
            if likeness(operation) >= likeness(nearest) {
                nearest = operation;
            }
        }
        Err(nearest)
    }
}
