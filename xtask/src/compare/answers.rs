//! A server that answers as a row of the comparison wants, and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;

/// A request.
#[derive(Clone)]
pub(super) struct Asked {
    /// With its query.
    pub(super) path: String,
    pub(super) body: String,
}

/// An answer: its status, more headers, its body.
pub(super) struct Answer(pub(super) u16, pub(super) &'static str, pub(super) String);

/// A server on this machine. Its thread ends with the process.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each request by what was asked before it, and by it.
    pub(super) fn start(answer: fn(usize, &Asked) -> Answer) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let _ = exchange(&connection, &seen, answer);
            }
        });
        Ok(Self { url, asked })
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn exchange(
    connection: &TcpStream,
    seen: &Mutex<Vec<Asked>>,
    answer: fn(usize, &Asked) -> Answer,
) -> Result<()> {
    let mut reader = BufReader::new(connection);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked = Asked {
        path: first.split(' ').nth(1).unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let before = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(asked.clone());
        seen.len() - 1
    };
    let Answer(status, headers, body) = answer(before, &asked);
    write!(
        &mut &*connection,
        "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\nx-request-id: req_7\r\n{headers}\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    Ok(())
}
