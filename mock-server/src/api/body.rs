//! Reads the body of a request: bounded in size, depth and time.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::error::ApiError;
use crate::json;

/// How many bytes a body may have.
const LIMIT: usize = 1024 * 1024;
/// How many bytes more are read and thrown away, so that a client that still sends gets to see the refusal.
const DRAINED: usize = 64 * LIMIT;

/// The JSON that a request carries; nothing when its body is empty, whatever type it declares.
///
/// # Errors
/// The body is larger than 1 MiB, takes longer than `timeout`, is not declared as JSON, is not UTF-8, or is no JSON or
/// none that [`json::parse`] takes.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    timeout: Duration,
) -> Result<Option<Value>, ApiError> {
    let bytes = tokio::time::timeout(timeout, collect(body))
        .await
        .map_err(|_| ApiError::BodyTimeout)??;
    if bytes.is_empty() {
        return Ok(None);
    }
    if !is_json(headers) || is_compressed(headers) {
        return Err(ApiError::UnsupportedMediaType);
    }
    let text = str::from_utf8(&bytes)
        .map_err(|_| ApiError::InvalidJson("is not valid UTF-8".to_owned()))?;
    json::parse(text)
        .map(Some)
        .map_err(|error| ApiError::InvalidJson(json::problem(&error)))
}

async fn collect(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut read = 0_usize;
    if body.size_hint().lower() > DRAINED as u64 {
        return Err(ApiError::BodyTooLarge);
    }
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| ApiError::BodyBroken)?.into_data() else {
            continue;
        };
        read += data.len();
        if read > DRAINED {
            break;
        }
        if read <= LIMIT {
            bytes.extend_from_slice(&data);
        }
    }
    if read > LIMIT {
        Err(ApiError::BodyTooLarge)
    } else {
        Ok(bytes)
    }
}

/// Whether the request says that its body is JSON: `application/json` or `application/….+json`, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(declared) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence.strip_prefix("application/").is_some_and(|subtype| {
        subtype == "json"
            || subtype
                .strip_suffix("+json")
                .is_some_and(|name| !name.is_empty())
    })
}

/// Whether the body is encoded in a way that this server does not take apart.
fn is_compressed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    async fn read_as(
        content_type: &'static str,
        body: impl Into<Body>,
    ) -> Result<Option<Value>, ApiError> {
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]
            .into_iter()
            .collect();
        read(&headers, body.into(), Duration::from_secs(60)).await
    }

    #[tokio::test]
    async fn json_is_read_however_its_type_is_spelt() {
        for content_type in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/merge-patch+json",
        ] {
            assert_eq!(
                read_as(content_type, "[1]").await.unwrap(),
                Some(serde_json::json!([1]))
            );
        }
    }

    #[tokio::test]
    async fn an_empty_body_is_none_whatever_it_declares() {
        for content_type in ["application/json", "text/plain"] {
            assert_eq!(read_as(content_type, "").await.unwrap(), None);
        }
        assert_eq!(
            read(&HeaderMap::new(), Body::empty(), Duration::from_secs(60))
                .await
                .unwrap(),
            None
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let beginning = futures_util::stream::iter([Ok::<_, std::convert::Infallible>("{")]);
        let endless = futures_util::StreamExt::chain(beginning, futures_util::stream::pending());
        let error = read_as("application/json", Body::from_stream(endless))
            .await
            .unwrap_err();
        assert_eq!(error.status().as_u16(), 408);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused_with_its_reason() {
        let refused = |error: &ApiError| error.status().as_u16();
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for (content_type, body, status) in [
            ("application/json", b"{".to_vec(), 400),
            ("application/json", b"\xff\"a\"".to_vec(), 400),
            ("application/json", deep.into_bytes(), 400),
            ("application/json", vec![b' '; LIMIT + 1], 413),
            ("application/json", vec![b' '; DRAINED + 1], 413),
            ("text/plain", b"{}".to_vec(), 415),
            ("application/x-www-form-urlencoded", b"{}".to_vec(), 415),
            ("application/+json", b"{}".to_vec(), 415),
            ("text/json", b"{}".to_vec(), 415),
        ] {
            let error = read_as(content_type, body).await.unwrap_err();
            assert_eq!(refused(&error), status, "{content_type}: {error:?}");
        }
        let error = read(&HeaderMap::new(), Body::from("{}"), Duration::from_secs(60))
            .await
            .unwrap_err();
        assert_eq!(refused(&error), 415);
        let mut largest = vec![b' '; LIMIT];
        largest[0] = b'1';
        assert!(read_as("application/json", largest).await.is_ok());
    }
}
