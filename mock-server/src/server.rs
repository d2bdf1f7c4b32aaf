//! Serves a router on a listener that is already bound, and stops without leaving anything behind.
//!
//! The time-outs here are about sockets, so they run on real time, not on an environment's clock.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use tokio::task::JoinHandle;

use crate::damage::Resettable;

/// How long a connection may take for the headers of a request, or say nothing between two requests.
const HEADERS_OR_IDLE: Duration = Duration::from_secs(60);
/// How long requests in flight are waited for on stopping.
const GRACE: Duration = Duration::from_secs(3);
/// What a connection buffers, in bytes; a request whose line and headers need more is answered with 431.
const HEADER_BYTES: usize = 64 * 1024;

/// A server at work. Dropping it closes its listener and its connections.
#[derive(Debug)]
pub(crate) struct Running {
    handle: Handle<SocketAddr>,
    task: Option<JoinHandle<io::Result<()>>>,
}

/// Starts serving. Connections are accepted from the moment `listener` was bound, so nobody has to wait for this.
///
/// # Errors
/// The listener cannot be used without blocking.
///
/// # Panics
/// Outside a tokio runtime.
pub(crate) fn serve(listener: TcpListener, router: Router) -> io::Result<Running> {
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Resettable)
        .handle(handle.clone())
        .http1_only()
        .first_request_timeout(HEADERS_OR_IDLE)
        .accept_error_handler(|_, error| tracing::debug!(%error, "a connection was not accepted"));
    server
        .http_builder()
        .http1()
        .header_read_timeout(HEADERS_OR_IDLE)
        .max_buf_size(HEADER_BYTES);
    let task = tokio::spawn(server.serve(router.into_make_service()));
    Ok(Running {
        handle,
        task: Some(task),
    })
}

impl Running {
    /// Stops accepting, lets requests in flight finish for a short while, then closes what is left.
    pub(crate) async fn stop(mut self) {
        self.handle.graceful_shutdown(Some(GRACE));
        self.ended().await;
    }

    /// Waits until the server has ended, which it does on its own only when it fails.
    pub(crate) async fn ended(&mut self) {
        if let Some(task) = &mut self.task {
            match task.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "the server has failed"),
                Err(error) => tracing::error!(%error, "the server's task has failed"),
            }
        }
        self.task = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Connections watch the handle; the task holds the listener.
        self.handle.shutdown();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
