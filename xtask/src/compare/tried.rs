//! What the clients do, tried out.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::answers::{Answer, Asked, Server};

/// How long a program may wait before it counts as waiting on.
const PATIENCE: Duration = Duration::from_secs(8);

/// Something that is tried with both clients.
pub(super) struct Row {
    pub(super) what: &'static str,
    /// What the programs call it.
    argument: &'static str,
    answer: fn(usize, &Asked) -> Answer,
    told: fn(&Outcome) -> String,
}

/// What came of it.
struct Outcome {
    /// What the program printed; nothing if it was still waiting.
    said: Option<String>,
    asked: Vec<Asked>,
}

pub(super) const ROWS: &[Row] = &[
    Row {
        what: "sent to clear an external id",
        argument: "clear",
        answer: |_, _| organization(),
        told: |outcome| {
            outcome
                .asked
                .first()
                .map_or("nothing".to_owned(), |asked| format!("`{}`", asked.body))
        },
    },
    Row {
        what: "requests to stream 250 organizations",
        argument: "list",
        answer: |_, asked| organizations(&asked.path),
        told: requests,
    },
    Row {
        what: "requests for an unknown intent, `banana`",
        argument: "banana",
        answer: |_, _| Answer(422, "", r#"{"message":"no"}"#.to_owned()),
        told: requests,
    },
    Row {
        what: "requests for an id `..`",
        argument: "dots",
        answer: |_, _| organization(),
        told: requests,
    },
    Row {
        what: "attempts of a GET that 503 answers once",
        argument: "get",
        answer: |before, _| {
            if before == 0 {
                Answer(503, "", "{}".to_owned())
            } else {
                organization()
            }
        },
        told: attempts,
    },
    Row {
        what: "attempts to make a link that 503 answers once",
        argument: "link",
        answer: |before, _| {
            if before == 0 {
                Answer(503, "", "{}".to_owned())
            } else {
                link()
            }
        },
        told: attempts,
    },
    Row {
        what: "attempts to make a link that 429 answers once, `Retry-After: 0`",
        argument: "link",
        answer: |before, _| {
            if before == 0 {
                Answer(429, "retry-after: 0\r\n", "{}".to_owned())
            } else {
                link()
            }
        },
        told: attempts,
    },
    Row {
        what: "a GET that 429 answers, `Retry-After: 3600`",
        argument: "get",
        answer: |_, _| Answer(429, "retry-after: 3600\r\n", "{}".to_owned()),
        told: attempts,
    },
    Row {
        what: "a GET that 429 answers, `Retry-After` a date in the year 2199",
        argument: "get",
        answer: |_, _| {
            Answer(
                429,
                "retry-after: Tue, 01 Jan 2199 00:00:00 GMT\r\n",
                "{}".to_owned(),
            )
        },
        told: attempts,
    },
    Row {
        what: "an error about an answer that is no JSON names the request id",
        argument: "get",
        answer: |_, _| Answer(200, "", r#"{"id":"org_1","#.to_owned()),
        told: |outcome| {
            yes(outcome
                .said
                .as_ref()
                .is_some_and(|said| said.contains("req_7")))
        },
    },
    Row {
        what: "`Debug` of an answered link shows its token",
        argument: "debug",
        answer: |_, _| link(),
        told: |outcome| {
            yes(outcome
                .said
                .as_ref()
                .is_some_and(|said| said.contains("secret_token")))
        },
    },
];

/// Tries something out with a program.
pub(super) fn run(program: &Path, row: &Row) -> Result<String> {
    let server = Server::start(row.answer)?;
    let mut command = Command::new(program);
    command
        .arg(row.argument)
        .env("WORKOS_API_KEY", "sk_test_default")
        .env("WORKOS_BASE_URL", &server.url);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("a program could not be started")?;
    let mut output = child.stdout.take().context("it prints nowhere")?;
    let (sender, printed) = channel();
    thread::spawn(move || {
        let mut text = String::new();
        // What is printed ends with the program.
        sender.send(output.read_to_string(&mut text).map(|_| text))
    });
    let said = match printed.recv_timeout(PATIENCE) {
        Ok(text) => Some(text?.trim().to_owned()),
        Err(_) => None,
    };
    // It has ended already, unless it waits on.
    let _ = child.kill();
    child.wait()?;
    Ok((row.told)(&Outcome {
        said,
        asked: server.asked(),
    }))
}

fn requests(outcome: &Outcome) -> String {
    outcome.asked.len().to_string()
}

fn attempts(outcome: &Outcome) -> String {
    let end = match outcome.said.as_deref() {
        None => "waits on",
        Some(said) if said.starts_with("error") => "fails",
        Some(_) => "succeeds",
    };
    format!("{}, {end}", outcome.asked.len())
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

fn link() -> Answer {
    Answer(
        201,
        "",
        r#"{"link":"https://setup.workos.com?token=secret_token"}"#.to_owned(),
    )
}

fn organization() -> Answer {
    Answer(200, "", one(1).to_string())
}

fn one(number: usize) -> serde_json::Value {
    json!({
        "object": "organization", "id": format!("org_{number}"), "name": "Acme", "domains": [], "metadata": {},
        "external_id": null, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
    })
}

/// A page of 250, as the query wants it.
fn organizations(path: &str) -> Answer {
    let query = |name: &str| {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let limit = query("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10);
    let after = query("after")
        .and_then(|after| after.strip_prefix("org_")?.parse().ok())
        .unwrap_or(0);
    let last = (after + limit).min(250);
    let page = json!({
        "object": "list",
        "data": (after + 1..=last).map(one).collect::<Vec<_>>(),
        "list_metadata": { "before": null, "after": (last < 250).then(|| format!("org_{last}")) },
    });
    Answer(200, "", page.to_string())
}
