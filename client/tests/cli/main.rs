//! The command as a shell sees it.

mod apps;
mod commands;
mod doctor;
mod doctor_hostile;
mod doctor_online;
mod events;
mod proxies;
#[cfg(all(target_os = "linux", not(feature = "native-tls")))]
mod secured;
#[path = "../wire/server.rs"]
#[expect(dead_code, reason = "the tests of the library use more of it")]
mod server;

use std::process::{Command, Output};

use serde_json::{Value, json};

use server::{Server, answer};

pub(crate) const KEY: &str = "sk_test_do_not_show";

/// The command, without what this environment would tell it.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workos-portal"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let proxy = text.to_ascii_lowercase().ends_with("_proxy");
        if text.starts_with("WORKOS_") || text == "NO_COLOR" || proxy {
            command.env_remove(name);
        }
    }
    command
}

/// Exit code, standard output and standard error.
pub(crate) fn told(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("a program that ran");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// The command with a key, for a server.
pub(crate) fn with(server: &Server, arguments: &[&str]) -> Command {
    let mut command = program();
    command
        .args(arguments)
        .env("WORKOS_API_KEY", KEY)
        .env("WORKOS_BASE_URL", &server.url);
    command
}

pub(crate) fn json_answer(status: &str, body: &Value) -> Vec<u8> {
    answer(status, "content-type: application/json", body.to_string())
}

pub(crate) fn page(items: &[Value]) -> Value {
    json!({"object": "list", "data": items, "list_metadata": {"before": null, "after": null}})
}
