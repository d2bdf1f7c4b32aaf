//! The command `workos-portal` against the mock.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use contract_tests::TestServer;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::support::organization;

/// The command, for this server and with its key.
fn command(server: &TestServer, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workos-portal-in-tests"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_lowercase();
        if text.starts_with("workos_") || text.ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command.env("WORKOS_BASE_URL", server.url());
    command.env("WORKOS_API_KEY", server.key());
    command
}

/// Its exit code, and what it prints to standard output and standard error.
async fn told(mut command: Command) -> (Option<i32>, String, String) {
    // The server needs this thread.
    let output = spawn_blocking(move || command.output());
    let output = output.await.expect("no panic").expect("a program that ran");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn a_link_leads_into_the_portal() {
    let server = TestServer::start().await;
    let id = server.organization();
    let (code, out, err) = told(command(
        &server,
        &["link", "--organization", id, "--intent", "dsync"],
    ))
    .await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let session = server.visitor().open(out.trim_end()).await;
    assert!(!session.is_empty());

    let nobody = ["link", "--organization", "org_0", "--intent", "sso"];
    let (code, out, err) = told(command(&server, &nobody)).await;
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("there is no such organization"), "{err}");
}

#[tokio::test]
async fn lists_are_what_the_server_has() {
    let server = TestServer::start().await;
    let acme = organization(
        &server,
        &json!({"name": "Acme", "domains": ["acme.example"]}),
    )
    .await;
    let (_, out, _) = told(command(&server, &["organizations", "--search", "acme"])).await;
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|row| row.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec!["ID", "NAME", "DOMAINS"],
            vec![acme.as_str(), "Acme", "acme.example"]
        ]
    );
    let (_, out, _) = told(command(&server, &["organizations", "--json"])).await;
    let all: Value = serde_json::from_str(&out).expect("JSON");
    let listed = server.get("/organizations").send().await.expect(200);
    let ids = |list: &Value| -> Vec<Value> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["id"].clone()).collect()
    };
    assert_eq!(ids(&all), ids(&listed.json()["data"]));
    assert_eq!(ids(&all).len(), 2);

    let (_, out, _) = told(command(&server, &["providers", "--json"])).await;
    let all: Value = serde_json::from_str(&out).expect("JSON");
    let listed = server.get("/portal/providers").send().await.expect(200);
    assert_eq!(all, listed.json());
}

#[tokio::test]
async fn events_are_followed() {
    let server = TestServer::start().await;
    let acme = organization(&server, &json!({"name": "Acme"})).await;
    let mut tail = command(&server, &["events", "tail", "--json", "--interval", "3600"]);
    tail.args(["--since", contract_tests::START])
        .stdout(Stdio::piped());
    let line = spawn_blocking(move || {
        let mut child = tail.spawn().expect("a started program");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("its standard output"));
        out.read_line(&mut line).expect("a line");
        child.kill().expect("a stopped program");
        child.wait().expect("an exit");
        line
    });
    let event: Value = serde_json::from_str(&line.await.expect("no panic")).expect("JSON");
    assert_eq!(event["event"], "organization.created");
    assert_eq!(event["data"]["id"], acme.as_str());
}

/// What `doctor` finds by calling the API, each with how bad it is.
async fn online(server: &TestServer, key: &str, organization: &str) -> Vec<(String, String)> {
    let app = tempfile::tempdir().expect("a folder");
    let own = format!("WORKOS_API_KEY={key}\nWORKOS_BASE_URL={}\n", server.url());
    fs::write(app.path().join(".env.local"), own).expect("a file");
    let mut doctor = command(
        server,
        &["doctor", "--json", "--organization", organization],
    );
    doctor
        .arg(app.path())
        .env_remove("WORKOS_API_KEY")
        .env_remove("WORKOS_BASE_URL");
    let (_, out, err) = told(doctor).await;
    assert_eq!(err, "");
    assert!(!out.contains(key), "{out}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let findings = report["findings"].as_array().expect("findings").iter();
    findings
        .map(|finding| (text(&finding["check"]), text(&finding["level"])))
        .filter(|(check, _)| ["api", "organization"].contains(&check.as_str()))
        .collect()
}

#[tokio::test]
async fn doctor_makes_its_test_call() {
    let server = TestServer::start().await;
    let found = |findings: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = findings
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    };
    let known = online(&server, server.key(), server.organization()).await;
    assert_eq!(known, found(&[("api", "ok"), ("organization", "ok")]));
    let nobody = online(&server, server.key(), "org_0").await;
    assert_eq!(nobody, found(&[("api", "ok"), ("organization", "failure")]));
    let stranger = online(&server, "sk_test_stranger", server.organization()).await;
    assert_eq!(stranger, found(&[("api", "failure")]));
}
