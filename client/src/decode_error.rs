use std::fmt;

use reqwest::StatusCode;
use serde_json::error::Category;

use crate::error::request_of;
use crate::response::{Response, request_id};

/// A success whose body is not what the operation answers with.
pub struct DecodeError(Box<Undecoded>);

struct Undecoded {
    response: Response,
    reason: String,
}

impl DecodeError {
    pub(crate) fn new(response: Response, error: &serde_json::Error) -> Self {
        let reason = without_values(error);
        Self(Box::new(Undecoded { response, reason }))
    }

    /// The operation that was called, such as `get_organization`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.response.operation
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.response.status
    }

    /// WorkOS's name for the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.response.headers)
    }

    /// Where the body departs from the type. No value from the body.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The body. What it holds may be a secret: a link, or a webhook's secret.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.response.body
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("reason", &self.reason())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operation, reason) = (self.operation(), self.reason());
        write!(
            f,
            "the answer does not have the expected shape: {operation}: {reason}"
        )?;
        request_of(self.request_id(), f)
    }
}

impl std::error::Error for DecodeError {}

/// What is wrong with a body, without the value that serde quotes: it may be a secret.
pub(crate) fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let quotes_nothing = matches!(
        error.classify(),
        Category::Syntax | Category::Eof | Category::Io
    ) || text.starts_with("missing field")
        || text.starts_with("duplicate field");
    if quotes_nothing {
        return text;
    }
    let place = format!("at line {} column {}", error.line(), error.column());
    // The last `, expected`: a quoted value may contain one, and then the rest is the type's own words.
    match text.rfind(", expected ") {
        Some(start) => text[start + 2..].to_owned(),
        None => format!("a value is not of its type {place}"),
    }
}
