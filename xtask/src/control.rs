//! `cargo xtask control`: the document of the mock's own API, as its program prints it.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::openapi::files;

/// Where the document is kept, from the workspace's folder.
const DOCUMENT: &str = "openapi/control.json";

/// What prints it.
const PROGRAM: &str = "run --quiet --package workos-portal-mock --locked -- control-api";

/// Writes the document into the workspace in `root`, or with `check` fails if it is out of date.
///
/// # Errors
/// The program cannot be built, or the document cannot be written or is out of date.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let printed = Command::new(cargo)
        .args(PROGRAM.split(' '))
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let printed = printed.context("cargo could not be started")?;
    if !printed.status.success() {
        bail!("cargo {PROGRAM} failed");
    }
    let text = String::from_utf8(printed.stdout).context("the document is no text")?;
    let path = root.join(DOCUMENT);
    if !files::differs(&path, &text) {
        return Ok(());
    }
    if check {
        bail!("{DOCUMENT} is out of date: run `cargo xtask control` and commit the result");
    }
    files::replace(&[(path, text)])
}
