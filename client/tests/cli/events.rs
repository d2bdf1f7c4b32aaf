//! `events tail`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::server::Server;
use crate::{KEY, json_answer, page, program, told, with};

fn refused() -> Vec<u8> {
    json_answer("401 Unauthorized", &json!({"message": "Unauthorized"}))
}

fn event(number: u32) -> Value {
    json!({
        "object": "event", "id": format!("event_{number}"), "event": "connection.activated",
        "data": {"id": format!("conn_{number}")}, "created_at": "2026-01-02T03:04:05.678Z",
    })
}

/// As many as a page has, so that the next look follows at once.
fn full(first: u32) -> Value {
    let events: Vec<Value> = (first..first + 100).map(event).collect();
    page(&events)
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let arguments = ["events", "tail", "--base-url", &base_url];
    let mut child = program()
        .args(arguments)
        .env("WORKOS_API_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .expect("a started program");
    let mut err = BufReader::new(child.stderr.take().expect("its standard error"));
    let mut told = String::new();
    while !told.contains("Trying again") && err.read_line(&mut told).expect("a line") > 0 {}
    child.kill().expect("a stopped program");
    child.wait().expect("an exit");
    assert_eq!(
        told.replace(&base_url, "http://server"),
        "warning: http://server cannot be reached.\n\
         Is the server running, and is this machine online? --base-url or WORKOS_BASE_URL says where it is.\n\
         Trying again in 2 s.\n"
    );
}

#[test]
fn events_are_followed_from_the_newest_on() {
    let server = Server::in_turn(vec![
        json_answer("200 OK", &page(&[event(1)])),
        json_answer("200 OK", &full(2)),
        refused(),
    ]);
    let arguments = [
        "events",
        "tail",
        "--event",
        "connection.activated",
        "--event",
        "connection.not_yet_invented",
    ];
    let (code, out, err) = told(&mut with(&server, &arguments));
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 100, "{out}");
    assert_eq!(
        lines[0],
        "2026-01-02T03:04:05.678Z  connection.activated  conn_2"
    );
    assert!(lines[99].ends_with("conn_101"), "{out}");
    insta::assert_snapshot!(err.replace(&server.url, "http://server"), @r"
    warning: this version does not know events named `connection.not_yet_invented`; they are waited for all the same.
    It knows connection.activated, connection.deactivated, connection.deleted, connection.saml_certificate_renewal_required, connection.saml_certificate_renewed.
    error: http://server does not accept the API key (401).
    Set WORKOS_API_KEY to a key of this environment that has not been revoked.
    ");
    let asked: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    insta::assert_snapshot!(asked.join("\n"), @r"
    GET /events?events=connection.activated%2Cconnection.not_yet_invented&limit=1&order=desc
    GET /events?after=event_1&events=connection.activated%2Cconnection.not_yet_invented&limit=100&order=asc
    GET /events?after=event_101&events=connection.activated%2Cconnection.not_yet_invented&limit=100&order=asc
    ");
}

#[test]
fn events_begin_where_they_are_told_to() {
    let events = || vec![json_answer("200 OK", &full(7)), refused()];
    let tail = ["events", "tail", "--json"];
    for (from, query) in [
        (["--from", "event_6"], "after=event_6"),
        (
            ["--since", "2026-01-02T00:00:00Z"],
            "range_start=2026-01-02T00%3A00%3A00Z",
        ),
    ] {
        let server = Server::in_turn(events());
        let (_, out, _) = told(with(&server, &tail).args(from));
        let events: Vec<Value> = out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(
            events,
            full(7)["data"].as_array().expect("events").as_slice()
        );
        let asked = server.requests();
        assert!(asked[0].line.contains(query), "{}", asked[0].line);
        assert!(
            asked[0].line.contains("connection.activated"),
            "{}",
            asked[0].line
        );
        assert!(
            asked[1].line.contains("after=event_106"),
            "{}",
            asked[1].line
        );
        assert!(!asked[1].line.contains("range_start"), "{}", asked[1].line);
    }
}

#[test]
#[cfg(unix)]
fn events_end_on_ctrl_c() {
    let server = Server::json(page(&[event(7)]).to_string());
    let arguments = ["events", "tail", "--from", "event_6", "--interval", "3600"];
    let mut command = with(&server, &arguments);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a started program");
    let mut out = BufReader::new(child.stdout.take().expect("its standard output"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    assert!(line.ends_with("conn_7\n"), "{line}");
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", "INT", &id]).status();
    assert!(sent.expect("a sent signal").success());
    assert_eq!(child.wait().expect("an exit").code(), Some(0));
    let mut err = String::new();
    let mut stderr = child.stderr.take().expect("its standard error");
    stderr.read_to_string(&mut err).expect("text");
    assert_eq!(err, "stopped; `--from event_7` goes on there\n");
}
