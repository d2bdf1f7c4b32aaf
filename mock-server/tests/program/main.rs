//! The program as a process of its own.

mod command_line;
#[cfg(target_os = "linux")]
mod memory;
mod raw;
mod ready;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workos-portal-mock"));
    let inherited = std::env::vars().map(|(name, _)| name);
    for name in
        inherited.filter(|name| name.starts_with("WORKOS_PORTAL_MOCK_") || name == "RUST_LOG")
    {
        command.env_remove(name);
    }
    command
}

/// A running program; killed when the test fails.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    /// The id of its process.
    #[cfg(target_os = "linux")]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a started program");
        let stdout = BufReader::new(child.stdout.take().expect("its standard output"));
        Self { child, stdout }
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        line
    }

    /// Sends `signal`; gives the exit code and what else was printed.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &id])
                .status()
                .expect("a sent signal")
                .success()
        );
        let code = self.child.wait().expect("an exit").code();
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).expect("text");
        self.child
            .stderr
            .take()
            .expect("its standard error")
            .read_to_string(&mut err)
            .expect("text");
        (code, out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
