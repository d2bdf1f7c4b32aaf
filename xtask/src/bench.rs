//! `cargo xtask bench`: what requests cost, in a release build.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Store 100,000 organizations at most, not 1,000,000, and have 10,000 webhooks wait, not 100,000.
    #[arg(long)]
    small: bool,
    /// Ask about a thousand organizations, not ten, so that the processor's caches help less.
    #[arg(long)]
    scattered: bool,
    /// Only the rows whose name contains this.
    row: Option<String>,
}

/// Runs the benchmarks of the mock server in `root`, the workspace's folder. They print their tables.
///
/// # Errors
/// A benchmark that could not be run.
pub fn run(options: &Options, root: &Path) -> Result<()> {
    let flags = [
        options.small.then_some("--small"),
        options.scattered.then_some("--scattered"),
        options.row.as_deref(),
    ];
    let flat_cost = ["--bench", "flat_cost", "--"].into_iter();
    let flat_cost: Vec<_> = flat_cost.chain(flags.into_iter().flatten()).collect();
    let deliveries = ["--bench", "deliveries", "--"].into_iter();
    let deliveries: Vec<_> = deliveries.chain(flags[0]).collect();
    for arguments in [&["--bench", "generate_link"][..], &deliveries, &flat_cost] {
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["bench", "--locked", "--package", "workos-portal-mock"])
            .args(arguments)
            .current_dir(root)
            .status()
            .context("cargo bench could not be started")?;
        if !status.success() {
            bail!("cargo bench {} failed", arguments.join(" "));
        }
    }
    Ok(())
}
