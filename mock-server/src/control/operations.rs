//! Operations of the API, as control calls name them.

use super::answer::FieldError;
use crate::operation::Operation;

/// The operation with this id.
///
/// # Errors
/// There is none; the one whose id is nearest is named.
pub(super) fn named(id: &str) -> Result<Operation, FieldError> {
    Operation::named(id).map_err(|nearest| {
        let message = format!(
            "operation must be the id of an operation of the API, such as {}.",
            nearest.id()
        );
        FieldError::new("operation", "invalid_value", message)
    })
}
