use std::error::Error as _;
use std::net::TcpListener;
use std::time::Duration;

use workos_portal::{Client, Error, ErrorResponse, HeaderMap, RetryPolicy, StatusCode, codes};

use crate::clock::TestClock;
use crate::server::{KEY, Server};

async fn error(server: &Server) -> Error {
    server
        .client()
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_error_says_what_the_api_said() {
    let body = r#"{"message":"Organization not found: 'org_1'.","code":"organization_not_found","entity_id":"org_1"}"#;
    let error = error(&Server::new("404 Not Found", "x-request-id: req_1", body)).await;
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.code(), Some("organization_not_found"));
    assert_eq!(error.message(), Some("Organization not found: 'org_1'."));
    assert_eq!(error.request_id(), Some("req_1"));
    assert_eq!(
        error.to_string(),
        "404 Not Found: Organization not found: 'org_1'. (organization_not_found) [request req_1]"
    );
    assert!(error.is_organization_not_found());
    assert_eq!(error.body(), Some(body.as_bytes()));
    let Error::NotFound(response) = error else {
        panic!("{error:?}")
    };
    assert_eq!(response.entity_id(), Some("org_1"));
    assert_eq!(response.operation(), "get_organization");
}

#[tokio::test]
async fn every_violation_is_listed() {
    let body = r#"{"message":"Validation failed","code":"invalid_request_parameters","errors":[
        {"field":"name","code":"name_required","message":"Name it."},{"instancePath":"/event","more":1},"plain"]}"#;
    let error = error(&Server::new(
        "422 Unprocessable Entity",
        "content-type: application/json",
        body,
    ))
    .await;
    let Error::Validation {
        errors: listed,
        response,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    let errors: Vec<_> = listed
        .iter()
        .map(|e| (e.field.as_deref(), e.code.as_deref(), e.message.as_deref()))
        .collect();
    assert_eq!(
        errors,
        [
            (Some("name"), Some("name_required"), Some("Name it.")),
            (None, None, None),
            (None, None, Some("plain")),
        ]
    );
    assert_eq!(listed[1].instance_path.as_deref(), Some("/event"));
    assert_eq!(response.errors().len(), 3);
}

#[tokio::test]
async fn any_body_gives_a_readable_error() {
    let cases: [(&str, &[u8], &str); 9] = [
        (
            "401 Unauthorized",
            b"",
            "401 Unauthorized: Unauthorized (the answer has no readable body)",
        ),
        (
            "502 Bad Gateway",
            b"<html><h1>nginx</h1></html>",
            "502 Bad Gateway: Bad Gateway (the answer's body of 27 bytes has no message)",
        ),
        (
            "429 Too Many Requests",
            b"\"Ratelimited\"",
            "429 Too Many Requests: Ratelimited",
        ),
        (
            "400 Bad Request",
            br#"{"message":["a","b"],"error":"Bad Request"}"#,
            "400 Bad Request: a; b (Bad Request)",
        ),
        (
            "400 Bad Request",
            br#"{"error":"e","error_description":"d"}"#,
            "400 Bad Request: d (e)",
        ),
        (
            "503 Service Unavailable",
            b"upstream down",
            "503 Service Unavailable: upstream down",
        ),
        (
            "500 Internal Server Error",
            b"\xff\xfe",
            "500 Internal Server Error: Internal Server Error (the answer's body of 2 bytes has no message)",
        ),
        (
            "404 Not Found",
            b"null",
            "404 Not Found: Not Found (the answer's body of 4 bytes has no message)",
        ),
        (
            "418 I'm a teapot",
            b"[]",
            "418 I'm a teapot: I'm a teapot (the answer's body of 2 bytes has no message)",
        ),
    ];
    for (status, body, shown) in cases {
        let error = error(&Server::new(status, "a: b", body)).await;
        assert_eq!(error.to_string(), shown);
        assert_eq!(error.body(), Some(body), "it is as it came");
    }
}

#[tokio::test]
async fn a_status_without_a_name_is_an_error_too() {
    let refused = error(&Server::new("499 ", "a: b", "")).await;
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    let failed = error(&Server::new("599 ", "a: b", "")).await;
    assert!(matches!(failed, Error::Server(_)), "{failed:?}");
}

#[tokio::test]
async fn the_wait_that_is_asked_for_is_told() {
    let body = r#"{"message":"Rate limit exceeded.","code":"rate_limit_exceeded"}"#;
    let limited = error(&Server::new(
        "429 Too Many Requests",
        "retry-after: 7",
        body,
    ))
    .await;
    assert_eq!(limited.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(limited.code(), Some("rate_limit_exceeded"));

    let limited = error(&Server::new(
        "429 Too Many Requests",
        "a: b",
        r#"{"retry_after_seconds":1.5}"#,
    ))
    .await;
    assert_eq!(limited.retry_after(), Some(Duration::from_millis(1500)));
    for header in [
        "a: b",
        "retry-after: soon",
        "retry-after: -1",
        "retry-after: 99999999999999999999",
    ] {
        assert_eq!(
            error(&Server::new("429 Too Many Requests", header, body))
                .await
                .retry_after(),
            None,
            "{header}"
        );
    }
    let limited = error(&Server::new(
        "429 Too Many Requests",
        "a: b",
        r#"{"retry_after_seconds":-1e300}"#,
    ))
    .await;
    assert_eq!(limited.retry_after(), None);
}

#[tokio::test]
async fn a_date_to_wait_for_is_told_as_a_wait() {
    let server = Server::new(
        "429 Too Many Requests",
        "retry-after: Sun, 06 Nov 1994 08:50:30 GMT",
        "\"Ratelimited\"",
    );
    let client = server.builder().clock(TestClock::default());
    let call = client.build().unwrap();
    let error = call.list_directory_users().send().await.unwrap_err();
    let minute = Some(Duration::from_secs(60));
    assert!(
        matches!(&error, Error::RateLimited { retry_after, .. } if *retry_after == minute),
        "{error:?}"
    );
    assert_eq!(error.retry_after(), minute);
}

#[test]
fn every_status_has_its_variant() {
    type Expected = fn(&Error) -> bool;
    let cases: [(u16, Expected); 12] = [
        (302, |e| matches!(e, Error::UnexpectedStatus(_))),
        (400, |e| matches!(e, Error::Refused(_))),
        (401, |e| matches!(e, Error::Unauthorized(_))),
        (403, |e| matches!(e, Error::Forbidden(_))),
        (404, |e| matches!(e, Error::NotFound(_))),
        (409, |e| matches!(e, Error::Conflict { .. })),
        (410, |e| matches!(e, Error::Refused(_))),
        (422, |e| matches!(e, Error::Validation { .. })),
        (429, |e| matches!(e, Error::RateLimited { .. })),
        (500, |e| matches!(e, Error::Server(_))),
        (503, |e| matches!(e, Error::Server(_))),
        (501, |e| matches!(e, Error::Server(_))),
    ];
    for (status, expected) in cases {
        let error = made(status, r#"{"code":"c","message":"m"}"#);
        assert!(expected(&error), "{error:?}");
        assert_eq!(error.status().unwrap(), status);
        assert!(error.has_code("c") && !error.has_code("d"));
        assert_eq!(error.message(), Some("m"));
        let passes = [408, 429, 500, 502, 503, 504].contains(&status);
        assert_eq!(error.is_retryable(), passes, "{status}");
    }
    let listed = made(400, r#"{"message":"m","errors":[{"instancePath":"/a"}]}"#);
    assert!(
        matches!(&listed, Error::Validation { errors, .. } if errors.len() == 1),
        "{listed:?}"
    );
    let taken = made(409, r#"{"message":"m","code":"duplicate_endpoint"}"#);
    assert!(
        matches!(&taken, Error::Conflict { code: Some(code), .. } if code == codes::DUPLICATE_ENDPOINT),
        "{taken:?}"
    );
    assert!(taken.is_already_there() && !listed.is_already_there());
}

#[test]
fn an_organization_that_is_missing_is_told_apart() {
    for (status, body, missing) in [
        (404, r#"{"code":"organization_not_found"}"#, true),
        (
            404,
            r#"{"code":"entity_not_found","entity_id":"org_1"}"#,
            true,
        ),
        (
            404,
            r#"{"code":"entity_not_found","entity_id":"org_domain_1"}"#,
            false,
        ),
        (
            404,
            r#"{"code":"entity_not_found","entity_id":"conn_1"}"#,
            false,
        ),
        (404, r#"{"code":"entity_not_found"}"#, false),
        (404, "", false),
        (400, r#"{"code":"organization_not_found"}"#, false),
    ] {
        assert_eq!(
            made(status, body).is_organization_not_found(),
            missing,
            "{body}"
        );
    }
}

#[test]
fn neither_headers_nor_body_of_an_error_are_shown() {
    let headers =
        HeaderMap::from_iter([("set-cookie".parse().unwrap(), "hidden".parse().unwrap())]);
    let status = StatusCode::BAD_GATEWAY;
    let response = ErrorResponse::new(status, headers, "<p>hidden</p>");
    assert!(!format!("{response} {response:?} {response:#?}").contains("hidden"));
    let error = Error::from(response);
    assert!(!format!("{error} {error:?}").contains("hidden"));
}

fn made(status: u16, body: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    ErrorResponse::new(status, HeaderMap::new(), body).into()
}

#[tokio::test]
async fn a_body_that_is_cut_off_or_endless_still_leaves_the_status() {
    let cut = Server::saying(
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 100\r\n\r\n{\"mess".to_vec(),
    );
    let endless = Server::new("503 Service Unavailable", "a: b", vec![b'x'; 64 * 1024 + 1]);
    for (server, status) in [(cut, 500), (endless, 503)] {
        let error = error(&server).await;
        assert!(matches!(error, Error::Server(_)), "{error:?}");
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.body(), Some(&b""[..]));
    }
}

#[tokio::test]
async fn a_key_that_is_echoed_is_struck_out() {
    let body = format!(r#"{{"message":"No such key: {KEY}","errors":["{KEY}"]}}"#);
    let error = error(&Server::new("401 Unauthorized", "a: b", &body)).await;
    assert_eq!(error.message(), Some("No such key: [redacted]"));
    let raw = String::from_utf8(error.body().unwrap().to_vec()).unwrap();
    assert_eq!(raw, body.replace(KEY, "[redacted]"));
    assert!(!format!("{error} {error:?} {error:#?}").contains(KEY));
}

#[tokio::test]
async fn no_answer_is_told_apart_from_a_bad_one() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{address}"))
        .retries(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client
        .list_directory_users()
        .email("ada@example.com")
        .send()
        .await
        .unwrap_err();
    let Error::Transport(cause) = &error else {
        panic!("{error:?}")
    };
    assert!(cause.is_connect());
    assert!(error.source().is_some() && error.status().is_none());
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("/directory_users") && !shown.contains("ada") && !shown.contains(KEY),
        "{shown}"
    );
}

// Tokio's clock stands still and jumps to the next deadline when nothing else can happen.
#[tokio::test(start_paused = true)]
async fn silence_ends_in_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder()
        .api_key(KEY)
        .base_url(url)
        .timeout(Duration::from_secs(3))
        .build()
        .unwrap();
    let error = client
        .get_organization()
        .id("org_1")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
}

#[test]
fn an_error_travels_and_is_small() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    assert!(size_of::<Error>() <= 64, "{}", size_of::<Error>());
}
