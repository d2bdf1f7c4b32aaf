//! `cargo xtask pictures`: draws the pages of the portal, as a browser shows them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;

/// What is drawn, and where to.
#[derive(Args, Debug)]
pub struct Options {
    /// Where the pictures go [default: docs/pictures, or target/pictures with --all]
    folder: Option<PathBuf>,
    /// Every page, light and dark, wide and narrow, in the place of the README's pictures
    #[arg(long)]
    all: bool,
}

/// Draws the pictures of `options` of the workspace in `root`, with the browser that the tests use.
///
/// # Errors
/// What is needed cannot be installed, or a page cannot be drawn; the output has said why.
pub fn run(options: &Options, root: &Path) -> Result<()> {
    let usual = if options.all {
        "target/pictures"
    } else {
        "docs/pictures"
    };
    let folder = match &options.folder {
        Some(folder) => std::path::absolute(folder).context("the folder has no absolute path")?,
        None => root.join(usual),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut draw = Command::new(cargo);
    let example = "run --quiet --package contract-tests --example pictures --locked --";
    draw.args(example.split(' '))
        .args(options.all.then_some("--all"))
        .arg(&folder);
    for command in [
        &mut Command::new(root.join("tests/browser/prepare")),
        &mut draw,
    ] {
        let status = command.current_dir(root).status();
        if !status.context("a command could not be started")?.success() {
            bail!("{command:?} failed");
        }
    }
    let folder = folder.canonicalize().unwrap_or(folder);
    eprintln!("the pictures are in {}", folder.display());
    Ok(())
}
