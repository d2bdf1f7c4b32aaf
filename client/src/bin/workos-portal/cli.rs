//! The command line.

use clap::builder::styling;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::api::Api;
use crate::doctor::Doctor;
use crate::events::Tail;
use crate::link::Link;
use crate::lists::Organizations;

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Blue.on_default().bold())
    .usage(styling::AnsiColor::Blue.on_default().bold())
    .literal(styling::AnsiColor::Cyan.on_default())
    .placeholder(styling::AnsiColor::Cyan.on_default().dimmed());

const AFTER_HELP: &str = "The API key is read from the environment variable WORKOS_API_KEY; `doctor` looks into \
.env.local and .env as well.";

/// Makes links into the WorkOS Admin Portal, and finds what is wrong with an app that does.
#[derive(Debug, Parser)]
#[command(name = "workos-portal", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) api: Api,

    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a link into the Admin Portal. It opens once, within five minutes.
    Link(Link),
    /// List organizations.
    Organizations(Organizations),
    /// List the identity providers that the portal offers.
    Providers,
    /// Follow events.
    Events {
        #[command(subcommand)]
        command: EventsCommand,
    },
    /// Look for what is wrong with an app that integrates the portal.
    Doctor(Doctor),
    /// Print the script that completes this command in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Print events as they come, until Ctrl-C.
    Tail(Tail),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
