//! `link`, `organizations`, `providers`, `events tail` and `completions`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::server::{Server, answer};
use crate::{program, told};

const KEY: &str = "sk_test_do_not_show";
const LINK: &str = "https://setup.example/launch?token=t0ken";

/// The command with a key, for a server.
fn with(server: &Server, arguments: &[&str]) -> Command {
    let mut command = program();
    command
        .args(arguments)
        .env("WORKOS_API_KEY", KEY)
        .env("WORKOS_BASE_URL", &server.url);
    command
}

fn json_answer(status: &str, body: &Value) -> Vec<u8> {
    answer(status, "content-type: application/json", body.to_string())
}

fn refused() -> Vec<u8> {
    json_answer("401 Unauthorized", &json!({"message": "Unauthorized"}))
}

fn event(number: u32) -> Value {
    json!({
        "object": "event", "id": format!("event_{number}"), "event": "connection.activated",
        "data": {"id": format!("conn_{number}")}, "created_at": "2026-01-02T03:04:05.678Z",
    })
}

fn page(items: &[Value]) -> Value {
    json!({"object": "list", "data": items, "list_metadata": {"before": null, "after": null}})
}

fn organization(number: u32) -> Value {
    json!({
        "object": "organization", "id": format!("org_{number}"), "name": format!("Acme\u{1b}[31m {number}"),
        "metadata": {}, "external_id": null,
        "domains": [{
            "object": "organization_domain", "id": "org_domain_1", "organization_id": "org_1",
            "domain": "acme.example", "state": "verified",
            "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z"
        }],
        "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
    })
}

#[test]
fn a_link_is_printed_alone_where_nobody_reads() {
    let server = Server::new(
        "201 Created",
        "content-type: application/json",
        json!({ "link": LINK }).to_string(),
    );
    let arguments = [
        "link",
        "--organization",
        "org_1",
        "--intent",
        "sso",
        "--return-url",
        "https://a.example/b",
    ];
    let output = told(&mut with(&server, &arguments));
    assert_eq!(output, (Some(0), format!("{LINK}\n"), String::new()));
    let request = server.request().expect("a request");
    assert_eq!(request.line, "POST /portal/generate_link");
    let body: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(
        body,
        json!({"organization": "org_1", "intent": "sso", "return_url": "https://a.example/b"})
    );

    let output = told(with(&server, &arguments).arg("--json"));
    assert_eq!(output.1, format!("{{\"link\":\"{LINK}\"}}\n"));
}

/// A folder with a browser in it that ends with `code`, and writes down what it was to open.
#[cfg(all(unix, not(target_os = "macos")))]
fn browser(code: u8) -> tempfile::TempDir {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("xdg-open");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > \"${{0%/*}}/opened\"\nexit {code}\n");
    fs::write(&path, script).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

#[test]
#[cfg(all(unix, not(target_os = "macos")))]
fn a_link_is_opened_in_the_browser() {
    use std::fs;

    let link = [
        "link",
        "--organization",
        "org_1",
        "--intent",
        "sso",
        "--open",
    ];
    let none = "warning: no browser could be started\n";
    let foreign = "file:///etc/passwd";
    for (address, code, opened, err) in [
        (LINK, 0, Some(format!("{LINK}\n")), ""),
        (LINK, 3, Some(format!("{LINK}\n")), none),
        // A browser would open that too, but no portal is there.
        (foreign, 0, None, none),
    ] {
        let server = Server::json(json!({ "link": address }).to_string());
        let browser = browser(code);
        let mut command = with(&server, &link);
        let output = told(command.env("PATH", browser.path()));
        let expected = (Some(0), format!("{address}\n"), err.to_owned());
        assert_eq!(output, expected);
        let seen = fs::read_to_string(browser.path().join("opened"));
        assert_eq!(seen.ok(), opened, "{address} {code}");
    }
    let server = Server::json(json!({ "link": LINK }).to_string());
    let empty = tempfile::tempdir().expect("a folder");
    let output = told(with(&server, &link).env("PATH", empty.path()));
    assert_eq!(output, (Some(0), format!("{LINK}\n"), none.to_owned()));
}

#[test]
fn help_tells_the_address_that_is_called() {
    for arguments in [&["--help"][..], &["-h"], &["link", "--help"]] {
        let (code, out, _) = told(program().args(arguments).env("COLUMNS", "400"));
        assert_eq!(code, Some(0));
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = "such as that of a mock server [default: https://api.workos.com] [env: WORKOS_BASE_URL]";
        assert!(out.contains(told), "{out}");
    }
}

#[test]
fn wrong_use_exits_with_2() {
    for arguments in [
        &["link", "--organization", "org_1", "--intent", "banana"][..],
        &["link", "--intent", "sso"],
        &["organizations", "--limit", "0"],
        &["events", "tail", "--since", "yesterday"],
        &[
            "events",
            "tail",
            "--from",
            "event_1",
            "--since",
            "2026-01-01T00:00:00Z",
        ],
        &["doctor", "--offline", "--organization", "org_1"],
        &["nothing"],
        &[],
    ] {
        let (code, out, _) = told(program().args(arguments));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn failures_are_told_with_what_to_do() {
    let link = ["link", "--organization", "org_1", "--intent", "sso"];
    let mut told_ones = Vec::new();
    let mut tell = |what: &str, command: &mut Command| {
        let (code, out, err) = told(command);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{what}");
        assert!(!err.contains("do_not_show"), "{what}");
        told_ones.push(format!("{what}\n{err}"));
    };
    tell("no key", program().args(link));
    tell(
        "no key at all",
        program()
            .args(link)
            .env("WORKOS_API_KEY", "client_do_not_show"),
    );
    let base_url = ["--base-url", "ftp://u:do_not_show@a"];
    tell(
        "no address",
        program()
            .args(link)
            .args(base_url)
            .env("WORKOS_API_KEY", KEY),
    );
    for (status, body) in [
        ("401 Unauthorized", json!({"message": "Unauthorized"})),
        ("403 Forbidden", json!({"message": "No permission."})),
        (
            "404 Not Found",
            json!({"message": "No.", "code": "organization_not_found", "entity_id": "org_1"}),
        ),
        (
            "429 Too Many Requests",
            json!({"message": "Rate limit exceeded."}),
        ),
        (
            "422 Unprocessable Entity",
            json!({"message": "Validation failed", "errors": [
                {"field": "return_url", "code": "invalid_url", "message": "It is \u{1b}[31mno URL."}
            ]}),
        ),
        ("200 OK", json!({"a": "do_not_show"})),
    ] {
        let header = "content-type: application/json\r\nretry-after: 100000";
        let server = Server::new(status, header, body.to_string());
        let mut command = with(&server, &link);
        let (code, out, err) = told(&mut command);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{status}");
        assert!(!err.contains("do_not_show"), "{status}");
        told_ones.push(format!(
            "{status}\n{}",
            err.replace(&server.url, "http://server")
        ));
    }
    insta::assert_snapshot!(told_ones.join("\n"));
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let arguments = ["events", "tail", "--interval", "0", "--base-url", &base_url];
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
         Trying again in 0 s.\n"
    );
}

#[test]
fn organizations_are_a_table_or_json() {
    let list = page(&[organization(1), organization(22)]);
    let server = Server::json(list.to_string());
    let (code, out, _) = told(&mut with(&server, &["organizations", "--search", "acme"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out, @r"
    ID      NAME          DOMAINS
    org_1   Acme�[31m 1   acme.example
    org_22  Acme�[31m 22  acme.example
    ");
    let request = server.request().expect("a request");
    assert_eq!(request.line, "GET /organizations?limit=100&search=acme");

    let (_, out, _) = told(&mut with(
        &server,
        &["organizations", "--json", "--limit", "1"],
    ));
    let organizations: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(organizations.as_array().map(Vec::len), Some(1));
    assert_eq!(organizations[0]["id"], "org_1");
}

#[test]
fn providers_are_a_table_or_json() {
    let providers = json!([{
        "provider": "OktaSAML", "name": "Okta SAML", "icon_url": "https://a.example/1",
        "dark_icon_url": "https://a.example/2"
    }]);
    let server = Server::json(providers.to_string());
    let (code, out, _) = told(&mut with(&server, &["providers"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out, @r"
    PROVIDER  NAME
    OktaSAML  Okta SAML
    ");
    let (_, out, _) = told(&mut with(&server, &["providers", "--json"]));
    assert_eq!(
        serde_json::from_str::<Value>(&out).expect("JSON"),
        providers
    );
}

#[test]
fn events_are_followed_over_failures_until_one_that_stays() {
    let server = Server::in_turn(vec![
        json_answer("200 OK", &page(&[event(1)])),
        json_answer("503 Service Unavailable", &json!({"message": "Down."})),
        json_answer("200 OK", &page(&[event(2), event(3)])),
        json_answer("200 OK", &page(&[])),
        refused(),
    ]);
    let arguments = [
        "events",
        "tail",
        "--interval",
        "0",
        "--event",
        "connection.activated",
        "--event",
        "not.yet.invented",
    ];
    let (code, out, err) = told(&mut with(&server, &arguments));
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(out, @r"
    2026-01-02T03:04:05.678Z  connection.activated  conn_2
    2026-01-02T03:04:05.678Z  connection.activated  conn_3
    ");
    insta::assert_snapshot!(err.replace(&server.url, "http://server"));
    let asked: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    insta::assert_snapshot!(asked.join("\n"));
}

#[test]
fn events_begin_where_they_are_told_to() {
    let events = || vec![json_answer("200 OK", &page(&[event(7)])), refused()];
    let tail = ["events", "tail", "--interval", "0", "--json"];
    for (from, query) in [
        (["--from", "event_6"], "after=event_6"),
        (
            ["--since", "2026-01-02T00:00:00Z"],
            "range_start=2026-01-02T00%3A00%3A00Z",
        ),
    ] {
        let server = Server::in_turn(events());
        let (_, out, _) = told(with(&server, &tail).args(from));
        assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON"), event(7));
        let asked = server.requests();
        assert!(asked[0].line.contains(query), "{}", asked[0].line);
        assert!(
            asked[0].line.contains("connection.activated"),
            "{}",
            asked[0].line
        );
        assert!(asked[1].line.contains("after=event_7"), "{}", asked[1].line);
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

#[test]
fn a_secret_in_the_environment_is_never_shown() {
    for arguments in [
        &["--help"][..],
        &["link", "--help"],
        &["doctor", "--nothing"],
    ] {
        let (_, out, err) = told(
            program()
                .args(arguments)
                .env("WORKOS_API_KEY", KEY)
                .env("WORKOS_BASE_URL", "http://u:do_not_show@a"),
        );
        assert!(
            !format!("{out}{err}").contains("do_not_show"),
            "{arguments:?}"
        );
    }
}

#[test]
fn shells_are_told_how_to_complete() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = told(program().args(["completions", shell]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{shell}");
        for word in ["doctor", "intent", "organizations"] {
            assert!(out.contains(word), "{shell}: {word}");
        }
    }
}
