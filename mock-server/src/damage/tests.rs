//! Bytes on bare connections: what no HTTP client would show.

use std::time::Duration;

use axum::body::to_bytes;
use futures_util::StreamExt as _;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::MockServer;

async fn server() -> MockServer {
    let start = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let builder = MockServer::builder().clock_at(start).random_seed(1);
    builder.start().await.expect("a server")
}

async fn fault(server: &MockServer, body: Value) -> Value {
    let call = Client::new().post(format!("{}/_mock/faults", server.url()));
    let answer = call.json(&body).send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    answer.json().await.expect("JSON")
}

async fn get(server: &MockServer, path: &str) -> Value {
    let call = Client::new().get(format!("{}{path}", server.url()));
    let answer = call.bearer_auth(server.api_key()).send().await;
    answer.expect("an answer").json().await.expect("JSON")
}

/// Sends a request and gives everything that comes, and how the connection ends.
async fn exchange(server: &MockServer, request: &str, body: &str) -> (String, std::io::Result<()>) {
    let mut stream = TcpStream::connect(server.address()).await.expect("a line");
    let head = format!(
        "{request} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.api_key(),
        body.len(),
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.map(drop);
    (String::from_utf8(bytes).expect("text"), end)
}

fn parts(answer: &str) -> (&str, &str) {
    answer.split_once("\r\n\r\n").expect("a whole head")
}

fn length(head: &str) -> usize {
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    length.expect("a length").parse().expect("a number")
}

const MAKE: &str = r#"{"name": "Acme"}"#;

#[tokio::test]
async fn a_reset_leaves_nothing_of_an_answer_and_all_of_what_was_done() {
    let server = server().await;
    let asked = fault(
        &server,
        json!({"operation": "create_organization", "damage": "connection_reset"}),
    )
    .await;
    let (answer, end) = exchange(&server, "POST /organizations", MAKE).await;
    assert_eq!(answer, "");
    let kind = end.expect_err("a reset").kind();
    assert_eq!(kind, std::io::ErrorKind::ConnectionReset);
    let list = get(&server, "/organizations").await;
    assert_eq!(list["data"][0]["name"], "Acme");
    // The journal has the answer as it was meant, and what became of it.
    let journal = get(&server, "/_mock/requests?operation=create_organization").await;
    let request = &journal["data"][0];
    assert_eq!(
        (&request["status"], &request["fault"]),
        (&json!(201), &asked["id"])
    );
    assert_eq!(request["response"]["body"]["name"], "Acme");
    let (answer, end) = exchange(&server, "POST /organizations", MAKE).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    end.expect("an orderly end");
}

#[tokio::test]
async fn with_a_status_a_reset_does_nothing() {
    let server = server().await;
    let body = json!({"method": "POST", "status": 500, "damage": "connection_reset"});
    fault(&server, body).await;
    let (answer, end) = exchange(&server, "POST /organizations", MAKE).await;
    assert_eq!((answer.as_str(), end.is_err()), ("", true));
    let list = get(&server, "/organizations").await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_cut_body_is_declared_whole_and_comes_by_half() {
    let server = server().await;
    fault(
        &server,
        json!({"path": "/organizations", "damage": "truncated_body"}),
    )
    .await;
    let (cut, end) = exchange(&server, "GET /organizations", "").await;
    end.expect("an orderly end");
    let (head, half) = parts(&cut);
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let (whole, _) = exchange(&server, "GET /organizations", "").await;
    let (whole_head, body) = parts(&whole);
    assert_eq!((length(head), length(whole_head)), (body.len(), body.len()));
    assert_eq!(half, &body[..body.len() / 2]);
}

#[tokio::test]
async fn a_slow_body_comes_in_pieces_and_whole() {
    let server = server().await;
    let body = json!({"path": "/organizations", "damage": "slow_body", "over": "20 ms"});
    let asked = fault(&server, body).await;
    assert_eq!(
        (&asked["damage"], &asked["over"]),
        (&json!("slow_body"), &json!("PT0.02S"))
    );
    let (slow, end) = exchange(&server, "GET /organizations", "").await;
    end.expect("an orderly end");
    let (quick, _) = exchange(&server, "GET /organizations", "").await;
    assert_eq!(parts(&slow).1, parts(&quick).1);
    assert_eq!(length(parts(&slow).0), parts(&slow).1.len());
}

#[tokio::test(start_paused = true)]
async fn pieces_are_spread_over_the_time() {
    let slow = || super::slow(vec![7; 95].into(), Duration::from_secs(60));
    let mut pieces = slow().into_data_stream();
    let mut sizes = Vec::new();
    while let Some(piece) = pieces.next().await {
        sizes.push(piece.expect("a piece").len());
    }
    assert_eq!(sizes, [10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
    for (patience, comes) in [(59, false), (61, true)] {
        let whole = to_bytes(slow(), usize::MAX);
        let came = timeout(Duration::from_secs(patience), whole).await;
        assert_eq!(came.is_ok(), comes, "{patience}");
    }
}

#[tokio::test]
async fn another_content_type_is_declared_for_the_same_body() {
    let server = server().await;
    let body = json!({"resource": "org_test_idp", "damage": "wrong_content_type", "always": true});
    fault(&server, body).await;
    for request in [
        "GET /organizations/org_test_idp",
        "GET /connections?organization_id=org_test_idp",
    ] {
        let (answer, _) = exchange(&server, request, "").await;
        let (head, body) = parts(&answer);
        assert!(
            head.contains("content-type: text/html; charset=utf-8"),
            "{head}"
        );
        serde_json::from_str::<Value>(body).expect("JSON");
    }
    let link = r#"{"organization": "org_test_idp", "intent": "sso"}"#;
    let (answer, _) = exchange(&server, "POST /portal/generate_link", link).await;
    assert!(parts(&answer).0.contains("text/html"), "{answer}");
    let (answer, _) = exchange(&server, "GET /organizations", "").await;
    assert!(parts(&answer).0.contains("application/json"), "{answer}");
}

#[tokio::test]
async fn what_has_no_body_is_left_as_it_is() {
    let server = server().await;
    let body = json!({"operation": "revoke_portal_link", "damage": "truncated_body"});
    fault(&server, body).await;
    let revoke = r#"{"organization": "org_test_idp", "external_user_id": "user_1"}"#;
    let (answer, end) = exchange(&server, "POST /portal/revoke_link", revoke).await;
    end.expect("an orderly end");
    let (head, body) = parts(&answer);
    assert!(head.starts_with("HTTP/1.1 204 "), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    assert_eq!(body, "");
    let faults = get(&server, "/_mock/faults").await;
    assert_eq!(faults["data"][0]["fired"], 1);
}
