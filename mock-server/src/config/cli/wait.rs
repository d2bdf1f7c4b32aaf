//! The command that waits for a server.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgAction;
use jiff::SignedDuration;
use url::Url;

use super::super::values;
use super::{Cli, CliError};
use crate::wait::Target;

/// Which server is waited for, and how long.
#[derive(Clone, Debug, clap::Args)]
pub struct Wait {
    /// Wait for the server at this address [default: where the settings let one listen].
    #[arg(value_name = "URL", value_parser = values::origin)]
    url: Option<Url>,
    /// Wait for the server that writes this file.
    #[arg(long, value_name = "FILE", action = ArgAction::Set, conflicts_with = "url")]
    ready_file: Option<PathBuf>,
    /// Give up after this long.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = values::lifetime)]
    timeout: SignedDuration,
}

impl Wait {
    /// The server that is waited for: the address, else the file, else what listens where the settings say.
    ///
    /// # Errors
    /// [`CliError`] when the settings cannot be used, or leave the port open.
    pub fn target(&self, cli: &Cli) -> Result<Target, CliError> {
        if let Some(url) = &self.url {
            return Ok(Target::Address(url.clone()));
        }
        if let Some(path) = self.ready_file.as_ref().or(cli.ready_file.as_ref()) {
            return Ok(Target::ReadyFile(path.clone()));
        }
        Target::listening_on(cli.configuration()?.listen).ok_or_else(|| {
            let message =
                "a server that listens on port 0 takes any; name its address, or --ready-file";
            CliError::Invalid(vec![message.to_owned()])
        })
    }

    /// How long is waited, in real time.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        // It was read as one that is longer than nothing.
        Duration::try_from(self.timeout).unwrap_or_default()
    }
}
