//! A customer changes the plan, and with it how long the audit log is kept.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example audit_log_retention
//! ```
//!
//! It is about the organization that the mock starts with, which gets the plan `enterprise`; `-- org_01… team` names another
//! organization and another plan.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::Client;
use workos_portal::types::AuditLogRetentionPeriod;

pub(crate) async fn run(
    client: &Client,
    organization: &str,
    plan: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let (period, days) = match plan {
        "enterprise" => (AuditLogRetentionPeriod::Year1, 365),
        "team" => (AuditLogRetentionPeriod::Months3, 90),
        _ => return Err(format!("there is no plan {plan:?}").into()),
    };
    let kept = client.get_audit_log_retention().id(organization);
    match kept.send().await?.retention_period_in_days {
        Some(known) if known == days => {
            writeln!(out, "kept for {days} days, as before")?;
            return Ok(());
        }
        // What is older goes, and no larger plan brings it back: the app says so before it comes to this.
        Some(known) if known > days => {
            writeln!(out, "{known} days were kept, and less from now on")?;
        }
        _ => {}
    }
    let kept = client
        .update_audit_log_retention()
        .id(organization)
        .body_map(|body| body.retention_period(period))
        .send()
        .await?;
    match kept.retention_period_in_days {
        Some(days) => writeln!(out, "kept for {days} days")?,
        None => writeln!(out, "kept for as long as WorkOS keeps it")?,
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let organization = arguments.next();
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    let plan = arguments.next();
    let plan = plan.as_deref().unwrap_or("enterprise");
    run(&Client::from_env()?, organization, plan, &mut io::stdout()).await
}
