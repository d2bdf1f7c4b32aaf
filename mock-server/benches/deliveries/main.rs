//! What it costs to deliver webhooks, beside a bare loop of reqwest that posts the same, and what it is to have very many
//! that are still to be sent.
//!
//! The mock and the bare loop are processes of their own, which take turns in each round and post the same bodies to the same
//! receiver, one task for each endpoint. CPU time is that of their processes alone. Ratios are those of the two in the same
//! round, because on a busy machine the same work costs more. Linux only.
//!
//! ```text
//! cargo bench -p workos-portal-mock --bench deliveries              # 100,000 that are still to be sent
//! cargo bench -p workos-portal-mock --bench deliveries -- --small   # 10,000
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

mod backlog;
mod bare;
#[path = "../shared/client.rs"]
mod client;
#[path = "../shared/process.rs"]
mod process;
mod rates;
mod receiver;

use serde_json::{Value, json};

use client::{Connection, Request, get};
use process::Mock;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How many that are still to be sent.
const MANY: usize = 100_000;
const FEWER: usize = 10_000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if given(bare::FLAG) {
        return bare::run();
    }
    let receiver = receiver::Receiver::start()?;
    rates::measure(&receiver)?;
    backlog::measure(&receiver, if given("--small") { FEWER } else { MANY })
}

/// A body that is posted.
fn post(target: &str, body: Value) -> Request {
    Request {
        method: "POST",
        target: target.to_owned(),
        body: Some(body),
    }
}

/// The answer to a request.
fn ask(connection: &mut Connection, request: &Request, status: u16) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(connection.ask(request, status)?)?)
}

/// Makes an endpoint that wants what `fill` lets happen, and returns its id.
fn endpoint(connection: &mut Connection, url: &str) -> Result<String, Failure> {
    let body = json!({ "endpoint_url": url, "events": ["organization.created"] });
    let endpoint = ask(connection, &post("/webhook_endpoints", body), 201)?;
    let id = endpoint["id"].as_str().ok_or("an endpoint has an id")?;
    Ok(id.to_owned())
}

/// Lets so many events happen.
fn fill(mock: &Mock, events: usize) -> Result<(), Failure> {
    mock.crew(4)?.send(events, 201, |number| {
        let name = format!("Zoë’s Company {number}");
        post("/organizations", json!({ "name": name }))
    })
}

/// Stops sending, or goes on with it.
fn pause(connection: &mut Connection, paused: bool) -> Result<(), Failure> {
    let target = if paused { "pause" } else { "resume" };
    let request = post(&format!("/_mock/deliveries/{target}"), json!({}));
    ask(connection, &request, 200).map(drop)
}

/// Waits until nothing is to be sent.
fn wait(connection: &mut Connection) -> Result<(), Failure> {
    let request = post("/_mock/deliveries/wait", json!({ "timeout": "PT60S" }));
    ask(connection, &request, 200).map(drop)
}

/// The delivery that came last.
fn last_delivery(connection: &mut Connection) -> Result<Value, Failure> {
    let deliveries = ask(
        connection,
        &get("/_mock/deliveries?limit=1".to_owned()),
        200,
    )?;
    Ok(deliveries["data"][0].clone())
}
