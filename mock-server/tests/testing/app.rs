//! The app under test: calls to an environment, and a receiver of its webhooks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use reqwest::Method;
use serde_json::Value;
use tokio::task::JoinHandle;
use workos_portal_mock::testing::TestEnvironment;

/// Asks an environment as an app does, and returns the status and the body.
pub(crate) async fn ask(
    http: &reqwest::Client,
    env: &TestEnvironment,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let call = http.request(method, format!("{}{path}", env.url()));
    let call = call.bearer_auth(env.api_key());
    let call = match body {
        Some(body) => call.json(&body),
        None => call,
    };
    let answer = call.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// GET.
pub(crate) async fn get(http: &reqwest::Client, env: &TestEnvironment, path: &str) -> (u16, Value) {
    ask(http, env, Method::GET, path, None).await
}

/// POST of a JSON body.
pub(crate) async fn post(
    http: &reqwest::Client,
    env: &TestEnvironment,
    path: &str,
    body: Value,
) -> (u16, Value) {
    ask(http, env, Method::POST, path, Some(body)).await
}

type Inbox = Arc<Mutex<HashMap<String, Vec<Value>>>>;

/// Takes webhooks and keeps them by their paths. Those to `/hang` are never answered.
pub(crate) struct Receiver {
    address: std::net::SocketAddr,
    inbox: Inbox,
    task: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inbox = Inbox::default();
        let app = Router::new().fallback(take).with_state(inbox.clone());
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("it serves");
        });
        Self {
            address,
            inbox,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What has come to a path, in this order.
    pub(crate) fn received(&self, path: &str) -> Vec<Value> {
        let inbox = self.inbox.lock().expect("nobody panics with it");
        inbox.get(path).cloned().unwrap_or_default()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(inbox): State<Inbox>, uri: OriginalUri, body: String) -> StatusCode {
    if uri.path() == "/hang" {
        std::future::pending::<()>().await;
    }
    let body = serde_json::from_str(&body).expect("JSON");
    let mut inbox = inbox.lock().expect("nobody panics with it");
    inbox.entry(uri.path().to_owned()).or_default().push(body);
    StatusCode::OK
}
