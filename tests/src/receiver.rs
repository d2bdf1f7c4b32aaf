//! An app that takes webhooks, and is as bad at it as a test wants.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, Uri},
};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::{
    net::TcpSocket,
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::signature;

/// How long a webhook is waited for that should come at once. It only ends tests that fail.
const PATIENCE: Duration = Duration::from_secs(30);

/// An app on this machine. It answers 200 unless it is told otherwise, and stops when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    app: Arc<App>,
    arrivals: tokio::sync::Mutex<mpsc::UnboundedReceiver<Received>>,
    task: JoinHandle<()>,
}

/// A port on which nobody listens yet, and that nobody else can take.
#[derive(Debug)]
pub struct DeadPort {
    address: SocketAddr,
    socket: TcpSocket,
}

/// What the next request is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This status and an empty body.
    Status(u16),
    /// This status and this body.
    Text(u16, String),
    /// A redirect to the same address.
    Redirect,
    /// Nothing, until the receiver is told to go on; then 200.
    Hang,
    /// Half of the body that the headers promise, and the end of the connection.
    BreakOff,
    /// 200 and a body without an end.
    Endless,
}

/// A webhook as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path and the query that were asked for.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte by byte.
    pub body: Bytes,
}

#[derive(Debug)]
struct App {
    script: Mutex<VecDeque<Answer>>,
    usual: Mutex<Answer>,
    arrivals: mpsc::UnboundedSender<Received>,
    /// Whether those that hang are let go.
    go_on: watch::Sender<bool>,
}

impl Receiver {
    /// An app that listens on a port of its own.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        DeadPort::bind().await.listen()
    }

    /// Where it takes webhooks.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/webhooks", self.address)
    }

    /// Answers the next requests with these, one after the other, and then as usual.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        lock(&self.app.script).extend(answers);
    }

    /// Answers every request with this from now on, unless there is something else for it.
    pub fn always(&self, answer: Answer) {
        *lock(&self.app.usual) = answer;
    }

    /// Lets all that hang go on, also those that are still to come.
    pub fn go_on(&self) {
        self.app.go_on.send_replace(true);
    }

    /// The next webhook that arrives, or that has arrived already.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&self) -> Received {
        let mut arrivals = self.arrivals.lock().await;
        tokio::time::timeout(PATIENCE, arrivals.recv())
            .await
            .expect("a webhook arrives")
            .expect("the receiver runs")
    }

    /// So many webhooks, in the order in which they arrive.
    ///
    /// # Panics
    /// When fewer come.
    pub async fn next_of(&self, count: usize) -> Vec<Received> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.next().await);
        }
        all
    }

    /// What has arrived and was not looked at.
    pub async fn rest(&self) -> Vec<Received> {
        let mut arrivals = self.arrivals.lock().await;
        std::iter::from_fn(|| arrivals.try_recv().ok()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl DeadPort {
    /// Takes a port and does not listen on it.
    ///
    /// # Panics
    /// When there is no port.
    #[expect(clippy::unused_async, reason = "it needs a runtime")]
    pub async fn bind() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        socket.bind(any).expect("a free port");
        let address = socket.local_addr().expect("an address");
        Self { address, socket }
    }

    /// Where webhooks would be taken.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/webhooks", self.address)
    }

    /// Listens from now on.
    ///
    /// # Panics
    /// When the system does not allow it.
    #[must_use]
    pub fn listen(self) -> Receiver {
        let listener = self.socket.listen(64).expect("a listener");
        let (arrivals, arrived) = mpsc::unbounded_channel();
        let app = Arc::new(App {
            script: Mutex::default(),
            usual: Mutex::new(Answer::Status(200)),
            arrivals,
            go_on: watch::Sender::new(false),
        });
        let router = Router::new().fallback(take).with_state(Arc::clone(&app));
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the receiver serves");
        });
        Receiver {
            address: self.address,
            app,
            arrivals: tokio::sync::Mutex::new(arrived),
            task,
        }
    }
}

impl Received {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a webhook is JSON")
    }

    /// The name of the event.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    #[track_caller]
    pub fn event(&self) -> String {
        self.string("/event")
    }

    /// The string at a JSON pointer of the body.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn string(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no string at {pointer}: {json}"))
            .to_owned()
    }

    /// A header as text; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// When it was signed, in milliseconds, if it is signed with `secret`.
    #[must_use]
    pub fn signed_at(&self, secret: &str) -> Option<i64> {
        signature::signed_at(self.header("workos-signature"), secret, &self.body)
    }
}

async fn take(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let answer = lock(&app.script).pop_front();
    let answer = answer.unwrap_or_else(|| lock(&app.usual).clone());
    let target = uri.to_string();
    let received = Received {
        target: target.clone(),
        headers,
        body,
    };
    // A test that has ended takes nothing more.
    let _ = app.arrivals.send(received);
    respond(&app, answer, &target).await
}

async fn respond(app: &App, answer: Answer, target: &str) -> Response<Body> {
    let mut response = Response::builder();
    let (status, body) = match answer {
        Answer::Status(status) => (status, Body::empty()),
        Answer::Text(status, text) => (status, Body::from(text)),
        Answer::Redirect => {
            response = response.header("location", target);
            (307, Body::empty())
        }
        Answer::Hang => {
            let mut go_on = app.go_on.subscribe();
            let _ = go_on.wait_for(|go_on| *go_on).await;
            (200, Body::empty())
        }
        Answer::BreakOff => {
            response = response.header("content-length", "10");
            let gone = async {
                // What is there is sent before the end comes.
                tokio::task::yield_now().await;
                Err(std::io::Error::other("the receiver is gone"))
            };
            let half = stream::iter([Ok("half ")]).chain(stream::once(gone));
            (200, Body::from_stream(half))
        }
        Answer::Endless => {
            let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>("on and on ".repeat(400)));
            (200, Body::from_stream(chunks))
        }
    };
    response.status(status).body(body).expect("an answer")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
