//! What the worst requests cost in memory.

use std::fs;

use crate::raw::Server;

/// How much more memory than before a flood may have needed at its worst, in bytes. One body of the flood that was kept whole
/// would be three times this.
const GROWTH: u64 = 16 * 1024 * 1024;

/// The most memory that a process has had so far, in bytes.
fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a running process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: u64 = kibibytes
        .and_then(|text| text.parse().ok())
        .expect("a size");
    kibibytes * 1024
}

#[test]
fn a_gigabyte_of_bodies_leaves_no_trace() {
    let server = Server::start();
    let declared = b"POST /organizations HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 50000000\r\n";
    let chunked = b"POST /organizations HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n";
    let control = b"POST /_mock/faults HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 50000000\r\n";
    let megabyte = vec![b'['; 1_000_000];
    let chunk = [b"f4240\r\n", &megabyte[..], b"\r\n"].concat();
    let mut chunks = vec![&chunk[..]; 50];
    chunks.push(b"0\r\n\r\n");
    let flood = |times: usize| {
        for _ in 0..times {
            assert_eq!(server.send(declared, vec![&megabyte[..]; 50]).0, 413);
            assert_eq!(server.send(chunked, chunks.iter().copied()).0, 413);
            assert_eq!(server.send(control, vec![&megabyte[..]; 50]).0, 413);
        }
    };
    // What the first request of a kind makes ready stays.
    flood(1);
    let before = peak(server.program.id());
    let everything = server.everything();
    flood(20);
    let after = peak(server.program.id());
    assert!(
        after - before < GROWTH,
        "{before} bytes before, {after} bytes after"
    );
    assert!(after < 3 * GROWTH, "{after} bytes in all");
    assert_eq!(server.everything(), everything);
}

#[test]
fn bodies_within_the_limit_cost_what_they_are() {
    let server = Server::start();
    let text = |unit: &str, count: usize| unit.repeat(count).into_bytes();
    let members: Vec<String> = (0..60_000)
        .map(|number| format!(r#","k{number}":1"#))
        .collect();
    let members = members.concat();
    let bodies = [
        text("[", 1_000_000),
        text(r#"{"a":"#, 200_000),
        format!(r#"{{"name":[{}1]}}"#, "1,".repeat(500_000)).into_bytes(),
        format!(r#"{{"domain_data":[{}{{}}]}}"#, "{},".repeat(330_000)).into_bytes(),
        format!(r#"{{"name":5{members}}}"#).into_bytes(),
        format!(r#"{{"name":"{}"}}"#, r"\ud800".repeat(160_000)).into_bytes(),
    ];
    let flood = |times: usize| {
        for _ in 0..times {
            for body in &bodies {
                let length = body.len();
                let head = format!(
                    "POST /organizations HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
                );
                let (status, answer) = server.send(head.as_bytes(), [&body[..]]);
                assert!([400, 422].contains(&status), "{status} {answer}");
                assert!(answer.len() < 20_000, "{} bytes", answer.len());
            }
        }
    };
    flood(1);
    let before = peak(server.program.id());
    let everything = server.everything();
    flood(4);
    let after = peak(server.program.id());
    // Half a million items take 40 MiB while they are looked at, and freed memory is not always whole enough for the next. If
    // they stayed, these floods would have left hundreds.
    assert!(
        after - before < 3 * GROWTH,
        "{before} bytes before, {after} bytes after"
    );
    assert_eq!(server.everything(), everything);
}
