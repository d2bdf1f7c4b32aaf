//! `cargo xtask`: parses, runs, maps the outcome to an exit code.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{bench, check, compare, control, coverage, dependencies, openapi, package, pictures};

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every check: documents, format, lints, tests, documentation
    Test,
    /// Write the README's table of what is served
    Coverage {
        /// Write nothing; fail if the table is out of date
        #[arg(long)]
        check: bool,
    },
    /// Write the document of the mock's own API, openapi/control.json
    Control {
        /// Write nothing; fail if the document is out of date
        #[arg(long)]
        check: bool,
    },
    /// Hold what the published crates depend on to deny.toml
    Dependencies,
    /// Pack what is published, look at what the archives hold, and build them by themselves
    Package(package::Options),
    /// Measure what requests and webhooks cost, and whether that grows with what is stored
    Bench(bench::Options),
    /// Measure and try this client beside WorkOS's own
    Compare(compare::Options),
    /// Draw the pages of the portal as pictures
    Pictures(pictures::Options),
    /// Pull, curate and compare WorkOS's OpenAPI document
    Openapi {
        /// The folder with curation.toml, overlay.yaml and the written documents
        #[arg(long, global = true, hide_default_value = true, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi"))]
        dir: PathBuf,
        #[command(subcommand)]
        command: openapi::Command,
    },
}

/// The workspace: where this crate lies is known when it is compiled.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Test => check::run(Path::new(ROOT)).map(|()| openapi::Outcome::Same),
        Command::Coverage { check } => {
            coverage::run(Path::new(ROOT), check).map(|()| openapi::Outcome::Same)
        }
        Command::Control { check } => {
            control::run(Path::new(ROOT), check).map(|()| openapi::Outcome::Same)
        }
        Command::Dependencies => {
            dependencies::run(Path::new(ROOT)).map(|()| openapi::Outcome::Same)
        }
        Command::Package(options) => {
            package::run(&options, Path::new(ROOT)).map(|()| openapi::Outcome::Same)
        }
        Command::Bench(options) => {
            bench::run(&options, Path::new(ROOT)).map(|()| openapi::Outcome::Same)
        }
        Command::Compare(options) => {
            compare::run(&options, Path::new(ROOT)).map(|()| openapi::Outcome::Same)
        }
        Command::Pictures(options) => {
            pictures::run(&options, Path::new(ROOT)).map(|()| openapi::Outcome::Same)
        }
        Command::Openapi { dir, command } => {
            openapi::run(&command, &dir, &mut std::io::stdout().lock())
        }
    };
    match outcome {
        Ok(openapi::Outcome::Same) => ExitCode::SUCCESS,
        Ok(openapi::Outcome::Different) => ExitCode::from(4),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Args::command().debug_assert();
    }
}
