//! Posts to receivers that behave badly: bounded in time and in memory, and told for what they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;
use crate::domain::reach::Reach;

/// Far beyond what a test takes: it only ends those that fail.
const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(50);

/// What a receiver does with the beginning of a request.
#[derive(Clone, Debug)]
enum Conduct {
    /// It writes this and closes the connection.
    Says(Vec<u8>),
    /// It writes this and resets the connection.
    Resets(Vec<u8>),
    /// It writes this and then nothing more.
    Stalls(Vec<u8>),
    /// It writes the first, and then the second again and again.
    Repeats(Vec<u8>, Vec<u8>),
}

/// A receiver on this machine: where it is reached, and how many connections it has taken.
async fn receiver(conduct: Conduct) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(behave(stream, conduct.clone()));
        }
    });
    (format!("http://{address}/webhooks"), taken)
}

async fn behave(mut stream: TcpStream, conduct: Conduct) {
    let _ = stream.read(&mut [0; 1024]).await;
    match conduct {
        Conduct::Says(text) => {
            let _ = stream.write_all(&text).await;
            let _ = stream.shutdown().await;
            // Until the other side has closed as well, so that what was said arrives.
            while stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
        }
        Conduct::Resets(text) => {
            let _ = stream.write_all(&text).await;
            let _ = stream.set_zero_linger();
        }
        Conduct::Stalls(text) => {
            let _ = stream.write_all(&text).await;
            while stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
        }
        Conduct::Repeats(first, again) => {
            let _ = stream.write_all(&first).await;
            while stream.write_all(&again).await.is_ok() {}
        }
    }
}

async fn posted(url: &str, body: &str, timeout: Duration) -> Outcome {
    let letter = Letter {
        url,
        headers: HeaderMap::new(),
        body: body.to_owned(),
        timeout,
    };
    post(&Dialing::new(Reach::default()), letter).await
}

fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Answered(Answer {
        status,
        body: body.into(),
        truncated: false,
    })
}

#[tokio::test]
async fn every_kind_of_end_is_told_for_what_it_is() {
    let says = |text: &str| Conduct::Says(text.as_bytes().to_vec());
    let ok = "HTTP/1.1 200 OK\r\n";
    for (conduct, expected) in [
        (
            says(&format!("{ok}Content-Length: 4\r\n\r\nfine")),
            answered(200, "fine"),
        ),
        // Whoever names no length ends with the connection.
        (says(&format!("{ok}\r\nfine")), answered(200, "fine")),
        (says("HTTP/1.0 204 No Content\r\n\r\n"), answered(204, "")),
        (
            says(&format!("{ok}Content-Length: 2\r\n\r\n{}", "\u{fffd}")),
            answered(200, ""),
        ),
        (says(""), Outcome::Failed(Failure::NoAnswer)),
        (
            says("SSH-2.0-OpenSSH\r\n"),
            Outcome::Failed(Failure::NoAnswer),
        ),
        (
            says("HTTP/1.1 99999 OK\r\n\r\n"),
            Outcome::Failed(Failure::NoAnswer),
        ),
        (says("HTTP/1.1 200 O"), Outcome::Failed(Failure::NoAnswer)),
        (
            says(&format!("{ok}Content-Length: 100\r\n\r\nhalf")),
            Outcome::Failed(Failure::BrokenOff),
        ),
        (
            says(&format!(
                "{ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
            )),
            Outcome::Failed(Failure::BrokenOff),
        ),
        (
            says(&format!("{ok}Transfer-Encoding: chunked\r\n\r\nbanana\r\n")),
            Outcome::Failed(Failure::BrokenOff),
        ),
        (
            says(&format!("{ok}X: {}\r\n\r\n", "x".repeat(1024 * 1024))),
            Outcome::Failed(Failure::NoAnswer),
        ),
        (
            says(&format!("{ok}{}\r\n", "X: y\r\n".repeat(100_000))),
            Outcome::Failed(Failure::NoAnswer),
        ),
    ] {
        let (url, _) = receiver(conduct.clone()).await;
        assert_eq!(posted(&url, "{}", LONG).await, expected, "{conduct:.100?}");
    }
}

#[tokio::test]
async fn a_reset_is_a_failure_wherever_it_comes() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec();
    for text in [Vec::new(), half] {
        for body in ["{}".to_owned(), "x".repeat(4 * 1024 * 1024)] {
            let (url, taken) = receiver(Conduct::Resets(text.clone())).await;
            let outcome = posted(&url, &body, LONG).await;
            // The system may throw away what was said before the reset.
            let failed = [Failure::NoAnswer, Failure::BrokenOff].map(Outcome::Failed);
            assert!(failed.contains(&outcome), "{outcome:?}");
            assert_eq!(taken.load(Ordering::SeqCst), 1, "it is tried once");
        }
    }
}

#[tokio::test]
async fn silence_is_waited_for_no_longer_than_is_said() {
    let ok = "HTTP/1.1 200 OK\r\n";
    for text in [
        String::new(),
        "HTTP/1.1 200".to_owned(),
        ok.to_owned(),
        format!("{ok}Content-Length: 10\r\n\r\n"),
        format!("{ok}Content-Length: 10\r\n\r\nhalf"),
    ] {
        let (url, _) = receiver(Conduct::Stalls(text.into_bytes())).await;
        let outcome = posted(&url, "{}", SHORT).await;
        assert_eq!(outcome, Outcome::Failed(Failure::Timeout));
    }
    // Nobody even takes the connection.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let outcome = posted(&url, "{}", SHORT).await;
    assert_eq!(outcome, Outcome::Failed(Failure::Timeout));
}

#[tokio::test]
async fn what_has_no_end_is_read_up_to_a_limit() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let body = "0123456789".repeat(100);
    for (head, again) in [
        (format!("{ok}\r\n"), body.clone()),
        (
            format!("{ok}Transfer-Encoding: chunked\r\n\r\n"),
            format!("{:x}\r\n{body}\r\n", body.len()),
        ),
        (
            format!("{ok}Content-Length: {}\r\n\r\n", u64::MAX / 2),
            body.clone(),
        ),
    ] {
        let (url, _) = receiver(Conduct::Repeats(head.into_bytes(), again.into_bytes())).await;
        let Outcome::Answered(answer) = posted(&url, "{}", LONG).await else {
            panic!("it has answered");
        };
        assert_eq!((answer.status, answer.truncated), (200, true));
        assert_eq!(answer.body.len(), KEPT);
        assert!(body.repeat(5).starts_with(&*answer.body));
    }
    // Neither headers nor interim answers without an end keep anything busy for longer than is said.
    for (head, again, expected) in [
        (ok, "X: y\r\n", Failure::NoAnswer),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", Failure::Timeout),
    ] {
        let (url, _) = receiver(Conduct::Repeats(head.into(), again.into())).await;
        let timeout = match expected {
            Failure::Timeout => SHORT,
            _ => LONG,
        };
        let outcome = posted(&url, "{}", timeout).await;
        assert_eq!(outcome, Outcome::Failed(expected), "{again}");
    }
}

#[tokio::test]
async fn a_limit_is_reached_only_by_what_is_longer() {
    for (length, truncated) in [(KEPT, false), (KEPT + 1, true), (LARGEST, true)] {
        let text = format!(
            "HTTP/1.1 500 No\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        );
        let (url, _) = receiver(Conduct::Says(text.into_bytes())).await;
        let Outcome::Answered(answer) = posted(&url, "{}", LONG).await else {
            panic!("it has answered");
        };
        assert_eq!((answer.status, answer.truncated), (500, truncated));
        assert_eq!(answer.body.len(), length.min(KEPT));
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let to_itself = "HTTP/1.1 307 Here\r\nLocation: /webhooks\r\nContent-Length: 0\r\n\r\n";
    let (url, taken) = receiver(Conduct::Says(to_itself.into())).await;
    assert_eq!(posted(&url, "{}", LONG).await, answered(307, ""));
    assert_eq!(taken.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_not_there_or_not_to_be_dialled() {
    // A port that is taken, and on which nobody listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let dead = format!("http://{}/", socket.local_addr().unwrap());
    let connect = Outcome::Failed(Failure::Connect);
    assert_eq!(posted(&dead, "{}", LONG).await, connect);
    // Who does not speak TLS cannot be connected to with it.
    let (url, _) = receiver(Conduct::Says(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())).await;
    let encrypted = url.replace("http://", "https://");
    assert_eq!(posted(&encrypted, "{}", LONG).await, connect);
    for url in ["https://app.example/", "http://10.0.0.1/", "nowhere", ""] {
        assert_eq!(posted(url, "{}", LONG).await, Outcome::NotDialled, "{url}");
    }
}

#[test]
fn a_character_that_is_cut_is_left_out() {
    assert_eq!(text("né".as_bytes()), "né");
    assert_eq!(text(&"né".as_bytes()[..2]), "n");
    assert_eq!(text(b"n\xffe"), "n\u{fffd}e");
}
