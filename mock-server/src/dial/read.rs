//! Reads metadata and discovery documents.

use std::time::Duration;

use reqwest::redirect::Policy;
use url::Url;

use super::{Dialing, client};
use crate::domain::reach::Reach;
use crate::service::setup::Fetched;

/// How long a host has for its whole answer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);
/// How many bytes of an answer are read.
const LARGEST: usize = 1024 * 1024;
/// How often an answer may lead on to another address.
const MOST_REDIRECTS: usize = 5;

/// Reads the text at an address, if it may be dialled.
pub(crate) async fn read(dialing: &Dialing, address: &str) -> Fetched {
    match Url::parse(address) {
        Ok(url) if dialing.reach.includes(&url) => match text(dialing, url).await {
            Ok(text) => Fetched::Text(text),
            Err(why) => Fetched::Failed(why),
        },
        _ => Fetched::NotDialled,
    }
}

async fn text(dialing: &Dialing, url: Url) -> Result<String, String> {
    let client = client(&dialing.clients.reading, || redirects(&dialing.reach));
    let client = client.ok_or("this server has no way to dial out")?;
    let request = client.get(url).timeout(dialing.patience);
    let mut response = request.send().await.map_err(|error| why(&error))?;
    let status = response.status();
    if status.is_redirection() {
        return Err("it leads on to an address that this server does not dial".to_owned());
    }
    if !status.is_success() {
        return Err(format!("it answered {}", status.as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err("its answer is larger than 1 MiB".to_owned());
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| "its answer is not UTF-8 text".to_owned())
}

/// The reason alone: what a library says may repeat the address, and more than a visitor has to know.
fn why(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_redirect() {
        "it leads on and on"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "it broke off in the middle of its answer"
    };
    why.to_owned()
}

/// Leads on within reach only.
fn redirects(reach: &Reach) -> Policy {
    let reach = reach.clone();
    Policy::custom(move |attempt| {
        if attempt.previous().len() > MOST_REDIRECTS {
            attempt.error("too many redirects")
        } else if reach.includes(attempt.url()) {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::response::Redirect;
    use axum::routing::get;
    use futures_util::stream;

    use super::*;

    fn dialing(hosts: &[&str]) -> Dialing {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        Dialing::new(Reach::new(&hosts))
    }

    /// A server on this machine, and where it is reached.
    async fn serve(router: Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn what_is_there_is_read_and_nothing_else_is_asked_for() {
        let endless = || async {
            let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 4096]));
            Body::from_stream(chunks)
        };
        let router = Router::new()
            .route("/text", get(async || "é"))
            .route("/binary", get(async || vec![0xff, 0xfe]))
            .route("/endless", get(endless))
            .route("/on", get(async || Redirect::to("/text")))
            .route(
                "/away",
                get(async || Redirect::to("http://away.example/text")),
            )
            .route("/circle", get(async || Redirect::to("/circle")));
        let base = serve(router).await;
        let dialing = dialing(&[]);
        let failed = |why: &str| Fetched::Failed(why.to_owned());
        for (path, expected) in [
            ("/text", Fetched::Text("é".to_owned())),
            ("/on", Fetched::Text("é".to_owned())),
            ("/none", failed("it answered 404")),
            ("/binary", failed("its answer is not UTF-8 text")),
            ("/endless", failed("its answer is larger than 1 MiB")),
            (
                "/away",
                failed("it leads on to an address that this server does not dial"),
            ),
            ("/circle", failed("it leads on and on")),
        ] {
            assert_eq!(
                read(&dialing, &format!("{base}{path}")).await,
                expected,
                "{path}"
            );
        }
        let named = base.replace("127.0.0.1", "localhost") + "/text";
        assert_eq!(read(&dialing, &named).await, Fetched::Text("é".to_owned()));
        for address in ["https://idp.example/metadata", "no address", ""] {
            assert_eq!(read(&dialing, address).await, Fetched::NotDialled);
        }
    }

    #[tokio::test]
    async fn a_host_that_is_silent_or_away_is_given_up() {
        // Connections are taken by the system and never answered.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = format!("http://{}", listener.local_addr().unwrap());
        let impatient = Dialing {
            patience: Duration::from_millis(20),
            ..dialing(&[])
        };
        assert_eq!(
            read(&impatient, &silent).await,
            Fetched::Failed("it did not answer in time".to_owned())
        );
        drop(listener);
        assert_eq!(
            read(&dialing(&[]), &silent).await,
            Fetched::Failed("it cannot be reached".to_owned())
        );
    }
}
