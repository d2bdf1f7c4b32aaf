//! Waits until a mock server answers, for scripts, suites and containers that start one.
//!
//! How long that takes is real time: a server has no clock before it runs.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::clock::pause;
use crate::dial::with_what_is_trusted;
use crate::mock_server::reachable;

/// How long is waited between two attempts.
const BETWEEN: Duration = Duration::from_millis(25);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// Which server is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one at this address.
    Address(Url),
    /// The one that this file names, which another process writes: see `--ready-file`.
    ReadyFile(PathBuf),
}

/// The server was not ready in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{target} {} within {timeout:?}: {reason}", .target.failed())]
pub struct NotReady {
    target: Target,
    timeout: Duration,
    reason: String,
}

/// What a ready file says, as far as it matters here.
#[derive(Deserialize)]
struct Line {
    url: String,
    address: SocketAddr,
}

impl Target {
    /// The server that listens on this address.
    #[must_use]
    pub fn listening_on(address: SocketAddr) -> Option<Self> {
        let url = format!("http://{}", reachable(address));
        let url = (address.port() != 0).then(|| Url::parse(&url));
        url?.ok().map(Self::Address)
    }

    fn failed(&self) -> &'static str {
        match self {
            Self::Address(_) => "was not ready",
            Self::ReadyFile(_) => "named no server that was ready",
        }
    }

    /// Where the server may be, the most likely place first.
    fn candidates(&self) -> Result<Vec<Url>, String> {
        let path = match self {
            Self::Address(url) => return Ok(vec![url.clone()]),
            Self::ReadyFile(path) => path,
        };
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let no_line = || "it is no file that --ready-file writes".to_owned();
        let line: Line = serde_json::from_str(&text).map_err(|_| no_line())?;
        let told = Url::parse(&line.url).map_err(|_| no_line())?;
        let here = Self::listening_on(line.address);
        let here = here.and_then(|here| match here {
            Self::Address(url) => Some(url),
            Self::ReadyFile(_) => None,
        });
        // Behind a proxy, or in another container, it is the other one that works.
        Ok(here.into_iter().chain([told]).collect())
    }
}

/// The address without a slash at the end, or the path.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(url) => formatter.write_str(url.as_str().trim_end_matches('/')),
            Self::ReadyFile(path) => path.display().fmt(formatter),
        }
    }
}

/// Waits until a server answers its `GET /health`, and returns the address at which it does.
///
/// # Errors
/// [`NotReady`] when `timeout`, in real time, is over before that; it says why the last attempt failed.
///
/// # Panics
/// Outside a tokio runtime with time and IO.
pub async fn until_ready(target: &Target, timeout: Duration) -> Result<Target, NotReady> {
    let not_ready = |reason: String| NotReady {
        target: target.clone(),
        timeout,
        reason,
    };
    let client = with_what_is_trusted(|| Client::builder().no_proxy().timeout(ATTEMPT));
    let client = client.map_err(|error| not_ready(error.to_string()))?;
    let mut reason = "it has not answered".to_owned();
    let waiting = async {
        loop {
            match attempt(&client, target).await {
                Ok(url) => return Target::Address(url),
                Err(why) => reason = why,
            }
            pause(BETWEEN).await;
        }
    };
    let ready = tokio::time::timeout(timeout, waiting).await;
    ready.map_err(|_| not_ready(reason))
}

/// Asks once.
///
/// # Errors
/// Why nothing is ready, as the end of a sentence.
async fn attempt(client: &Client, target: &Target) -> Result<Url, String> {
    let mut reason = String::new();
    for url in target.candidates()? {
        match ask(client, &url).await {
            Ok(()) => return Ok(url),
            Err(why) if reason.is_empty() => reason = why,
            Err(_) => {}
        }
    }
    Err(reason)
}

async fn ask(client: &Client, url: &Url) -> Result<(), String> {
    let health = url.join("/health").map_err(|error| error.to_string())?;
    let answer = client.get(health).send().await;
    let answer = answer.map_err(|error| told(&error))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("it answered {}", status.as_u16()));
    }
    let body: Option<Value> = answer.json().await.ok();
    let is_well = body.is_some_and(|body| body["status"] == "ok");
    is_well
        .then_some(())
        .ok_or_else(|| "what answers there is another program".to_owned())
}

/// The first cause of an error: what the system says.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it has not answered".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_here() {
        let target = |address: &str| {
            let target = Target::listening_on(address.parse().expect("an address"));
            target.map(|target| target.to_string())
        };
        assert_eq!(
            target("0.0.0.0:4100").as_deref(),
            Some("http://127.0.0.1:4100")
        );
        assert_eq!(target("[::]:4100").as_deref(), Some("http://[::1]:4100"));
        assert_eq!(target("127.0.0.1:0"), None);
    }
}
