//! What an operation answers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// An answer: status and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    status: StatusCode,
    body: Body,
}

#[derive(Clone, PartialEq, Eq)]
enum Body {
    Empty,
    Json(Vec<u8>),
    Text(&'static str),
}

/// What the API answers where it has accepted a deletion.
const ACCEPTED: &str = "Accepted";

impl Reply {
    /// A JSON body.
    pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // Serialising fails only for maps with other keys than strings, and no body here has one.
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        Self {
            status,
            body: Body::Json(bytes),
        }
    }

    /// 202 with the text that `WorkOS` sends.
    pub(super) fn accepted() -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body: Body::Text(ACCEPTED),
        }
    }

    /// 204.
    pub(super) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: Body::Empty,
        }
    }

    /// The reply as bytes, to be kept.
    pub(super) fn pack(&self) -> Vec<u8> {
        let (kind, body) = match &self.body {
            Body::Empty => (0, [].as_slice()),
            Body::Json(bytes) => (1, bytes.as_slice()),
            Body::Text(text) => (2, text.as_bytes()),
        };
        [self.status.as_u16().to_be_bytes().as_slice(), &[kind], body].concat()
    }

    /// The reply that was packed.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        let ([high, low, kind], body) = bytes.split_first_chunk()?;
        let body = match kind {
            0 => Body::Empty,
            1 => Body::Json(body.to_vec()),
            _ => Body::Text(ACCEPTED),
        };
        Some(Self {
            status: StatusCode::from_u16(u16::from_be_bytes([*high, *low])).ok()?,
            body,
        })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let with_type = |content_type, body: axum::body::Body| {
            let content_type = HeaderValue::from_static(content_type);
            (self.status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        };
        match self.body {
            Body::Empty => self.status.into_response(),
            Body::Json(bytes) => with_type(JSON, bytes.into()),
            Body::Text(text) => with_type(TEXT, text.into()),
        }
    }
}

// A body may hold a link, which opens for whoever reads it.
impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[body]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_reply_unpacks() {
        let json = Reply::json(StatusCode::CREATED, &serde_json::json!({"link": "secret"}));
        assert!(!format!("{json:?}").contains("secret"));
        for reply in [json, Reply::accepted(), Reply::no_content()] {
            assert_eq!(Reply::unpack(&reply.pack()), Some(reply));
        }
        assert_eq!(Reply::unpack(&[]), None);
        assert_eq!(Reply::unpack(&[0, 0, 0]), None);
    }
}
