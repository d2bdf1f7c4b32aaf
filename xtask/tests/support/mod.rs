//! A folder to run commands on, and a server to pull from.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command as Process, Output},
    thread::JoinHandle,
    time::Duration,
};

use tempfile::TempDir;
use xtask::openapi::{Command, Outcome, run};

pub(crate) const CURATION: &str = r#"# Ours.
operations = ["POST /things"]

[source]
url = "http://127.0.0.1:1/never-asked"
commit = "an older one"
date = "2020-01-01"
sha256 = "00"

[schemas]
ThingDto = "Thing"
"#;

pub(crate) const DOCUMENT: &str = r##"openapi: 3.1.1
info: {title: Theirs, version: "1.0", description: Their words.}
paths:
  /things:
    post:
      operationId: ThingsController_make
      summary: Their words.
      responses:
        "201":
          description: Their words.
          content: {application/json: {schema: {$ref: "#/components/schemas/ThingDto"}}}
  /others:
    get: {responses: {"200": {description: Their words.}}}
components:
  schemas:
    ThingDto: {type: object, description: Their words., properties: {id: {type: string}}, required: [id]}
    Other: {type: string}
  securitySchemes: {}
"##;

const OVERLAY: &str = r#"overlay: 1.0.0
info: {title: Ours, version: "1"}
actions:
  - target: $.paths['/things'].post
    update:
      operationId: make_thing
      summary: Makes a thing.
      description: Makes one thing.
      responses: {"201": {description: The thing.}}
  - target: $.components.schemas.Thing
    update: {description: A thing., properties: {id: {description: Its id.}}}
"#;

/// A folder with a curation, an overlay and a document from an earlier pull.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in [
            ("curation.toml", CURATION),
            ("overlay.yaml", OVERLAY),
            ("upstream.json", "{}"),
        ] {
            folder.write(name, text);
        }
        folder
    }

    /// A folder after a pull of [`DOCUMENT`] and a curation.
    pub(crate) fn curated() -> Self {
        let folder = Self::new();
        folder.run(&pull(&folder.source(DOCUMENT))).unwrap();
        folder.run(&Command::Curate { check: false }).unwrap();
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Everything in the folder, byte for byte.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    /// A file with a document to pull.
    pub(crate) fn source(&self, text: impl AsRef<[u8]>) -> String {
        self.write("source", text);
        self.path().join("source").to_str().unwrap().to_owned()
    }

    /// Runs a command within the test: how it ended and what it printed.
    pub(crate) fn run(&self, command: &Command) -> Result<(Outcome, String), String> {
        let mut out = Vec::new();
        match run(command, self.path(), &mut out) {
            Ok(outcome) => Ok((outcome, String::from_utf8(out).unwrap())),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    /// Runs the binary, without a proxy between it and this machine.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Output {
        let mut process = Process::new(env!("CARGO_BIN_EXE_xtask"));
        for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            process.env_remove(proxy);
        }
        process
            .arg("openapi")
            .args(arguments)
            .arg("--dir")
            .arg(self.path())
            // 2026-01-02T00:00:00Z
            .env("SOURCE_DATE_EPOCH", "1767312000")
            .output()
            .unwrap()
    }

    /// Pulls with the binary and checks that it fails with exit code 1, one line, and nothing written.
    #[track_caller]
    pub(crate) fn refuses(&self, from: &str, complaint: &str) {
        let before = self.contents();
        let output = self.xtask(&["pull", "--from", from]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(
            errors.starts_with(&format!("error: {from}{complaint}")),
            "{errors}"
        );
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        assert_eq!(self.contents(), before);
    }
}

pub(crate) fn pull(from: &str) -> Command {
    Command::Pull {
        from: Some(from.to_owned()),
        commit: None,
    }
}

pub(crate) fn diff(from: &str, json: bool) -> Command {
    Command::Diff {
        from: Some(from.to_owned()),
        json,
    }
}

/// A server on this machine that answers one request with the bytes that it is given, piece by piece.
pub(crate) struct Server {
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn new(
        status: &str,
        headers: &str,
        pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
        let thread = std::thread::spawn(move || {
            let Ok((stream, _)) = listener.accept() else {
                return;
            };
            // Who hangs up early is a client that has seen enough.
            let _ = answer(stream, std::iter::once(head.into_bytes()).chain(pieces));
        });
        Self {
            address,
            thread: Some(thread),
        }
    }

    pub(crate) fn document(text: &str) -> Self {
        let length = format!("Content-Length: {}\r\n", text.len());
        Self::new("200 OK", &length, std::iter::once(text.as_bytes().to_vec()))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ends a server that nobody asked; one that was asked no longer listens.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn answer(mut stream: TcpStream, pieces: impl Iterator<Item = Vec<u8>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            length => request.extend_from_slice(&buffer[..length]),
        }
    }
    for piece in pieces {
        stream.write_all(&piece)?;
    }
    Ok(())
}
