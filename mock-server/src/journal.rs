//! Writes down what every environment is asked and what it answers, as bytes; what of it is shown is `view`'s.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};

use crate::clock::Stopwatch;
use crate::domain::exchange::{Exchange, Message};
use crate::domain::ids::{ExchangeId, FaultId};
use crate::environment::Environment;
use crate::portal;
use crate::service::exchanges;
use crate::state::AppState;

/// How many bytes of each body are kept.
const KEPT: usize = 16 * 1024;

/// What whoever answers tells the journal, in the extensions of the answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// Whose request it was.
    pub(crate) environment: Option<Arc<Environment>>,
    /// The operation of the API.
    pub(crate) operation: Option<&'static str>,
    /// What was accepted although it is of the past.
    pub(crate) warnings: Vec<String>,
    /// The fault that fired.
    pub(crate) fault: Option<FaultId>,
}

/// Writes down a request and its answer, if they are an environment's.
pub(crate) async fn record(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let stopwatch = Stopwatch::start();
    let (parts, body) = request.into_parts();
    let whose = portal::visited(&state, &parts.uri, &parts.headers).or_else(|| {
        state
            .authenticate(&parts.headers)
            .map(|(environment, ..)| environment)
    });
    let asked = Asked::of(&parts);
    let kept = Kept::default();
    let body = Body::new(Tee {
        inner: body,
        kept: kept.clone(),
    });
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let notes = response.extensions_mut().remove::<Notes>();
    let notes = notes.unwrap_or_default();
    let Some(environment) = notes.environment.or(whose) else {
        return response;
    };
    let at = environment.clock.now();
    let (parts, body) = response.into_parts();
    let (body, response) = answered(body, &parts.headers).await;
    exchanges::record(
        &environment,
        Exchange {
            id: ExchangeId::new(environment.random.exchange_ulid(at)),
            at,
            operation: notes.operation,
            method: asked.method,
            path: asked.path,
            query: asked.query,
            request: kept.message(asked.headers),
            status: parts.status.as_u16(),
            response,
            took: stopwatch.elapsed(),
            warnings: notes.warnings,
            fault: notes.fault,
        },
    );
    Response::from_parts(parts, body)
}

/// A request without its body.
struct Asked {
    method: Box<str>,
    path: Box<str>,
    query: Option<Box<str>>,
    headers: Vec<(Box<str>, Box<str>)>,
}

impl Asked {
    fn of(parts: &Parts) -> Self {
        Self {
            method: parts.method.as_str().into(),
            path: parts.uri.path().into(),
            query: parts.uri.query().map(Into::into),
            headers: headers(&parts.headers),
        }
    }
}

fn headers(headers: &HeaderMap) -> Vec<(Box<str>, Box<str>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned().into();
    let pairs = headers.iter();
    pairs
        .map(|(name, value)| (name.as_str().into(), text(value.as_bytes())))
        .collect()
}

/// What was answered. A body that is not there as a whole, such as a file that is written while it is read, is not kept.
async fn answered(body: Body, head: &HeaderMap) -> (Body, Message) {
    let headers = headers(head);
    let (Some(length), false) = (body.size_hint().exact(), body.is_end_stream()) else {
        let message = Message {
            headers,
            ..Message::default()
        };
        return (body, message);
    };
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let message = Message {
        headers,
        body: bytes[..bytes.len().min(KEPT)].into(),
        length,
    };
    (bytes.into(), message)
}

/// The beginning of a body that passes by.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<(Vec<u8>, u64)>>);

impl Kept {
    fn add(&self, bytes: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (beginning, length) = &mut *kept;
        let room = KEPT.saturating_sub(beginning.len()).min(bytes.len());
        beginning.extend_from_slice(&bytes[..room]);
        *length += bytes.len() as u64;
    }

    fn message(&self, headers: Vec<(Box<str>, Box<str>)>) -> Message {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (beginning, length) = std::mem::take(&mut *kept);
        Message {
            headers,
            body: beginning.into(),
            length,
        }
    }
}

/// A body whose beginning is kept as it passes by.
struct Tee {
    inner: Body,
    kept: Kept,
}

impl HttpBody for Tee {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            this.kept.add(bytes);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
