//! `cargo xtask test`: everything that has to hold before a change is done.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::openapi;

/// What is run, in the order in which a failure is cheapest to learn of.
const STEPS: [&[&str]; 4] = [
    &["fmt", "--all", "--check"],
    &[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ],
    &["test", "--workspace", "--locked"],
    &["doc", "--workspace", "--no-deps", "--locked"],
];

/// A snapshot that differs is a failure, never a file to review later; so is a warning of rustdoc.
const VARIABLES: [(&str, &str); 2] = [("INSTA_UPDATE", "no"), ("RUSTDOCFLAGS", "--deny warnings")];

/// Runs every check in `root`, the workspace's folder, and stops at the first that fails.
///
/// # Errors
/// Names the check that failed; its own output has said why.
pub fn run(root: &Path) -> Result<()> {
    openapi::run(
        &openapi::Command::Curate { check: true },
        &root.join("openapi"),
        &mut std::io::stderr(),
    )?;
    for arguments in STEPS {
        let shown = format!("cargo {}", arguments.join(" "));
        eprintln!("$ {shown}");
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .envs(VARIABLES);
        if !command
            .status()
            .with_context(|| format!("{shown} could not be started"))?
            .success()
        {
            bail!("{shown} failed");
        }
    }
    eprintln!("all checks passed");
    Ok(())
}
