//! The app whose customer sets something up: where a link leads back to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Html;
use tokio::task::JoinHandle;

/// An app that notes what it is asked for. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct App {
    address: SocketAddr,
    asked: Asked,
    task: JoinHandle<()>,
}

type Asked = Arc<Mutex<Vec<Visit>>>;

/// One request to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    /// What the browser told it about where it came from.
    pub(crate) referrer: Option<String>,
}

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>The app</title>\
    <link rel=\"icon\" href=\"data:,\"><h1>Back in the app</h1>";

impl App {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Asked::default();
        let router = Router::new().fallback(note).with_state(Arc::clone(&asked));
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the app serves");
        });
        Self {
            address,
            asked,
            task,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked for so far, in order.
    pub(crate) fn visits(&self) -> Vec<Visit> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    /// The targets of what it was asked for.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.visits()
            .into_iter()
            .map(|visit| visit.target)
            .collect()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn note(State(asked): State<Asked>, request: Request) -> Html<&'static str> {
    let referrer = request.headers().get("referer");
    let visit = Visit {
        method: request.method().clone(),
        target: request.uri().to_string(),
        referrer: referrer
            .and_then(|value| value.to_str().ok())
            .map(ToOwned::to_owned),
    };
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(visit);
    Html(PAGE)
}
