//! What errors say to whoever prints them.

use std::net::TcpListener;
use std::time::Duration;

use workos_portal::{CallOptions, Client, Error, RetryPolicy};

use crate::server::{KEY, Server};

fn client(url: &str) -> Client {
    let client = Client::builder().api_key(KEY).base_url(url);
    client.timeout(Duration::from_secs(3)).build().unwrap()
}

async fn refused(client: &Client) -> Error {
    client
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_answer_writes_no_lines_of_its_own() {
    let body = r#"{"message":"bad\nINFO all is well","code":"c\u001b[31m"}"#;
    let error = refused(&Server::new("400 Bad Request", "a: b", body).client()).await;
    assert_eq!(error.message(), Some("bad\nINFO all is well"));
    let told = r"400 Bad Request: bad\nINFO all is well (c\u{1b}[31m)";
    assert_eq!(error.to_string(), told);
}

#[tokio::test]
async fn a_key_that_comes_back_as_the_name_of_a_request_is_struck_out() {
    let name = format!("x-request-id: {KEY}");
    for (status, body) in [("404 Not Found", "{}"), ("200 OK", "{")] {
        let error = refused(&Server::new(status, &name, body).client()).await;
        assert_eq!(error.request_id(), Some("[redacted]"));
        assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    }
}

#[tokio::test]
async fn an_argument_that_is_none_is_told_for_what_it_is() {
    let client = client("http://127.0.0.1:1");
    let error = client.get_organization().id("").send().await.unwrap_err();
    let why = "id: an id must not be empty, `.` or `..`";
    assert_eq!(
        error.to_string(),
        format!("the request was not sent: {why}")
    );
    assert_eq!(format!("{error:?}"), format!("InvalidRequest({why:?})"));
}

#[tokio::test]
async fn why_there_is_no_answer_is_in_the_message() {
    let cut = Server::saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec());
    let error = refused(&cut.client()).await.to_string();
    assert!(
        error.starts_with("no answer was received: it broke off: "),
        "{error}"
    );

    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let url = format!("http://{}", gone.unwrap());
    let once = CallOptions::new().retries(RetryPolicy::none());
    let error = refused(&client(&url).with(once)).await.to_string();
    assert!(
        error.contains("/organizations/org_1: ") && error.contains("refused"),
        "{error}"
    );
}

// Tokio's clock stands still and jumps to the next deadline when nothing else can happen.
#[tokio::test(start_paused = true)]
async fn silence_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let told = format!("no answer was received from {url}/organizations/org_1: it took too long");
    assert_eq!(refused(&client(&url)).await.to_string(), told);
}
