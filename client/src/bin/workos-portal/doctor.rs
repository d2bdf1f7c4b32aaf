//! `doctor`: looks for what is wrong with an app that integrates the portal.
//!
//! [`project`] reads the app's folder once, within bounds; the checks over what it found are pure. Only
//! [`online`] calls the API, and only [`build`] starts a program, when it is asked to.

mod build;
mod dotenv;
mod environment;
mod finding;
mod ignored;
mod manifests;
mod online;
mod print;
mod project;
mod sources;
mod tracked;
mod urls;
mod walk;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::Failure;
use crate::api::Api;
use crate::output::Output;

use finding::{Finding, Report};
use project::Project;

/// Looks for what is wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// The app's folder.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// An organization whose portal is to be opened.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// Where the portal is to lead back to; may be given again.
    #[arg(long = "return-url", value_name = "URL")]
    return_urls: Vec<String>,
    /// Run this command in the folder, by the shell, and look at how it ends.
    #[arg(long, value_name = "COMMAND")]
    build: Option<String>,
    /// Do not call the API.
    #[arg(long, conflicts_with = "organization")]
    offline: bool,
}

/// The checks over what the folder holds, in the order in which they are shown.
const CHECKS: [fn(&Project) -> Vec<Finding>; 10] = [
    project::check,
    environment::api_key,
    environment::client_id,
    environment::webhook_secret,
    environment::ignored_by_git,
    manifests::check,
    sources::portal_code,
    sources::hard_coded_keys,
    environment::public_variables,
    sources::browser_code,
];

impl Doctor {
    pub(crate) async fn run(&self, api: &Api, out: &mut Output) -> Result<ExitCode, Failure> {
        let project =
            Project::read(&self.folder).map_err(|error| unreadable(&self.folder, &error))?;
        let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&project)).collect();
        findings.extend(urls::check(&self.return_urls));
        if !self.offline {
            findings.extend(online::check(&project, api, self.organization.as_deref()).await);
        }
        if let Some(command) = &self.build {
            findings.push(build::check(command, &self.folder));
        }
        let report = Report::new(findings);
        if out.json {
            out.json(&report)?;
        } else {
            print::report(out, &report)?;
        }
        Ok(if report.failed() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

/// Why a folder cannot be looked at. That there is none is a slip in the command, and no finding about an app.
fn unreadable(folder: &Path, error: &io::Error) -> Failure {
    let folder = folder.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::Misused(format!("{folder} does not exist: name the app's folder"))
        }
        io::ErrorKind::NotADirectory => Failure::Misused(format!(
            "{folder} is not a folder: name the one that the app is in"
        )),
        _ => Failure::Told(format!("{folder} cannot be read: {error}")),
    }
}
