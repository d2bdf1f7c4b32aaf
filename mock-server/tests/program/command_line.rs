//! The program as a shell sees it: what it prints, what it exits with.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};

use serde_json::Value;

use crate::{Running, program};

fn output(command: &mut Command) -> Output {
    command.output().expect("a program that ran")
}

#[test]
#[cfg(unix)]
fn it_prints_one_line_of_json_and_stops_when_told_to() {
    for signal in ["TERM", "INT"] {
        let mut running = Running::start(program().args(["--listen", "127.0.0.1:0", "--json"]));
        let line: Value = serde_json::from_str(&running.line()).expect("JSON");
        assert!(
            line["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("http://127.0.0.1:")),
            "{line}"
        );
        assert_eq!(line["api_key"], "sk_test_default");
        assert_eq!(line["client_id"], "client_test_default");
        assert_eq!(line["organization_id"], "org_test_idp");
        assert_eq!(
            running.stop(signal),
            (Some(0), String::new(), String::new()),
            "{signal}"
        );
    }
}

#[test]
#[cfg(unix)]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mock.toml");
    std::fs::write(
        &path,
        "listen = \"127.0.0.1:0\"\nclient_id = \"client_file\"\nkeys = [{ value = \"sk_file\" }]\n",
    )
    .expect("a written file");
    let mut running = Running::start(
        program()
            .arg("--json")
            .env("WORKOS_PORTAL_MOCK_CONFIG", &path)
            .env("WORKOS_PORTAL_MOCK_CLIENT_ID", "client_environment")
            .env("WORKOS_PORTAL_MOCK_API_KEY", "sk_environment")
            .args(["--api-key", "sk_flag"]),
    );
    let line: Value = serde_json::from_str(&running.line()).expect("JSON");
    assert_eq!(
        (&line["api_key"], &line["client_id"]),
        (&"sk_flag".into(), &"client_environment".into())
    );
}

#[test]
#[cfg(unix)]
fn the_log_says_once_that_the_oldest_events_go() {
    let arguments = ["--listen", "127.0.0.1:0", "--json", "--max-events", "2"];
    let mut running = Running::start(program().args(arguments));
    let line: Value = serde_json::from_str(&running.line()).expect("JSON");
    let address = line["url"].as_str().expect("an address");
    let address = address.trim_start_matches("http://");
    for _ in 0..4 {
        let body = r#"{"name":"Acme"}"#;
        let mut stream = TcpStream::connect(address).expect("a connection");
        write!(
            stream,
            "POST /organizations HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer sk_test_default\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .expect("a sent request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    let (code, _, log) = running.stop("TERM");
    assert_eq!(code, Some(0));
    let told = "from now on the oldest go first";
    assert_eq!(log.matches(told).count(), 1, "{log}");
    assert!(log.contains("max_events=2"), "{log}");
}

#[test]
fn a_port_in_use_is_one_line_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let output = output(program().args(["--listen", &address]));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "error: cannot listen on {address}: the address is already in use; --listen 127.0.0.1:0 takes any free port\n"
        )
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_bad_file_is_one_message_and_exit_code_1() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mock.toml");
    std::fs::write(&path, "\nlink_reuze = true\n").expect("a written file");
    let output = output(program().arg("--config").arg(&path));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "error: {}:2:1: unknown key `link_reuze`; did you mean `link_reuse`?\n",
            path.display()
        )
    );
}

#[test]
fn a_secret_in_the_environment_is_never_shown() {
    for arguments in [&["--help"][..], &["--listen", "nowhere"], &["--log", "=="]] {
        let output = output(
            program()
                .env("WORKOS_PORTAL_MOCK_API_KEY", "sk_secret\n")
                .args(arguments),
        );
        let text = [output.stdout, output.stderr].concat();
        assert!(
            !String::from_utf8_lossy(&text).contains("sk_secret"),
            "{arguments:?}"
        );
    }
}

#[test]
fn version_and_help_are_printed() {
    let version = output(program().arg("--version"));
    assert!(String::from_utf8_lossy(&version.stdout).starts_with("workos-portal-mock "));
    let help = String::from_utf8_lossy(&output(program().arg("--help")).stdout).into_owned();
    for part in [
        "Address:",
        "Environment:",
        "Portal:",
        "Testing:",
        "WORKOS_PORTAL_MOCK_LISTEN",
    ] {
        assert!(help.contains(part), "{part}");
    }
}

#[test]
fn check_names_everything_wrong_and_exits_with_1() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a written file");
        path
    };
    let good = file("good.toml", "[[seed.organizations]]\nname = \"Acme\"\n");
    let bad = file(
        "bad.yaml",
        "link_ttl: soon\nseed:\n  organizations: [{ nam: Acme }]\n  connections: [{ organization: 5 }]\n",
    );
    let seed = file(
        "seed.json",
        r#"{"webhook_endpoints": [{"endpoint_url": "http://localhost", "events": ["user.created"]}]}"#,
    );
    let told = |arguments: &[&std::ffi::OsStr]| {
        let output = output(program().arg("check").args(arguments));
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("text");
            text.replace(&format!("{}/", folder.path().display()), "")
        };
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    assert_eq!(
        told(&[good.as_os_str(), bad.as_os_str()]),
        (
            Some(1),
            "good.toml: nothing is wrong\n".to_owned(),
            "bad.yaml:1:11: bad value for `link_ttl`: expected a duration such as \"PT5M\" or \"5 minutes\", found soon\n\
             bad.yaml:3:21: unknown key `seed.organizations[0].nam`; did you mean `name`?\n\
             bad.yaml:4:33: bad value for `seed.connections[0].organization`: expected a string, found 5\n"
                .to_owned()
        )
    );
    assert_eq!(
        told(&["--seed".as_ref(), seed.as_os_str()]),
        (
            Some(0),
            "seed.json: nothing is wrong\n".to_owned(),
            "seed.json: warning: webhook_endpoints.0.events: this server never makes the event user.created\n".to_owned()
        )
    );
    assert_eq!(told(&["nowhere.toml".as_ref()]).0, Some(1));
}

#[test]
fn schemas_are_printed() {
    for arguments in [&["schema"][..], &["schema", "--seed"]] {
        let output = output(program().args(arguments));
        assert!(output.status.success());
        let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(schema["additionalProperties"], false);
    }
}

#[test]
#[cfg(unix)]
fn it_starts_with_a_seed_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("seed.yaml");
    std::fs::write(&path, "organizations: [{ id: org_test_idp, name: Mine }]\n").expect("written");
    let mut running = Running::start(
        program()
            .args(["--listen", "127.0.0.1:0", "--json", "--seed"])
            .arg(&path),
    );
    let line: Value = serde_json::from_str(&running.line()).expect("JSON");
    assert_eq!(line["organization_id"], "org_test_idp");
    let address = line["url"].as_str().expect("an address");
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET /_mock/snapshot HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .expect("a sent request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("\"name\":\"Mine\""), "{answer}");
}
