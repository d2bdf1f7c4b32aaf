//! On the first of the month the customer's auditors get the log of the month before: a file is asked for, waited for, and
//! its address given to them.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! export WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100
//! cargo run -p workos-portal --example audit_log_export
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01…` names another. A month without events is a file with
//! nothing but the names of its columns.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Datelike, Months, NaiveTime, Utc};
use workos_portal::types::AuditLogExportState;
use workos_portal::{Client, codes};

const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
const LOOKS: usize = 150;

/// Exports the month before the one of `now`; `wait` passes the time between two looks.
pub(crate) async fn run(
    client: &Client,
    organization: &str,
    now: DateTime<Utc>,
    wait: impl AsyncFn(Duration),
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let (start, end) = month_before(now).ok_or("there is no month before")?;
    writeln!(out, "{} to {}", start.date_naive(), end.date_naive())?;
    let call = client.create_audit_log_export().body_map(|body| {
        body.organization_id(organization)
            .range_start(start)
            .range_end(end)
    });
    let mut export = match call.send().await {
        Ok(export) => export,
        Err(error) if error.has_code(codes::INVALID_AUDIT_LOG_EXPORT_RANGE_DATE) => {
            return Err("exports do not reach back that far".into());
        }
        Err(error) => return Err(error.into()),
    };
    for _ in 0..LOOKS {
        match &export.state {
            AuditLogExportState::Pending => {
                wait(BETWEEN_LOOKS).await;
                let again = client.get_audit_log_export();
                export = again.audit_log_export_id(&export.id).send().await?;
            }
            // The address opens for whoever has it, and for ten minutes. Another look has a new one.
            AuditLogExportState::Ready => {
                let url = export.url.as_ref().ok_or("a file without an address")?;
                writeln!(out, "the file: {}", url.expose())?;
                return Ok(());
            }
            state => return Err(format!("no file: the export is {state}").into()),
        }
    }
    Err(format!("{} is not ready after {LOOKS} looks", export.id).into())
}

fn month_before(now: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let end = now.date_naive().with_day(1)?;
    let start = end.checked_sub_months(Months::new(1))?;
    let midnight = NaiveTime::MIN;
    Some((
        start.and_time(midnight).and_utc(),
        end.and_time(midnight).and_utc(),
    ))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program asks the system for the time, and waits by it"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let organization = env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    run(
        &Client::from_env()?,
        organization,
        SystemTime::now().into(),
        tokio::time::sleep,
        &mut io::stdout(),
    )
    .await
}
