//! Which requests a fault can mean: what is asked for is held against the operations that there are, so that none is added that
//! could never match.

use axum::http::Method;

use crate::domain::error::{Rule, Violation};
use crate::domain::fault::{PathPattern, Target};
use crate::operation::Operation;

/// Which requests are asked for, as it is written. What is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The id of the operation, which there is one of.
    pub(crate) operation: Option<Operation>,
    /// The method, in any letters.
    pub(crate) method: Option<String>,
    /// A path, or what paths have in common.
    pub(crate) path: Option<String>,
    /// An id that the request names.
    pub(crate) resource: Option<String>,
}

impl Wanted {
    /// The requests that are meant, of which there have to be some.
    ///
    /// # Errors
    /// No request could be meant, or all are.
    pub(crate) fn read(self) -> Result<Target, Violation> {
        let Self {
            operation,
            method,
            path,
            resource,
        } = self;
        let method = method.map(|method| method.to_ascii_uppercase());
        let path = match &path {
            None => None,
            Some(path) => Some(PathPattern::parse(path).ok_or_else(|| {
                Violation::new("path", Rule::Format, "path must begin with a slash.")
            })?),
        };
        let mut possible: Vec<_> = Operation::ALL.to_vec();
        if let Some(operation) = operation {
            possible = vec![operation];
        } else if method.is_none() && path.is_none() && resource.is_none() {
            let message = "One of operation, method, path and resource is required.";
            return Err(Violation::new("operation", Rule::Required, message));
        }
        if let Some(method) = &method {
            let known = methods(&possible);
            possible.retain(|operation| operation.method() == method.as_str());
            if possible.is_empty() {
                let message = format!("method must be {known}.");
                return Err(Violation::new("method", Rule::Value, message));
            }
        }
        if let Some(path) = &path {
            let fits = |operation: &Operation| {
                PathPattern::parse(operation.path()).is_some_and(|template| path.fits(&template))
            };
            if !possible.iter().any(fits) {
                let message = match operation {
                    Some(operation) => {
                        format!("path must be that of {}: {}.", operation.id(), operation.path())
                    }
                    None => "path must be that of an operation with this method, or a template such as /organizations/{id}."
                        .to_owned(),
                };
                return Err(Violation::new("path", Rule::Value, message));
            }
        }
        Ok(Target {
            operation: operation.map(|operation| operation.id().to_owned()),
            method,
            path,
            resource,
        })
    }
}

/// The methods that operations have: `one of DELETE, GET`, or the only one.
fn methods(operations: &[Operation]) -> String {
    let mut known: Vec<_> = operations.iter().copied().map(Operation::method).collect();
    known.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    known.dedup();
    let names: Vec<_> = known.iter().map(Method::as_str).collect();
    match names.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("one of {}", several.join(", ")),
    }
}
