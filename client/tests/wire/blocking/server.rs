//! A server that keeps connections open, each with a thread of its own.

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;

use workos_portal::{Client, RetryPolicy};

use crate::server::{KEY, Request};

/// Gives one answer to every request.
pub(super) struct Open {
    url: String,
    told: Receiver<Told>,
}

/// What a server tells about its connections, which have numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A request has come over this one, and is about to be answered.
    Asked(usize),
    /// The client has closed this one.
    Closed(usize),
}

impl Open {
    pub(super) fn answering(body: &str) -> Self {
        Self::start(Some(body), 1)
    }

    /// Answers when so many requests are there.
    pub(super) fn when_there_are(requests: usize, body: &str) -> Self {
        Self::start(Some(body), requests)
    }

    /// Never answers.
    pub(super) fn silent() -> Self {
        Self::start(None, 1)
    }

    fn start(body: Option<&str>, at_once: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, told) = channel();
        let barrier = Arc::new(Barrier::new(at_once));
        let answer = body.map(|body| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
            format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        });
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (barrier, answer, tell) = (barrier.clone(), answer.clone(), tell.clone());
                thread::spawn(move || {
                    serve(&stream.unwrap(), number, &barrier, answer.as_deref(), &tell);
                });
            }
        });
        Self { url, told }
    }

    pub(super) fn client(&self) -> Client {
        let builder = Client::builder().api_key(KEY).base_url(&self.url);
        builder.retries(RetryPolicy::none()).build().unwrap()
    }

    /// What it tells next.
    pub(super) fn told(&self) -> Told {
        self.told.recv().unwrap()
    }

    /// The connection of the next request.
    pub(super) fn asked(&self) -> usize {
        loop {
            if let Told::Asked(connection) = self.told() {
                return connection;
            }
        }
    }
}

fn serve(
    mut stream: &TcpStream,
    number: usize,
    barrier: &Barrier,
    answer: Option<&str>,
    tell: &Sender<Told>,
) {
    use std::io::Write as _;

    // Whoever listened may have gone.
    while matches!(stream.peek(&mut [0]), Ok(1)) {
        Request::read(stream);
        let _ = tell.send(Told::Asked(number));
        barrier.wait();
        if let Some(answer) = answer {
            let _ = stream.write_all(answer.as_bytes());
        }
    }
    let _ = tell.send(Told::Closed(number));
}
