use std::sync::Arc;

use serde_json::{Value, json};
use ulid::Ulid;

use super::super::DeliveryView;
use super::*;
use crate::domain::answers::Answers;
use crate::domain::audit_log::AuditLogEvent;
use crate::domain::delivery::Cause;
use crate::domain::ids::{AuditLogEventId, LogStreamDeliveryId, LogStreamId, OrganizationId};
use crate::domain::log_stream::Destination;
use crate::domain::log_stream_delivery::Load;
use crate::domain::settings::UrlPolicy;
use crate::domain::time::Moment;

const UUID: &str = "01234567-89ab-cdef-0123-456789abcdef";
const EVENT: &str = "audit_log_event_00000000000000000000000007";

fn delivery(destination: Destination, answers: &[(&str, &str)]) -> LogStreamDelivery {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let answers: Answers = answers.iter().map(own).collect();
    let settings = Settings::read(destination, &answers, None, UrlPolicy::Local);
    let entry = json!({
        "action": "user.signed_in",
        "occurred_at": "2026-01-02T03:04:05.678Z",
        "actor": {"id": "user_1", "type": "user", "name": "Ada"},
        "targets": [{"id": "team_1", "type": "team"}],
        "context": {"location": "1.1.1.1"},
    });
    let at = "2026-01-02T03:04:06Z".parse().unwrap();
    let id = LogStreamDeliveryId::new(Ulid(0xABCD_EF01));
    let load = Load {
        stream_id: LogStreamId::new(Ulid(1)),
        event: Arc::new(AuditLogEvent {
            id: AuditLogEventId::new(Ulid(7)),
            organization_id: OrganizationId::test(),
            version: 1,
            entry: serde_json::from_value(entry).unwrap(),
            logged: Moment { at, turn: 0 },
            sequence: 7,
        }),
        cause: Cause::Event,
        settings: Arc::new(settings.unwrap()),
    };
    LogStreamDelivery::new(id, 1, load, at).played(at)
}

fn event() -> Value {
    json!({
        "id": EVENT,
        "action": "user.signed_in",
        "targets": [{"id": "team_1", "type": "team"}],
        "actor": {"id": "user_1", "type": "user", "name": "Ada"},
        "context": {"location": "1.1.1.1"},
        "occurred_at": "2026-01-02T03:04:05.678Z",
    })
}

/// Method, address, headers as they are shown, and the body.
fn request(destination: Destination, answers: &[(&str, &str)]) -> (String, Value, String) {
    let delivery = delivery(destination, answers);
    let shown = serde_json::to_value(DeliveryView::new(&delivery)).unwrap();
    let request = &shown["request"];
    (
        format!(
            "{} {}",
            request["method"].as_str().unwrap(),
            request["url"].as_str().unwrap()
        ),
        request["headers"].clone(),
        request["body"].as_str().unwrap().to_owned(),
    )
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn datadog_gets_an_array_of_logs_in_its_region() {
    for (region, host) in DATADOG_REGIONS {
        let answers = [("datadog_region", region), ("datadog_api_key", KEY)];
        let (line, headers, body) = request(Destination::Datadog, &answers);
        assert_eq!(
            line,
            format!("POST https://http-intake.logs.{host}/api/v2/logs")
        );
        assert_eq!(
            headers,
            json!({"Content-Type": "application/json", "DD-API-KEY": "[secret]"})
        );
        let log = json!({"message": event(), "ddsource": "workos", "service": "audit-logs"});
        assert_eq!(parsed(&body), json!([log]));
    }
}

#[test]
fn splunk_gets_an_array_of_events_with_their_milliseconds() {
    let url = "https://splunk.example:8088/services/collector/event";
    let answers = [("splunk_url", url), ("splunk_token", UUID)];
    let (line, headers, body) = request(Destination::Splunk, &answers);
    assert_eq!(line, format!("POST {url}"));
    assert_eq!(headers["Authorization"], "Splunk [secret]");
    let one = json!({"event": event(), "time": 1_767_323_045_678_i64, "source": "workos"});
    assert_eq!(parsed(&body), json!([one]));
}

const S3: [(&str, &str); 4] = [
    ("s3_account_id", "123456789012"),
    ("s3_region", "eu-central-1"),
    ("s3_role_name", "logs"),
    ("s3_bucket", "acme"),
];

#[test]
fn s3_gets_a_pretty_file_for_each_event_with_its_digest() {
    let file = "2026-01-02/2026-01-02T03:04:05.678Z_2nkvqr01.json";
    let (line, headers, body) = request(Destination::S3, &S3);
    let name = line.split("amazonaws.com/").nth(1).unwrap();
    assert_eq!(name.len(), file.len());
    assert_eq!(name[..file.len() - 13], file[..file.len() - 13]);
    assert!(line.starts_with("PUT https://acme.s3.eu-central-1.amazonaws.com/2026-01-02/"));
    assert!(body.starts_with("{\n  \"id\": "), "{body}");
    assert_eq!(parsed(&body), event());
    assert_eq!(headers["Content-MD5"], content_md5(&body));
    let path = [S3.as_slice(), &[("s3_path", "/a/b/")]].concat();
    let (line, ..) = request(Destination::S3, &path);
    assert!(line.contains(".amazonaws.com/a/b/2026-01-02/"), "{line}");
}

#[test]
fn the_digest_is_that_of_the_standard() {
    // RFC 1321, A.5, in base 64.
    assert_eq!(content_md5(""), "1B2M2Y8AsgTpgAmY7PhCfg==");
    assert_eq!(content_md5("abc"), "kAFQmDzST7DWlj99KOF/cg==");
}

#[test]
fn google_cloud_storage_gets_a_file_for_each_event() {
    let answers = [
        ("gcs_access_key_id", "GOOGTS7C7FUP3AIRVJTE2BCD"),
        ("gcs_secret", "bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ"),
        ("gcs_bucket", "acme"),
    ];
    let (line, _, body) = request(Destination::GoogleCloudStorage, &answers);
    let start = "PUT https://storage.googleapis.com/acme/2026-01-02T03:04:05.678Z_";
    assert!(line.starts_with(start), "{line}");
    assert_eq!(line.rsplit_once('.').map(|(_, end)| end), Some("json"));
    assert_eq!(parsed(&body), event());
    assert!(!body.contains('\n'));
}

#[test]
fn sentinel_gets_an_array_of_records_at_its_endpoint() {
    let answers = [
        ("sentinel_tenant_id", UUID),
        ("sentinel_client_id", UUID),
        ("sentinel_client_secret", "hush"),
        ("sentinel_endpoint", "https://x.ingest.monitor.azure.com/"),
        ("sentinel_rule_id", "dcr-0123456789abcdef0123456789abcdef"),
        ("sentinel_stream_name", "Custom-Audit_CL"),
    ];
    let (line, _, body) = request(Destination::AzureSentinel, &answers);
    assert_eq!(
        line,
        "POST https://x.ingest.monitor.azure.com/dataCollectionRules/dcr-0123456789abcdef0123456789abcdef/streams/Custom-Audit_CL?api-version=2023-01-01"
    );
    let record = json!({
        "TimeGenerated": "2026-01-02T03:04:05.678Z",
        "id": EVENT,
        "event_type": "user.signed_in",
        "organization_id": "org_test_idp",
        "data": event(),
    });
    assert_eq!(parsed(&body), json!([record]));
}

#[test]
fn any_server_gets_an_array_or_lines_and_its_headers() {
    let answers = |format| {
        [
            ("https_url", "http://localhost:9000/logs"),
            (
                "https_headers",
                "Authorization: Bearer hush\nX-Tenant: acme",
            ),
            ("https_format", format),
        ]
    };
    let (line, headers, body) = request(Destination::GenericHttps, &answers("json"));
    assert_eq!(line, "POST http://localhost:9000/logs");
    assert_eq!(
        headers,
        json!({"Content-Type": "application/json", "Authorization": "[secret]", "X-Tenant": "[secret]"})
    );
    let array = parsed(&body);
    let one = &array.as_array().unwrap()[0];
    assert_eq!(one["event"], event());
    assert_eq!(one["timestamp"], "2026-01-02T03:04:05.678Z");
    assert_eq!(one["source"], "workos");
    assert_eq!(one["keySuffix"].as_str().map(str::len), Some(SUFFIX_LENGTH));
    assert_eq!(one.as_object().unwrap().len(), 4);

    let (_, headers, lines) = request(Destination::GenericHttps, &answers("ndjson"));
    assert_eq!(headers["Content-Type"], "application/x-ndjson");
    assert_eq!(lines.matches('\n').count(), 1);
    assert_eq!(parsed(&lines), *one);
}

#[test]
fn snowflake_gets_a_row_for_each_event() {
    let answers = [
        ("snowflake_account", "acme-main"),
        ("snowflake_token", "hush"),
        ("snowflake_warehouse", "W"),
        ("snowflake_database", "D"),
        ("snowflake_schema", "S"),
        ("snowflake_table", "T"),
    ];
    let (line, headers, body) = request(Destination::Snowflake, &answers);
    assert_eq!(
        line,
        "POST https://acme-main.snowflakecomputing.com/api/v2/statements"
    );
    assert_eq!(headers["Authorization"], "Bearer [secret]");
    let body = parsed(&body);
    assert_eq!(body["statement"], "insert into D.S.T select parse_json(?)");
    let bound = body["bindings"]["1"]["value"].as_str().unwrap();
    assert_eq!(parsed(bound), event());
}

#[test]
fn metadata_and_what_a_browser_said_are_carried_along() {
    let mut delivery = delivery(Destination::S3, &S3);
    let event = Arc::get_mut(&mut delivery.event).unwrap();
    event.entry.metadata = json!({"k": "v"}).as_object().cloned();
    event.entry.context.user_agent = Some("Mozilla".to_owned());
    let body = parsed(&outgoing(&delivery).body);
    assert_eq!(body["metadata"], json!({"k": "v"}));
    assert_eq!(body["context"]["user_agent"], "Mozilla");
}
