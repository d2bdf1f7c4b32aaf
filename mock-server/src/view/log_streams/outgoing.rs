//! Events in the form in which each destination is sent them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::super::Time;
use super::super::audit_logs::EntryView;
use crate::USER_AGENT;
use crate::domain::ids::Id as _;
use crate::domain::log_stream_delivery::LogStreamDelivery;
use crate::domain::log_stream_settings::{
    DATADOG_REGIONS, HttpsFormat, HttpsSettings, S3Settings, Settings, SnowflakeSettings,
};
use crate::domain::secret::Secret;

/// The request of an attempt.
pub(super) fn sent<'a>(delivery: &'a LogStreamDelivery, settings: &'a Settings) -> Outgoing<'a> {
    let mut request = outgoing_with(delivery, settings);
    let is_told = |(name, _): &(&str, Said<'_>)| name.eq_ignore_ascii_case("user-agent");
    if !request.headers.iter().any(is_told) {
        let agent = ("User-Agent", Said::Openly(USER_AGENT.to_owned()));
        request.headers.push(agent);
    }
    request
}

/// A request to a destination. Written as JSON it shows no secret.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LogStreamRequest")]
pub(crate) struct Outgoing<'a> {
    /// The method.
    pub(crate) method: &'static str,
    /// The address.
    pub(crate) url: String,
    /// The headers, by their names; secrets are hidden.
    #[serde(serialize_with = "headers")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) headers: Vec<(&'a str, Said<'a>)>,
    /// The body.
    pub(crate) body: String,
}

/// What a header says.
pub(crate) enum Said<'a> {
    Openly(String),
    /// A secret, after a word that is none, such as `Bearer`.
    Secretly(&'static str, &'a Secret),
    /// A secret that is got from elsewhere before the request is sent, or made from the request itself.
    Signed(&'static str),
}

impl Serialize for Said<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Openly(text) => serializer.serialize_str(text),
            Self::Secretly("", secret) => serializer.collect_str(&format_args!("{secret:?}")),
            Self::Secretly(word, secret) => {
                serializer.collect_str(&format_args!("{word} {secret:?}"))
            }
            Self::Signed(word) => serializer.collect_str(&format_args!("{word} [secret]")),
        }
    }
}

fn headers<S: Serializer>(headers: &[(&str, Said<'_>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(headers.len()))?;
    for (name, said) in headers {
        map.serialize_entry(name, said)?;
    }
    map.end()
}

/// What sources call us. `WorkOS` does not document the word.
const SOURCE: &str = "workos";
/// How many characters of its id tell the file of an event from others of the same instant.
const SUFFIX_LENGTH: usize = 8;

/// The request that carries an event to its destination.
pub(crate) fn outgoing(delivery: &LogStreamDelivery) -> Outgoing<'_> {
    outgoing_with(delivery, &delivery.settings)
}

fn outgoing_with<'a>(delivery: &'a LogStreamDelivery, settings: &'a Settings) -> Outgoing<'a> {
    let event = EntryView::new(&delivery.event);
    match settings {
        Settings::Datadog(settings) => {
            let site = DATADOG_REGIONS.iter();
            let site = site.filter(|(region, _)| *region == settings.region);
            let site = site.map(|(_, site)| *site).next().unwrap_or_default();
            let log = DatadogLog {
                message: event,
                ddsource: SOURCE,
                service: "audit-logs",
            };
            post(
                format!("https://http-intake.logs.{site}/api/v2/logs"),
                vec![("DD-API-KEY", Said::Secretly("", &settings.api_key))],
                json(&[log]),
            )
        }
        Settings::Splunk(settings) => {
            let time = delivery.event.entry.occurred_at.as_millisecond();
            let source = SOURCE;
            post(
                settings.url.clone(),
                vec![("Authorization", Said::Secretly("Splunk", &settings.token))],
                json(&[SplunkEvent {
                    event,
                    time,
                    source,
                }]),
            )
        }
        Settings::S3(settings) => s3(delivery, settings, &event),
        Settings::GoogleCloudStorage(settings) => {
            let url = format!(
                "https://storage.googleapis.com/{}/{}",
                settings.bucket,
                file_name(delivery)
            );
            put(
                url,
                ("Authorization", Said::Signed("AWS4-HMAC-SHA256")),
                json(&event),
            )
        }
        Settings::AzureSentinel(settings) => {
            let record = SentinelRecord {
                time_generated: Time(delivery.event.entry.occurred_at),
                id: delivery.event.id.as_str(),
                event_type: &delivery.event.entry.action,
                organization_id: delivery.organization_id.as_str(),
                data: event,
            };
            let url = format!(
                "{}/dataCollectionRules/{}/streams/{}?api-version=2023-01-01",
                settings.endpoint, settings.rule_id, settings.stream_name
            );
            post(
                url,
                vec![("Authorization", Said::Signed("Bearer"))],
                json(&[record]),
            )
        }
        Settings::GenericHttps(settings) => https(delivery, settings, event),
        Settings::Snowflake(settings) => snowflake(settings, &event),
    }
}

fn s3<'a>(
    delivery: &LogStreamDelivery,
    settings: &S3Settings,
    event: &EntryView<'_>,
) -> Outgoing<'a> {
    let day = delivery.event.entry.occurred_at.strftime("%Y-%m-%d");
    let prefix = match settings.path.as_str() {
        "" => String::new(),
        path => format!("{path}/"),
    };
    let url = format!(
        "https://{}.s3.{}.amazonaws.com/{prefix}{day}/{}",
        settings.bucket,
        settings.region,
        file_name(delivery)
    );
    let body = serde_json::to_string_pretty(event).unwrap_or_default();
    let digest = content_md5(&body);
    let mut request = put(
        url,
        ("Authorization", Said::Signed("AWS4-HMAC-SHA256")),
        body,
    );
    request.headers.push(("Content-MD5", Said::Openly(digest)));
    request
}

fn https<'a>(
    delivery: &LogStreamDelivery,
    settings: &'a HttpsSettings,
    event: EntryView<'_>,
) -> Outgoing<'a> {
    let line = HttpsEvent {
        event,
        key_suffix: suffix(delivery),
        timestamp: Time(delivery.event.entry.occurred_at),
        source: SOURCE,
    };
    let (kind, body) = match settings.format {
        HttpsFormat::Json => ("application/json", json(&[line])),
        HttpsFormat::NdJson => ("application/x-ndjson", json(&line) + "\n"),
    };
    let headers = settings.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), Said::Secretly("", value)));
    Outgoing {
        method: "POST",
        url: settings.url.clone(),
        headers: [("Content-Type", Said::Openly(kind.to_owned()))]
            .into_iter()
            .chain(headers)
            .collect(),
        body,
    }
}

/// A statement of Snowflake's SQL API that adds a row with the event as its one column. `WorkOS` does not document what it
/// does there.
fn snowflake<'a>(settings: &'a SnowflakeSettings, event: &EntryView<'_>) -> Outgoing<'a> {
    let binding = SqlBinding {
        r#type: "TEXT",
        value: json(event),
    };
    let statement = SqlStatement {
        statement: format!(
            "insert into {}.{}.{} select parse_json(?)",
            settings.database, settings.schema, settings.table
        ),
        warehouse: &settings.warehouse,
        bindings: BTreeMap::from([("1", binding)]),
    };
    post(
        format!(
            "https://{}.snowflakecomputing.com/api/v2/statements",
            settings.account
        ),
        vec![("Authorization", Said::Secretly("Bearer", &settings.token))],
        json(&statement),
    )
}

fn post<'a>(url: String, headers: Vec<(&'a str, Said<'a>)>, body: String) -> Outgoing<'a> {
    let kind = ("Content-Type", Said::Openly("application/json".to_owned()));
    Outgoing {
        method: "POST",
        url,
        headers: [kind].into_iter().chain(headers).collect(),
        body,
    }
}

fn put<'a>(url: String, authorization: (&'a str, Said<'a>), body: String) -> Outgoing<'a> {
    Outgoing {
        method: "PUT",
        ..post(url, vec![authorization], body)
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// `{timestamp}_{suffix}.json`.
fn file_name(delivery: &LogStreamDelivery) -> String {
    format!(
        "{:.3}_{}.json",
        delivery.event.entry.occurred_at,
        suffix(delivery)
    )
}

fn suffix(delivery: &LogStreamDelivery) -> String {
    let id = delivery.id.as_str();
    id[id.len() - SUFFIX_LENGTH..].to_ascii_lowercase()
}

fn content_md5(body: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use md5::{Digest as _, Md5};
    STANDARD.encode(Md5::digest(body))
}

#[derive(Serialize)]
struct DatadogLog<'a> {
    message: EntryView<'a>,
    ddsource: &'static str,
    service: &'static str,
}

#[derive(Serialize)]
struct SplunkEvent<'a> {
    event: EntryView<'a>,
    /// In milliseconds since 1970.
    time: i64,
    source: &'static str,
}

#[derive(Serialize)]
struct SentinelRecord<'a> {
    #[serde(rename = "TimeGenerated")]
    time_generated: Time,
    id: &'a str,
    event_type: &'a str,
    organization_id: &'a str,
    data: EntryView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HttpsEvent<'a> {
    event: EntryView<'a>,
    key_suffix: String,
    timestamp: Time,
    source: &'static str,
}

#[derive(Serialize)]
struct SqlStatement<'a> {
    statement: String,
    warehouse: &'a str,
    bindings: BTreeMap<&'static str, SqlBinding>,
}

#[derive(Serialize)]
struct SqlBinding {
    r#type: &'static str,
    value: String,
}

#[cfg(test)]
mod tests;
