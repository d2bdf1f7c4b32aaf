//! How the destination of a log stream is reached: what its admin says, held against the form that such values have there.

mod forms;

use self::forms::Form;
use super::answers::Answers;
use super::log_stream::Destination;
use super::secret::Secret;
use super::settings::UrlPolicy;
use super::webhook_endpoint::EndpointUrl;

/// How a destination is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Settings {
    Datadog(DatadogSettings),
    Splunk(SplunkSettings),
    S3(S3Settings),
    GoogleCloudStorage(GcsSettings),
    AzureSentinel(SentinelSettings),
    GenericHttps(HttpsSettings),
    Snowflake(SnowflakeSettings),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DatadogSettings {
    /// One of [`DATADOG_REGIONS`].
    pub(crate) region: &'static str,
    pub(crate) api_key: Secret,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SplunkSettings {
    /// The address of the HTTP event collector.
    pub(crate) url: String,
    pub(crate) token: Secret,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct S3Settings {
    pub(crate) account_id: String,
    pub(crate) region: String,
    pub(crate) role_name: String,
    pub(crate) bucket: String,
    /// What the names of the files begin with, without slashes around it; may be empty.
    pub(crate) path: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GcsSettings {
    pub(crate) access_key_id: String,
    pub(crate) secret: Secret,
    pub(crate) bucket: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SentinelSettings {
    pub(crate) tenant_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    /// The address of the data collection endpoint, without a slash at the end.
    pub(crate) endpoint: String,
    /// The immutable id of the data collection rule.
    pub(crate) rule_id: String,
    pub(crate) stream_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpsSettings {
    pub(crate) url: String,
    /// Sent with every request, each name once.
    pub(crate) headers: Vec<(String, Secret)>,
    pub(crate) format: HttpsFormat,
}

/// How events are put into one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpsFormat {
    /// An array.
    Json,
    /// An event on each line.
    NdJson,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SnowflakeSettings {
    /// Names the account in the host.
    pub(crate) account: String,
    pub(crate) token: Secret,
    pub(crate) warehouse: String,
    pub(crate) database: String,
    pub(crate) schema: String,
    pub(crate) table: String,
}

/// The regions of Datadog, each with the domain that takes its logs.
pub(crate) const DATADOG_REGIONS: [(&str, &str); 6] = [
    ("US1", "datadoghq.com"),
    ("US3", "us3.datadoghq.com"),
    ("US5", "us5.datadoghq.com"),
    ("EU1", "datadoghq.eu"),
    ("US1-FED", "ddog-gov.com"),
    ("AP1", "ap1.datadoghq.com"),
];

/// The region that buckets are in unless somebody says otherwise.
pub(crate) const DEFAULT_S3_REGION: &str = "us-east-1";
/// How many headers are sent along at most.
const MOST_HEADERS: usize = 10;

/// What is wrong with an answer: the name of its field, and the rest of a sentence that the field's label begins.
pub(crate) type Flaw = (&'static str, String);

impl Settings {
    /// Reads the settings for a destination. A secret that is not answered stays as it was `before`.
    ///
    /// # Errors
    /// Every answer that is not written as such a value is.
    pub(crate) fn read(
        destination: Destination,
        answers: &Answers,
        before: Option<&Self>,
        policy: UrlPolicy,
    ) -> Result<Self, Vec<Flaw>> {
        let mut reader = Reader {
            answers,
            policy,
            flaws: Vec::new(),
        };
        let settings = match destination {
            Destination::Datadog => Self::Datadog(reader.datadog(before)),
            Destination::Splunk => Self::Splunk(reader.splunk(before)),
            Destination::S3 => Self::S3(reader.s3()),
            Destination::GoogleCloudStorage => Self::GoogleCloudStorage(reader.gcs(before)),
            Destination::AzureSentinel => Self::AzureSentinel(reader.sentinel(before)),
            Destination::GenericHttps => Self::GenericHttps(reader.https(before)),
            Destination::Snowflake => Self::Snowflake(reader.snowflake(before)),
        };
        if reader.flaws.is_empty() {
            Ok(settings)
        } else {
            Err(reader.flaws)
        }
    }
}

impl Settings {
    /// The customer's own address that events are posted to, with headers that need nothing from elsewhere. There is none where
    /// the address is a vendor's, or the request is signed.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            Self::GenericHttps(settings) => Some(&settings.url),
            Self::Splunk(settings) => Some(&settings.url),
            Self::Datadog(_)
            | Self::S3(_)
            | Self::GoogleCloudStorage(_)
            | Self::AzureSentinel(_)
            | Self::Snowflake(_) => None,
        }
    }

    /// The secrets that are sent to the address.
    pub(crate) fn sent_secrets(&self) -> Vec<&Secret> {
        match self {
            Self::GenericHttps(settings) => {
                settings.headers.iter().map(|(_, value)| value).collect()
            }
            Self::Splunk(settings) => vec![&settings.token],
            Self::Datadog(_)
            | Self::S3(_)
            | Self::GoogleCloudStorage(_)
            | Self::AzureSentinel(_)
            | Self::Snowflake(_) => Vec::new(),
        }
    }
}

/// Reads answers and collects what is wrong with them.
struct Reader<'a> {
    answers: &'a Answers,
    policy: UrlPolicy,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &'static str, predicate: impl Into<String>) {
        self.flaws.push((name, predicate.into()));
    }

    /// A value of a form.
    fn text(&mut self, name: &'static str, form: Form) -> String {
        let text = self.answers.text(name).unwrap_or_default();
        if !(form.fits)(text) {
            self.wrong(name, form.predicate);
        }
        text.to_owned()
    }

    /// A secret of a form; the one that there was, when none is given.
    fn secret(&mut self, name: &'static str, form: Form, before: Option<&Secret>) -> Secret {
        match (self.answers.text(name), before) {
            (None, Some(before)) => before.clone(),
            _ => Secret::new(&self.text(name, form)),
        }
    }

    /// An address that the environment lets events be sent to.
    fn address(&mut self, name: &'static str) -> String {
        let text = self.answers.text(name).unwrap_or_default();
        if let Err(error) = EndpointUrl::parse(text, self.policy) {
            self.wrong(name, error.to_string());
        }
        text.to_owned()
    }

    fn datadog(&mut self, before: Option<&Settings>) -> DatadogSettings {
        let before = match before {
            Some(Settings::Datadog(before)) => Some(&before.api_key),
            _ => None,
        };
        let region = self.answers.text("datadog_region").unwrap_or_default();
        let region = DATADOG_REGIONS.iter().find(|(name, _)| *name == region);
        if region.is_none() {
            self.wrong("datadog_region", "is none of the choices");
        }
        DatadogSettings {
            region: region.map_or("US1", |(name, _)| name),
            api_key: self.secret("datadog_api_key", forms::HEX_KEY, before),
        }
    }

    fn splunk(&mut self, before: Option<&Settings>) -> SplunkSettings {
        let before = match before {
            Some(Settings::Splunk(before)) => Some(&before.token),
            _ => None,
        };
        SplunkSettings {
            url: self.address("splunk_url"),
            token: self.secret("splunk_token", forms::UUID, before),
        }
    }

    fn s3(&mut self) -> S3Settings {
        let path = self.answers.text("s3_path").unwrap_or_default();
        let path = path.trim_matches('/').to_owned();
        if !(forms::PATH.fits)(&path) {
            self.wrong("s3_path", forms::PATH.predicate);
        }
        S3Settings {
            account_id: self.text("s3_account_id", forms::AWS_ACCOUNT),
            region: self.text("s3_region", forms::AWS_REGION),
            role_name: self.text("s3_role_name", forms::AWS_ROLE),
            bucket: self.text("s3_bucket", forms::S3_BUCKET),
            path,
        }
    }

    fn gcs(&mut self, before: Option<&Settings>) -> GcsSettings {
        let before = match before {
            Some(Settings::GoogleCloudStorage(before)) => Some(&before.secret),
            _ => None,
        };
        GcsSettings {
            access_key_id: self.text("gcs_access_key_id", forms::GOOGLE_ACCESS_KEY),
            secret: self.secret("gcs_secret", forms::GOOGLE_SECRET, before),
            bucket: self.text("gcs_bucket", forms::GOOGLE_BUCKET),
        }
    }

    fn sentinel(&mut self, before: Option<&Settings>) -> SentinelSettings {
        let before = match before {
            Some(Settings::AzureSentinel(before)) => Some(&before.client_secret),
            _ => None,
        };
        let endpoint = self.text("sentinel_endpoint", forms::HTTPS_ORIGIN);
        SentinelSettings {
            tenant_id: self.text("sentinel_tenant_id", forms::UUID),
            client_id: self.text("sentinel_client_id", forms::UUID),
            client_secret: self.secret("sentinel_client_secret", forms::ONE_WORD, before),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            rule_id: self.text("sentinel_rule_id", forms::COLLECTION_RULE),
            stream_name: self.text("sentinel_stream_name", forms::SENTINEL_STREAM),
        }
    }

    fn https(&mut self, before: Option<&Settings>) -> HttpsSettings {
        let before = match before {
            Some(Settings::GenericHttps(before)) => before.headers.clone(),
            _ => Vec::new(),
        };
        let headers = match self.answers.text("https_headers") {
            None => before,
            Some(text) => headers(text).unwrap_or_else(|flaw| {
                self.wrong("https_headers", flaw);
                Vec::new()
            }),
        };
        let format = match self.answers.text("https_format") {
            Some("ndjson") => HttpsFormat::NdJson,
            _ => HttpsFormat::Json,
        };
        HttpsSettings {
            url: self.address("https_url"),
            headers,
            format,
        }
    }

    fn snowflake(&mut self, before: Option<&Settings>) -> SnowflakeSettings {
        let before = match before {
            Some(Settings::Snowflake(before)) => Some(&before.token),
            _ => None,
        };
        SnowflakeSettings {
            account: self.text("snowflake_account", forms::SNOWFLAKE_ACCOUNT),
            token: self.secret("snowflake_token", forms::ONE_WORD, before),
            warehouse: self.text("snowflake_warehouse", forms::SQL_NAME),
            database: self.text("snowflake_database", forms::SQL_NAME),
            schema: self.text("snowflake_schema", forms::SQL_NAME),
            table: self.text("snowflake_table", forms::SQL_NAME),
        }
    }
}

/// Reads headers, one on each line: `Name: value`. What is wrong is told without the values, which are secrets.
fn headers(text: &str) -> Result<Vec<(String, Secret)>, String> {
    let mut headers: Vec<(String, Secret)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let number = number + 1;
        let Some((name, value)) = line.split_once(':') else {
            return Err(format!("has no colon in line {number}"));
        };
        let (name, value) = (name.trim(), value.trim());
        if !forms::is_header_name(name) {
            return Err(format!(
                "has no name that a header can have in line {number}"
            ));
        }
        if forms::is_own_header(name) {
            return Err(format!(
                "sets in line {number} what the request sets itself"
            ));
        }
        if value.is_empty() || !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(format!(
                "has no value that a header can have in line {number}"
            ));
        }
        if headers
            .iter()
            .any(|(one, _)| one.eq_ignore_ascii_case(name))
        {
            return Err(format!("names a header a second time in line {number}"));
        }
        headers.push((name.to_owned(), Secret::new(value)));
    }
    if headers.len() > MOST_HEADERS {
        return Err(format!("has more than {MOST_HEADERS} headers"));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
