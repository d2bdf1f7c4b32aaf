//! What a test expects of the requests that its environment got.

use std::fmt::Write as _;

use serde_json::Value;

use super::Error;
use crate::domain::exchange::Expectation;
use crate::operation::Operation;
use crate::service::exchanges::Times;

/// A kind of request, and how many there should be; at least one unless it says otherwise. What is left out may be anything.
///
/// ```
/// use serde_json::json;
/// use workos_portal_mock::testing::Expect;
///
/// let one = Expect::operation("generate_portal_link").body(json!({"intent": "sso"})).times(1);
/// let none = Expect::request("DELETE", "/organizations/org_1").never();
/// let refused = Expect::any().status(422).at_most(2);
/// # let _ = (one, none, refused);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "an expectation says nothing before `verify`"]
pub struct Expect {
    pub(super) expectation: Expectation,
    least: Option<usize>,
    most: Option<usize>,
}

impl Expect {
    /// Any request, also one to a page of the portal.
    pub fn any() -> Self {
        Self::default()
    }

    /// A call of the operation with this id, such as `generate_portal_link`.
    pub fn operation(id: impl Into<String>) -> Self {
        let mut expect = Self::any();
        expect.expectation.operation = Some(id.into());
        expect
    }

    /// A request with this method to exactly this path, which has no query.
    pub fn request(method: &str, path: impl Into<String>) -> Self {
        let mut expect = Self::any();
        expect.expectation.method = Some(method.to_ascii_uppercase());
        expect.expectation.path = Some(path.into());
        expect
    }

    /// That was answered with this status.
    pub fn status(mut self, status: u16) -> Self {
        self.expectation.status = Some(status);
        self
    }

    /// Whose body has at least these members with these values. Lists are compared element by element.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.expectation.body = Some(body.into());
        self
    }

    /// Exactly so many.
    pub fn times(self, times: usize) -> Self {
        self.at_least(times).at_most(times)
    }

    /// None at all.
    pub fn never(self) -> Self {
        self.times(0)
    }

    /// So many or more.
    pub fn at_least(mut self, least: usize) -> Self {
        self.least = Some(least);
        self
    }

    /// So many or fewer, which may be none.
    pub fn at_most(mut self, most: usize) -> Self {
        self.most = Some(most);
        self
    }

    pub(super) fn allowed(&self) -> Times {
        let usual = usize::from(self.most.is_none());
        Times {
            least: self.least.unwrap_or(usual),
            most: self.most.unwrap_or(usize::MAX),
        }
    }

    /// # Errors
    /// It names an operation that the API does not have.
    pub(super) fn check(&self) -> Result<(), Error> {
        match &self.expectation.operation {
            Some(id) => operation(id).map(drop),
            None => Ok(()),
        }
    }

    /// `exactly 1 request of generate_portal_link with the given body`
    pub(super) fn sentence(&self) -> String {
        let Times { least, most } = self.allowed();
        let mut text = match (least, most) {
            (least, most) if least == most => format!("exactly {least}"),
            (least, usize::MAX) => format!("at least {least}"),
            (0, most) => format!("at most {most}"),
            (least, most) => format!("{least} to {most}"),
        };
        let one = least == 1 && (most == 1 || most == usize::MAX);
        text.push_str(if one { " request" } else { " requests" });
        let Expectation {
            operation,
            method,
            path,
            status,
            body,
        } = &self.expectation;
        let mut add = |before: &str, what: &dyn std::fmt::Display| {
            // Writing to a `String` does not fail.
            let _ = write!(text, " {before}{what}");
        };
        if let Some(id) = operation {
            add("of ", id);
        }
        if let (Some(method), Some(path)) = (method, path) {
            add(&format!("{method} "), path);
        }
        if let Some(status) = status {
            add("answered with ", status);
        }
        if body.is_some() {
            add("with the given body", &"");
        }
        text
    }
}

/// The operation with this id.
///
/// # Errors
/// The API has none.
pub(super) fn operation(id: &str) -> Result<Operation, Error> {
    Operation::named(id).map_err(|nearest| Error::UnknownOperation {
        given: id.to_owned(),
        nearest: nearest.id(),
    })
}
