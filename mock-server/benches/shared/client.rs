//! A client that costs little, so that filling a server does not take long: blocking sockets, a thread each.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::Failure;

/// A request as it is sent, without its headers.
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: Option<Value>,
}

/// Reads, which have no body.
pub(crate) fn get(target: String) -> Request {
    Request {
        method: "GET",
        target,
        body: None,
    }
}

/// Several connections to one server.
pub(crate) struct Crew(Vec<Connection>);

impl Crew {
    pub(crate) fn new(connections: Vec<Connection>) -> Self {
        Self(connections)
    }

    /// Sends the requests from number 0 on; the answers have to have this status.
    pub(crate) fn send(
        &mut self,
        count: usize,
        status: u16,
        request: impl Fn(usize) -> Request + Sync,
    ) -> Result<(), Failure> {
        self.each(count, |connection, index| {
            connection.ask(&request(index), status).map(drop)
        })
    }

    /// Does `work` for each number below `count`, on whichever connection is free.
    pub(crate) fn each(
        &mut self,
        count: usize,
        work: impl Fn(&mut Connection, usize) -> Result<(), Failure> + Sync,
    ) -> Result<(), Failure> {
        let next = AtomicUsize::new(0);
        let (next, work) = (&next, &work);
        thread::scope(|scope| {
            let workers = self.0.iter_mut().map(|connection| {
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            return Ok(());
                        }
                        work(connection, index)?;
                    }
                })
            });
            let workers: Vec<_> = workers.collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().map_err(|_| "a client has panicked")?)
        })
    }
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    headers: String,
    /// The request that is written, so that it goes out in one piece.
    buffer: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr, key: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            headers: format!("Host: {address}\r\nAuthorization: Bearer {key}\r\n"),
            buffer: Vec::new(),
            body: Vec::new(),
        })
    }

    /// The body of the answer, which has to have this status.
    pub(crate) fn ask(&mut self, request: &Request, status: u16) -> Result<&[u8], Failure> {
        self.buffer.clear();
        let Request {
            method,
            target,
            body,
        } = request;
        write!(
            self.buffer,
            "{method} {target} HTTP/1.1\r\n{}",
            self.headers
        )?;
        if let Some(body) = body {
            let body = body.to_string();
            let length = body.len();
            write!(
                self.buffer,
                "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            )?;
        } else {
            self.buffer.extend_from_slice(b"\r\n");
        }
        self.stream.get_mut().write_all(&self.buffer)?;

        let (mut line, mut length, mut answered) = (String::new(), 0, None);
        while line != "\r\n" {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err("the server has hung up".into());
            }
            if answered.is_none() {
                answered = line.split(' ').nth(1).and_then(|code| code.parse().ok());
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim_end().parse()?;
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        if answered == Some(status) {
            Ok(&self.body)
        } else {
            let body = String::from_utf8_lossy(&self.body);
            Err(format!("{method} {target} answered {answered:?}: {body}").into())
        }
    }
}
