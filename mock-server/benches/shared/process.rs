//! A server in a process of its own: where it is reached, and what it spends. Linux only.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::Failure;
use crate::client::{Connection, Crew};

/// The mock's binary as a child process. It stops when this is dropped.
pub(crate) struct Mock {
    child: Child,
    address: SocketAddr,
    key: String,
}

impl Mock {
    /// Starts one on a free port, with these flags besides.
    pub(crate) fn start(flags: &[&str]) -> Result<Self, Failure> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_workos-portal-mock"))
            .args(["--listen", "127.0.0.1:0", "--json"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let line: Value = serde_json::from_str(&line)?;
        let text = |member: &str| line[member].as_str().unwrap_or_default();
        Ok(Self {
            child,
            address: text("url").trim_start_matches("http://").parse()?,
            key: text("api_key").to_owned(),
        })
    }

    /// A connection to ask by.
    pub(crate) fn connect(&self) -> Result<Connection, Failure> {
        Connection::open(self.address, &self.key)
    }

    /// So many of them.
    pub(crate) fn crew(&self, size: usize) -> Result<Crew, Failure> {
        let connections = (0..size).map(|_| self.connect());
        connections.collect::<Result<_, _>>().map(Crew::new)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident(&self) -> Result<usize, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        Ok(kilobytes.ok_or("no VmRSS")?.parse::<usize>()? * 1_024)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nanoseconds of CPU time that a process spends while `work` is done.
pub(crate) fn cpu_time_of(
    process: u32,
    work: impl FnOnce() -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let before = so_far(process)?;
    work()?;
    Ok(so_far(process)? - before)
}

/// What every thread has spent on a processor, in user and in kernel mode.
fn so_far(process: u32) -> Result<u64, Failure> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let spent = text.split_whitespace().next().ok_or("no schedstat")?;
        sum += spent.parse::<u64>()?;
    }
    Ok(sum)
}

/// The value in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
