//! What each destination asks for.

use super::{Page, has_begun};
use crate::domain::form::{Choice, Field, Kind, Words};
use crate::domain::ids::Id as _;
use crate::domain::log_stream::{Destination, LogStream};
use crate::domain::log_stream_settings::{
    DATADOG_REGIONS, DEFAULT_S3_REGION, GcsSettings, HttpsFormat, HttpsSettings, S3Settings,
    SentinelSettings, Settings, SnowflakeSettings,
};
use crate::service::setup::Copied;

/// The AWS account that this server stands in for: nobody's.
const ACCOUNT: &str = "000000000000";
const KEEP: &str = "Leave it empty to keep the one that is there.";
const UUID: &str = "7f3c9a52-1d84-4e6b-9c0f-52d1e8a7b340";

/// The page that asks for the settings of a stream.
pub(super) fn page(stream: &LogStream) -> Page {
    let name = stream.destination.name();
    let button = if has_begun(stream) {
        "Save"
    } else {
        "Continue"
    };
    let mut page = Page::new(format!("Connect {name}"), lead(stream.destination), button);
    page.guide = guide(stream.destination)
        .iter()
        .map(|line| Words::Borrowed(*line))
        .collect();
    if stream.destination == Destination::S3 {
        page.copied = vec![
            Copied::new("Account id", ACCOUNT).note("Who may take on the role."),
            Copied::new("External id", stream.id.as_str())
                .note("Belongs to this stream alone; the role asks for it."),
        ];
    }
    page.fields = fields(stream);
    page
}

fn lead(destination: Destination) -> &'static str {
    match destination {
        Destination::Datadog => "Events become logs of the service audit-logs.",
        Destination::Splunk => "Events go to an HTTP event collector.",
        Destination::S3 => "Each event becomes a file in a bucket of yours.",
        Destination::GoogleCloudStorage => "Each event becomes an object in a bucket of yours.",
        Destination::AzureSentinel => {
            "Events go through a data collection rule to a table of yours."
        }
        Destination::GenericHttps => "Events are posted to a server of yours.",
        Destination::Snowflake => "Each event becomes a row of a table of yours.",
    }
}

fn guide(destination: Destination) -> &'static [&'static str] {
    match destination {
        Destination::Datadog => &[
            "In Datadog, open Organization settings, then API keys.",
            "Make a key for these logs, and copy it.",
            "The region is in the address at which you sign in.",
        ],
        Destination::Splunk => &[
            "In Splunk, open Settings, Data inputs, HTTP event collector.",
            "Make a token for these events, and copy it.",
            "Take the address of the collector, with its port.",
        ],
        Destination::S3 => &[
            "In AWS, make a bucket, or choose one.",
            "Make a role that the account below may take on, with the external id below.",
            "Let the role do s3:PutObject on the files of the bucket.",
        ],
        Destination::GoogleCloudStorage => &[
            "In Google Cloud, make a bucket, or choose one.",
            "Make a service account that may create objects in it.",
            "Under Settings, Interoperability, make an HMAC key for that account.",
        ],
        Destination::AzureSentinel => &[
            "In Azure, register an application and give it a client secret.",
            "Make a data collection endpoint, and a rule with a stream for your table.",
            "Let the application publish metrics by that rule.",
        ],
        Destination::GenericHttps => &[
            "Have a server that takes a POST with JSON, and answers with a status below 300.",
            "Choose headers by which it knows who is calling.",
        ],
        Destination::Snowflake => &[
            "In Snowflake, make a table with one column of the type VARIANT.",
            "Make a user that may insert into it and use a warehouse.",
            "Make a programmatic access token for that user, and copy it.",
        ],
    }
}

fn fields(stream: &LogStream) -> Vec<Field> {
    let settings = stream.state.settings().map(|settings| &**settings);
    match (stream.destination, settings) {
        (Destination::Datadog, Some(Settings::Datadog(now))) => datadog(Some(now.region)),
        (Destination::Datadog, _) => datadog(None),
        (Destination::Splunk, Some(Settings::Splunk(now))) => splunk(Some(&now.url)),
        (Destination::Splunk, _) => splunk(None),
        (Destination::S3, Some(Settings::S3(now))) => s3(Some(now)),
        (Destination::S3, _) => s3(None),
        (Destination::GoogleCloudStorage, Some(Settings::GoogleCloudStorage(now))) => {
            gcs(Some(now))
        }
        (Destination::GoogleCloudStorage, _) => gcs(None),
        (Destination::AzureSentinel, Some(Settings::AzureSentinel(now))) => sentinel(Some(now)),
        (Destination::AzureSentinel, _) => sentinel(None),
        (Destination::GenericHttps, Some(Settings::GenericHttps(now))) => https(Some(now)),
        (Destination::GenericHttps, _) => https(None),
        (Destination::Snowflake, Some(Settings::Snowflake(now))) => snowflake(Some(now)),
        (Destination::Snowflake, _) => snowflake(None),
    }
}

fn text(name: &'static str, label: &'static str, now: Option<&str>, sample: &str) -> Field {
    Field::new(name, label, Kind::Text)
        .current(now)
        .sample(sample)
}

/// A secret. Nobody is shown the one that is there.
fn secret(name: &'static str, label: &'static str, is_there: bool, sample: &str) -> Field {
    let field = Field::new(name, label, Kind::Secret).sample(sample);
    if is_there {
        field.hint(KEEP).optional()
    } else {
        field
    }
}

fn datadog(region: Option<&str>) -> Vec<Field> {
    let regions = DATADOG_REGIONS
        .iter()
        .map(|(name, site)| Choice::new(*name, format!("{name} ({site})")));
    vec![
        Field::new("datadog_region", "Region", Kind::Select(regions.collect()))
            .value(region.unwrap_or("US1")),
        secret(
            "datadog_api_key",
            "API key",
            region.is_some(),
            "9a8b7c6d5e4f30211203f4e5d6c7b8a9",
        ),
    ]
}

fn splunk(url: Option<&str>) -> Vec<Field> {
    vec![
        Field::new("splunk_url", "Address of the collector", Kind::Url)
            .current(url)
            .sample("https://splunk.example.com:8088/services/collector/event"),
        secret("splunk_token", "Token", url.is_some(), UUID),
    ]
}

fn s3(now: Option<&S3Settings>) -> Vec<Field> {
    let path = now.map(|now| now.path.as_str());
    vec![
        text(
            "s3_account_id",
            "Your AWS account id",
            now.map(|now| &*now.account_id),
            "123456789012",
        ),
        text(
            "s3_region",
            "Region of the bucket",
            Some(now.map_or(DEFAULT_S3_REGION, |now| &now.region)),
            DEFAULT_S3_REGION,
        ),
        text(
            "s3_role_name",
            "Name of the role",
            now.map(|now| &*now.role_name),
            "audit-log-writer",
        ),
        text(
            "s3_bucket",
            "Bucket",
            now.map(|now| &*now.bucket),
            "example-audit-logs",
        ),
        Field::new("s3_path", "Path in the bucket", Kind::Text)
            .hint("What the names of the files begin with, such as logs/audit.")
            .current(path.filter(|path| !path.is_empty()))
            .optional(),
    ]
}

fn gcs(now: Option<&GcsSettings>) -> Vec<Field> {
    vec![
        text(
            "gcs_access_key_id",
            "Access id of the HMAC key",
            now.map(|now| &*now.access_key_id),
            "GOOGEXAMPLEKEYFORTESTING",
        ),
        secret(
            "gcs_secret",
            "Secret of the HMAC key",
            now.is_some(),
            "c2FtcGxlLXNlY3JldC1vZi1uby1vbmUtYXQtYWxs",
        ),
        text(
            "gcs_bucket",
            "Bucket",
            now.map(|now| &*now.bucket),
            "example-audit-logs",
        ),
    ]
}

fn sentinel(now: Option<&SentinelSettings>) -> Vec<Field> {
    vec![
        text(
            "sentinel_tenant_id",
            "Tenant id",
            now.map(|now| &*now.tenant_id),
            UUID,
        ),
        text(
            "sentinel_client_id",
            "Client id",
            now.map(|now| &*now.client_id),
            UUID,
        ),
        secret(
            "sentinel_client_secret",
            "Client secret",
            now.is_some(),
            "sample~secret.of.no.one",
        ),
        Field::new("sentinel_endpoint", "Data collection endpoint", Kind::Url)
            .hint("The address for logs ingestion.")
            .current(now.map(|now| &*now.endpoint))
            .sample("https://example-abcd.westeurope-1.ingest.monitor.azure.com"),
        text(
            "sentinel_rule_id",
            "Data collection rule",
            now.map(|now| &*now.rule_id),
            "dcr-0123456789abcdef0123456789abcdef",
        )
        .hint("Its immutable id."),
        text(
            "sentinel_stream_name",
            "Stream",
            now.map(|now| &*now.stream_name),
            "Custom-AuditLogs_CL",
        ),
    ]
}

fn https(now: Option<&HttpsSettings>) -> Vec<Field> {
    let hint = match now.map(|now| now.headers.len()) {
        None | Some(0) => {
            Words::Borrowed("One on each line, such as “Authorization: Bearer” and a token.")
        }
        Some(count) => {
            let are = if count == 1 { "One is" } else { "Some are" };
            Words::Owned(format!(
                "One on each line. {are} set, not shown here; leave it empty to keep what is there."
            ))
        }
    };
    let format = match now.map(|now| now.format) {
        Some(HttpsFormat::NdJson) => "ndjson",
        Some(HttpsFormat::Json) | None => "json",
    };
    let formats = vec![
        Choice::new("json", "JSON").note("An array of events."),
        Choice::new("ndjson", "NDJSON").note("An event on each line."),
    ];
    vec![
        Field::new("https_url", "Address", Kind::Url)
            .current(now.map(|now| &*now.url))
            .sample("https://logs.example.com/audit"),
        Field::new("https_headers", "Headers", Kind::Document)
            .hint(hint)
            .sample("Authorization: Bearer sample-token")
            .optional(),
        Field::new("https_format", "Format", Kind::Choice(formats)).value(format),
    ]
}

fn snowflake(now: Option<&SnowflakeSettings>) -> Vec<Field> {
    vec![
        text(
            "snowflake_account",
            "Account",
            now.map(|now| &*now.account),
            "example-main",
        )
        .hint("The part of its address before .snowflakecomputing.com."),
        secret(
            "snowflake_token",
            "Access token",
            now.is_some(),
            "sample-token-of-no-one",
        ),
        text(
            "snowflake_warehouse",
            "Warehouse",
            now.map(|now| &*now.warehouse),
            "COMPUTE_WH",
        ),
        text(
            "snowflake_database",
            "Database",
            now.map(|now| &*now.database),
            "SECURITY",
        ),
        text(
            "snowflake_schema",
            "Schema",
            now.map(|now| &*now.schema),
            "PUBLIC",
        ),
        text(
            "snowflake_table",
            "Table",
            now.map(|now| &*now.table),
            "AUDIT_LOGS",
        ),
    ]
}

/// The settings that anybody may see, with what they are called.
pub(super) fn shown(settings: &Settings) -> Vec<(&'static str, String)> {
    match settings {
        Settings::Datadog(now) => vec![("Region", now.region.to_owned())],
        Settings::Splunk(now) => vec![("Collector", now.url.clone())],
        Settings::S3(now) => vec![
            ("Bucket", now.bucket.clone()),
            ("Region", now.region.clone()),
            (
                "Role",
                format!("arn:aws:iam::{}:role/{}", now.account_id, now.role_name),
            ),
        ],
        Settings::GoogleCloudStorage(now) => vec![("Bucket", now.bucket.clone())],
        Settings::AzureSentinel(now) => vec![
            ("Endpoint", now.endpoint.clone()),
            ("Rule", now.rule_id.clone()),
            ("Stream", now.stream_name.clone()),
        ],
        Settings::GenericHttps(now) => vec![("Address", now.url.clone())],
        Settings::Snowflake(now) => vec![
            ("Account", now.account.clone()),
            (
                "Table",
                format!("{}.{}.{}", now.database, now.schema, now.table),
            ),
        ],
    }
}

/// An answer that the destination could never have given out.
pub(super) fn bad_answer(destination: Destination) -> (&'static str, &'static str) {
    match destination {
        Destination::Datadog => ("datadog_api_key", "not a key"),
        Destination::Splunk => ("splunk_token", "not a token"),
        Destination::S3 => ("s3_bucket", "Not a bucket"),
        Destination::GoogleCloudStorage => ("gcs_bucket", "Not a bucket"),
        Destination::AzureSentinel => ("sentinel_tenant_id", "not a tenant"),
        Destination::GenericHttps => ("https_url", "not an address"),
        Destination::Snowflake => ("snowflake_table", "not a table"),
    }
}
