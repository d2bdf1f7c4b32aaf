//! The app's own build, when it is asked for.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::finding::Finding;

const CHECK: &str = "build";

/// Runs a command by the shell. What it prints goes to standard error.
pub(super) fn check(command: &str, folder: &Path) -> Finding {
    let (shell, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let status = Command::new(shell)
        .args([option, command])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status();
    let fix = "Its own output, above, says why.";
    match status {
        Ok(status) if status.success() => Finding::ok(CHECK, "The build command succeeds."),
        Ok(status) => {
            let how = status.code().map_or_else(
                || "by a signal".to_owned(),
                |code| format!("with exit code {code}"),
            );
            Finding::failure(CHECK, format!("The build command ends {how}."), fix)
        }
        Err(error) => Finding::failure(
            CHECK,
            format!("The build command cannot be started: {error}."),
            "Look whether there is a shell.",
        ),
    }
}
