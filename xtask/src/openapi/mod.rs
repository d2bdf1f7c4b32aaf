//! WorkOS's OpenAPI document, cut down, described in our own words, and lowered for the client generator.
//!
//! ```text
//! WorkOS's document ──pull──▶ upstream.json ──┐
//!                      overlay.yaml ──────────┴─curate──▶ portal.json ──lower──▶ client.json
//! ```
//!
//! Each arrow is a function from JSON to JSON. Only `source` reads the network and only `files` writes.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

mod arrange;
mod complete;
mod curation;
mod cut;
mod diff;
pub(crate) mod files;
mod lower;
mod overlay;
mod reference;
mod rename;
mod source;

use curation::Curation;

/// What `cargo xtask openapi` can do.
#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Take WorkOS's document, cut it down to our operations and write upstream.json
    Pull {
        /// An http(s) address or a file [default: the address in curation.toml]
        #[arg(long)]
        from: Option<String>,
        /// The repository commit of a copy whose address does not tell it
        #[arg(long)]
        commit: Option<String>,
    },
    /// Apply overlay.yaml to upstream.json and write portal.json and client.json
    Curate {
        /// Write nothing; fail if a written document is out of date
        #[arg(long)]
        check: bool,
    },
    /// Tell what a newer document would change for our operations (exit code 0 same, 4 different, 1 failure)
    Diff {
        /// An http(s) address or a file [default: the address in curation.toml]
        #[arg(long)]
        from: Option<String>,
        /// Print one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
}

/// How a command ended when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done; for a comparison, nothing differs.
    Same,
    /// A comparison found differences.
    Different,
}

/// Runs `command` on the documents in `dir` and reports to `out`.
///
/// # Errors
/// Says what is wrong with a source, a curation file or a document; nothing has been written then.
pub fn run(command: &Command, dir: &Path, out: &mut dyn Write) -> Result<Outcome> {
    match command {
        Command::Pull { from, commit } => pull(dir, from.as_deref(), commit.as_deref(), out),
        Command::Curate { check } => curate(dir, *check, out),
        Command::Diff { from, json } => compare(dir, from.as_deref(), *json, out),
    }
}

fn pull(
    dir: &Path,
    from: Option<&str>,
    commit: Option<&str>,
    out: &mut dyn Write,
) -> Result<Outcome> {
    let mut curation = Curation::read(&dir.join("curation.toml"))?;
    let source = source::fetch(from.unwrap_or(&curation.source.url))?;
    let document = source::parse(&source)?;
    let upstream =
        cut::cut(&document, &curation.operations).with_context(|| source.address.clone())?;
    let sha256 = source.sha256();
    if curation.source.sha256.as_deref() != Some(&sha256) {
        let commit = commit.map(str::to_owned).or_else(|| source.commit());
        curation.record(commit, files::today()?, sha256)?;
    }
    files::replace(&[
        (dir.join("upstream.json"), files::pretty(&upstream)),
        (dir.join("curation.toml"), curation.text()),
    ])?;
    let (operations, schemas) = (
        cut::operations(&upstream).count(),
        cut::schemas(&upstream).count(),
    );
    writeln!(
        out,
        "upstream.json: {operations} operations, {schemas} schemas from {}",
        source.address
    )?;
    Ok(Outcome::Same)
}

fn curate(dir: &Path, check: bool, out: &mut dyn Write) -> Result<Outcome> {
    let (portal, client) = curated(dir)?;
    let documents = [
        (dir.join("portal.json"), portal),
        (dir.join("client.json"), client),
    ];
    if check {
        let stale: Vec<_> = documents
            .iter()
            .filter(|(path, text)| files::differs(path, text))
            .map(|(path, _)| name(path))
            .collect();
        if !stale.is_empty() {
            bail!(
                "{} out of date: run `cargo xtask openapi curate` and commit the result",
                stale.join(" and ")
            );
        }
        writeln!(out, "portal.json and client.json are up to date")?;
    } else {
        files::replace(&documents)?;
        writeln!(out, "wrote portal.json and client.json")?;
    }
    Ok(Outcome::Same)
}

fn curated(dir: &Path) -> Result<(String, String)> {
    let curation = Curation::read(&dir.join("curation.toml"))?;
    let mut portal = read_json(&dir.join("upstream.json"))?;
    rename::schemas(&mut portal, &curation.schemas).context("curation.toml, [schemas]")?;
    let overlay = overlay::Overlay::read(&dir.join("overlay.yaml"))?;
    overlay.apply(&mut portal).context("overlay.yaml")?;
    portal["info"]["x-source"] = curation.source.stamp();
    reference::prune(&mut portal)?;
    arrange::arrange(&mut portal);
    complete::check(&portal).context("portal.json is not complete; mend overlay.yaml")?;
    let client = lower::lower(&portal).context("portal.json cannot be lowered for the client")?;
    Ok((files::pretty(&portal), files::pretty(&client)))
}

fn compare(dir: &Path, from: Option<&str>, json: bool, out: &mut dyn Write) -> Result<Outcome> {
    let curation = Curation::read(&dir.join("curation.toml"))?;
    let ours = read_json(&dir.join("upstream.json"))?;
    let source = source::fetch(from.unwrap_or(&curation.source.url))?;
    let theirs = source::parse(&source)?;
    let changes = diff::changes(&ours, &theirs, &curation.operations)
        .with_context(|| source.address.clone())?;
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&changes)?)?;
    } else {
        diff::print(&changes, out)?;
    }
    Ok(if changes.is_empty() {
        Outcome::Same
    } else {
        Outcome::Different
    })
}

fn read_json(path: &PathBuf) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
