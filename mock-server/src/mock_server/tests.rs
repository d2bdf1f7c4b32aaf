//! Servers side by side, and how they start and stop.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

async fn health(url: &str) -> Option<u16> {
    let response = reqwest::get(format!("{url}/health")).await.ok()?;
    Some(response.status().as_u16())
}

#[tokio::test]
async fn servers_live_side_by_side_and_share_nothing() {
    let one = MockServer::start().await.expect("a server");
    let two = MockServer::start().await.expect("another server");
    assert_ne!(one.url(), two.url());
    assert_eq!(
        (health(one.url()).await, health(two.url()).await),
        (Some(200), Some(200))
    );
    one.clock().freeze();
    assert!(!two.clock().is_frozen());
}

#[tokio::test]
async fn nothing_is_left_after_a_shutdown() {
    let server = MockServer::start().await.expect("a server");
    let address = server.address();
    assert_eq!(health(server.url()).await, Some(200));
    server.shutdown().await;
    TcpListener::bind(address).expect("the port is free again");
}

#[tokio::test]
async fn a_dropped_server_closes_its_connections_and_its_port() {
    let server = MockServer::start().await.expect("a server");
    let mut idle = tokio::net::TcpStream::connect(server.address())
        .await
        .expect("a connection");
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("a request");
    let mut answer = [0; 12];
    idle.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
    let address = server.address();
    drop(server);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest)
        .await
        .expect("the end of the connection");
    TcpListener::bind(address).expect("the port is free again");
}

#[test]
fn a_runtime_that_ends_takes_its_server_along() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let server = runtime.block_on(MockServer::start()).expect("a server");
    let address = server.address();
    drop(runtime);
    drop(server);
    TcpListener::bind(address).expect("the port is free again");
}

#[tokio::test]
async fn a_port_in_use_is_said_plainly() {
    let server = MockServer::start().await.expect("a server");
    let error = MockServer::builder()
        .listen(server.address())
        .start()
        .await
        .expect_err("the port is taken");
    assert_eq!(
        error.to_string(),
        format!(
            "cannot listen on {}: the address is already in use",
            server.address()
        )
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_before_anything_is_bound() {
    let config = Config {
        keys: Vec::new(),
        ..Config::default()
    };
    let error = MockServer::builder()
        .config(config)
        .start()
        .await
        .expect_err("no key");
    assert_eq!(
        error.to_string(),
        "bad value for `keys`: at least one key is needed"
    );
}

#[tokio::test]
async fn the_key_that_is_told_is_one_that_opens() {
    let revoked = KeyConfig {
        revoked: true,
        ..KeyConfig::new("sk_old")
    };
    let expired = KeyConfig {
        expires_at: Some(Timestamp::UNIX_EPOCH),
        ..KeyConfig::new("sk_older")
    };
    let config = Config {
        keys: vec![revoked, expired, KeyConfig::new("sk_new")],
        ..Config::default()
    };
    let server = MockServer::builder()
        .config(config)
        .start()
        .await
        .expect("a server");
    assert_eq!(server.api_key(), "sk_new");
}

#[tokio::test]
async fn links_begin_with_the_public_address() {
    let url = Url::parse("https://portal.example.test").expect("an address");
    let server = MockServer::builder()
        .public_url(url)
        .start()
        .await
        .expect("a server");
    assert_eq!(server.url(), "https://portal.example.test");
}

#[test]
fn a_server_that_listens_everywhere_is_reached_here() {
    for (listened, reached) in [
        ("0.0.0.0:1", "127.0.0.1:1"),
        ("[::]:1", "[::1]:1"),
        ("192.0.2.1:1", "192.0.2.1:1"),
    ] {
        let listened: SocketAddr = listened.parse().expect("an address");
        assert_eq!(reachable(listened).to_string(), reached);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_get_on_is_closed() {
    let server = MockServer::start().await.expect("a server");
    for part in [
        "",
        "GET /health HT",
        "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    ] {
        let mut connection = tokio::net::TcpStream::connect(server.address())
            .await
            .expect("a connection");
        connection
            .write_all(part.as_bytes())
            .await
            .expect("a part of a request");
        let mut answer = Vec::new();
        connection
            .read_to_end(&mut answer)
            .await
            .expect("the end of the connection");
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{part:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_beyond_measure_are_answered_with_431() {
    let server = MockServer::start().await.expect("a server");
    let address = server.address();
    let answer = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).expect("a connection");
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n",
            "a".repeat(200_000)
        );
        // The server may close before it has read everything.
        let _ = connection.write_all(request.as_bytes());
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).map(|()| answer)
    });
    assert_eq!(
        &answer.await.expect("a finished thread").expect("an answer"),
        b"HTTP/1.1 431"
    );
}
