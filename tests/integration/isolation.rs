//! Servers side by side, and the same server twice.

use contract_tests::{Reply, TestServer};
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpStream;
use workos_portal_mock::MockServer;

use crate::support::{link, organization};

#[tokio::test]
async fn servers_see_nothing_of_each_other() {
    let servers = join_all((0..4).map(|_| TestServer::start())).await;
    for (number, server) in servers.iter().enumerate() {
        organization(
            server,
            &json!({"name": format!("Organization {number}"), "external_id": "the-same"}),
        )
        .await;
        server.advance(&format!("{number} hours"));
    }
    for (number, server) in servers.iter().enumerate() {
        let found = server
            .get("/organizations/external_id/the-same")
            .send()
            .await
            .expect(200);
        assert_eq!(found.string("/name"), format!("Organization {number}"));
        assert_eq!(
            server.get("/organizations").send().await.json()["data"]
                .as_array()
                .map(Vec::len),
            Some(2)
        );
        assert_eq!(
            server.now().to_string(),
            format!("2026-01-01T0{number}:00:00Z")
        );
    }
    let idempotent = async |server: &TestServer, name: &str| {
        server
            .post("/organizations", &json!({"name": name}))
            .header("idempotency-key", "k")
            .send()
            .await
            .status
    };
    assert_eq!(idempotent(&servers[0], "One").await, 201);
    assert_eq!(idempotent(&servers[1], "Another").await, 201);
}

#[tokio::test]
async fn a_link_opens_on_the_server_that_made_it() {
    let (one, other) = (
        TestServer::start().await,
        TestServer::with(|config| config.random_seed = Some(8)).await,
    );
    let (links, others) = (link(&one).await, link(&other).await);
    assert_ne!(links, others);
    let _ = other.visitor().get(&links).await.expect(404);
    let session = one.visitor().open(&links).await;
    let _ = other.visitor().get(&session).await.expect(403);
}

/// A bit of everything; every byte that was answered.
async fn story(seed: u64) -> Vec<(Reply, String)> {
    let server = TestServer::with(|config| config.random_seed = Some(seed)).await;
    let body =
        json!({"name": "Acme", "domain_data": [{"domain": "acme.example", "state": "pending"}]});
    let mut replies = vec![
        server.get("/organizations").send().await,
        server.post("/organizations", &body).send().await,
        server.post("/organizations", &json!({})).send().await,
        server.get("/organizations/x").send().await,
        server.get("/events").send().await,
        server.get("/portal/providers").send().await,
    ];
    let id = replies[1].string("/id");
    replies.push(
        server
            .post("/portal/generate_link", &json!({"organization": id}))
            .send()
            .await,
    );
    let link = replies[6].string("/link");
    server.advance("1 minute");
    let visitor = server.visitor();
    let opened = visitor.get(&link).await;
    let session = opened.header("location").to_owned();
    replies.push(opened);
    replies.push(visitor.get(&session).await);
    replies.push(visitor.finish(&session).await);
    replies.push(visitor.get(&link).await);
    replies.push(server.delete(&format!("/organizations/{id}")).send().await);
    let told = |reply: Reply| {
        let mut headers: Vec<String> = reply
            .headers
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        (reply, headers.join("\n"))
    };
    replies.into_iter().map(told).collect()
}

#[tokio::test]
async fn one_seed_gives_the_same_bytes() {
    let (one, two) = (story(7).await, story(7).await);
    for ((one, headers), (two, others)) in one.iter().zip(&two) {
        assert_eq!((one.status, headers), (two.status, others), "{}", one.line);
        assert!(one.body == two.body, "{one}\n{two}");
    }
    let other = story(8).await;
    for index in [1, 6, 7] {
        assert!(
            one[index].0.body != other[index].0.body || one[index].1 != other[index].1,
            "{}",
            one[index].0
        );
    }
}

#[tokio::test]
async fn without_a_seed_nothing_can_be_foretold() {
    let unseeded = || TestServer::with(|config| config.random_seed = None);
    let (one, two) = (unseeded().await, unseeded().await);
    assert_ne!(link(&one).await, link(&two).await);
    let made = json!({"name": "Acme"});
    assert_ne!(
        organization(&one, &made).await,
        organization(&two, &made).await
    );
}

#[tokio::test]
async fn a_server_is_there_when_it_has_started_and_gone_when_it_is_dropped() {
    let server = MockServer::start().await.expect("it starts");
    let address = server.address();
    assert_eq!(server.url(), format!("http://{address}"));
    assert_eq!(server.api_key(), "sk_test_default");
    assert!(address.ip().is_loopback() && address.port() != 0);
    let connection = TcpStream::connect(address).await.expect("it listens");
    drop(server);
    // Its port is free as soon as the runtime has come round to it.
    let mut freed = false;
    for _ in 0..1_000 {
        freed = freed || std::net::TcpListener::bind(address).is_ok();
        tokio::task::yield_now().await;
    }
    assert!(freed, "somebody still listens on {address}");
    let mut byte = [0];
    let end = connection.peek(&mut byte).await;
    assert!(
        matches!(end, Ok(0) | Err(_)),
        "a connection outlives its server"
    );
}

#[tokio::test]
async fn two_servers_cannot_have_one_address() {
    let first = MockServer::start().await.expect("it starts");
    let second = MockServer::builder().listen(first.address()).start().await;
    let error = second.expect_err("the address is taken").to_string();
    assert!(
        error.contains(&first.address().to_string()) && error.contains("in use"),
        "{error}"
    );
}
