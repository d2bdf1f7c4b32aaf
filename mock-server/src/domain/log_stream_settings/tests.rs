use super::*;

fn read(
    destination: Destination,
    pairs: &[(&str, &str)],
    before: Option<&Settings>,
) -> Result<Settings, Vec<Flaw>> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let answers: Answers = pairs.iter().map(own).collect();
    Settings::read(destination, &answers, before, UrlPolicy::Local)
}

const UUID: &str = "01234567-89ab-cdef-0123-456789ABCDEF";
const KEY: &str = "00112233445566778899aAbBcCdDeEfF";
const GOOGLE_KEY: &str = "GOOGTS7C7FUP3AIRVJTE2BCD";
const GOOGLE_SECRET: &str = "bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ";

/// Good answers for each destination.
fn good(destination: Destination) -> Vec<(&'static str, &'static str)> {
    match destination {
        Destination::Datadog => vec![("datadog_region", "EU1"), ("datadog_api_key", KEY)],
        Destination::Splunk => vec![
            (
                "splunk_url",
                "https://splunk.example:8088/services/collector",
            ),
            ("splunk_token", UUID),
        ],
        Destination::S3 => vec![
            ("s3_account_id", "123456789012"),
            ("s3_region", "us-gov-west-1"),
            ("s3_role_name", "audit+logs@x"),
            ("s3_bucket", "acme.audit-logs"),
            ("s3_path", "/a/b/"),
        ],
        Destination::GoogleCloudStorage => vec![
            ("gcs_access_key_id", GOOGLE_KEY),
            ("gcs_secret", GOOGLE_SECRET),
            ("gcs_bucket", "acme_logs"),
        ],
        Destination::AzureSentinel => vec![
            ("sentinel_tenant_id", UUID),
            ("sentinel_client_id", UUID),
            ("sentinel_client_secret", "a~b.c"),
            ("sentinel_endpoint", "https://x.ingest.monitor.azure.com/"),
            ("sentinel_rule_id", "dcr-0123456789abcdef0123456789abcdef"),
            ("sentinel_stream_name", "Custom-Audit_CL"),
        ],
        Destination::GenericHttps => vec![
            ("https_url", "http://127.0.0.1:9000/logs?a=b"),
            (
                "https_headers",
                "Authorization: Bearer a:b\r\n\r\n X-Tenant : acme",
            ),
            ("https_format", "ndjson"),
        ],
        Destination::Snowflake => vec![
            ("snowflake_account", "acme-main.eu-central-1"),
            ("snowflake_token", "tok"),
            ("snowflake_warehouse", "W_1"),
            ("snowflake_database", "SECURITY"),
            ("snowflake_schema", "PUBLIC"),
            ("snowflake_table", "AUDIT$LOGS"),
        ],
    }
}

#[test]
fn good_answers_are_taken_and_secrets_do_not_print() {
    for destination in Destination::ALL {
        let settings = read(destination, &good(destination), None).unwrap();
        let shown = format!("{settings:?}");
        for secret in [KEY, GOOGLE_SECRET, "a~b.c", "Bearer", "acme\")", "\"tok\""] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let Ok(Settings::S3(s3)) = read(Destination::S3, &good(Destination::S3), None) else {
        panic!("no settings");
    };
    assert_eq!(s3.path, "a/b");
    let https = read(
        Destination::GenericHttps,
        &good(Destination::GenericHttps),
        None,
    );
    let Ok(Settings::GenericHttps(https)) = https else {
        panic!("no settings");
    };
    let headers: Vec<_> = https
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.expose()))
        .collect();
    assert_eq!(
        headers,
        [("Authorization", "Bearer a:b"), ("X-Tenant", "acme")]
    );
    assert_eq!(https.format, HttpsFormat::NdJson);
}

/// What is not written as such a value is.
const BAD: &[(Destination, &str, &str)] = &[
    (Destination::Datadog, "datadog_region", "us1"),
    (
        Destination::Datadog,
        "datadog_api_key",
        "0123456789abcdef0123456789abcdeg",
    ),
    (Destination::Datadog, "datadog_api_key", "0123456789abcdef"),
    (Destination::Splunk, "splunk_url", "http://splunk.example/"),
    (
        Destination::Splunk,
        "splunk_url",
        "https://splunk.example/#x",
    ),
    (
        Destination::Splunk,
        "splunk_token",
        "01234567-89ab-cdef-0123-456789abcdeg",
    ),
    (
        Destination::Splunk,
        "splunk_token",
        "0123456789ab-cdef-0123-456789abcdef",
    ),
    (Destination::S3, "s3_account_id", "12345678901"),
    (Destination::S3, "s3_account_id", "12345678901a"),
    (Destination::S3, "s3_region", "us-east"),
    (Destination::S3, "s3_region", "us"),
    (Destination::S3, "s3_region", "US-EAST-1"),
    (Destination::S3, "s3_region", "us--1"),
    (Destination::S3, "s3_role_name", "path/role"),
    (Destination::S3, "s3_bucket", "ab"),
    (Destination::S3, "s3_bucket", "Acme"),
    (Destination::S3, "s3_bucket", "-acme"),
    (Destination::S3, "s3_bucket", "acme..logs"),
    (Destination::S3, "s3_bucket", "192.168.0.1"),
    (Destination::S3, "s3_path", "a/../b"),
    (Destination::S3, "s3_path", "a b"),
    (
        Destination::GoogleCloudStorage,
        "gcs_access_key_id",
        "AKIAIOSFODNN7EXAMPLE0000",
    ),
    (
        Destination::GoogleCloudStorage,
        "gcs_access_key_id",
        "GOOGshort",
    ),
    (Destination::GoogleCloudStorage, "gcs_secret", "short"),
    (Destination::GoogleCloudStorage, "gcs_bucket", "acme."),
    (
        Destination::AzureSentinel,
        "sentinel_tenant_id",
        "acme.onmicrosoft.com",
    ),
    (Destination::AzureSentinel, "sentinel_client_id", "x"),
    (Destination::AzureSentinel, "sentinel_client_secret", "a b"),
    (
        Destination::AzureSentinel,
        "sentinel_endpoint",
        "http://x.ingest.monitor.azure.com",
    ),
    (
        Destination::AzureSentinel,
        "sentinel_endpoint",
        "https://x.example/path",
    ),
    (Destination::AzureSentinel, "sentinel_rule_id", "dcr-1"),
    (
        Destination::AzureSentinel,
        "sentinel_stream_name",
        "Audit_CL",
    ),
    (
        Destination::AzureSentinel,
        "sentinel_stream_name",
        "Custom-",
    ),
    (
        Destination::GenericHttps,
        "https_url",
        "http://logs.example/",
    ),
    (
        Destination::GenericHttps,
        "https_url",
        "ftp://logs.example/",
    ),
    (Destination::GenericHttps, "https_headers", "Authorization"),
    (Destination::GenericHttps, "https_headers", "A B: c"),
    (Destination::GenericHttps, "https_headers", "X-A:"),
    (Destination::GenericHttps, "https_headers", "X-A: ö"),
    (Destination::GenericHttps, "https_headers", "X-A: 1\nx-a: 2"),
    (
        Destination::GenericHttps,
        "https_headers",
        "Content-Length: 1",
    ),
    (Destination::GenericHttps, "https_headers", "HOST: evil"),
    (Destination::Snowflake, "snowflake_account", "https://acme"),
    (Destination::Snowflake, "snowflake_account", "acme/x"),
    (Destination::Snowflake, "snowflake_token", ""),
    (Destination::Snowflake, "snowflake_table", "a; drop table b"),
    (Destination::Snowflake, "snowflake_schema", "1A"),
];

#[test]
fn each_value_is_held_against_its_form() {
    for &(destination, field, bad) in BAD {
        let mut answers = good(destination);
        answers.retain(|(name, _)| *name != field);
        answers.push((field, bad));
        let flaws = read(destination, &answers, None).unwrap_err();
        let fields: Vec<_> = flaws.iter().map(|(name, _)| *name).collect();
        assert_eq!(fields, [field], "{bad}");
    }
}

#[test]
fn what_is_wrong_with_headers_is_told_without_their_values() {
    let many: Vec<String> = (0..11).map(|number| format!("X-{number}: 1")).collect();
    let many = many.join("\n");
    for (text, expected) in [
        ("X-A: 1\nhush", "has no colon in line 2"),
        (
            "X-A: hush\u{e9}",
            "has no value that a header can have in line 1",
        ),
        (many.as_str(), "has more than 10 headers"),
    ] {
        assert_eq!(headers(text).unwrap_err(), expected);
    }
}

#[test]
fn a_secret_that_is_not_given_stays() {
    for destination in Destination::ALL {
        let before = read(destination, &good(destination), None).unwrap();
        let secrets = [
            "datadog_api_key",
            "splunk_token",
            "gcs_secret",
            "sentinel_client_secret",
            "https_headers",
            "snowflake_token",
        ];
        let mut answers = good(destination);
        answers.retain(|(name, _)| !secrets.contains(name));
        assert_eq!(read(destination, &answers, Some(&before)), Ok(before));
        // Those of another destination are no help.
        let other = match destination {
            Destination::Splunk => Destination::Datadog,
            _ => Destination::Splunk,
        };
        let other = read(other, &good(other), None).unwrap();
        let alone = read(destination, &answers, Some(&other));
        let needs_one = !matches!(destination, Destination::S3 | Destination::GenericHttps);
        assert_eq!(alone.is_err(), needs_one, "{destination:?}");
    }
}
