//! Audit logs, log streams, and keys of customers' own.

use contract_tests::{Answer, Receiver};
use serde_json::{Value, json};

use crate::stage::{Stage, play};

async fn stream(stage: &Stage, organization: &str) -> Value {
    let target = format!("/organizations/{organization}/audit_log_configuration");
    stage.read(&target).await["log_stream"].take()
}

#[tokio::test]
async fn an_admin_searches_the_audit_log() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.prepare(&organization, "audit_logs").await;
        stage.open(&organization, "audit_logs").await;
        let browser = &stage.browser;
        let rows = async || browser.all("main tbody tr").await.len();
        assert_eq!(rows().await, 20);
        browser.press("Older").await;
        assert_eq!(rows().await, 5);
        browser.press("Newer").await;
        browser.fill("actor", "user_7").await;
        browser.press("Search").await;
        assert_eq!(rows().await, 1);
        assert_eq!(browser.value("actor").await, "user_7");
        browser.press("Details").await;
        let details = browser.seen().await;
        assert!(details.contains("user_7") && details.contains("<script>alert(1)</script>"));
        browser.back().await;
        browser.fill("actor", "nobody").await;
        browser.press("Search").await;
        assert_eq!(rows().await, 0);
        stage.assert_sound("an empty search").await;
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/done"]);
    })
    .await;
}

#[tokio::test]
async fn an_admin_exports_the_audit_log() {
    play(async |stage| {
        let organization = stage.organization("Northwind Traders").await;
        stage.prepare(&organization, "audit_logs").await;
        stage.open(&organization, "audit_logs").await;
        stage.browser.press("Export as CSV").await;
        stage.take_sample_step().await;
        stage.assert_sound("an export that is being made").await;
        stage.server.advance("5 seconds");
        stage.browser.reload().await;
        stage.assert_sound("an export that is ready").await;
        assert_eq!(stage.browser.text(".state-good").await, "Ready");
        assert!(stage.browser.has_named("Download the file").await);
    })
    .await;
}

#[tokio::test]
async fn an_admin_streams_to_each_destination() {
    play(async |stage| {
        for destination in [
            "Datadog",
            "Splunk",
            "S3",
            "GoogleCloudStorage",
            "AzureSentinel",
            "GenericHttps",
            "Snowflake",
        ] {
            let organization = stage.organization("Northwind Traders").await;
            stage.open(&organization, "log_streams").await;
            stage.browser.choose("destination", destination).await;
            stage.submit().await;
            stage.assert_sound(destination).await;
            stage.browser.press("Fail this step").await;
            assert!(
                !stage.browser.text(".field-wrong .error").await.is_empty(),
                "{destination}"
            );
            assert_eq!(stage.step().await.as_deref(), Some("settings"));
            stage.walk().await;
            let stream = stream(stage, &organization).await;
            assert_eq!(stream["type"], json!(destination));
            assert_eq!(stream["state"], json!("active"), "{destination}");
            stage.finish().await;
        }
        assert_eq!(stage.app.targets(), ["/done"; 7]);
    })
    .await;
}

#[tokio::test]
async fn a_first_event_that_is_really_sent() {
    play(async |stage| {
        let receiver = Receiver::start().await;
        receiver.answer([Answer::Status(404), Answer::BreakOff]);
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "log_streams").await;
        stage.browser.choose("destination", "GenericHttps").await;
        stage.submit().await;
        stage.browser.fill("https_url", &receiver.url()).await;
        stage.submit().await;
        stage.assert_sound("a first event to be sent").await;
        for (state, told) in [
            ("invalid", "It answered 404."),
            ("error", "The connection ended in the middle of the answer."),
        ] {
            stage.submit().await;
            let _event = receiver.next().await;
            stage.assert_sound(told).await;
            let said = stage.browser.text(".alert-bad").await;
            assert!(said.contains(told), "{said}");
            assert_eq!(stream(stage, &organization).await["state"], json!(state));
        }
        stage.submit().await;
        let _event = receiver.next().await;
        assert_eq!(stream(stage, &organization).await["state"], json!("active"));
        stage.assert_sound("what went through a stream").await;
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/done"]);
    })
    .await;
}

#[tokio::test]
async fn a_first_event_that_does_not_arrive() {
    play(async |stage| {
        for (outcome, state, alert) in [
            (
                "invalid_credentials",
                "invalid",
                "Datadog refuses the credentials",
            ),
            ("error", "error", "Datadog could not take the last event"),
        ] {
            let organization = stage.organization("Northwind Traders").await;
            stage.open(&organization, "log_streams").await;
            stage.take_sample_step().await;
            stage.take_sample_step().await;
            stage.browser.choose("first_event", outcome).await;
            stage.submit().await;
            let said = stage.browser.text(".alert-bad").await;
            assert!(said.starts_with(alert), "{outcome}: {said}");
            assert_eq!(stream(stage, &organization).await["state"], json!(state));
            // It arrives at the second try; then the stream is paused, resumed and removed.
            stage.browser.choose("first_event", "active").await;
            stage.submit().await;
            assert_eq!(stream(stage, &organization).await["state"], json!("active"));
            stage.browser.press("Pause").await;
            stage.submit().await;
            assert_eq!(
                stream(stage, &organization).await["state"],
                json!("inactive")
            );
            stage.browser.press("Resume").await;
            stage.submit().await;
            assert_eq!(stream(stage, &organization).await["state"], json!("active"));
            stage.browser.press("Remove").await;
            stage.browser.fill("confirmation", "REMOVE STREAM").await;
            stage.submit().await;
            assert_eq!(stream(stage, &organization).await, Value::Null);
        }
    })
    .await;
}

const VERIFICATION: [&str; 1] = ["vault.byok_key.verification_completed"];

#[tokio::test]
async fn an_admin_brings_a_key_of_each_service() {
    play(async |stage| {
        for provider in ["AWS_KMS", "GCP_KMS", "AZURE_KEY_VAULT"] {
            let organization = stage.organization("Northwind Traders").await;
            stage.open(&organization, "bring_your_own_key").await;
            stage.browser.choose("provider", provider).await;
            stage.submit().await;
            stage.submit().await;
            assert!(stage.browser.has(".field-wrong .error").await, "{provider}");
            stage.take_sample_step().await;
            // The first try fails, the second does not.
            stage.browser.choose("outcome", "failure").await;
            stage.submit().await;
            let said = stage.browser.text(".alert-bad").await;
            assert!(said.starts_with("The key could not be used"), "{said}");
            stage.submit().await;
            assert!(
                stage
                    .browser
                    .text(".alert-good")
                    .await
                    .starts_with("Your key is in use")
            );
            stage.finish().await;
            let events = stage.events(&organization, &VERIFICATION).await;
            let told: Vec<_> = events
                .iter()
                .map(|event| (&event["data"]["key_provider"], &event["data"]["verified"]))
                .collect();
            assert_eq!(
                told,
                [
                    (&json!(provider), &json!(false)),
                    (&json!(provider), &json!(true))
                ]
            );
        }
        assert_eq!(stage.app.targets(), ["/done"; 3]);
    })
    .await;
}
