//! Damages answers on their way out: slow, cut, declared as something else, or not sent at all because the connection is reset.
//!
//! Whoever answers asks for it in the extensions of the answer. It happens outside of everything else, so the journal has the
//! answer as it was meant. What waits here is a client, so it waits in real time.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::{AddExtension, Next};
use axum::response::Response;
use axum_server::accept::Accept;
use futures_util::stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower_layer::Layer as _;

use crate::clock::pause;
use crate::domain::fault::Damage;

/// In how many pieces a slow body comes.
const PIECES: u32 = 10;
/// What an answer is declared as that is not.
const WRONG_TYPE: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Damages an answer if that is asked for in its extensions. Of an answer without a body there is nothing to damage but the
/// connection.
pub(crate) async fn apply(mut request: Request, next: Next) -> Response {
    let switch = request.extensions_mut().remove::<Switch>();
    let mut response = next.run(request).await;
    let Some(damage) = response.extensions_mut().remove::<Damage>() else {
        return response;
    };
    if damage == Damage::ConnectionReset {
        if let Some(switch) = switch {
            switch.reset();
        }
        return response;
    }
    if response.body().is_end_stream() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    if damage == Damage::WrongContentType {
        parts.headers.insert(CONTENT_TYPE, WRONG_TYPE);
        return Response::from_parts(parts, body);
    }
    // Everything that the API answers is there as a whole.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, bytes.len().into());
    let body = match damage {
        Damage::SlowBody(over) => slow(bytes, over),
        _ => truncated(&bytes),
    };
    Response::from_parts(parts, body)
}

/// The body in pieces, each after its part of `over`.
fn slow(bytes: Bytes, over: Duration) -> Body {
    let size = bytes.len().div_ceil(PIECES as usize).max(1);
    Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        pause(over / PIECES).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    }))
}

/// The first half of the body, and then no more.
fn truncated(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async move {
        if half.is_none() {
            // What was written so far is sent while this waits.
            tokio::task::yield_now().await;
        }
        let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "a fault ends the body here");
        Some((half.ok_or_else(broken), None))
    }))
}

/// Whether a connection is to be reset instead of being written to. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<AtomicBool>);

impl Switch {
    fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_reset(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Lets answers reset the connection that they were to come on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Resettable;

impl<S> Accept<TcpStream, S> for Resettable {
    type Stream = Line;
    type Service = AddExtension<S, Switch>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let switch = Switch::default();
        let service = Extension(switch.clone()).layer(service);
        ready(Ok((Line { stream, switch }, service)))
    }
}

/// A connection that is reset at the first write after its switch was set.
#[derive(Debug)]
pub(crate) struct Line {
    stream: TcpStream,
    switch: Switch,
}

impl Line {
    fn check(&self) -> io::Result<()> {
        if !self.switch.is_reset() {
            return Ok(());
        }
        // With this, closing throws away what was not sent and tells the other side so.
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
