//! Apps to be looked at, made in folders of their own.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::server::Server;
use crate::{program, told};

/// The part of each key that must never be shown. Keys are put together here, so that none is in a file.
pub(crate) const HIDDEN: &str = "a2V5XzAxSDRTOEs3UjJWNk";

pub(crate) fn key(kind: &str) -> String {
    format!("sk_{kind}{HIDDEN}")
}

/// A folder of an app.
pub(crate) struct App(TempDir);

impl App {
    /// With nothing in it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// As it should be.
    pub(crate) fn sound() -> Self {
        let app = Self::empty();
        app.file(".git/HEAD", "ref: refs/heads/main\n");
        app.file(".gitignore", ".env*\n!.env.example\n");
        app.file(
            ".env.local",
            format!(
                "WORKOS_API_KEY={}\nWORKOS_CLIENT_ID=client_1\n",
                key("test_")
            ),
        );
        app.file(".env.example", "WORKOS_API_KEY=sk_…\n");
        app.file(
            "package.json",
            "{\n  \"dependencies\": {\n    \"@workos-inc/node\": \"^7.0.0\"\n  }\n}\n",
        );
        app.file(
            "src/portal.ts",
            "import { WorkOS } from '@workos-inc/node';\n\nawait workos.portal.generateLink({ organization });\n",
        );
        app
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a written file");
    }

    /// What `doctor` says, without calling the API.
    pub(crate) fn offline(&self, arguments: &[&str]) -> String {
        self.doctor(&[&["--offline"], arguments].concat())
    }

    pub(crate) fn doctor(&self, arguments: &[&str]) -> String {
        let (code, out, err) = told(program().arg("doctor").arg(self.path()).args(arguments));
        let text = format!("exit code {}\n{out}{err}", code.expect("an exit code"));
        assert!(!text.contains(&HIDDEN[..4]), "{text}");
        text
    }

    /// What `doctor` says with a server that gives this answer.
    pub(crate) fn online(&self, status: &str, body: &Value, arguments: &[&str]) -> String {
        let server = Server::new(status, "content-type: application/json", body.to_string());
        let text = self.doctor(&[&["--base-url", &server.url], arguments].concat());
        assert!(!server.requests().is_empty());
        // As long as the port is, so that lines are broken where they were.
        let port = server.url.rsplit(':').next().expect("a port");
        text.replace(port, &"_".repeat(port.len()))
    }
}

/// The levels and messages that are no `ok`, of a report in JSON.
pub(crate) fn found(text: &str) -> Vec<(String, String, Vec<String>)> {
    let (_, json) = text.split_once('\n').expect("a report");
    let report: Value = serde_json::from_str(json).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").iter();
    findings
        .filter(|finding| finding["level"] != "ok")
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().expect("a text").to_owned();
            let places = finding["places"].as_array().expect("places").iter();
            let places = places.map(|place| place.as_str().expect("a place").to_owned());
            (text("check"), text("level"), places.collect())
        })
        .collect()
}
