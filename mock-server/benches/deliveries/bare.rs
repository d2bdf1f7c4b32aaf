//! The least that a program can do to post the same: a loop for each endpoint.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Failure;

/// What this program is told to be the loop by.
pub(crate) const FLAG: &str = "--bare";

/// The loop in a process of its own. It stops when this is dropped.
pub(crate) struct Bare {
    child: Child,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
}

impl Bare {
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(FLAG)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Self {
            orders: child.stdin.take().ok_or("no input")?,
            reports: BufReader::new(child.stdout.take().ok_or("no output")?),
            child,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Has it post what was posted by `attempt`, so often to each address.
    pub(crate) fn order(
        &mut self,
        attempt: &Value,
        urls: &[String],
        each: usize,
    ) -> Result<(), Failure> {
        let order = json!({
            "body": attempt["request"]["body"],
            "headers": attempt["request"]["headers"],
            "urls": urls,
            "each": each,
        });
        Ok(writeln!(self.orders, "{order}")?)
    }

    /// Returns when it has done so.
    pub(crate) fn done(&mut self) -> Result<(), Failure> {
        let mut line = String::new();
        self.reports.read_line(&mut line)?;
        if line == "done\n" {
            Ok(())
        } else {
            Err("the bare loop has failed".into())
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Carries out orders until there are no more.
#[tokio::main]
pub(crate) async fn run() -> Result<(), Failure> {
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()?;
    for line in std::io::stdin().lines() {
        let order: Value = serde_json::from_str(&line?)?;
        let mut loops = JoinSet::new();
        for url in order["urls"].as_array().into_iter().flatten() {
            let url = url.as_str().ok_or("a URL is text")?.to_owned();
            loops.spawn(post(client.clone(), url, order.clone()));
        }
        while let Some(ended) = loops.join_next().await {
            ended??;
        }
        println!("done");
    }
    Ok(())
}

async fn post(client: Client, url: String, order: Value) -> Result<(), Failure> {
    let body = order["body"].as_str().ok_or("a body is text")?;
    let header = |name: &str| order["headers"][name].as_str().unwrap_or_default();
    let names = ["Content-Type", "User-Agent", "WorkOS-Signature"];
    for _ in 0..order["each"].as_u64().unwrap_or_default() {
        let mut request = client.post(&url).timeout(Duration::from_secs(5));
        for name in names {
            request = request.header(name, header(name));
        }
        let response = request.body(body.to_owned()).send().await?;
        response.error_for_status()?.bytes().await?;
    }
    Ok(())
}
