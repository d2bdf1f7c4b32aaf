//! How long it takes to make 10,000 environments in one server, and how much memory they take: in the process of a test, and by
//! calls to `/_mock/environments`. Linux only.
//!
//! ```text
//! cargo bench -p workos-portal-mock --bench environments
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark reports to its terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::process::Command;
use std::time::{Duration, Instant};

use workos_portal_mock::MockServer;
use workos_portal_mock::testing::TestEnvironment;

const ENVIRONMENTS: usize = 10_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is measured, each in a process of its own: memory that one has given back would be taken again by the next.
const ROUNDS: [&str; 3] = ["empty", "with-an-organization", "by-calls"];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match std::env::args().find(|argument| ROUNDS.contains(&argument.as_str())) {
        Some(round) if round == "by-calls" => by_calls(&round).await,
        Some(round) => in_process(&round, round == "with-an-organization").await,
        None => {
            for round in ROUNDS {
                let child = Command::new(std::env::current_exe()?).arg(round).status()?;
                if !child.success() {
                    return Err(format!("the round {round} has failed").into());
                }
            }
            Ok(())
        }
    }
}

async fn in_process(name: &str, with_organization: bool) -> Result<(), Failure> {
    let server = MockServer::start().await?;
    let one = || {
        let new = server.environment();
        let new = if with_organization {
            new.test_organization()
        } else {
            new
        };
        new.create()
    };
    // What is made once is not counted.
    drop(one()?);
    let mut taken = Vec::with_capacity(ENVIRONMENTS);
    let mut environments: Vec<TestEnvironment> = Vec::with_capacity(ENVIRONMENTS);
    let before = resident()?;
    for _ in 0..ENVIRONMENTS {
        let begun = Instant::now();
        environments.push(one()?);
        taken.push(begun.elapsed());
    }
    report(name, taken, resident()?.saturating_sub(before));
    let begun = Instant::now();
    drop(environments);
    println!("{:<22} {:>8.1?} for all", "  dropped in", begun.elapsed());
    Ok(())
}

async fn by_calls(name: &str) -> Result<(), Failure> {
    let server = MockServer::start().await?;
    let client = reqwest::Client::new();
    let url = format!("{}/_mock/environments", server.url());
    let call = || client.post(&url).json(&serde_json::json!({})).send();
    call().await?.error_for_status()?.bytes().await?;
    let mut taken = Vec::with_capacity(ENVIRONMENTS);
    let before = resident()?;
    for _ in 0..ENVIRONMENTS {
        let begun = Instant::now();
        let answer = call().await?;
        assert_eq!(answer.status(), 201);
        answer.bytes().await?;
        taken.push(begun.elapsed());
    }
    report(name, taken, resident()?.saturating_sub(before));
    Ok(())
}

fn report(name: &str, mut taken: Vec<Duration>, bytes: u64) {
    taken.sort_unstable();
    let at = |hundredths: usize| taken[(taken.len() - 1) * hundredths / 100];
    let each = bytes / ENVIRONMENTS as u64;
    println!(
        "{name:<22} median {:>8.1?}, 99% within {:>8.1?}, longest {:>8.1?}; {each} bytes each, {} MB in all",
        at(50),
        at(99),
        at(100),
        bytes / 1_000_000
    );
}

/// The memory of this process that is in RAM, in bytes.
fn resident() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.ok_or("no VmRSS")?.trim().parse::<u64>()? * 1024)
}
