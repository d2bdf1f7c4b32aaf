//! `link`.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use clap::builder::PossibleValuesParser;
use serde_json::json;
use workos_portal::types::PortalIntent;

use crate::Failure;
use crate::api::Api;
use crate::explain::explain;
use crate::output::{Colour, Output, clean};

/// Makes a link.
#[derive(Debug, clap::Args)]
pub(crate) struct Link {
    /// The organization whose portal it opens.
    #[arg(long, value_name = "ID")]
    organization: String,
    /// What is set up there.
    #[arg(long, value_parser = intents())]
    intent: String,
    /// Where the portal leads back to.
    #[arg(long, value_name = "URL")]
    return_url: Option<String>,
    /// Where the portal leads to when the setup is done.
    #[arg(long, value_name = "URL")]
    success_url: Option<String>,
    /// The app's own id of whoever it is for. Links that are made with it can be revoked by it.
    #[arg(long, value_name = "ID")]
    external_user_id: Option<String>,
    /// Open it in the browser.
    #[arg(long)]
    open: bool,
}

/// Every intent that this version knows.
fn intents() -> PossibleValuesParser {
    PossibleValuesParser::new(PortalIntent::KNOWN.iter().map(PortalIntent::as_str))
}

impl Link {
    pub(crate) async fn run(&self, api: &Api, out: &mut Output) -> Result<(), Failure> {
        let client = api.client()?;
        let call = client.generate_portal_link().body_map(|body| {
            let mut body = body
                .organization(self.organization.as_str())
                .intent(PortalIntent::from(self.intent.as_str()));
            if let Some(url) = &self.return_url {
                body = body.return_url(url.clone());
            }
            if let Some(url) = &self.success_url {
                body = body.success_url(url.clone());
            }
            if let Some(id) = &self.external_user_id {
                body = body.external_user_id(id.clone());
            }
            body
        });
        let answer = call.send().await;
        let answer = answer.map_err(|error| Failure::Told(explain(&error, api.base_url())))?;
        let link = answer.link.expose();
        let opened = self.open && opened(link);
        if out.json {
            out.json_line(&json!({ "link": link }))?;
        } else if !out.terminal {
            out.line(&clean(link))?;
        } else if opened {
            out.line("The portal is open in your browser.")?;
        } else {
            out.line(&clean(link))?;
            out.line("")?;
            let hint = "It opens once, within 5 minutes. Whoever has it can change how the \
                        organization\nsigns in: open it at once, and do not pass it on by mail or chat.";
            out.line(&out.paint(Colour::Dim, hint))?;
        }
        if self.open && !opened {
            // The link is printed above; that is what counts.
            let _ = writeln!(io::stderr(), "warning: no browser could be started");
        }
        Ok(())
    }
}

/// Shows an address in the browser that this system prefers. Only what a browser opens is handed over.
fn opened(link: &str) -> bool {
    let web = reqwest::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    web && Command::new(program)
        .args(arguments)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
