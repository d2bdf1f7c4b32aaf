//! Operations of the API, as control calls name them.

use super::answer::FieldError;
use crate::operation::Operation;

/// The operation with this id.
///
/// # Errors
/// There is none; the one whose id is nearest is named.
pub(super) fn named(id: &str) -> Result<Operation, FieldError> {
    let mut all = Operation::ALL.iter();
    if let Some(operation) = all.find(|operation| operation.id() == id) {
        return Ok(*operation);
    }
    let ids = Operation::ALL.iter().map(|operation| operation.id());
    let nearest = ids.max_by(|one, other| {
        strsim::jaro_winkler(one, id).total_cmp(&strsim::jaro_winkler(other, id))
    });
    let message = format!(
        "operation must be the id of an operation of the API, such as {}.",
        nearest.unwrap_or_default()
    );
    Err(FieldError::new("operation", "invalid_value", message))
}
