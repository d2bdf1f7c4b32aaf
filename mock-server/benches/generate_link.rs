//! What `POST /portal/generate_link` costs beside a bare axum route that only parses and answers JSON.
//!
//! Two child processes, asked in turn by the same client; each child's CPU time is read from `/proc`, so the client's own
//! work is not counted and a busy machine does not distort the ratio. Linux only.
//!
//! ```text
//! cargo bench -p workos-portal-mock
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use axum::{Json, Router, http::StatusCode, routing::post};
use serde_json::{Value, json};

const ROUNDS: usize = 7;
const REQUESTS: u32 = 20_000;
const CONCURRENT: usize = 8;
/// The kernel reports CPU time in hundredths of a second.
const MICROSECONDS_PER_TICK: f64 = 10_000.0;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if std::env::args().any(|argument| argument == "--bare") {
        return bare().await;
    }
    let mock = Server::start(
        Command::new(env!("CARGO_BIN_EXE_workos-portal-mock")).args([
            "--listen",
            "127.0.0.1:0",
            "--json",
        ]),
    )?;
    let bare = Server::start(Command::new(std::env::current_exe()?).arg("--bare"))?;
    let client = reqwest::Client::new();
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let cost = (mock.cost(&client).await?, bare.cost(&client).await?);
        // The first round warms both.
        if round > 0 {
            rounds.push(cost);
        }
    }
    let ratio = rounds.iter().map(|(mock, bare)| mock / bare);
    report(
        "generate_link",
        rounds.iter().map(|(mock, _)| *mock),
        "µs CPU per request",
    );
    report(
        "bare axum route",
        rounds.iter().map(|(_, bare)| *bare),
        "µs CPU per request",
    );
    report("ratio", ratio, "in the same round");
    Ok(())
}

/// The least that a server can do with the same request.
async fn bare() -> Result<(), Failure> {
    async fn answer(Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
        (
            StatusCode::CREATED,
            Json(
                json!({ "link": format!("http://127.0.0.1/{}", body["organization"].as_str().unwrap_or_default()) }),
            ),
        )
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        json!({ "url": format!("http://{}", listener.local_addr()?), "api_key": "none", "organization_id": "none" })
    );
    Ok(axum::serve(
        listener,
        Router::new().route("/portal/generate_link", post(answer)),
    )
    .await?)
}

/// A child process that listens, and stops when this is dropped.
struct Server {
    child: Child,
    line: Value,
}

impl Server {
    fn start(command: &mut Command) -> Result<Self, Failure> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        Ok(Self {
            child,
            line: serde_json::from_str(&line)?,
        })
    }

    fn text(&self, member: &str) -> &str {
        self.line[member].as_str().unwrap_or_default()
    }

    /// Microseconds of CPU time that one request costs this process.
    async fn cost(&self, client: &reqwest::Client) -> Result<f64, Failure> {
        let before = self.ticks()?;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..CONCURRENT {
            let request = client
                .post(format!("{}/portal/generate_link", self.text("url")))
                .bearer_auth(self.text("api_key"))
                .json(&json!({ "organization": self.text("organization_id"), "intent": "sso" }))
                .build()?;
            let client = client.clone();
            workers.spawn(async move {
                for _ in 0..REQUESTS / u32::try_from(CONCURRENT)? {
                    let response = client
                        .execute(request.try_clone().ok_or("not repeatable")?)
                        .await?;
                    assert_eq!(response.status(), 201, "{}", response.text().await?);
                    response.bytes().await?;
                }
                Ok::<_, Failure>(())
            });
        }
        while let Some(done) = workers.join_next().await {
            done??;
        }
        Ok(f64::from(self.ticks()? - before) * MICROSECONDS_PER_TICK / f64::from(REQUESTS))
    }

    /// User and system time so far: fields 14 and 15 of `/proc/<pid>/stat`, counted behind the command's name.
    fn ticks(&self) -> Result<u32, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<_> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        Ok(fields[11].parse::<u32>()? + fields[12].parse::<u32>()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn report(name: &str, values: impl Iterator<Item = f64>, unit: &str) {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    println!(
        "{name:<16} median {:>7.1}  (min {:.1}, max {:.1}) {unit}",
        values[values.len() / 2],
        values[0],
        values[values.len() - 1]
    );
}
