//! Starts the mock server: reads the command line, serves, stops when told to.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;
use workos_portal_mock::config::cli::{Cli, Command};
use workos_portal_mock::ready_file::ReadyFile;
use workos_portal_mock::wait::until_ready;
use workos_portal_mock::{MockServer, StartError, welcome};

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(code) => code,
        Err(message) => {
            // Standard error may be closed; the exit code says it too.
            let _ = writeln!(io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, String> {
    match &cli.command {
        None => serve(cli)?,
        Some(Command::ControlApi) => print("document", &workos_portal_mock::control_api())?,
        Some(Command::Schema(schema)) => print("schema", &schema.text())?,
        Some(Command::Check(check)) => {
            return Ok(check.run(&mut io::stdout().lock(), &mut io::stderr().lock()));
        }
        Some(Command::Wait(wait)) => {
            let target = wait.target(cli).map_err(|error| error.to_string())?;
            let ready = runtime()?.block_on(until_ready(&target, wait.timeout()));
            let ready = ready.map_err(|error| error.to_string())?;
            // It is ready, whoever is there to be told.
            let _ = writeln!(io::stdout(), "{ready} is ready");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(what: &str, text: &str) -> Result<(), String> {
    let written = io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| format!("the {what} could not be printed: {error}"))
}

fn runtime() -> Result<Runtime, String> {
    Runtime::new().map_err(|error| format!("cannot start: {error}"))
}

fn serve(cli: &Cli) -> Result<(), String> {
    start_logging(&cli.log)?;
    let config = cli.configuration().map_err(|error| error.to_string())?;
    runtime()?.block_on(async {
        let mut stop =
            StopSignal::new().map_err(|error| format!("cannot listen for signals: {error}"))?;
        let listen = config.listen;
        let started = MockServer::builder()
            .config(config.clone())
            .listen(listen)
            .start()
            .await;
        let mut server = started.map_err(|error| explain(&error))?;
        if !listen.ip().is_loopback() && config.control_token.is_none() {
            tracing::warn!(
                "others can reach this server and move its clock; --control-token keeps that to you"
            );
        }
        let line = welcome::json(&server);
        let ready = cli.ready_file.as_deref().map(|path| {
            let path_shown = path.display();
            ReadyFile::write(path, &line)
                .map_err(|error| format!("cannot write the ready file {path_shown}: {error}"))
        });
        let ready = ready.transpose()?;
        let text = if cli.json {
            line
        } else {
            welcome::text(&server)
        };
        if let Err(error) = io::stdout().lock().write_all(text.as_bytes()) {
            tracing::warn!(%error, "the welcome could not be printed");
        }
        tokio::select! {
            () = stop.received() => {}
            () = server.failed() => return Err("the server has stopped by itself".to_owned()),
        }
        // From here on nobody is to find the server by it.
        drop(ready);
        tokio::select! {
            () = server.shutdown() => {}
            // Asked twice, it does not wait any longer.
            () = stop.received() => {}
        }
        Ok(())
    })
}

fn start_logging(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::builder()
        .parse(filter)
        .map_err(|error| format!("the log filter cannot be used: {error}"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .init();
    Ok(())
}

fn explain(error: &StartError) -> String {
    match error {
        StartError::InUse(_) => format!("{error}; --listen 127.0.0.1:0 takes any free port"),
        _ => error.to_string(),
    }
}

/// Ctrl-C, and on Unix SIGTERM. Listened for before the server starts, so that none is missed.
struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(unix)]
    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn received(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
