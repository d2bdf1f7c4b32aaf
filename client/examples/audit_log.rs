//! What people do in the app goes into the customer's audit log: the app describes its actions when it starts, and then logs
//! each thing that happened once, however often it has to try.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example audit_log
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01…` names another.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::time::SystemTime;

use workos_portal::types::{
    AuditLogEvent, AuditLogEventActor, AuditLogEventContext, AuditLogEventTarget,
    CreateAuditLogSchemaTarget,
};
use workos_portal::{Client, DateTime, Utc, codes};

/// What the app logs: an action, and what it is done to.
const ACTIONS: [(&str, &str); 2] = [("invoice.sent", "invoice"), ("user.invited", "user")];

/// A row of the app's table of things to be logged.
pub(crate) struct Entry {
    /// The app's number for it. It goes along as the idempotency key.
    pub(crate) number: String,
    pub(crate) action: &'static str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) user: &'static str,
    pub(crate) target: &'static str,
}

/// Describes the actions that WorkOS does not know yet, or knows otherwise.
pub(crate) async fn describe(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let known = client.list_audit_log_actions().stream().all().await?;
    let known: BTreeSet<String> = known.into_iter().map(|action| action.name).collect();
    for (action, target) in ACTIONS {
        if known.contains(action) {
            let versions = client.list_audit_log_schemas().action_name(action);
            // The newest is the first.
            let versions = versions.limit(1).send().await?;
            let newest = versions.data.first();
            let targets = newest.map(|schema| schema.targets.as_slice());
            if targets.is_some_and(|targets| targets.iter().map(|t| &t.type_).eq([target])) {
                continue;
            }
        }
        let target = CreateAuditLogSchemaTarget::builder()
            .type_(target)
            .build()?;
        let schema = client
            .create_audit_log_schema()
            .action_name(action)
            .body_map(|body| body.targets([target]))
            .send()
            .await?;
        writeln!(out, "{action}: version {}", schema.version)?;
    }
    Ok(())
}

/// Logs an entry. `Ok` is the end of it; after an error the app keeps it, and tries again later.
pub(crate) async fn log(
    client: &Client,
    organization: &str,
    entry: &Entry,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let target = ACTIONS.iter().find(|(action, _)| *action == entry.action);
    let (_, target) = target.ok_or("no such action")?;
    let target = AuditLogEventTarget::builder()
        .id(entry.target)
        .type_(*target);
    let event = AuditLogEvent::builder()
        .action(entry.action)
        .occurred_at(entry.at)
        .actor(AuditLogEventActor::builder().id(entry.user).type_("user"))
        .targets([target])
        .context(AuditLogEventContext::builder().location("203.0.113.7"));
    let call = client
        .create_audit_log_event()
        .idempotency_key(entry.number.as_str())
        .body_map(|body| body.organization_id(organization).event(event));
    match call.send().await {
        Ok(_) => writeln!(out, "{} is in the log", entry.number)?,
        // It never will be: better to look at the entry than to try again.
        Err(error) if error.has_code(codes::INVALID_AUDIT_LOG_EVENT) => {
            writeln!(out, "{} does not fit its schema: {error}", entry.number)?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program asks the system for the time"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, out) = (Client::from_env()?, &mut io::stdout());
    let organization = env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    let at = DateTime::from(SystemTime::now());
    let entry = Entry {
        number: format!("entry-{}", at.timestamp_millis()),
        action: "invoice.sent",
        at,
        user: "user_ada",
        target: "invoice_17",
    };
    describe(&client, out).await?;
    log(&client, organization, &entry, out).await?;
    // The app is not sure whether that worked; WorkOS knows the number and logs nothing twice.
    log(&client, organization, &entry, out).await
}
