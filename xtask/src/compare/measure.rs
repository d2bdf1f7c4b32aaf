//! What running something costs.

#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, Result, bail};

/// What a program took.
pub(super) struct Cost {
    /// Seconds.
    pub(super) wall: f64,
    /// Seconds of all processors together.
    pub(super) processor: f64,
}

/// Runs a program to its end; what it printed, and what it took.
pub(super) fn run(command: &mut Command) -> Result<(String, Cost)> {
    let shown = format!("{command:?}");
    let (begun, before) = (Instant::now(), of_children()?);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{shown} could not be started"))?;
    if !output.status.success() {
        bail!("{shown} failed");
    }
    let cost = Cost {
        wall: begun.elapsed().as_secs_f64(),
        processor: of_children()? - before,
    };
    Ok((String::from_utf8(output.stdout)?, cost))
}

/// The processor time of all children that have ended, in seconds, as Linux counts it.
fn of_children() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")
        .context("processor time is read on Linux alone")?;
    // The name of the program, in parentheses, may hold anything.
    let fields = stat
        .rsplit_once(')')
        .map(|(_, fields)| fields.split_whitespace());
    let fields: Vec<&str> = fields
        .context("/proc/self/stat is not as expected")?
        .collect();
    let ticks =
        |index: usize| -> Result<f64> { Ok(fields.get(index).context("too short")?.parse()?) };
    Ok((ticks(13)? + ticks(14)?) / 100.0)
}

pub(super) fn median<T>(values: &[T], of: impl Fn(&T) -> f64) -> f64 {
    let mut values: Vec<f64> = values.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub(super) fn touch(file: &Path) -> Result<()> {
    File::options()
        .append(true)
        .open(file)?
        .set_modified(SystemTime::now())?;
    Ok(())
}

/// A mock server of a release build, until it is dropped.
pub(super) struct Mock {
    child: Child,
    pub(super) url: String,
}

impl Mock {
    pub(super) fn start(root: &Path, target: &Path) -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args([
            "build",
            "--locked",
            "--release",
            "--package",
            "workos-portal-mock",
            "--target-dir",
        ]);
        run(build.arg(target).current_dir(root))?;
        let program: PathBuf = target.join("release/workos-portal-mock");
        let ready = target.join("ready.json");
        let mut server = Command::new(&program);
        server
            .args(["--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&ready);
        let child = server
            .stdout(Stdio::null())
            .spawn()
            .context("the mock server could not be started")?;
        let mut mock = Self {
            child,
            url: String::new(),
        };
        run(Command::new(&program)
            .arg("wait")
            .arg("--ready-file")
            .arg(&ready))?;
        let ready: serde_json::Value = serde_json::from_reader(File::open(&ready)?)?;
        let url = ready["url"].as_str();
        url.context("the ready file names no URL")?
            .clone_into(&mut mock.url);
        Ok(mock)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
