//! Requests that no HTTP client would send, over a bare connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::{Running, program};

/// How long an answer may take before the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub(crate) struct Server {
    pub(crate) program: Running,
    address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        // With one arena, freed memory is used again by whichever thread comes next, so that peaks can be compared.
        let mut command = program();
        command.env("MALLOC_ARENA_MAX", "1");
        let mut program = Running::start(command.args(["--listen", "127.0.0.1:0", "--json"]));
        let line: Value = serde_json::from_str(&program.line()).expect("JSON");
        let url = line["url"].as_str().expect("an address");
        let address = url.trim_start_matches("http://").to_owned();
        Self { program, address }
    }

    /// Sends `head`, completed by the key, and then the pieces of a body; gives status and body of the answer.
    pub(crate) fn send<'p>(
        &self,
        head: &[u8],
        body: impl IntoIterator<Item = &'p [u8]>,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        let mut request = head.to_vec();
        request.extend_from_slice(
            b"host: localhost\r\nauthorization: Bearer sk_test_default\r\nconnection: close\r\n\r\n",
        );
        let mut written = stream.write_all(&request);
        for piece in body {
            if written.is_err() {
                // The server has heard enough; its answer is there to be read.
                break;
            }
            written = stream.write_all(piece);
        }
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        let end = loop {
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => answer.extend_from_slice(&buffer[..count]),
                end => break end,
            }
        };
        let answer = String::from_utf8(answer).expect("text");
        let Some((head, body)) = answer.split_once("\r\n\r\n") else {
            panic!("no answer, but {answer:?}, then {end:?}; the request: {written:?}");
        };
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    pub(crate) fn get(&self, target: &str) -> (u16, String) {
        self.send(format!("GET {target} HTTP/1.1\r\n").as_bytes(), [])
    }

    /// What there is, and what has happened.
    pub(crate) fn everything(&self) -> [(u16, String); 3] {
        [
            "/organizations",
            "/events?events=organization.created,organization.updated,organization_domain.created",
            "/_mock/clock",
        ]
        .map(|target| {
            let (status, body) = self.get(target);
            assert_eq!(status, 200, "{body}");
            // The clock runs; whether it does is what counts.
            let told: Value = serde_json::from_str(&body).expect("JSON");
            (status, told.get("frozen").unwrap_or(&told).to_string())
        })
    }
}

const TOO_LARGE: &str =
    r#"{"message":"The request body is larger than 1 MiB.","code":"request_too_large"}"#;

#[test]
fn bodies_that_are_declared_or_sent_too_large() {
    let server = Server::start();
    let before = server.everything();
    let post = |headers: &str| {
        format!("POST /organizations HTTP/1.1\r\ncontent-type: application/json\r\n{headers}\r\n")
            .into_bytes()
    };
    // Nothing of it is waited for.
    let head = post("content-length: 1000000000000");
    assert_eq!(server.send(&head, []), (413, TOO_LARGE.to_owned()));
    // Whoever has no key is not read at all.
    let head = post("content-length: 50000000\r\nauthorization: Bearer sk_wrong");
    let unauthorized = r#"{"message":"Unauthorized"}"#.to_owned();
    assert_eq!(server.send(&head, []), (401, unauthorized));
    let megabyte = vec![b' '; 1_000_000];
    let head = post("content-length: 50000000");
    let body = vec![&megabyte[..]; 50];
    assert_eq!(server.send(&head, body), (413, TOO_LARGE.to_owned()));
    let head = post("transfer-encoding: chunked");
    let chunk = [b"f4240\r\n", &megabyte[..], b"\r\n"].concat();
    let mut body = vec![&chunk[..]; 50];
    body.push(b"0\r\n\r\n");
    assert_eq!(server.send(&head, body), (413, TOO_LARGE.to_owned()));
    assert_eq!(server.everything(), before);
}

#[test]
fn heads_that_are_none() {
    let server = Server::start();
    let before = server.everything();
    let many = |count: usize| {
        let headers: Vec<String> = (0..count)
            .map(|number| format!("x{number}: 1\r\n"))
            .collect();
        let headers = headers.concat();
        format!("GET /organizations HTTP/1.1\r\n{headers}").into_bytes()
    };
    let line = |line: &[u8]| [b"GET /organizations HTTP/1.1\r\n", line, b"\r\n"].concat();
    let target = |target: &[u8]| [b"GET ", target, b" HTTP/1.1\r\n"].concat();
    let long = "a".repeat(1_000_000);
    for (head, status) in [
        (many(10_000), 431),
        (line(format!("x: {long}").as_bytes()), 431),
        (line(format!("{long}: x").as_bytes()), 431),
        (
            target(format!("/organizations?search={long}").as_bytes()),
            431,
        ),
        (target(b"/organizations/a\0b"), 400),
        (target(b"/organizations/a b"), 400),
        (line(b"x: a\0b"), 400),
        (line(b"no colon"), 400),
        (target(b"/organizations/\xff"), 400),
        (line(b"content-length: 18446744073709551614"), 431),
        (line(b"content-length: -1"), 400),
        (line(b"content-length: 1\r\ncontent-length: 2"), 400),
        (b"GET /organizations HTTP/9.9\r\n".to_vec(), 400),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n".to_vec(),
            400,
        ),
    ] {
        let (told, body) = server.send(&head, []);
        let start = String::from_utf8_lossy(&head[..head.len().min(80)]).into_owned();
        // It never becomes a request, so it is the protocol that answers, with a status alone.
        assert_eq!((told, body.as_str()), (status, ""), "{start:?}");
    }
    assert_eq!(server.everything(), before);
}

#[test]
fn bodies_that_end_early_or_lie() {
    let server = Server::start();
    let before = server.everything();
    let post = |headers: &str| {
        format!("POST /organizations HTTP/1.1\r\ncontent-type: application/json\r\n{headers}\r\n")
            .into_bytes()
    };
    let broken = r#"{"message":"The request body ended before its end.","code":"invalid_json"}"#;
    for chunks in ["zz\r\n{}\r\n", "-1\r\n\r\n", "fffffffffffffffff\r\n"] {
        let head = post("transfer-encoding: chunked");
        let answer = server.send(&head, [chunks.as_bytes()]);
        assert_eq!(answer, (400, broken.to_owned()), "{chunks:?}");
    }
    // What follows a body is no part of it: here, the beginning of another organization.
    let head = post("content-length: 2");
    let (status, body) = server.send(&head, [&br#"{}"name":"Acme"}"#[..]]);
    assert_eq!(status, 422, "{body}");
    // Two lengths are one too many: whoever stands in front may have read the other.
    let head = post("content-length: 2\r\ntransfer-encoding: chunked");
    let (status, body) = server.send(&head, [&b"0\r\n\r\n"[..]]);
    assert!([400, 422].contains(&status), "{status} {body}");
    assert_eq!(server.everything(), before);
}
