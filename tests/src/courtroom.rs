//! A proxy in front of a server. No answer leaves it unjudged, whoever asked: the tests know no other way to the server.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Response, StatusCode, header},
};
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::task::JoinHandle;

use crate::{
    call::Reply,
    judge::{Exchange, Verdict, judge},
};

/// A listening proxy. It stops when it is dropped.
#[derive(Debug)]
pub struct Courtroom {
    address: SocketAddr,
    ledger: Arc<Ledger>,
    task: JoinHandle<()>,
}

/// What has been received from the server, and what the judge said to it.
#[derive(Debug)]
pub struct Ledger {
    target: SocketAddr,
    secrets: Vec<String>,
    http: reqwest::Client,
    received: AtomicUsize,
    verdicts: Mutex<Vec<Verdict>>,
    last: Mutex<Option<Reply>>,
}

thread_local! {
    static SERVED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// The ids of the operations that have succeeded for tests of this thread; a test's runtime and its proxy are on the thread of
/// the test, unless it asks for several.
#[must_use]
pub fn served_on_this_thread() -> BTreeSet<&'static str> {
    SERVED.with_borrow(Clone::clone)
}

/// Headers that are about one connection and not passed on.
const OF_THE_CONNECTION: [HeaderName; 4] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    HeaderName::from_static("keep-alive"),
];

impl Courtroom {
    /// Listens in front of `target`, a server whose API keys are `secrets`.
    ///
    /// # Panics
    /// When there is no port to listen on.
    pub async fn in_front_of(target: SocketAddr, secrets: Vec<String>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let ledger = Arc::new(Ledger {
            target,
            secrets,
            http: http_client(),
            received: AtomicUsize::new(0),
            verdicts: Mutex::default(),
            last: Mutex::default(),
        });
        let router = Router::new()
            .fallback(forward)
            .with_state(Arc::clone(&ledger));
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the proxy serves");
        });
        Self {
            address,
            ledger,
            task,
        }
    }

    /// Where to send requests.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was judged.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

impl Drop for Courtroom {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Ledger {
    /// Every verdict so far, in the order of the answers.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict> {
        lock(&self.verdicts).clone()
    }

    /// The latest answer, as it came over the wire.
    ///
    /// # Panics
    /// When there was none.
    #[must_use]
    pub fn last(&self) -> Reply {
        lock(&self.last).clone().expect("an answer was received")
    }

    /// Every violation so far.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        lock(&self.verdicts)
            .iter()
            .flat_map(|verdict| verdict.violations.clone())
            .collect()
    }

    /// How many answers were received from the server, and how many of them were judged. While requests are on their way the
    /// second number may lag behind.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let judged = lock(&self.verdicts).len();
        (self.received.load(Ordering::SeqCst), judged)
    }

    /// Sends a request on and returns what was answered. Of a stream of events, which has no end, that is the beginning; the
    /// rest of it comes besides.
    async fn ask(
        &self,
        request: Request,
    ) -> Result<(Reply, Option<reqwest::Response>), reqwest::Error> {
        let (parts, body) = request.into_parts();
        let line = format!("{} {}", parts.method, parts.uri);
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let mut builder = self
            .http
            .request(parts.method, format!("http://{}{}", self.target, parts.uri))
            .headers(passed_on(&parts.headers));
        if !body.is_empty() || parts.headers.contains_key(header::CONTENT_LENGTH) {
            builder = builder.body(body);
        }
        let mut answer = builder.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let kind = headers.get(header::CONTENT_TYPE);
        let (body, rest) = if kind.is_some_and(|kind| kind == "text/event-stream") {
            (answer.chunk().await?, Some(answer))
        } else {
            (Some(answer.bytes().await?), None)
        };
        self.received.fetch_add(1, Ordering::SeqCst);
        let reply = Reply {
            line,
            status,
            headers,
            body: body.unwrap_or_default().to_vec(),
        };
        Ok((reply, rest))
    }

    fn judge(&self, reply: &Reply) {
        let (method, target) = reply.line.split_once(' ').unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let exchange = Exchange {
            method,
            path,
            status: reply.status,
            headers: &reply.headers,
            body: &reply.body,
        };
        let mut verdict = judge(&exchange, &self.secrets);
        for violation in &mut verdict.violations {
            *violation = format!("{} → {}: {violation}", reply.line, reply.status);
        }
        if let Some(operation) = verdict.operation
            && (200..300).contains(&verdict.status)
        {
            SERVED.with_borrow_mut(|served| served.insert(operation.id.as_str()));
        }
        lock(&self.verdicts).push(verdict);
        *lock(&self.last) = Some(reply.clone());
    }
}

async fn forward(State(ledger): State<Arc<Ledger>>, request: Request) -> Response<Body> {
    let line = format!("{} {}", request.method(), request.uri());
    match ledger.ask(request).await {
        Ok((reply, rest)) => {
            ledger.judge(&reply);
            let body = match rest {
                None => Body::from(reply.body),
                Some(rest) => Body::from_stream(streamed(reply.body, rest)),
            };
            let mut response = Response::new(body);
            *response.status_mut() = StatusCode::from_u16(reply.status).expect("a status");
            *response.headers_mut() = passed_on(&reply.headers);
            response
        }
        Err(error) => {
            let violations = vec![format!("{line}: no answer: {error:?}")];
            ledger.received.fetch_add(1, Ordering::SeqCst);
            lock(&ledger.verdicts).push(Verdict {
                violations,
                ..Verdict::default()
            });
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

/// The beginning of a stream, and what comes after it for as long as somebody listens.
fn streamed(
    beginning: Vec<u8>,
    rest: reqwest::Response,
) -> impl Stream<Item = Result<Bytes, reqwest::Error>> {
    let rest = stream::unfold(rest, |mut rest| async move {
        let chunk = rest.chunk().await.transpose()?;
        Some((chunk, rest))
    });
    stream::iter([Ok(Bytes::from(beginning))]).chain(rest)
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    headers
}

/// A client that does nothing of its own accord: no redirects, no proxies of the environment.
pub(crate) fn http_client() -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    builder.build().expect("an HTTP client without TLS")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use axum::{Json, routing::get};
    use serde_json::json;

    use super::*;

    /// A server that answers what it should not.
    async fn liar() -> SocketAddr {
        let planted = json!({"object": "list", "data": [], "list_metadata": {"before": null, "after": null}, "planted": 1});
        let router = Router::new()
            .route("/organizations", get(async || Json(planted)))
            .route("/portal/launch", get(async || "sk_secret"));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    #[tokio::test]
    async fn every_answer_is_judged_before_it_is_passed_on() {
        let courtroom = Courtroom::in_front_of(liar().await, vec!["sk_secret".to_owned()]).await;
        let ask = async |path: &str| {
            let answer = http_client()
                .get(format!("http://{}{path}", courtroom.address()))
                .send()
                .await
                .expect("an answer");
            (
                answer.status().as_u16(),
                answer.text().await.expect("a body"),
            )
        };
        let (status, body) = ask("/organizations?limit=1").await;
        assert!(
            status == 200 && body.contains("planted"),
            "what was answered is passed on as it is"
        );
        let violations = courtroom.ledger().violations();
        for why in [
            "WorkOS: the body: Unevaluated",
            "portal.json: the body: Unevaluated",
            "X-Request-Id",
            "Content-Type",
        ] {
            assert!(
                violations.iter().any(|violation| violation.contains(why)),
                "{why}: {violations:#?}"
            );
        }
        assert!(
            violations
                .iter()
                .all(|violation| violation.starts_with("GET /organizations?limit=1 → 200: "))
        );

        ask("/portal/launch").await;
        assert!(
            courtroom
                .ledger()
                .violations()
                .iter()
                .any(|violation| violation.contains("an API key is in the answer"))
        );
        ask("/nowhere").await;
        assert_eq!(courtroom.ledger().counts(), (3, 3));
        assert_eq!(courtroom.ledger().verdicts().len(), 3);
        assert_eq!(courtroom.ledger().last().line, "GET /nowhere");
    }

    #[tokio::test]
    async fn no_answer_is_a_violation_too() {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0")
            .expect("a free port")
            .local_addr()
            .expect("an address");
        let courtroom = Courtroom::in_front_of(nobody, Vec::new()).await;
        let answer = http_client()
            .get(format!("http://{}/health", courtroom.address()))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 502);
        assert!(courtroom.ledger().violations()[0].contains("no answer"));
    }
}
