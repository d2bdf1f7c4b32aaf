//! The one place that dials out. It reaches this machine and the hosts that the configuration allows; nothing else is asked
//! for, whatever an answer leads on to.
//!
//! How long it waits is about sockets, so that is real time, not an environment's.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::service::setup::Fetched;

/// How long a host has for its whole answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many bytes of an answer are read.
const LARGEST: usize = 1024 * 1024;
/// How often an answer may lead on to another address.
const MOST_REDIRECTS: usize = 5;

/// Where this server dials out to. Clones are cheap and the same.
#[derive(Clone)]
pub(crate) struct Dialing {
    hosts: Arc<BTreeSet<String>>,
    timeout: Duration,
    /// Made when it is first needed: reading the certificates that the system trusts takes its time.
    client: Arc<OnceLock<Option<reqwest::Client>>>,
}

impl fmt::Debug for Dialing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Dialing").field(&self.hosts).finish()
    }
}

impl Dialing {
    /// Dials this machine and `hosts`, which are names or addresses without a port.
    pub(crate) fn new(hosts: &[String]) -> Self {
        let spelled =
            |host: &String| Host::parse(host).map_or(host.clone(), |host| host.to_string());
        Self {
            hosts: Arc::new(hosts.iter().map(spelled).collect()),
            timeout: TIMEOUT,
            client: Arc::default(),
        }
    }

    fn client(&self) -> Option<&reqwest::Client> {
        let client = self.client.get_or_init(|| {
            let client = self.new_client();
            client
                .inspect_err(|error| tracing::error!(%error, "this server cannot dial out"))
                .ok()
        });
        client.as_ref()
    }

    fn new_client(&self) -> Result<reqwest::Client, reqwest::Error> {
        let allowed = Arc::clone(&self.hosts);
        let redirects = Policy::custom(move |attempt| {
            if attempt.previous().len() > MOST_REDIRECTS {
                attempt.error("too many redirects")
            } else if is_allowed(&allowed, attempt.url()) {
                attempt.follow()
            } else {
                attempt.stop()
            }
        });
        // Whatever the system takes `localhost` for, it is this machine here.
        let here = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        reqwest::Client::builder()
            .no_proxy()
            .redirect(redirects)
            .referer(false)
            .resolve_to_addrs("localhost", &here)
            .timeout(self.timeout)
            .user_agent(concat!("workos-portal-mock/", env!("CARGO_PKG_VERSION")))
            .build()
    }

    /// Whether this address may be dialled.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        is_allowed(&self.hosts, url)
    }
}

fn is_allowed(hosts: &BTreeSet<String>, url: &Url) -> bool {
    if !matches!(url.scheme(), "http" | "https") {
        return false;
    }
    let is_here = match url.host() {
        None => return false,
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
    };
    is_here || url.host_str().is_some_and(|host| hosts.contains(host))
}

/// Reads the text at an address, if it may be dialled.
pub(crate) async fn read(dialing: &Dialing, address: &str) -> Fetched {
    match Url::parse(address) {
        Ok(url) if dialing.allows(&url) => match text(dialing, url).await {
            Ok(text) => Fetched::Text(text),
            Err(why) => Fetched::Failed(why),
        },
        _ => Fetched::NotDialled,
    }
}

async fn text(dialing: &Dialing, url: Url) -> Result<String, String> {
    let client = dialing
        .client()
        .ok_or("this server has no way to dial out")?;
    let mut response = client.get(url).send().await.map_err(|error| why(&error))?;
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
        Dialing::new(&hosts)
    }

    /// A server on this machine, and where it is reached.
    async fn serve(router: Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    #[test]
    fn this_machine_and_the_hosts_that_are_named_are_dialled() {
        let dialing = dialing(&[
            "idp.example",
            "IDP.Other.example",
            "192.0.2.7",
            "[2001:db8::1]",
        ]);
        for (address, allowed) in [
            ("http://localhost:8080/x", true),
            ("http://LOCALHOST/x", true),
            ("https://127.0.0.1/", true),
            ("http://127.1.2.3:9/", true),
            ("http://0x7f.1/", true),
            ("http://[::1]:80/", true),
            ("https://idp.example/metadata", true),
            ("https://IDP.example:8443/", true),
            ("http://idp.other.example/", true),
            ("http://192.0.2.7/", true),
            ("http://[2001:db8:0::1]/", true),
            ("https://www.idp.example/", false),
            ("https://idp.example.evil.test/", false),
            ("http://localhost.evil.test/", false),
            ("http://evil.localhost/", false),
            ("http://0.0.0.0/", false),
            ("http://10.0.0.1/", false),
            ("http://169.254.169.254/latest", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("ftp://localhost/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(
                dialing.allows(&Url::parse(address).unwrap()),
                allowed,
                "{address}"
            );
        }
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
            timeout: Duration::from_millis(20),
            ..Dialing::new(&[])
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
