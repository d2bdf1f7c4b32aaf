//! What takes the deliveries: it reads them and says yes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use tokio::runtime::Runtime;

use crate::Failure;

/// A receiver in this process.
pub(crate) struct Receiver {
    url: String,
    left: Arc<Left>,
    _runtime: Runtime,
}

/// How many are still to come, and whom to tell when they have.
struct Left {
    count: AtomicUsize,
    all: mpsc::SyncSender<()>,
    told: std::sync::Mutex<mpsc::Receiver<()>>,
}

impl Receiver {
    pub(crate) fn start() -> Result<Self, Failure> {
        let runtime = Runtime::new()?;
        let (all, told) = mpsc::sync_channel(1);
        let left = Arc::new(Left {
            count: AtomicUsize::new(0),
            all,
            told: told.into(),
        });
        let router = Router::new().fallback(take).with_state(Arc::clone(&left));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}", listener.local_addr()?);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            url,
            left,
            _runtime: runtime,
        })
    }

    /// The address of an endpoint.
    pub(crate) fn url(&self, endpoint: usize) -> String {
        format!("{}/{endpoint}", self.url)
    }

    /// Does `work`, and returns when so many have come since it began.
    pub(crate) fn take(
        &self,
        count: usize,
        work: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.left.count.store(count, Ordering::SeqCst);
        work()?;
        let told = self.left.told.lock().map_err(|_| "poisoned")?;
        Ok(told.recv_timeout(Duration::from_secs(120))?)
    }
}

async fn take(State(left): State<Arc<Left>>, body: Bytes) -> StatusCode {
    let read = !body.is_empty();
    if read && left.count.fetch_sub(1, Ordering::SeqCst) == 1 {
        // Whoever waits takes one of these for all that they wait for.
        let _ = left.all.try_send(());
    }
    StatusCode::OK
}
