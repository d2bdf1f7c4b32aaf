//! `cargo xtask test`: everything that has to hold before a change is done.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{control, coverage, dependencies, openapi, package};

/// What is run, in the order in which a failure is cheapest to learn of.
const STEPS: [&[&str]; 5] = [
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
    // The client without anything: the rest of the workspace switches its features on.
    &[
        "clippy",
        "--package",
        "workos-portal",
        "--no-default-features",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ],
    &["test", "--workspace", "--locked"],
    &["doc", "--workspace", "--no-deps", "--locked"],
];

/// The mock's binary, for what is run against it. It is built last: those of the packages have the same name.
const BINARY: &[&str] = &["build", "--package", "workos-portal-mock", "--locked"];

/// The suites that run against the mock's binary, all of them.
const SUITES: &str = "tests/sdk/run";

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
    coverage::run(root, true)?;
    dependencies::run(root)?;
    // Chromium, its driver and axe-core, for the tests that drive a browser.
    let prepare = root.join("tests/browser/prepare");
    step("tests/browser/prepare", &mut Command::new(prepare), root)?;
    for arguments in STEPS {
        cargo(arguments, root)?;
    }
    package::run(&package::Options::default(), root)?;
    cargo(BINARY, root)?;
    // Printed by the program that was just built.
    control::run(root, true)?;
    // WorkOS's own SDKs, and requests made up from the contract, against what was just built.
    step(SUITES, &mut Command::new(root.join(SUITES)), root)?;
    eprintln!("all checks passed");
    Ok(())
}

fn cargo(arguments: &[&str], root: &Path) -> Result<()> {
    let shown = format!("cargo {}", arguments.join(" "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    step(&shown, Command::new(cargo).args(arguments), root)
}

fn step(shown: &str, command: &mut Command, root: &Path) -> Result<()> {
    eprintln!("$ {shown}");
    command
        .current_dir(root)
        .stdin(Stdio::null())
        .envs(VARIABLES);
    let status = command.status();
    if !status
        .with_context(|| format!("{shown} could not be started"))?
        .success()
    {
        bail!("{shown} failed");
    }
    Ok(())
}
