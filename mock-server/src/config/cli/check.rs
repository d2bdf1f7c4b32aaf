//! `check` and `schema`: what helps to write configuration files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::{Config, FileError, schema, seed_schema};
use crate::seed::Seed;

/// Says what is wrong in files.
#[derive(Clone, Debug, clap::Args)]
pub struct Check {
    /// The files, in TOML, YAML or JSON as their names end.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// They are seeds or snapshots, not whole configurations.
    #[arg(long)]
    seed: bool,
}

/// Prints a JSON Schema.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Schema {
    /// That of seeds and snapshots in files of their own.
    #[arg(long)]
    seed: bool,
}

impl Check {
    /// Says of each file on `out` that it is well, and on `err` what is wrong with it or will never come to anything. Fails
    /// when anything is wrong.
    pub fn run(&self, out: &mut impl Write, err: &mut impl Write) -> ExitCode {
        let mut code = ExitCode::SUCCESS;
        for file in &self.files {
            // What is read may have stopped reading; the exit code says it too.
            let _ = match self.warnings(file) {
                Ok(warnings) => {
                    for warning in warnings {
                        let _ = writeln!(err, "{}: warning: {warning}", file.display());
                    }
                    writeln!(out, "{}: nothing is wrong", file.display())
                }
                Err(error) => {
                    code = ExitCode::FAILURE;
                    writeln!(err, "{error}")
                }
            };
        }
        code
    }

    fn warnings(&self, file: &Path) -> Result<Vec<String>, FileError> {
        let seed = if self.seed {
            Seed::from_file(file)?
        } else {
            Config::from_file(file)?.seed
        };
        Ok(seed.warnings())
    }
}

impl Schema {
    /// The schema.
    #[must_use]
    pub fn text(self) -> String {
        if self.seed { seed_schema() } else { schema() }
    }
}
