//! A server of one canned answer, on a thread of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use workos_portal::{Client, ClientBuilder, RetryPolicy};

pub(crate) const KEY: &str = "sk_test_do_not_show";

/// Gives its answers in turn, the last one for ever, one a connection, and remembers what it was asked.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Receiver<Request>,
}

/// A request as it came over the wire.
#[derive(Debug)]
pub(crate) struct Request {
    /// Method and target, as in `GET /organizations?limit=1`.
    pub(crate) line: String,
    /// Lower-case names with their values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Server {
    /// Answers with `status`, such as `404 Not Found`, one more header line, such as `a: b`, and a body.
    pub(crate) fn new(status: &str, header: &str, body: impl AsRef<[u8]>) -> Self {
        Self::saying(answer(status, header, body))
    }

    /// Answers `200 OK` with a JSON body.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK", "content-type: application/json", body)
    }

    /// Answers with these bytes and hangs up.
    pub(crate) fn saying(answer: Vec<u8>) -> Self {
        Self::in_turn(vec![answer])
    }

    /// Gives these answers, see [`answer`].
    pub(crate) fn in_turn(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            let mut answers = answers.iter().peekable();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if sender.send(Request::read(&stream)).is_err() {
                    break;
                }
                let answer = answers.next().expect("an answer");
                if answers.peek().is_none() {
                    answers = std::slice::from_ref(answer).iter().peekable();
                }
                // The client may have heard enough and gone.
                let _ = stream.write_all(answer);
                let _ = stream.shutdown(Shutdown::Write);
            }
        });
        Self { url, requests }
    }

    /// For a client that sends each call once, unless a test wants more.
    pub(crate) fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().api_key(KEY).base_url(&self.url);
        builder.retries(RetryPolicy::none())
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Every request that has been answered and was not asked for yet.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }

    /// The next request that has been answered, if there was one.
    pub(crate) fn request(&self) -> Option<Request> {
        self.requests.try_recv().ok()
    }
}

/// An answer as bytes: `status`, such as `404 Not Found`, one more header line, such as `a: b`, and a body.
pub(crate) fn answer(status: &str, header: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\n{header}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is sent twice");
        value
    }

    pub(crate) fn read(stream: &TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut read_line = || {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let line = read_line().strip_suffix(" HTTP/1.1").unwrap().to_owned();
        let mut headers = Vec::new();
        while let Some((name, value)) = read_line().split_once(": ") {
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut request = Self {
            line,
            headers,
            body: String::new(),
        };
        let length = request
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        reader
            .take(length)
            .read_to_string(&mut request.body)
            .unwrap();
        request
    }
}
