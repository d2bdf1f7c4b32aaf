//! The command `workos-portal`: makes portal links, shows what an environment has, follows its events, and
//! looks for what is wrong with an app that integrates the Admin Portal.

mod api;
mod cli;
mod doctor;
mod events;
mod explain;
mod link;
mod lists;
mod output;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use cli::{Cli, Command, EventsCommand};
use output::Output;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(code) => code,
        // Whoever read has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // Standard error may be closed; the exit code says it too.
            let _ = writeln!(
                io::stderr(),
                "error: {}",
                output::clean(&failure.to_string())
            );
            match failure {
                Failure::Misused(_) => ExitCode::from(2),
                Failure::Told(_) | Failure::Output(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// Why a command did not do what it was asked for. `Display` is for people, without secrets.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// What is wrong, and what to do.
    #[error("{0}")]
    Told(String),
    /// The command was used wrongly: how, and what to do.
    #[error("{0}")]
    Misused(String),
    /// What was to be shown could not be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    let mut out = Output::standard(cli.json);
    if let Command::Completions { shell } = &cli.command {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut Cli::command(), "workos-portal", &mut script);
        out.raw(&script)?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Told(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        match &cli.command {
            Command::Link(link) => link.run(&cli.api, &mut out).await?,
            Command::Organizations(organizations) => organizations.run(&cli.api, &mut out).await?,
            Command::Providers => lists::providers(&cli.api, &mut out).await?,
            Command::Events {
                command: EventsCommand::Tail(tail),
            } => tail.run(&cli.api, &mut out).await?,
            Command::Doctor(doctor) => return doctor.run(&cli.api, &mut out).await,
            Command::Completions { .. } => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}
