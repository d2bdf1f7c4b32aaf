//! chromedriver and the Chromium that it starts, as processes that end with the test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

/// How many browsers run at once: each keeps a core busy.
static SEATS: Semaphore = Semaphore::const_new(2);

/// How long a process may take to start, with a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What no test wants: a window, a profile of its own, and everything that a browser does by itself.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// What a test needs of a browser.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// Where names lead, as rules of Chromium's own; whatever they leave out leads nowhere.
    pub(crate) names: Vec<String>,
    /// Whether scripts of pages are not run.
    pub(crate) without_scripts: bool,
}

/// A session with a browser. The processes are killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) client: Client,
    _processes: Processes,
}

#[derive(Debug)]
struct Processes {
    driver: DriverProcess,
    /// Kept open, or the driver could not say anything any more.
    _output: ChildStdout,
    browser: Option<u64>,
    _profile: TempDir,
    _seat: SemaphorePermit<'static>,
}

impl Driver {
    /// Starts a driver on a free port, and a browser with an empty profile.
    pub(crate) async fn start(wishes: &Wishes) -> Self {
        let seat = SEATS.acquire().await.expect("nobody closes the seats");
        let profile = TempDir::new().expect("a folder for the profile");
        let started = tokio::task::spawn_blocking(start_driver);
        let started = tokio::time::timeout(PATIENCE, started).await;
        let (driver, output, port) = started
            .expect("chromedriver says its port within a minute")
            .expect("the driver is waited for");
        let capabilities = capabilities(wishes, &profile);
        let mut processes = Processes {
            driver,
            _output: output,
            browser: None,
            _profile: profile,
            _seat: seat,
        };
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities).connect(&address);
        let client = tokio::time::timeout(PATIENCE, connecting)
            .await
            .expect("a session within a minute")
            .unwrap_or_else(|error| {
                panic!("chromedriver could not start Chromium; {ADVICE}: {error}")
            });
        let process = client
            .capabilities()
            .and_then(|capabilities| capabilities.get("goog:processID"));
        processes.browser = process.and_then(Value::as_u64);
        Self {
            client,
            _processes: processes,
        }
    }

    /// A command that only chromedriver knows.
    pub(crate) async fn command(&self, path: &'static str, body: Value) -> Value {
        let sent = self.client.issue_cmd(Extension {
            path,
            body: body.clone(),
        });
        sent.await
            .unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    /// A command of the browser's own protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.command("goog/cdp/execute", body).await
    }
}

/// chromedriver itself.
#[derive(Debug)]
struct DriverProcess(Child);

impl Drop for DriverProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // The browser outlives a driver that is killed, and a driver that lives would see to it in its own time.
        let _ = self.driver.0.kill();
        if let Some(id) = self.browser {
            let _ = Command::new("kill")
                .args(["-KILL", &id.to_string()])
                .stderr(Stdio::null())
                .status();
        }
    }
}

/// What to do where one of the two is missing.
const ADVICE: &str = "the browser tests need Chromium and chromedriver; `tests/browser/prepare` installs both, on Debian \
                      `apt-get install chromium chromium-driver`";

fn start_driver() -> (DriverProcess, ChildStdout, u16) {
    let name = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let driver = Command::new(&name)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start ({error}); {ADVICE}", name.display()));
    let mut driver = DriverProcess(driver);
    let mut output = BufReader::new(driver.0.stdout.take().expect("an output that is piped"));
    let mut said = String::new();
    loop {
        let begin = said.len();
        let read = output.read_line(&mut said).unwrap_or(0);
        assert!(read > 0, "chromedriver has said no port; {ADVICE}\n{said}");
        let port = said[begin..]
            .trim_end()
            .strip_suffix('.')
            .and_then(|line| line.split_once("started successfully on port "));
        if let Some(port) = port.and_then(|(_, port)| port.parse().ok()) {
            return (driver, output.into_inner(), port);
        }
    }
}

fn capabilities(wishes: &Wishes, profile: &TempDir) -> Capabilities {
    let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    let names = wishes.names.iter().map(String::as_str);
    let names: Vec<_> = names.chain(["MAP * ~NOTFOUND"]).collect();
    flags.push(format!("--host-resolver-rules={}", names.join(", ")));
    let mut options = json!({"args": flags});
    if wishes.without_scripts {
        options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
    }
    if let Some(binary) = std::env::var_os("CHROMIUM") {
        options["binary"] = json!(binary.to_string_lossy());
    }
    let all = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "timeouts": {"script": 30_000, "pageLoad": 30_000, "implicit": 0},
        "unhandledPromptBehavior": "ignore",
    });
    match all {
        Value::Object(members) => members,
        _ => unreachable!("an object"),
    }
}

#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
