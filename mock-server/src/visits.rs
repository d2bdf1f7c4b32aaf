//! Visits to the portal without a browser, as far as they need more than the environment: what stands at an address that is
//! answered is read first, and the event that a visit waits for is sent.

use crate::dial::{self, Dialing};
use crate::domain::Error;
use crate::domain::intent::Intent;
use crate::environment::Environment;
use crate::service::log_streams::Sent;
use crate::service::setup::flow;
use crate::service::setup::script::{Brought, Halt, Report, Script};
use crate::webhooks::send_first;

/// Carries out a script in the way that `how` goes.
///
/// # Errors
/// Those of `how`.
pub(crate) async fn run(
    dialing: &Dialing,
    environment: &Environment,
    public_url: &str,
    script: &Script,
    how: impl Fn(&Environment, &str, &Script, Brought<'_>) -> Result<Report, Halt>,
) -> Result<Report, Error> {
    let address = Intent::ALL
        .into_iter()
        .filter(|intent| script.intent.is_none_or(|wanted| wanted == *intent))
        .find_map(|intent| flow(intent).address(&script.answers));
    let fetched = match address {
        Some(address) => Some(dial::read(dialing, address).await),
        None => None,
    };
    let run = |sent: Option<&Sent>| {
        let brought = Brought {
            fetched: fetched.as_ref(),
            sent,
        };
        how(environment, public_url, script, brought)
    };
    let mut outcome = run(None);
    if let Err(Halt::ToSend(first)) = outcome {
        let sent = send_first(dialing, environment, *first).await;
        outcome = run(Some(&sent));
    }
    outcome.map_err(Halt::into_error)
}
