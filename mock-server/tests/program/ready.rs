//! How others learn that the program is ready: its file, and the command that waits.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::{Running, program};

fn serve(path: &Path) -> Running {
    let arguments = ["--listen", "127.0.0.1:0", "--json", "--ready-file"];
    Running::start(program().args(arguments).arg(path))
}

fn wait(arguments: &[&str]) -> Command {
    let mut command = program();
    command.arg("wait").args(arguments);
    command
}

/// The exit code, and what was printed and complained of.
fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn run(command: &mut Command) -> (Option<i32>, String, String) {
    told(&command.output().expect("a program that ran"))
}

#[test]
#[cfg(unix)]
fn the_ready_file_has_the_line_and_is_gone_afterwards() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ready.json");
        let mut running = serve(&path);
        let line = running.line();
        // It was there before the line was printed.
        assert_eq!(fs::read_to_string(&path).expect("a file"), line);
        assert_eq!(running.stop(signal).0, Some(0));
        assert!(!path.exists());
    }
}

#[test]
fn a_ready_file_that_cannot_be_written_is_one_line_and_exit_code_1() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("missing").join("ready.json");
    let (code, out, err) = run(program()
        .args(["--listen", "127.0.0.1:0", "--ready-file"])
        .arg(&path));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    let begins = format!("error: cannot write the ready file {}: ", path.display());
    assert!(
        err.starts_with(&begins) && err.lines().count() == 1,
        "{err}"
    );
}

#[test]
fn waiting_ends_when_the_server_is_ready() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ready.json");
    let shown = path.to_str().expect("a plain path");
    // Who waits comes first.
    let patient = ["--timeout", "60s", "--ready-file", shown];
    let waiting = wait(&patient).stdout(Stdio::piped()).spawn();
    let waiting = waiting.expect("a started program");
    let mut running = serve(&path);
    let line: Value = serde_json::from_str(&running.line()).expect("JSON");
    let url = line["url"].as_str().expect("an address");
    let ready = (Some(0), format!("{url} is ready\n"), String::new());
    let waited = waiting.wait_with_output().expect("a program that ran");
    assert_eq!(told(&waited), ready);
    assert_eq!(run(&mut wait(&[url])), ready);
    // Where the settings let it listen, and by the file that they name.
    let address = url.trim_start_matches("http://");
    let settings = |name, value| run(wait(&[]).env(name, value));
    assert_eq!(settings("WORKOS_PORTAL_MOCK_LISTEN", address), ready);
    assert_eq!(settings("WORKOS_PORTAL_MOCK_READY_FILE", shown), ready);
    // In a container that has no certificates.
    let mut bare = wait(&[url]);
    let bare = bare
        .env("SSL_CERT_FILE", "/nowhere")
        .env("SSL_CERT_DIR", "/nowhere");
    assert_eq!(run(bare), ready);
}

#[test]
fn waiting_in_vain_says_why() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a written file");
        path.to_str().expect("a plain path").to_owned()
    };
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let url = format!("http://{address}");
    let stale = file(
        "stale.json",
        &serde_json::json!({"url": url, "address": address}).to_string(),
    );
    let other = file("other.json", "[]");
    let missing = folder.path().join("missing.json");
    let missing = missing.to_str().expect("a plain path");
    for (arguments, reason) in [
        (
            &[url.as_str()][..],
            format!("{url} was not ready within 500ms: Connection refused"),
        ),
        (
            &["--ready-file", &stale],
            format!("{stale} named no server that was ready within 500ms: Connection refused"),
        ),
        (
            &["--ready-file", &other],
            format!(
                "{other} named no server that was ready within 500ms: it is no file that --ready-file writes\n"
            ),
        ),
        (
            &["--ready-file", missing],
            format!("{missing} named no server that was ready within 500ms: No such file"),
        ),
    ] {
        let (code, out, err) = run(wait(&["--timeout", "500ms"]).args(arguments));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(err.starts_with(&format!("error: {reason}")), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    let (code, _, err) = run(wait(&[]).env("WORKOS_PORTAL_MOCK_LISTEN", "127.0.0.1:0"));
    assert_eq!(code, Some(1));
    assert!(err.contains("--ready-file"), "{err}");
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused_at_once() {
    for arguments in [
        &["nowhere"][..],
        &["http://127.0.0.1:4100/path"],
        &["--timeout", "soon"],
        &["--timeout", "0s"],
        &["http://127.0.0.1:4100", "--ready-file", "ready.json"],
    ] {
        let (code, out, err) = run(&mut wait(arguments));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
}
